"""The rows of one pledge as documents: each value with the cell that it was read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from waymark.exchange.pledges.cells import CellError, CellReader
from waymark.exchange.pledges.mappings import LISTS, Column, PledgeMapping
from waymark.exchange.pledges.targets import REFERENCE, SEVERAL, Target
from waymark.exchange.source_tables import CellFault, SourceRow, SourceTable, shown

Cell = tuple[int, str]  # a row, and the name of a column; without one it is a constant


@dataclass
class Part:
    """What a row says of one thing: its fields, the cell of each, and what holds otherwise."""

    kind: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    otherwise: dict[str, Any] = field(default_factory=dict)

    def cell(self, *names: object) -> Cell:
        """The cell to be named where a field is wrong; the row where it comes from none."""
        return next(
            (self.cells[str(name)] for name in names if str(name) in self.cells), (self.row, "")
        )


@dataclass
class Pledge:
    """All that a list says of one reference.

    ``organisations`` are what is said of those that it names; ``slug`` is its identifier where
    that does not follow from the reference.
    """

    reference: str
    row: int
    commitment: Part
    lead: Part
    parts: list[Part] = field(default_factory=list)
    organisations: dict[str, Part] = field(default_factory=dict)
    slug: str = ""

    def of_kind(self, kind: str) -> list[Part]:
        """Its steps, partners, reports or flows, in the list's order."""
        return [part for part in self.parts if part.kind == kind]


class PledgeRows:
    """Reads the rows of a table by a mapping, and gathers the faults."""

    def __init__(self, table: SourceTable, mapping: PledgeMapping, reader: CellReader) -> None:
        self.table = table
        self.mapping = mapping
        self.reader = reader
        self.faults: list[CellFault] = []
        self.constants = dict(self._constants())
        self.columns = {
            name: (column, table.header.index(name))
            for name, column in mapping.columns.items()
            if name in table.header
        }

    def pledges(self) -> list[Pledge]:
        """The pledges in the list's order; rows with one reference are one pledge."""
        self._check_header()
        found: dict[str, Pledge] = {}
        for row in self.table.rows:
            reference = self._reference(row)
            if reference is None:
                continue
            pledge = found.get(reference)
            if pledge is None:
                pledge = Pledge(
                    reference,
                    row.number,
                    Part("commitments", row.number),
                    Part("actors", row.number),
                )
                found[reference] = pledge
            self._take(row, pledge)
        for pledge in found.values():
            self.complete(pledge)
        return list(found.values())

    def fault(self, error: CellError, cell: Cell) -> None:
        """Keep what is wrong with a cell."""
        row, name = cell
        self.faults.append(self.table.fault(error.problem, error.remedy, row or None, name))

    def _constants(self) -> Iterator[tuple[Target, list[Any]]]:
        for target, value in self.mapping.fixed.items():
            try:
                yield target, self.reader.read(value, target)
            except CellError as error:
                problem = f"the constant '{target}': {error.problem}"
                self.faults.append(CellFault("the mapping", problem, error.remedy))

    def _check_header(self) -> None:
        known = {*self.mapping.columns, *self.mapping.ignored}
        for name in self.table.header:
            if name not in known:
                problem = "the column is neither used nor ignored."
                remedy = "Add it under 'columns' or 'ignored' in the mapping."
                row = self.table.header_row
                self.faults.append(self.table.fault(problem, remedy, row, name))
        for name in (*self.mapping.columns, *self.mapping.ignored):
            if name not in self.table.header:
                problem = f"there is no column '{shown(name)}', which the mapping names."
                remedy = "Correct its name in the mapping, or take it out there."
                row = self.table.header_row
                self.faults.append(self.table.fault(problem, remedy, row))

    def _reference(self, row: SourceRow) -> str | None:
        name = self.mapping.reference
        if name not in self.columns:
            return None
        column, at = self.columns[name]
        try:
            found = self.reader.read(row.cells[at], column.field)
            if found:
                return str(found[0])
            raise CellError("the row has no reference.", "Give each pledge a reference of its own.")
        except CellError as error:
            self.fault(error, (row.number, name))
            return None

    def _take(self, row: SourceRow, pledge: Pledge) -> None:
        groups: dict[tuple[str, int], dict[Target, tuple[list[Any], str]]] = {}
        for name, (column, at) in self.columns.items():
            target = column.field
            if target.kind == REFERENCE:
                continue
            try:
                values = self.reader.read(row.cells[at], target, column)
            except CellError as error:
                self.fault(error, (row.number, name))
                continue
            if not values:
                continue
            if target.kind in SEVERAL:
                groups.setdefault((target.kind, target.number), {})[target] = values, name
            else:
                self._put(pledge, column, values, (row.number, name))
        for (kind, number), fields in groups.items():
            self._add(pledge, kind, number, fields, row.number)

    def _put(self, pledge: Pledge, column: Column, values: list[Any], cell: Cell) -> None:
        target = column.field
        part = pledge.lead if target.kind == "actors" else pledge.commitment
        if target.sort in LISTS:
            before = part.values.get(target.field, ())
            part.values[target.field] = tuple(dict.fromkeys([*before, *values]))
        elif target.field in part.values and part.values[target.field] != values[0]:
            there = part.cells[target.field][0]
            problem = f"row {there} says something else of '{shown(pledge.reference)}'."
            remedy = "Rows with one reference are one pledge: make them agree, or tell them apart."
            self.fault(CellError(problem, remedy), cell)
        else:
            part.values[target.field] = values[0]
        part.cells.setdefault(target.field, cell)

    def _add(
        self,
        pledge: Pledge,
        kind: str,
        number: int,
        fields: dict[Target, tuple[list[Any], str]],
        row: int,
    ) -> None:
        """One part for each of several values; a column with one value speaks of them all."""
        lists = {target for target in fields if target.sort in LISTS}
        count = max((len(v) for t, (v, _) in fields.items() if t not in lists), default=1)
        for target, (values, name) in fields.items():
            if target not in lists and len(values) not in (1, count):
                problem = f"it holds {len(values)} values, another column of these {kind} {count}."
                self.fault(CellError(problem, "Give as many, or one for all."), (row, name))
                return
        for at in range(count):
            part = Part(kind, row)
            for target, (values, name) in fields.items():
                held = tuple(values) if target in lists else values[at if len(values) > 1 else 0]
                part.values[target.field] = held
                part.cells[target.field] = (row, name)
            self._fill(part, number)
            if all(each.values != part.values for each in pledge.of_kind(kind)):
                pledge.parts.append(part)

    def complete(self, pledge: Pledge) -> None:
        """Put the mapping's constants where nothing is said of a commitment and its lead."""
        pledge.commitment.otherwise = self._held("commitments", 1)
        self._fill(pledge.lead, 1)

    def _fill(self, part: Part, number: int) -> None:
        """Put constants where the row says nothing."""
        part.values = {**self._held(part.kind, number), **part.values}

    def _held(self, kind: str, number: int) -> dict[str, Any]:
        """The constants of a kind; one without a number holds for all."""
        return {
            target.field: tuple(values) if target.sort in LISTS else values[0]
            for target, values in self.constants.items()
            if target.kind == kind and target.number in (number, 1) and values
        }
