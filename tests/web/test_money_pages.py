"""Pages of money: each number is the sum of raw rows, and leads to exactly those rows.

The sums are made here with SQL on the raw table, apart from the library; for Lebanon, what passes
on is taken off by hand, as in ``tests/spec/test_finance_places.py``.
"""

from __future__ import annotations

import csv
import html
import io
import re
from decimal import Decimal

import duckdb
import pytest
from django.test import Client

from waymark.finance.evidence import MONEY

TABLE = f"read_parquet('{MONEY}/*.parquet')"
KINDS = {
    "spent": ("disbursement", "expenditure"),
    "secured": ("commitment",),
    "planned": ("budget", "planned-disbursement"),
    "received": ("incoming", "incoming-commitment"),
}
COMPACT = ("15190", "24050")


@pytest.fixture(scope="module")
def reader() -> Client:
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


def raw(what: str, **wanted: object) -> list[tuple[object, ...]]:
    """A question in SQL to the raw table."""
    where = " AND ".join(
        f"{column} IN ({', '.join('?' * len(value))})" for column, value in wanted.items()
    )
    values = [each for value in wanted.values() for each in value]  # type: ignore[attr-defined]
    return duckdb.execute(f"SELECT {what} FROM {TABLE} WHERE {where}", values).fetchall()


def shown(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def file_of(reader: Client, address: str) -> list[dict[str, str]]:
    text = reader.get(address).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def numbers(page: str) -> list[tuple[str, str]]:
    """Every number that is a link to rows: its address and what it says."""
    found = re.findall(r'<a href="(/en/money/rows/\?[^"]*)"><bdi>([^<]*)</bdi>', page)
    return [(html.unescape(address), text) for address, text in found]


@pytest.mark.parametrize("place", ["TUN", "MAR", "EGY", "SRB", "NER"])
@pytest.mark.parametrize("measure", KINDS)
def test_the_years_of_a_place_are_the_sums_of_its_raw_rows(
    reader: Client, place: str, measure: str
) -> None:
    lines = file_of(reader, f"/en/place/{place}/money/?sector=15190&format=csv")
    by_hand = (
        raw(
            "year, sum(amount), count(*)",
            place=[place],
            sector=["15190"],
            kind=KINDS[measure],
        )
        if False
        else duckdb.execute(
            f"SELECT year, sum(amount), count(*) FROM {TABLE} WHERE place = ? AND sector = '15190' "
            f"AND kind IN ({', '.join('?' * len(KINDS[measure]))}) GROUP BY year",
            [place, *KINDS[measure]],
        ).fetchall()
    )
    assert {
        (int(line["year"]), Decimal(line["amount"]), int(line["rows"]))
        for line in lines
        if line["measure"] == measure
    } == set(by_hand)
