"""UN Statistics Division, 2023: where a series will be in the target year if it goes on as it does.

Source: the Technical Note of 2023 as documented by the Basque statistics office, with its
overrides. The note has no rule for a base of zero; such a case cannot be assessed.
"""

from __future__ import annotations

from collections.abc import Iterable

from waymark.indicators.progress import (
    UNSD,
    Case,
    Judgement,
    Movement,
    Outcome,
    Points,
    Scale,
    Target,
    figures_of,
    growth,
    not_judged,
    points_of,
)
from waymark.words import Sentence

ON_TRACK = 0.95  # of the way from the base to the target
FAIR = 0.10
ON_TRACK_GROWTH = 0.02  # a year, where there is no target
FAIR_GROWTH = 0.005
NEAR_ENOUGH = 1.0  # percentage point, where the target is 0 or 100 per cent
_SCORES = {Outcome.ON_TRACK: 3.0, Outcome.FAIR: 2.0, Outcome.STAGNATION: 1.0}


def judge(case: Case) -> Judgement:
    """The class, the share of the journey or the growth, and the score from 1 to 3."""
    if case.scale is Scale.BINARY and case.latest_value is not None:
        outcome = Outcome.ON_TRACK if case.latest_value else Outcome.STAGNATION
        return _judgement(case, outcome, None, [])
    found = points_of(case)
    if isinstance(found, Sentence):
        return not_judged(UNSD, case, found)
    if case.target is not None and _met(case, found, case.target):
        working = [figures_of(found), Sentence("The target is {target}.", target=case.target.value)]
        return _judgement(case, Outcome.ON_TRACK, None, working, points=found)
    actual = growth(found)
    if actual is None:
        return not_judged(UNSD, case, Sentence("Growth between these figures has no rate."))
    if case.target is not None and case.target.year is not None:
        return _against_target(case, found, case.target, actual)
    better = _better(case, found, actual)
    outcome = Outcome.STAGNATION
    if better >= ON_TRACK_GROWTH:
        outcome = Outcome.ON_TRACK
    elif better >= FAIR_GROWTH:
        outcome = Outcome.FAIR
    working = [
        figures_of(found),
        Sentence(
            "Growth a year in the better direction was {growth}; {high} or more is on track, "
            "{low} or more fair.",
            growth=better,
            high=ON_TRACK_GROWTH,
            low=FAIR_GROWTH,
        ),
    ]
    return _judgement(case, outcome, better, working, "g", found)


def _against_target(case: Case, points: Points, target: Target, actual: float) -> Judgement:
    year = max(target.year or 0, points.latest_year)
    working = [
        figures_of(points),
        Sentence("The target is {target} by {year}.", target=target.value, year=str(target.year)),
    ]
    base_met = points.base >= target.value if case.sign > 0 else points.base <= target.value
    if base_met:  # it had reached the target and lost it: the share would have the wrong sign
        return _judgement(case, Outcome.STAGNATION, None, working, points=points)
    share = _share(points, target.value, year, actual)
    if share is None:
        return not_judged(UNSD, case, Sentence("The projection has no finite value."))
    outcome = Outcome.STAGNATION
    if share >= ON_TRACK:
        outcome = Outcome.ON_TRACK
    elif share >= FAIR:
        outcome = Outcome.FAIR
    working.append(
        Sentence("Going on as now, it would come {share} of the way by then.", share=share)
    )
    return _judgement(case, outcome, share, working, "s", points)


def _share(points: Points, target: float, year: int, actual: float) -> float | None:
    """The share of the way from base to target that the projection covers by ``year``."""
    try:
        expected = points.latest * (1 + actual) ** (year - points.latest_year)
        return float((expected - points.base) / (target - points.base))
    except (OverflowError, ZeroDivisionError):
        return None


def _met(case: Case, points: Points, target: Target) -> bool:
    if case.percentage and target.value in (0, 100):
        return abs(points.latest - target.value) <= NEAR_ENOUGH
    if case.sign > 0:
        return points.latest >= target.value
    return points.latest <= target.value


def _better(case: Case, points: Points, actual: float) -> float:
    below_zero = points.base < 0 and points.latest < 0
    return case.sign * (-actual if below_zero else actual)


def _movement(case: Case, outcome: Outcome, points: Points | None) -> Movement:
    """The lowest class holds both standstill and loss; the sign of growth tells them apart."""
    if points is None:
        return Movement.BETTER if outcome is Outcome.ON_TRACK else Movement.LITTLE_CHANGE
    actual = growth(points)
    if actual is None:
        return Movement.BETTER if outcome is Outcome.ON_TRACK else Movement.NOT_KNOWN
    better = _better(case, points, actual)
    if better <= -FAIR_GROWTH:
        return Movement.WORSE
    if outcome is Outcome.FAIR or better >= FAIR_GROWTH:
        return Movement.BETTER
    return Movement.LITTLE_CHANGE


def _judgement(
    case: Case,
    outcome: Outcome,
    measure: float | None,
    working: Iterable[Sentence],
    name: str = "",
    points: Points | None = None,
) -> Judgement:
    return Judgement(
        UNSD,
        outcome,
        _movement(case, outcome, points),
        case,
        measure_name=name,
        measure=measure,
        score=_SCORES[outcome],
        working=tuple(working),
    )
