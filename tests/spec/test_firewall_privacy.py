"""Differential privacy: the noise is what is claimed, and the budget is kept to the last fraction.

The draws cannot be seeded. Each tolerance is so wide that a right mechanism fails less than once in
a thousand million runs, and so narrow that a scale that is a tenth off fails nearly always.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.exceptions import WaymarkError
from waymark.firewall.counts import privacy
from waymark.firewall.counts.privacy import (
    Budget,
    Spending,
    headlines,
    opendp,
    reach_of,
    rounded_up,
    scale_of,
    tail,
    variance_of,
)

DRAWS = 40_000
DEVIATIONS = 6.2  # a normal variable is further off once in 1.7 thousand million times


@pytest.fixture(scope="module")
def noise() -> list[int]:
    """The noise on as many counts of 100 as there are draws, at a scale of 4."""
    counts = {str(at): 100 for at in range(DRAWS)}
    found = headlines(counts, epsilon=Fraction(1, 4), contribution=1)
    return [each.figure - 100 for each in found]


def test_the_noise_has_mean_zero(noise):
    assert abs(sum(noise) / DRAWS) < DEVIATIONS * math.sqrt(variance_of(Fraction(4)) / DRAWS)


def test_the_noise_has_the_variance_that_is_stated(noise):
    variance = sum(each**2 for each in noise) / DRAWS
    expected = variance_of(Fraction(4))
    spread = math.sqrt(5.1 * expected**2 / DRAWS)  # the kurtosis of this noise is about 6
    assert abs(variance - expected) < DEVIATIONS * spread
    assert abs(variance_of(Fraction(44, 10)) - expected) > DEVIATIONS * spread  # a tenth is seen


def test_each_number_is_as_likely_as_the_formula_says(noise):
    step = math.exp(-1 / 4)
    seen = Counter(noise)
    for value in range(-12, 13):
        share = (1 - step) / (1 + step) * step ** abs(value)
        spread = math.sqrt(share * (1 - share) / DRAWS)
        assert abs(seen[value] / DRAWS - share) < DEVIATIONS * spread


def test_the_odds_of_neighbours_differ_by_no_more_than_epsilon():
    """The definition itself, on the exact probabilities of the stated distribution."""
    step = math.exp(-1 / float(scale_of(Fraction(1, 2), 3)))
    for value in range(-50, 51):
        for moved in range(4):  # one person changes the count by up to 3
            odds = step ** abs(value) / step ** abs(value - moved)
            assert odds <= math.exp(0.5) * (1 + 1e-12)


def test_opendp_confirms_the_cost():
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    scale = scale_of(Fraction(1, 3), 2)
    assert dp.m.make_laplace(*space, scale=rounded_up(scale)).map(2) <= 1 / 3 + 1e-12


def test_the_reach_holds_in_as_many_cases_as_stated(noise):
    outside = sum(abs(each) > reach_of(Fraction(4)) for each in noise) / DRAWS
    share = tail(Fraction(4), reach_of(Fraction(4)))
    assert share <= 0.05
    assert abs(outside - share) < DEVIATIONS * math.sqrt(share / DRAWS)


@given(st.fractions(Fraction(1, 10), 500), st.sampled_from([Fraction(9, 10), Fraction(99, 100)]))
def test_the_reach_is_the_least_that_holds(scale, confidence):
    reach = reach_of(scale, confidence)
    assert tail(scale, reach) <= float(1 - confidence)
    assert reach == 0 or tail(scale, reach - 1) > float(1 - confidence)


@pytest.mark.parametrize("scale", [Fraction(1, 2), Fraction(1), Fraction(7, 2), Fraction(20)])
def test_the_formulas_are_those_of_the_distribution(scale):
    step = math.exp(-1 / float(scale))
    share = {at: (1 - step) / (1 + step) * step ** abs(at) for at in range(-900, 901)}
    assert variance_of(scale) == pytest.approx(sum(at**2 * p for at, p in share.items()))
    for reach in (0, 1, 5, 30):
        beyond = sum(p for at, p in share.items() if abs(at) > reach)
        assert tail(scale, reach) == pytest.approx(beyond, abs=1e-9)


def spending(epsilon: Fraction, population: str = "clinics", year: int = 2026) -> Spending:
    return Spending(population=population, year=year, epsilon=epsilon, series="WM_VISITS")


def test_ten_tenths_are_the_whole_and_an_eleventh_is_refused():
    """With floats, ten tenths are less than one, and an eleventh sliver would pass."""
    budget = Budget()
    for _ in range(10):
        budget = budget.with_spending(spending(Fraction(1, 10)))
    assert budget.left("clinics", 2026) == 0
    with pytest.raises(WaymarkError, match="0 of 1 are left"):
        budget.with_spending(spending(Fraction(1, 10**15)))


@given(st.lists(st.fractions(Fraction(1, 10**6), Fraction(1, 2)), max_size=12))
def test_the_budget_adds_up_and_never_goes_over(costs):
    budget = Budget()
    for cost in costs:
        before = budget
        try:
            budget = budget.with_spending(spending(cost))
        except WaymarkError:
            assert before.spent("clinics", 2026) + cost > before.limit
    assert budget.spent("clinics", 2026) == sum(it.epsilon for it in budget.spendings)
    assert budget.spent("clinics", 2026) <= budget.limit
    assert Budget.model_validate_json(budget.model_dump_json()) == budget


def test_populations_and_years_have_budgets_of_their_own():
    budget = Budget().with_spending(spending(Fraction(1)))
    assert budget.left("schools", 2026) == 1
    assert budget.left("clinics", 2027) == 1


def test_a_budget_that_was_overspent_by_hand_is_no_budget():
    with pytest.raises(ValueError, match="more than the limit"):
        Budget(spendings=(spending(Fraction(2, 3)), spending(Fraction(2, 3))))


def test_a_figure_below_zero_is_kept_for_sums_and_shown_as_zero():
    found = headlines({str(at): 0 for at in range(200)}, epsilon=Fraction(1, 2), contribution=1)
    assert any(each.figure < 0 for each in found)
    assert all(each.shown == max(0, each.figure) for each in found)


@pytest.mark.parametrize(
    ("counts", "epsilon", "contribution"),
    [({}, 1, 1), ({"a": -1}, 1, 1), ({"a": 1}, 0, 1), ({"a": 1}, -1, 1), ({"a": 1}, 1, 0)],
)
def test_what_makes_no_sense_is_refused(counts, epsilon, contribution):
    with pytest.raises(WaymarkError):
        headlines(counts, epsilon=Fraction(epsilon), contribution=contribution)


def test_without_opendp_the_remedy_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(WaymarkError, match=r"waymark\[privacy\]"):
        privacy.opendp()


@given(st.fractions(Fraction(1, 100), 10**6))
def test_rounding_never_takes_noise_away(scale):
    assert Fraction(rounded_up(scale)) >= scale
