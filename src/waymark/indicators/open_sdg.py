"""Open SDG 2.4.0, the method of Statistics Canada: growth against the growth that was needed.

Source: open-sdg/open-sdg, docs/progress-methodology.md, and the ProgressMeasure of sdg-build.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from waymark.indicators.progress import (
    OPEN_SDG,
    Case,
    Judgement,
    Movement,
    Outcome,
    Points,
    Target,
    figures_of,
    growth,
    not_judged,
    points_of,
)
from waymark.words import Sentence

ON_TRACK = 0.95  # of the growth that is needed
HALFWAY = 0.60
SUBSTANTIAL_GROWTH = 0.015  # a year, where there is no target
MODERATE_GROWTH = 0.005
NEAR_LIMIT = 4.44  # exponent of the correction near a natural limit
ZERO = 0.001  # stands for a base or a target of zero
BEST = 5.0
CLASS_BORDERS = ((2.5, Outcome.SUBSTANTIAL), (0.0, Outcome.MODERATE), (-2.5, Outcome.LIMITED))
_MOVEMENTS = {
    Outcome.ACHIEVED: Movement.BETTER,
    Outcome.SUBSTANTIAL: Movement.BETTER,
    Outcome.MODERATE: Movement.BETTER,
    Outcome.LIMITED: Movement.LITTLE_CHANGE,
    Outcome.DETERIORATION: Movement.WORSE,
}


def judge(case: Case) -> Judgement:
    """The class, the ratio or growth, and the score of one series."""
    found = points_of(case)
    if isinstance(found, Sentence):
        return not_judged(OPEN_SDG, case, found)
    points = Points(found.base_year, found.base or ZERO, found.latest_year, found.latest)
    if case.target is not None and case.target.year is not None:
        return _against_target(case, points, case.target)
    return _without_target(case, points)


def aggregate(scores: Sequence[Sequence[float] | float], all_achieved: bool = False) -> Outcome:
    """The class of several series from their scores; inner groups are averaged first.

    ``achieved`` only where every series is. Raises ``ValueError`` for no scores.
    """
    if all_achieved:
        return Outcome.ACHIEVED
    return class_of_score(mean_score(scores))


def mean_score(scores: Sequence[Sequence[float] | float]) -> float:
    """The mean of scores, inner groups averaged first."""
    flat = [mean_score(list(each)) if isinstance(each, Sequence) else each for each in scores]
    if not flat:
        raise ValueError("there are no scores to average")
    return sum(flat) / len(flat)


def class_of_score(score: float) -> Outcome:
    """The class in which a score lies."""
    for border, outcome in CLASS_BORDERS:
        if score >= border:
            return outcome
    return Outcome.DETERIORATION


def _against_target(case: Case, points: Points, target: Target) -> Judgement:
    aim = target.value or ZERO
    met = points.latest >= target.value if case.sign > 0 else points.latest <= target.value
    actual = growth(points)
    wanted = growth(Points(points.base_year, points.base, target.year or 0, aim))
    if met and (wanted in (None, 0.0) or actual is None):
        return _judgement(case, Outcome.ACHIEVED, None, BEST, _target_working(points, target))
    if actual is None or wanted is None:
        return not_judged(OPEN_SDG, case, Sentence("Growth between these figures has no rate."))
    if wanted == 0:  # the base had reached the target, the latest figure has not
        return _judgement(case, Outcome.DETERIORATION, None, -BEST, _target_working(points, target))
    ratio = case.sign * _orientation(points, aim) * actual / abs(wanted)
    outcome = Outcome.ACHIEVED if met else _class_of_ratio(ratio)
    score = BEST if met else _score_of_ratio(ratio)
    working = (
        *_target_working(points, target),
        Sentence(
            "Growth a year was {actual}; {wanted} was needed; the ratio is {ratio}.",
            actual=actual,
            wanted=wanted,
            ratio=ratio,
        ),
    )
    return _judgement(case, outcome, ratio, score, working, "R")


def _without_target(case: Case, points: Points) -> Judgement:
    actual = growth(points)
    if actual is None:
        return not_judged(OPEN_SDG, case, Sentence("Growth between these figures has no rate."))
    better = case.sign * _orientation(points) * actual
    correction = _near_limit(points.base, case.limit)
    outcome = Outcome.DETERIORATION
    if better >= SUBSTANTIAL_GROWTH * correction and better >= 0:
        outcome = Outcome.SUBSTANTIAL
    elif better >= MODERATE_GROWTH * correction and better >= 0:
        outcome = Outcome.MODERATE
    elif better >= 0:
        outcome = Outcome.LIMITED
    working = (
        figures_of(points),
        Sentence(
            "Growth a year in the better direction was {growth}; {high} or more is substantial, "
            "{low} or more moderate.",
            growth=better,
            high=SUBSTANTIAL_GROWTH * correction,
            low=MODERATE_GROWTH * correction,
        ),
    )
    return _judgement(case, outcome, better, _score_of_growth(better, correction), working, "g")


def _class_of_ratio(ratio: float) -> Outcome:
    if ratio >= ON_TRACK:
        return Outcome.SUBSTANTIAL
    if ratio >= HALFWAY:
        return Outcome.MODERATE
    return Outcome.LIMITED if ratio >= 0 else Outcome.DETERIORATION


def _score_of_ratio(ratio: float) -> float:
    score = 7.1429 * ratio - 4.2857 if ratio > HALFWAY else 4.1667 * ratio - 2.5
    return max(-BEST, min(BEST, score))


def _score_of_growth(better: float, correction: float) -> float:
    if better < 0:
        return max(-BEST, 125 * better - 2.5)
    if correction == 0:
        return BEST
    corrected = better / correction
    if corrected <= MODERATE_GROWTH:
        return 500 * corrected - 2.5
    if corrected <= SUBSTANTIAL_GROWTH:
        return 250 * corrected - 1.25
    return min(BEST, 500 * corrected - 5)


def _near_limit(base: float, limit: float | None) -> float:
    """How much less growth is asked of a series that starts near its natural limit."""
    if not limit:
        return 1.0
    size, bound = abs(base), abs(limit)
    if size <= bound:
        return float(1 - (size / bound) ** NEAR_LIMIT)
    if size < 2 * bound:
        return float(1 - ((2 * bound - size) / bound) ** NEAR_LIMIT)
    return 1.0


def _orientation(points: Points, *more: float) -> int:
    """-1 where all values are negative: growth of a debt is growth downwards."""
    return -1 if all(value < 0 for value in (points.base, points.latest, *more)) else 1


def _target_working(points: Points, target: Target) -> tuple[Sentence, ...]:
    year = str(target.year)
    return (
        figures_of(points),
        Sentence("The target is {target} by {year}.", target=target.value, year=year),
    )


def _judgement(
    case: Case,
    outcome: Outcome,
    measure: float | None,
    score: float,
    working: Iterable[Sentence],
    name: str = "",
) -> Judgement:
    return Judgement(
        OPEN_SDG,
        outcome,
        _MOVEMENTS[outcome],
        case,
        measure_name=name,
        measure=measure,
        score=score,
        working=tuple(working),
    )
