"""The theorems about rules of sharing: what each says, and the smallest rule that breaks it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.sharing import (
    BREACHES,
    DOMAIN,
    MODEL,
    ROUTES,
    broken,
    case_of,
    name_of_breach,
    rules_of,
    variant,
    written,
)
from waymark.firewall.domain import Domain, Role
from waymark.firewall.sharing.case import Case
from waymark.firewall.sharing.proof import THEOREMS, certificate, prove
from waymark.firewall.sharing.routes import Routes, Service
from waymark.firewall.sharing.rules import RuleSet, Table, compiled

NOT_BY_RULES = {"P5"}  # no rule can break it: a table that the rules do not say breaks it


def test_model_rules_keep_every_theorem():
    assert broken(case_of(MODEL)) == {}


@pytest.mark.parametrize("case", BREACHES, ids=name_of_breach)
def test_variant_breaks_its_theorem_and_says_how(case):
    found = broken(case_of(rules_of(case)))
    assert set(found) == {case["breaks"], *case.get("also", ())}
    assert found[case["breaks"]].text() == case["says"]


def test_every_theorem_is_broken_by_a_variant_and_by_nothing_else():
    alone = {case["breaks"] for case in BREACHES if "also" not in case}
    assert alone | NOT_BY_RULES == {theorem.id for theorem in THEOREMS}


def test_a_permission_that_no_rule_gives_is_found():
    """P5: one bit of the table is turned, in a place where nothing else could notice."""
    case = case_of(MODEL)
    cells = case.table.cells.copy()
    police, gate = case.at("to", "police")[0], case.at("from", "statistics-gate")[0]
    cells[gate, police, case.at("for", "statistics")[0], :, case.at("data", "released-counts")] |= (
        case.facts(duty=False)
    )
    found = broken(Case(MODEL, Table(DOMAIN, cells), ROUTES))
    assert set(found) == {"P5"}
    assert found["P5"].text().startswith("The rules say otherwise, one of 80: Statistics gate")


def test_a_table_that_permits_what_rules_forbid_is_found():
    """P7: a prohibition outweighs whatever permits."""
    case = case_of(MODEL)
    cells = case.table.cells.copy()
    cells[case.at("from", "health")[0], case.at("to", "police")[0], 0, :, 0] = case.every
    assert {"P5", "P7"} <= set(broken(Case(MODEL, Table(DOMAIN, cells), ROUTES)))


class Subtracting(Routes):
    """Routes by the fault that the design warns of: a second Compact replaces the first's."""

    def services(self, need, groups=(), instruments=()):
        mine = super().services(need, groups, instruments)
        return mine - super().services(need) if set(instruments) else mine


def test_a_compact_that_takes_a_service_away_is_found():
    """P9: pathways are united, never subtracted."""
    routes = Subtracting.model_validate(ROUTES.model_dump())
    found = broken(Case(MODEL, compiled(MODEL, DOMAIN), routes))
    assert set(found) == {"P9"}
    assert found["P9"].text() == "The need identity loses a service when gcm is added."


def test_a_service_that_is_called_a_sink_is_named():
    found = broken(case_of(variant(sinks=["state-of-origin", "immigration-enforcement", "health"])))
    assert found["P2"].text() == "Health service: people turn to it, and it is a sink itself."
    assert {"P1", "P2"} <= set(found)


def test_verdicts_of_another_proof_make_no_certificate():
    case = case_of(MODEL)
    verdicts = prove(MODEL, case.table, ROUTES)
    with pytest.raises(Exception, match="Not every theorem was put to proof"):
        certificate(case, verdicts[:-1], None)


# Chains of any length. In the closed lists that ship every kind is either one that people turn to,
# or one that counts as passing on, so that two hops are the most; here some are bound by a promise.

BOUND = tuple(f"trustee-{number}" for number in range(1, 6))
LENGTHS = [(length, ours) for length in range(1, 7) for ours in (False, True)]


def with_trustees() -> Domain:
    """The closed lists with some kinds of body more, which are bound not to pass things on."""
    said = DOMAIN.model_dump()
    for identifier in BOUND:
        label = {"en": identifier, "ar": "أمين"}
        said["kinds"] = (*said["kinds"], {"id": identifier, "label": label, "role": Role.BOUND})
    return Domain.model_validate(said)


WIDER = with_trustees()


