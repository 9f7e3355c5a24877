"""Pack tables of the registry as Parquet of ours: all of them together, or none.

Rows that several files hold count once, and what is passed on is decided over all of them, so the
files of a folder are packed together and say so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from waymark.exceptions import DefinitionError, WaymarkError
from waymark.exchange.registry.reading import Meanings, Reader, Reading
from waymark.exchange.registry.tables import open_table
from waymark.finance.counting import ADDS_TO, count_once
from waymark.finance.evidence import TOGETHER, literal, quoted
from waymark.finance.reported import COLUMNS
from waymark.indicators.releases import Reading as Found
from waymark.indicators.releases import Release

MEMORY = "450MB"  # of the query engine; what does not fit goes to disk
ROWS_IN_A_GROUP = 30_000  # about the rows of one place, so that a question skips the others
STEPS = 3  # that each file takes: opened, read, packed

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the registry, the name of its release, and its columns where they are agreed."""

    path: Path
    release: str
    columns: Release | None = None


def pack_tables(
    sources: Sequence[Source],
    meanings: Meanings,
    room: Path,
    target: Path,
    tell: Tell = lambda _: None,
) -> list[Found]:
    """Write each table to ``target``; returns what was found in each, for ``readings.yaml``.

    ``room`` is a folder for what does not fit into memory; ``tell`` hears of each step.
    """
    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "threads": 2,
        "temp_directory": str(room / "spilled"),
    }
    try:
        with duckdb.connect(config=config) as engine:
            reader = Reader(engine, meanings)
            readings = [_read(reader, source, room, tell) for source in sources]
            _meet(engine, readings)
            count_once(engine, "everything", "counted")
            found = []
            for source, reading in zip(sources, readings, strict=True):
                tell(f"{source.path.name}: writing")
                found.append(_write(engine, source, reading, readings, target))
            return found
    except duckdb.OutOfMemoryException:
        remedy = "Import fewer files at once, or free some space on the disk."
        raise WaymarkError("The import needs more memory than it may use.", remedy) from None
    except duckdb.IOException as error:
        problem = f"The import could not be written: {str(error).splitlines()[0]}"
        raise WaymarkError(problem, "Free some space on the disk, or name another one.") from None


def _read(reader: Reader, source: Source, room: Path, tell: Tell) -> Reading:
    tell(f"{source.path.name}: opening")

    def tell_rows(rows: int) -> None:
        tell(f"{source.path.name}: {rows:,} rows")

    forms = reader.meanings.forms
    table = open_table(source.path, forms, room, source.columns, tell_rows)
    tell(f"{source.path.name}: reading")
    try:
        return reader.read(table, source.release)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:  # a page of the file that cannot be unpacked
        remedy = "Fetch it again; its length or a part of it is wrong."
        raise DefinitionError(source.path, "this is not a whole Parquet file.", remedy) from None


def _meet(engine: duckdb.DuckDBPyConnection, readings: Sequence[Reading]) -> None:
    """Make ``everything``: all rows, those that an earlier file holds too marked as repeated.

    Only files with the same columns can be compared, and only to the cent, for a workbook keeps
    fewer digits than a table.
    """
    engine.execute("CREATE TABLE met (n INTEGER, row INTEGER, first_n INTEGER, first INTEGER)")
    for shape in {reading.shape for reading in readings}:
        alike = [reading.key for reading in readings if reading.shape == shape]
        if len(alike) > 1:
            engine.execute(MET.format(keys=" UNION ALL ".join(alike)))
    names = ", ".join(f"({reading.number}, {quoted(reading.release)})" for reading in readings)
    engine.execute(f"CREATE TABLE names AS SELECT * FROM (VALUES {names}) names(n, release)")
    columns = ", ".join(MERGED.get(column, f"r.{column}") for column in COLUMNS)
    parts = [
        f"SELECT {reading.number} AS n, {columns} FROM {reading.rows} r "
        f"LEFT JOIN met ON met.n = {reading.number} AND met.row = r.row "
        "LEFT JOIN names ON names.n = met.first_n"
        for reading in readings
    ]
    engine.execute(f"CREATE VIEW everything AS {' UNION ALL '.join(parts)}")


MERGED = {
    "duplicate_of": "coalesce(r.duplicate_of, met.first) AS duplicate_of",
    "duplicate_in": "coalesce(names.release, '') AS duplicate_in",
}
MET = """
CREATE OR REPLACE TABLE keys AS {keys};
INSERT INTO met
  SELECT n, row, first_n, first FROM (
    SELECT n, row, first_value(n) OVER one AS first_n, first_value(row) OVER one AS first
    FROM keys WHERE key IN (SELECT key FROM keys GROUP BY key HAVING min(n) <> max(n))
    WINDOW one AS (PARTITION BY key ORDER BY n, row)
  ) WHERE n <> first_n;
DROP TABLE keys
"""


def _write(
    engine: duckdb.DuckDBPyConnection,
    source: Source,
    reading: Reading,
    readings: Sequence[Reading],
    target: Path,
) -> Found:
    names = ", ".join((*COLUMNS, ADDS_TO))
    path = target / f"{source.release}.parquet"
    together = " ".join(sorted(each.release for each in readings))
    engine.execute(
        f"COPY (SELECT {names} FROM counted WHERE n = {reading.number}) TO {quoted(str(path))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_IN_A_GROUP}, "
        f"KV_METADATA {{{TOGETHER}: {quoted(together)}}})"
    )
    written = f"read_parquet({literal(path)})"
    rows, first, last, met = _one(
        engine,
        "SELECT count(*), coalesce(min(year), 0), coalesce(max(year), 0), "
        f"count(*) FILTER (duplicate_in <> '') FROM {written}",
    )
    odd = reading.odd
    if met:
        odd["the same in every column as a row of another file: kept, marked, not counted"] = met
    return Found(
        release=source.release,
        sha256=_sha256(source.path),
        rows=rows,
        figures=rows,
        first_year=first,
        last_year=last,
        left_out={},
        changed=dict(sorted(odd.items())),
    )


def _one(engine: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return engine.execute(query).fetchall()[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
