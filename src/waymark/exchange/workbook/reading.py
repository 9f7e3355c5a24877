"""A workbook read back as a person left it, whatever they and their spreadsheet did to its form.

Sheets and columns are found by the hashtags of their second row, wherever they were moved and
however they were renamed. Whatever cannot be read is a fault of its cell, and all of them are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from waymark.exceptions import DefinitionError
from waymark.exchange import workbooks
from waymark.exchange.incoming import CellFault, Told, told
from waymark.exchange.workbook.cells import UnreadableError, meant
from waymark.exchange.workbook.choices import Lists
from waymark.exchange.workbook.columns import Column, Sheet, attributes, sheets_of
from waymark.exchange.workbook.contents import FORMAT, Row, Rows
from waymark.exchange.workbook.writing import BASE, LISTS, MARK
from waymark.words import N_, Sentence

HEADS = 25  # rows among which the hashtags stand (HXL 1.1)
MOSTLY = 0.7  # of its hashtags, for a sheet that has lost the column by which it is known
LIMITS = workbooks.Limits(
    packed=5_000_000,
    unpacked=60_000_000,
    rows=100_000,
    columns=200,
    elements=4_000_000,
    texts=400_000,
)
AGAIN = N_("Download the workbook anew, and put your changes into it.")


def read_workbook(content: bytes, name: str, lists: Lists) -> Rows:
    """The rows of a workbook, what stood when it was written, and every fault in its cells.

    Raises ``DefinitionError`` for a file that is no workbook, is broken or too large, and for one
    that was not written by Waymark.
    """
    book = workbooks.open_workbook(content, name, LIMITS)
    reader = _Reader(lists)
    for sheet in book.sheets:
        if sheet.name.casefold() == BASE:
            reader.read_base(sheet, name)
    for sheet in book.sheets:
        if sheet.name.casefold() not in (BASE, LISTS):
            reader.read_sheet(sheet)
    remarks = [each for each in book.remarks if BASE not in str(each.fields.get("names", ""))]
    reader.notes += [_kept(each) for each in remarks]
    if not reader.read:
        raise DefinitionError(
            name,
            "no sheet of it has the hashtags that Waymark writes.",
            "Send a workbook that you downloaded here; its second row must stay as it was.",
        )
    return Rows(tuple(reader.rows), reader.base, tuple(reader.faults), tuple(reader.notes))


@dataclass
class _Reader:
    """What was read so far."""

    lists: Lists
    rows: list[Row] = field(default_factory=list)
    base: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    def read_base(self, sheet: workbooks.Sheet, name: str) -> None:
        for number, row in enumerate(sheet.rows()):
            texts = [cell.value if isinstance(cell.value, str) else "" for cell in row]
            if number == 0:
                _check_mark(texts, name)
            elif len(texts) > 1:
                self.base[texts[0], texts[1]] = dict(zip(texts[2::2], texts[3::2], strict=False))

    def read_sheet(self, sheet: workbooks.Sheet) -> None:
        rows = sheet.rows()
        head = _head(rows)
        if head is None:
            return
        found, columns = head
        if found.name in self.read:
            self._fault(
                sheet.name,
                told(
                    N_("There are two sheets for the same rows, here and in {other}."),
                    other=self.read[found.name],
                ),
                told(N_("Remove one of them.")),
            )
            return
        self.read[found.name] = sheet.name
        if not self._has_keys(sheet, found, columns):
            return
        strange: set[str] = set()
        for row in rows:
            self._read_row(sheet, found, columns, row, strange)
        if strange:
            self.notes.append(
                told(
                    N_("Columns without a hashtag are not read: {columns} of the sheet {sheet}."),
                    columns=", ".join(sorted(strange)),
                    sheet=sheet.name,
                )
            )

    def _has_keys(self, at: workbooks.Sheet, sheet: Sheet, columns: Mapping[str, Column]) -> bool:
        there = [column.name for column in columns.values()]
        missing = [name for name in sheet.key if name not in there]
        twice = sorted({name for name in there if there.count(name) > 1})
        for names, problem in (
            (missing, N_("The column with the hashtag {tag} is missing.")),
            (twice, N_("Two columns have the hashtag {tag}.")),
        ):
            for name in names:
                self._fault(at.name, told(problem, tag=sheet.by_name[name].tag), told(AGAIN))
        return not missing and not twice

    def _read_row(
        self,
        at: workbooks.Sheet,
        sheet: Sheet,
        columns: Mapping[str, Column],
        row: workbooks.Row,
        strange: set[str],
    ) -> None:
        texts = {column.name: "" for column in columns.values()}
        cells = {
            column.name: f"{at.name}!{letter}{row.number}" for letter, column in columns.items()
        }
        raw: dict[str, tuple[str | None, CellFault]] = {}
        for cell in row:
            column = columns.get(cell.column)
            if column is None:
                strange.add(cell.column)
                continue
            try:
                texts[column.name] = self._text(column, cell)
            except UnreadableError as error:
                fault = CellFault(cell=cell.address, problem=error.problem, remedy=error.remedy)
                raw[column.name] = (str(cell.value) if cell.fault is None else None, fault)
                del texts[column.name], cells[column.name]
        broken = [fault for name, (_, fault) in raw.items() if name in sheet.key]
        self.faults += broken
        if not broken and (raw or any(texts.values())):
            self.rows.append(Row(sheet, f"{at.name}!{row.number}", texts, cells, raw))

    def _text(self, column: Column, cell: workbooks.Cell) -> str:
        if cell.fault is not None:
            raise UnreadableError(told(cell.fault.problem.message), told(cell.fault.remedy.message))
        return meant(column, cell.value, self.lists)

    def _fault(self, cell: str, problem: Told, remedy: Told) -> None:
        self.faults.append(CellFault(cell=cell, problem=problem, remedy=remedy))


def _kept(remark: Sentence) -> Told:
    names = remark.fields.get("names")
    if not isinstance(names, list):
        return told(remark.message)
    return told(remark.message, names=", ".join(str(each) for each in names))


def _check_mark(texts: list[str], name: str) -> None:
    mark, number = (*texts, "", "")[:2]
    if mark != MARK or not number.isdecimal():
        raise DefinitionError(
            name, "its sheet 'base' is not as Waymark wrote it.", "Download the workbook anew."
        )
    if int(number) > FORMAT:
        raise DefinitionError(
            name,
            f"it was written by a newer Waymark (format {number}).",
            "Send it to the site from which you downloaded it.",
        )


def _head(rows: Iterator[workbooks.Row]) -> tuple[Sheet, dict[str, Column]] | None:
    """The sheet of the library that a sheet of the file is, and its columns by their letters."""
    for row in rows:
        if row.number > HEADS:
            return None
        tags = {
            cell.column: cell.value
            for cell in row
            if isinstance(cell.value, str) and cell.value.strip().startswith("#")
        }
        sheet = _sheet_of(tags.values())
        if sheet is not None:
            return sheet, _columns(sheet, tags)
    return None


def _sheet_of(tags: Iterable[str]) -> Sheet | None:
    """The sheet whose key a row of hashtags has; else the one that it mostly is."""
    given = {frozenset(attributes(tag)) for tag in tags}
    shared = {}
    for sheet in sheets_of():
        own = [frozenset(attributes(column.tag)) for column in sheet.columns]
        if own[0] in given:
            return sheet
        shared[sheet] = sum(tag in given for tag in own) / len(own)
    best = max(shared, key=lambda sheet: shared[sheet])
    return best if shared[best] > MOSTLY else None


def _columns(sheet: Sheet, tags: Mapping[str, str]) -> dict[str, Column]:
    exact = {frozenset(attributes(each.tag)): each for each in sheet.columns}
    found = {}
    for letter, tag in tags.items():
        given = frozenset(attributes(tag))
        column = exact.get(given)
        if column is None:
            known = [each for each in sheet.columns if each.name in given]
            column = known[0] if len(known) == 1 else None
        if column is not None:
            found[letter] = column
    return found
