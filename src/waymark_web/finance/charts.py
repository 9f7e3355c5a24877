"""Money by year as small charts, one below the other: a measure each, bars from zero."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import vl_convert as vlc

from waymark.finance.sums import Measure
from waymark.words import RIGHT_TO_LEFT, Sentence, rounded
from waymark_web.finance.tables import ALWAYS, HEADS, Table
from waymark_web.indicators.charts import ACCENT, FONT, GREY, INK

WIDTHS = {"wide": 600, "narrow": 290}  # a phone gets its own drawing
HEIGHT = 64
Bars = tuple[tuple[Measure, tuple[tuple[int, float], ...]], ...]


def bars_of(table: Table, language: str, size: str = "wide") -> str:
    """The four chief measures by year, in the currency in which most rows are."""
    return _drawn(_bars(table), language, WIDTHS.get(size, WIDTHS["wide"]))


def currency_of(table: Table) -> str:
    """The currency that is drawn: the one with the most rows."""
    counts = {
        line.currency: sum(cell.rows for cell in line.cells.values()) for line in table.totals
    }
    return max(sorted(counts), key=lambda one: counts[one], default="")


def height_of(table: Table) -> int:
    """How tall the picture is, so that a page keeps its place."""
    return 106 * sum(bool(found) for _, found in _bars(table)) + 10


def drawn(table: Table) -> bool:
    """Whether there is anything to compare: amounts of more than one year."""
    return len({year for _, found in _bars(table) for year, _ in found}) > 1


def _bars(table: Table) -> Bars:
    currency = currency_of(table)
    lines = [line for line in table.lines if line.currency == currency]
    return tuple(
        (
            measure,
            tuple(
                (int(line.key[0]), float(amount))
                for line in lines
                if (amount := line.known(measure)) is not None
            ),
        )
        for measure in ALWAYS
    )


@lru_cache(maxsize=256)
def _drawn(bars: Bars, language: str, width: int) -> str:
    years = [year for _, found in bars for year, _ in found]
    if not years:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
    span = [min(years) - 0.6, max(years) + 0.6]
    most = max(amount for _, found in bars for _, amount in found)
    least = min(0.0, *(amount for _, found in bars for _, amount in found))
    drawn = [
        _one(measure, found, span, (least, most), language, width)
        for measure, found in bars
        if found
    ]
    picture = (
        alt.vconcat(*drawn, spacing=14)
        .properties(background="#ffffff")
        .configure(font=FONT)
        .configure_axis(labelColor=INK, labelFontSize=12, gridColor="#e3e1da", domainColor=GREY)
        .configure_view(stroke=None)
    )
    return str(vlc.vegalite_to_svg(picture.to_json()))


def _said(amount: float, language: str) -> str:
    """A sum in words, in the direction of its language (Unicode isolates)."""
    words = rounded(round(amount), language)
    return f"\u2067{words}\u2069" if language in RIGHT_TO_LEFT else words


def _one(
    measure: Measure,
    found: tuple[tuple[int, float], ...],
    span: list[float],
    reach: tuple[float, float],
    language: str,
    width: int,
) -> alt.LayerChart:
    """One measure: its bars, all on one scale, the highest one labelled."""
    highest = max(found, key=lambda each: each[1])
    rows = [
        {"year": year, "amount": amount, "said": _said(amount, language)} for year, amount in found
    ]
    for row in rows:
        if row["year"] != highest[0]:
            row["said"] = ""
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=span, nice=False, zero=False),
        axis=alt.Axis(format="d", grid=False, tickMinStep=1, tickCount=6),
    )
    y = alt.Y(
        "amount:Q",
        title=None,
        scale=alt.Scale(domain=list(reach), nice=False),
        axis=alt.Axis(labels=False, ticks=False, grid=False, domain=False),
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    bar = max(2.0, min(26.0, 0.7 * width / (span[1] - span[0])))
    anchor = "end" if language in RIGHT_TO_LEFT else "start"
    title = alt.TitleParams(
        Sentence(HEADS[measure]).text(language), anchor=anchor, fontSize=13, color=INK
    )
    return alt.layer(
        base.mark_bar(color=ACCENT, size=bar),
        base.mark_text(dy=-8, color=INK, fontSize=12, fontWeight="bold").encode(text="said:N"),
        alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=GREY).encode(y="zero:Q"),
    ).properties(width=width, height=HEIGHT, title=title)
