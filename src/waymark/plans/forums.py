"""The forums at which promises are reviewed, as dated facts (R20, R23)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import RootModel, model_validator

from waymark.compact.dates import PartialDate
from waymark.compact.loading import DEFINITIONS
from waymark.compact.provisions import InstrumentId
from waymark.exceptions import NotFoundError
from waymark.reading import Value, read_yaml
from waymark.words import Label


class Scope(StrEnum):
    """Whether a forum reviews the world or a region."""

    GLOBAL = "global"
    REGIONAL = "regional"


class Forum(Value):
    """A review forum. Dates are as precise as their source: a year, a month or a day.

    ``expected`` marks a forum that follows from a rhythm and is not yet convened.
    """

    id: str
    label: Label
    starts: PartialDate
    ends: PartialDate
    expected: bool = False
    instruments: tuple[InstrumentId, ...]
    scope: Scope = Scope.GLOBAL
    basis: str

    @model_validator(mode="after")
    def _in_order(self) -> Forum:
        if self.ends[: len(self.starts)] < self.starts[: len(self.ends)]:
            raise ValueError("the forum ends before it starts")
        return self


class _Forums(RootModel[tuple[Forum, ...]]):
    """The form of ``forums.yaml``."""


def load_forums(folder: Path = DEFINITIONS) -> dict[str, Forum]:
    """Every forum by identifier, in order of time."""
    forums = read_yaml(folder / "forums.yaml", _Forums).root
    return {forum.id: forum for forum in sorted(forums, key=lambda forum: forum.starts)}


def forum(forums: dict[str, Forum], identifier: str) -> Forum:
    """A forum by identifier; the error names those that there are."""
    if identifier not in forums:
        remedy = f"The forums are: {', '.join(forums)}."
        raise NotFoundError(f"There is no forum '{identifier}'.", remedy)
    return forums[identifier]


def next_forum(forums: dict[str, Forum], as_of: date, instrument: str) -> Forum | None:
    """The first forum of an instrument that has not ended on ``as_of``."""
    for found in forums.values():
        if instrument in found.instruments and found.ends >= as_of.isoformat()[: len(found.ends)]:
            return found
    return None
