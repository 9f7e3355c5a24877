"""Money in the text of a review: sums made by hand, and not known where nobody reported."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.examples import example_actor
from tests.pools import FLEXIBLE, commitment, flow, lacking, register
from waymark.coverage.standing import Standing
from waymark.finance.choices import Sum
from waymark.finance.evidence import open_money
from waymark.finance.funding import Finances, Reports, reports_of
from waymark.finance.predictability import Promise, of_reports, of_sums
from waymark.finance.sums import Measure, concentration, counted
from waymark.plans.forums import load_forums
from waymark.plans.register import Register
from waymark.reviews.document import as_json, as_pdf, as_text
from waymark.reviews.findings import Finding, FindingKind, ReportedRows
from waymark.reviews.follow_up import follow_up
from waymark.reviews.review import Review, review

AS_OF = date(2027, 5, 5)
FORUM = load_forums()["imrf-2026"]
ASKED = Finances(reports=Reports({}, {"15190": "gcm"}))


def reviewed(
    stands: Standing, held: Register, place: str = "KEN", finances: Finances = ASKED
) -> Review:
    standing = replace(stands, as_of=AS_OF, finances=finances)
    found = standing.framework.place(place)
    of = follow_up(held, standing.framework, {FORUM.id: FORUM}, found, FORUM, AS_OF)
    return review(standing, found, FORUM, of)


def money(made: Review) -> list[Finding]:
    return made.of_kind(FindingKind.FUNDED)


def sentences(made: Review) -> list[str]:
    return [each.sentence.text() for each in money(made)]


OF_HOMES = {"commitment": "homes", "place": "KEN"}
HELD = register(
    [commitment("homes"), commitment("schools"), commitment("roads"), commitment("silent")],
    lacking("homes", "100", "40"),
    lacking("schools", "50", "50"),
    lacking("schools", "50", "60", year=2028),
    lacking("roads", "20", None),
    flow("pledge", "pledge", "80", **OF_HOMES, year=2025, provider_name="A"),
    flow("soft", "commitment", "10", **OF_HOMES, provider_name="A", **FLEXIBLE),
    flow("paid", "disbursement", "60", **OF_HOMES, year=2026, provider_name="A"),
)


def test_what_is_paid_for_and_what_is_missing_is_said(stands: Standing) -> None:
    found = money(reviewed(stands, HELD))[0]
    assert found.sentence.text() == (
        "Of 4 commitments for Kenya, in 2027: 1 paid for, 1 with some money, 0 with none, 2 not "
        "known."
    )
    assert [each.text() for each in found.details] == [
        "What is missing to the costs on record, in USD: 50.",
        "All that is paid for stays so for this many following years: 1.",
    ]
    assert found.commitments == ("homes", "schools", "roads")
    assert {"homes-cost-2027", "soft", "schools-has-2028"} <= set(found.flows)


def test_givers_earmarks_and_promises_are_findings_with_their_rows(stands: Standing) -> None:
    made = reviewed(stands, HELD)
    # secured for 2027: 40 and 50 by somebody who is not named, 10 by A; committed: 160, of it 10
    assert sentences(made)[1:] == [
        "Of what is secured for 2027 in USD, the largest giver of 2 gives 90 %: somebody who is "
        "not named.",
        "Of what was committed in USD: 6 % flexible, 0 % earmarked, 94 % not known.",
        "Of what was committed in USD, it is not known how much was paid.",
        "Of 80 USD pledged until 2026, 20 was not paid; 0 % was paid in the year it was promised "
        "for.",
    ]
    assert money(made)[2].commitments == ("homes", "schools")
    assert all(each.flows for each in money(made))


def test_a_giver_of_the_register_stands_by_its_name(stands: Standing) -> None:
    giver = example_actor()
    paid = flow("paid", "disbursement", "60", **OF_HOMES, year=2027, provider=giver.id)
    held = register([commitment("homes")], paid)
    made = reviewed(stands, replace(held, actors={giver.id: giver}))
    assert f"gives 100 %: {giver.name}." in sentences(made)[1]


def test_where_nobody_reported_it_is_not_known(stands: Standing) -> None:
    expected = ["Nobody has reported money for Kenya. Whether anything is paid for is not known."]
    assert sentences(reviewed(stands, Register())) == expected
    silent = register([commitment("silent")])
    assert sentences(reviewed(stands, silent)) == expected
    assert sentences(reviewed(stands, silent, finances=Finances())) == []  # nobody looked


def test_a_missing_rate_is_said_in_the_review(stands: Standing) -> None:
    mixed = register(
        [commitment("homes")],
        lacking("homes", "10"),
        flow("euros", "commitment", "5", commitment="homes", currency="EUR"),
    )
    found = money(reviewed(stands, mixed))[0]
    assert "The exchange rate of EUR in 2027 is not known." in [
        each.text() for each in found.details
    ]
    assert "1 not known" in found.sentence.text()


@pytest.fixture(scope="module")
def tunisia(stands: Standing) -> Finances:
    return Finances(reports=reports_of(open_money(), stands.framework, {"TUN"}))


def test_what_was_reported_is_a_finding_with_its_rows(stands: Standing, tunisia: Finances) -> None:
    made = reviewed(stands, Register(), "TUN", tunisia)
    (found,) = money(made)
    assert found.sentence.text() == (
        "In sector 15190, money was reported for Tunisia for 2016 to 2021, in US dollars: 12.24 "
        "million spent, 8.14 million committed."
    )
    assert found.reported == (ReportedRows("TUN", "15190", 2016, 2021),)
    rows = open_money().rows({"TUN"}, {"15190"})
    spent = sum(
        (each.amount for each in rows if each.kind.value in ("disbursement", "expenditure")),
        Decimal(0),
    )
    assert round(spent, -4) == Decimal("12240000")


def test_reported_money_says_on_whom_it_hangs_and_whether_promises_came(
    stands: Standing, tunisia: Finances
) -> None:
    """Held against the rows themselves: the largest giver, and what each giver paid."""
    (found,) = money(reviewed(stands, Register(), "TUN", tunisia))
    details = [each.text() for each in found.details]
    rows = [each for each in counted(open_money().rows({"TUN"})) if each.row.sector == "15190"]
    largest = concentration(rows, Measure.SPENT)
    assert largest is not None
    assert f"gave {round(largest.share * 100)} %" in details[0]
    assert details[1] == "Of what was spent: 0 % flexible, 0 % earmarked, 100 % not known."
    kept = of_reports(rows, lambda row: None, 2020)[None, Promise.COMMITTED, "USD"]
    assert kept.share_in_year is not None
    assert details[2].endswith(
        f"{round(kept.share_in_year * 100)} % was paid in the year it was promised for."
    )
    again = of_sums(tunisia.reports.sums["TUN"], 2020)
    assert again[Promise.COMMITTED, "USD"] == kept
    assert set(again) == {(Promise.COMMITTED, "USD"), (Promise.PLANNED, "USD")}


def test_a_region_says_for_how_many_of_its_states(stands: Standing, tunisia: Finances) -> None:
    standing = replace(stands, finances=tunisia)
    made = review(standing, stands.framework.place("015"), FORUM)
    assert sentences(made) == [
        "In sector 15190, money was reported for 1 of 6 Member States for 2016 to 2021, in US "
        "dollars: 12.24 million spent, 8.14 million committed."
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_text_json_and_paper_say_it(stands: Standing, language: str) -> None:
    made = reviewed(stands, HELD)
    text = as_text(made, stands.framework, language)
    found = json.loads(as_json(made, stands.framework, language))
    (section,) = [each for each in found["sections"] if each["kind"] == "funded"]
    for finding in section["findings"]:
        assert finding["sentence"] in text
    assert section["findings"][0]["flows"][:2] == ["homes-cost-2027", "homes-has-2027"]
    assert as_pdf(made, stands.framework, language).startswith(b"%PDF-")


def test_money_that_a_pool_brings_is_among_what_was_committed(stands: Standing) -> None:
    held = register(
        [commitment("homes")],
        flow("pool", "commitment", "90", provider_name="A", **FLEXIBLE),
        flow("on", "commitment", "90", **OF_HOMES, provider_name="P", onward_of="pool", **FLEXIBLE),
        flow("own", "commitment", "10", **OF_HOMES, provider_name="B", earmarking="earmarked"),
        flow("passed", "commitment", "9", **OF_HOMES, provider_name="C", onward_of="own"),
    )
    assert "Of what was committed in USD: 90 % flexible, 10 % earmarked, 0 % not known." in (
        sentences(reviewed(stands, held))
    )


def test_what_is_said_of_promises_rests_on_those_rows_alone(stands: Standing) -> None:
    held = register(
        [commitment("homes")],
        flow("euro", "pledge", "80", **OF_HOMES, year=2025, provider_name="A", currency="EUR"),
        flow(
            "euro-paid",
            "disbursement",
            "60",
            **OF_HOMES,
            year=2025,
            provider_name="A",
            currency="EUR",
        ),
        flow("dollar", "commitment", "10", **OF_HOMES, year=2026, provider_name="B"),
        flow("dollar-paid", "disbursement", "10", **OF_HOMES, year=2026, provider_name="B"),
        flow("passed", "disbursement", "10", **OF_HOMES, year=2026, onward_of="dollar-paid"),
    )
    rows = {
        each.sentence.text().split()[2]: each.flows
        for each in money(reviewed(stands, held))
        if "paid in the year" in each.sentence.text()
    }
    assert rows == {"EUR": ("euro", "euro-paid"), "USD": ("dollar", "dollar-paid")}


def test_shares_of_reported_money_are_of_the_years_that_are_told(stands: Standing) -> None:
    def row(year: int, giver: str, amount: str) -> Sum:
        group = ("15190", year, giver, "not-known", "disbursement")
        return Sum(group, Measure.SPENT, "USD", Decimal(amount), 1)

    sums = {"KEN": (row(2025, "A", "60"), row(2026, "B", "40"), row(2030, "C", "900"))}
    reported = Finances(reports=Reports(sums, {"15190": "gcm"}, {"A": "Giver A"}))
    (found,) = money(reviewed(stands, Register(), finances=reported))
    assert "for 2025 to 2026, in US dollars: 100 spent" in found.sentence.text()
    assert found.details[0].text() == (
        "Of what was spent, the largest giver of 2 gave 60 %: Giver A."
    )
