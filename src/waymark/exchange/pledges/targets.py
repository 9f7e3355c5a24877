"""What a column of a list may fill: the fields of commitments and of what hangs on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BeforeValidator, PlainSerializer

from waymark.plans.actors import Actor
from waymark.plans.commitments import Commitment, Partner, Report, Step
from waymark.plans.flows import Flow
from waymark.reading import Value

REFERENCE = "reference"
MOST_GROUPS = 20  # steps, partners, reports or flows that one row may hold
KINDS: Mapping[str, type[Value]] = {
    "commitments": Commitment,
    "actors": Actor,
    "steps": Step,
    "partners": Partner,
    "reports": Report,
    "flows": Flow,
}
SEVERAL = ("steps", "partners", "reports", "flows")
OURS = {  # what follows from the row, and is never read from a cell
    "commitments": ("id", "origin_source", "partners", "steps", "proposed", "illustrative"),
    "actors": ("id", "illustrative"),
    "reports": ("id", "commitment", "illustrative"),
    "flows": ("id", "commitment", "illustrative", "onward_of", "release", "row"),
}
ACTORS = ("lead", "actor", "by", "provider", "receiver")
TAGS = ("groups", "needs", "stages")
FORM = re.compile(r"([a-z]+)(?:\.(\d{1,2}))?\.([a-z_]+)$")


class Sort(StrEnum):
    """How a cell is read for a field."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    YEAR = "year"
    ANSWER = "answer"
    CHOICE = "choice"
    CHOICES = "choices"
    TAGS = "tags"
    PROVISIONS = "provisions"
    PLACE = "place"
    ACTOR = "actor"


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a kind; ``number`` tells several steps (partners, …) of one row apart."""

    kind: str
    field: str
    number: int = 1

    def __str__(self) -> str:
        if self.kind == REFERENCE:
            return REFERENCE
        number = f".{self.number}" if self.number > 1 else ""
        return f"{self.kind}{number}.{self.field}"

    @property
    def sort(self) -> Sort:
        """How its cells are read."""
        return Sort.TEXT if self.kind == REFERENCE else sort_of(KINDS[self.kind], self.field)

    @property
    def choices(self) -> type[StrEnum] | None:
        """The closed list that its cells are values of."""
        return None if self.kind == REFERENCE else choices_of(KINDS[self.kind], self.field)


def parse(given: object) -> object:
    """A target from its name, such as ``commitments.what`` or ``steps.2.due``."""
    if not isinstance(given, str):
        return given
    if given == REFERENCE:
        return Target(REFERENCE, REFERENCE)
    found = FORM.match(given)
    if found is None or found[1] not in KINDS:
        raise ValueError(f"a field is 'reference', or begins with one of: {', '.join(KINDS)}")
    kind, number, field = found[1], int(found[2] or 1), found[3]
    known = fields_of(kind)
    if field not in known:
        raise ValueError(f"the fields of {kind} are: {', '.join(known)}")
    if not 1 <= number <= (MOST_GROUPS if kind in SEVERAL else 1):
        raise ValueError(f"only {', '.join(SEVERAL)} are numbered, from 1 to {MOST_GROUPS}")
    return Target(kind, field, number)


FieldName = Annotated[Target, BeforeValidator(parse), PlainSerializer(str)]


def fields_of(kind: str) -> list[str]:
    """The fields of a kind that a column may fill."""
    return [name for name in KINDS[kind].model_fields if name not in OURS.get(kind, ())]


def sort_of(model: type[Value], field: str) -> Sort:
    """How a cell is read for a field of a model."""
    if field in ACTORS:
        return Sort.ACTOR
    if field in TAGS:
        return Sort.TAGS
    if field in ("place", "provisions"):
        return Sort(field)
    parts = _parts(model.model_fields[field].annotation)
    if choices_of(model, field) is not None:
        return Sort.CHOICES if tuple in parts else Sort.CHOICE
    for python, sort in (
        (date, Sort.DATE),
        (Decimal, Sort.NUMBER),
        (bool, Sort.ANSWER),
        (int, Sort.YEAR),
    ):
        if python in parts:
            return sort
    return Sort.TEXT


def choices_of(model: type[Value], field: str) -> type[StrEnum] | None:
    """The closed list of a field, where it has one."""
    for part in _parts(model.model_fields[field].annotation):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return part
    return None


def _parts(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin is None:
        return [annotation]
    inner = [part for each in get_args(annotation) for part in _parts(each)]
    return inner if origin in (UnionType, Annotated) else [origin, *inner]
