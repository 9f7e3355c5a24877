"""Read a table of the registry as a set: what its texts mean, what is wrong, odd or there twice.

The query engine reads the rows where they lie. What needs words to be understood (a code, an
organisation) is decided once for each text that occurs, in Python, and joined to the rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pydantic import RootModel

from waymark.exchange.registry.forms import Forms, folded, load_forms
from waymark.exchange.registry.tables import LARGEST, ROW, Table
from waymark.finance.evidence import MONEY, literal, quoted
from waymark.plans.flows import FlowKind
from waymark.reading import Value, read_table, read_yaml

KINDS = {
    "1": FlowKind.INCOMING,
    "2": FlowKind.COMMITMENT,
    "3": FlowKind.DISBURSEMENT,
    "4": FlowKind.EXPENDITURE,
    "11": FlowKind.INCOMING_COMMITMENT,
    "budget": FlowKind.BUDGET,
}
REFERENCE = re.compile(r"\[([^\[\]]+)\]\s*$")
CHANNEL = re.compile(r"^\d{5}$")
CODES = (
    "type",
    "recipient",
    "sector",
    "aid_type",
    "finance_type",
    "provider_type",
    "receiver_type",
)
PARTIES = ("reporter", "provider", "receiver")
PLAIN = ("activity", "title")


class Recipient(Value):
    """A row of ``recipients.csv``: a code of IATI, our place or none, and what the code means."""

    code: str
    place: str = ""
    means: str


class Organisations(RootModel[dict[str, tuple[str, ...]]]):
    """Names under which organisations appear without their identifier, by identifier."""


@dataclass(frozen=True)
class Meanings:
    """What the registry's words mean to us: forms of tables, recipients, names of organisations."""

    forms: Forms
    places: Mapping[str, str]
    names: Mapping[str, str]

    def organisation(self, name: str) -> str:
        """The identifier of an organisation; empty where there is none, or where there are several.

        A channel code of the OECD (47066) is the same as XM-DAC-47066.
        """
        if ";" in name:
            return ""
        found = REFERENCE.search(name)
        if found is None:
            return self.names.get(_folded(name), "")
        code = found[1].strip()
        return f"XM-DAC-{code}" if CHANNEL.match(code) else code


def load_meanings(folder: Path = MONEY) -> Meanings:
    """The meanings that a folder defines."""
    recipients = {
        each.code: each.place for each in read_table(folder / "recipients.csv", Recipient)
    }
    organisations = read_yaml(folder / "organisations.yaml", Organisations).root
    names = {_folded(name): code for code, found in organisations.items() for name in found}
    return Meanings(load_forms(folder / "forms.yaml"), recipients, names)


