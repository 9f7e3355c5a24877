"""z3 and the table agree: on the model rules, on all variants that break a theorem, on mutants."""

from __future__ import annotations

import random

import pytest

from tests.provers import smt
from tests.sharing import (
    BREACHES,
    DOMAIN,
    MODEL,
    ROUTES,
    broken,
    case_of,
    mutants,
    name_of_breach,
    rules_of,
)

OF_THE_TABLE = {"P5", "P7"}  # what a table and a list of names say, not a request
SAMPLE = 20


def by_table(rules) -> set[str]:
    return set(broken(case_of(rules))) - OF_THE_TABLE


def test_z3_refutes_nothing_of_the_model_rules():
    assert smt.broken(MODEL, DOMAIN, ROUTES) == set()


@pytest.mark.parametrize("breach", BREACHES, ids=name_of_breach)
def test_z3_refutes_the_same_theorems(breach):
    rules = rules_of(breach)
    assert smt.broken(rules, DOMAIN, ROUTES) == by_table(rules)


def test_z3_and_the_table_agree_on_mutants():
    """A sample drawn by a fixed seed, from those that break something and those that do not."""
    every = [it for it in mutants() if it.change not in {"outside", "duty"}]
    chosen = random.Random(4).sample(every, SAMPLE)
    found = [(it, smt.broken(it.rules, DOMAIN, ROUTES)) for it in chosen]
    assert {bool(theorems) for _, theorems in found} == {True, False}
    for mutant, theorems in found:
        assert theorems == by_table(mutant.rules), mutant[:2]


def test_spacer_finds_the_same_leaks_outside_the_rules():
    """Every contract between two kinds of body, and every duty: chains of any length."""
    every = [it for it in mutants() if it.change in {"outside", "duty"}]
    for mutant in random.Random(4).sample(every, 40):
        leaks = "P2" in broken(case_of(mutant.rules))
        assert smt.leaks(mutant.rules, DOMAIN) == leaks, mutant[:2]
