"""Derived series: each kind of formula in one function, over figures that are already there.

A derived figure exists only where every input does; nothing is filled in. Its nature is
``derived``, and its definition is its working.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from waymark.indicators.observations import TOTAL, Nature, Observation
from waymark.indicators.series import Formula, FormulaKind, Series

RELEASE = "derived"
Figures = Mapping[str, list[Observation]]  # by series


def derive(series: Series, figures: Figures) -> list[Observation]:
    """The figures of a derived series. A series without a formula has none."""
    if series.formula is None:
        return []
    kinds = {
        FormulaKind.RATIO: _ratio,
        FormulaKind.BREAKDOWN_RATIO: _breakdown_ratio,
        FormulaKind.CORRIDOR_MEAN: _corridors,
        FormulaKind.CORRIDOR_SHARE: _corridors,
    }
    found = kinds[series.formula.kind](series.formula, figures)
    return [
        Observation(
            series=series.code,
            place=place,
            year=year,
            period=str(year),
            value=value,
            nature=Nature.DERIVED,
            sex=sex,
            release=RELEASE,
            headline=sex == TOTAL,
            incomplete=incomplete,
        )
        for place, year, sex, value, incomplete in found
    ]


Computed = Iterator[tuple[str, int, str, float, bool]]


def _ratio(formula: Formula, figures: Figures) -> Computed:
    """Numerator over denominator; the denominator of the same sex where there is one."""
    below = {
        (each.place, each.year, each.sex): each.value
        for each in figures[formula.denominator or ""]
        if _only(each, "sex") and each.value
    }
    for above in figures[formula.numerator]:
        if not _only(above, "sex") or above.value is None:
            continue
        key = (above.place, above.year)
        divisor = below.get((*key, above.sex)) or below.get((*key, TOTAL))
        if divisor:
            value = above.value / divisor * formula.per
            yield *key, above.sex, value, above.incomplete


def _breakdown_ratio(formula: Formula, figures: Figures) -> Computed:
    """One category of a dimension over another, for the same place, year and sex."""
    dimension = formula.dimension
    by_category: dict[str, dict[tuple[str, int, str], tuple[float, bool]]] = {}
    for each in figures[formula.numerator]:
        if _only(each, "sex", dimension) and each.value is not None:
            category = getattr(each, dimension)
            figure = (each.value, each.incomplete)
            by_category.setdefault(category, {})[(each.place, each.year, each.sex)] = figure
    under = by_category.get(formula.under, {})
    for key, (value, incomplete) in by_category.get(formula.over, {}).items():
        divisor, also_incomplete = under.get(key, (0.0, False))
        if divisor:
            yield *key, value / divisor * formula.per, incomplete or also_incomplete


def _corridors(formula: Formula, figures: Figures) -> Computed:
    """Over the corridors of a place in the last quarter of each year: their mean, or a share."""
    side = "place" if formula.side == "sending" else "counterpart"
    quarters: dict[tuple[str, int], dict[str, list[float]]] = {}
    for each in figures[formula.numerator]:
        if each.counterpart != TOTAL and each.value is not None:
            year = quarters.setdefault((getattr(each, side), each.year), {})
            year.setdefault(each.period, []).append(each.value)
    for (place, number), periods in quarters.items():
        costs = periods[max(periods)]
        if len(costs) < formula.least:
            continue
        value = sum(costs) / len(costs)
        if formula.kind is FormulaKind.CORRIDOR_SHARE:
            value = 100 * sum(cost > formula.above for cost in costs) / len(costs)
        yield place, number, TOTAL, value, False


def _only(each: Observation, *dimensions: str) -> bool:
    """Whether a figure is broken down by nothing but these dimensions."""
    return set(each.breakdown) <= set(dimensions)


def by_series(observations: Iterable[Observation]) -> dict[str, list[Observation]]:
    """Observations grouped by series."""
    found: dict[str, list[Observation]] = {}
    for each in observations:
        found.setdefault(each.series, []).append(each)
    return found