@dataclass(frozen=True, slots=True)
class Reading:
    """A table that was read: the view ``rows`` of the engine has its rows as ours."""

    table: Table
    release: str
    number: int
    rows: str
    odd: Counter[str]

    @property
    def shape(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What its columns are, by which it can be compared with other tables."""
        used = sorted({*self.table.header.used} - {"source_file"})
        return tuple(used), tuple(sorted(map(folded, self.table.header.ignored)))

    @property
    def key(self) -> str:
        """A query for each row's mark by all its columns, but for the name of the file."""
        columns = []
        for use in self.shape[0]:
            name = named(self.table.header.used[use])
            column = f"coalesce(CAST({name} AS VARCHAR), '')"
            columns.append("CAST(e.cents_ AS VARCHAR)" if use == "value" else column)
        for name in sorted(self.table.header.ignored, key=folded):
            columns.append(f"coalesce(CAST({named(name)} AS VARCHAR), '')")
        given = f"given_{self.number}"
        return (
            f"SELECT {self.number} AS n, row, md5_number(concat_ws(chr(31), {', '.join(columns)})) "
            f"AS key FROM whole_{given} JOIN exact_{given} e USING (row) "
            f"WHERE row NOT IN (SELECT row FROM twice_{self.number})"
        )


class Reader:
    """Reads tables with one connection to the query engine, and keeps to its memory."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, meanings: Meanings) -> None:
        self.engine = engine
        self.meanings = meanings
        self._tables = 0
        self._keep("kinds", {"code": [*KINDS], "kind": [kind.value for kind in KINDS.values()]})
        places = meanings.places
        self._keep("places", {"code": [*places], "place": [*places.values()]})

    def read(self, table: Table, release: str) -> Reading:
        """Make the view of a table; raises ``DefinitionError`` at the first row that is wrong."""
        self._tables += 1
        number = self._tables
        given = f"given_{number}"
        self._view(given, table)
        self._understand(given, number)
        self._check(table, given, number)
        self._mark(table, given, number)
        rows = f"rows_{number}"
        self.engine.execute(PLACED.format(n=number))
        self.engine.execute(ROWS.format(n=number, rows=rows, release=quoted(release)))
        odd = self._odd(number)
        odd.update(dict.fromkeys(table.remarks, 1))
        return Reading(table, release, number, rows, odd)

    def _view(self, given: str, table: Table) -> None:
        """The rows by the uses of their columns; texts that say that there is no data are empty."""
        words = ", ".join(map(quoted, self.meanings.forms.no_data))
        columns = []
        for use in self.meanings.forms.columns:
            name = table.header.used.get(use)
            column = "NULL" if name is None else named(name)
            if use not in ("year", "value"):
                text = f"coalesce(CAST({column} AS VARCHAR), '')"
                column = f"CASE WHEN {text} IN ({words}) THEN '' ELSE {text} END"
            if use == "source_file" and name is None:
                column = quoted(table.source.name)
            columns.append(f"{column} AS {use}_")
        every = ", ".join(map(named, [*table.header.used.values(), *table.header.ignored]))
        row = ROW if table.numbered else f"file_row_number + 1 AS {ROW}"
        source = f"read_parquet({literal(table.parquet)}, file_row_number = true)"
        exact = "CAST(CAST(value_ AS VARCHAR) AS DECIMAL(38, 19))"
        for name, columns_of, of in (
            (f"whole_{given}", f"{row}, hash({every}) AS hash_, {every}", source),
            (given, f"{ROW}, hash_, {', '.join(columns)}", f"whole_{given}"),
            (
                f"exact_{given}",
                f"*, {exact} AS exact_, CAST(round({exact}, 2) AS DECIMAL(18, 2)) AS cents_",
                given,
            ),
        ):
            self.engine.execute(f"CREATE VIEW {name} AS SELECT {columns_of} FROM {of}")

    def _understand(self, given: str, number: int) -> None:
        """What each text means that occurs, once."""
        codes = self._texts(given, CODES)
        self._keep(f"codes_{number}", {"text": codes, "meaning": [_code(text) for text in codes]})
        parties = self._texts(given, PARTIES)
        made = {
            "text": parties,
            "meaning": [self.meanings.organisation(text) for text in parties],
            "name": [_plain(text) for text in parties],
        }
        self._keep(f"parties_{number}", made)
        uneven = [text for text in self._texts(given, PLAIN) if _plain(text) != text]
        self._keep(f"plain_{number}", {"text": uneven, "meaning": [_plain(t) for t in uneven]})

    def _texts(self, given: str, uses: tuple[str, ...]) -> list[str]:
        columns = " UNION ".join(f"SELECT {use}_ AS text FROM {given}" for use in uses)
        found = self.engine.execute(f"SELECT text FROM ({columns}) ORDER BY text")
        return [text for (text,) in found.fetchall()]

    def _keep(self, name: str, columns: dict[str, list[str]]) -> None:
        kinds = [(column, pa.string()) for column in columns]
        self.engine.register("made", pa.table(columns, schema=pa.schema(kinds)))
        self.engine.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
        self.engine.unregister("made")

    def _check(self, table: Table, given: str, number: int) -> None:
        """Raise the fault of the first row that has one."""
        kinds = ", ".join(quoted(code) for code in KINDS)
        finite = f"isfinite(CAST(value_ AS DOUBLE)) AND abs(CAST(value_ AS DOUBLE)) < {LARGEST}"
        faults = self._one(
            f"""
            SELECT
              arg_min({{row: g.row, found: c.meaning}}, g.row) FILTER (c.meaning NOT IN ({kinds})),
              min(g.row) FILTER (NOT coalesce({finite}, false)),
              arg_min({{row: g.row, found: year_}}, g.row)
                FILTER (NOT coalesce(year_ BETWEEN 1900 AND 2100, false))
            FROM {given} g JOIN codes_{number} c ON c.text = g.type_
            """
        )
        found = []
        if faults[0] is not None:
            problem = f"'{faults[0]['found']}' is no type of ours."
            remedy = "The reader knows types 1, 2, 3, 4, 11 and budget; leave other rows out."
            found.append((faults[0]["row"], "type", problem, remedy))
        if faults[1] is not None:
            remedy = "Correct the amount; a missing one cannot be taken for 0."
            found.append((faults[1], "value", "there is no amount.", remedy))
        if faults[2] is not None:
            problem = f"'{faults[2]['found']}' is no year."
            remedy = "Correct the year; it lies between 1900 and 2100."
            found.append((faults[2]["row"], "year", problem, remedy))
        if found:
            raise table.fault(*min(found, key=lambda each: int(each[0])))

    def _mark(self, table: Table, given: str, number: int) -> None:
        """The rows that are the same in every column as an earlier one, and that one.

        Rows with the same hash are few; among them, every column is compared.
        """
        every = ", ".join(map(named, [*table.header.used.values(), *table.header.ignored]))
        self.engine.execute(
            f"""
            CREATE TABLE twice_{number} AS
            WITH again AS (SELECT hash_ FROM {given} GROUP BY hash_ HAVING count(*) > 1),
                 alike AS (SELECT * FROM whole_{given} WHERE hash_ IN (SELECT hash_ FROM again)),
                 firsts AS (SELECT row, min(row) OVER (PARTITION BY {every}) AS first FROM alike)
            SELECT row, first FROM firsts WHERE row > first
            """
        )

    def _odd(self, number: int) -> Counter[str]:
        """What was odd in the rows of a table, by reason."""
        odd: Counter[str] = Counter()
        reasons = (
            "rounded to the cent",
            "negative: kept, it takes back an earlier amount",
            "several organisations in one cell: taken as not known",
            "NA was read as nothing: it is Namibia, by the name of its file",
        )
        several = " + ".join(f"count(*) FILTER (contains({one}_, ';'))" for one in PARTIES)
        counts = self._one(
            f"""
            SELECT count(*) FILTER (cents_ <> exact_), count(*) FILTER (cents_ < 0), {several},
                   count(*) FILTER (code_ = 'NA' AND recipient_ = '')
            FROM placed_{number}
            """
        )
        odd.update(dict(zip(reasons, counts, strict=True)))
        (twice,) = self._one(f"SELECT count(*) FROM twice_{number}")
        odd["the same in every column as an earlier row: kept, marked, not counted"] = twice
        for code, rows in self.engine.execute(
            f"SELECT code_, count(*) FROM placed_{number} WHERE place_ = '' GROUP BY code_"
        ).fetchall():
            odd[f"{code or 'no recipient'}: no place of ours"] += rows
        return +odd

    def _one(self, query: str) -> tuple[Any, ...]:
        found = self.engine.execute(query).fetchone()
        return found if found is not None else ()


ROWS = """
CREATE VIEW {rows} AS SELECT
  kinds.kind AS kind, g.cents_ AS amount, 'USD' AS currency, CAST(g.year_ AS INTEGER) AS year,
  g.place_ AS place, CAST(g.row AS INTEGER) AS row, CAST(NULL AS DATE) AS day,
  CAST(NULL AS DATE) AS ends,
  reporter.meaning AS reporter, reporter.name AS reporter_name,
  provider.meaning AS provider, provider.name AS provider_name,
  provider_type.meaning AS provider_type,
  receiver.meaning AS receiver, receiver.name AS receiver_name,
  receiver_type.meaning AS receiver_type,
  CAST(CASE WHEN g.several_countries_ = '0' THEN 1 END AS DECIMAL(9, 6)) AS places_share,
  sector.meaning AS sector, aid_type.meaning AS aid_type, finance_type.meaning AS finance_type,
  'not-known' AS earmarking,
  coalesce(activity.meaning, g.activity_) AS activity, coalesce(title.meaning, g.title_) AS title,
  CASE g.humanitarian_ WHEN '1' THEN true WHEN '0' THEN false END AS humanitarian,
  CAST(twice.first AS INTEGER) AS duplicate_of, '' AS duplicate_in, {release} AS release
FROM placed_{n} g
JOIN codes_{n} type ON type.text = g.type_
JOIN kinds ON kinds.code = type.meaning
JOIN codes_{n} sector ON sector.text = g.sector_
JOIN codes_{n} aid_type ON aid_type.text = g.aid_type_
JOIN codes_{n} finance_type ON finance_type.text = g.finance_type_
JOIN codes_{n} provider_type ON provider_type.text = g.provider_type_
JOIN codes_{n} receiver_type ON receiver_type.text = g.receiver_type_
JOIN parties_{n} reporter ON reporter.text = g.reporter_
JOIN parties_{n} provider ON provider.text = g.provider_
JOIN parties_{n} receiver ON receiver.text = g.receiver_
LEFT JOIN plain_{n} activity ON activity.text = g.activity_
LEFT JOIN plain_{n} title ON title.text = g.title_
LEFT JOIN twice_{n} twice ON twice.row = g.row
"""
PLACED = """
CREATE VIEW placed_{n} AS SELECT g.*, coalesce(p.place, '') AS place_ FROM (
  SELECT e.*, CASE WHEN c.meaning = '' AND source_file_ IN ('NA.xlsx', 'budget-NA.xlsx')
              THEN 'NA' ELSE c.meaning END AS code_
  FROM exact_given_{n} e JOIN codes_{n} c ON c.text = e.recipient_
) g LEFT JOIN places p ON p.code = g.code_
"""


def named(column: str) -> str:
    """The name of a column as the query engine writes it."""
    return '"' + column.replace('"', '""') + '"'


def _code(text: str) -> str:
    return text.split(" - ")[0].strip()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _folded(name: str) -> str:
    return " ".join(re.sub(r"\W+", " ", name).casefold().split())
