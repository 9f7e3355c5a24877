"""Laws of IATI files: what is written is read back, and no bytes break the reader."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.iati_activities import EXAMPLE, activities
from waymark.exceptions import WaymarkError
from waymark.exchange.iati.activities import Activity
from waymark.exchange.iati.reading import read_activities
from waymark.exchange.iati.writing import write_activities

TODAY = date(2026, 11, 25)


def written(*given: Activity) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "activities.xml"
        write_activities(given, path)
        return path.read_bytes()


def read(content: bytes) -> list[Activity]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "activities.xml"
        path.write_bytes(content)
        return [found.activity for found in read_activities(path, TODAY)]


@settings(max_examples=20, deadline=None)
@given(st.lists(activities, max_size=3))
def test_what_is_written_is_read_back_unchanged(given):
    assert read(written(*given)) == given


def refusal(content: bytes) -> WaymarkError | None:
    """What is said of content that cannot be read; anything else that is raised fails the test."""
    try:
        read(content)
    except WaymarkError as error:
        return error
    return None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_breaks_the_reader(data):
    """Whole files with a piece cut out, doubled or overwritten are read or refused, never worse."""
    content = written(EXAMPLE, EXAMPLE)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 60)))
    piece = data.draw(st.binary(max_size=8) | st.just(content[start:end] * 2))
    refused = refusal(content[:start] + piece + content[end:])
    assert refused is None or ("activities.xml" in str(refused) and refused.remedy)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content):
    refused = refusal(content)
    assert refused is not None
    assert refused.remedy
