"""Reported money: rows of transactions and budgets in Parquet, read through the query engine.

Like the figures, they are read in place by DuckDB. A question is one query; what is counted once
and what is passed on is decided by pure functions (``sums``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import DefinitionError, FiguresError
from waymark.plans.flows import FlowKind

if TYPE_CHECKING:
    import ibis.expr.types as ir

MONEY = DEFINITIONS / "finance"
_ONE_AT_A_TIME = Lock()  # a connection answers one thread at a time


@dataclass(frozen=True, slots=True)
class Reported:
    """One row that an organisation reported: who, to whom, where, when, how much.

    ``reporter``, ``provider`` and ``receiver`` are identifiers of organisations, empty where the
    source gives none or several; the names stand as the source wrote them. ``place`` is empty where
    the source names none of ours. ``places_share`` is the part of the activity that belongs to this
    place, where the source says. ``row`` counts from 1, the first row of data.
    """

    kind: FlowKind
    amount: Decimal
    currency: str
    year: int
    place: str
    row: int
    day: date | None = None
    ends: date | None = None
    reporter: str = ""
    reporter_name: str = ""
    provider: str = ""
    provider_name: str = ""
    provider_type: str = ""
    receiver: str = ""
    receiver_name: str = ""
    receiver_type: str = ""
    places_share: Decimal | None = None
    sector: str = ""
    aid_type: str = ""
    finance_type: str = ""
    earmarking: str = "not-known"
    activity: str = ""
    title: str = ""
    humanitarian: bool | None = None
    duplicate_of: int | None = None
    release: str = ""


COLUMNS = tuple(Reported.__slots__)


class MoneyEvidence:
    """Questions to the reported money."""

    def __init__(self, table: ir.Table) -> None:
        self._all = table

    def rows(
        self, places: Collection[str] | None = None, sectors: Collection[str] | None = None
    ) -> list[Reported]:
        """The rows of some places and sectors, or of all, in the order of their sources."""
        t = self._all
        if places is not None:
            t = t.filter(t.place.isin(sorted(places)))
        if sectors is not None:
            t = t.filter(t.sector.isin(sorted(sectors)))
        expression = t.select(*COLUMNS).order_by(["release", "row"])
        try:
            with _ONE_AT_A_TIME:
                found = expression.to_pyarrow().to_pylist()
        except Exception as error:  # every engine raises errors of its own family
            remedy = "Restore the Parquet files, or pack them again."
            raise FiguresError(f"The money cannot be read: {error}", remedy) from error
        return [Reported(**{**row, "kind": FlowKind(row["kind"])}) for row in found]


def open_money(folder: Path = MONEY) -> MoneyEvidence:
    """Open the Parquet files of a folder. Raises ``DefinitionError`` for a file of another form."""
    import ibis  # takes about a second; needed only where money is read
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise DefinitionError(folder, "there is no money here.", "Restore the Parquet files.")
    for path in files:
        try:
            names = pq.read_schema(path).names
        except (pa.ArrowException, OSError):
            remedy = "Restore it, or pack the money again."
            raise DefinitionError(path, "this is not a whole Parquet file.", remedy) from None
        missing = [column for column in COLUMNS if column not in names]
        if missing:
            remedy = f"A file of money has the columns {', '.join(COLUMNS)}."
            raise DefinitionError(path, f"the column {', '.join(missing)} is missing.", remedy)
    connection = ibis.duckdb.connect()
    return MoneyEvidence(connection.read_parquet([str(path) for path in files], table_name="money"))
