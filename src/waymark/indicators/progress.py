"""Progress by named, versioned methods: what they judge, what they answer, what both need.

Both methods compare compound annual growth with a target or with fixed thresholds, and are never
averaged with each other. Growth takes a root, so everything here is double precision; a value
within ``TOLERANCE`` of a threshold lies on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import NamedTuple

from waymark.words import MILLION, N_, Sentence

OPEN_SDG = "open-sdg-2.4.0"
UNSD = "unsd-2023"
DEFAULT_TARGET_YEAR = 2030  # both methods take it where a target names no year
NOTICEABLE = 0.005  # growth a year from which both methods speak of progress
TOLERANCE = 1e-12  # in doubles, 100 to 100.5 in one year is a little less than 0.005


class Direction(StrEnum):
    """Which way is better for people; ``none`` where neither is."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


class Scale(StrEnum):
    """What kind of quantity a figure is; growth is a notion for ``number`` alone."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    GROWTH = "growth"
    BINARY = "binary"


class Outcome(StrEnum):
    """The classes of both methods. A class of one method is never set against the other's."""

    ACHIEVED = "achieved"
    SUBSTANTIAL = "substantial"
    MODERATE = "moderate"
    LIMITED = "limited"
    DETERIORATION = "deterioration"
    ON_TRACK = "on-track-or-met"
    FAIR = "fair"
    STAGNATION = "stagnation-or-regression"
    CANNOT_ASSESS = "cannot-assess"
    NOT_AVAILABLE = "not-available"


class Movement(StrEnum):
    """What a judgement says to the ladder: did it get better?"""

    BETTER = "better"
    LITTLE_CHANGE = "little-change"
    WORSE = "worse"
    NOT_KNOWN = "not-known"


OUTCOME_WORDS = {
    Outcome.ACHIEVED: N_("target achieved"),
    Outcome.SUBSTANTIAL: N_("substantial progress"),
    Outcome.MODERATE: N_("moderate progress"),
    Outcome.LIMITED: N_("limited progress"),
    Outcome.DETERIORATION: N_("deterioration"),
    Outcome.ON_TRACK: N_("on track or met"),
    Outcome.FAIR: N_("fair progress"),
    Outcome.STAGNATION: N_("stagnation or regression"),
    Outcome.CANNOT_ASSESS: N_("cannot be assessed"),
    Outcome.NOT_AVAILABLE: N_("not available"),
}

MOVEMENTS = {  # what each class says of the movement; None where it leaves that open
    Outcome.ACHIEVED: Movement.BETTER,  # it reached the target
    Outcome.SUBSTANTIAL: Movement.BETTER,
    Outcome.MODERATE: Movement.BETTER,  # too slow, but plainly on its way
    Outcome.LIMITED: Movement.LITTLE_CHANGE,  # the class begins at no movement at all
    Outcome.DETERIORATION: Movement.WORSE,
    Outcome.ON_TRACK: Movement.BETTER,
    Outcome.FAIR: Movement.BETTER,
    Outcome.STAGNATION: None,  # one class for standstill and loss: the figures tell which
    Outcome.CANNOT_ASSESS: Movement.NOT_KNOWN,
    Outcome.NOT_AVAILABLE: Movement.NOT_KNOWN,
}


@dataclass(frozen=True, slots=True)
class Target:
    """A value to reach, by a year where one is set."""

    value: float
    year: int | None = None

    @property
    def due(self) -> int:
        """The year in which the methods expect it to be met."""
        return DEFAULT_TARGET_YEAR if self.year is None else self.year


@dataclass(frozen=True, slots=True)
class Case:
    """What a method judges: two figures, which way is better, and a target or a natural limit.

    ``years`` counts the years with a figure from the base on. ``limit`` is the natural limit of
    the Open SDG method, on the better side. ``percentage`` marks values in per cent; ``too_small``
    counts so low that change cannot be told from chance.
    """

    base_year: int | None
    base_value: float | None
    latest_year: int | None
    latest_value: float | None
    years: int
    direction: Direction
    target: Target | None = None
    limit: float | None = None
    scale: Scale = Scale.NUMBER
    percentage: bool = False
    too_small: bool = False

    @property
    def sign(self) -> int:
        """+1 where more is better, -1 where less is."""
        return -1 if self.direction is Direction.LOWER else 1

    def reached(self, value: float, aim: float) -> bool:
        """Whether a figure is at ``aim`` or on the better side of it."""
        return value <= aim if self.direction is Direction.LOWER else value >= aim


