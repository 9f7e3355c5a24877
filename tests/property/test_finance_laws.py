"""Laws of money: groupings agree, windows and conversions keep sums, a chain counts once."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import example_flow, example_rate
from waymark.finance.currencies import Prices, to_cents
from waymark.finance.evidence import Reported
from waymark.finance.funding import money_of
from waymark.finance.sums import Measure, counted, totals
from waymark.plans.flows import Flow, FlowKind

amounts = st.decimals(-(10**9), 10**9, places=2)
positive = st.decimals(Decimal("0.01"), 10**9, places=2)
names = st.sampled_from(["", "A", "B", "C"])
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
rows = st.lists(
    st.builds(
        Reported,
        kind=st.sampled_from(FlowKind),
        amount=amounts,
        currency=st.sampled_from(["USD", "EUR"]),
        year=st.integers(2018, 2021),
        place=st.sampled_from(["", "KEN", "UGA"]),
        row=st.integers(1, 99),
        reporter=names,
        provider=names,
        receiver=names,
        duplicate_of=st.one_of(st.none(), st.just(1)),
    ),
    max_size=25,
)


@settings(deadline=None)
@given(rows)
def test_sums_by_any_grouping_agree(found: list[Reported]) -> None:
    sorted_out = counted(found)
    assert [each.row for each in sorted_out] == found
    for measure in Measure:
        for currency in ("USD", "EUR"):
            sums = {
                sum(
                    total.amount
                    for (_, of, named), total in totals(sorted_out, key).items()
                    if (of, named) == (measure, currency)
                )
                for key in (
                    lambda row: row.year,
                    lambda row: (row.place, row.year),
                    lambda row: row.provider,
                    lambda row: None,
                )
            }
            assert len(sums) == 1


@given(rows)
def test_what_counts_does_not_depend_on_the_order(found: list[Reported]) -> None:
    there = counted(found)
    back = counted(found[::-1])
    assert there == back[::-1]


@given(positive, st.integers(1, 8), st.booleans())
def test_a_chain_counts_once_however_long(amount: Decimal, hops: int, ends: bool) -> None:
    def row(kind: FlowKind, giver: int, number: int) -> Reported:
        return Reported(
            kind=kind,
            amount=amount,
            currency="USD",
            year=2020,
            place="KEN",
            row=number,
            reporter=f"O{giver}",
            provider=f"O{giver}",
            receiver=f"O{giver + 1}" if kind is not FlowKind.EXPENDITURE else "",
        )

    chain = [row(kind, hop, hop) for hop in range(hops) for kind in _GIVING]
    if ends:
        chain.append(row(FlowKind.EXPENDITURE, hops, 99))
    found = totals(counted(chain), lambda each: None)
    assert found[None, Measure.SPENT, "USD"].amount == amount
    assert found[None, Measure.SECURED, "USD"].amount == amount


_GIVING = (FlowKind.COMMITMENT, FlowKind.DISBURSEMENT)


@given(positive, st.integers(1, 6))
def test_flows_that_pass_each_other_on_count_once(amount: Decimal, hops: int) -> None:
    chain = [
        Flow(
            id=f"hop-{hop}",
            kind=FlowKind.DISBURSEMENT,
            amount=amount,
            currency="USD",
            year=2026,
            place="KEN",
            commitment="homes",
            provider=f"o-{hop}",
            onward_of=f"hop-{hop - 1}" if hop else None,
        )
        for hop in range(hops)
    ]
    money = money_of("homes", chain, Prices()).years[2026]
    assert money.spent == money.secured == amount


@given(amounts, days, st.integers(0, 4000))
def test_a_window_keeps_its_sum_to_the_cent(amount: Decimal, day: date, length: int) -> None:
    window = Flow(
        id="one",
        kind=FlowKind.COMMITMENT,
        amount=amount,
        currency="USD",
        year=day.year,
        day=day,
        ends=day + timedelta(days=length),
        place="KEN",
    )
    parts = window.by_year()
    assert sum(parts.values()) == amount
    assert list(parts) == list(range(day.year, (day + timedelta(days=length)).year + 1))
    assert all(part == round(part, 2) for part in parts.values())


rates = st.decimals(Decimal("0.0001"), 10**6, places=4)


@given(amounts, rates, rates)
def test_there_and_back_is_exact_and_to_the_cent_after_rounding_of_dollars(
    amount: Decimal, euro: Decimal, shilling: Decimal
) -> None:
    prices = Prices(
        {
            (code, 2020): example_rate(code, 2020, str(rate))
            for code, rate in (("EUR", euro), ("KES", shilling))
        }
    )
    there = prices.convert(amount, "EUR", "KES", 2020)
    assert there.amount is not None
    back = prices.convert(there.amount, "KES", "EUR", 2020)
    assert (back.amount, back.rounded) == (Fraction(amount), amount)
    rounded = prices.convert(to_cents(there.amount), "KES", "EUR", 2020)
    assert rounded.amount is not None
    # half a cent of rounding, carried back by the rate: the stated tolerance
    assert abs(rounded.amount - Fraction(amount)) <= Fraction(1, 200) * Fraction(euro / 1) / (
        Fraction(shilling)
    )


@given(st.fractions())
def test_a_cent_is_the_nearest_one(amount: Fraction) -> None:
    assert abs(Fraction(to_cents(amount)) - amount) <= Fraction(1, 200)


flows = st.lists(
    st.builds(
        example_flow,
        kind=st.sampled_from(FlowKind),
        amount=amounts.map(str),
        currency=st.sampled_from(["USD", "EUR"]),
        year=st.integers(2025, 2027),
        provider=st.sampled_from([None, "a", "b"]),
        onward_of=st.sampled_from([None, None, "other"]),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(flows, st.booleans())
def test_every_number_of_a_commitment_is_the_sum_of_the_rows_behind_it(
    found: list[Flow], known: bool
) -> None:
    rates = {("EUR", year): example_rate("EUR", year, "0.8") for year in (2025, 2026, 2027)}
    money = money_of("example", found, Prices(rates if known else {}))
    assert (money.because is None) or not (known or money.parts)
    for year, one in money.years.items():
        cost = money.behind(year, Measure.COST)
        spent = money.behind(year, Measure.SPENT)
        assert (sum(part.amount for part in cost) if cost else None) == one.cost
        assert (sum(part.amount for part in spent) if spent else None) == one.spent
        by_giver: defaultdict[str, Decimal] = defaultdict(Decimal)
        kinds: defaultdict[str, set[Measure]] = defaultdict(set)
        for part in money.behind(year, Measure.SECURED):
            by_giver[part.flow.giver] += part.amount or 0
            kinds[part.flow.giver].add(part.adds_to[0])
        assert all(len(each) == 1 for each in kinds.values()), "commitments or payments, never both"
        secured = sum(by_giver.values()) if by_giver else None
        taken_back = sum(amount for amount in by_giver.values() if amount < 0)
        if secured is not None and one.secured is not None:
            assert secured <= one.secured <= secured - taken_back
        assert (secured is None) == (one.secured is None)
    if money.because is None:
        assert len(money.parts) == len(found)
