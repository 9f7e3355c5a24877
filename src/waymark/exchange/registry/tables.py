"""A file of the registry as a table that the query engine can read: Parquet, or a workbook.

A workbook is first written out as Parquet, row by row, since its faults have cells for places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from waymark.exceptions import DefinitionError
from waymark.exchange.registry.forms import Forms, Header, header_of
from waymark.exchange.workbooks import REGISTRY, Cell, Row, Sheet, Workbook, open_workbook
from waymark.exchange.workbooks import Value as CellValue
from waymark.indicators.releases import Release

BATCH = 20_000
SCALE = Decimal(1).scaleb(-19)  # decimals kept of an amount; more cannot change a cent
LARGEST = Decimal(10) ** 16
WIDE = Context(prec=60)
NUMBERS = ("year", "value")
ROW = "row"  # the column with the number of a row

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Table:
    """A table in Parquet, what its columns mean, and where its rows stand in the file.

    ``row`` names the column with the number of a row; without it, rows are numbered as they come.
    ``columns`` are the letters of a workbook's columns by use, ``header`` the row of its headers.
    """

    source: Path
    parquet: Path
    header: Header
    numbered: bool = False
    sheet: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    header_row: int = 0
    remarks: tuple[str, ...] = ()

    def fault(self, row: int, use: str, problem: str, remedy: str) -> DefinitionError:
        """What is wrong in a row, with its place as a reader of the file finds it."""
        if self.sheet:
            place = f"{self.sheet}!{dict(self.columns)[use]}{row + self.header_row}"
            return DefinitionError(self.source, problem, remedy, column=place)
        column = f"column {self.header.used[use]}"
        return DefinitionError(self.source, problem, remedy, line=row, column=column)


def open_table(
    path: Path,
    forms: Forms,
    room: Path,
    release: Release | None = None,
    tell: Tell = lambda _: None,
) -> Table:
    """A file as a table; ``room`` is a folder for what is written on the way.

    Raises ``DefinitionError`` for a file of another form. ``tell`` hears how many rows of a
    workbook were read.
    """
    if not path.is_file():
        raise DefinitionError(path, "the file is missing.", "Correct the name.")
    try:
        with path.open("rb") as file:
            first = file.read(4)
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}."
        remedy = "Check that it is a file that you may read."
        raise DefinitionError(path, problem, remedy) from None
    if first == b"PAR1":
        return _parquet(path, forms, release)
    if first[:2] == b"PK" or path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        return _workbook(path, forms, room, release, tell)
    remedy = "The registry's tables (Parquet) and workbooks (XLSX) are read; fetch it again."
    raise DefinitionError(path, "this is neither a Parquet file nor a workbook.", remedy)


def _parquet(path: Path, forms: Forms, release: Release | None) -> Table:
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError):
        remedy = "Fetch it again; the reader takes Parquet as the registry's tables are kept."
        raise DefinitionError(path, "this is not a whole Parquet file.", remedy) from None
    header = header_of(path, schema.names, forms, release)
    for use, name in header.used.items():
        kind = schema.field(name).type
        if not _fits(use, kind):
            problem = f"the column {name} holds {kind}."
            raise DefinitionError(path, problem, "Fetch the table again, as the registry has it.")
    return Table(path, path, header)


def _fits(use: str, kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_null(kind):
        return True
    whole = pa.types.is_integer(kind)
    if use == "year":
        return bool(whole)
    if use == "value":
        return bool(whole or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return bool(text or (whole and use in ("several_countries", "humanitarian")))


def _workbook(path: Path, forms: Forms, room: Path, release: Release | None, tell: Tell) -> Table:
    book = open_workbook(path, limits=REGISTRY)
    sheet, top, remarks = _sheet_with_money(path, book, forms)
    names = [str(cell.checked(path.name)).strip() for cell in top]
    header = header_of(path, names, forms, release)
    letters = dict(zip(names, (cell.column for cell in top), strict=True))
    uses = {letters[name]: use for use, name in header.used.items()}
    others = {letters[name]: name for name in header.ignored}
    target = room / f"{path.stem}.parquet"
    fields = [(ROW, pa.int32()), *((name, pa.string()) for name in header.ignored)]
    kinds = {"year": pa.int64(), "value": pa.decimal128(38, 19)}
    fields += [(name, kinds.get(use, pa.string())) for use, name in header.used.items()]
    schema = pa.schema(fields)
    table = Table(
        path,
        target,
        header,
        True,
        sheet.name,
        tuple((use, letter) for letter, use in uses.items()),
        top.number,
        remarks,
    )
    rows = (_cells(table, row, uses, others) for row in sheet.rows() if row.number > top.number)
    with pq.ParquetWriter(target, schema) as writer:
        for batch in _batches(rows):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))
            tell(len(batch))
    return table


def _sheet_with_money(
    path: Path, book: Workbook, forms: Forms
) -> tuple[Sheet, Row, tuple[str, ...]]:
    """The one sheet with headers of money, its row of headers, and what else is there."""
    found, seen = [], []
    remarks = [each.text() for each in book.remarks]
    for sheet in book.sheets:
        top = next(iter(sheet.rows()), None)
        if top is None or sheet.hidden:
            continue
        headers = [str(cell.value) for cell in top]
        if forms.knows(headers):
            found.append((sheet, top))
        else:
            seen.append(sheet.name)
    if len(found) > 1:
        names = ", ".join(sheet.name for sheet, _ in found)
        remedy = "Keep one of them in the workbook."
        raise DefinitionError(path, f"several sheets hold money: {names}.", remedy)
    if not found:
        wanted = ", ".join(names[0] for names in forms.columns.values())
        remedy = f"The first row of its sheet must name the columns: {wanted}."
        raise DefinitionError(path, "no sheet has the columns of the registry's workbooks.", remedy)
    remarks += [f"Sheets without money, not read: {', '.join(seen)}."] if seen else []
    return (*found[0], tuple(remarks))


def _cells(
    table: Table, row: Row, uses: dict[str, str], others: dict[str, str]
) -> dict[str, object]:
    values: dict[str, object] = {ROW: row.number - table.header_row}
    for cell in row:
        if cell.column in others:
            values[others[cell.column]] = "" if cell.value is None else str(cell.value)
        elif cell.column in uses:
            use = uses[cell.column]
            values[table.header.used[use]] = _value(table, cell, use)
        else:
            problem = "there is a value beside the table."
            raise DefinitionError(table.source, problem, "Remove it.", column=cell.address)
    return values


def _value(table: Table, cell: Cell, use: str) -> object:
    value = cell.checked(table.source.name)
    if use not in NUMBERS:
        return str(int(value)) if isinstance(value, bool) else str(value)
    number = _number(value)
    if number is None or (use == "year" and number != int(number)):
        problem = f"'{value}' is no {'year' if use == 'year' else 'number'}."
        raise DefinitionError(table.source, problem, "Correct the cell.", column=cell.address)
    if abs(number) >= (10**9 if use == "year" else LARGEST):
        problem = f"the {'year' if use == 'year' else 'amount'} is too large."
        raise DefinitionError(table.source, problem, "Correct the cell.", column=cell.address)
    return int(number) if use == "year" else number.quantize(SCALE, ROUND_DOWN, WIDE)


def _number(value: CellValue) -> Decimal | None:
    """The number in a cell, one that a spreadsheet was told to keep as text among them."""
    if isinstance(value, str):
        text = value.strip()
        plain = text.removeprefix("-").replace(".", "", 1)
        return Decimal(text) if plain.isascii() and plain.isdigit() else None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    return None


def _batches(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    batch: list[dict[str, object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch
