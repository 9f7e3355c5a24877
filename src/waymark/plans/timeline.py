"""The graduated timeline: what is due when, what became of it, how far to be by each forum (R20).

Every state is computed from a day, the step and its reports; the rule is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from waymark.compact.dates import last_day
from waymark.plans.commitments import Commitment, Report, Step
from waymark.plans.forums import Forum
from waymark.plans.vocabulary import Outcome, Status
from waymark.words import N_, Sentence

DUE_WITHIN = timedelta(days=90)  # from here on a step counts as due, and its lead is reminded


class StepState(StrEnum):
    """What became of a step, seen from a day."""

    NOT_DUE = "not-due"
    DUE = "due"
    MET = "met"
    MET_LATE = "met-late"
    LATE = "late"
    NO_REPORT = "no-report"
    DROPPED = "dropped"

    @property
    def label(self) -> Sentence:
        """The state's name for readers."""
        return Sentence(_STATES[self][0])

    @property
    def rule(self) -> Sentence:
        """When a step has this state."""
        return Sentence(_STATES[self][1], days=DUE_WITHIN.days)


_STATES = {
    StepState.NOT_DUE: (
        N_("not due"),
        N_("Its day is more than {days} days ahead."),
    ),
    StepState.DUE: (N_("due"), N_("Its day is today or within {days} days.")),
    StepState.MET: (N_("met"), N_("A report says that it was met, by its day.")),
    StepState.MET_LATE: (N_("met late"), N_("A report says that it was met, after its day.")),
    StepState.LATE: (N_("late"), N_("Its day has passed, and the newest report says not met.")),
    StepState.NO_REPORT: (N_("no report"), N_("Its day has passed, and nobody has reported.")),
    StepState.DROPPED: (N_("dropped"), N_("It was given up, and the reason is recorded.")),
}
SETTLED = (StepState.MET, StepState.MET_LATE)
OVERDUE = (StepState.LATE, StepState.NO_REPORT)


class Course(StrEnum):
    """The state of a commitment, computed from its steps."""

    DONE = "done"
    ON_COURSE = "on-course"
    BEHIND = "behind"
    NO_STEPS = "no-steps"
    DROPPED = "dropped"

    @property
    def label(self) -> Sentence:
        """The course's name for readers."""
        return Sentence(_COURSES[self][0])

    @property
    def rule(self) -> Sentence:
        """When a commitment is on this course."""
        return Sentence(_COURSES[self][1])


_COURSES = {
    Course.DONE: (N_("done"), N_("Every step that was not dropped is met.")),
    Course.ON_COURSE: (N_("on course"), N_("No step is late or without a report.")),
    Course.BEHIND: (N_("behind"), N_("At least one step is late or without a report.")),
    Course.NO_STEPS: (N_("no steps"), N_("It has no dated step, so nothing can be seen.")),
    Course.DROPPED: (N_("dropped"), N_("Its status, or every step of it, is dropped.")),
}


def due_on(step: Step, forums: Mapping[str, Forum]) -> date:
    """The last day on which a step is in time: its own, or the last day of its forum."""
    if step.due is not None:
        return step.due
    return last_day(forums[step.forum or ""].ends)


def step_state(step: Step, due: date, reports: Iterable[Report], as_of: date) -> StepState:
    """What became of a step by ``as_of``. Reports of later days, and of other steps, do not count.

    The newest report speaks; of two on one day, the one that stands later in the register.
    """
    if step.dropped:
        return StepState.DROPPED
    given = [each for each in reports if each.step == step.id and each.reported <= as_of]
    newest = max(given, key=lambda each: each.reported, default=None)
    for each in given:  # the last of equals, which max() does not give
        if newest is not None and each.reported == newest.reported:
            newest = each
    if newest is not None and newest.outcome is Outcome.MET and newest.met_on is not None:
        return StepState.MET if newest.met_on <= due else StepState.MET_LATE
    if as_of <= due:
        return StepState.DUE if due - as_of <= DUE_WITHIN else StepState.NOT_DUE
    return StepState.LATE if newest is not None else StepState.NO_REPORT


def course(status: Status, states: Iterable[StepState]) -> Course:
    """The state of a commitment, from the states of its steps and whether it was dropped."""
    found = list(states)
    live = [state for state in found if state is not StepState.DROPPED]
    if status is Status.DROPPED or (found and not live):
        return Course.DROPPED
    if not live:
        return Course.NO_STEPS
    if any(state in OVERDUE for state in live):
        return Course.BEHIND
    return Course.DONE if all(state in SETTLED for state in live) else Course.ON_COURSE


@dataclass(frozen=True, slots=True)
class Milestone:
    """How far to be by a forum, on the straight way from the baseline to the target."""

    forum: str
    by: date
    value: Fraction | None


def graduated(
    forums: Mapping[str, Forum],
    *,
    instruments: Iterable[str],
    as_of: date,
    until: date,
    baseline: Decimal | None = None,
    baseline_year: int | None = None,
    target: Decimal | None = None,
) -> list[Milestone]:
    """Suggested steps: one at each forum of the instruments after ``as_of``, up to ``until``.

    Values lie on the straight line from the baseline (end of its year) to the target (``until``),
    by years and their days, exact; before that line, a milestone is the baseline. Without a
    baseline and a target, milestones carry no value.
    """
    wanted = set(instruments)
    found = []
    for forum in forums.values():
        by = last_day(forum.ends)
        if as_of < by <= until and wanted & set(forum.instruments):
            found.append(
                Milestone(forum.id, by, _on_the_way(by, until, baseline, baseline_year, target))
            )
    return sorted(found, key=lambda each: each.by)


def _on_the_way(
    by: date,
    until: date,
    baseline: Decimal | None,
    baseline_year: int | None,
    target: Decimal | None,
) -> Fraction | None:
    if baseline is None or baseline_year is None or target is None:
        return None
    start = date(baseline_year, 12, 31)
    if until <= start:
        return Fraction(target)
    share = Fraction(max(0, (by - start).days), (until - start).days)
    return Fraction(baseline) + (Fraction(target) - Fraction(baseline)) * share


def without_step_before(
    commitments: Iterable[Commitment], forum: Forum, forums: Mapping[str, Forum], as_of: date
) -> list[Commitment]:
    """The live commitments with no step between ``as_of`` and the end of a forum."""
    by = last_day(forum.ends)
    return [
        each
        for each in commitments
        if each.status not in (Status.DONE, Status.DROPPED)
        and not any(as_of <= due_on(step, forums) <= by for step in each.steps if not step.dropped)
    ]
