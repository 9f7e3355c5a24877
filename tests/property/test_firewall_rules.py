"""Laws of rules of sharing, for every rule set and every request."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sharing import DOMAIN, MODEL, ROUTES, case_of
from waymark.compact.answers import Answer
from waymark.firewall.domain import Request
from waymark.firewall.sharing.proof import prove
from waymark.firewall.sharing.rules import LISTS, Gatekeeper, RuleSet, compiled, decide
from waymark.firewall.sharing.theorems import one_by_one

SOME = settings(max_examples=30, deadline=None)
FACTS = DOMAIN.dimensions["when"]
KEEPER = Gatekeeper(compiled(MODEL, DOMAIN))


@st.composite
def rules(draw, fewest: int = 0) -> dict:
    """A rule over any lists."""
    rule = {"id": f"R{draw(st.integers(0, 10**9))}", "sentence": {"en": "An example."}}
    rule["permit" if draw(st.booleans()) else "forbid"] = True
    for name in LISTS:
        words = DOMAIN.dimensions[name]
        if draw(st.booleans()):
            rule[name] = draw(st.lists(st.sampled_from(words), min_size=1, unique=True))
    rule["when"] = draw(st.dictionaries(st.sampled_from(FACTS), st.booleans()))
    return rule


rule_sets = st.lists(rules(), max_size=8, unique_by=lambda rule: rule["id"]).map(
    lambda made: RuleSet.model_validate({"title": {"en": "Some"}, "rules": made})
)
requests = st.builds(
    Request,
    *(st.sampled_from(DOMAIN.dimensions[name]) for name in LISTS),
    st.tuples(*(st.sampled_from((True, False, None)) for _ in FACTS)),
)


@SOME
@given(rule_sets, st.randoms())
def test_order_changes_nothing(made: RuleSet, chance: random.Random):
    """Neither an answer nor the hash of the rules."""
    mixed = list(made.rules)
    chance.shuffle(mixed)
    other = RuleSet(title=made.title, rules=tuple(mixed))
    assert compiled(other, DOMAIN).digest == compiled(made, DOMAIN).digest
    assert other.digest == made.digest


@SOME
@given(rule_sets)
def test_two_ways_to_the_table_agree(made: RuleSet):
    case = case_of(made)
    assert np.array_equal(one_by_one(made.rules, case), case.table.cells)


@SOME
@given(rule_sets)
def test_what_no_rule_permits_is_denied(made: RuleSet):
    """The prohibitions alone permit nothing; each rule that permits adds no more than it covers."""
    forbids = RuleSet(title=made.title, rules=made.forbids())
    assert compiled(forbids, DOMAIN).permitted == 0
    covered = np.zeros(DOMAIN.shape, dtype=np.uint32)
    for rule in made.permits():
        covered |= compiled(RuleSet(title=made.title, rules=(rule,)), DOMAIN).cells
    assert not (compiled(made, DOMAIN).cells & ~covered).any()


@SOME
@given(rule_sets, rules())
def test_a_prohibition_never_opens(made: RuleSet, more: dict):
    forbid = {**more, "id": "more", "forbid": True, "permit": False}
    said = made.model_dump(by_alias=True, exclude_unset=True)
    wider = RuleSet.model_validate({**said, "rules": [*said["rules"], forbid]})
    assert not (compiled(wider, DOMAIN).cells & ~compiled(made, DOMAIN).cells).any()


@SOME
@given(rule_sets, st.lists(requests, min_size=20, max_size=20))
def test_reason_and_gatekeeper_agree_with_the_table(made: RuleSet, asked: list[Request]):
    """Three ways to one answer: reading the rules, the gatekeeper, the bit of the table."""
    table = compiled(made, DOMAIN)
    keeper = Gatekeeper(table)
    for request in asked:
        where = [
            DOMAIN.dimensions[it].index(word) for it, word in zip(LISTS, request, strict=False)
        ]
        bit = bool(int(table.cells[tuple(where)]) >> DOMAIN.bits_of(request.facts) & 1)
        found = decide(made, DOMAIN, request)
        assert found.answer is (Answer.YES if bit else Answer.NO)
        assert keeper.permits(request) == bit
        assert found.not_known == tuple(
            name for name, given in zip(FACTS, request.facts, strict=True) if given is None
        )


@settings(max_examples=200, deadline=None)
@given(requests)
def test_knowing_more_never_closes_what_not_knowing_left_open(request: Request):
    """Under the model rules, for every fact that is not known, whatever it turns out to be."""
    if KEEPER.permits(request):
        for at, given_answer in enumerate(request.facts):
            if given_answer is None:
                for answer in (True, False):
                    facts = (*request.facts[:at], answer, *request.facts[at + 1 :])
                    assert KEEPER.permits(request._replace(facts=facts))


@settings(max_examples=200, deadline=None)
@given(requests)
def test_withdrawing_consent_never_opens(request: Request):
    given_, withdrawn = (request._replace(facts=(it, *request.facts[1:])) for it in (True, False))
    assert KEEPER.permits(given_) or not KEEPER.permits(withdrawn)


@SOME
@given(rule_sets)
def test_a_proof_names_what_is_there(made: RuleSet):
    """Whatever the rules, each breach is a sentence; the first request that it shows is real."""
    case = case_of(made)
    for verdict in prove(made, case.table, ROUTES):
        assert verdict.holds == (verdict.breach is None)
        if verdict.breach is not None:
            assert verdict.breach.text("en")
            assert verdict.breach.text("ar")
            if verdict.theorem.wall is not None:
                assert (case.table.cells & verdict.theorem.wall(case)).any()
