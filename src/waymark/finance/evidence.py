"""Reported money: rows of transactions and budgets in Parquet, asked through the query engine.

Like the figures, they are read in place by DuckDB. Which measure a row adds to was decided when it
was imported, over all rows of its place (``counting``), so a question is one query whatever it
ranges over: millions of rows are summed where they lie, and only the answer becomes values.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import DefinitionError, FiguresError
from waymark.finance.choices import By, Choice, Link, Ranking, Rest, Sum
from waymark.finance.counting import ADDS_TO
from waymark.finance.reported import COLUMNS, Reported
from waymark.finance.sums import NOTHING, Concentration, Counted, Measure, concentration_of
from waymark.plans.flows import FlowKind

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["ADDS_TO", "COLUMNS", "MONEY", "MoneyEvidence", "Reported", "open_money"]

MONEY = DEFINITIONS / "finance"
TOGETHER = "counted_together"  # the files over which a file was counted
ORGANISATIONS = (By.PROVIDER, By.RECEIVER, By.REPORTER)
_ONE_AT_A_TIME = Lock()  # a connection answers one thread at a time
_ORDER = list(Measure)


class MoneyEvidence:
    """Questions to the reported money."""

    def __init__(self, table: ir.Table) -> None:
        parties = {
            f"{one}_key": (table[one] == "").ifelse(table[f"{one}_name"], table[one])
            for one in ORGANISATIONS
        }
        self._all = table.mutate(**parties)

    def rows(
        self, places: Collection[str] | None = None, sectors: Collection[str] | None = None
    ) -> list[Reported]:
        """The rows of some places and sectors, or of all, in the order of their sources."""
        found = self.counted(
            Choice(
                places=None if places is None else tuple(places),
                sectors=None if sectors is None else tuple(sectors),
            )
        )
        return [each.row for each in found]

    def counted(
        self,
        choice: Choice,
        offset: int = 0,
        limit: int | None = None,
        largest_first: bool = False,
    ) -> list[Counted]:
        """Rows with the measure that each adds to, from one on, in the order of their sources.

        ``largest_first`` orders them by what they change, whether they add or take back.
        """
        t = self._chosen(choice)
        order = [t.release, t.row]
        if largest_first:
            order.insert(0, t.amount.abs().desc())
        t = t.select(*COLUMNS, ADDS_TO).order_by(order).limit(limit, offset=offset)
        return [_counted(row) for row in _answer(t)]

    def count(self, choice: Choice) -> int:
        """How many rows there are."""
        (row,) = _answer(self._chosen(choice).aggregate(rows=lambda t: t.count()))
        return int(row["rows"])

    def sums(self, choice: Choice, by: Collection[By] = ()) -> list[Sum]:
        """The sum of each group, measure and currency, in the order of the groups."""
        keys = {one.value: self._key(one) for one in by}
        t = self._chosen(choice).group_by(**keys, adds_to_=ADDS_TO, currency_="currency")
        found = [
            Sum(
                tuple(row[name] for name in keys),
                Measure(row["adds_to_"]),
                row["currency_"],
                row["amount_"],
                row["rows_"],
            )
            for row in _answer(t.aggregate(amount_=lambda g: g.amount.sum(), rows_=_count))
        ]
        return sorted(found, key=lambda each: (each.group, _ORDER.index(each.measure), each[2]))

    def largest(
        self, choice: Choice, by: By, measure: Measure, top: int = 12, currency: str = "USD"
    ) -> Ranking:
        """The groups with the largest sums of a measure, and all the others together."""
        t = self._in(choice, measure, currency).group_by(group=self._key(by))
        t = t.aggregate(amount_=lambda g: g.amount.sum(), rows_=_count)
        found = [
            Sum((row["group"],), measure, currency, row["amount_"], row["rows_"])
            for row in _answer(t.order_by([t.amount_.desc(), t.group]).limit(top))
        ]
        (whole,) = _answer(
            t.aggregate(
                groups=_count, amount=lambda g: g.amount_.sum(), rows=lambda g: g.rows_.sum()
            )
        )
        rest = Rest(
            whole["groups"] - len(found),
            (whole["amount"] or NOTHING) - sum((each.amount for each in found), NOTHING),
            int(whole["rows"] or 0) - sum(each.rows for each in found),
        )
        return Ranking(tuple(found), rest)

    def flows(
        self, choice: Choice, measure: Measure, top: int = 12, currency: str = "USD"
    ) -> list[Link]:
        """Who gave to whom among the largest providers and receivers, largest first.

        Providers and receivers beyond the largest are None, which stands for all of them.
        """
        t = self._in(choice, measure, currency)
        ends = {}
        for by in (By.PROVIDER, By.RECEIVER):
            ranking = self.largest(choice, by, measure, top, currency)
            kept = [str(each.group[0]) for each in ranking.top]
            key = self._key(by)
            ends[by.value] = (
                t[key].isin(kept).ifelse(t[key], None) if kept else t[key].nullif(t[key])
            )
        t = t.group_by(**{f"{name}_": end for name, end in ends.items()})
        t = t.aggregate(amount_=lambda g: g.amount.sum(), rows_=_count)
        found = [
            Link(row["provider_"], row["receiver_"], row["amount_"], row["rows_"])
            for row in _answer(t)
        ]
        return sorted(found, key=lambda each: (-each.amount, each[0] or "", each[1] or ""))

    def names(self, choice: Choice, by: By, keys: Collection[str] | None = None) -> dict[str, str]:
        """The name under which each organisation is reported most often; None: of all."""
        t = self._chosen(choice)
        if keys is not None:
            t = t.filter(t[self._key(by)].isin(sorted(keys)))
        t = t.group_by(key=self._key(by), name=f"{by.value}_name").aggregate(rows_=_count)
        found: dict[str, str] = {}
        for row in _answer(t.order_by([t.rows_.desc(), t.name])):
            found.setdefault(row["key"], row["name"])
        return found

    def concentration(
        self, choice: Choice, measure: Measure, currency: str = "USD"
    ) -> Concentration | None:
        """How far a measure hangs on few providers; None without any whose sum is above zero."""
        t = self._in(choice, measure, currency).group_by(key=self._key(By.PROVIDER))
        found = _answer(t.aggregate(amount_=lambda g: g.amount.sum()))
        return concentration_of({row["key"]: row["amount_"] for row in found})

    def _key(self, by: By) -> str:
        return f"{by.value}_key" if by in ORGANISATIONS else by.value

    def _in(self, choice: Choice, measure: Measure, currency: str) -> ir.Table:
        t = self._chosen(choice)
        return t.filter((t[ADDS_TO] == measure.value) & (t.currency == currency))

    def _chosen(self, choice: Choice) -> ir.Table:
        t = self._all
        for column, words in (
            ("place", choice.places),
            ("sector", choice.sectors),
            (ADDS_TO, choice.measures),
            ("provider_key", choice.providers),
            ("receiver_key", choice.receivers),
            ("reporter_key", choice.reporters),
            ("earmarking", choice.earmarkings),
            ("release", choice.releases),
            ("activity", choice.activities),
            ("currency", None if choice.currency is None else (choice.currency,)),
        ):
            if words is not None:
                t = t.filter(t[column].isin(sorted(str(word) for word in words)))
        if choice.without_providers:
            t = t.filter(t.provider_key.notin(sorted(choice.without_providers)))
        if choice.without_receivers:
            t = t.filter(t.receiver_key.notin(sorted(choice.without_receivers)))
        if choice.first is not None:
            t = t.filter(t.year >= choice.first)
        if choice.last is not None:
            t = t.filter(t.year <= choice.last)
        return t


def _count(t: ir.Table) -> ir.IntegerScalar:
    return t.count()


def _answer(expression: ir.Table) -> list[dict[str, Any]]:
    try:
        with _ONE_AT_A_TIME:
            found: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    except Exception as error:  # every engine raises errors of its own family
        remedy = "Restore the Parquet files, or pack them again."
        raise FiguresError(f"The money cannot be read: {error}", remedy) from error
    return found


def _counted(row: dict[str, Any]) -> Counted:
    measure = Measure(row.pop(ADDS_TO))
    return Counted(Reported(**{**row, "kind": FlowKind(row["kind"])}), measure)


def open_money(folder: Path = MONEY) -> MoneyEvidence:
    """Open the Parquet files of a folder. Raises ``DefinitionError`` for a file of another form."""
    import ibis  # takes about a second; needed only where money is read
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = (*COLUMNS, ADDS_TO)
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise DefinitionError(folder, "there is no money here.", "Restore the Parquet files.")
    together = " ".join(path.stem for path in files)
    for path in files:
        try:
            schema = pq.read_schema(path)
        except (pa.ArrowException, OSError):
            remedy = "Restore it, or pack the money again."
            raise DefinitionError(path, "this is not a whole Parquet file.", remedy) from None
        missing = [column for column in wanted if column not in schema.names]
        if missing:
            remedy = f"A file of money has the columns {', '.join(wanted)}."
            raise DefinitionError(path, f"the column {', '.join(missing)} is missing.", remedy)
        if (schema.metadata or {}).get(TOGETHER.encode(), b"").decode() != together:
            problem = "it was not counted together with the other files of its folder."
            raise DefinitionError(path, problem, "Import them again, all at once.")
    connection = ibis.duckdb.connect()
    return MoneyEvidence(connection.read_parquet([str(path) for path in files], table_name="money"))
