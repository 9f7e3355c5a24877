"""Laws of the picture of flows: what it gathers keeps its sums, and few names stand."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from waymark_web.finance.sankey import OTHERS, Band, gathered, sankey

NAMES = st.sampled_from([f"organisation {number} & <co>" for number in range(20)])
BANDS = st.lists(
    st.builds(Band, NAMES, NAMES, st.decimals("0.01", "1000000000", places=2)), max_size=60
)


@settings(max_examples=40, deadline=None)
@given(BANDS, st.integers(1, 14))
def test_gathering_keeps_the_sum_and_names_few(bands: list[Band], most: int) -> None:
    found = gathered(bands, most)
    assert sum(band.amount for band in found) == sum(band.amount for band in bands)
    for side in (0, 1):
        assert len({band[side] for band in found}) <= most + 1
        named = {band[side] for band in found} - {OTHERS}
        for name in named:
            whole = sum((band.amount for band in bands if band[side] == name), Decimal(0))
            assert sum((band.amount for band in found if band[side] == name), Decimal(0)) == whole


@settings(max_examples=20, deadline=None)
@given(BANDS, st.sampled_from(["wide", "narrow", "none"]), st.booleans())
def test_every_picture_is_sound_and_within_its_paper(
    bands: list[Band], form: str, mirrored: bool
) -> None:
    bands = gathered(bands)
    drawn = sankey(
        bands,
        giver=str.upper,
        receiver=str,
        amount=str,
        title="a < b",
        form=form,
        mirrored=mirrored,
    ).replace("\x00", "")
    root = ElementTree.fromstring(drawn)
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        if box.attrib["width"] != "100%":
            assert 0 <= float(box.attrib["x"]) <= width
            assert float(box.attrib["y"]) + float(box.attrib["height"]) <= height + 1
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == len(bands)
