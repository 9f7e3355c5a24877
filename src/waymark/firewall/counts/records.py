"""Records and ready counts, read strictly: every column declared or ignored, or nothing is read.

Records are about people. No error here repeats what stands in a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from waymark.exceptions import DefinitionError
from waymark.firewall.counts.disclosure import LEAST_PROVIDERS, LEAST_SITES, NOT_KNOWN
from waymark.firewall.counts.specification import (
    AREA,
    PERSON,
    PROVIDER,
    SITE,
    Specification,
    check_values,
)

Codes = npt.NDArray[np.int64]
MOST_FLAGS = 100_000_000  # a flag for each pair is quicker than sorting, up to so many
BLANKS = " \t\r\n\u00a0"


@dataclass(frozen=True)
class Column:
    """A column as codes into its values, which are in order and each there once."""

    name: str
    kind: str
    values: tuple[str, ...]
    codes: Codes = field(repr=False)


@dataclass(frozen=True)
class Records:
    """Rows of visits or people: a person may have many. ``identifiers`` are those of ``people``."""

    path: Path
    identifiers: pa.Array = field(repr=False)
    people: Codes = field(repr=False)
    sites: Codes = field(repr=False)
    providers: Codes = field(repr=False)
    columns: dict[str, Column] = field(repr=False)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.people)


def read_records(folder: Path, it: Specification, names: tuple[str, ...]) -> Records:
    """The records that a specification names, with the columns that some tables need.

    Every rule on their values is answered here.
    """
    path = folder / it.records
    table = read_source(path, it)
    identifiers, people = _guard(path, table, it.named(PERSON))
    _, sites = _guard(path, table, it.named(SITE))
    _, providers = _guard(path, table, it.named(PROVIDER))
    columns = {name: read_column(path, table, name, it.kind_of(name)) for name in names}
    found = Records(path, identifiers, people, sites, providers, columns)
    for column in columns.values():
        _check_sites(path, column, sites, "site", LEAST_SITES)
        _check_sites(path, column, providers, "provider", LEAST_PROVIDERS)
    return found


def read_source(path: Path, it: Specification) -> pa.Table:
    """A CSV or Parquet file with the columns that the specification declares, as text."""
    reader = _parquet if path.suffix == ".parquet" else _csv
    try:
        names = list(reader(path, None))
        _check_columns(path, names, it)
        table: pa.Table = reader(path, list(it.columns))
    except FileNotFoundError:
        remedy = "Correct the name; it is looked for beside the specification."
        raise DefinitionError(path, "the file is missing.", remedy) from None
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DefinitionError(path, *_fault(path, error)) from None
    if not table.num_rows:
        raise DefinitionError(path, "the file has no rows.", "Give the records.")
    return table


def _parquet(path: Path, wanted: list[str] | None) -> pa.Table | list[str]:
    if wanted is None:
        return list(pa.parquet.read_schema(path).names)
    return pa.parquet.read_table(path, columns=wanted)


def _csv(path: Path, wanted: list[str] | None) -> pa.Table | list[str]:
    if wanted is None:
        with path.open("rb") as file:
            start = file.read(1 << 20)
        if b"\0" in start:
            raise pa.ArrowInvalid("no text")
        text = start[: start.rfind(b"\n") + 1] or start
        parsed = pa.csv.read_csv(pa.py_buffer(text.split(b"\n")[0] + b"\n"))
        return list(parsed.column_names)
    return pa.csv.read_csv(
        path,
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.string()),
            strings_can_be_null=False,
        ),
    )


def _fault(path: Path, error: Exception) -> tuple[str, str]:
    """What is wrong with a file, in words that repeat nothing of it."""
    if isinstance(error, OSError) and error.strerror:
        return f"the file cannot be read: {error.strerror}.", "Check that it is yours to read."
    if path.suffix == ".parquet":
        return "this is not a whole Parquet file.", "Write it again."
    said = str(error)
    if "UTF" in said or isinstance(error, UnicodeDecodeError):
        return "this is not UTF-8 text.", "Save the file as UTF-8."
    row = "".join(said.partition("row #")[2].split(":")[:1])
    where = f" (row {row})" if row.isdigit() else ""
    problem = f"the rows do not all have as many cells as the header{where}."
    return problem, "Check the separators (commas) and the quotation marks."


def _check_columns(path: Path, names: list[str], it: Specification) -> None:
    for name in names:
        if names.count(name) > 1:
            raise DefinitionError(path, "a column is there twice.", "Rename one.", line=1)
    undeclared = [name for name in names if name not in it.columns and name not in it.ignored]
    if undeclared:
        problem = f"columns that the specification does not know: {', '.join(undeclared)}."
        remedy = "Declare what each is, or list it under 'ignored' (D4)."
        raise DefinitionError(path, problem, remedy, line=1)
    missing = [name for name in (*it.columns, *it.ignored) if name not in names]
    if missing:
        problem = f"there is no column {', '.join(missing)}."
        raise DefinitionError(path, problem, "Correct the specification.", line=1)


def _coded(path: Path, table: pa.Table, name: str) -> tuple[pa.Array, Codes]:
    """A column as codes into its texts, stripped of blanks; -1 for what is empty."""
    chunked = table[name]
    if pa.types.is_nested(chunked.type):
        problem, remedy = "the column holds lists or records.", "Give one value in each cell."
        raise DefinitionError(path, problem, remedy, column=f"column {name}")
    trimmed = pc.utf8_trim(chunked.cast(pa.large_string()), BLANKS)
    whole = pc.dictionary_encode(trimmed).combine_chunks()
    texts = whole.dictionary
    codes = pc.coalesce(whole.indices.cast(pa.int64()), pa.scalar(-1, pa.int64())).to_numpy()
    empty = pc.index(texts, pa.scalar("", texts.type)).as_py()
    return texts, codes if empty < 0 else np.where(codes == empty, -1, codes)


def _guard(path: Path, table: pa.Table, name: str) -> tuple[pa.Array, Codes]:
    """A column in which no cell may be empty, and its different values."""
    texts, codes = _coded(path, table, name)
    empty = np.flatnonzero(codes < 0)
    if empty.size:
        problem = "the cell is empty; it is needed to protect people."
        remedy = "Fill it, or leave the row out and say so."
        raise DefinitionError(
            path, problem, remedy, line=int(empty[0]) + 2, column=f"column {name}"
        )
    return texts, codes


def plain_column(path: Path, table: pa.Table, name: str, kind: str) -> Column:
    """A column with its values as they are; an empty cell is the value 'not known'."""
    texts, codes = _coded(path, table, name)
    used = np.flatnonzero(np.bincount(codes + 1, minlength=len(texts) + 1)) - 1
    known = {at: texts[at].as_py() or NOT_KNOWN if at >= 0 else NOT_KNOWN for at in used.tolist()}
    values = tuple(sorted(set(known.values())))
    place = {value: at for at, value in enumerate(values)}
    moved = np.full(len(texts) + 1, -1, dtype=np.int64)
    for at, text in known.items():
        moved[at + 1] = place[text]
    return Column(name, kind, values, moved[codes + 1])


def read_column(path: Path, table: pa.Table, name: str, kind: str) -> Column:
    """A column that tables are broken down by, its values checked."""
    column = plain_column(path, table, name, kind)
    check_values(path, name, kind, column.values)
    return column


def _check_sites(path: Path, column: Column, sites: Codes, word: str, least: int) -> None:
    """No column tells the site, and every area has several (D10, D11)."""
    each = _different(column.codes, len(column.values), sites)
    where = f"column {column.name}"
    if (each == 1).all():
        problem = f"each value belongs to one {word}, so the column tells the {word}. (D10)"
        raise DefinitionError(path, problem, "Group its values, or leave it out.", column=where)
    few = [
        column.values[at]
        for at in np.flatnonzero(each < least).tolist()
        if column.kind == AREA and column.values[at] != NOT_KNOWN
    ]
    if few:
        problem = f"areas with fewer than {least} {word}s: {', '.join(few[:5])}. (D11)"
        remedy = "Join them to a neighbouring area in the source."
        raise DefinitionError(path, problem, remedy, column=where)


def _different(codes: Codes, values: int, bodies: Codes) -> Codes:
    """How many different bodies there are for each value."""
    count = int(bodies.max()) + 1
    pairs = codes * count + bodies
    if values * count <= len(pairs) + MOST_FLAGS:
        seen = np.zeros((values, count), dtype=bool)
        seen.reshape(-1)[pairs] = True
        different: Codes = seen.sum(axis=1, dtype=np.int64)
        return different
    found: Codes = np.bincount(np.unique(pairs) // count, minlength=values)
    return found
