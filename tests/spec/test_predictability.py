"""Promises of money against payments: small cases with sums made by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from waymark.finance.choices import Choice
from waymark.finance.currencies import Prices
from waymark.finance.evidence import MONEY, Reported, open_money
from waymark.finance.predictability import (
    Promise,
    kept,
    of_flows,
    of_reports,
    of_years,
    together,
)
from waymark.finance.promises import GROUPS, last_whole_year
from waymark.finance.sums import Counted, Measure, counted
from waymark.indicators.releases import load_releases
from waymark.plans.flows import Flow, FlowKind
from waymark.plans.prices import ExchangeRate


def money(**years: str) -> dict[int, Decimal]:
    return {int(year.removeprefix("y")): Decimal(amount) for year, amount in years.items()}


def flow(kind: FlowKind, amount: str, year: int, **fields: object) -> Flow:
    given = {"id": f"{kind}-{year}-{amount}", "currency": "USD", "place": "KEN", "provider": "a"}
    return Flow.model_validate({**given, "kind": kind, "amount": amount, "year": year, **fields})


def row(kind: FlowKind, amount: str, year: int, **fields: object) -> Reported:
    given = {"currency": "USD", "place": "KEN", "row": 1, "reporter": "a", "provider": "a"}
    values = {**given, **fields}
    return Reported(kind=kind, amount=Decimal(amount), year=year, **values)  # type: ignore[arg-type]


def test_the_lag_weighs_each_payment_by_its_amount() -> None:
    found = kept(money(y2020="100"), money(y2021="60", y2022="40"), until=2025)
    assert found.lag == Fraction(60 * 1 + 40 * 2, 100)
    assert (found.share_in_year, found.outstanding, found.beyond) == (0, 0, 0)


def test_payments_settle_the_oldest_promise_first() -> None:
    found = kept(money(y2020="50", y2021="50"), money(y2020="20", y2021="60"), until=2025)
    # 20 at once; then 30 one year late, and 30 of the 50 for 2021 in 2021
    assert found.lag == Fraction(30, 80)
    assert found.outstanding == 20
    assert found.share_in_year == Fraction(20 + 50, 100)  # by year: 20 of 50, and 60 covers 50


def test_what_was_paid_before_any_promise_is_beyond_it() -> None:
    found = kept(money(y2021="10"), money(y2020="5", y2021="12"), until=2025)
    assert (found.beyond, found.outstanding, found.lag) == (7, 0, 0)


def test_after_the_last_payment_on_record_nothing_is_known() -> None:
    found = kept(money(y2020="10", y2023="10"), money(y2020="10"), until=2025)
    assert (found.promised, found.judged, found.share_in_year) == (20, 10, 1)
    assert found.outstanding == 0


def test_without_any_payment_nothing_can_be_said() -> None:
    found = kept(money(y2020="10"), {}, until=2025)
    assert (found.judged, found.share_in_year, found.lag, found.outstanding) == (
        0,
        None,
        None,
        None,
    )


def test_that_nothing_was_paid_can_be_put_on_record() -> None:
    found = kept(money(y2020="10"), money(y2020="0"), until=2025)
    assert (found.share_in_year, found.lag, found.outstanding) == (0, None, 10)


def test_a_year_that_is_not_over_is_not_judged() -> None:
    found = kept(money(y2020="10", y2021="10"), money(y2020="4", y2021="1"), until=2020)
    assert (found.judged, found.share_in_year, found.outstanding) == (10, Fraction(2, 5), 6)


def test_what_is_taken_back_comes_off_the_years_before() -> None:
    found = kept(money(y2019="10", y2020="10", y2021="-15"), money(y2021="5"), until=2025)
    assert {year: one.promised for year, one in found.years.items()} == {2019: 5, 2020: 0, 2021: 0}
    assert found.lag == 2


def test_plans_for_the_three_years_ahead_are_named() -> None:
    found = kept(money(y2021="1", y2023="1", y2024="1"), {}, until=2020)
    assert found.ahead(2020) == (2021, 2023)


def test_one_who_pays_too_much_hides_nobody_who_pays_too_little() -> None:
    flows = [
        flow(FlowKind.PLEDGE, "100", 2020, provider="a"),
        flow(FlowKind.DISBURSEMENT, "150", 2020, provider="a"),
        flow(FlowKind.PLEDGE, "100", 2020, provider="b", id="other"),
        flow(FlowKind.DISBURSEMENT, "20", 2020, provider="b"),
    ]
    found = of_flows(flows, Prices(), lambda each: each.place, 2025)
    (of_place,) = found.values()
    assert list(found) == [("KEN", Promise.PLEDGED, "USD")]
    assert of_place.share_in_year == Fraction(100 + 20, 200)
    assert (of_place.outstanding, of_place.beyond) == (80, 50)


def test_pledges_commitments_and_plans_are_held_against_payments_apart() -> None:
    flows = [
        flow(FlowKind.PLEDGE, "100", 2020),
        flow(FlowKind.COMMITMENT, "80", 2020),
        flow(FlowKind.BUDGET, "40", 2020),
        flow(FlowKind.DISBURSEMENT, "40", 2020),
        flow(FlowKind.COST, "999", 2020),
        flow(FlowKind.DISBURSEMENT, "999", 2020, onward_of="x"),
    ]
    found = of_flows(flows, Prices(), lambda each: each.provider, 2025)
    shares = {promise: each.share_in_year for (_, promise, _), each in found.items()}
    assert shares == {
        Promise.PLEDGED: Fraction(2, 5),
        Promise.COMMITTED: Fraction(1, 2),
        Promise.PLANNED: 1,
    }


def test_a_missing_rate_is_said_and_nothing_is_judged() -> None:
    flows = [
        flow(FlowKind.PLEDGE, "100", 2020, currency="EUR"),
        flow(FlowKind.DISBURSEMENT, "100", 2020),
    ]
    (unknown,) = of_flows(flows, Prices(), lambda each: each.place, 2025).values()
    assert [each.text() for each in unknown.because] == [
        "The exchange rate of EUR in 2020 is not known."
    ]
    assert (unknown.share_in_year, unknown.promised) == (None, 0)
    rate = ExchangeRate(id="e", currency="EUR", year=2020, per_usd=Decimal("0.8"), source="a test")
    prices = Prices({("EUR", 2020): rate})
    (known,) = of_flows(flows, prices, lambda each: each.place, 2025).values()
    assert known.share_in_year == Fraction(100, 125)


def test_a_giver_that_nobody_named_cannot_be_judged() -> None:
    flows = [
        flow(FlowKind.PLEDGE, "5", 2020, provider=None),
        flow(FlowKind.DISBURSEMENT, "5", 2020, provider=None),
    ]
    (found,) = of_flows(flows, Prices(), lambda each: each.place, 2025).values()
    assert (found.promised, found.judged) == (5, 0)


def test_a_window_of_years_is_promised_for_each_of_them() -> None:
    pledge = flow(FlowKind.PLEDGE, "20", 2023, day="2023-01-01", ends="2024-12-31")
    paid = [flow(FlowKind.DISBURSEMENT, "10", 2023), flow(FlowKind.DISBURSEMENT, "10", 2024)]
    (found,) = of_flows([pledge, *paid], Prices(), lambda each: each.place, 2025).values()
    assert found.years[2023].promised == Decimal("9.98")  # 365 of 731 days
    assert found.lag == 0


def test_a_payment_that_was_passed_on_is_still_its_givers_payment() -> None:
    rows = counted(
        [
            row(FlowKind.COMMITMENT, "10", 2020, receiver="b"),
            row(FlowKind.DISBURSEMENT, "10", 2020, receiver="b"),
            row(FlowKind.EXPENDITURE, "10", 2020, reporter="b", provider="b"),
            row(FlowKind.DISBURSEMENT, "10", 2020, receiver="b", duplicate_of=2),
        ]
    )
    assert [each.measure for each in rows][1] is Measure.PASSED_ON
    ((key, found),) = of_reports(rows, lambda each: each.place, 2020).items()
    assert key == ("KEN", Promise.COMMITTED, "USD")
    assert (found.share_in_year, found.beyond) == (1, 0)


def test_sums_of_givers_count_only_those_who_can_be_judged() -> None:
    one = kept(money(y2020="10"), money(y2020="4"), 2025)
    other = kept(money(y2020="90"), {}, 2025)
    both = together([one, other], "USD")
    assert (both.promised, both.judged, both.share_in_year) == (100, 10, Fraction(2, 5))


def test_a_row_of_reports_counts_under_its_measure() -> None:
    planned = Counted(row(FlowKind.BUDGET, "10", 2020), Measure.PLANNED)
    paid = Counted(row(FlowKind.EXPENDITURE, "8", 2020), Measure.SPENT)
    ((key, found),) = of_reports([planned, paid], lambda each: each.provider, 2020).items()
    assert (key[1], found.share_in_year) == (Promise.PLANNED, Fraction(4, 5))


@pytest.mark.parametrize("place", ["TUN", "LBN", "IRQ", "NER"])
def test_the_engines_sums_are_judged_as_the_rows_are(place: str) -> None:
    money, choice = open_money(), Choice(places=(place,))

    def giver(row: Reported) -> str:
        return row.provider or row.provider_name

    by_rows = of_reports(counted(money.rows([place])), giver, 2020)
    assert of_years(money.sums(choice, GROUPS), lambda key: key, 2020) == by_rows
    assert by_rows


def test_a_release_that_is_cut_off_ends_what_is_judged_and_an_unknown_one_does_not() -> None:
    releases = load_releases(MONEY)
    named = ["iati-migration-2021", "one that nobody describes"]
    assert last_whole_year(named, releases, 2025) == 2020
    assert last_whole_year(named, releases, 2018) == 2018
    assert last_whole_year([], releases, 2025) == 2025
