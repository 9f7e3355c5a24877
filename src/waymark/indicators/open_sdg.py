"""Open SDG 2.4.0, the method of Statistics Canada: growth against the growth that was needed.

Source: open-sdg/open-sdg, docs/progress-methodology.md, and open-sdg/sdg-build, ProgressMeasure.
``docs/reference/progress-methods.md`` explains it. A missing base year is the caller's to replace
by the next year that has a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import copysign, inf, isfinite
from typing import TypeAlias

from waymark.indicators.progress import (
    OPEN_SDG,
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
from waymark.words import Sentence

ON_TRACK = 0.95  # of the growth that is needed
HALFWAY = 0.60
SUBSTANTIAL_GROWTH = 0.015  # a year, where there is no target
MODERATE_GROWTH = 0.005
NEAR_LIMIT = 4.44  # exponent of the correction near a natural limit
ZERO = 0.001  # stands for a base or a target of zero
BEST = 5.0
PARITY = (0.97, 1.03)  # ratios that count as equal
THRESHOLDS = (
    Sentence(
        "A ratio of {high} or more is substantial progress, {middle} or more moderate, "
        "0 or more limited; less is deterioration.",
        high=ON_TRACK,
        middle=HALFWAY,
    ),
    Sentence(
        "Growth of {high} % a year or more is substantial progress, {middle} % or more moderate, "
        "0 or more limited; less is deterioration.",
        high=100 * SUBSTANTIAL_GROWTH,
        middle=100 * MODERATE_GROWTH,
    ),
)
ANSWERED = Sentence("The newest answer is the better one of the two.")
_BY_RATIO = ((ON_TRACK, Outcome.SUBSTANTIAL), (HALFWAY, Outcome.MODERATE), (0.0, Outcome.LIMITED))
_BY_GROWTH = (
    (SUBSTANTIAL_GROWTH, Outcome.SUBSTANTIAL),
    (MODERATE_GROWTH, Outcome.MODERATE),
    (0.0, Outcome.LIMITED),
)
_BY_SCORE = ((2.5, Outcome.SUBSTANTIAL), (0.0, Outcome.MODERATE), (-2.5, Outcome.LIMITED))

Group: TypeAlias = "Judgement | Sequence[Group]"
Scores: TypeAlias = "float | Sequence[Scores] | None"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The judgement of several series together; ``left_out`` counts those without a score."""

    outcome: Outcome
    score: float | None
    counted: int
    left_out: int


def judge(case: Case) -> Judgement:
    """The class, the ratio or growth, and the score of one series."""
    if case.scale is Scale.BINARY:
        return _by_answer(case)
    found = points_of(case)
    if isinstance(found, Refusal):
        return not_judged(OPEN_SDG, case, found)
    working = [figures_of(found)]
    points = Points(found.base_year, found.base or ZERO, found.latest_year, found.latest)
    if found.base == 0:
        working.append(
            Sentence("The base is zero; the method puts {zero} in its place.", zero=ZERO)
        )
    if found.base == found.latest == 0:
        working.append(Sentence("Both figures are zero; only that number makes it seem to move."))
    if points.base < 0:
        working.append(Sentence("The values are below zero, so growth counts the other way round."))
    if case.target is not None:
        return _against_target(case, points, case.target, working)
    return _without_target(case, points, working)


def _against_target(
    case: Case, points: Points, target: Target, working: list[Sentence]
) -> Judgement:
    aim = target.value or ZERO
    met = case.reached(points.latest, target.value) or case.reached(points.latest, aim)
    required = Points(points.base_year, points.base, target.due, aim)
    working.append(target_of(target))
    if target.value == 0:
        working.append(
            Sentence("The target is zero; the method puts {zero} in its place.", zero=ZERO)
        )
    actual, wanted = growth(points), growth(required)
    if actual is None or wanted is None:
        if met:
            return _achieved(case, None, working)
        return not_judged(OPEN_SDG, case, _why_no_ratio(points, target, actual), working)
    working.append(growth_between(points, actual))
    ratio = _ratio(gain(case, points), wanted)
    measure = ratio if wanted and isfinite(ratio) else None
    working.extend(_ratio_in_words(required, wanted, measure))
    if met:
        return _achieved(case, measure, working)
    outcome, score = _class(ratio, _BY_RATIO), _score_of_ratio(ratio)
    return _judgement(case, outcome, "R", measure, score, working)


def _why_no_ratio(points: Points, target: Target, actual: float | None) -> Refusal:
    if actual is None:
        return no_rate(points)
    if target.due <= points.base_year:
        return due_before_base(points, target)
    reason = Sentence("No rate of growth leads from the base to the target.")
    return Refusal(Outcome.CANNOT_ASSESS, reason)


def _ratio(gained: float, wanted: float) -> float:
    """R; without bounds where the base lies at the target, so that no growth is needed."""
    if wanted == 0:
        return copysign(inf, gained) if gained else 0.0
    return gained / abs(wanted)


def _ratio_in_words(required: Points, wanted: float, measure: float | None) -> tuple[Sentence, ...]:
    if measure is None:
        return (Sentence("The base already lies at the target, so there is no ratio."),)
    return (
        Sentence(
            "Growth needed: ({target} / {base})^(1/{years}) − 1 = {growth} % a year.",
            target=figure(required.latest),
            base=figure(required.base),
            years=str(required.span),
            growth=computed(100 * wanted),
        ),
        Sentence(
            "Growth in the better direction is {ratio} times the growth needed.",
            ratio=computed(measure),
        ),
        THRESHOLDS[0],
    )


