"""Proofs that a checker of its own accepts: nobody need trust the solver, or the table."""

from __future__ import annotations

import ast
import random
from itertools import combinations
from pathlib import Path

import pytest
from pysat.solvers import Glucose4

from tests.provers import checker
from tests.provers.checker import accepts
from tests.provers.clauses import Clauses
from tests.provers.properties import among, both, no, permitted, refutations
from tests.sharing import BREACHES, DOMAIN, MODEL, ROUTES, case_of, name_of_breach, rules_of
from waymark.compact.answers import Answer
from waymark.firewall.domain import Role
from waymark.firewall.sharing.leaks import flow, onward
from waymark.firewall.sharing.rules import decide

REFUTATIONS = refutations(MODEL, DOMAIN, ROUTES)
OF_THE_TABLE = {"P5", "P7"}


def test_checker_imports_nothing():
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    assert not [it for it in ast.walk(tree) if isinstance(it, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("theorem", REFUTATIONS)
def test_every_theorem_has_a_proof_that_the_checker_accepts(theorem):
    for formula in REFUTATIONS[theorem]:
        said = Clauses(formula, DOMAIN)
        model, proof = said.solved()
        assert model is None
        assert accepts(said.clauses, proof)


def test_no_permitted_step_leaves_the_circle():
    """P2 as an invariant: a set of kinds that holds every source and no sink, that no contract and
    no duty leads out of, and, by a proof, no permitted request either. Where the set comes from
    does not matter to the proof."""
    case = case_of(MODEL)
    circle = set(case.domain.of_role(Role.PERSON, Role.SERVICE, Role.GATE))
    steps = {(one, other) for one, other in zip(*flow(case).nonzero(), strict=True)} | set(
        onward(case)
    )
    while more := {other for one, other in steps if one in circle} - circle:
        circle |= more
    assert not circle & set(case.sinks)
    assert not [pair for pair in onward(case) if pair[0] in circle and pair[1] not in circle]
    inside = [DOMAIN.kinds[at].id for at in circle]
    protected = [each.id for each in DOMAIN.data if each.protected]
    step = both(
        permitted(MODEL),
        among("data", protected),
        among("from", inside),
        no(among("to", inside)),
    )
    said = Clauses(step, DOMAIN)
    model, proof = said.solved()
    assert model is None
    assert accepts(said.clauses, proof)


@pytest.mark.parametrize("breach", BREACHES, ids=name_of_breach)
def test_a_broken_theorem_has_a_request_that_breaks_it_and_no_proof(breach):
    """What the solver shows is a real request, and the rules do permit it (or close it)."""
    rules = rules_of(breach)
    if breach["breaks"] in OF_THE_TABLE | {"P2"}:
        return
    found = []
    for formula in refutations(rules, DOMAIN, ROUTES)[breach["breaks"]]:
        said = Clauses(formula, DOMAIN)
        model, proof = said.solved()
        if model is not None:
            assert not accepts(said.clauses, proof)
            assert not accepts(said.clauses, ["0"])
            found.append(decide(rules, DOMAIN, said.request(model)).answer)
    assert found
    opens = breach["breaks"] not in {"P8", "P9", "P15"}
    assert set(found) == {Answer.YES if opens else Answer.NO}


# Damage: five pigeons in four holes, of which no two share one

PIGEONS, HOLES = 5, 4


def nests(pigeon: int, hole: int) -> int:
    return pigeon * HOLES + hole + 1


CROWDED = [[nests(pigeon, hole) for hole in range(HOLES)] for pigeon in range(PIGEONS)] + [
    [-nests(one, hole), -nests(other, hole)]
    for hole in range(HOLES)
    for one, other in combinations(range(PIGEONS), 2)
]


@pytest.fixture(scope="module")
def proof() -> list[str]:
    with Glucose4(bootstrap_with=CROWDED, with_proof=True) as solver:
        assert not solver.solve()
        return [line for line in solver.get_proof() if not line.startswith("d")]


def test_a_whole_proof_is_accepted(proof):
    assert len(proof) > 5
    assert accepts(CROWDED, proof)


def test_a_damaged_proof_is_rejected(proof):
    assert not accepts(CROWDED, [])
    assert not accepts(CROWDED, ["0"])
    assert not accepts(CROWDED, proof[:-1])
    assert not accepts(CROWDED, [line.removesuffix(" 0") for line in proof])


def test_a_lemma_that_does_not_follow_is_rejected(proof):
    """That a pigeon nests in a hole, or that it does not, follows from no forced conclusion."""
    for literal in (nests(0, 0), -nests(0, 0), nests(4, 3), -nests(4, 3)):
        assert not accepts(CROWDED, [f"{literal} 0", *proof])


def test_without_one_clause_there_is_no_proof(proof):
    for at in range(len(CROWDED)):
        assert not accepts(CROWDED[:at] + CROWDED[at + 1 :], proof)


def test_clauses_that_do_not_contradict_each_other_have_no_proof():
    """Whatever is written as a proof of what is not so, at random, by a fixed seed."""
    chance = random.Random(4)
    clauses = [[1, 2, 3], [-1, 2], [-2, 3], [4, -5], [5, 6]]
    for _ in range(500):
        lines = [
            " ".join(str(chance.choice((1, -1)) * chance.randint(1, 6)) for _ in range(3)) + " 0"
            for _ in range(chance.randint(0, 6))
        ]
        assert not accepts(clauses, [*lines, "0"])
