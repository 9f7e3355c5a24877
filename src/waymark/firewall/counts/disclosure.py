"""Disclosure control: the numbers that protect people, and what a column may be.

Every number that privacy rests on stands here and nowhere else; ``CODEOWNERS`` names who answers
for them, and ``docs/reference/disclosure-methods.md`` gives the reason of each.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from pydantic import Field

from waymark.firewall.domain import FOLDER, FirewallError, unknown
from waymark.reading import Value, read_yaml
from waymark.words import Label, Names

LEAST_PEOPLE = 10  # in a cell that is published
LEAST_SITES = 3
LEAST_PROVIDERS = 3
MOST_OF_ONE = Fraction(4, 5)  # of a cell's people, that one site may hold; the same of one provider
NOISE_BOUND = 5  # a published figure is at most so far from the true count
NOISE_VARIANCE = 6  # asked of the noise table, before it is cut into whole slots of the key space
LEAST_FIGURE = LEAST_PEOPLE + NOISE_BOUND  # so that every published figure has 11 true counts
MOST_HIDDEN = LEAST_FIGURE + NOISE_BOUND - 1  # the most people in a cell withheld for its count
LEAST_WIDTH = 10  # possible whole values that an attacker must be left with
WIDTH_OF_FEW_SITES = Fraction(1, 2)  # of its people, for a cell withheld because of its sites
MOST_DIMENSIONS = 5
MOST_VALUES = 1_000  # of one column; more look like identifiers or free text
MOST_CELLS = 1_000_000  # of one table
MOST_ATOMS = 2_000_000  # of one population: the groups that all its tables tell apart
MOST_PROTECTING = Fraction(1, 4)  # of a release's cells, that may be withheld to protect others
LEAST_SECRET = 32  # bytes
NOT_KNOWN = "not known"  # a cell of the source that is empty: an answer of its own
MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
A_DAY = re.compile(
    rf"""(?ix) ^\s*(
      \d{{4}} [-/.] \d{{1,2}} [-/.] \d{{1,2}} .*           # 2026-03-05, with or without a time
    | \d{{1,2}} [-/.] \d{{1,2}} [-/.] (\d{{2}}|\d{{4}}) .*  # 05.03.2026, 3/5/26
    | (19|20)\d{{2}} (0[1-9]|1[0-2]) (0[1-9]|[12]\d|3[01]) (\D.*)?  # 20260305
    | \d{{4}}-?W\d{{2}}(-?\d)? .* | \d{{4}}-\d{{3}}        # a week, or a day of one or of a year
    | \d{{1,2}} (st|nd|rd|th)? [\s.-]* {MONTH} .*         # 5 March 2026
    | {MONTH} [\s.-]+ \d{{1,2}} (st|nd|rd|th)? (,?\s .*)?  # March 5, 2026
    | (mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?  # Monday
    | \d{{1,2}}:\d{{2}} .*                               # an hour
    )\s*$"""
)
A_PERIOD = re.compile(r"^\d{4}(-(S[12]|Q[1-4]|0[1-9]|1[0-2]))?$")


class Role(StrEnum):
    """What may be done with a column."""

    TABULATE = "tabulate"
    GUARD = "guard"
    NEVER = "never"
    COUNT = "count"


class ColumnKind(Value):
    """A kind of column; ``dimension`` is the place that it has in an observation, if it has one."""

    id: str
    label: Label
    role: Role
    reason: Names | None = None
    dimension: str = ""
    words: tuple[str, ...] = Field(default=())


class Disclosure(Value):
    """The closed list of kinds."""

    version: str
    kinds: tuple[ColumnKind, ...]

    @cached_property
    def by_id(self) -> dict[str, ColumnKind]:
        """The kinds by identifier."""
        return {kind.id: kind for kind in self.kinds}

    def kind(self, identifier: str) -> ColumnKind:
        """The kind with an identifier; the error names those that there are."""
        if identifier not in self.by_id:
            raise unknown("kind of column", identifier, self.by_id)
        return self.by_id[identifier]

    def given_away(self, name: str) -> ColumnKind | None:
        """The kind that a column's name gives away and that no table may be broken down by."""
        parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
        words = [word.casefold() for word in re.split(r"[\W_]+", parts)]
        for kind in self.kinds:
            if any(word in kind.words or word.removesuffix("s") in kind.words for word in words):
                return kind
        return None


def load_disclosure(folder: Path = FOLDER) -> Disclosure:
    """The kinds that ship."""
    return read_yaml(folder / "disclosure.yaml", Disclosure)


class RefusedError(FirewallError):
    """A release that would tell too much: what it would tell, and what may be released instead."""