def _without_target(case: Case, points: Points, working: list[Sentence]) -> Judgement:
    actual = growth(points)
    if actual is None:
        return not_judged(OPEN_SDG, case, no_rate(points), working)
    gained = gain(case, points)
    correction = near_limit(points.base, case.limit)
    working += [growth_between(points, actual), in_better_direction(gained), THRESHOLDS[1]]
    if case.limit is not None and correction != 1:
        working.append(
            Sentence(
                "So near to the limit of {limit}, the thresholds above zero are multiplied by "
                "{correction}.",
                limit=figure(case.limit),
                correction=computed(correction),
            )
        )
    compared = gained
    if reaches(gained, 0):  # the correction moves only the thresholds above zero
        compared = max(gained, 0.0) / correction if correction else inf
    outcome, score = _class(compared, _BY_GROWTH), _score_of_growth(compared)
    return _judgement(case, outcome, "g", gained, score, working)


def _class(value: float, thresholds: tuple[tuple[float, Outcome], ...]) -> Outcome:
    for threshold, outcome in thresholds:
        if reaches(value, threshold):
            return outcome
    return Outcome.DETERIORATION


def _score_of_ratio(ratio: float) -> float:
    score = 7.1429 * ratio - 4.2857 if reaches(ratio, HALFWAY) else 4.1667 * ratio - 2.5
    return max(-BEST, min(BEST, score))


def _score_of_growth(compared: float) -> float:
    """The score of growth that was divided by the correction, where it is not below zero."""
    if not reaches(compared, 0):
        return max(-BEST, 125 * compared - 2.5)
    if compared <= MODERATE_GROWTH:
        return 500 * compared - 2.5
    if compared <= SUBSTANTIAL_GROWTH:
        return 250 * compared - 1.25
    return min(BEST, 500 * compared - 5)


def near_limit(base: float, limit: float | None) -> float:
    """C: how much less growth is asked of a series that starts near its natural limit."""
    if not limit:
        return 1.0
    distance = abs(base) / abs(limit)
    if distance >= 2:
        return 1.0
    return float(1 - min(distance, 2 - distance) ** NEAR_LIMIT)


def reflect_parity(ratio: float) -> float:
    """A parity index turned so that 1 is best and less is better: 0.8 and 1.25 are as far off."""
    if not ratio > 0:
        raise ValueError("a parity index is above zero")
    lowest, highest = PARITY
    return 1.0 if lowest <= ratio <= highest else max(ratio, 1 / ratio)


def reflect_share(share: float, middle: float = 50.0) -> float:
    """A share turned so that the middle is best and less is better: 40 and 60 are as far off."""
    return middle + abs(share - middle)


def _by_answer(case: Case) -> Judgement:
    """A yes-or-no series: achieved, or no class at all."""
    better = answer_of(case)
    if isinstance(better, Refusal):
        return not_judged(OPEN_SDG, case, better)
    if better:
        return _judgement(case, Outcome.ACHIEVED, "", None, BEST, [ANSWERED])
    reason = Sentence("The target is not achieved; the method has no other class for yes or no.")
    return not_judged(OPEN_SDG, case, Refusal(Outcome.CANNOT_ASSESS, reason))


def _achieved(case: Case, measure: float | None, working: list[Sentence]) -> Judgement:
    working.append(Sentence("The newest figure meets the target, whatever the growth."))
    return _judgement(case, Outcome.ACHIEVED, "R", measure, BEST, working)


def _judgement(
    case: Case,
    outcome: Outcome,
    name: str,
    measure: float | None,
    score: float,
    working: list[Sentence],
) -> Judgement:
    score_in_words = Sentence("The score, from −5 to 5, is {score}.", score=computed(score))
    return Judgement(
        OPEN_SDG,
        outcome,
        case,
        measure_name=name if measure is not None else "",
        measure=measure,
        score=score,
        working=(*working, score_in_words),
    )


def aggregate(series: Sequence[Group]) -> Aggregate:
    """Several series of one indicator together: the mean of their scores; groups count as one.

    *Achieved* only where every series is. Series without a score are left out of the mean.
    Raises ``ValueError`` for judgements by another method.
    """
    judgements = list(_each(series))
    if any(found.method != OPEN_SDG for found in judgements):
        raise ValueError("judgements by different methods are never averaged")
    score = mean_score(_scores(series))
    counted = sum(found.score is not None for found in judgements)
    outcome = Outcome.NOT_AVAILABLE
    if score is not None:
        achieved = all(found.outcome is Outcome.ACHIEVED for found in judgements)
        outcome = Outcome.ACHIEVED if achieved else class_of_score(score)
    return Aggregate(outcome, score, counted, len(judgements) - counted)


def mean_score(scores: Sequence[Scores]) -> float | None:
    """The mean of scores, inner groups averaged first; None where there is no score at all."""
    means = [mean_score(each) if isinstance(each, Sequence) else each for each in scores]
    known = [mean for mean in means if mean is not None]
    return sum(known) / len(known) if known else None


def class_of_score(score: float) -> Outcome:
    """The class in which a mean score lies."""
    return _class(score, _BY_SCORE)


def _each(series: Sequence[Group]) -> Iterator[Judgement]:
    for part in series:
        if isinstance(part, Judgement):
            yield part
        else:
            yield from _each(part)


def _scores(series: Sequence[Group]) -> list[Scores]:
    return [part.score if isinstance(part, Judgement) else _scores(part) for part in series]
