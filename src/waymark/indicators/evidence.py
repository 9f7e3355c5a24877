"""The evidence store: the only module that knows the query engine.

Figures are typed Parquet, read in place by DuckDB; one setting points the same expressions at
another engine. Every question is one query, whatever it ranges over, and answers are plain values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import DefinitionError, FiguresError
from waymark.indicators.observations import COLUMNS, DIMENSIONS, TOTAL, Observation

if TYPE_CHECKING:
    import ibis.expr.types as ir

TABLE = "observations"
FIGURES = DEFINITIONS / "figures"
_ONE_AT_A_TIME = Lock()  # a connection answers one thread at a time
_CARRIED = ("value", "nature", "release", "row", "period", "age")  # what a span tells of each end


@dataclass(frozen=True, slots=True)
class Span:
    """A series in a place between a baseline and a date.

    ``base`` is the first headline figure in or after the baseline year, ``latest`` the newest one
    of all; ``years`` counts the years with a figure from the baseline on.
    """

    series: str
    place: str
    base: Observation | None
    latest: Observation | None
    years: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A dimension by which a series is broken down in a place, with its newest year."""

    series: str
    place: str
    dimension: str
    year: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a series reaches: the places with a headline figure, first and last year."""

    series: str
    places: int
    first: int
    last: int


class Evidence:
    """Questions to the figures."""

    def __init__(self, table: ir.Table) -> None:
        self._all = table

    def observations(self, series: str, place: str) -> list[Observation]:
        """Every figure of a series in a place, all breakdowns, oldest first."""
        t = self._all
        found = t.filter((t.series == series) & (t.place == place))
        return _observations(found.order_by(["year", "period", *DIMENSIONS]))

    def headline(
        self, places: Collection[str] | None = None, series: Collection[str] | None = None
    ) -> list[Observation]:
        """The headline figure of each series, place and year, oldest first."""
        found = self._present(places, series)
        return _observations(found.order_by(["series", "place", "year"]))

    def newest(self, series: str) -> list[Observation]:
        """The newest headline figure of one series in every place, by value, largest first."""
        t = self._present(None, [series])
        last = t.group_by("place").aggregate(last=t.year.max())
        joined = t.join(last, (t.place == last.place) & (t.year == last.last))
        found = joined.select([t[column] for column in COLUMNS])
        return sorted(_observations(found), key=lambda each: (-(each.value or 0), each.place))

    def spans(
        self,
        baseline: int,
        as_of: int,
        places: Collection[str] | None = None,
        series: Collection[str] | None = None,
    ) -> list[Span]:
        """One query over everything: for each series and place its first and newest figure."""
        t = self._present(places, series)
        t = t.filter((t.year <= as_of) & ~t.incomplete)
        since = t.year >= baseline
        bounds = t.group_by(["series", "place"]).aggregate(
            base_year=t.year.min(where=since),
            latest_year=t.year.max(),
            years=t.year.nunique(where=since),
        )
        for end in ("base", "latest"):  # joins, because not every engine finds the value at a year
            carried = {f"{end}_{column}": t[column] for column in ("series", "place", *_CARRIED)}
            figures = t.select(**carried, **{f"{end}_at": t.year})
            keys = [
                bounds.series == figures[f"{end}_series"],
                bounds.place == figures[f"{end}_place"],
                bounds[f"{end}_year"] == figures[f"{end}_at"],
            ]
            bounds = bounds.left_join(figures, keys)
        return [_span(row) for row in _rows(bounds)]

    def breakdowns(self, places: Collection[str] | None = None) -> list[Breakdown]:
        """By which dimensions each series is really broken down in each place."""
        t = self._all
        t = t.filter(t.value.notnull())
        if places is not None:
            t = t.filter(t.place.isin(sorted(places)))
        newest = {name: t.year.max(where=t[name] != TOTAL) for name in DIMENSIONS}
        return [
            Breakdown(row["series"], row["place"], name, int(row[name]))
            for row in _rows(t.group_by(["series", "place"]).aggregate(**newest))
            for name in DIMENSIONS
            if row[name] is not None
        ]

    def extents(self) -> dict[str, Extent]:
        """How far each series reaches, by code; regions, which have digits for codes, apart."""
        t = self._present(None, None)
        t = t.filter(t.place.substr(0, 1) >= "A")
        found = t.group_by("series").aggregate(
            places=t.place.nunique(), first=t.year.min(), last=t.year.max()
        )
        return {
            row["series"]: Extent(
                row["series"], int(row["places"]), int(row["first"]), int(row["last"])
            )
            for row in _rows(found)
        }

    def _present(self, places: Collection[str] | None, series: Collection[str] | None) -> ir.Table:
        t = self._all
        t = t.filter(t.headline & t.value.notnull())
        if places is not None:
            t = t.filter(t.place.isin(sorted(places)))
        if series is not None:
            t = t.filter(t.series.isin(sorted(series)))
        return t


def open_evidence(folder: Path = FIGURES, engine: str = "duckdb") -> Evidence:
    """Open the figures: a folder of Parquet by DuckDB, or a table in another engine.

    ``engine`` is ``duckdb``, or the connection address of an engine that Ibis knows, where
    ``load_into`` has put the figures. Raises ``DefinitionError`` for a file that is no figure file.
    """
    import ibis  # takes about a second; needed only where figures are read

    if engine != "duckdb":
        try:
            return Evidence(_typed(ibis.connect(engine).table(TABLE)))
        except Exception as error:  # every engine raises errors of its own family
            raise _no_engine(error) from error
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise DefinitionError(folder, "there are no figures here.", "Restore the Parquet files.")
    for path in files:
        _check(path)
    connection = ibis.duckdb.connect()
    return Evidence(
        _typed(connection.read_parquet([str(path) for path in files], table_name=TABLE))
    )


def _no_engine(error: Exception) -> FiguresError:
    """An engine that does not answer; its address is not repeated, for it may hold a password."""
    remedy = "Check the address of the engine, and copy the figures into it first."
    return FiguresError(f"The engine does not answer ({type(error).__name__}).", remedy)


def load_into(engine: str, folder: Path = FIGURES) -> int:
    """Copy the figures of a folder into another engine; returns the number of rows."""
    import ibis
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted(folder.glob("*.parquet"))
    for path in files:
        _check(path)
    figures = pa.concat_tables([pq.read_table(path) for path in files])
    try:
        connection = ibis.connect(engine)
        connection.drop_table(TABLE, force=True)
        connection.create_table(TABLE, figures)
    except Exception as error:  # every engine raises errors of its own family
        raise _no_engine(error) from error
    return int(figures.num_rows)


def _typed(table: ir.Table) -> ir.Table:
    """The table with each operand of the type that the queries rely on, in every engine."""
    numbers = {"value": "float64", "year": "int64", "row": "int64"}
    answers = {"headline": "boolean", "incomplete": "boolean"}
    return table.cast({**numbers, **answers})


def _check(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = pq.read_schema(path).names
    except (pa.ArrowException, OSError):
        remedy = "Restore it, or pack the figures again."
        raise DefinitionError(path, "this is not a whole Parquet file.", remedy) from None
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        remedy = f"A figure file has the columns {', '.join(COLUMNS)}."
        raise DefinitionError(path, f"the column {', '.join(missing)} is missing.", remedy)


def _rows(expression: ir.Table) -> list[dict[str, Any]]:
    try:
        with _ONE_AT_A_TIME:
            found: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    except Exception as error:  # every engine raises errors of its own family
        remedy = "Check the figures with `waymark indicators list`, or pack them again."
        raise FiguresError(f"The figures cannot be read: {error}", remedy) from error
    return found


def _observations(expression: ir.Table) -> list[Observation]:
    rows: Iterable[dict[str, Any]] = _rows(expression.select(*COLUMNS))
    return [Observation(**row) for row in rows]


def _span(row: dict[str, Any]) -> Span:
    return Span(
        series=row["series"],
        place=row["place"],
        base=_end(row, "base"),
        latest=_end(row, "latest"),
        years=int(row["years"]),
    )


def _end(row: dict[str, Any], end: str) -> Observation | None:
    if row[f"{end}_year"] is None:
        return None
    carried = {column: row[f"{end}_{column}"] for column in _CARRIED}
    return Observation(
        series=row["series"],
        place=row["place"],
        year=int(row[f"{end}_year"]),
        headline=True,
        **carried,
    )
