"""Files of tables: CSV as spreadsheets write it, and Parquet for what is too large for that."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from pyarrow import parquet

from waymark.exceptions import DefinitionError, WaymarkError
from waymark.firewall.audits.network import Arrangement
from waymark.firewall.audits.tables import Fault, Row, Table, connection
from waymark.reading import Value, read_text

ON_DISK: dict[type[Value], tuple[str, ...]] = {  # what of Parquet is only looked up or shown
    Arrangement: ("id", "sender", "recipient", "basis", "source")
}
BLOCK = 1 << 24  # bytes that are parsed at a time, and the most that a row may have
DELIMITERS = ",;\t"
FREE = ("id", "name", "sender", "recipient", "parent", "evidence", "duty_basis")


def read_file(folder: Path, name: str, model: type[Value], most: int | None) -> Table:
    """The table ``name`` of a folder, in CSV or in Parquet."""
    path = file_of(folder, name)
    return (read_parquet if path.suffix == ".parquet" else read_csv)(path, model, most)


def files_of(folder: Path) -> tuple[Path, Path]:
    """The files of the two tables in a folder."""
    return file_of(folder, "bodies"), file_of(folder, "arrangements")


def file_of(folder: Path, name: str) -> Path:
    """The one file of a table."""
    found = [path for path in (folder / f"{name}.parquet", folder / f"{name}.csv") if path.exists()]
    if not found:
        remedy = f"Put {name}.csv or {name}.parquet there."
        raise DefinitionError(folder / f"{name}.csv", "the file is missing.", remedy)
    if len(found) > 1:
        problem = f"there is {found[0].name} as well as {found[1].name}."
        raise DefinitionError(found[0], problem, "Keep one of the two.")
    return found[0]


def check_size(path: Path, rows: int, most: int | None) -> None:
    """Refuse a table that is larger than somebody may send."""
    if most is not None and rows > most:
        problem = f"it has {rows:,} rows; the most here is {most:,}."
        raise DefinitionError(path, problem, "Split it by place, or audit it at the command line.")


def _check_header(path: Path, header: list[str], model: type[Value]) -> None:
    fields = model.model_fields
    for problem, names in (
        ("is missing", [it for it in fields if fields[it].is_required() and it not in header]),
        ("is not known", [it for it in header if it not in fields]),
        ("is there twice", sorted({it for it in header if header.count(it) > 1})),
    ):
        if names:
            listed = ", ".join(it[:40] for it in names[:9])
            remedy = f"The columns are: {', '.join(fields)}."
            raise DefinitionError(path, f"the column {listed} {problem}.", remedy, line=1)


def read_parquet(path: Path, model: type[Value], most: int | None) -> Table:
    """A Parquet file as a table; texts that are only shown stay on disk."""

    def fault(row: int | None, column: str | None, problem: str, remedy: str) -> WaymarkError:
        places = [f"row {row + 1}" if row is not None else "", f"column {column}" if column else ""]
        return DefinitionError(
            path, problem, remedy, column=", ".join(filter(None, places)) or None
        )

    try:
        schema = parquet.read_schema(path)
        names = schema.names
        _check_header(path, names, model)
        check_size(path, parquet.read_metadata(path).num_rows, most)
        wanted = [name for name in names if name not in ON_DISK.get(model, ())]
        texts = {it for it in wanted if pa.types.is_string(schema.field(names.index(it)).type)}
        few = sorted(texts - {*FREE})  # columns of few different texts
        read = parquet.ParquetFile(path, read_dictionary=few).read(wanted)
        columns = {name: _as_text(read[name], name, fault) for name in wanted}
    except FileNotFoundError:
        raise DefinitionError(path, "the file is missing.", "Restore it.") from None
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        remedy = "Write it anew, as Parquet with columns of text."
        raise DefinitionError(path, "this cannot be read as Parquet.", remedy) from None

    def fetch(rows: list[int]) -> list[Row]:
        return _rows_of_parquet(path, names, rows)

    return Table(model, pa.table(columns), read.num_rows, fault, fetch, path)


def _rows_of_parquet(path: Path, names: list[str], rows: list[int]) -> list[Row]:
    asked = ", ".join(map(str, rows))
    try:
        query = (
            "select * from read_parquet($path, file_row_number=true) "
            f"where file_row_number in ({asked}) order by file_row_number"
        )
        found = connection().sql(query, params={"path": str(path)}).to_arrow_table()
    except duckdb.Error:
        raise DefinitionError(path, "rows of it cannot be read.", "Write it anew.") from None

    def fault(row: int | None, column: str | None, problem: str, remedy: str) -> WaymarkError:
        return DefinitionError(path, problem, remedy, column=column)

    texts = pa.table({name: _as_text(found[name], name, fault, plain=True) for name in names})
    listed: list[Row] = texts.to_pylist()
    return listed


def _as_text(
    column: pa.ChunkedArray, name: str, fault: Fault, *, plain: bool = False
) -> pa.ChunkedArray:
    """A column of text, from the types that tables come in."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        if not plain and pa.types.is_string(kind.value_type):
            return column
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), " ")
    elif pa.types.is_boolean(kind):
        column = pc.if_else(column, "yes", "no")
    elif pa.types.is_timestamp(kind):
        column = column.cast(pa.date32())
    elif not (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_date(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_null(kind)
    ):
        raise fault(None, name, f"{kind} is no text.", "Write this column as text.")
    texts = column.cast(pa.string())
    texts.validate(full=True)
    return texts


def read_csv(path: Path, model: type[Value], most: int | None) -> Table:
    """A CSV file as a table; commas, semicolons or tabs part its cells."""
    delimiter, header = _header_of(path)
    _check_header(path, header, model)
    try:
        read = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(column_names=header, skip_rows=1, block_size=BLOCK),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise _fault_of_csv(path, delimiter, len(header)) from None
    columns = {
        name: pc.utf8_trim_whitespace(pc.replace_substring(read[name], "\r\n", "\n"))
        for name in header
    }
    texts = pa.table({name: pc.if_else(pc.equal(it, ""), None, it) for name, it in columns.items()})
    empty = np.ones(texts.num_rows, dtype=bool)
    for name in header:
        empty &= texts[name].is_null().to_numpy()
    if empty.any():
        texts = texts.filter(pa.array(~empty))
    check_size(path, texts.num_rows, most)

    def fault(row: int | None, column: str | None, problem: str, remedy: str) -> WaymarkError:
        line = 1 if row is None else _line_of_row(path, delimiter, row)
        named = f"column {column}" if column else None
        return DefinitionError(path, problem, remedy, line=line, column=named)

    def fetch(rows: list[int]) -> list[Row]:
        listed: list[Row] = texts.take(pa.array(rows)).to_pylist()
        return listed

    return Table(model, texts, texts.num_rows, fault, fetch)


def _header_of(path: Path) -> tuple[str, list[str]]:
    """What parts the cells of a CSV file, and its first row."""
    try:
        with path.open("rb") as file:
            opening = file.readline(BLOCK)
        line = opening.decode("utf-8-sig")
    except UnicodeDecodeError:
        remedy = "Save the file as UTF-8."
        raise DefinitionError(path, "this is not UTF-8 text.", remedy, line=1) from None
    except OSError as error:
        remedy = "Check that it is a file that you may read."
        raise DefinitionError(path, f"the file cannot be read: {error.strerror}.", remedy) from None
    delimiter = max(DELIMITERS, key=line.count)
    try:
        header = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise DefinitionError(path, f"{error}.", "Correct the header.", line=1) from None
    return delimiter, [cell.strip() for cell in header]


def _fault_of_csv(path: Path, delimiter: str, width: int) -> DefinitionError:
    """Why a CSV file cannot be read: the first row that is at fault."""
    reader = csv.reader(io.StringIO(read_text(path)), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if cells and len(cells) != width:
                problem = f"the row has {len(cells)} cells, the header has {width}."
                remedy = f"Add or remove cells; quote a cell that holds '{delimiter}'."
                return DefinitionError(path, problem, remedy, line=reader.line_num)
    except csv.Error as error:
        remedy = "Check the quotation marks and the separators of this row."
        return DefinitionError(path, f"{error}.", remedy, line=reader.line_num)
    return DefinitionError(path, "this cannot be read as CSV.", "Save it as CSV in UTF-8.")


def _line_of_row(path: Path, delimiter: str, row: int) -> int | None:
    """The line on which a row ends, the header aside; blank rows do not count."""
    reader = csv.reader(io.StringIO(read_text(path)), delimiter=delimiter)
    try:
        next(reader)
        for cells in reader:
            row -= any(cell.strip() for cell in cells)
            if row < 0:
                return reader.line_num
    except (csv.Error, StopIteration):
        pass  # the row is named without its line
    return None
