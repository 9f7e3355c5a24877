"""Promised and paid on pages: the figures of the command, held against sums of raw rows."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from click.testing import CliRunner
from django.test import Client

from tests.web.reading import file_of, shown
from waymark.cli.main import waymark
from waymark.finance.evidence import MONEY
from waymark_web.finance import predictability
from waymark_web.plans import models

TABLE = f"read_parquet('{MONEY}/*.parquet')"
PAGE = "/en/place/TUN/money/predictability/?sector=15190"
DENMARK = "XM-DAC-3-1"
SPENDING = "kind IN ('disbursement', 'expenditure')"


@pytest.fixture(scope="module")
def reader() -> Client:
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


def by_year(kinds: str) -> dict[int, Decimal]:
    where = f"place = 'TUN' AND sector = '15190' AND provider = '{DENMARK}' AND {kinds}"
    asked = f"SELECT year, sum(amount) FROM {TABLE} WHERE {where} GROUP BY year"
    return {year: Decimal(str(amount)) for year, amount in duckdb.execute(asked).fetchall()}


@pytest.mark.parametrize("years", [False, True])
def test_the_file_of_the_page_says_what_the_command_says(reader: Client, years: bool) -> None:
    words = ["finance", "predictability", "TUN", "--sector", "15190", "--format", "json"]
    done = CliRunner().invoke(waymark, [*words, *(["--years"] if years else [])])
    told = json.loads(done.output)
    lines = file_of(reader, f"{PAGE}&format=csv{'&by=year' if years else ''}")
    names = sorted(set(lines[0]) - {"provider", "provider_name", "years_ahead_with_promises"})
    of_command = [["" if row[name] is None else str(row[name]) for name in names] for row in told]
    of_page = [[line[name] for name in names] for line in lines]
    assert len(of_page) > 5
    assert sorted(of_page) == sorted(of_command)


def test_one_giver_is_reckoned_by_hand(reader: Client) -> None:
    promised, paid = by_year("kind = 'commitment'"), by_year(SPENDING)
    assert promised
    assert min(*promised.values(), *paid.values()) >= 0, "nothing is taken back"
    lines = {
        int(each["year"]): each
        for each in file_of(reader, f"{PAGE}&provider={DENMARK}&format=csv&by=year")
        if each["promise"] == "committed"
    }
    last = max(year for year in paid if year <= 2020)
    assert set(lines) == {*promised, *paid}
    for year, line in lines.items():
        assert Decimal(line["promised"]) == promised.get(year, 0)
        if year <= last:
            assert Decimal(line["paid"]) == paid.get(year, 0)
            if promised.get(year):
                least = min(promised[year], paid.get(year, Decimal(0)))
                assert Decimal(line["paid_of_it_in_year"]) == least
        else:
            assert line["paid_of_it_in_year"] == ""


def test_every_number_of_a_giver_leads_to_rows_that_add_up_to_it(reader: Client) -> None:
    page = shown(reader, f"{PAGE}&provider={DENMARK}")
    found = re.findall(r'<a href="(/en/money/rows/\?[^"]*)"><bdi>([^<]*)</bdi>', page)
    assert any("payments=yes" in address for address, _ in found)
    for address, text in found:
        rows = file_of(reader, f"{html.unescape(address)}&format=csv")
        whole = sum((Decimal(row["amount"]) for row in rows), Decimal(0))
        assert abs(whole - Decimal(text.replace(",", ""))) <= Decimal("0.5"), address


def test_the_page_of_money_says_the_same_and_leads_on(reader: Client) -> None:
    money = shown(reader, "/en/place/TUN/money/?sector=15190")
    (told,) = re.findall(r"Of [^<]* USD committed until 2020, [^<]* promised for\.", money)
    assert told in shown(reader, PAGE)
    assert "place/TUN/money/predictability/?place=TUN&amp;sector=15190" in money


def test_what_nobody_promised_is_not_known(reader: Client) -> None:
    for page in ("", "predictability/"):
        text = shown(reader, f"/en/place/NRU/money/{page}")
        assert "Not known: nobody reported a promise of money" in text
        assert "<bdi>0</bdi>" not in text


def test_plans_of_one_who_reports_no_payment_are_not_judged(reader: Client) -> None:
    page = shown(reader, "/en/place/NER/money/predictability/?sector=15190")
    assert "Of what was planned in USD, it is not known how much was paid." in page


@pytest.fixture
def entered() -> Iterator[None]:
    """Two pledges and a payment that came late, without an event."""
    given = {"currency": "USD", "place": "KEN", "country": "KEN", "provider_name": "Made-up Fund"}
    for slug, kind, year, amount in (
        ("p24", "pledge", 2024, "10000"),
        ("p25", "pledge", 2025, "12000"),
        ("d25", "disbursement", 2025, "14000"),
    ):
        models.Flow.objects.create(
            slug=slug, kind=kind, year=year, amount=amount, earmarking="not-known", **given
        )
    predictability._of_register.cache_clear()
    yield
    predictability._of_register.cache_clear()


@pytest.mark.usefixtures("entered")
@pytest.mark.parametrize("page", ["", "predictability/"])
def test_flows_of_the_register_are_judged_and_stand_behind_it(reader: Client, page: str) -> None:
    text = shown(reader, f"/en/place/KEN/money/{page}")
    assert "Of 22,000 USD pledged until 2025, 8,000 was not paid; 55 % was paid" in text
    assert "it took 0.7 years" in text, "10,000 came a year late, 4,000 at once"
    assert "Some of these rows are made up" in text
    if page:
        rows = text[text.index('id="rows"') :]
        assert re.search(r"14,000.*?Made-up Fund", rows, re.DOTALL)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("place/XXX/money/predictability/", 404),
        ("place/TUN/money/predictability/?sector=1519", 400),
        ("place/TUN/money/predictability/?provider=%00", 400),
        ("place/TUN/money/predictability/?base=soon", 400),
        ("place/TUN/money/predictability/?provider=nobody&format=csv", 200),
        ("place/788/money/predictability/", 301),
    ],
)
def test_odd_questions_are_answered(reader: Client, address: str, status: int) -> None:
    assert reader.get(f"/en/{address}").status_code == status
