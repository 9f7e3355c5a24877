"""What became of a step on each day, and how far to be by each forum, at every border."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.examples import (
    DAY,
    example_commitment,
    example_forum,
    example_report,
    example_step,
)
from waymark.compact.dates import last_day
from waymark.plans.commitments import Report
from waymark.plans.forums import load_forums
from waymark.plans.timeline import (
    Course,
    Milestone,
    StepState,
    course,
    due_on,
    graduated,
    step_state,
    without_step_before,
)
from waymark.plans.vocabulary import Outcome, Status

STEP = example_step(due=DAY)


def days(count: int) -> date:
    """So many days after the step is due; before, where negative."""
    return DAY + timedelta(days=count)


def met(on: int, reported: int) -> Report:
    return example_report(days(reported), Outcome.MET, met_on=days(on))


def not_met(reported: int) -> Report:
    return example_report(days(reported), Outcome.NOT_MET)


def partly_met(reported: int) -> Report:
    return example_report(days(reported), Outcome.PARTLY_MET)


@pytest.mark.parametrize(
    ("name", "as_of", "reports", "expect"),
    [
        ("91 days ahead", -91, [], StepState.NOT_DUE),
        ("90 days ahead", -90, [], StepState.DUE),
        ("the day itself", 0, [], StepState.DUE),
        ("the day after", 1, [], StepState.NO_REPORT),
        ("not met, 91 days ahead", -91, [not_met(-100)], StepState.NOT_DUE),
        ("not met, on the day itself", 0, [not_met(-1)], StepState.DUE),
        ("not met, the day after", 1, [not_met(-1)], StepState.LATE),
        ("partly met, on the day itself", 0, [partly_met(0)], StepState.DUE),
        ("partly met, the day after", 1, [partly_met(0)], StepState.LATE),
        ("met long before", -200, [met(-201, -200)], StepState.MET),
        ("met on the day itself", 0, [met(0, 0)], StepState.MET),
        ("met on the day itself, said later", 30, [met(0, 30)], StepState.MET),
        ("met the day after", 1, [met(1, 1)], StepState.MET_LATE),
        ("a report of tomorrow is not heard", 1, [met(0, 2)], StepState.NO_REPORT),
        ("a report of today is heard", 2, [met(0, 2)], StepState.MET),
        ("late, and only tomorrow met", 1, [not_met(1), met(2, 2)], StepState.LATE),
        ("the newest speaks: met after all", 9, [not_met(3), met(4, 5)], StepState.MET_LATE),
        ("the newest speaks: not met after all", 9, [met(-2, -1), not_met(4)], StepState.LATE),
        ("the newest speaks, entered first", 9, [not_met(4), met(-2, -1)], StepState.LATE),
        ("of two on a day the later entered: met", 9, [not_met(4), met(0, 4)], StepState.MET),
        ("of two on a day the later entered: not", 9, [met(0, 4), not_met(4)], StepState.LATE),
        (
            "of three, the newest day and there the last",
            9,
            [met(0, 4), not_met(4), met(-3, 2)],
            StepState.LATE,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_state(name: str, as_of: int, reports: list[Report], expect: StepState) -> None:
    assert step_state(STEP, DAY, reports, days(as_of)) is expect, name


def test_a_report_on_another_step_is_not_heard() -> None:
    other = example_report(days(1), Outcome.MET, step="second", met_on=days(0))
    assert step_state(STEP, DAY, [other], days(1)) is StepState.NO_REPORT


def test_a_report_on_the_whole_commitment_says_nothing_of_a_step() -> None:
    whole = example_report(days(1), Outcome.MET, step=None, met_on=days(0))
    assert step_state(STEP, DAY, [whole], days(1)) is StepState.NO_REPORT


def test_a_step_that_is_partly_met_is_not_met_though_it_gives_a_day() -> None:
    partly = example_report(days(0), Outcome.PARTLY_MET, met_on=days(0))
    assert step_state(STEP, DAY, [partly], days(1)) is StepState.LATE


@pytest.mark.parametrize("as_of", [-91, 0, 1])
def test_a_dropped_step_is_dropped_whatever_was_reported(as_of: int) -> None:
    dropped = example_step(dropped=True, dropped_because="An example of a reason")
    for reports in ([], [met(-100, -99)], [not_met(-100)]):
        assert step_state(dropped, DAY, reports, days(as_of)) is StepState.DROPPED


def test_the_rule_beside_a_state_names_the_days_that_the_computation_uses() -> None:
    for state in (StepState.NOT_DUE, StepState.DUE):
        assert "90 days" in state.rule.text()


@pytest.mark.parametrize("kind", [StepState, Course])
def test_every_state_has_a_name_and_a_rule_of_its_own(kind: type[StepState | Course]) -> None:
    assert len({state.label.text() for state in kind}) == len(kind)
    assert len({state.rule.text() for state in kind}) == len(kind)


@pytest.mark.parametrize(
    ("partial", "expect"),
    [
        ("2028", date(2028, 12, 31)),
        ("2028-02", date(2028, 2, 29)),
        ("2027-02", date(2027, 2, 28)),
        ("2027-04", date(2027, 4, 30)),
        ("2027-12", date(2027, 12, 31)),
        ("2026-05-08", date(2026, 5, 8)),
    ],
)
def test_the_last_day_of_a_year_a_month_or_a_day(partial: str, expect: date) -> None:
    assert last_day(partial) == expect


def test_a_step_with_a_day_is_due_on_it() -> None:
    assert due_on(example_step(due=date(2027, 3, 1)), {}) == date(2027, 3, 1)


@pytest.mark.parametrize("ends", ["2028", "2028-02", "2028-05-08"])
def test_a_step_at_a_forum_is_due_on_its_last_day(ends: str) -> None:
    forums = {"example": example_forum("example", ends, starts="2028")}
    assert due_on(example_step(forum="example"), forums) == last_day(ends)


@pytest.mark.parametrize(
    ("status", "states", "expect"),
    [
        (Status.UNDER_WAY, [], Course.NO_STEPS),
        (Status.DONE, [], Course.NO_STEPS),
        (Status.DROPPED, [], Course.DROPPED),
        (Status.DROPPED, [StepState.MET], Course.DROPPED),
        (Status.DROPPED, [StepState.LATE], Course.DROPPED),
        (Status.UNDER_WAY, [StepState.DROPPED, StepState.DROPPED], Course.DROPPED),
        (Status.UNDER_WAY, [StepState.MET, StepState.MET_LATE], Course.DONE),
        (Status.NOT_STARTED, [StepState.MET], Course.DONE),
        (Status.UNDER_WAY, [StepState.MET, StepState.DROPPED], Course.DONE),
        (Status.UNDER_WAY, [StepState.MET, StepState.DUE], Course.ON_COURSE),
        (Status.UNDER_WAY, [StepState.MET, StepState.NOT_DUE], Course.ON_COURSE),
        (Status.DONE, [StepState.DUE], Course.ON_COURSE),
        (Status.UNDER_WAY, [StepState.MET, StepState.LATE], Course.BEHIND),
        (Status.UNDER_WAY, [StepState.DUE, StepState.NO_REPORT], Course.BEHIND),
        (Status.DONE, [StepState.NO_REPORT, StepState.DROPPED], Course.BEHIND),
    ],
)
def test_course(status: Status, states: list[StepState], expect: Course) -> None:
    assert course(status, iter(states)) is expect


FORUMS = {
    forum.id: forum
    for forum in (
        example_forum("last", "2030-12-31"),
        example_forum("by-year", "2026"),
        example_forum("by-month", "2028-02"),
        example_forum("of-refugees", "2027", instruments=("gcr",)),
    )
}


def way(
    baseline: str | None,
    target: str | None,
    *,
    baseline_year: int | None = 2020,
    as_of: date = date(2026, 11, 23),
    until: date = date(2030, 12, 31),
    instruments: tuple[str, ...] = ("gcm",),
) -> list[Milestone]:
    return graduated(
        FORUMS,
        instruments=instruments,
        as_of=as_of,
        until=until,
        baseline=None if baseline is None else Decimal(baseline),
        baseline_year=baseline_year,
        target=None if target is None else Decimal(target),
    )


def test_milestones_lie_on_the_straight_line_by_days_exactly() -> None:
    # From the end of 2020 there are 3652 days to the end of 2030 (leap years 2024 and 2028):
    # 2191 to the end of 2026 (6 x 365 + 1), 2616 to 29 February 2028 (2191 + 365 + 31 + 29).
    assert way("0", "3") == [
        Milestone("by-year", date(2026, 12, 31), Fraction(3 * 2191, 3652)),
        Milestone("by-month", date(2028, 2, 29), Fraction(3 * 2616, 3652)),
        Milestone("last", date(2030, 12, 31), Fraction(3)),
    ]


def test_a_value_that_is_to_fall_falls() -> None:
    # 10.5 to 0.5: ten down in 3652 days.
    values = [each.value for each in way("10.5", "0.5")]
    assert values == [
        Fraction(21, 2) - Fraction(10 * 2191, 3652),
        Fraction(21, 2) - Fraction(10 * 2616, 3652),
        Fraction(1, 2),
    ]


def test_two_thirds_of_the_way_are_two_thirds() -> None:
    # From the end of 2024 to the end of 2026 there are 730 of 1095 days: no leap year among them.
    found = way("0", "0.3", baseline_year=2024, until=date(2027, 12, 31), as_of=date(2025, 1, 1))
    assert found == [Milestone("by-year", date(2026, 12, 31), Fraction(2, 10))]


@pytest.mark.parametrize(
    ("baseline", "baseline_year", "target"),
    [(None, 2020, "3"), ("0", None, "3"), ("0", 2020, None)],
)
def test_without_a_baseline_its_year_and_a_target_milestones_carry_no_value(
    baseline: str | None, baseline_year: int | None, target: str | None
) -> None:
    found = way(baseline, target, baseline_year=baseline_year)
    assert [each.forum for each in found] == ["by-year", "by-month", "last"]
    assert {each.value for each in found} == {None}


def test_a_forum_that_ends_today_is_past_and_one_on_the_last_day_is_in_time() -> None:
    found = way(None, None, as_of=date(2026, 12, 31), until=date(2028, 2, 29))
    assert [each.forum for each in found] == ["by-month"]
    found = way(None, None, as_of=date(2026, 12, 30), until=date(2028, 2, 28))
    assert [each.forum for each in found] == ["by-year"]


def test_milestones_are_of_the_instruments_asked_for_in_order_of_time() -> None:
    assert [each.forum for each in way(None, None, instruments=("gcr",))] == ["of-refugees"]
    both = way(None, None, instruments=("gcm", "gcr"))
    assert [each.forum for each in both] == ["by-year", "of-refugees", "by-month", "last"]
    assert way(None, None, instruments=()) == []


def test_a_baseline_after_the_end_leaves_only_the_target() -> None:
    assert {each.value for each in way("0", "3", baseline_year=2030)} == {Fraction(3)}


def test_before_the_end_of_the_baseline_year_nobody_has_to_be_worse_than_the_baseline() -> None:
    first, *later = way("10", "20", baseline_year=2027)
    assert first.forum == "by-year"
    assert first.value == Fraction(10)
    assert all(each.value is not None and each.value > 10 for each in later)


def test_the_forums_that_ship_give_the_milestones_of_the_compact() -> None:
    found = graduated(
        load_forums(),
        instruments=["gcm"],
        as_of=date(2026, 11, 23),
        until=date(2030, 12, 31),
        baseline=Decimal(10),
        baseline_year=2020,
        target=Decimal(20),
    )
    # 3287 of 3652 days at the end of 2029: 10 + 10 x 3287 / 3652.
    assert found == [
        Milestone("regional-2028", date(2029, 12, 31), Fraction(34695, 1826)),
        Milestone("imrf-2030", date(2030, 12, 31), Fraction(20)),
    ]


@pytest.mark.parametrize(
    ("name", "commitment", "listed"),
    [
        ("no step", example_commitment(), True),
        ("a step today", example_commitment(steps=(example_step(due=days(0)),)), False),
        ("a step yesterday", example_commitment(steps=(example_step(due=days(-1)),)), True),
        (
            "a step on the forum's last day",
            example_commitment(steps=(example_step(due=date(2028, 12, 31)),)),
            False,
        ),
        (
            "a step the day after the forum",
            example_commitment(steps=(example_step(due=date(2029, 1, 1)),)),
            True,
        ),
        ("a step at the forum", example_commitment(steps=(example_step(forum="next"),)), False),
        ("a step at a later forum", example_commitment(steps=(example_step(forum="far"),)), True),
        (
            "one step too late and one in time",
            example_commitment(steps=(example_step(forum="far"), example_step("second", days(5)))),
            False,
        ),
        (
            "a step in time that was dropped",
            example_commitment(
                steps=(example_step(due=days(5), dropped=True, dropped_because="A reason"),)
            ),
            True,
        ),
        ("done without a step", example_commitment(status=Status.DONE), False),
        ("dropped without a step", example_commitment(status=Status.DROPPED), False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_live_commitment_without_a_step_until_the_forum_is_listed(
    name: str, commitment: object, listed: bool
) -> None:
    forums = {"next": example_forum("next", "2028"), "far": example_forum("far", "2030")}
    found = without_step_before([commitment], forums["next"], forums, DAY)  # type: ignore[list-item]
    assert bool(found) is listed, name
