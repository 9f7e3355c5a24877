"""The money of places, as reported to IATI by July 2021, against sums made by hand.

The hand-made sums were computed with SQL on the raw table, apart from this library: amounts to the
cent, by recipient country code, sector 15190 and transaction type (3 and 4 together are spending).
For Lebanon the two payments of the Netherlands to War Child Holland were taken off by hand
(990,212.15 and 2,252,744.69), because War Child Holland reports its own spending there.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from waymark.cli.main import waymark
from waymark.compact.answers import Answer
from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.coverage.ladder import Rung, ladder
from waymark.finance.evidence import MONEY, MoneyEvidence, open_money
from waymark.finance.funding import Finances, reports_of
from waymark.finance.sums import Measure, counted, totals
from waymark.indicators.releases import load_releases
from waymark.reading import read_rows

HAND = {  # rows and US dollars of sector 15190
    "TUN": {"secured": (39, "8138014.05"), "spent": (50, "12237750.65")},
    "LBN": {"secured": (54, "99025260.27"), "spent": (91, "88264188.93")},
    "MAR": {"secured": (32, "5452458.80"), "spent": (45, "5356423.21")},
    "EGY": {"secured": (41, "16366714.18"), "spent": (54, "6946365.18")},
    "SRB": {"secured": (7, "47751815.73"), "spent": (35, "43144893.18")},
    "NER": {},
}
PLANNED = {
    "TUN": (99, "15617095.18"),
    "LBN": (91, "97885642.52"),
    "MAR": (98, "14077608.05"),
    "EGY": (55, "6282691.31"),
    "SRB": (53, "6577693.72"),
    "NER": (139, "60523295.63"),
}
RECEIVED = {"TUN": (2, "731151.78"), "LBN": (7, "4313679.40")}
SPENT_IN_TUNISIA = {
    2016: "1665948.38",
    2017: "707636.79",
    2018: "2698455.27",
    2019: "2616350.40",
    2020: "4311679.81",
    2021: "237680.00",
}


@pytest.fixture(scope="module")
def money() -> MoneyEvidence:
    return open_money()


@pytest.mark.parametrize("place", HAND)
def test_the_money_of_a_country_is_the_sum_made_by_hand(money: MoneyEvidence, place: str) -> None:
    rows = [each for each in counted(money.rows([place])) if each.row.sector == "15190"]
    found = totals(rows, lambda row: row.place)
    sums = {
        measure.value: (len(total.rows), str(total.amount))
        for (_, measure, currency), total in found.items()
        if currency == "USD"
    }
    expected = {**HAND[place], "planned": PLANNED[place]}
    if place in RECEIVED:
        expected["received"] = RECEIVED[place]
    if place == "LBN":
        expected["passed-on"] = (2, "3242956.84")
    assert sums == expected


def test_the_command_says_the_same_by_year() -> None:
    arguments = ["finance", "place", "TUN", "--sector", "15190", "--format", "json"]
    shown = json.loads(CliRunner().invoke(waymark, arguments).output)
    spent = {row["year"]: row["spent"] for row in shown if row["spent"] is not None}
    assert spent == SPENT_IN_TUNISIA
    assert sum(map(Decimal, spent.values())) == Decimal(HAND["TUN"]["spent"][1])


def test_the_rows_of_a_place_open_with_what_each_adds_to() -> None:
    arguments = ["finance", "place", "LBN", "--rows", "--format", "json"]
    shown = json.loads(CliRunner().invoke(waymark, arguments).output)
    passed = [row for row in shown if row["adds_to"] == "passed-on"]
    assert {row["amount"] for row in passed} == {"990212.15", "2252744.69"}
    assert all("War Child Holland" in row["receiver"] for row in passed)
    assert len({row["row"] for row in shown}) == len(shown)


def test_flows_add_up_to_what_was_committed_and_spent() -> None:
    arguments = ["finance", "flows", "MAR", "--sector", "15190", "--format", "json"]
    shown = json.loads(CliRunner().invoke(waymark, arguments).output)
    for measure, (rows, amount) in HAND["MAR"].items():
        chosen = [row for row in shown if row["measure"] == measure]
        assert sum(row["rows"] for row in chosen) == rows
        assert sum(Decimal(row["amount"]) for row in chosen) == Decimal(amount)


def test_a_place_that_does_not_exist_is_said() -> None:
    result = CliRunner().invoke(waymark, ["finance", "place", "ATL"])
    assert result.exit_code == 1
    assert "ATL" in str(result.exception)


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("TUN", "for 2016 to 2021, in US dollars: 12.24 million spent, 8.14 million committed"),
        ("LBN", "88.26 million spent, 99.03 million committed"),
        ("MAR", "5.36 million spent, 5.45 million committed"),
        ("EGY", "6.95 million spent, 16.37 million committed"),
        ("SRB", "43.14 million spent, 47.75 million committed"),
        ("NER", "Nobody has entered this in the register yet."),  # budgets alone pay for nothing
    ],
)
def test_the_rung_says_what_was_reported_and_claims_no_more(
    framework: Framework, money: MoneyEvidence, place: str, says: str
) -> None:
    finances = Finances(reports=reports_of(money, framework, [place]))
    for objective in framework.objectives:
        found = ladder(
            framework, objective, framework.place(place), (), date(2026, 5, 5), None, finances
        )[Rung.FUNDED]
        assert found.answer is Answer.NOT_KNOWN
        assert says in found.because.text()


def test_the_review_holds_the_rung(framework: Framework) -> None:
    arguments = ["review", "--place", "TUN", "--as-of", "2026-05-05", "--format", "json"]
    review = json.loads(CliRunner().invoke(waymark, arguments).output)
    rungs = [json.dumps(each["rungs"]) for each in review["ladder"]]
    assert len(rungs) == len(framework.objectives) == 23
    assert all("12.24 million spent" in each for each in rungs)
    (section,) = [each for each in review["sections"] if "12.24 million spent" in json.dumps(each)]
    assert section["kind"] == "funded"


def test_every_row_of_the_table_is_kept(money: MoneyEvidence) -> None:
    rows = money.rows()
    assert [row.row for row in rows] == list(range(1, 20429))
    assert sum(row.amount < 0 for row in rows) == 223
    assert {row.currency for row in rows} == {"USD"}
    assert all(row.day is None and row.duplicate_of is None for row in rows)


def test_namibia_is_no_missing_value_and_kosovo_no_place_of_ours(money: MoneyEvidence) -> None:
    places = Counter(row.place for row in money.rows())
    assert places["NAM"] == 69
    assert places[""] == 479  # XK 219, and seven regions that are none of ours
    assert money.rows([""])[0].place == ""


def test_every_recipient_is_a_place_of_ours_or_said_to_be_none(framework: Framework) -> None:
    for line, row in read_rows(MONEY / "recipients.csv", ["code", "place", "means"]):
        assert row["means"], line
        assert not row["place"] or row["place"] in framework.places, line


def test_the_release_is_packed_under_its_name() -> None:
    assert {path.stem for path in MONEY.glob("*.parquet")} == set(load_releases(MONEY))
    assert MONEY.parent == DEFINITIONS


def test_measures_have_names_for_readers() -> None:
    assert len({one.label.text() for one in Measure}) == len(Measure)
