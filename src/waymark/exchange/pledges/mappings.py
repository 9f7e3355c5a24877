"""The mapping of a pledge list: which column fills which field, and what its words stand for.

A mapping is closed: each column of the list is used or listed as ignored, or the list is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from waymark.compact.provisions import InstrumentId
from waymark.exceptions import DefinitionError
from waymark.exchange.csv_tables import Delimiter, Encoding
from waymark.exchange.pledges.dates import DateForm
from waymark.exchange.pledges.targets import REFERENCE, FieldName, Sort, Target, parse
from waymark.exchange.source_tables import named
from waymark.plans.vocabulary import Language, Line, Slug
from waymark.reading import Value, read_yaml, yaml_in

LONGEST_PREFIX = 40
OPEN = "?"  # stands in a draft where a person has to decide
NEEDED = ("commitments.what", "commitments.place", "commitments.origin")
LISTS = (Sort.PROVISIONS, Sort.TAGS, Sort.CHOICES)


def _short(given: object) -> object:
    """A column that has nothing but its field may be written in one word."""
    return {"field": given} if isinstance(given, str) else given


def _names(given: object) -> object:
    if isinstance(given, Mapping):
        return {named(key): value for key, value in given.items()}
    return tuple(map(named, given)) if isinstance(given, list | tuple) else given


class Column(Value):
    """What a column fills: ``values`` says what its words stand for, ``separator`` parts several.

    ``dates`` and ``decimal`` say how this column writes them, where it differs from the list.
    """

    field: FieldName
    separator: Annotated[str, Field(max_length=5)] = ""
    values: Annotated[Mapping[str, str], BeforeValidator(_names)] = {}
    dates: tuple[DateForm, ...] = ()
    decimal: Literal[".", ","] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Column:
        several = self.field.kind in ("steps", "partners") or self.field.sort in LISTS
        if self.separator and not several:
            raise ValueError(f"'{self.field}' takes one value of a row, so it has no separator")
        still_open = [word for word, value in self.values.items() if value == OPEN]
        if still_open:
            raise ValueError(f"say what '{still_open[0]}' stands for, instead of '{OPEN}'")
        return self


Columns = Annotated[
    Mapping[str, Annotated[Column, BeforeValidator(_short)]], BeforeValidator(_names)
]


class PledgeMapping(Value):
    """The form of a mapping file.

    ``title`` names the list and stands, with the reference, as the origin of each commitment;
    ``prefix`` begins the identifiers. ``propose`` lets the rules propose provisions and tags where
    the list names none. ``constants`` hold where a row says nothing. ``confirmed`` says
    that a person has looked at it.
    """

    title: Line
    prefix: Annotated[Slug, Field(max_length=LONGEST_PREFIX)]
    confirmed: bool = True
    illustrative: bool = False
    language: Language = "en"
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    sheet: str | None = None
    header: Annotated[int, Field(ge=1, le=1000)] = 1
    dates: tuple[DateForm, ...] = (DateForm.parse("YYYY-MM-DD"),)
    decimal: Literal[".", ","] = "."
    instrument: InstrumentId = "gcm"
    propose: bool = True
    columns: Columns
    ignored: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    constants: Mapping[str, str] = {}

    @model_validator(mode="after")
    def _whole(self) -> PledgeMapping:
        fields = [str(column.field) for column in self.columns.values()]
        if OPEN in (self.title, *self.constants.values()):
            raise ValueError(f"fill in what is still a '{OPEN}'")
        fixed = [str(target) for target in self.fixed]
        if fields.count(REFERENCE) != 1:
            raise ValueError("one column is the 'reference', which tells the pledges apart")
        _once(fields, "the field '{}' is filled twice")
        _once([*self.columns, *self.ignored], "the column '{}' is there twice")
        missing = [name for name in NEEDED if name not in (*fields, *fixed)]
        if missing:
            raise ValueError(f"nothing fills '{missing[0]}': give a column or a constant")
        return self

    @property
    def fixed(self) -> dict[Target, str]:
        """What is the same in every row."""
        found = {}
        for name, value in self.constants.items():
            target = parse(name)
            if not isinstance(target, Target) or target.kind == REFERENCE:
                raise ValueError("a reference is no constant")
            found[target] = value
        return found

    @property
    def reference(self) -> str:
        """The column that tells the pledges apart."""
        return next(name for name, each in self.columns.items() if each.field.kind == REFERENCE)


def read_mapping(path: Path) -> PledgeMapping:
    """A mapping file, confirmed by a person; raises a ``DefinitionError`` with line and remedy."""
    return _confirmed(read_yaml(path, PledgeMapping), path)


def mapping_in(content: bytes, name: str) -> PledgeMapping:
    """A mapping from the bytes of a file; see ``read_mapping``."""
    called = name or "mapping.yaml"
    return _confirmed(yaml_in(content, called, PledgeMapping), called)


def _confirmed(mapping: PledgeMapping, name: Path | str) -> PledgeMapping:
    if not mapping.confirmed:
        remedy = "Look at each column and value, then write 'confirmed: yes'."
        raise DefinitionError(name, "nobody has confirmed this mapping yet.", remedy)
    return mapping


def mapping_text(mapping: Mapping[str, object], notes: Mapping[str, Iterable[str]]) -> str:
    """A mapping as YAML, with notes above its lines.

    ``notes`` are by the name of a column, or by that of a key after a colon.
    """
    lines: list[str] = []
    for key, value in mapping.items():
        lines += [f"# {note}" for note in notes.get(f":{key}", ())]
        if key == "columns" and isinstance(value, Mapping):
            lines.append("columns:")
            for name, column in value.items():
                lines += [f"  # {note}" for note in notes.get(name, ())]
                lines += _entry(str(name), column, "  ")
        elif key == "ignored" and isinstance(value, list):
            lines.append("ignored:" if value else "ignored: []")
            for name in value:
                lines += [f"  # {note}" for note in notes.get(name, ())]
                lines.append(f"  - {_scalar(name)}")
        elif isinstance(value, Mapping):
            lines += _entry(key, value, "")
        else:
            lines.append(f"{key}: {_inline(value)}")
    return "\n".join(lines) + "\n"


def _entry(name: str, value: object, indent: str) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"{indent}{_scalar(name)}: {_inline(value)}"]
    lines = [f"{indent}{_scalar(name)}:" if value else f"{indent}{_scalar(name)}: {{}}"]
    for key, inner in value.items():
        lines += _entry(str(key), inner, f"{indent}  ")
    return lines


def _inline(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_scalar, value))}]"
    return _scalar(value)


def _scalar(value: object) -> str:
    """A scalar in YAML, quoted where it is more than a word."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    plain = text.replace("-", "").replace(".", "").replace("_", "")
    if plain.isascii() and plain.isalnum() and text[0].isalnum():
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _once(names: Iterable[str], problem: str) -> None:
    seen: set[str] = set()
    for each in names:
        if each in seen:
            raise ValueError(problem.format(each))
        seen.add(each)
