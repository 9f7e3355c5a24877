"""Constant prices on pages of money, held against raw rows and price levels made up here.

What cannot be converted is said, and every link and file keeps the choice.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from django.test import Client

from tests.web.reading import file_of, shown
from waymark.finance.evidence import MONEY
from waymark_web import store
from waymark_web.finance import places, reported
from waymark_web.plans import models

TABLE = f"read_parquet('{MONEY}/*.parquet')"
LEVELS = {2019: "80", 2021: "100"}  # besides 90.5 for 2020, of the example
KEPT = (store._prices, reported._constant, places._by_year, places._by_place)
CENT = Decimal("0.01")
TUNISIA = "/en/place/TUN/money/?sector=15190"


@pytest.fixture
def reader() -> Iterator[Client]:
    """A reader of a register with price levels of three years, entered without an event."""
    for year, level in LEVELS.items():
        given = {"slug": f"usd-{year}", "currency": "USD", "year": year, "level": level}
        models.Deflator.objects.create(**given, source=f"made up for {year}")
    for each in KEPT:
        each.cache_clear()
    yield Client(HTTP_HOST="localhost", raise_request_exception=False)
    for each in KEPT:
        each.cache_clear()


def raw(where: str) -> list[tuple[int, Decimal]]:
    asked = f"SELECT year, sum(amount) FROM {TABLE} WHERE {where} GROUP BY year"
    return [(year, Decimal(str(amount))) for year, amount in duckdb.execute(asked).fetchall()]


def spent(place: str) -> dict[int, Decimal]:
    """What was spent by year; for a place where nothing is passed on."""
    kinds = "kind IN ('disbursement', 'expenditure')"
    return dict(raw(f"place = '{place}' AND sector = '15190' AND {kinds}"))


def in_2020(amount: Decimal, year: int) -> Decimal:
    levels = {2020: Decimal("90.5")} | {each: Decimal(level) for each, level in LEVELS.items()}
    return (amount * levels[2020] / levels[year]).quantize(CENT, ROUND_HALF_UP)


def test_the_years_of_a_place_are_its_raw_sums_times_two_price_levels(reader: Client) -> None:
    lines = file_of(reader, f"{TUNISIA}&base=2020&format=csv")
    found = {int(each["year"]): each for each in lines if each["measure"] == "spent"}
    stated = spent("TUN")
    assert {2018, 2019, 2020} <= stated.keys() == found.keys()
    for year in (2019, 2020):
        assert Decimal(found[year]["amount"]) == in_2020(stated[year], year)
        assert (found[year]["prices_of"], found[year]["why_not_known"]) == ("2020", "")
    assert found[2018]["amount"] == ""
    assert found[2018]["why_not_known"] == "The price level of USD in 2018 is not known."


def test_the_page_says_what_it_rests_on_and_what_is_missing(reader: Client) -> None:
    page = shown(reader, f"{TUNISIA}&base=2020")
    assert f"<bdi>{round(in_2020(spent('TUN')[2019], 2019)):,}</bdi>" in page
    assert "made up for 2019" in page
    assert re.search(r"The price level of USD is not known for: .*2018", page)
    whole = re.search(r'<tfoot>.*?<td class="number"><a [^>]*>(.*?)</a>', page)
    assert whole
    assert "not known" in whole[1], "a part of the years would pass for all of them"
    plain = shown(reader, TUNISIA)
    assert "made up for 2019" not in plain
    assert '<option value="2020">' in plain


def test_every_link_and_file_of_the_page_keeps_the_choice(reader: Client) -> None:
    page = shown(reader, "/en/place/015/money/?base=2020")
    main = page[page.index("<main") : page.index("</main>")]
    links = {html.unescape(each) for each in re.findall(r'(?:href|src|srcset)="([^"]*)"', main)}
    about_money = {each for each in links if "/money" in each or each.startswith("?")}
    assert len(about_money) > 20
    assert {each for each in about_money if "base=2020" not in each} == set()


def test_a_number_leads_to_rows_that_add_up_to_it(reader: Client) -> None:
    rows = "/en/money/rows/?place=TUN&sector=15190&measure=spent&year=2019&base=2020"
    constant = in_2020(spent("TUN")[2019], 2019)
    assert f"<bdi>{constant:,}</bdi>" in shown(reader, rows)
    lines = file_of(reader, f"{rows}&format=csv")
    assert {line["prices_of"] for line in lines} == {"2020"}
    whole = sum(Decimal(line["constant_amount"]) for line in lines)
    assert abs(whole - constant) <= len(lines) * CENT / 2


def test_providers_and_flows_are_converted_year_by_year(reader: Client) -> None:
    given = "/en/money/flows/?place=SRB&sector=all&base=2020&format=csv"
    kinds = "kind IN ('disbursement', 'expenditure')"
    found = [Decimal(each["amount"]) for each in file_of(reader, given) if each["amount"]]
    assert found
    unknown = [each for each in file_of(reader, given) if not each["amount"]]
    assert all("is not known" in each["why_not_known"] for each in unknown)
    provider = file_of(reader, given)[0]["provider"]
    of_one = dict(raw(f"place = 'SRB' AND {kinds} AND provider = '{provider}'"))
    mine = [each for each in file_of(reader, given) if each["provider"] == provider]
    if all(year in (2019, 2020, 2021) for year in of_one):
        whole = sum(in_2020(amount, year) for year, amount in of_one.items())
        assert abs(sum(Decimal(each["amount"]) for each in mine) - whole) < 1
    else:
        assert any(not each["amount"] for each in mine)


def test_gaps_are_converted_and_a_year_without_a_level_is_not_known(reader: Client) -> None:
    models.Deflator.objects.create(
        slug="usd-2026", currency="USD", year=2026, level="181", source="made up for 2026"
    )
    store._prices.cache_clear()
    lines = file_of(reader, "/en/money/gaps/?place=KEN&base=2020&format=csv")
    assert [(line["year"], line["gap"]) for line in lines] == [("2026", "1724.87"), ("2027", "")]
    # 50,000.00 less 48,275.13, each rounded once
    assert lines[1]["why_not_known"] == "The price level of USD in 2027 is not known."
    page = shown(reader, "/en/money/gaps/?place=KEN&first=2026&base=2020")
    assert "money/?base=2020#y2026-cost" in page
    assert "<bdi>1,725</bdi>" in page
    assert "made up for 2026" in page
    assert "In 2026 to 2031, 1 of 2 commitments lack money" in page


def test_the_money_of_a_commitment_is_converted_with_its_rates_and_levels(reader: Client) -> None:
    models.Deflator.objects.create(
        slug="usd-2026", currency="USD", year=2026, level="181", source="made up for 2026"
    )
    address = "/en/commitment/example-contracts/money/"
    page = shown(reader, f"{address}?base=2020")
    years = page[page.index("Each number opens to the rows") :]
    assert "50,000" in years[: years.index("</table>")], "half of the cost"
    assert "made up for 2026" in page
    assert "The price level of USD is not known for: 2027." in page
    kept = set(re.findall(r'href="\?format=\w+&amp;(base=2020)"', page))
    assert kept == {"base=2020"}
    flows = json.loads(reader.get(f"{address}?base=2020&format=json").getvalue())
    by = {each["id"]: each for each in flows}
    assert by["example-cost"]["constant_amount"] == "50000.00"
    assert by["example-cost-next"]["constant_amount"] is None
    assert "2027" in by["example-window"]["why_not_known"]
    plain = json.loads(reader.get(f"{address}?format=json").getvalue())
    assert "prices_of" not in plain[0]


def test_the_rate_of_the_grant_stands_on_the_page_as_stated(reader: Client) -> None:
    page = shown(reader, "/en/commitment/example-contracts/money/")
    used = page[page.index("Exchange rates that were used") :]
    assert re.search(r"EUR.*?2026.*?0\.8.*?made up", used, re.DOTALL)


@pytest.mark.parametrize(
    "page",
    [
        "place/TUN/money/",
        "place/TUN/money/years.svg",
        "money/",
        "money/gaps/",
        "money/flows/",
        "money/rows/",
        "commitment/example-contracts/money/",
    ],
)
@pytest.mark.parametrize("base", ["20", "soon", "99999999999999999999", "%00", "%D9%A2%D9%A0"])
def test_a_year_that_is_none_is_refused_with_a_remedy(reader: Client, page: str, base: str) -> None:
    response = reader.get(f"/en/{page}?base={base}")
    assert response.status_code == 400
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("page", ["place/TUN/money/", "money/", "money/flows/?place=LBN"])
def test_a_base_year_without_a_level_leaves_nothing_but_its_own_amounts(
    reader: Client, page: str
) -> None:
    mark = "&" if "?" in page else "?"
    text = shown(reader, f"/en/{page}{mark}base=1950")
    assert "The price level of USD is not known for: 1950" in text
    in_prices = text.partition("Did promised money come?")[0]
    assert not re.search(r'money/rows/[^"]*"><bdi>', in_prices)
