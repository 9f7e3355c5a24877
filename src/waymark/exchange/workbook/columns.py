"""The sheets of a workbook and their columns, drawn from the values that a register holds.

A kind of thing has a sheet; rows inside its documents (steps, partners) have one of their own. The
second row of each sheet names its columns with hashtags of the HXL standard 1.1: an attribute of
each hashtag is the column's own name, by which it is found again wherever it was moved.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from waymark.plans.register import KINDS
from waymark.reading import Value

REMOVE = "remove"  # the column in which a person marks a row inside a document to be taken out
FILE_TAG = "#meta"  # of what a file says of itself and its rows


class Form(StrEnum):
    """What a cell of a column holds."""

    LINE = "line"
    TEXT = "text"
    WORDS = "words"
    ADDRESSES = "addresses"
    DATE = "date"
    NUMBER = "number"
    WHOLE = "whole"
    YES_OR_NO = "yes-or-no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the register, what its cells hold, its hashtag.

    ``listed`` names the list of values to choose from; where the list is ``closed``, no other
    value can be right. ``is_key`` marks what tells rows apart.
    """

    name: str
    form: Form
    tag: str
    listed: str = ""
    closed: bool = False
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a workbook: of a kind, or of the rows ``inside`` one field of its documents.

    ``key`` holds the columns that tell its rows apart; inside documents the first one names the
    document.
    """

    name: str
    kind: str
    inside: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}


LISTS = {  # names of fields to the lists that they refer to; others are found by their plural
    "lead": "actors",
    "actor": "actors",
    "by": "actors",
    "provider": "actors",
    "receiver": "actors",
    "onward_of": "flows",
    "series": "series",
    "place": "places",
    "language": "languages",
}
OWN_LISTS = ("provisions", "groups", "needs", "stages", "forums")  # lists that are not kinds
PARENTS = {"localities": "places", "actors": "actors", "plans": "plans"}
LONG = {  # fields that hold paragraphs, among those without a form of their own
    "what", "summary", "text", "evidence", "statement", "result_statement", "origin_source",
    "source", "about", "lead_because", "status_because", "dropped_because", "conditions",
}  # fmt: skip
TAGS = {  # the hashtag of a field; where none is named, its form decides
    "id": "#meta+id",
    "what": "#activity",
    "title": "#activity+name",
    "name": "#org+name",
    "localities.name": "#loc+name",
    "lead": "#org+code",
    "actor": "#org+code",
    "by": "#org+code",
    "provider": "#org+code",
    "receiver": "#org+code",
    "place": "#loc+code",
    "status": "#status",
    "state": "#status",
    "outcome": "#status",
    "series": "#indicator+code",
    "target": "#indicator+num",
    "baseline": "#indicator+num",
    "value": "#indicator+num",
    "baseline_year": "#date+year",
    "provisions": "#sector+code+list",
    "provision": "#sector+code",
    "groups": "#group+code+list",
    "year": "#date+year",
    "starts": "#date+start",
    "ends": "#date+end",
    "since": "#date+start",
    "result_statement": "#output",
    "amount": "#value+num",
    "currency": "#currency+code",
    "document": "#meta+url",
}
TAGS_OF_FORMS = {
    Form.LINE: "#meta",
    Form.TEXT: "#description",
    Form.WORDS: "#meta+code+list",
    Form.ADDRESSES: "#meta+url+list",
    Form.DATE: "#date",
    Form.NUMBER: "#meta+num",
    Form.WHOLE: "#meta+num",
    Form.YES_OR_NO: "#meta",
    Form.CHOICE: "#meta+code",
}


def sheets_of(kinds: Iterable[str] = tuple(KINDS)) -> list[Sheet]:
    """The sheets of some kinds, in the order in which they refer to each other."""
    wanted = set(kinds)
    return [sheet for kind in KINDS if kind in wanted for sheet in _sheets(kind)]


@lru_cache(maxsize=64)
def _sheets(kind: str) -> tuple[Sheet, ...]:
    model = KINDS[kind]
    inner = inside_of(model)
    own = [_column(kind, model, name) for name in model.model_fields if name not in inner]
    found = [Sheet(kind, kind, "", ("id",), tuple(own))]
    for field, row in inner.items():
        found.append(_inner_sheet(kind, field, row))
    return tuple(found)


def _inner_sheet(kind: str, field: str, model: type[Value]) -> Sheet:
    owner = kind.removesuffix("s")
    inner = ("id",) if "id" in model.model_fields else tuple(sorted(model.model_fields))
    columns = [
        Column(owner, Form.CHOICE, f"{FILE_TAG}+{owner}+in_{field}", listed=kind, is_key=True),
        *(_column(field, model, name, is_key=name in inner) for name in model.model_fields),
        Column(REMOVE, Form.YES_OR_NO, f"{FILE_TAG}+{REMOVE}"),
    ]
    return Sheet(field, kind, field, (owner, *inner), tuple(columns))


def inside_of(model: type[BaseModel]) -> dict[str, type[Value]]:
    """The fields of a value that hold rows, with the value of a row."""
    found = {}
    for name, field in model.model_fields.items():
        for each in types_in(field.annotation):
            if isinstance(each, type) and issubclass(each, Value):
                found[name] = each
    return found


def _column(table: str, model: type[BaseModel], name: str, *, is_key: bool = False) -> Column:
    held = types_in(model.model_fields[name].annotation)
    closed = next(
        (each for each in held if isinstance(each, type) and issubclass(each, StrEnum)), None
    )
    listed = closed.__name__ if closed is not None else _list_of(table, name)
    form = _form(name, held, listed)
    tag = TAGS.get(f"{table}.{name}") or TAGS.get(name, TAGS_OF_FORMS[form])
    if name == "id" and not is_key:
        tag = f"{tag}+of_{table}"
    elif name not in tag.split("+"):
        tag = f"{tag}+{name}"
    return Column(name, form, tag, listed, closed is not None, is_key or name == "id")


def _list_of(table: str, name: str) -> str:
    if name == "parent":
        return PARENTS.get(table, "")
    if name in LISTS:
        return LISTS[name]
    if name in OWN_LISTS:
        return name
    return next((each for each in (*KINDS, *OWN_LISTS) if each == f"{name}s"), "")


def _form(name: str, held: list[Any], listed: str) -> Form:
    if tuple in held:
        return Form.WORDS if listed else Form.ADDRESSES
    for python, form in (
        (bool, Form.YES_OR_NO),
        (date, Form.DATE),
        (Decimal, Form.NUMBER),
        (int, Form.WHOLE),
    ):
        if python in held:
            return form
    if listed:
        return Form.CHOICE
    return Form.TEXT if name in LONG else Form.LINE


def closed_lists(kinds: Iterable[str] = tuple(KINDS)) -> dict[str, type[StrEnum]]:
    """The closed lists of some kinds, by the name under which columns refer to them."""
    found: dict[str, type[StrEnum]] = {}
    for kind in kinds:
        for model in (KINDS[kind], *inside_of(KINDS[kind]).values()):
            for field in model.model_fields.values():
                for each in types_in(field.annotation):
                    if isinstance(each, type) and issubclass(each, StrEnum):
                        found[each.__name__] = each
    return found


def types_in(annotation: object) -> list[Any]:
    """The plain types inside an annotation such as ``date | None`` or ``tuple[X, ...]``."""
    origin = typing.get_origin(annotation)
    if origin is None:
        return [annotation]
    found = [] if origin in (types.UnionType, typing.Union, typing.Annotated) else [origin]
    for part in typing.get_args(annotation):
        found += types_in(part)
    return found


def attributes(tag: str) -> list[str]:
    """The attributes of a hashtag: ``due`` of ``#date +due``; nothing if it is none."""
    plain = "".join(tag.split()).lower()
    return plain.split("+")[1:] if plain.startswith("#") else []
