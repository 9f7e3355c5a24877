"""Laws of sharing a pool, whatever the register and the rules."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.pools import YEARS, pledges, registers, terms
from waymark.compact.loading import load_framework
from waymark.finance.facility import Proposal, propose
from waymark.finance.needs import Need
from waymark.finance.pools import Source
from waymark.finance.rules import Terms
from waymark.finance.what_if import differences, supposing
from waymark.plans.commitments import Commitment
from waymark.plans.flows import Flow
from waymark.plans.register import Register

FRAMEWORK = load_framework()
ZERO = Decimal(0)


def _may_pay(source: Source, year: int, need: Need, on: Terms) -> bool:
    in_time = year == need.year or (on.carry_over and year < need.year)
    return in_time and need.may_receive(source)


@settings(max_examples=80)
@given(registers(), terms)
def test_never_more_than_the_pool_the_gap_and_the_cap_and_earmarks_hold(
    register: Register, on: Terms
) -> None:
    found = propose(register, FRAMEWORK, on)
    spent: defaultdict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for each in found.proposed:
        assert each.need.gap is not None
        assert 0 < each.amount <= min(each.need.gap, on.cap or each.need.gap)
        assert sum(part.amount for part in each.parts) == each.amount
        for part in each.parts:
            assert part.amount > 0
            assert part.amount == round(part.amount, 2)
            assert _may_pay(found.sources[part.source], part.year, each.need, on)
            spent[part.source, part.year] += part.amount
    unused = {(each.source, each.year): each.amount for each in found.unused}
    for source in found.sources.values():
        for year, amount in source.years.items():
            assert spent[source.id, year] + unused.get((source.id, year), ZERO) == amount
    assert sum((each.amount for each in found.uncovered), found.amount()) == found.gap()


@settings(max_examples=40)
@given(registers(), terms)
def test_no_other_sharing_could_use_more_of_the_pool(register: Register, on: Terms) -> None:
    """By cuts: some needs are closed as far as they may be, all that others may get is spent."""
    found = propose(register, FRAMEWORK, on)
    needs = [each for each in found.needs if each.gap]
    rooms = [min(each.gap or ZERO, on.cap or each.gap or ZERO) for each in needs]
    money = [
        (amount, {n for n, need in enumerate(needs) if _may_pay(source, year, need, on)})
        for source in found.sources.values()
        for year, amount in source.years.items()
    ]
    cuts = []
    for chosen in product((True, False), repeat=len(needs)):
        short = {number for number, each in enumerate(chosen) if each}
        closed = sum((room for n, room in enumerate(rooms) if n not in short), ZERO)
        cuts.append(closed + sum((amount for amount, may in money if may & short), ZERO))
    assert found.amount() == min(cuts)


@settings(max_examples=50)
@given(registers(), terms, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(register: Register, on: Terms, chance: object) -> None:
    flows, commitments = list(register.flows.values()), list(register.commitments.values())
    chance.shuffle(flows)  # type: ignore[attr-defined]
    chance.shuffle(commitments)  # type: ignore[attr-defined]
    other = Register(
        commitments={each.id: each for each in commitments}, flows={each.id: each for each in flows}
    )
    assert propose(other, FRAMEWORK, on) == propose(register, FRAMEWORK, on)


@settings(max_examples=50)
@given(registers(), terms, pledges("more"))
def test_more_money_never_leaves_more_missing(register: Register, on: Terms, more: Flow) -> None:
    before = propose(register, FRAMEWORK, on)
    after = propose(supposing(register, [more]), FRAMEWORK, on)
    assert _missing(after) <= _missing(before)
    if not on.carry_over:
        assert all(_missing(after, year) <= _missing(before, year) for year in YEARS)
    changes = differences(before, after)
    assert sum((each.change for each in changes), ZERO) == after.amount() - before.amount()


def _missing(found: Proposal, year: int | None = None) -> Decimal:
    return found.gap(year) - found.amount(year)


@settings(max_examples=50)
@given(registers(), terms)
def test_the_working_adds_up_step_by_step(register: Register, on: Terms) -> None:
    found = propose(register, FRAMEWORK, on)
    by_year: defaultdict[int, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for each in found.proposed:
        at = each.need.gap
        for reason in each.reasons:
            assert (reason.gap_before, reason.rules[-1]) == (at, on.rule)
            assert reason.gap_before - reason.gap_after == reason.amount
            assert reason.pool_before - reason.pool_after == reason.amount > 0
            by_year[each.need.year].append((reason.pool_before, reason.pool_after))
            at = reason.gap_after
        assert at == each.gap_after
    left = ZERO
    for year in YEARS:
        at_hand = found.pool(year) + (left if on.carry_over else ZERO)
        for before, after in sorted(by_year[year], reverse=True):
            assert before == at_hand
            at_hand = after
        left = at_hand


@settings(max_examples=50)
@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.integers(1, 10**6),
    st.sampled_from(["proportional", "equal-share"]),
)
def test_even_shares_are_exact_to_the_cent(gaps: list[int], pool: int, rule: str) -> None:
    """Where nothing is secured, both even rules give the same share of each gap."""
    flows = [_flow("pool", "pledge", pool, earmarking="unearmarked")]
    register = _register(gaps, flows)
    found = propose(register, FRAMEWORK, Terms(first=2027, last=2027, rule=rule))
    share = min(Fraction(pool, sum(gaps)), Fraction(1))
    amounts = {each.need.commitment: each.amount for each in found.proposed}
    for number, gap in enumerate(gaps):
        exact = share * gap
        assert abs(Fraction(amounts.get(f"c-{number}", ZERO)) * 100 - exact) < 1
    assert sum(amounts.values()) * 100 == min(pool, sum(gaps))


@settings(max_examples=50)
@given(registers(), st.sampled_from(["proportional", "equal-share"]))
def test_nobody_with_more_is_paid_by_money_that_one_with_less_could_have(
    register: Register, rule: str
) -> None:
    found = propose(register, FRAMEWORK, Terms(first=YEARS[0], last=YEARS[-1], rule=rule))
    amounts = {(each.need.commitment, each.need.year): each for each in found.proposed}
    for poor in (each for each in found.needs if each.gap):
        has = amounts.get((poor.commitment, poor.year))
        got = has.amount if has else ZERO
        for rich in found.proposed:
            takes = any(
                poor.may_receive(found.sources[part.source]) and part.year == poor.year
                for part in rich.parts
            )
            if takes and got < (poor.gap or ZERO):
                cents = [
                    _level(poor, got + CENT, rule),
                    _level(rich.need, rich.amount - CENT, rule),
                ]
                assert cents[0] >= cents[1]


CENT = Decimal("0.01")


def _level(need: Need, amount: Decimal, rule: str) -> Fraction:
    """The share of its gap, or of its cost, that a need has with an amount."""
    if rule == "proportional":
        return Fraction(amount) / Fraction(need.gap or 1)
    return Fraction((need.secured or ZERO) + amount) / Fraction(need.cost or 1)


@settings(max_examples=50)
@given(
    st.lists(st.integers(1, 300), min_size=2, max_size=5),
    st.integers(0, 900),
    st.integers(1, 200),
)
def test_every_place_gets_the_floor_or_its_gap(gaps: list[int], pool: int, floor: int) -> None:
    register = _register(gaps, [_flow("pool", "pledge", pool, earmarking="unearmarked")])
    on = Terms(first=2027, last=2027, floor=Decimal(floor) / 100)
    found = propose(register, FRAMEWORK, on)
    amounts = {each.need.commitment: int(each.amount * 100) for each in found.proposed}
    least = [min(floor, gap) for gap in gaps]
    got = [amounts.get(f"c-{number}", 0) for number in range(len(gaps))]
    if sum(least) <= pool:
        assert all(each >= wanted for each, wanted in zip(got, least, strict=True))
    else:  # the pool cannot bear it: nobody with less than the floor is behind by more than a cent
        assert sum(got) == pool
        short = [each for each, wanted in zip(got, least, strict=True) if each < wanted]
        assert not short or min(short) >= min(pool // len(gaps), min(gaps)) - 1


def _flow(identifier: str, kind: str, amount: int, **fields: object) -> Flow:
    given = {"currency": "USD", "year": 2027, "place": "001", "id": identifier, "kind": kind}
    return Flow.model_validate({**given, "amount": Decimal(amount) / 100, **fields})


PLACES = ("KEN", "UGA", "LBN", "TUN", "SRB", "MEX")


def _register(gaps: list[int], flows: list[Flow]) -> Register:
    """Commitments of these costs, each in a place of its own, for which nothing is secured."""
    commitments = {}
    for number, (gap, place) in enumerate(zip(gaps, PLACES, strict=False)):
        named = f"c-{number}"
        commitments[named] = Commitment(id=named, what="Build homes", place=place, origin="other")
        flows = [
            *flows,
            _flow(f"{named}-cost", "cost", gap, commitment=named, place=place),
            _flow(f"{named}-none", "commitment", 0, commitment=named, place=place),
        ]
    return Register(commitments=commitments, flows={flow.id: flow for flow in flows})
