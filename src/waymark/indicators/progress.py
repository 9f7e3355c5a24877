"""Progress by two named, versioned methods, computed beside each other and never averaged.

Both compare compound annual growth with a target or with fixed thresholds. Growth takes a root, so
everything here is double precision. Sources: Open SDG 2.4.0 (method of Statistics Canada), and the
UN Statistics Division's Technical Note of 2023 as the Basque statistics office documents it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from waymark.words import N_, Sentence

OPEN_SDG = "open-sdg-2.4.0"
UNSD = "unsd-2023"


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


@dataclass(frozen=True, slots=True)
class Target:
    """A value to reach, by a year where one is set."""

    value: float
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What a method judges: two figures, which way is better, and a target or a natural limit.

    ``years`` counts the years with a figure from the base on. ``limit`` is the natural limit of
    the Open SDG method. ``percentage`` marks values in
    per cent; ``too_small`` counts so low that change cannot be told from chance.
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


@dataclass(frozen=True, slots=True)
class Points:
    """The two figures of a case that can be judged."""

    base_year: int
    base: float
    latest_year: int
    latest: float

    @property
    def span(self) -> int:
        """Years from the base to the latest figure."""
        return self.latest_year - self.base_year


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a method says of a case, with the number it rests on and the working in words.

    ``measure`` is the ratio R, the growth g or the share s, as ``measure_name`` says; None where
    the outcome needs none. ``score`` is the method's own (Open SDG: -5 to 5; UNSD: 1 to 3).
    """

    method: str
    outcome: Outcome
    movement: Movement
    case: Case
    measure_name: str = ""
    measure: float | None = None
    score: float | None = None
    working: tuple[Sentence, ...] = ()

    @property
    def outcome_name(self) -> Sentence:
        """The class in words."""
        return Sentence(OUTCOME_WORDS[self.outcome])


def growth(points: Points) -> float | None:
    """Compound annual growth between two figures; None where no real rate exists."""
    if points.base == 0 or points.latest / points.base < 0 or points.span <= 0:
        return None
    return float((points.latest / points.base) ** (1 / points.span) - 1)


def points_of(case: Case) -> Points | Sentence:
    """The two figures to judge, or the reason why there is no judgement."""
    missing = None in (case.base_year, case.base_value, case.latest_year, case.latest_value)
    if missing or case.years < 2 or case.latest_year == case.base_year:
        return Sentence("Fewer than two years have a figure.")
    if case.too_small:
        return Sentence("The numbers are too small to tell change from chance.")
    if case.direction is Direction.NONE:
        return Sentence("Neither direction of this series is better in itself.")
    if case.scale is Scale.ORDINAL:
        return Sentence("Levels on a scale have no growth rate.")
    if case.scale is Scale.GROWTH:
        return Sentence("The series is itself a growth rate; experts judge it.")
    return Points(case.base_year, case.base_value, case.latest_year, case.latest_value)  # type: ignore[arg-type]


def figures_of(points: Points) -> Sentence:
    """The two figures in words, the first step of every working."""
    return Sentence(
        "From {base} in {base_year} to {latest} in {latest_year}.",
        base=points.base,
        base_year=str(points.base_year),
        latest=points.latest,
        latest_year=str(points.latest_year),
    )


def not_judged(method: str, case: Case, reason: Sentence) -> Judgement:
    """The judgement that there is none, with its reason."""
    too_few = case.years < 2 or case.base_value is None or case.latest_value is None
    outcome = Outcome.NOT_AVAILABLE if too_few else Outcome.CANNOT_ASSESS
    return Judgement(method, outcome, Movement.NOT_KNOWN, case, working=(reason,))
