"""What a review tells of the register: plans, steps, assessments, roles, rules, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import AS_OF
from tests.examples import (
    example_actor,
    example_assessment,
    example_commitment,
    example_mandate,
    example_partner,
    example_register,
    example_report,
    example_round,
    example_step,
)
from waymark.compact.answers import Answer
from waymark.coverage.ladder import Rung
from waymark.coverage.standing import Standing
from waymark.plans.assessments import Assessment
from waymark.plans.commitments import Commitment, Report
from waymark.plans.forums import Forum, load_forums
from waymark.plans.register import Register
from waymark.plans.tallies import tallies
from waymark.plans.vocabulary import ActorKind, AssessedState, Origin, Outcome, Status
from waymark.reviews.document import as_json, as_text
from waymark.reviews.findings import FindingKind
from waymark.reviews.follow_up import follow_up
from waymark.reviews.review import Review, review

FORUMS = load_forums()
NEXT = FORUMS["regional-2028"]
MINISTRY, UNION = "example-ministry", "example-union"
OF_REGISTER = {
    FindingKind.PLANNED,
    FindingKind.STEPS,
    FindingKind.ASSESSED,
    FindingKind.ROLES,
    FindingKind.RULES,
}


def held(
    commitments: Iterable[Commitment] = (),
    reports: Iterable[Report] = (),
    assessments: Iterable[Assessment] = (),
) -> Register:
    return example_register(
        actors=[example_actor(MINISTRY), example_actor(UNION, ActorKind.TRADE_UNION)],
        commitments=commitments,
        reports=reports,
        rounds=[example_round()],
        assessments=assessments,
    )


def reviewed(
    stands: Standing, register: Register, place: str = "KEN", forum: Forum = NEXT
) -> Review:
    framework = stands.framework
    here = framework.place(place)
    counted = replace(stands, tallies=tallies(register, framework, FORUMS, AS_OF))
    return review(counted, here, forum, follow_up(register, framework, FORUMS, here, forum, AS_OF))


def told(made: Review, kind: FindingKind) -> list[str]:
    """The sentences of one kind, each with its details."""
    return [
        " ".join([found.sentence.text(), *(detail.text() for detail in found.details)])
        for found in made.of_kind(kind)
    ]


def rung(made: Review, objective: str, which: Rung) -> Answer:
    (ladder,) = [each for each in made.ladders if each.provision == objective]
    return ladder[which].answer


def test_an_empty_register_adds_nothing(stands: Standing) -> None:
    made = reviewed(stands, example_register())
    assert not {found.kind for found in made.findings} & OF_REGISTER
    assert made.answer_on_action is None
    assert rung(made, "gcm:15", Rung.PLANNED) is Answer.NOT_KNOWN


def test_commitments_are_counted_with_their_origin_lead_and_date(stands: Standing) -> None:
    made = reviewed(
        stands,
        held(
            [
                example_commitment("one", provisions=("gcm:15.b",), lead=MINISTRY),
                example_commitment(
                    "two",
                    provisions=("gcm:7",),
                    due=date(2030, 1, 1),
                    origin=Origin.PLEDGE,
                    proposed=True,
                    illustrative=False,
                ),
                example_commitment("three", provisions=("gcm:9",), status=Status.DROPPED),
                example_commitment("elsewhere", provisions=("gcm:2",), place="UGA"),
            ]
        ),
    )
    planned, missing = told(made, FindingKind.PLANNED)
    assert planned.startswith(
        "The register holds 2 commitments for Kenya, serving 2 of 23 objectives; "
        "with a lead: 1, with a date: 1."
    )
    assert f"{Origin.PLEDGE.label.text()}: 1." in planned
    assert "In one of them a rule proposed the provisions" in planned
    assert "One of them is made up" in planned
    assert missing.startswith("No commitment serves 21 objectives: ")
    assert made.answer_on_action is not None
    assert made.answer_on_action.text() in planned


def test_a_lead_a_date_and_a_person_make_a_provision_planned(stands: Standing) -> None:
    sound = {"lead": MINISTRY, "due": date(2030, 1, 1)}
    made = reviewed(
        stands,
        held(
            [
                example_commitment("sound", provisions=("gcm:15.b",), **sound),
                example_commitment("bare", provisions=("gcm:7",)),
                example_commitment("guessed", provisions=("gcm:9",), proposed=True, **sound),
            ]
        ),
    )
    assert rung(made, "gcm:15", Rung.PLANNED) is Answer.YES
    assert rung(made, "gcm:7", Rung.PLANNED) is Answer.PARTLY
    assert rung(made, "gcm:9", Rung.PLANNED) is Answer.PARTLY
    assert rung(made, "gcm:2", Rung.PLANNED) is Answer.NO


def test_steps_are_told_by_what_became_of_them_the_longest_overdue_first(
    stands: Standing,
) -> None:
    due = date(2026, 6, 30)
    made = reviewed(
        stands,
        held(
            [
                example_commitment(
                    "one",
                    lead=MINISTRY,
                    provisions=("gcm:15",),
                    steps=(
                        example_step("met", due),
                        example_step("late", due),
                        example_step("silent", date(2026, 3, 31)),
                        example_step("future", date(2029, 1, 1)),
                        example_step("gone", due, dropped=True, dropped_because="An example"),
                    ),
                ),
                example_commitment(
                    "idle", provisions=("gcm:7",), steps=(example_step("far", forum="imrf-2030"),)
                ),
            ],
            [
                example_report(
                    due, Outcome.MET, identifier="a", commitment="one", step="met", met_on=due
                ),
                example_report(date(2026, 7, 1), identifier="b", commitment="one", step="late"),
            ],
        ),
    )
    became, before_forum = told(made, FindingKind.STEPS)
    assert became.startswith(
        "Steps that were due: 3. Met: 1; met late: 0; late: 1; without a report: 1."
    )
    silent, late = became.index("Take the silent"), became.index("Take the late")
    assert silent < late
    assert "(Example ministry) was due on 2026-03-31" in became
    assert "Take the gone" not in became
    assert before_forum.endswith("1 of 2.")


def test_a_word_against_the_governments_is_quoted_beside_it(stands: Standing) -> None:
    made = reviewed(
        stands,
        held(
            [
                example_commitment("one", lead=MINISTRY),
                example_commitment("two", lead=MINISTRY, status=Status.DONE),
            ],
            assessments=[
                example_assessment(MINISTRY, AssessedState.DONE, commitment="one"),
                example_assessment(UNION, AssessedState.NOT_STARTED, commitment="one"),
                example_assessment(UNION, AssessedState.DONE, commitment="two"),
            ],
        ),
    )
    (assessed,) = told(made, FindingKind.ASSESSED)
    assert assessed.startswith(
        "Commitments that were assessed: 2; organizations that did: 2. "
        "Where others' word differs from the government's: 1."
    )
    done, not_started = AssessedState.DONE.label.text(), AssessedState.NOT_STARTED.label.text()
    assert f"“Do what one says”: the government says {done}" in assessed
    assert f"Example union: {not_started}" in assessed
    assert "Do what two says" not in assessed


def test_roles_that_nobody_holds_are_named(stands: Standing) -> None:
    made = reviewed(
        stands,
        held([example_commitment("one", lead=MINISTRY, partners=(example_partner(UNION),))]),
    )
    empty, unled = told(made, FindingKind.ROLES)
    assert ActorKind.CIVIL_SOCIETY.label.text() in empty
    assert ActorKind.TRADE_UNION.label.text() not in empty
    assert unled.startswith("No organization with a role is: ")


def test_mandates_without_action_and_objectives_without_mandate_are_findings(
    stands: Standing,
) -> None:
    register = replace(
        held([example_commitment("one", lead=UNION, provisions=("gcm:7",))]),
        mandates={"mandate": example_mandate(MINISTRY, "gcm:15")},
    )
    roles = told(reviewed(stands, register), FindingKind.ROLES)
    (missing,) = [each for each in roles if "knows no actor with a mandate" in each]
    assert "22 objectives" in missing
    (idle,) = [each for each in roles if "has no part in a commitment on it here" in each]
    assert "Example ministry" in idle


def test_the_rules_that_are_broken_are_quoted_with_their_count(stands: Standing) -> None:
    made = reviewed(stands, held([example_commitment("one"), example_commitment("two")]))
    (rules,) = told(made, FindingKind.RULES)
    assert rules.startswith("Commitments that keep every rule of a sound register: 0 of 2.")
    assert "Not so: 2." in rules


def test_every_finding_of_the_register_names_commitments_it_holds(stands: Standing) -> None:
    register = held(
        [
            example_commitment(
                "one",
                lead=MINISTRY,
                provisions=("gcm:15",),
                steps=(example_step("silent", date(2026, 3, 31)),),
            )
        ]
    )
    made = reviewed(stands, register)
    found = json.loads(as_json(made, stands.framework, "en"))
    named = {
        identifier
        for section in found["sections"]
        for finding in section["findings"]
        for identifier in finding.get("commitments", ())
    }
    assert named == {"one"}


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_text_tells_all_of_it(stands: Standing, language: str) -> None:
    register = held(
        [
            example_commitment(
                "one",
                what="Issue birth certificates in every county",
                lead=MINISTRY,
                steps=(example_step("silent", date(2026, 3, 31), what="Equip the offices"),),
            )
        ]
    )
    made = reviewed(stands, register)
    text = as_text(made, stands.framework, language)
    for kind in OF_REGISTER - {FindingKind.ASSESSED}:
        for found in made.of_kind(kind):
            assert found.sentence.text(language) in text
    assert "Equip the offices" in text


def test_a_region_counts_its_states_and_a_commitment_under_each_objective(
    stands: Standing,
) -> None:
    step = example_step("silent", date(2026, 3, 31))
    register = held(
        [
            example_commitment("one", provisions=("gcm:15.b", "gcm:7"), steps=(step,)),
            example_commitment("two", provisions=("gcm:15",), place="UGA", steps=(step,)),
            example_commitment("three", provisions=("gcm:15",), place="DEU", steps=(step,)),
        ]
    )
    (eastern,) = told(reviewed(stands, register, "014"), FindingKind.PLANNED)
    assert "of 2 of " in eastern
    assert "Kenya" in eastern
    assert "Germany" not in eastern
    assert "steps that were due 3, met 0, late or without a report 3" in eastern
    assert told(reviewed(stands, register, "005"), FindingKind.PLANNED) == []
