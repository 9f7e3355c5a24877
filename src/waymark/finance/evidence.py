"""Reported money: rows of transactions and budgets in Parquet, asked through the query engine.

Like the figures, they are read in place by DuckDB. Which measure a row adds to was decided when it
was imported, over all rows of its place (``counting``), so a question is one query whatever it
ranges over: millions of rows are summed where they lie, and only the answer becomes values.
Questions are written in the engine's own SQL: to compose one from expressions takes longer than to
answer it, and a page asks several.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import DefinitionError, FiguresError
from waymark.finance.choices import By, Choice, Link, Ranking, Rest, Sum
from waymark.finance.counting import ADDS_TO
from waymark.finance.reported import COLUMNS, Reported
from waymark.finance.sums import NOTHING, Concentration, Counted, Measure, concentration_of
from waymark.plans.flows import FlowKind

if TYPE_CHECKING:
    import duckdb

__all__ = ["ADDS_TO", "COLUMNS", "MONEY", "MoneyEvidence", "Reported", "open_money"]

MONEY = DEFINITIONS / "finance"
TOGETHER = "counted_together"  # the files over which a file was counted
MEMORY = "1GB"  # that the engine may take for one process; what is larger goes to disk
ORGANISATIONS = (By.PROVIDER, By.RECEIVER, By.REPORTER)
_ORDER = list(Measure)
KEYS = ", ".join(
    f"CASE WHEN {one} = '' THEN {one}_name ELSE {one} END AS {one}_key" for one in ORGANISATIONS
)
_PLACES = {  # of the fields of a choice in the rows
    "places": "place",
    "sectors": "sector",
    "measures": ADDS_TO,
    "providers": "provider_key",
    "receivers": "receiver_key",
    "reporters": "reporter_key",
    "earmarkings": "earmarking",
    "releases": "release",
    "activities": "activity",
    "kinds": "kind",
    "without_providers": "provider_key",
    "without_receivers": "receiver_key",
}


class MoneyEvidence:
    """Questions to the reported money, from as many threads as like."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection  # has the view ``money``

    def rows(
        self, places: Collection[str] | None = None, sectors: Collection[str] | None = None
    ) -> list[Reported]:
        """The rows of some places and sectors, or of all, in the order of their sources."""
        choice = Choice(
            places=None if places is None else tuple(places),
            sectors=None if sectors is None else tuple(sectors),
        )
        return [each.row for each in self.counted(choice)]

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
        where = _Where(choice)
        order = f"{'abs(amount) DESC, ' if largest_first else ''}release, row"
        page = f"LIMIT {'ALL' if limit is None else int(limit)} OFFSET {int(offset)}"
        columns = ", ".join((*COLUMNS, ADDS_TO))
        return [
            Counted(Reported(FlowKind(kind), *rest), Measure(measure))
            for kind, *rest, measure in self._answer(
                f"SELECT {columns} FROM money {where} ORDER BY {order} {page}", where.words
            )
        ]

    def count(self, choice: Choice) -> int:
        """How many rows there are."""
        where = _Where(choice)
        ((rows,),) = self._answer(f"SELECT count(*) FROM money {where}", where.words)
        return int(rows)

    def sums(self, choice: Choice, by: Collection[By] = ()) -> list[Sum]:
        """The sum of each group, measure and currency, in the order of the groups."""
        where = _Where(choice)
        keys = "".join(f"{_key(one)}, " for one in by)
        found = self._answer(
            f"SELECT {keys}{ADDS_TO}, currency, sum(amount), count(*) FROM money {where} "
            f"GROUP BY {keys}{ADDS_TO}, currency",
            where.words,
        )
        sums = [
            Sum(tuple(group), Measure(measure), currency, amount, rows)
            for *group, measure, currency, amount, rows in found
        ]
        return sorted(sums, key=lambda each: (each.group, _ORDER.index(each.measure), each[2]))

    def largest(
        self, choice: Choice, by: By, measure: Measure, top: int = 12, currency: str = "USD"
    ) -> Ranking:
        """The groups with the largest sums of a measure, and all the others together."""
        where = _Where(choice, measure, currency)
        found = self._answer(
            f"""
            WITH groups AS (
              SELECT {_key(by)} AS key, sum(amount) AS amount, count(*) AS rows
              FROM money {where} GROUP BY ALL
            )
            SELECT key, amount, rows, count(*) OVER (), sum(amount) OVER (), sum(rows) OVER ()
            FROM groups ORDER BY amount DESC, key LIMIT {max(top, 1)}
            """,
            where.words,
        )
        sums = [Sum((key,), measure, currency, a, rows) for key, a, rows, *_ in found][:top]
        groups, amount, rows = found[0][3:] if found else (0, NOTHING, 0)
        rest = Rest(
            groups - len(sums),
            amount - sum((each.amount for each in sums), NOTHING),
            int(rows) - sum(each.rows for each in sums),
        )
        return Ranking(tuple(sums), rest)

    def flows(
        self, choice: Choice, measure: Measure, top: int = 12, currency: str = "USD"
    ) -> list[Link]:
        """Who gave to whom among the largest providers and receivers, largest first.

        Providers and receivers beyond the largest are None, which stands for all of them.
        """
        where = _Where(choice, measure, currency)
        largest = "SELECT {0} FROM pairs GROUP BY {0} ORDER BY sum(amount) DESC, {0} LIMIT {1}"
        folded = "CASE WHEN {0} IN (SELECT * FROM {1}) THEN {0} END"
        found = self._answer(
            f"""
            WITH pairs AS MATERIALIZED (
              SELECT provider_key AS provider, receiver_key AS receiver, sum(amount) AS amount,
                     count(*) AS rows
              FROM money {where} GROUP BY ALL
            ), givers AS ({largest.format("provider", int(top))}),
            takers AS ({largest.format("receiver", int(top))})
            SELECT {folded.format("provider", "givers")}, {folded.format("receiver", "takers")},
                   sum(amount), sum(rows)
            FROM pairs GROUP BY ALL
            """,
            where.words,
        )
        links = [Link(giver, taker, amount, int(rows)) for giver, taker, amount, rows in found]
        return sorted(links, key=lambda each: (-each.amount, each[0] or "", each[1] or ""))

    def names(self, choice: Choice, by: By, keys: Collection[str] | None = None) -> dict[str, str]:
        """The name under which each organisation is reported most often; None: of all."""
        where = _Where(choice)
        if keys is not None:
            where.only(_key(by), keys)
        found = self._answer(
            f"SELECT {_key(by)} AS key, {by}_name AS name FROM money {where} "
            "GROUP BY ALL ORDER BY count(*) DESC, name",
            where.words,
        )
        names: dict[str, str] = {}
        for key, name in found:
            names.setdefault(key, name)
        return names

    def concentration(
        self, choice: Choice, measure: Measure, currency: str = "USD"
    ) -> Concentration | None:
        """How far a measure hangs on few providers; None without any whose sum is above zero."""
        where = _Where(choice, measure, currency)
        found = self._answer(
            f"SELECT provider_key, sum(amount) FROM money {where} GROUP BY ALL", where.words
        )
        return concentration_of(dict(found))

    def _answer(self, query: str, words: list[object]) -> list[Any]:
        try:
            with self._connection.cursor() as cursor:  # a thread of its own, as it were
                return cursor.execute(query, words).fetchall()
        except Exception as error:  # the engine raises errors of its own family
            remedy = "Restore the Parquet files, or pack them again."
            raise FiguresError(f"The money cannot be read: {error}", remedy) from error


