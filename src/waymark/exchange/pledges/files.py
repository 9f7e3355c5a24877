"""A pledge list as its file was handed over: CSV, or a sheet of a workbook."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.exchange.csv_tables import LARGEST, Delimiter, Encoding, read_csv
from waymark.exchange.source_tables import (
    CellFault,
    Content,
    FaultsError,
    SourceTable,
    table_of,
)
from waymark.exchange.spreadsheets.cells import Cell, Row, as_shown, column_number
from waymark.exchange.workbooks import Workbook, open_workbook

WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how workbooks begin, old ones too
NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def read_source(
    content: bytes,
    file: str,
    *,
    encoding: Encoding | None = None,
    delimiter: Delimiter | None = None,
    sheet: str | None = None,
    header_row: int = 1,
) -> SourceTable:
    """The table in a file, be it CSV or a workbook; a ``FaultsError`` says what is wrong."""
    if content.startswith(WORKBOOK) or file.lower().endswith(NAMES):
        return _of_workbook(open_workbook(content, file), file, sheet, header_row)
    return read_csv(content, file, encoding=encoding, delimiter=delimiter, header_row=header_row)


def _of_workbook(book: Workbook, file: str, wanted: str | None, header_row: int) -> SourceTable:
    if wanted is not None:
        sheet = book.sheet(wanted)
    else:
        seen = [each for each in book.sheets if not each.hidden]
        if len(seen) != 1:
            names = ", ".join(each.name for each in seen) or "none"
            problem = f"it has {len(seen)} sheets that a spreadsheet shows: {names}."
            raise FaultsError([CellFault(file, problem, "Say which one holds the list.")])
        sheet = seen[0]
    records = ((row.number, _cells(row)) for row in sheet.rows())
    return table_of(file, records, header_row, sheet.name, book.remarks)


def _cells(row: Row) -> tuple[Content, ...]:
    """The cells of a row by their places; what cannot be read stays as its fault."""
    held: list[Content] = []
    for cell in row:
        at = column_number(cell.column) - 1
        held += [None] * (at - len(held))
        held.append(_content(cell))
    return tuple(held)


def _content(cell: Cell) -> Content:
    if cell.fault is not None:
        return cell.fault
    if isinstance(cell.value, Decimal):
        return as_shown(cell.value)
    return cell.value.strip() if isinstance(cell.value, str) else cell.value


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, up to one more than a list may have."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        remedy = "Check that it is a file that you may read."
        problem = f"the file cannot be read: {error.strerror}."
        raise DefinitionError(path, problem, remedy) from None