def planted(length: int, ours: bool) -> tuple[list[str], RuleSet]:
    """A chain from the health service to enforcement; its last hop, or all after the first, is
    outside our rules. ``ours``: the first hop is one that a rule permits."""
    kinds = ["health", *BOUND[: length - 1], "immigration-enforcement"]
    hops = list(pairwise(kinds))
    rules, said = [], written()
    if ours and length > 1:
        (sender, recipient), *hops = hops
        rules.append(
            {
                "id": "X1",
                "sentence": {"en": "A hop that we permit."},
                "permit": True,
                "from": [sender],
                "to": [recipient],
                "for": ["support"],
                "data": ["need-note"],
                "when": dict.fromkeys(("consent", "agreement", "onward-barred"), True)
                | {"duty-to-report": False},
            }
        )
    outside = [{"from": it, "to": onto, "because": {"en": "by contract"}} for it, onto in hops]
    said |= {"rules": [*said["rules"], *rules], "outside": outside}
    return kinds, RuleSet.model_validate(said)


@pytest.mark.parametrize(("length", "ours"), LENGTHS)
def test_planted_hole_of_any_length_is_found_and_named(length, ours):
    kinds, rules = planted(length, ours)
    found = broken(Case(rules, compiled(rules, WIDER), ROUTES))
    hop = "by contract" if length == 1 or not ours else "permitted by X1"
    labels = {kind.id: kind.label.en for kind in WIDER.kinds}
    chain = f"{labels[kinds[0]]} → {labels[kinds[1]]} ({hop})"
    chain += "".join(f" → {labels[kind]} (by contract)" for kind in kinds[2:])
    assert found["P2"].text() == f"A chain: {chain}."


def test_a_hole_whose_last_hop_is_outside_is_invisible_hop_by_hop():
    """Every hop that our rules permit keeps its promise; only the chain shows the hole."""
    _, rules = planted(4, ours=True)
    found = broken(Case(rules, compiled(rules, WIDER), ROUTES))
    assert set(found) == {"P2"}


@pytest.mark.parametrize("length", range(2, 7))
def test_the_shortest_of_two_chains_is_named(length):
    kinds, rules = planted(length, ours=False)
    shortcut = {"from": kinds[-3] if length > 2 else kinds[0], "to": kinds[-1]}
    said = written(rules)
    said["outside"] = [*said["outside"], {**shortcut, "because": {"en": "a short way"}}]
    rules = RuleSet.model_validate(said)
    told = broken(Case(rules, compiled(rules, WIDER), ROUTES))["P2"].text()
    assert told.count("→") == length - 1
    assert told.endswith("(a short way).")


def test_a_promise_without_a_hole_behind_it_is_kept():
    """The same first hop, and nothing outside: the proof holds, so the hole broke it."""
    _, rules = planted(4, ours=True)
    said = written(rules) | {"outside": []}
    rules = RuleSet.model_validate(said)
    assert broken(Case(rules, compiled(rules, WIDER), ROUTES)) == {}


# What the walls are


@pytest.mark.parametrize("theorem", [it for it in THEOREMS if it.wall], ids=lambda it: it.id)
def test_a_wall_is_what_its_theorem_refuses(theorem):
    """A table of all that lies beyond a wall keeps the theorem; one request of it breaks it."""
    case = case_of(MODEL)
    wall = theorem.wall(case)
    beyond = Case(MODEL, Table(DOMAIN, case.every & ~wall), ROUTES)
    assert theorem.breach(beyond) is None
    chosen = np.flatnonzero(wall)[:: max(1, np.count_nonzero(wall) // 50)]
    for cell in chosen:
        one = np.zeros(DOMAIN.shape, dtype=np.uint32)
        bits = int(wall.flat[cell])
        one.flat[cell] = bits & -bits
        assert theorem.breach(Case(MODEL, Table(DOMAIN, one), ROUTES)) is not None


def test_essential_services_are_those_of_the_statement():
    """R6: health, school, shelter, legal aid, labour inspection."""
    assert {Service(service=it.service, purpose=it.purpose) for it in ROUTES.essential} == {
        Service(service="health", purpose="health-care"),
        Service(service="school", purpose="education"),
        Service(service="shelter", purpose="shelter"),
        Service(service="legal-aid", purpose="legal-advice"),
        Service(service="labour-inspection", purpose="labour-complaint"),
    }
