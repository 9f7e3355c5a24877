"""True counts of people in cells, each person once in a cell, with the sites behind them.

What is made here never leaves the machine: a release takes figures from it, and no count.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from waymark.exceptions import DefinitionError
from waymark.firewall.counts.disclosure import (
    LEAST_PEOPLE,
    LEAST_PROVIDERS,
    LEAST_SITES,
    MOST_OF_ONE,
)
from waymark.firewall.counts.perturbation import KEY_SPACE, Secret
from waymark.firewall.counts.records import Codes, Column, Records, plain_column, read_source
from waymark.firewall.counts.specification import (
    COUNTS,
    TOTAL_WORD,
    Specification,
    check_size,
    check_values,
)

Flags = npt.NDArray[np.bool_]


class Dimension(NamedTuple):
    """A column of a table with the values that it can have, in order."""

    name: str
    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """The form of a table: all combinations of its dimensions' values, the last one fastest."""

    dimensions: tuple[Dimension, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(each.name for each in self.dimensions)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each column has."""
        return tuple(len(each.values) for each in self.dimensions)

    @property
    def size(self) -> int:
        """How many cells there are; a table without columns has one."""
        return math.prod(self.shape)

    def cell(self, at: int) -> dict[str, str]:
        """The description of a cell."""
        places = np.unravel_index(at, self.shape) if self.dimensions else ()
        return {
            each.name: each.values[int(place)]
            for each, place in zip(self.dimensions, places, strict=True)
        }

    def cell_of(self, codes: Mapping[str, Codes], length: int) -> Codes:
        """The cell that each of some rows falls into, by the codes of its columns."""
        cells = np.zeros(length, dtype=np.int64)
        for each in self.dimensions:
            cells *= len(each.values)
            cells += codes[each.name]
        return cells

    def order_of(self, names: tuple[str, ...]) -> tuple[Form, Codes]:
        """The same form with its columns in another order, and where each of its cells was."""
        axes = [self.names.index(name) for name in names]
        form = Form(tuple(self.dimensions[axis] for axis in axes))
        return form, np.arange(self.size).reshape(self.shape).transpose(axes).reshape(-1)


@dataclass(frozen=True)
class TrueTable:
    """The truth about each cell: people and the key of their noise, and the sites behind them."""

    form: Form
    people: Codes = field(repr=False)
    keys: Codes = field(repr=False)
    sites: Codes = field(repr=False)
    providers: Codes = field(repr=False)
    largest_site: Codes = field(repr=False)
    largest_provider: Codes = field(repr=False)

    @property
    def many_sites(self) -> Flags:
        """Where enough sites and providers stand behind a cell and none of them holds it."""
        share = MOST_OF_ONE.denominator, MOST_OF_ONE.numerator * self.people
        return (
            (self.sites >= LEAST_SITES)
            & (self.providers >= LEAST_PROVIDERS)
            & (share[0] * self.largest_site <= share[1])
            & (share[0] * self.largest_provider <= share[1])
        )

    @property
    def many_people(self) -> Flags:
        """Where there are enough people."""
        return self.people >= LEAST_PEOPLE

    def mark(self, secret: Secret, population: str) -> str:
        """A keyed hash of the table: shows later that the records are the same."""
        truth = np.stack([self.people, self.keys, self.sites, self.providers]).astype("<i8")
        dimensions = [[each.name, each.kind, *each.values] for each in self.form.dimensions]
        content = hashlib.sha256(truth.tobytes()).hexdigest()
        return secret.mark("table", population, json.dumps(dimensions), content)


class Tabulator:
    """Tables of one file of records, each made when it is asked for."""

    def __init__(self, records: Records, secret: Secret) -> None:
        self.records = records
        self._codes = {name: column.codes for name, column in records.columns.items()}
        self._keys = secret.record_keys(records.identifiers)[records.people]
        self.one_row_each = int(np.bincount(records.people).max()) == 1

    def form(self, names: tuple[str, ...]) -> Form:
        """The form of the table by some columns."""
        columns = [self.records.columns[name] for name in names]
        form = Form(tuple(Dimension(it.name, it.kind, it.values) for it in columns))
        check_size(self.records.path, names, form.shape)
        return form

    def table(self, names: tuple[str, ...]) -> TrueTable:
        """The table by some columns."""
        records, form = self.records, self.form(names)
        cells = form.cell_of(self._codes, records.rows)
        once = slice(None) if self.one_row_each else _first_of_each(cells, records.people)
        people = np.bincount(cells[once], minlength=form.size)
        sums = np.bincount(cells[once], weights=self._keys[once], minlength=form.size)
        sites, largest_site = self._behind(form, cells, records.sites)
        providers, largest_provider = self._behind(form, cells, records.providers)
        return TrueTable(
            form,
            people,
            sums.astype(np.int64) % KEY_SPACE,
            sites,
            providers,
            largest_site,
            largest_provider,
        )

    def _behind(self, form: Form, cells: Codes, bodies: Codes) -> tuple[Codes, Codes]:
        """How many sites or providers are behind each cell, and the people of the largest."""
        count = int(bodies.max()) + 1
        pairs = cells * count + bodies
        if not self.one_row_each:
            pairs = pairs[_first_of_each(pairs, self.records.people)]
        if form.size * count <= 8 * len(pairs) + 1_000_000:  # a table is quicker than sorting
            held = np.bincount(pairs, minlength=form.size * count).reshape(form.size, count)
            return np.count_nonzero(held, axis=1), held.max(axis=1)
        found, held = np.unique(pairs, return_counts=True)
        cell = found // count
        largest = np.zeros(form.size, dtype=np.int64)
        np.maximum.at(largest, cell, held)
        return np.bincount(cell, minlength=form.size), largest


def _first_of_each(left: Codes, right: Codes) -> Codes:
    """The places of one row for each pair, so that a person counts once in a cell."""
    first: Codes = np.unique(left * (int(right.max()) + 1) + right, return_index=True)[1]
    return first


class ReadyCounts:
    """Tables of a file of ready counts: a row for each cell, ``_T`` for all values of a column.

    Keys come from the description of a cell, for who is in it is not known: two cells that hold
    the same people under two descriptions get different noise.
    """

    def __init__(
        self, folder: Path, it: Specification, names: tuple[str, ...], secret: Secret
    ) -> None:
        self.path = folder / it.counts
        table = read_source(self.path, it)
        self._it, self._secret = it, secret
        self._counts = {kind: self._numbers(table, it.named(kind)) for kind in COUNTS}
        self._columns = {
            name: _without_totals(self.path, table, name, it.kind_of(name)) for name in names
        }
        self._check_rows()

    def form(self, names: tuple[str, ...]) -> Form:
        """The form of the table by some columns."""
        columns = [self._columns[name] for name in names]
        form = Form(tuple(Dimension(it.name, it.kind, it.values) for it in columns))
        check_size(self.path, names, form.shape)
        return form

    def table(self, names: tuple[str, ...]) -> TrueTable:
        """The table by some columns; each of its cells must have its row."""
        form = self.form(names)
        rows = np.ones(len(self._counts["people"]), dtype=bool)
        for name, column in self._columns.items():
            rows &= (column.codes >= 0) == (name in names)
        at = np.flatnonzero(rows)
        codes = {name: column.codes[at] for name, column in self._columns.items()}
        cells = form.cell_of(codes, len(at))
        seen = np.bincount(cells, minlength=form.size)
        if (seen != 1).any():
            wrong = int(np.flatnonzero(seen != 1)[0])
            cell = described(form.cell(wrong))
            problem = f"there are {seen[wrong]} rows for {cell}."
            remedy = f"Give one row for each cell, 0 people included; {TOTAL_WORD} for a total."
            raise DefinitionError(self.path, problem, remedy)
        row = at[np.argsort(cells)]
        keys = [self._secret.cell_key(self._it.population, form.cell(c)) for c in range(form.size)]
        return TrueTable(
            form,
            self._counts["people"][row],
            np.array(keys, dtype=np.int64),
            *(self._counts[kind][row] for kind in COUNTS[1:]),
        )

    def _numbers(self, table: object, name: str) -> Codes:
        column = plain_column(self.path, table, name, COUNTS[0])
        where = f"column {name}"
        numbers = []
        for value in column.values:
            if not value.isdecimal() or len(value) > 12:
                line = int(np.flatnonzero(column.codes == column.values.index(value))[0]) + 2
                problem, remedy = "the cell is no whole number.", "Write a number of people."
                raise DefinitionError(self.path, problem, remedy, line=line, column=where)
            numbers.append(int(value))
        return np.array(numbers, dtype=np.int64)[column.codes]

    def _check_rows(self) -> None:
        people, sites, providers, largest, largest_of_one = (self._counts[kind] for kind in COUNTS)
        impossible = (providers > sites) | (largest > people) | (largest_of_one > people)
        impossible |= (largest > largest_of_one) | ((people > 0) & (largest == 0))
        impossible |= (people > 0) & ((providers == 0) | (largest * sites < people))
        if impossible.any():
            problem = "the numbers of people, sites and providers of this row cannot all be right."
            line = int(np.flatnonzero(impossible)[0]) + 2
            raise DefinitionError(self.path, problem, "Correct the row.", line=line)


def _without_totals(path: Path, table: object, name: str, kind: str) -> Column:
    """A column of ready counts, in which -1 stands for the total."""
    column = plain_column(path, table, name, kind)
    check_values(path, name, kind, tuple(it for it in column.values if it != TOTAL_WORD))
    if TOTAL_WORD not in column.values:
        return column
    total = column.values.index(TOTAL_WORD)
    codes = column.codes - (column.codes > total)
    codes[column.codes == total] = -1
    values = tuple(value for value in column.values if value != TOTAL_WORD)
    return Column(name, kind, values, codes)


def described(cell: Mapping[str, str]) -> str:
    """A cell in words."""
    return ", ".join(f"{name} {value}" for name, value in cell.items()) or "the total"