@dataclass
class _Where:
    """The condition of a choice, and the words that it is about."""

    choice: Choice
    measure: Measure | None = None
    currency: str | None = None
    words: list[object] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        choice = self.choice
        for name, column in _PLACES.items():
            given = getattr(choice, name)
            if name.startswith("without"):
                if given:
                    self.only(column, given, "NOT IN")
            elif given is not None:
                self.only(column, given)
        if self.measure is not None:
            self.only(ADDS_TO, [self.measure])
        for currency in {choice.currency, self.currency} - {None}:
            self.only("currency", [str(currency)])
        for limit, year in ((">=", choice.first), ("<=", choice.last)):
            if year is not None:
                self.conditions.append(f"year {limit} ?")
                self.words.append(year)

    def only(self, column: str, words: Collection[str], among: str = "IN") -> None:
        """Take the rows with one of these words, or those with none of them."""
        if not words:
            self.conditions.append("false")
            return
        self.conditions.append(f"{column} {among} ({', '.join('?' for _ in words)})")
        self.words += [str(word) for word in sorted(words)]

    def __str__(self) -> str:
        return f"WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


def _key(by: By) -> str:
    return f"{by.value}_key" if by in ORGANISATIONS else by.value


def open_money(folder: Path = MONEY) -> MoneyEvidence:
    """Open the Parquet files of a folder. Raises ``DefinitionError`` for a file of another form."""
    import duckdb  # these take a second; they are needed only where money is read
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
    connection = duckdb.connect(config={"memory_limit": MEMORY})
    connection.execute("SET parquet_metadata_cache = true")
    listed = ", ".join(literal(path) for path in files)
    connection.execute(f"CREATE VIEW money AS SELECT *, {KEYS} FROM read_parquet([{listed}])")
    return MoneyEvidence(connection)


def quoted(text: str) -> str:
    """A text as the query engine writes it."""
    return "'" + text.replace("'", "''") + "'"


def literal(path: Path) -> str:
    """The path of one file as the query engine writes it, whatever signs are in its name."""
    return quoted(re.sub(r"([\[*?])", r"[\1]", str(path)))
