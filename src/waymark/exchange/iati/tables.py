"""Put IATI files into Parquet tables: activities, money, results; and what is odd into a CSV.

Rows are written in batches, so that memory stays the same however large the files are.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import fields
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from waymark.exceptions import WaymarkError
from waymark.exchange.iati.activities import (
    Activity,
    Code,
    Measured,
    Money,
    Organisation,
    Related,
    Scope,
    Share,
    Texts,
    best_of,
)
from waymark.exchange.iati.parsing import Seen
from waymark.exchange.iati.reading import Found, read_activities
from waymark.exchange.iati.remarks import REMEDIES, Kind, Remark
from waymark.words import Sentence

BATCH = 2_000  # rows
ENGINE_MEMORY = "512MB"  # more than it takes for some millions of rows
AMOUNT = pa.decimal128(38, 6)
SHARES = pa.list_(
    pa.struct([("code", pa.string()), ("percentage", AMOUNT), ("vocabulary", pa.string())])
)
CODES = pa.list_(
    pa.struct([("code", pa.string()), ("vocabulary", pa.string()), ("uri", pa.string())])
)
SCOPES = pa.list_(pa.struct([(name, pa.string()) for name in ("type", "vocabulary", "code")]))
PLACE = [("file", pa.string()), ("line", pa.int32()), ("activity", pa.string())]
PARTIES = [
    (f"{side}{part}", pa.string())
    for side in ("provider", "receiver")
    for part in ("", "_name", "_type", "_activity")
]
SCHEMAS = {
    "activities": pa.schema(
        [
            *PLACE,
            *((name, pa.string()) for name in ("reporter", "reporter_name", "title", "status")),
            *((name, pa.date32()) for name in ("starts", "ends")),
            *((name, SHARES) for name in ("countries", "regions", "sectors")),
            ("tags", CODES),
            ("scopes", SCOPES),
            ("related", pa.list_(pa.struct([("ref", pa.string()), ("type", pa.string())]))),
            ("humanitarian", pa.bool_()),
        ]
    ),
    "money": pa.schema(
        [
            *PLACE,
            *((name, pa.string()) for name in ("kind", "type")),
            ("amount", AMOUNT),
            ("currency", pa.string()),
            *((name, pa.date32()) for name in ("valued", "day", "ends")),
            *PARTIES,
            ("country", pa.string()),
            ("region", pa.string()),
            ("sectors", SHARES),
            *((name, pa.string()) for name in ("flow_type", "finance_type", "tied_status")),
            ("aid_types", CODES),
            ("humanitarian", pa.bool_()),
            ("ref", pa.string()),
        ]
    ),
    "results": pa.schema(
        [
            *PLACE,
            *((name, pa.string()) for name in ("type", "title", "indicator", "measure")),
            ("references", CODES),
            ("role", pa.string()),
            ("year", pa.int32()),
            *((name, pa.date32()) for name in ("starts", "ends")),
            ("value", pa.string()),
            ("comment", pa.string()),
        ]
    ),
}
REMARKS = ("file", "line", "activity", "element", "kind", "given", "remedy")
Row = dict[str, Any]


def import_files(
    paths: Iterable[Path],
    folder: Path,
    as_of: date,
    seen: Seen = lambda read: None,
    language: str = "en",
) -> Counter[str]:
    """Put files into a new folder of tables, whole or not at all; how many rows of each, by name.

    Remarks are counted by kind as well (``remark: twice``); their remedies are in ``language``.
    """
    if folder.exists():
        problem = f"{folder} is already there."
        raise WaymarkError(problem, "Name a new folder, or remove this one first.")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        counts = _write(paths, partial, as_of, seen, language)
        partial.rename(folder)
    except OSError as error:
        problem = f"{folder} cannot be written: {error.strerror}."
        raise WaymarkError(problem, "Choose another --output.") from None
    except duckdb.Error:
        problem = "There is not enough room to look for what is there twice."
        raise WaymarkError(problem, "Read fewer files at a time, or make room.") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return counts


def _write(
    paths: Iterable[Path], folder: Path, as_of: date, seen: Seen, language: str
) -> Counter[str]:
    counts: Counter[str] = Counter()
    remedies = {kind: Sentence(remedy).text(language) for kind, remedy in REMEDIES.items()}
    with ExitStack() as stack:
        tables = {name: _Table(folder / f"{name}.parquet", SCHEMAS[name]) for name in SCHEMAS}
        for table in tables.values():
            stack.callback(table.close)
        file = stack.enter_context((folder / "remarks.csv").open("w", newline="", encoding="utf-8"))
        remarks = csv.writer(file, lineterminator="\n")
        remarks.writerow(REMARKS)

        def say(remark: Remark) -> None:
            told = [getattr(remark, name) for name in REMARKS[:-1]]
            remarks.writerow([*told, remedies[remark.kind]])
            counts[f"remark: {remark.kind}"] += 1

        for path in paths:
            for found in read_activities(path, as_of, seen):
                for name, row in rows_of(found, path.name):
                    tables[name].add(row)
                    counts[name] += 1
                for remark in found.remarks:
                    say(remark)
        for table in tables.values():
            table.close()
        for remark in _twice(folder):
            say(remark)
    return counts


class _Table:
    """A Parquet file that is written in batches."""

    def __init__(self, path: Path, schema: Any) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush()

    def close(self) -> None:
        if self._writer.is_open:
            self._flush()
            self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
            self._rows = []


def rows_of(found: Found, file: str) -> Iterator[tuple[str, Row]]:
    """The rows of an activity, each with the name of its table; an empty text is no value."""
    place = {"file": file, "line": found.line, "activity": found.activity.id}
    inside = chain(_activity(found.activity), _money(found.activity), _results(found.activity))
    for name, row in inside:
        yield name, {column: _or_none(value) for column, value in {**place, **row}.items()}


def _activity(given: Activity) -> Iterator[tuple[str, Row]]:
    events = {each.type: each.day for each in given.events}
    row: Row = {
        "reporter": given.reporter.ref,
        "reporter_name": _said(given.reporter.name, given.language),
        "title": _said(given.title, given.language),
        "status": given.status,
        "starts": events.get("2") or events.get("1"),
        "ends": events.get("4") or events.get("3"),
        "humanitarian": given.humanitarian,
    }
    for name in ("countries", "regions", "sectors", "tags", "scopes", "related"):
        row[name] = [_part(each) for each in getattr(given, name)]
    yield "activities", row


def _money(given: Activity) -> Iterator[tuple[str, Row]]:
    for transaction in given.transactions:
        row = {
            "kind": "transaction",
            "day": transaction.day,
            **_parties(transaction.provider, transaction.receiver, given.language),
            "country": transaction.country,
            "region": transaction.region.code if transaction.region else "",
            "sectors": [_part(each) for each in transaction.sectors],
            "flow_type": transaction.flow_type or given.flow_type,
            "finance_type": transaction.finance_type or given.finance_type,
            "tied_status": transaction.tied_status or given.tied_status,
            "aid_types": [_part(each) for each in transaction.aid_types or given.aid_types],
            "humanitarian": transaction.humanitarian,
            "ref": transaction.ref,
        }
        yield "money", {**row, "type": transaction.type, **_amount(transaction.money)}
    for budget in given.budgets:
        row = {"kind": "budget", "type": budget.type, "day": budget.starts, "ends": budget.ends}
        yield "money", {**row, **_amount(budget.money)}
    for planned in given.planned:
        row = {"kind": "planned-disbursement", "type": planned.type, "day": planned.starts}
        parties = _parties(planned.provider, planned.receiver, given.language)
        yield "money", {**row, "ends": planned.ends, **parties, **_amount(planned.money)}


def _results(given: Activity) -> Iterator[tuple[str, Row]]:
    for result in given.results:
        for indicator in result.indicators:
            common = {
                "type": result.type,
                "title": _said(result.title, given.language),
                "indicator": _said(indicator.title, given.language),
                "measure": indicator.measure,
                "references": [_part(each) for each in indicator.references],
            }
            for each in indicator.baselines:
                yield "results", {**common, "role": "baseline", **_measured(each, given.language)}
            for period in indicator.periods:
                span = {"starts": period.starts, "ends": period.ends}
                for role, found in (("target", period.targets), ("actual", period.actuals)):
                    for each in found:
                        yield (
                            "results",
                            {**common, "role": role, **_measured(each, given.language), **span},
                        )


def _part(part: Share | Code | Scope | Related) -> Row:
    return {each.name: _or_none(getattr(part, each.name)) for each in fields(part)}


def _parties(provider: Organisation | None, receiver: Organisation | None, language: str) -> Row:
    row: Row = {}
    for side, given in (("provider", provider), ("receiver", receiver)):
        if given is not None:
            row[side], row[f"{side}_name"] = given.ref, _said(given.name, language)
            row[f"{side}_type"], row[f"{side}_activity"] = given.type, given.activity
    return row


def _amount(money: Money) -> Row:
    return {"amount": money.amount, "currency": money.currency, "valued": money.valued}


def _measured(given: Measured, language: str) -> Row:
    comment = _said(given.comment, language)
    return {"value": given.value, "comment": comment, "year": given.year, "starts": given.day}


def _said(texts: Texts, language: str) -> str:
    found = best_of(texts, language)
    return found.text if found else ""


def _or_none(value: Any) -> Any:
    return None if value == "" else value


def _twice(folder: Path) -> Iterator[Remark]:
    """Activities that are there again, and money that is there again in every column.

    Only rows whose hash is there again are compared whole, so that memory stays small.
    """
    everything = ", ".join(f'"{each}"' for each in SCHEMAS["money"].names[len(PLACE) - 1 :])
    with duckdb.connect(config={"memory_limit": ENGINE_MEMORY, "threads": 1}) as engine:
        for name, element, same, given in (
            ("activities", "'iati-activity'", "activity", "activity"),
            ("money", "kind", everything, "concat_ws(' ', day, currency, amount)"),
        ):
            path = str(folder / f"{name}.parquet")
            rows = engine.execute(
                f"""
                WITH again AS (
                    SELECT hash({same}) AS code FROM read_parquet($path)
                    WHERE activity IS NOT NULL GROUP BY code HAVING count(*) > 1
                ), turns AS (
                    SELECT *, row_number() OVER (PARTITION BY {same} ORDER BY file, line) AS turn
                    FROM read_parquet($path)
                    WHERE activity IS NOT NULL AND hash({same}) IN (SELECT code FROM again)
                )
                SELECT file, line, activity, {element}, {given} FROM turns
                WHERE turn > 1 ORDER BY file, line
                """,
                {"path": path},
            )
            while batch := rows.fetchmany(BATCH):
                for file, line, activity, what, value in batch:
                    yield Remark(file, line, activity, what, Kind.TWICE, value or "")
