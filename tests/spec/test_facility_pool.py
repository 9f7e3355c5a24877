"""What is in a pool, what is not and why, and which gaps are known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.pools import FLEXIBLE, SOFT, commitment, flow, lacking, register
from waymark.compact.framework import Framework
from waymark.finance.currencies import Prices, prices_of
from waymark.finance.facility import propose
from waymark.finance.funding import moneys_of
from waymark.finance.needs import needs_of
from waymark.finance.pools import pool_of
from waymark.finance.rules import Terms
from waymark.plans.flows import Flow
from waymark.plans.prices import ExchangeRate

TERMS = Terms(first=2027, last=2030)
EURO = ExchangeRate(id="eur", currency="EUR", year=2027, per_usd=Decimal("0.8"), source="a test")
PRICES = Prices({("EUR", 2027): EURO})


def money(*flows: Flow, terms: Terms = TERMS, prices: Prices = PRICES) -> dict[str, dict[int, str]]:
    found = pool_of(flows, prices, terms).sources
    return {key: {year: str(v) for year, v in each.years.items()} for key, each in found.items()}


def test_one_giver_under_one_earmark_is_one_source() -> None:
    found = pool_of(
        [
            flow("a", "pledge", "10", provider_name="A", **FLEXIBLE),
            flow("b", "pledge", "5", provider_name="A", **SOFT),
            flow("c", "pledge", "5", provider_name="A", **SOFT, groups="women children"),
            flow("d", "pledge", "1", **FLEXIBLE),
        ],
        PRICES,
        TERMS,
    )
    assert {key: each.flows for key, each in found.sources.items()} == {
        "?: 001": ("d",),
        "A: 001": ("a", "b"),
        "A: 001 children women": ("c",),
    }
    assert found.sources["A: 001"].years == {2027: 15}


def test_of_pledged_and_committed_the_larger_counts() -> None:
    pledge = flow("a", "pledge", "10", **FLEXIBLE)
    assert money(pledge, flow("b", "commitment", "7", **FLEXIBLE)) == {"?: 001": {2027: "10.00"}}
    assert money(pledge, flow("b", "commitment", "12", **FLEXIBLE)) == {"?: 001": {2027: "12.00"}}
    later = flow("b", "commitment", "7", **FLEXIBLE, year=2028)
    assert money(pledge, later) == {"?: 001": {2027: "10.00", 2028: "7.00"}}


def test_what_was_taken_back_is_not_there() -> None:
    taken = flow("b", "pledge", "-4", **FLEXIBLE)
    assert money(flow("a", "pledge", "10", **FLEXIBLE), taken) == {"?: 001": {2027: "6.00"}}
    assert money(taken) == {}


def test_a_window_gives_each_year_its_part() -> None:
    window = flow("a", "pledge", "1461", **FLEXIBLE, day="2027-01-01", ends="2030-12-31")
    years = {2027: "365.00", 2028: "366.00", 2029: "365.00", 2030: "365.00"}
    assert money(window) == {"?: 001": years}
    assert money(window, terms=Terms(first=2029, last=2029)) == {"?: 001": {2029: "365.00"}}


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"earmarking": "not-known"}, "How far it is earmarked is not known."),
        ({"earmarking": "earmarked"}, "It is earmarked."),
        ({"earmarking": "tightly-earmarked"}, "It is tightly earmarked."),
        ({"receiver": "iom"}, "It goes to iom, which is not the pool."),
        ({"receiver_name": "IOM"}, "It goes to IOM, which is not the pool."),
        ({"currency": "EUR", "year": 2028}, "The exchange rate of EUR in 2028 is not known."),
    ],
)
def test_what_is_not_in_the_pool_says_why(fields: dict[str, object], because: str) -> None:
    found = pool_of([flow("a", "pledge", "10", **{**FLEXIBLE, **fields})], PRICES, TERMS)
    assert not found.sources
    (out,) = found.left_out
    assert (out.flow, out.amount, out.because.text()) == ("a", 10, because)


def test_a_pool_may_be_an_actor() -> None:
    given = flow("a", "pledge", "10", **FLEXIBLE, receiver="fund")
    assert money(given) == {}
    fund = Terms(first=2027, last=2030, pool="fund")
    assert money(given, flow("b", "pledge", "5", **FLEXIBLE), terms=fund) == {
        "?: 001": {2027: "15.00"}
    }


@pytest.mark.parametrize("kind", ["cost", "disbursement", "expenditure", "incoming", "budget"])
def test_only_pledges_and_commitments_make_a_pool(kind: str) -> None:
    found = pool_of([flow("a", kind, "10", **FLEXIBLE)], PRICES, TERMS)
    assert (found.sources, found.left_out) == ({}, ())


def test_a_pool_in_another_currency_is_converted_by_the_rate_of_its_year() -> None:
    euros = flow("a", "pledge", "10", currency="EUR", **FLEXIBLE)
    assert money(euros) == {"?: 001": {2027: "12.50"}}


def test_what_was_passed_on_leaves_the_pool_and_arrives_once(framework: Framework) -> None:
    """60 of the 100 were given to homes, of which 40 are paid; 90 of its 150 are missing."""
    held = register(
        [commitment("homes")],
        lacking("homes", "150"),
        flow("a", "pledge", "100", provider_name="A", **FLEXIBLE),
        flow("given", "commitment", "60", commitment="homes", onward_of="a"),
        flow("paid", "disbursement", "40", commitment="homes", onward_of="a"),
        flow("again", "disbursement", "40", commitment="homes", onward_of="given"),
    )
    found = propose(held, framework, Terms(first=2027, last=2027))
    assert (found.pool(), found.gap(), found.amount()) == (40, 90, 40)
    assert found.sources["A: 001"].flows == ("a", "given", "paid")
    here = moneys_of(held.flows.values(), prices_of(held))["homes"].years[2027]
    assert (here.secured, here.spent, here.gap) == (60, 40, 90)


def test_what_was_passed_on_in_another_year_comes_off_the_nearest() -> None:
    given = flow("b", "commitment", "15", commitment="homes", onward_of="a", year=2028)
    window = flow("a", "pledge", "1461", **FLEXIBLE, day="2027-01-01", ends="2030-12-31")
    left = money(window, given.model_copy(update={"amount": Decimal("370")}))["?: 001"]
    assert left == {2027: "361.00", 2029: "365.00", 2030: "365.00"}
    assert money(flow("a", "pledge", "10", **FLEXIBLE), given) == {}


def test_a_gap_needs_a_cost_and_a_word_on_money(framework: Framework) -> None:
    held = register(
        [commitment(each) for each in ("bare", "costed", "known", "silent")],
        lacking("known", "10", "4"),
        lacking("costed", "10", None),
        flow("b", "commitment", "5", commitment="bare"),
    )
    on = Terms(first=2027, last=2027)
    found = {each.commitment: each for each in needs_of(held, framework, Prices(), on)}
    assert {name: each.gap for name, each in found.items() if each.gap is not None} == {"known": 6}
    assert {name: each.because.text() for name, each in found.items() if each.because} == {
        "bare": "No cost is on record.",
        "costed": "A cost is on record, and no word on money.",
        "silent": "No cost is on record.",
    }
    assumed = on.model_copy(update={"unreported_is_unsecured": True})
    again = {each.commitment: each.gap for each in needs_of(held, framework, Prices(), assumed)}
    assert again == {"bare": None, "costed": 10, "known": 6, "silent": None}


def test_a_gap_whose_rate_is_missing_is_not_known(framework: Framework) -> None:
    of = {"commitment": "homes", "currency": "EUR"}
    flows = [flow("a", "cost", "8", **of), flow("b", "commitment", "4", **of)]
    held = register([commitment("homes")], flows)
    on = Terms(first=2027, last=2027)
    (unknown,) = needs_of(held, framework, Prices(), on)
    assert unknown.because
    assert (unknown.gap, unknown.because.text()) == (
        None,
        "The exchange rate of EUR in 2027 is not known.",
    )
    (known,) = needs_of(replace(held, rates={"eur": EURO}), framework, PRICES, on)
    assert (known.cost, known.gap) == (10, 5)


@pytest.mark.parametrize("status", ["done", "dropped"])
def test_what_is_done_or_dropped_needs_no_money(framework: Framework, status: str) -> None:
    over = commitment("homes", status=status, status_because="a test")
    held = register([over], lacking("homes", "10"))
    assert needs_of(held, framework, Prices(), Terms(first=2027, last=2027)) == ()
