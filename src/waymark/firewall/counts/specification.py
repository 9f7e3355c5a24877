"""What is to be released: a file that declares every column and every table, checked by rule.

The rules here look at names, kinds and values alone. They are answered before anything is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from waymark.exceptions import DefinitionError
from waymark.firewall.counts.disclosure import (
    A_DAY,
    A_PERIOD,
    MOST_CELLS,
    MOST_DIMENSIONS,
    MOST_VALUES,
    NOT_KNOWN,
    Disclosure,
    Role,
)
from waymark.reading import Value, line_of, read_yaml
from waymark.words import Names

PERSON, SITE, PROVIDER, AREA, PERIOD, OTHER = (
    "person",
    "site",
    "provider",
    "area",
    "period",
    "other",
)
COUNTS = ("people", "sites", "providers", "largest-site", "largest-provider")
TOTAL_WORD = "_T"  # in a file of ready counts: all values of the column together
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,79}$")]
LONGEST_VALUE = 80


class Use(Value):
    """What a column is; ``reason`` says why a column of kind ``other`` may be released."""

    kind: str
    reason: str = ""


class Specification(Value):
    """What is to be released. ``population`` names the people that the records are of, for ever.

    Two files under one ``population`` must hold the same people; next quarter is another one.
    """

    population: Identifier
    title: Names
    series: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]+$")]
    place: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3}|\d{3})$")]
    period: Annotated[str, StringConstraints(pattern=A_PERIOD.pattern)]
    records: str = ""
    counts: str = ""
    columns: dict[str, Use]
    ignored: tuple[str, ...] = ()
    tables: Annotated[tuple[tuple[str, ...], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_source(self) -> Specification:
        if bool(self.records) == bool(self.counts):
            raise ValueError("name one source: a file of 'records', or a file of ready 'counts'")
        return self

    @property
    def source(self) -> str:
        """The name of the file of records or counts, seen from the specification."""
        return self.records or self.counts

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that some table is broken down by."""
        return tuple(dict.fromkeys(name for table in self.tables for name in table))

    def named(self, kind: str) -> str:
        """The one column of a kind that may stand once."""
        return next(name for name, use in self.columns.items() if use.kind == kind)

    def kind_of(self, name: str) -> str:
        """The kind of a column."""
        return self.columns[name].kind


@dataclass(frozen=True)
class Rule:
    """A rule on what may be released; ``breach`` yields what breaks it and the line's word."""

    id: str
    sentence: str
    breaches: Callable[[Specification, Disclosure], Iterator[tuple[str, str]]]


def read_specification(path: Path, disclosure: Disclosure) -> Specification:
    """The specification in a file, or an error at the first line that breaks a rule."""
    found = read_yaml(path, Specification)
    for rule in RULES:
        for word, problem in rule.breaches(found, disclosure):
            remedy = f"{rule.sentence} ({rule.id}; see docs/reference/disclosure-methods.md)"
            raise DefinitionError(path, problem, remedy, line=line_of(path, word))
    return found


