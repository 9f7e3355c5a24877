"""Pages of money: each number is the sum of raw rows, and leads to exactly those rows.

The sums are made here with SQL on the raw table, apart from the library; for Lebanon, what passes
on is taken off by hand, as in ``tests/spec/test_finance_places.py``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.reading import file_of, shown
from waymark.finance.evidence import MONEY
from waymark_web import store
from waymark_web.audit.chain import record
from waymark_web.finance import facility, gaps, held
from waymark_web.plans import models

TABLE = f"read_parquet('{MONEY}/*.parquet')"
KINDS = {
    "spent": ("disbursement", "expenditure"),
    "secured": ("commitment",),
    "planned": ("budget", "planned-disbursement"),
    "received": ("incoming", "incoming-commitment"),
}
WAR_CHILD = {"990212.15", "2252744.69"}  # Lebanon's spending that War Child Holland reports itself
SPENDING = "kind IN ('disbursement', 'expenditure')"
COMPACT = "sector IN ('15190', '24050')"
PLACES_WITHOUT_CHAINS = ["TUN", "MAR", "EGY", "SRB", "NER"]
PAGES = [
    "place/TUN/money/",
    "place/LBN/money/?sector=all",
    "place/030/money/",
    "provision/gcm:20/money/",
    "money/flows/?place=LBN",
]


@pytest.fixture(scope="module")
def reader() -> Client:
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


def cost(commitment: str, year: int) -> None:
    """A cost of a commitment, and the event of its publication."""
    slug = f"cost-{commitment}-{year}"
    given = {"kind": "cost", "currency": "USD", "place": "KEN", "country": "KEN"}
    given |= {"earmarking": "not-known", "amount": "70", "year": year}
    models.Flow.objects.create(slug=slug, commitment_id=commitment, **given)
    record("published", "flows", slug)


def test_money_is_read_anew_where_money_was_published_and_once_for_all_commitments_of_a_page(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    slugs = list(models.Commitment.objects.values_list("slug", flat=True)[:40])
    for slug in slugs:
        cost(slug, 2033)
    before = store.moneys()
    assert before[slugs[0]].years[2033].cost == 70
    record("published", "commitments", slugs[0])
    assert store.moneys() is before
    with django_assert_max_num_queries(20):  # fewer than commitments
        shown(reader, "/en/place/001/money/")
    cost(slugs[0], 2034)
    assert store.moneys()[slugs[0]].years[2034].cost == 70
    assert 2034 not in before[slugs[0]].years


def raw(what: str, where: str, *values: object) -> list[tuple[object, ...]]:
    """A question in SQL to the raw table."""
    return duckdb.execute(f"SELECT {what} FROM {TABLE} WHERE {where}", list(values)).fetchall()


def numbers(page: str) -> list[tuple[str, str]]:
    """Every number that is a link to rows: its address and what it says."""
    found = re.findall(r'<a href="(/en/money/rows/\?[^"]*)"><bdi>([^<]*)</bdi>', page)
    return [(html.unescape(address), text) for address, text in found]


@pytest.mark.parametrize("place", PLACES_WITHOUT_CHAINS)
@pytest.mark.parametrize("measure", KINDS)
def test_the_years_of_a_place_are_the_sums_of_its_raw_rows(
    reader: Client, place: str, measure: str
) -> None:
    lines = file_of(reader, f"/en/place/{place}/money/?sector=15190&format=csv")
    kinds = ", ".join(f"'{kind}'" for kind in KINDS[measure])
    where = f"place = ? AND sector = '15190' AND kind IN ({kinds}) GROUP BY year"
    assert {
        (int(line["year"]), Decimal(line["amount"]), int(line["rows"]))
        for line in lines
        if line["measure"] == measure
    } == set(raw("year, sum(amount), count(*)", where, place))


def test_what_is_passed_on_stands_beside_and_is_not_spent(reader: Client) -> None:
    lines = file_of(reader, "/en/place/LBN/money/?sector=15190&format=csv")
    sums = {measure: Decimal(0) for measure in (*KINDS, "passed-on")}
    for line in lines:
        sums[line["measure"]] += Decimal(line["amount"])
    ((paid,),) = raw("sum(amount)", f"place = 'LBN' AND sector = '15190' AND {SPENDING}")
    assert sums["passed-on"] == sum(map(Decimal, WAR_CHILD))
    assert sums["spent"] == Decimal(str(paid)) - sums["passed-on"]


def test_the_table_of_a_page_says_what_its_file_says(reader: Client) -> None:
    page = shown(reader, "/en/place/TUN/money/?sector=15190")
    lines = file_of(reader, "/en/place/TUN/money/?sector=15190&format=csv")
    told = {text for _, text in numbers(page)}
    assert told >= {f"{round(Decimal(line['amount'])):,}" for line in lines}
    assert "12,237,751" in told, "all years, as the hand-made sum 12,237,750.65"


@pytest.mark.parametrize("page", PAGES)
def test_every_number_leads_to_the_rows_that_add_up_to_it(reader: Client, page: str) -> None:
    found = numbers(shown(reader, f"/en/{page}"))
    assert found
    for address, text in found[:: max(1, len(found) // 6)]:
        rows = file_of(reader, f"{address}&format=csv")
        whole = sum((Decimal(row["amount"]) for row in rows), Decimal(0))
        assert rows, address
        assert abs(whole - Decimal(text.replace(",", ""))) <= Decimal("0.5"), address
        assert len({(row["release"], row["row"]) for row in rows}) == len(rows)


def test_the_rows_are_exactly_those_of_the_raw_table(reader: Client) -> None:
    rows = file_of(reader, "/en/money/rows/?place=TUN&measure=spent&year=2020&format=csv")
    where = (
        f"place = 'TUN' AND year = 2020 AND {COMPACT} AND kind IN ('disbursement', 'expenditure')"
    )
    assert {int(row["row"]) for row in rows} == {row for (row,) in raw("row", where)}
    page = shown(reader, "/en/money/rows/?place=TUN&measure=spent&year=2020")
    assert "12 rows add up to 4,311,679.81 USD." in page
    assert all(f"<bdi>{row['row']}</bdi>" in page for row in rows)


def test_rows_come_page_by_page_and_none_is_lost_between_two(reader: Client) -> None:
    address = "/en/money/rows/?place=LBN&sector=all"
    first = shown(reader, address)
    pages = int(re.search(r"Page 1 of (\d+)", first).group(1))  # type: ignore[union-attr]
    row = re.compile(r'<th scope="row"><bdi class="code" dir="ltr">[^<]*</bdi><br><bdi>(\d+)</bdi>')
    seen = [
        int(number)
        for page in range(1, pages + 1)
        for number in row.findall(shown(reader, f"{address}&page={page}"))
    ]
    assert seen == [each for (each,) in sorted(raw("row", "place = 'LBN'"))]


def test_all_providers_beyond_the_largest_are_one_line_with_its_own_rows(reader: Client) -> None:
    page = shown(reader, "/en/place/IRQ/money/?sector=all")
    found = [(address, text) for address, text in numbers(page) if "besides=" in address]
    assert len(found) == 1
    (address, text) = found[0]
    rows = file_of(reader, f"{address}&format=csv")
    assert round(sum(Decimal(row["amount"]) for row in rows)) == int(text.replace(",", ""))
    largest = re.findall(r"besides=([^&]*)", address)
    assert len(largest) == 10
    assert not {row["provider"] for row in rows} & set(largest)


def test_a_region_adds_its_places_and_each_row_once(reader: Client) -> None:
    lines = file_of(reader, "/en/place/015/money/?sector=all&format=csv")
    inside = [
        "015",
        *(each.id for each in store.framework().within(store.framework().place("015"))),
    ]
    marks = ", ".join("?" * len(inside))
    ((count,),) = raw("count(*)", f"place IN ({marks})", *inside)
    assert sum(int(line["rows"]) for line in lines) == count


def test_a_place_without_money_is_not_known_and_no_zero(reader: Client) -> None:
    page = shown(reader, "/en/place/NRU/money/")
    assert "Not known: in these sectors, nobody reported any money for Nauru." in page
    assert "<bdi>0</bdi>" not in page


def test_plans_alone_pay_for_nothing(reader: Client) -> None:
    page = shown(reader, "/en/place/NER/money/?sector=15190")
    assert "only budgets, planned payments or money received were reported" in page
    assert page.count("not known") > 10


def test_a_sector_that_names_no_objective_answers_for_none(reader: Client) -> None:
    page = shown(reader, "/en/provision/gcm:15/money/")
    assert "Not known: no sector of the reports names it." in page
    assert "iati-migration-2021" in page, "the money of the agreement names its source too"
    ((spent,),) = raw("sum(amount)", f"sector = '24050' AND {SPENDING}")
    served = shown(reader, "/en/provision/gcm:20/money/")
    assert f"{round(Decimal(str(spent))):,} USD were reported as spent" in served


def test_flows_add_up_and_the_picture_shows_the_largest(reader: Client) -> None:
    lines = file_of(reader, "/en/money/flows/?place=MAR&sector=15190&format=csv")
    where = f"place = 'MAR' AND sector = '15190' AND {SPENDING}"
    assert sum(Decimal(line["amount"]) for line in lines) == raw("sum(amount)", where)[0][0]
    picture = reader.get("/en/money/flows.svg?place=MAR&sector=15190").content.decode()
    assert picture.startswith("<svg")
    largest = re.sub(r" \[[^\]]*\]$", "", lines[0]["provider_name"])
    assert html.escape(largest[:20], quote=False) in picture


def test_a_commitment_stands_with_its_gap_and_leads_to_its_flows(reader: Client) -> None:
    page = shown(reader, "/en/place/KEN/money/")
    answer = "Partly. Commitments of the register, this year: 1 partly paid for and 1 not known."
    assert answer in page
    gap = re.search(r'"/en/commitment/example-contracts/money/#y2026-cost"><bdi>3,450</bdi>', page)
    assert gap, "cost 100,000 less 60,000 of the grant and 36,550.25 of the window"
    assert 'id="y2026-cost"' in shown(reader, "/en/commitment/example-contracts/money/")


def test_gaps_are_in_order_and_their_file_is_exact(reader: Client) -> None:
    page = shown(reader, "/en/money/gaps/?place=KEN&first=2026")
    assert "In 2026 to 2031, 1 of 2 commitments lack money" in page
    nowhere = shown(reader, "/en/money/gaps/?place=NRU&first=2026")
    assert "Not known: no commitment of the register is asked for here." in nowhere
    lines = file_of(reader, "/en/money/gaps/?place=KEN&format=csv")
    assert [(line["year"], line["gap"]) for line in lines] == [
        ("2026", "3449.75"),
        ("2027", "13449.75"),
    ]
    assert "no commitment" not in shown(reader, "/en/money/gaps/?place=MEX").lower()


@pytest.fixture
def pooled() -> Iterator[None]:
    """A grant to a pool, which passes a part of it on to a commitment, without an event."""
    given = {"kind": "commitment", "currency": "USD", "year": 2026, "place": "KEN"}
    given |= {"country": "KEN", "earmarking": "unearmarked", "provider_name": "Example Fund"}
    for slug, amount, onward, commitment in (
        ("pool", "9000", None, None),
        ("arrived", "3000", "pool", "example-contracts"),
    ):
        models.Flow.objects.create(
            slug=slug, amount=amount, onward_of_id=onward, commitment_id=commitment, **given
        )
    kept = (
        store._moneys,
        store._known_fundings,
        held._ordered,
        gaps._ordered,
        facility._register,
        facility._proposed,
    )
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


@pytest.mark.usefixtures("pooled")
def test_money_of_a_pool_counts_where_it_arrives_and_the_rest_can_be_shared(
    reader: Client,
) -> None:
    lines = file_of(reader, "/en/money/gaps/?place=KEN&format=csv")
    assert [line["gap"] for line in lines] == ["449.75", "13449.75"]
    page = shown(reader, "/en/money/facility/?first=2026&last=2026")
    assert "the pool holds 6,000 USD and the known gaps are 450 USD" in page
    assert 'id="flow-pool"' in page
    rows = file_of(reader, "/en/money/facility/?first=2026&last=2026&format=csv")
    assert [row["amount"] for row in rows if row["what"] == "proposed"] == ["449.75"]
    elsewhere = shown(reader, "/en/money/facility/?first=2026&last=2026&place=MEX")
    assert "the pool holds 6,000 USD" in elsewhere, "what went to Kenya is gone for Mexico too"


def test_a_facility_is_a_proposal_and_added_money_changes_it(reader: Client) -> None:
    page = shown(reader, "/en/money/facility/?first=2026&last=2027")
    assert "This is a proposal by stated rules, never a decision." in page
    assert "Nothing is proposed" in page
    added = shown(reader, "/en/money/facility/?first=2026&last=2027&add=5000")
    assert "What the added money would change" in added
    assert "supposed on this page" in added
    assert "supposed-by-a-reader" not in added, "no link to rows that nobody entered"
    lines = file_of(reader, "/en/money/facility/?first=2026&last=2027&add=5000&format=csv")
    proposed = {line["year"]: line["amount"] for line in lines if line["what"] == "proposed"}
    assert proposed == {"2026": "3449.75", "2027": "5000.00"}


def test_years_without_a_known_gap_have_none(reader: Client) -> None:
    page = shown(reader, "/en/money/facility/?first=2040&last=2041")
    assert "not one gap is known" in page
    assert page.count("not known") >= 3


@pytest.mark.parametrize(
    "address",
    [
        "place/XXX/money/",
        "place/XXX/money/years.svg",
        "provision/gcm:99/money/",
        "money/rows/?place=XXX",
        "money/rows/?page=none",
        "money/flows/?page=-",
        "money/gaps/?page=x",
        "money/facility/?place=QQQ",
        "money/facility/?rule=none",
        "money/?go=XXX",
    ],
)
def test_what_is_not_there_is_said(reader: Client, address: str) -> None:
    response = reader.get(f"/en/{address}")
    assert response.status_code == 404
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "money/rows/?year=20",
        "money/rows/?year=99999999999999999999",
        "money/rows/?measure=%3Cscript%3E",
        "money/rows/?sector=1519",
        "money/rows/?sector=" + "15190+" * 60,
        "money/rows/?currency=usd%27--",
        "money/rows/?earmarking=free",
        "money/rows/?provider=%00",
        "money/rows/?provider=" + "x" * 1000,
        "money/rows/?" + "besides=a&" * 60,
        "money/?sort=none",
        "money/gaps/?first=soon",
        "money/gaps/?sort=none",
        "money/facility/?first=2030&last=2020",
        "money/facility/?first=%D9%A2%D9%A0%D9%A2%D9%A7",
        "money/facility/?first=1900&last=2100",
        "money/facility/?add=much",
        "money/facility/?add=-5",
        "money/facility/?add=1e999999",
        "money/facility/?add=NaN",
        "money/facility/?add=1.005",
        "money/facility/?currency=dollars",
        "place/TUN/money/?sector=%27",
    ],
)
def test_a_question_that_is_not_understood_has_a_remedy(reader: Client, address: str) -> None:
    response = reader.get(f"/en/{address}")
    assert response.status_code == 400
    text = response.content.decode()
    assert "<script>" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "query",
    ["provider=%27%3B+DROP+TABLE+money%3B--", "receiver=%25", "provider=%F0%9F%92%B0", "place="],
)
def test_odd_words_find_nothing_or_what_they_say(reader: Client, query: str) -> None:
    shown(reader, f"/en/money/rows/?{query}")
    shown(reader, f"/en/money/flows/?{query}")


def test_a_page_beyond_the_last_is_the_last(reader: Client) -> None:
    page = shown(reader, "/en/money/rows/?place=TUN&page=999999999")
    assert re.search(r"Page (\d+) of \1\b", page)


def test_choosing_a_place_leads_to_its_money(reader: Client) -> None:
    assert reader.get("/en/money/?go=tun").headers["Location"] == "/en/place/TUN/money/"
    assert reader.get("/en/place/788/money/").headers["Location"] == "/en/place/TUN/money/"


def test_the_overview_is_put_in_order_by_a_column(reader: Client) -> None:
    page = shown(reader, "/en/money/?sort=spent")
    spent = [text for address, text in numbers(page) if "measure=spent" in address]
    amounts = [int(text.replace(",", "")) for text in spent]
    assert amounts == sorted(amounts, reverse=True)
