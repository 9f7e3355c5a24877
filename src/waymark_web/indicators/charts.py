"""Charts as SVG, drawn on the server: few marks, labelled directly, baseline and target shown."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import vl_convert as vlc

from waymark.compact.places import Place
from waymark.indicators.changes import COMPACT_BASELINE
from waymark.indicators.observations import Nature, Observation
from waymark.indicators.series import Series
from waymark.words import number

SIZES = {"wide": (600, 260), "narrow": (300, 200)}  # a phone gets its own drawing
ACCENT, INK, GREY, TARGET = "#0b5351", "#1b1b1a", "#75736b", "#8f3a00"
FONT = "system-ui, 'Noto Sans', 'Noto Sans Arabic', 'DejaVu Sans', sans-serif"
UNSURE = {Nature.ESTIMATED, Nature.MODELLED}  # drawn hollow


def chart_of(
    one: Series, place: Place, headline: list[Observation], language: str, size: str = "wide"
) -> str:
    """The headline figures over time as one line; estimates hollow, target and baseline dashed."""
    points = tuple(
        (each.year, each.value, each.nature in UNSURE, each.incomplete)
        for each in headline
        if each.value is not None
    )
    target = one.target_for(place.id)
    return _drawn(
        points, target.value if target else None, language, SIZES.get(size, SIZES["wide"])
    )


@lru_cache(maxsize=512)
def _drawn(
    points: tuple[tuple[int, float, bool, bool], ...],
    target: float | None,
    language: str,
    size: tuple[int, int],
) -> str:
    rows = [
        {"year": year, "value": value, "hollow": hollow or incomplete, "shown": ""}
        for year, value, hollow, incomplete in points
    ]
    for row in (rows[:1] + rows[-1:]) if rows else []:
        row["shown"] = number(float(row["value"]), language)
    years = [int(row["year"]) for row in rows] or [COMPACT_BASELINE]
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[min(years), max(*years, COMPACT_BASELINE) + 1], nice=False),
        axis=alt.Axis(format="d", grid=False, tickMinStep=1, tickCount=6),
    )
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    layers = [
        alt.Chart(alt.Data(values=[{"year": COMPACT_BASELINE}]))
        .mark_rule(strokeDash=[2, 3], color=GREY)
        .encode(x=x),
        base.mark_line(color=ACCENT, strokeWidth=2),
        base.mark_point(size=42, strokeWidth=1.6, opacity=1, color=ACCENT).encode(
            fill=alt.condition("datum.hollow", alt.value("#ffffff"), alt.value(ACCENT))
        ),
        base.mark_text(dy=-13, color=INK, fontSize=13, fontWeight="bold").encode(text="shown:N"),
    ]
    if target is not None:
        layers.append(
            alt.Chart(alt.Data(values=[{"value": target}]))
            .mark_rule(strokeDash=[6, 3], color=TARGET)
            .encode(y="value:Q")
        )
    picture = (
        alt.layer(*layers)
        .properties(width=size[0], height=size[1], background="#ffffff")
        .configure(font=FONT)
        .configure_axis(labelColor=INK, labelFontSize=12, gridColor="#e3e1da", domainColor=GREY)
        .configure_view(stroke=None)
    )
    return str(vlc.vegalite_to_svg(picture.to_json()))
