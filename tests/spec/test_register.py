"""The register as a whole: what is of a place, what a provision is served by, what dates allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.examples import (
    DAY,
    FULL_REGISTER,
    example_assessment,
    example_commitment,
    example_flow,
    example_locality,
    example_register,
    example_report,
    example_step,
)
from waymark.compact.framework import Framework
from waymark.compact.places import Level
from waymark.plans.commitments import Consultation, Plan, Step
from waymark.plans.register import KINDS, Register
from waymark.plans.tallies import NOTHING, Tally, served, tallies
from waymark.plans.vocabulary import AssessedState, Outcome, ResultKind, Status

PLACES = {"one": "KEN", "two": "KE-31", "three": "UGA", "four": "014", "five": "DEU"}
HELD = example_register(
    localities=[example_locality("KE-30"), example_locality("KE-31", parent="KE-30")],
    commitments=[example_commitment(name, place=place) for name, place in PLACES.items()],
    reports=[
        example_report(DAY, identifier=f"on-{name}", commitment=name, step=None) for name in PLACES
    ],
    assessments=[
        example_assessment("example-ngo", AssessedState.DONE, commitment=name) for name in PLACES
    ],
    flows=[
        *(example_flow(identifier=f"for-{name}", commitment=name) for name in PLACES),
        example_flow(identifier="pool", commitment=None),
    ],
)


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("KEN", ["one", "two"]),
        ("UGA", ["three"]),
        ("014", ["one", "two", "three", "four"]),  # Eastern Africa
        ("TZA", []),
        ("001", ["one", "two", "three", "four", "five"]),
    ],
)
def test_of_a_place_are_its_commitments_and_what_hangs_on_them(
    framework: Framework, place: str, kept: list[str]
) -> None:
    found = HELD.of_place(framework, place)
    assert list(found.commitments) == kept
    assert [each.commitment for each in found.reports.values()] == kept
    assert [each.commitment for each in found.assessments.values()] == kept
    assert [each.commitment for each in found.flows.values()] == [*kept, None]
    assert found.localities == HELD.localities


def test_the_register_of_a_place_looks_up_its_own_reports(framework: Framework) -> None:
    grouped = (HELD.reports_of, HELD.assessments_of, HELD.flows_of)
    assert all(set(each) == set(PLACES) for each in grouped)
    here = HELD.of_place(framework, "UGA")
    grouped = (here.reports_of, here.assessments_of, here.flows_of)
    assert all(set(each) == {"three"} for each in grouped)


def test_going_up_ends_at_the_state() -> None:
    assert HELD.up_from("KE-31") == ["KE-31", "KE-30", "KEN"]
    assert HELD.up_from("KEN") == ["KEN"]
    assert [HELD.country_of(place) for place in ("KE-31", "KE-30", "KEN", "001")] == [
        "KEN",
        "KEN",
        "KEN",
        "001",
    ]


def test_going_up_in_a_circle_ends() -> None:
    circle = [example_locality("KE-30", parent="KE-31"), example_locality("KE-31", parent="KE-30")]
    register = example_register(localities=circle)
    assert register.up_from("KE-30") == ["KE-30", "KE-31"]


def test_reports_stand_in_the_order_of_their_entry() -> None:
    assert [each.id for each in FULL_REGISTER.reports_of["example"]] == ["r1", "r2", "r0"]


def test_its_length_is_everything_in_it() -> None:
    assert len(Register()) == 0
    assert len(HELD) == 2 + 4 * 5 + 1
    assert all(len(replace(Register(), **{kind: FULL_REGISTER.of_kind(kind)})) for kind in KINDS)


@pytest.mark.parametrize(
    ("named", "expect"),
    [
        ((), ()),
        (("gcm:15",), ("gcm:15",)),
        (("gcm:15.b",), ("gcm:15.b", "gcm:15")),
        (("gcm:15.b", "gcm:15.c"), ("gcm:15.b", "gcm:15", "gcm:15.c")),
        (("sdg:10.7.1",), ("sdg:10.7.1", "sdg:10.7", "sdg:10")),
        (("gcm:99",), ()),
    ],
)
def test_a_provision_serves_what_holds_it(
    framework: Framework, named: tuple[str, ...], expect: tuple[str, ...]
) -> None:
    assert served(named, framework) == expect


def tally(framework: Framework, *reports: Outcome, **changes: Any) -> Tally:
    """The tally of gcm:15 in Kenya after one commitment, with reports on its steps in turn."""
    given = {"provisions": ("gcm:15.b",), **changes}
    commitment = example_commitment(**given)
    entered = [
        example_report(
            DAY,
            outcome,
            identifier=f"report-{step.id}",
            step=step.id,
            met_on=DAY if outcome is Outcome.MET else None,
        )
        for step, outcome in zip(commitment.steps, reports, strict=False)
    ]
    register = example_register(commitments=[commitment], reports=entered)
    return tallies(register, framework, {}, DAY).get("KEN", {}).get("gcm:15", NOTHING)


STEPS = (
    example_step("first", date(2027, 6, 1)),  # overdue on the day
    example_step("second", date(2027, 6, 2)),
    example_step("third", date(2027, 12, 31)),  # ahead
    example_step("fourth", date(2027, 6, 3), dropped=True, dropped_because="An example"),
)


@pytest.mark.parametrize(
    ("reports", "changes", "expect"),
    [
        ([], {}, Tally(commitments=1)),
        ([], {"lead": "example-ngo"}, Tally(commitments=1)),
        ([], {"due": DAY}, Tally(commitments=1)),
        ([], {"lead": "example-ngo", "due": DAY}, Tally(commitments=1, sound=1)),
        (
            [],
            {"lead": "example-ngo", "due": DAY, "proposed": True},
            Tally(commitments=1, proposed=1),
        ),
        ([], {"status": Status.DROPPED}, NOTHING),
        ([], {"status": Status.DONE}, Tally(commitments=1)),
        ([], {"provisions": ("gcm:7",)}, NOTHING),
        ([], {"place": "UGA"}, NOTHING),
        ([], {"steps": STEPS}, Tally(commitments=1, steps=3, due=2, overdue=2)),
        ([Outcome.MET], {"steps": STEPS}, Tally(commitments=1, steps=3, due=2, met=1, overdue=1)),
        (
            [Outcome.MET, Outcome.NOT_MET, Outcome.MET],
            {"steps": STEPS},
            Tally(commitments=1, steps=3, due=3, met=2, overdue=1),
        ),
    ],
)
def test_tally(
    framework: Framework, reports: list[Outcome], changes: dict[str, Any], expect: Tally
) -> None:
    assert tally(framework, *reports, **changes) == expect


def test_a_commitment_counts_once_under_an_objective_that_it_serves_twice(
    framework: Framework,
) -> None:
    assert tally(framework, provisions=("gcm:15.b", "gcm:15.c", "gcm:15")).commitments == 1


def test_tallies_add_up() -> None:
    one = Tally(commitments=1, proposed=2, sound=3, steps=4, due=5, met=6, overdue=7)
    assert one + one == Tally(
        commitments=2, proposed=4, sound=6, steps=8, due=10, met=12, overdue=14
    )
    assert one + NOTHING == one


@pytest.mark.parametrize(
    ("starts", "ends", "sound"),
    [
        ("2026-05-02", "2026-05-01", False),
        ("2026-05-02", "2026-05-02", True),
        ("2026-05", "2026-04-30", False),
        ("2026-05", "2026-05-01", True),
        ("2026-05-02", "2026-04", False),
        ("2026-05-02", "2026-05", True),
        ("2026-05-02", "2026", True),
        ("2027", "2026", False),
        ("2026", "2026-01-01", True),
        ("2027", None, True),
        (None, "2026", True),
    ],
)
def test_a_plan_does_not_end_before_it_starts(
    starts: str | None, ends: str | None, sound: bool
) -> None:
    given: dict[str, Any] = {"title": "Example", "level": Level.NATIONAL, "place": "KEN"}
    if sound:
        assert Plan(id="plan", starts=starts, ends=ends, **given).starts == starts
        return
    with pytest.raises(ValidationError, match="the plan ends before it starts"):
        Plan(id="plan", starts=starts, ends=ends, **given)


@pytest.mark.parametrize("missing", ["series", "target"])
def test_a_target_is_a_value_of_a_series(missing: str) -> None:
    given = {"result": ResultKind.TARGET, "series": "SG_REG_BRTH", "target": 90}
    assert example_commitment(**given).result is ResultKind.TARGET
    with pytest.raises(ValidationError, match="a target needs a series and a value"):
        example_commitment(**{**given, missing: None})


@pytest.mark.parametrize(
    ("outcome", "met_on", "problem"),
    [
        (Outcome.MET, None, "says when"),
        (Outcome.MET, date(2027, 7, 1), "later than the day of the report"),
        (Outcome.NOT_MET, date(2027, 7, 1), "later than the day of the report"),
    ],
)
def test_a_report_says_when_a_step_was_met_and_that_it_was_before(
    outcome: Outcome, met_on: date | None, problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        example_report(DAY, outcome, met_on=met_on)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"due": None}, "give one of the two"),
        ({"due": DAY, "forum": "imrf-2030"}, "give one of the two"),
        ({"due": DAY, "dropped": True}, "a dropped step says why"),
    ],
)
def test_a_step_is_due_once_and_is_not_dropped_in_silence(
    given: dict[str, Any], problem: str
) -> None:
    fields = example_step().model_dump() | given
    with pytest.raises(ValidationError, match=problem):
        Step(**fields)


@pytest.mark.parametrize(
    ("year", "sound"), [(1989, False), (1990, True), (2100, True), (2101, False)]
)
def test_a_consultation_is_of_our_time(year: int, sound: bool) -> None:
    given: dict[str, Any] = {"title": "Example", "level": "global", "place": "001", "source": "An"}
    if sound:
        assert Consultation(id="example", year=year, **given).year == year
        return
    with pytest.raises(ValidationError):
        Consultation(id="example", year=year, **given)
