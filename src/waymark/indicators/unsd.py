"""UN Statistics Division, 2023: where a series will be in the target year if it goes on as it does.

Source: the Technical Note of 2023 as the Basque statistics office documents it, with its
overrides. ``docs/reference/progress-methods.md`` explains it. Where the year 2015 has no figure,
the caller gives the nearest first year that leaves two.
"""

from __future__ import annotations

from math import inf, isfinite

from waymark.indicators.progress import (
    UNSD,
    Case,
    Judgement,
    Outcome,
    Points,
    Refusal,
    Scale,
    Target,
    answer_of,
    computed,
    due_before_base,
    figure,
    figures_of,
    gain,
    growth,
    growth_between,
    in_better_direction,
    no_rate,
    not_judged,
    points_of,
    reaches,
    target_of,
)
from waymark.words import N_, Sentence

ON_TRACK = 0.95  # of the way from the base to the target
FAIR = 0.10
ON_TRACK_GROWTH = 0.02  # a year, where there is no target
FAIR_GROWTH = 0.005
NEAR_ENOUGH = 1.0  # percentage point, where the target is 0 or 100 per cent
THRESHOLDS = (
    Sentence(
        "{high} of the way or more is on track, {middle} or more is fair progress; "
        "less is stagnation or regression.",
        high=ON_TRACK,
        middle=FAIR,
    ),
    Sentence(
        "Growth of {high} % a year or more is on track, {middle} % or more is fair progress; "
        "less is stagnation or regression.",
        high=100 * ON_TRACK_GROWTH,
        middle=100 * FAIR_GROWTH,
    ),
)
SCORES = {Outcome.ON_TRACK: 3.0, Outcome.FAIR: 2.0, Outcome.STAGNATION: 1.0}


def judge(case: Case) -> Judgement:
    """The class, the share of the way or the growth, and the score from 1 to 3."""
    if case.scale is Scale.BINARY:
        return _by_answer(case)
    points = points_of(case)
    if isinstance(points, Refusal):
        return not_judged(UNSD, case, points)
    working = [figures_of(points)]
    if case.target is not None:
        return _against_target(case, points, case.target, working)
    return _without_target(case, points, working)


def _by_answer(case: Case) -> Judgement:
    better = answer_of(case)
    if isinstance(better, Refusal):
        return not_judged(UNSD, case, better)
    if better:
        working = [Sentence("The newest answer is the better one of the two, which counts as met.")]
        return _judgement(case, Outcome.ON_TRACK, "", None, working)
    working = [Sentence("The newest answer is the worse one of the two.")]
    return _judgement(case, Outcome.STAGNATION, "", None, working)


def _against_target(
    case: Case, points: Points, target: Target, working: list[Sentence]
) -> Judgement:
    working.append(target_of(target))
    met = _why_met(case, points.latest, target.value)
    if met is not None:
        return _judgement(case, Outcome.ON_TRACK, "", None, [*working, met])
    if case.reached(points.base, target.value):  # the share would have the wrong sign
        working.append(Sentence("The base met the target, and the newest figure does not."))
        return _judgement(case, Outcome.STAGNATION, "", None, working)
    if target.due <= points.base_year:
        return not_judged(UNSD, case, due_before_base(points, target), working)
    rate = _rate(points)
    if rate is None:
        return not_judged(UNSD, case, no_rate(points), working)
    expected = _expected(points, rate, target.due)
    share = (expected - points.base) / (target.value - points.base)
    if not isfinite(share):
        reason = Sentence("The figures are too far apart for a projection.")
        return not_judged(UNSD, case, Refusal(Outcome.CANNOT_ASSESS, reason), working)
    working.append(growth_between(points, rate))
    working.extend(_share_in_words(points, target, expected, share))
    return _judgement(case, _class(share, ON_TRACK, FAIR), "s", share, working)


def _without_target(case: Case, points: Points, working: list[Sentence]) -> Judgement:
    rate = _rate(points)
    if rate is None:
        return not_judged(UNSD, case, no_rate(points), working)
    gained = gain(case, points)
    working += [growth_between(points, rate), in_better_direction(gained), THRESHOLDS[1]]
    outcome = _class(gained, ON_TRACK_GROWTH, FAIR_GROWTH)
    return _judgement(case, outcome, "g", gained, working)


def _rate(points: Points) -> float | None:
    """Growth a year. The note has no rule for zero; from zero to zero, nothing changed."""
    return 0.0 if points.base == points.latest else growth(points)


def _expected(points: Points, rate: float, year: int) -> float:
    """The figure of the target year on the path of growth; infinite where it is out of range.

    Where the target year is past, this is the path's value in that year.
    """
    if points.latest == 0:
        return 0.0
    try:
        return float(points.latest * (1 + rate) ** (year - points.latest_year))
    except (OverflowError, ZeroDivisionError):
        return inf


def _share_in_words(
    points: Points, target: Target, expected: float, share: float
) -> tuple[Sentence, ...]:
    path = N_("Going on at this rate, the figure comes to {expected} in {year}.")
    if target.due < points.latest_year:
        path = N_("The target year is past; on this path, the figure of {year} is {expected}.")
    way = Sentence(
        "Share of the way: ({expected} − {base}) / ({target} − {base}) = {share}.",
        expected=computed(expected),
        base=figure(points.base),
        target=figure(target.value),
        share=computed(share),
    )
    return (
        Sentence(path, expected=computed(expected), year=str(target.due)),
        way,
        THRESHOLDS[0],
    )


def _why_met(case: Case, latest: float, target: float) -> Sentence | None:
    """How the newest figure meets the target, whatever the trend; None where it does not."""
    if case.reached(latest, target):
        return Sentence("The newest figure meets the target, whatever the growth.")
    if case.percentage and target in (0, 100) and abs(latest - target) <= NEAR_ENOUGH:
        return Sentence("The newest figure is within one percentage point, which counts as met.")
    return None


def _class(value: float, high: float, middle: float) -> Outcome:
    if reaches(value, high):
        return Outcome.ON_TRACK
    return Outcome.FAIR if reaches(value, middle) else Outcome.STAGNATION


def _judgement(
    case: Case, outcome: Outcome, name: str, measure: float | None, working: list[Sentence]
) -> Judgement:
    score = SCORES[outcome]
    working.append(Sentence("The score, from 1 to 3, is {score}.", score=score))
    return Judgement(
        UNSD,
        outcome,
        case,
        measure_name=name,
        measure=measure,
        score=score,
        working=tuple(working),
    )
