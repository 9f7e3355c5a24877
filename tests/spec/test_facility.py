"""Sharing a pool: every rule on a small register, with sums made by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.pools import FLEXIBLE, SOFT, commitment, flow, lacking, register
from waymark.compact.framework import Framework
from waymark.exceptions import NotFoundError
from waymark.finance.facility import Proposal, propose
from waymark.finance.rules import Condition, Terms, conditions, sharing_rules
from waymark.finance.what_if import Difference, differences, supposing
from waymark.plans.register import Register


def terms(**fields: object) -> Terms:
    return Terms.model_validate({"first": 2027, "last": 2027, **fields})


def amounts(found: Proposal) -> dict[str, str]:
    return {each.need.commitment: str(each.amount) for each in found.proposed}


THREE = register(
    [commitment("homes"), commitment("schools"), commitment("visas", "LBN")],
    lacking("homes", "100"),
    lacking("schools", "80", "50"),
    lacking("visas", "70"),
    flow("a", "pledge", "120", provider_name="A", **FLEXIBLE),
)


@pytest.mark.parametrize(
    ("rule", "fields", "expected"),
    [
        ("largest-gap", {}, {"homes": "100.00", "visas": "20.00"}),
        ("smallest-gap", {}, {"homes": "20.00", "schools": "30.00", "visas": "70.00"}),
        # gaps 100, 30 and 70: three fifths of each
        ("proportional", {}, {"homes": "60.00", "schools": "18.00", "visas": "42.00"}),
        # to 68 % of each cost: 50 of 80 is 62.5 % already, so it takes 4.40
        ("equal-share", {}, {"homes": "68.00", "schools": "4.40", "visas": "47.60"}),
        ("largest-gap", {"cap": "50"}, {"homes": "50.00", "schools": "20.00", "visas": "50.00"}),
        ("largest-gap", {"floor": "30"}, {"homes": "90.00", "visas": "30.00"}),
        (
            "smallest-gap",
            {"floor": "150"},
            {"homes": "30.00", "schools": "30.00", "visas": "60.00"},
        ),
    ],
)
def test_each_rule_gives_what_it_says(
    framework: Framework, rule: str, fields: dict[str, object], expected: dict[str, str]
) -> None:
    found = propose(THREE, framework, terms(rule=rule, **fields))
    assert amounts(found) == expected
    assert found.amount() == found.pool() == 120


def test_cents_go_to_the_largest_remainders(framework: Framework) -> None:
    thirds = register(
        [commitment("a"), commitment("b"), commitment("c")],
        *(lacking(each, "10") for each in "abc"),
        flow("pool", "pledge", "10", **FLEXIBLE),
    )
    found = propose(thirds, framework, terms(rule="proportional"))
    assert amounts(found) == {"a": "3.34", "b": "3.33", "c": "3.33"}


def test_priority_groups_come_first(framework: Framework) -> None:
    held = register(
        [commitment("homes"), commitment("schools", groups=("children",))],
        lacking("homes", "100"),
        lacking("schools", "30"),
        flow("a", "pledge", "40", **FLEXIBLE),
    )
    found = propose(held, framework, terms(groups=("children",)))
    assert amounts(found) == {"homes": "10.00", "schools": "30.00"}
    reasons = {each.need.commitment: each.reasons for each in found.proposed}
    (first,) = reasons["schools"]
    assert first.rules == ("priority-groups", "largest-gap")
    assert (first.pool_before, first.pool_after) == (40, 10)
    assert (first.gap_before, first.gap_after) == (30, 0)


def test_what_a_year_leaves_is_carried_over_only_where_the_terms_say_so(
    framework: Framework,
) -> None:
    held = register(
        [commitment("homes")],
        lacking("homes", "10"),
        lacking("homes", "100", year=2028),
        flow("a", "pledge", "50", **FLEXIBLE),
    )
    plain = propose(held, framework, terms(last=2028))
    assert [(each.need.year, each.amount) for each in plain.proposed] == [(2027, 10)]
    assert [(each.year, each.amount) for each in plain.unused] == [(2027, 40)]
    carried = propose(held, framework, terms(last=2028, carry_over=True))
    assert [(each.need.year, each.amount) for each in carried.proposed] == [(2027, 10), (2028, 40)]
    assert [(part.year, part.amount) for part in carried.proposed[1].parts] == [(2027, 40)]
    assert not carried.unused


@pytest.mark.parametrize(
    ("earmark", "goes_to"),
    [
        ({"place": "001"}, {"homes"}),
        ({"place": "002"}, {"homes"}),
        ({"place": "LBN"}, {"visas"}),
        ({"place": "150"}, set()),
        ({"provisions": "gcm:15"}, {"homes"}),
        ({"provisions": "gcm:15.b"}, {"homes"}),
        ({"provisions": "gcm:15.c"}, set()),
        ({"provisions": "gcm:12 gcm:15.c"}, {"visas"}),
        ({"groups": "children"}, {"visas"}),
        ({"place": "KEN", "groups": "children"}, set()),
    ],
)
def test_money_goes_only_where_its_earmark_lets_it(
    framework: Framework, earmark: dict[str, str], goes_to: set[str]
) -> None:
    held = register(
        [
            commitment("homes", provisions=("gcm:15.b",)),
            commitment("visas", "LBN", provisions=("gcm:12",), groups=("children",)),
        ],
        lacking("homes", "100"),
        lacking("visas", "90"),
        flow("a", "pledge", "50", **SOFT, **earmark),
    )
    found = propose(held, framework, terms())
    assert set(amounts(found)) == goes_to
    assert {each.because.text() for each in found.unused} == (
        set() if goes_to else {"No commitment with a known gap lies within its place and earmark."}
    )


def test_provisions_that_nobody_confirmed_match_no_earmark(framework: Framework) -> None:
    held = register(
        [commitment("homes", proposed=True, groups=("children",))],
        lacking("homes", "100"),
        flow("a", "pledge", "1", **SOFT, provisions="gcm:15"),
        flow("b", "pledge", "2", **SOFT, groups="children"),
        flow("c", "pledge", "4", **SOFT),
    )
    assert amounts(propose(held, framework, terms())) == {"homes": "4.00"}


def test_free_money_stands_in_where_money_with_an_earmark_cannot_go(framework: Framework) -> None:
    """Homes comes first and could take all of the free money; then visas would get nothing."""
    held = register(
        [commitment("homes"), commitment("visas", "LBN")],
        lacking("homes", "100"),
        lacking("visas", "90"),
        flow("africa", "pledge", "100", provider_name="B", place="002", **SOFT),
        flow("free", "pledge", "90", provider_name="A", **FLEXIBLE),
    )
    found = propose(held, framework, terms())
    assert amounts(found) == {"homes": "100.00", "visas": "90.00"}
    assert [part.source for part in found.proposed[0].parts] == ["B: 002"]


def test_what_stays_open_says_why(framework: Framework) -> None:
    held = register(
        [commitment("homes"), commitment("schools"), commitment("visas", "LBN")],
        lacking("homes", "100"),
        lacking("schools", "20"),
        lacking("visas", "90"),
        flow("africa", "pledge", "70", place="002", **SOFT),
    )
    found = propose(held, framework, terms(cap="60"))
    assert {
        each.need.commitment: (each.amount, each.because.text()) for each in found.uncovered
    } == {
        "homes": (40, "The cap is reached."),
        "schools": (10, "All money of the pool that may go here is spent."),
        "visas": (90, "The pool has no money that may go here in this year."),
    }
    assert found.gap() - found.amount() == 140


def test_it_says_that_it_is_a_proposal_and_by_which_rules(framework: Framework) -> None:
    found = propose(THREE, framework, terms(cap="50", groups=("children",)))
    assert "never a decision" in found.caveat.text()
    rules = ["largest-gap", "earmark-respected", "priority-groups", "cap-per-commitment"]
    assert [identifier for identifier, _ in found.rules] == rules
    assert not found.illustrative


def test_what_is_made_up_is_said(framework: Framework) -> None:
    made_up = supposing(THREE, [flow("b", "pledge", "1", **FLEXIBLE, illustrative=True)])
    assert propose(made_up, framework, terms()).illustrative


def test_what_if_shows_what_a_pledge_another_cost_and_one_less_would_change(
    framework: Framework,
) -> None:
    before = propose(THREE, framework, terms())
    supposed = supposing(
        THREE,
        [
            flow("a", "pledge", "0", **FLEXIBLE),
            flow("b", "pledge", "90", **FLEXIBLE),
            flow("homes-cost-2027", "cost", "60", commitment="homes", place="KEN"),
        ],
    )
    after = propose(supposed, framework, terms())
    assert differences(before, after) == (
        Difference("homes", 2027, Decimal(100), Decimal(20), Decimal(0), Decimal(40)),
        Difference("visas", 2027, Decimal(20), Decimal(70), Decimal(50), Decimal(0)),
    )
    assert [each.change for each in differences(before, after)] == [-80, 50]
    assert differences(before, before) == ()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"rule": "coin"}, "largest-gap, smallest-gap, proportional, equal-share"),
        ({"pool": "nobody"}, "There is no actor 'nobody'"),
        ({"groups": ("giants",)}, "There is no group 'giants'"),
    ],
)
def test_terms_name_what_exists(framework: Framework, fields: dict[str, object], says: str) -> None:
    with pytest.raises(NotFoundError, match=says):
        propose(THREE, framework, terms(**fields))


@pytest.mark.parametrize("last", [2026, 2057])
def test_a_window_is_in_order_and_not_endless(last: int) -> None:
    with pytest.raises(ValueError, match="1 to 30 years"):
        terms(last=last)


def test_every_rule_and_condition_has_its_words() -> None:
    for each in (*sharing_rules().values(), *conditions().values()):
        assert each.label.en
        assert each.sentence.en.endswith(".")
    assert list(conditions()) == list(Condition)


def test_nothing_comes_of_nothing(framework: Framework) -> None:
    found = propose(Register(), framework, terms(rule="equal-share", floor="1"))
    assert (found.pool(), found.gap(), found.proposed, found.unused) == (0, 0, (), ())
