"""Observations: a figure with everything that says what it is, or why it is missing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from waymark.words import N_, Sentence

TOTAL = "_T"  # SDMX: the total of a dimension, or a dimension that is not there
DIMENSIONS = ("sex", "age", "migration_status", "policy_domain", "cause", "counterpart")


class Nature(StrEnum):
    """Who made a figure, and how (the natures of the UN's Global SDG database, and our own)."""

    COUNTRY = "country"
    ADJUSTED = "country-adjusted"
    ESTIMATED = "estimated"
    MODELLED = "modelled"
    GLOBAL = "global-monitoring"
    DERIVED = "derived"
    NOT_STATED = "not-stated"

    @property
    def label(self) -> Sentence:
        """The nature in words."""
        return Sentence(_NATURES[self])


class Missing(StrEnum):
    """Why a figure is missing. Empty for a figure that is there."""

    PRESENT = ""
    NOT_COLLECTED = "not-collected"
    NOT_DUE = "not-due"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Sentence:
        """The reason in words."""
        return Sentence(_MISSING[self])


_NATURES = {
    Nature.COUNTRY: N_("from the country"),
    Nature.ADJUSTED: N_("from the country, adjusted"),
    Nature.ESTIMATED: N_("estimated"),
    Nature.MODELLED: N_("modelled"),
    Nature.GLOBAL: N_("from global monitoring"),
    Nature.DERIVED: N_("computed from other figures"),
    Nature.NOT_STATED: N_("origin not stated"),
}
_MISSING = {
    Missing.PRESENT: N_("there"),
    Missing.NOT_COLLECTED: N_("not collected"),
    Missing.NOT_DUE: N_("not yet due"),
    Missing.WITHHELD: N_("withheld to protect people"),
    Missing.NOT_APPLICABLE: N_("not applicable"),
    Missing.UNKNOWN: N_("missing, reason not stated"),
}


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure of one series, for one place, period and breakdown.

    ``value`` is None where the figure is missing, and ``missing`` says why. ``censor`` is ``<`` or
    ``>`` where the source gives only a bound. ``headline`` marks the figure that stands for the
    series in that place and year; ``incomplete`` a year that its release does not cover whole.
    ``row`` is the line of the raw file; 0 for figures computed here.
    """

    series: str
    place: str
    year: int
    period: str
    value: float | None
    missing: str = ""
    censor: str = ""
    nature: str = Nature.NOT_STATED
    sex: str = TOTAL
    age: str = TOTAL
    migration_status: str = TOTAL
    policy_domain: str = TOTAL
    cause: str = TOTAL
    counterpart: str = TOTAL
    release: str = ""
    row: int = 0
    headline: bool = False
    incomplete: bool = False

    @property
    def breakdown(self) -> dict[str, str]:
        """The dimensions in which this is not the total."""
        found = {dimension: getattr(self, dimension) for dimension in DIMENSIONS}
        return {dimension: code for dimension, code in found.items() if code != TOTAL}


COLUMNS = tuple(field.name for field in fields(Observation))