@dataclass(frozen=True, slots=True)
class Points:
    """Two figures between which growth can be sought."""

    base_year: int
    base: float
    latest_year: int
    latest: float

    @property
    def span(self) -> int:
        """Years from the base to the latest figure."""
        return self.latest_year - self.base_year


class Refusal(NamedTuple):
    """Why a case is not judged: there is too little, or the method does not fit."""

    outcome: Outcome
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a method says of a case, with the number it rests on and the working in words.

    ``measure`` is the ratio R, the growth g or the share s, as ``measure_name`` says; None where
    the outcome needs none. ``score`` is the method's own (Open SDG: -5 to 5; UNSD: 1 to 3).
    ``reason`` says why a case is not judged; it is then the last step of the working too.
    """

    method: str
    outcome: Outcome
    case: Case
    measure_name: str = ""
    measure: float | None = None
    score: float | None = None
    working: tuple[Sentence, ...] = ()
    reason: Sentence | None = None

    @property
    def outcome_name(self) -> Sentence:
        """The class in words."""
        return Sentence(OUTCOME_WORDS[self.outcome])

    @property
    def movement(self) -> Movement:
        """Better, little change, worse or not known, for the ladder."""
        return movement(self.case, self.outcome)


def growth(points: Points) -> float | None:
    """Compound annual growth between two figures; None where no real rate exists."""
    if points.base == 0 or points.span <= 0 or _on_both_sides(points):
        return None
    ratio = points.latest / points.base
    return float(ratio ** (1 / points.span) - 1) if isfinite(100 * ratio) else None


def no_rate(points: Points) -> Refusal:
    """Why there is no rate of growth between two figures."""
    reason = Sentence("The figures are too far apart for a rate of growth.")
    if points.base == 0:
        reason = Sentence("The base is zero: growth from zero has no rate.")
    elif _on_both_sides(points):
        reason = Sentence("One figure is below zero and one above: growth has no rate.")
    return Refusal(Outcome.CANNOT_ASSESS, reason)


def due_before_base(points: Points, target: Target) -> Refusal:
    """There is no way from a base to a target that was due before it."""
    reason = Sentence(
        "The target year {year} is not after the base year {base_year}.",
        year=str(target.due),
        base_year=str(points.base_year),
    )
    return Refusal(Outcome.CANNOT_ASSESS, reason)


def gain(case: Case, points: Points) -> float:
    """Growth a year in the better direction; +1 or -1 where only the direction is known."""
    rate = growth(points)
    if rate is None:
        return float(case.sign * ((points.latest > points.base) - (points.latest < points.base)))
    return case.sign * (-rate if points.base < 0 else rate)  # below zero, growth is downwards


def reaches(value: float, threshold: float) -> bool:
    """Whether a computed value is at or above a threshold (see ``TOLERANCE``)."""
    return value >= threshold - TOLERANCE


def movement(case: Case, outcome: Outcome) -> Movement:
    """Better, worse or little change: what the class says, unless the figures deny it.

    A target can be met by a figure that fell since its base, or never moved. The promise is then
    kept, and yet nothing got better; growth of ``NOTICEABLE`` decides in such cases.
    """
    said, points = MOVEMENTS[outcome], points_of(case)
    if said is Movement.NOT_KNOWN or isinstance(points, Refusal):
        return Movement.NOT_KNOWN
    gained = gain(case, points)
    denied = (said is Movement.BETTER and gained <= 0) or (said is Movement.WORSE and gained >= 0)
    if said is not None and not denied:
        return said
    if reaches(gained, NOTICEABLE):
        return Movement.BETTER
    return Movement.WORSE if reaches(-gained, NOTICEABLE) else Movement.LITTLE_CHANGE


def points_of(case: Case) -> Points | Refusal:
    """The two figures to judge by growth, or the reason why there is no judgement."""
    if (
        case.base_year is None
        or case.base_value is None
        or case.latest_year is None
        or case.latest_value is None
        or case.years < 2
        or case.latest_year <= case.base_year
    ):
        return Refusal(Outcome.NOT_AVAILABLE, Sentence("Fewer than two years have a figure."))
    reason = _why_no_growth(case)
    if reason is not None:
        return Refusal(Outcome.CANNOT_ASSESS, reason)
    return Points(case.base_year, case.base_value, case.latest_year, case.latest_value)


def _why_no_growth(case: Case) -> Sentence | None:
    target = case.target.value if case.target else None
    numbers = (case.base_value, case.latest_value, case.limit, target)
    if not all(number is None or isfinite(number) for number in numbers):
        return Sentence("A figure, the target or the limit is not a finite number.")
    if case.too_small:
        return Sentence("The numbers are too small to tell change from chance.")
    if case.direction is Direction.NONE:
        return Sentence("This series has no better direction.")
    if case.scale is Scale.ORDINAL:
        return Sentence("Levels on a scale have no growth rate.")
    if case.scale is Scale.GROWTH:
        return Sentence("The series is itself a growth rate; experts judge it.")
    return None


def answer_of(case: Case) -> bool | Refusal:
    """Whether a yes-or-no series (1 or 0) has its better answer."""
    if case.latest_value is None:
        return Refusal(Outcome.NOT_AVAILABLE, Sentence("No year has a figure."))
    if case.direction is Direction.NONE:
        return Refusal(Outcome.CANNOT_ASSESS, Sentence("This series has no better direction."))
    if case.latest_value not in (0, 1):
        reason = Sentence("A yes-or-no series holds 1 or 0, and the newest figure is neither.")
        return Refusal(Outcome.CANNOT_ASSESS, reason)
    return (case.latest_value == 1) == (case.direction is Direction.HIGHER)


def _on_both_sides(points: Points) -> bool:
    return (points.base < 0 < points.latest) or (points.latest < 0 < points.base)


def figure(value: float) -> float | str:
    """A figure for a sentence; as text where the sentence would round it."""
    value = float(value)
    kept = value.is_integer() or float(f"{value:.3g}") == value
    return value if kept and abs(value) < MILLION else f"{value:.15g}"


def computed(value: float) -> float | str:
    """A computed number for a sentence, to six digits, so that it can be told from a threshold."""
    return figure(float(f"{value:.6g}"))


def figures_of(points: Points) -> Sentence:
    """The two figures in words, the first step of every working."""
    return Sentence(
        "From {base} in {base_year} to {latest} in {latest_year}.",
        base=figure(points.base),
        base_year=str(points.base_year),
        latest=figure(points.latest),
        latest_year=str(points.latest_year),
    )


def growth_between(points: Points, rate: float) -> Sentence:
    """The working of a rate of growth."""
    if points.base == points.latest == 0:
        return Sentence("Both figures are zero: nothing changed.")
    return Sentence(
        "Growth: ({latest} / {base})^(1/{years}) − 1 = {growth} % a year.",
        latest=figure(points.latest),
        base=figure(points.base),
        years=str(points.span),
        growth=computed(100 * rate),
    )


def in_better_direction(gained: float) -> Sentence:
    """The rate of growth turned so that a plus is good."""
    return Sentence(
        "In the better direction, that is {gained} % a year.", gained=computed(100 * gained)
    )


def target_of(target: Target) -> Sentence:
    """The target in words, with the year that the methods take where it names none."""
    value, due = figure(target.value), str(target.due)
    if target.year is None:
        return Sentence(
            "The target is {target}; it names no year, so {year} is taken.", target=value, year=due
        )
    return Sentence("The target is {target} by {year}.", target=value, year=due)


def not_judged(
    method: str, case: Case, refusal: Refusal, working: Iterable[Sentence] = ()
) -> Judgement:
    """The judgement that there is none, with its reason."""
    steps = (*working, refusal.reason)
    return Judgement(method, refusal.outcome, case, working=steps, reason=refusal.reason)
