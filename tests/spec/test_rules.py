"""The rules of a sound register: one commitment keeps them all, and each variant breaks one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.examples import (
    DAY,
    example_actor,
    example_commitment,
    example_forum,
    example_mandate,
    example_register,
    example_report,
    example_step,
)
from waymark.compact.framework import Framework
from waymark.plans.commitments import Commitment, Report
from waymark.plans.rules import RULES, Rule, broken_rules, circumstances
from waymark.plans.vocabulary import EXPLAINED, ActorKind, Origin, Outcome, ResultKind, Status

AS_OF = DAY - timedelta(days=1)
FORUMS = {"example-forum": example_forum("example-forum", "2027")}
MET = example_report(AS_OF, Outcome.MET, met_on=AS_OF)

SOUND: dict[str, Any] = {
    "lead": "example-ministry",
    "provisions": ("gcm:15.b",),
    "groups": ("children",),
    "due": DAY,
    "result": ResultKind.YES_OR_NO,
    "result_statement": "An example of what will be there, and what will show it",
    "status": Status.UNDER_WAY,
    "steps": (example_step(due=DAY),),
}
TARGET = {
    "result": ResultKind.TARGET,
    "result_statement": "",
    "series": "SG_REG_BRTH",
    "target": Decimal(90),
    "baseline": Decimal(50),
    "baseline_year": 2020,
}
DROPPED_STEP = example_step(
    "dropped", DAY + timedelta(days=1), dropped=True, dropped_because="An example of a reason"
)

VARIANTS: list[tuple[str, dict[str, Any]]] = [
    ("P1", {"lead": None}),
    ("P2", {"lead": "example-union"}),
    ("P2", {"provisions": ("gcm:7",)}),
    ("P3", {"due": None}),
    ("P4", {"provisions": (), "lead_because": "An example of a reason"}),
    ("P5", {"proposed": True}),
    ("P6", {"result": None}),
    ("P7", {"result_statement": ""}),
    ("P8", {**TARGET, "baseline": None}),
    ("P8", {**TARGET, "baseline_year": None}),
    ("P9", {"steps": ()}),
    ("P9", {"steps": (DROPPED_STEP,)}),
    ("P9", {"steps": (), "status": Status.DONE}),
    ("P10", {"steps": (example_step(due=DAY + timedelta(days=1)),)}),
    ("P10", {"steps": (example_step(forum="example-forum"),)}),
    ("P10", {"steps": (example_step(), example_step("second", date(2028, 1, 1)))}),
    ("P11", {"groups": ()}),
    ("P12", {"status": Status.DONE}),
    ("P12", {"status": Status.UNDER_WAY, "reports": [MET]}),
    ("P12", {"status": Status.NOT_STARTED, "reports": [MET]}),
    ("P13", {"status": Status.DROPPED}),
    ("P13", {"status": Status.DROPPED, "reports": [MET]}),
    ("P14", {"origin": Origin.PLEDGE}),
    ("P14", {"origin": Origin.RECOMMENDATION}),
    ("P14", {"origin": Origin.CIVIL_SOCIETY_PROPOSAL}),
]


def broken(framework: Framework, reports: list[Report] | None = None, **changes: Any) -> list[str]:
    """The rules that the sound commitment breaks after some changes."""
    commitment = example_commitment(**{**SOUND, **changes})
    register = example_register(
        actors=[
            example_actor(),
            example_actor("example-union", ActorKind.TRADE_UNION),
            example_actor("example-state", ActorKind.STATE),
        ],
        mandates=[example_mandate("example-ministry", "gcm:15")],
        commitments=[commitment],
        reports=reports or [],
    )
    around = circumstances(commitment, register, framework, FORUMS, AS_OF)
    return [rule.id for rule in broken_rules(commitment, around)]


def test_a_sound_commitment_keeps_every_rule(framework: Framework) -> None:
    assert broken(framework) == []


@pytest.mark.parametrize(("rule", "changes"), VARIANTS)
def test_a_variant_breaks_this_rule_and_no_other(
    framework: Framework, rule: str, changes: dict[str, Any]
) -> None:
    assert broken(framework, **changes) == [rule]


def test_every_rule_has_a_variant_that_breaks_it() -> None:
    assert {rule for rule, _ in VARIANTS} == {rule.id for rule in RULES}


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("a lead without a mandate says why", {"lead": "example-union", "lead_because": "Because"}),
        ("a State leads at home", {"lead": "example-state", "provisions": ("gcm:7",)}),
        ("the objective itself", {"provisions": ("gcm:15",)}),
        ("one of several provisions", {"provisions": ("gcm:7", "gcm:15.b")}),
        ("a target with its baseline", TARGET),
        ("a baseline of nothing is a baseline", {**TARGET, "baseline": Decimal(0)}),
        ("a dropped step may be later", {"steps": (example_step(), DROPPED_STEP)}),
        (
            "a step at a forum in time",
            {"due": date(2027, 12, 31), "steps": (example_step(forum="example-forum"),)},
        ),
        ("an explained status", {"status": Status.DONE, "status_because": "Because"}),
        ("done when done", {"status": Status.DONE, "reports": [MET]}),
        ("dropped, and why", {"status": Status.DROPPED, "status_because": "Because"}),
        ("a pledge with its source", {"origin": Origin.PLEDGE, "origin_source": "An example"}),
        ("an origin at home", {"origin": Origin.OTHER}),
    ],
)
def test_what_keeps_every_rule(framework: Framework, why: str, changes: dict[str, Any]) -> None:
    assert broken(framework, **changes) == [], why


def test_the_order_of_broken_rules_is_that_of_the_rules(framework: Framework) -> None:
    bare = {"lead": None, "due": None, "provisions": (), "groups": (), "result": None, "steps": ()}
    assert broken(framework, **bare) == ["P1", "P3", "P4", "P6", "P9", "P11"]


def test_only_the_origins_from_elsewhere_have_to_be_explained(framework: Framework) -> None:
    asked = {origin for origin in Origin if broken(framework, origin=origin) == ["P14"]}
    assert asked == set(EXPLAINED)


def test_rules_are_numbered_in_order_without_a_gap() -> None:
    assert [rule.id for rule in RULES] == [f"P{number}" for number in range(1, 15)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_mended_in_a_field_of_the_commitment(rule: Rule) -> None:
    assert rule.field in Commitment.model_fields


def test_every_rule_is_a_sentence_of_its_own() -> None:
    wordings = {rule.sentence.text() for rule in RULES}
    assert len(wordings) == len(RULES)
    assert all(wording[0].isupper() and wording.endswith(".") for wording in wordings)
