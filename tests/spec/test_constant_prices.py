"""Constant prices: exact sums over years, rounded once; what cannot be converted is said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waymark.finance.choices import Sum
from waymark.finance.constant import (
    ConstantSum,
    by_year,
    flow_in_prices_of,
    sums_in_prices_of,
)
from waymark.finance.conversions import conversion_of, levels_of
from waymark.finance.currencies import Prices
from waymark.finance.funding import Money, money_of
from waymark.finance.sums import Measure
from waymark.plans.flows import Flow, FlowKind
from waymark.plans.prices import Deflator, ExchangeRate

YEARS = {2019: "90", 2020: "100", 2021: "110", 2022: "130"}
PRICES = Prices(
    rates={
        ("EUR", year): ExchangeRate(
            id=f"eur-{year}", currency="EUR", year=year, per_usd=Decimal("0.8"), source="a test"
        )
        for year in (2020, 2021)
    },
    deflators={
        ("USD", year): Deflator(
            id=f"usd-{year}", currency="USD", year=year, level=Decimal(level), source=f"of {year}"
        )
        for year, level in YEARS.items()
    },
)


def one(year: int, amount: str, who: str = "a", currency: str = "USD", rows: int = 1) -> Sum:
    return Sum((who, year), Measure.SPENT, currency, Decimal(amount), rows)


def constant(*sums: Sum, base: int = 2020) -> list[ConstantSum]:
    def group(each: Sum) -> tuple[str | int, ...]:
        return each.group[:1]

    return sums_in_prices_of(base, sums, PRICES, lambda each: int(each.group[1]), group)


def flow(name: str, kind: FlowKind, amount: str, year: int, **fields: object) -> Flow:
    given = {"id": name, "currency": "USD", "place": "KEN", "commitment": "homes"}
    return Flow.model_validate({**given, "kind": kind, "amount": amount, "year": year, **fields})


def test_a_sum_over_years_takes_each_year_by_its_own_level() -> None:
    (found,) = constant(one(2019, "90"), one(2020, "5"), one(2021, "-11", rows=2))
    assert (found.amount, found.rows, found.because) == (Decimal("95.00"), 4, ())


def test_it_is_rounded_once_and_not_year_by_year() -> None:
    (found,) = constant(one(2019, "0.004"), one(2019, "0.004"))  # 0.0088... together
    assert found.amount == Decimal("0.01")


def test_a_missing_level_leaves_the_whole_group_unknown_and_others_as_they_are() -> None:
    first, second = constant(one(2018, "1"), one(2020, "7"), one(2020, "3", "b"))
    assert first.amount is None
    assert [each.text() for each in first.because] == [
        "The price level of USD in 2018 is not known."
    ]
    assert (second.group, second.amount) == (("b",), Decimal("3.00"))


def test_money_of_the_base_year_needs_no_level() -> None:
    found = constant(one(2020, "7", currency="TND"), base=2020)
    assert [each.amount for each in found] == [Decimal("7.00")]
    assert levels_of(2020, [("TND", 2020)], PRICES) == levels_of(2020, [], PRICES)


def test_currencies_are_never_added() -> None:
    found = constant(one(2020, "7"), one(2020, "3", currency="EUR"))
    assert {each.currency: each.amount for each in found} == {
        "USD": Decimal("7.00"),
        "EUR": Decimal("3.00"),
    }


def test_levels_that_were_used_stand_with_their_source_and_missing_ones_by_currency() -> None:
    found = levels_of(2020, [("USD", 2019), ("USD", 2018), ("USD", 2017), ("EUR", 2019)], PRICES)
    assert [each.source for each in found.levels] == ["of 2019", "of 2020"]
    assert [each.text() for each in found.missing] == [
        "The price level of EUR is not known for: 2019 and 2020.",
        "The price level of USD is not known for: 2017 and 2018.",
    ]


def test_the_money_of_a_commitment_rests_on_its_rates_too() -> None:
    money = money_of(
        "homes",
        [
            flow("c", FlowKind.COST, "100", 2020),
            flow("g", FlowKind.COMMITMENT, "40", 2020, currency="EUR"),
            flow("p", FlowKind.PLEDGE, "9", 2022, currency="EUR"),
            flow("d", FlowKind.COST, "110", 2021),
        ],
        PRICES,
    )
    stated = conversion_of([money], PRICES, None)
    assert [(each.currency, each.year) for each in stated.rates] == [("EUR", 2020)]
    assert [each.text() for each in stated.missing] == [
        "The exchange rate of EUR is not known for: 2022."
    ]
    assert not stated.levels
    assert [each.year for each in conversion_of([money], PRICES, 2021).levels] == [2020, 2021]


def test_a_commitment_says_of_each_year_what_is_known_and_why_not() -> None:
    flows = [flow("c", FlowKind.COST, "100", 2020), flow("d", FlowKind.COST, "90", 2018)]
    money = money_of("homes", flows, PRICES)
    assert [each.money.cost for each in by_year(money, PRICES, None)] == [90, 100]
    before, base = by_year(money, PRICES, 2021)
    assert (before.year, before.money, base.money.cost) == (2018, Money(), Decimal("110.00"))
    assert "2018" in before.because.text() if before.because else False


def test_without_a_rate_there_is_one_line_and_its_reason() -> None:
    flows = [
        flow("c", FlowKind.COST, "1", 2020),
        flow("g", FlowKind.COMMITMENT, "1", 2020, currency="TND"),
    ]
    for base in (None, 2020):
        (found,) = by_year(money_of("homes", flows, PRICES), PRICES, base)
        assert (found.year, found.money) == (None, Money())
        assert found.because is not None
        assert "TND" in found.because.text()


def test_a_row_over_two_years_is_converted_part_by_part() -> None:
    long = flow("w", FlowKind.COMMITMENT, "731", 2020, day="2020-01-01", ends="2021-12-31")
    found = flow_in_prices_of(2020, long, PRICES)
    assert found.rounded == Decimal("697.82")  # 366.00, and 365.00 x 100 / 110
    assert found.sources == ("of 2021", "of 2020")
    beyond = flow("b", FlowKind.COMMITMENT, "4", 2022, day="2022-01-01", ends="2023-12-31")
    assert flow_in_prices_of(2020, beyond, PRICES).rounded is None


amounts = st.decimals("-1000000", "1000000", places=2)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(list(YEARS)), amounts, st.sampled_from("abc"))))
def test_sums_by_giver_and_by_year_are_the_same_money(
    rows: list[tuple[int, Decimal, str]],
) -> None:
    sums = [Sum((who, year), Measure.SPENT, "USD", amount, 1) for year, amount, who in rows]
    by_giver = constant(*sums)
    by_years = sums_in_prices_of(
        2020, sums, PRICES, lambda each: int(each.group[1]), lambda each: each.group[1:]
    )
    difference = sum(each.amount or 0 for each in by_giver) - sum(
        each.amount or 0 for each in by_years
    )
    assert abs(difference) <= Decimal("0.005") * (len(by_giver) + len(by_years))


@pytest.mark.parametrize("base", list(YEARS))
def test_there_and_back_is_the_same(base: int) -> None:
    (there,) = constant(one(2019, "123456.78"), base=base)
    back = PRICES.constant(there.amount or Decimal(0), "USD", base, 2019).rounded
    assert back is not None
    assert abs(back - Decimal("123456.78")) <= Decimal("0.01")
