"""What changed in a place: each series from a baseline to its newest figure, judged and dated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from waymark.indicators.evidence import Evidence, Span
from waymark.indicators.methods import DEFAULT_METHOD, judge_all
from waymark.indicators.observations import Observation
from waymark.indicators.progress import Case, Judgement, Movement, Target
from waymark.indicators.series import Series

COMPACT_BASELINE = 2018  # the Compact was adopted in December 2018
SDG_BASELINE = 2015  # the 2030 Agenda was adopted in September 2015
FRESH_YEARS = 5  # a figure older than this says little of how things stand


@dataclass(frozen=True, slots=True)
class Change:
    """One series in one place: its figure at the baseline, its newest one, and the judgements.

    ``base`` is the first figure in or after the baseline year; it is None where there is none.
    ``latest`` is the newest figure on or before ``as_of``, of whatever year, incomplete years left
    out. ``judgements`` hold one result for each method. ``missing_breakdowns`` are the dimensions
    by which the series is expected to be broken down and is not, here.
    """

    series: Series
    place: str
    baseline: int
    as_of: date
    base: Observation | None
    latest: Observation | None
    years: int
    judgements: tuple[Judgement, ...]
    missing_breakdowns: tuple[str, ...]

    @property
    def fresh(self) -> bool:
        """Whether the newest figure still says how things stand (``FRESH_YEARS``)."""
        return self.latest is not None and self.latest.year >= self.as_of.year - FRESH_YEARS

    @property
    def latest_year(self) -> int:
        """The year of the newest figure; 0 where there is none."""
        return self.latest.year if self.latest else 0

    @property
    def judgement(self) -> Judgement:
        """The judgement by the default method."""
        return next(found for found in self.judgements if found.method == DEFAULT_METHOD)

    @property
    def movement(self) -> Movement:
        """Better, little change, worse or not known, by the default method."""
        return self.judgement.movement


def changes(
    evidence: Evidence,
    series: Mapping[str, Series],
    baseline: int,
    as_of: date,
    places: Collection[str] | None = None,
) -> dict[str, dict[str, Change]]:
    """Every series in every place (or those asked for): place, then series code, to its change.

    One query reads all the figures and one all the breakdowns; each pair is then judged by itself.
    Places or series without any figure do not appear.
    """
    present = _breakdowns_present(evidence, places)
    found: dict[str, dict[str, Change]] = {}
    for span in evidence.spans(baseline, as_of.year, places=places):
        one = series.get(span.series)
        if one is not None:
            missing = tuple(
                dimension
                for dimension in one.expected
                if dimension not in present.get((span.series, span.place), set())
            )
            found.setdefault(span.place, {})[one.code] = _change(
                one, span, baseline, as_of, missing
            )
    return found


def without_figure(series: Series, place: str, baseline: int, as_of: date) -> Change:
    """The change of a series that has no figure in a place: nothing known, nothing judged."""
    span = Span(series=series.code, place=place, base=None, latest=None, years=0)
    return _change(series, span, baseline, as_of, tuple(series.expected))


def case_of(series: Series, span: Span, place: str) -> Case:
    """The inputs of the methods, as they stand in the figures and in the series' definition."""
    target = series.target_for(place)
    return Case(
        base_year=span.base.year if span.base else None,
        base_value=span.base.value if span.base else None,
        latest_year=span.latest.year if span.latest else None,
        latest_value=span.latest.value if span.latest else None,
        years=span.years,
        direction=series.direction,
        target=Target(value=target.value, year=target.year) if target else None,
        limit=series.limit,
        scale=series.scale,
        percentage=series.percentage,
        too_small=_too_small(series, span),
    )


def _too_small(series: Series, span: Span) -> bool:
    ends = [end.value for end in (span.base, span.latest) if end and end.value is not None]
    return bool(ends) and max(map(abs, ends)) < series.judge_from


def _change(
    series: Series, span: Span, baseline: int, as_of: date, missing: Iterable[str]
) -> Change:
    return Change(
        series=series,
        place=span.place,
        baseline=baseline,
        as_of=as_of,
        base=span.base,
        latest=span.latest,
        years=span.years,
        judgements=judge_all(case_of(series, span, span.place)),
        missing_breakdowns=tuple(missing),
    )


def _breakdowns_present(
    evidence: Evidence, places: Collection[str] | None
) -> dict[tuple[str, str], set[str]]:
    present: dict[tuple[str, str], set[str]] = {}
    for found in evidence.breakdowns(places):
        present.setdefault((found.series, found.place), set()).add(found.dimension)
    return present