def _unknown_kinds(it: Specification, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    for name, use in it.columns.items():
        if use.kind not in disclosure.by_id:
            yield use.kind, f"'{use.kind}' is no kind of column (column '{name}')."


def _guards(it: Specification, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    kinds = [use.kind for use in it.columns.values()]
    wanted = (PERSON, SITE, PROVIDER) if it.records else COUNTS
    others = COUNTS if it.records else (PERSON, SITE, PROVIDER)
    for kind in wanted:
        if kinds.count(kind) != 1:
            yield "columns", f"there are {kinds.count(kind)} columns of the kind '{kind}'."
    for kind in others:
        if kind in kinds:
            yield kind, f"'{kind}' does not belong into this source."


def _reasons(it: Specification, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    for name, use in it.columns.items():
        if use.kind == OTHER and len(use.reason.split()) < 3:
            yield name, f"the column '{name}' is 'other', and no reason says why that is safe."


def _both(it: Specification, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    for name in it.ignored:
        if name in it.columns:
            yield name, f"the column '{name}' is both declared and ignored."


def _tabulated(it: Specification, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    for name in it.used:
        if name not in it.columns:
            yield name, f"a table is broken down by '{name}', which is no declared column."
            continue
        kind = disclosure.kind(it.kind_of(name))
        if kind.role is not Role.TABULATE:
            why = f" {kind.reason.en}" if kind.reason else ""
            yield name, f"no table may be broken down by '{name}' ({kind.label.en}).{why}"


def _names(it: Specification, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    for name in it.used:
        given = disclosure.given_away(name)
        if given is not None:
            why = f" {given.reason.en}" if given.reason else ""
            yield name, f"the name of '{name}' says that it is of the kind '{given.id}'.{why}"


def _forms(it: Specification, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    forms = [frozenset(table) for table in it.tables]
    for table, form in zip(it.tables, forms, strict=True):
        where = table[0] if table else "tables"
        if len(table) > MOST_DIMENSIONS:
            yield where, f"a table has {len(table)} dimensions; {MOST_DIMENSIONS} are allowed."
        if len(form) != len(table):
            yield where, "a table names a column twice."
        kinds = [it.kind_of(name) for name in table if it.kind_of(name) != OTHER]
        for kind in kinds:
            if kinds.count(kind) > 1:
                yield where, f"a table has two columns of the kind '{kind}'; take the finer one."
        if forms.count(form) > 1:
            yield where, "two tables have the same columns."
    if it.counts:
        all_kinds = [it.kind_of(name) for name in it.used if it.kind_of(name) != OTHER]
        for kind in all_kinds:
            if all_kinds.count(kind) > 1:
                yield kind, f"ready counts may have one column of the kind '{kind}'."


RULES = (
    Rule("D1", "Every kind is of the closed list of definitions/firewall/disclosure.yaml.",
         _unknown_kinds),
    Rule("D2", "Records have one person, site and provider; ready counts say how many of each, "
         "and how many people the largest site and provider hold.", _guards),
    Rule("D3", "A column of kind 'other' says in its reason why it gives nobody away.", _reasons),
    Rule("D4", "Every column is declared once, or ignored.", _both),
    Rule("D5", "Tables are never broken down by status, site, day or what stands for them.",
         _tabulated),
    Rule("D6", "A column by which a table is broken down is not named like a protected one; if it "
         "is something else, rename it in the source.", _names),
    Rule("D7", f"A table has at most {MOST_DIMENSIONS} columns of different kinds, each once.",
         _forms),
)  # fmt: skip


def check_values(path: Path, name: str, kind: str, values: tuple[str, ...]) -> None:
    """Rules on the values of a column that a table is broken down by; raises at the first breach.

    Values are not repeated in the error: what stands in a column by mistake may be about a person.
    """

    def refuse(rule: str, problem: str, remedy: str) -> None:
        raise DefinitionError(path, f"{problem} ({rule})", remedy, column=f"column {name}")

    if any(A_DAY.match(value) for value in values):
        remedy = (
            "Write a year, half-year, quarter or month instead: 2026, 2026-S1, 2026-Q1, 2026-01."
        )
        refuse("D8", "some values look like a day, a week or an hour.", remedy)
    if kind == PERIOD and not all(A_PERIOD.match(value) for value in values if value != NOT_KNOWN):
        remedy = "Write it as 2026, 2026-S1, 2026-Q1 or 2026-01."
        refuse("D8", "some values are no year, half-year, quarter or month.", remedy)
    if len(values) > MOST_VALUES:
        remedy = f"Group them: {MOST_VALUES} are allowed. More look like names or free text."
        refuse("D9", f"there are {len(values)} different values.", remedy)
    if any(len(value) > LONGEST_VALUE or not value.isprintable() for value in values):
        remedy = "A value is a short word from a list; free text is never tabulated."
        refuse("D9", f"some values are longer than {LONGEST_VALUE} letters, or hold signs.", remedy)
    if TOTAL_WORD in values:
        refuse("D9", f"the value {TOTAL_WORD} means a total.", "Rename it.")


def check_size(path: Path, table: tuple[str, ...], shape: tuple[int, ...]) -> None:
    """A table must be small enough to be audited."""
    cells = 1
    for length in shape:
        cells *= length
    if cells > MOST_CELLS:
        problem = f"the table by {', '.join(table)} would have {cells:,} cells."
        remedy = f"{MOST_CELLS:,} are allowed (D7): leave a column out, or group its values."
        raise DefinitionError(path, problem, remedy)
