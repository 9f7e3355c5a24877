"""A workbook compared with the register as it is now: three sides, cell by cell.

What stood when the workbook was written (the base) tells who changed what. A cell that a person
changed is taken; one that others changed in the register stays as they left it; where both changed
it, to different things, it is a conflict. Nothing is deleted because it is missing from a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from waymark.exchange.incoming import (
    CellFault,
    Change,
    Conflict,
    Difference,
    Document,
    Incoming,
    row_key,
    told,
    with_field,
)
from waymark.exchange.workbook.cells import as_text, as_value, same
from waymark.exchange.workbook.columns import REMOVE, Column, Sheet
from waymark.exchange.workbook.contents import Documents, Row, Rows
from waymark.words import N_

NEW_ROW = "s{number}"


@dataclass
class _Draft:
    """A document on its way to being a change."""

    kind: str
    subject: str
    base: Document | None
    document: Document
    cells: dict[str, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.differences or self.conflicts)

    def finished(self) -> Change:
        return Change(
            kind=self.kind,
            subject=self.subject,
            document=self.document,
            base=self.base,
            cells=self.cells,
            differences=tuple(self.differences),
            conflicts=tuple(self.conflicts),
        )


def compare(rows: Rows, now: Documents, source: str) -> Incoming:
    """What a workbook changes in the register as it is ``now``, by kind and identifier.

    Every fault of the workbook is in the result, also those of the comparison: rows that name
    something which is not there.
    """
    return _Comparison(rows, now).result(source)


class _Comparison:
    """One comparison: drafts by kind and identifier, faults and notes as they are found."""

    def __init__(self, rows: Rows, now: Documents) -> None:
        self.rows, self.now, self.base = rows, now, rows.base
        self.drafts: dict[tuple[str, str], _Draft] = {}
        self.faults = list(rows.faults)
        self.notes = list(rows.notes)
        self.seen: dict[tuple[str, str], str] = {}

    def result(self, source: str) -> Incoming:
        for row in self.rows.rows:
            if not row.sheet.inside:
                self._own_row(row)
        for row in self.rows.rows:
            if row.sheet.inside:
                self._inner_row(row)
        self._tell_of_the_missing()
        changes = [each.finished() for each in self.drafts.values() if each.changed]
        return Incoming(
            source=source,
            changes=tuple(changes),
            faults=tuple(self.faults),
            notes=tuple(self.notes),
        )

    def _own_row(self, row: Row) -> None:
        kind, subject = row.sheet.kind, row.texts.get("id", "")
        if subject and self._is_twice(row):
            return
        based = self.base.get((row.sheet.name, subject)) if subject else None
        there = self.now.get(kind, {}).get(subject) if subject else None
        if based is not None and there is None:
            self._faults_unless_same(row, based)
            return
        draft = _Draft(kind, subject, there, dict(there or {}))
        self._merge(draft, row, based, there, ())
        self.drafts[kind, subject or row.at] = draft

    def _inner_row(self, row: Row) -> None:
        owner = row.texts.get(row.sheet.key[0], "")
        draft = self._owner(row, owner)
        if draft is None:
            return
        key = " ".join(row.texts.get(name, "") for name in row.sheet.key[1:]).strip()
        if row.key and self._is_twice(row):
            return
        held = _inner(draft.document, row.sheet.inside)
        there = next((each for each in held if row_key(each) == key), None) if key else None
        if row.texts.get(REMOVE) == "true":
            self._take_out(draft, row, there)
            return
        based = self.base.get((row.sheet.name, row.key)) if row.key else None
        if there is None and based is not None:
            self._faults_unless_same(row, based)
        elif there is None:
            self._put_in(draft, row, held)
        else:
            self._merge(draft, row, based, there, (row.sheet.inside, key))

    def _owner(self, row: Row, owner: str) -> _Draft | None:
        kind = row.sheet.kind
        if (kind, owner) in self.drafts:
            return self.drafts[kind, owner]
        there = self.now.get(kind, {}).get(owner)
        if there is not None:
            return self.drafts.setdefault((kind, owner), _Draft(kind, owner, there, dict(there)))
        based = self.base.get((row.sheet.name, row.key)) if row.key else None
        if based is not None:
            self._faults_unless_same(row, based)
        else:
            name = row.sheet.key[0]
            self.faults.append(
                CellFault(
                    cell=row.cells.get(name, row.at),
                    problem=told(N_("'{given}' is not among your rows."), given=owner),
                    remedy=told(N_("Write the identifier of a row of this workbook.")),
                )
            )
        return None

    def _merge(
        self,
        draft: _Draft,
        row: Row,
        based: Mapping[str, str] | None,
        there: Document | None,
        within: tuple[str, ...],
    ) -> None:
        """Take over the cells of a row that a person changed."""
        for column in row.sheet.columns:
            if column.name in row.sheet.key or column.name == REMOVE:
                continue
            path = (*within, column.name)
            draft.cells[".".join(path)] = row.cells.get(column.name, row.at)
            theirs = as_text(column, (there or {}).get(column.name))
            mine = self._mine(row, column, based, theirs)
            if mine is None or same(column, mine, theirs):
                continue
            base = based.get(column.name, "") if based is not None else None
            if base is not None and same(column, mine, base):
                continue  # others changed it: theirs stays
            self._take(draft, row, column, path, base if there is not None else "", mine, theirs)

    def _take(
        self,
        draft: _Draft,
        row: Row,
        column: Column,
        path: tuple[str, ...],
        base: str | None,
        mine: str,
        theirs: str,
    ) -> None:
        cell, value = row.cells.get(column.name, row.at), as_value(column, mine)
        if base is None and not theirs:
            base = ""
        if base is None or not same(column, base, theirs):
            draft.conflicts.append(
                Conflict(path=path, cell=cell, base=base, mine=mine, theirs=theirs, value=value)
            )
            return
        draft.document = with_field(draft.document, path, value)
        draft.differences.append(Difference(path=path, cell=cell, before=theirs, after=mine))

    def _mine(
        self, row: Row, column: Column, based: Mapping[str, str] | None, theirs: str
    ) -> str | None:
        """What a person left in a cell; None where there is no word on it, or none to read."""
        if column.name in row.raw:
            text, fault = row.raw[column.name]
            if (based or {}).get(column.name, "") != text and text != theirs:
                self.faults.append(fault)
            return None
        mine = row.texts.get(column.name)
        if based is None and mine == "":
            return None  # a row that the workbook was not written with says only what it fills
        return mine

    def _put_in(self, draft: _Draft, row: Row, held: list[Document]) -> None:
        given: Document = {}
        inside = row.sheet.inside
        for column in row.sheet.columns:
            if column.name == REMOVE or column.name == row.sheet.key[0]:
                continue
            if column.name in row.raw:
                self.faults.append(row.raw[column.name][1])
            value = as_value(column, row.texts.get(column.name, ""))
            if value not in (None, "", [], False):
                given[column.name] = value
        if not given or any(_says_the_same(row.sheet, given, each) for each in held):
            return
        if "id" in row.sheet.key and "id" not in given:
            given = {"id": _free({row_key(each) for each in held}), **given}
        draft.document = {**draft.document, inside: [*held, given]}
        key = row_key(given)
        for name, cell in row.cells.items():
            draft.cells[f"{inside}.{key}.{name}"] = cell
        draft.differences += [
            Difference(
                path=(inside, key, column.name),
                cell=row.cells.get(column.name, row.at),
                before="",
                after=as_text(column, given[column.name]),
            )
            for column in row.sheet.columns
            if column.name in given
        ]

    def _take_out(self, draft: _Draft, row: Row, there: Document | None) -> None:
        if there is None:
            return
        inside, key = row.sheet.inside, row_key(there)
        kept = [each for each in _inner(draft.document, inside) if row_key(each) != key]
        draft.document = {**draft.document, inside: kept}
        cell = row.cells.get(REMOVE, row.at)
        draft.cells[f"{inside}.{key}"] = cell
        said = " · ".join(
            as_text(column, there.get(column.name))
            for column in row.sheet.columns
            if there.get(column.name)
        )
        draft.differences.append(
            Difference(path=(inside, key, REMOVE), cell=cell, before=said, after="")
        )

    def _is_twice(self, row: Row) -> bool:
        where = (row.sheet.name, row.key)
        if where in self.seen:
            self.faults.append(
                CellFault(
                    cell=row.cells.get(row.sheet.key[-1], row.at),
                    problem=told(N_("'{key}' is there twice."), key=row.key),
                    remedy=told(
                        N_("{cell} has it too; remove one, or give each its own."),
                        cell=self.seen[where],
                    ),
                )
            )
            return True
        self.seen[where] = row.at
        return False

    def _faults_unless_same(self, row: Row, based: Mapping[str, str]) -> None:
        """A row that the register no longer has: a fault where somebody worked on it."""
        self.seen.setdefault((row.sheet.name, row.key), row.at)
        touched = any(
            not same(column, row.texts[column.name], based.get(column.name, ""))
            for column in row.sheet.columns
            if column.name in row.texts and column.name not in (*row.sheet.key, REMOVE)
        )
        if touched:
            self.faults.append(
                CellFault(
                    cell=row.at,
                    problem=told(N_("'{key}' is no longer among your rows."), key=row.key),
                    remedy=told(
                        N_("Enter it as a new row without an identifier, or delete the row.")
                    ),
                )
            )

    def _tell_of_the_missing(self) -> None:
        gone = [key for key in self.base if key not in self.seen]
        counted: dict[str, int] = {}
        for sheet, _ in gone:
            counted[sheet] = counted.get(sheet, 0) + 1
        for sheet, count in counted.items():
            self.notes.append(
                told(
                    N_(
                        "Rows that are not in the sheet {sheet} any more: {count}. "
                        "They stay in the register."
                    ),
                    sheet=sheet,
                    count=count,
                )
            )


def _inner(document: Mapping[str, Any], inside: str) -> list[Document]:
    return [dict(each) for each in document.get(inside) or () if isinstance(each, Mapping)]


def _says_the_same(sheet: Sheet, given: Document, held: Document) -> bool:
    """Whether a row without a key of its own is there already."""
    return "id" not in held and all(
        same(
            column,
            as_text(column, given.get(column.name)),
            as_text(column, held.get(column.name)),
        )
        for column in sheet.columns
        if column.name not in (REMOVE, sheet.key[0])
    )


def _free(taken: Iterable[str]) -> str:
    used = set(taken)
    return next(name for name in _names() if name not in used)


def _names() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield NEW_ROW.format(number=number)
