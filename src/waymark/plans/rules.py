"""The rules of a sound register, numbered; their wording is what the author reads.

A rule that is broken does not stop anybody: it is shown to the author before submission, to the
coordinator before publication, and counted in the review.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from waymark.compact.framework import Framework
from waymark.plans.commitments import Commitment
from waymark.plans.forums import Forum
from waymark.plans.register import Register
from waymark.plans.stakeholders import has_mandate
from waymark.plans.tallies import states_of
from waymark.plans.timeline import Course, StepState, course, due_on
from waymark.plans.vocabulary import EXPLAINED, ResultKind, Status
from waymark.words import N_, Sentence


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a rule may look at beside the commitment itself."""

    register: Register
    framework: Framework
    forums: Mapping[str, Forum]
    states: Mapping[str, StepState]


class Rule(NamedTuple):
    """A numbered rule: its sentence, the field where it is mended, and when it is broken."""

    id: str
    wording: str
    field: str
    broken: Callable[[Commitment, Circumstances], bool]

    @property
    def sentence(self) -> Sentence:
        """The rule in words."""
        return Sentence(self.wording)


def _lead_without_mandate(commitment: Commitment, around: Circumstances) -> bool:
    return (
        commitment.lead is not None
        and not commitment.lead_because
        and not has_mandate(commitment, around.register, around.framework)
    )


def _step_after_the_end(commitment: Commitment, around: Circumstances) -> bool:
    due = commitment.due
    return due is not None and any(
        due_on(step, around.forums) > due for step in commitment.steps if not step.dropped
    )


def _status_unexplained(commitment: Commitment, around: Circumstances) -> bool:
    if not commitment.steps or commitment.status_because:
        return False
    computed = course(Status.UNDER_WAY, around.states.values())
    if commitment.status is Status.DONE:
        return computed is not Course.DONE
    return commitment.status is not Status.DROPPED and computed is Course.DONE


RULES = (
    Rule(
        "P1", N_("Each commitment names an actor that leads it."), "lead", lambda c, _: not c.lead
    ),
    Rule(
        "P2",
        N_("A lead has a mandate for a provision of the commitment, or says why it leads."),
        "lead_because",
        _lead_without_mandate,
    ),
    Rule(
        "P3",
        N_("Each commitment names the day by which it is kept."),
        "due",
        lambda c, _: not c.due,
    ),
    Rule(
        "P4",
        N_("Each commitment serves at least one provision."),
        "provisions",
        lambda c, _: not c.provisions,
    ),
    Rule(
        "P5",
        N_("The provisions and groups of a commitment are confirmed by a person."),
        "proposed",
        lambda c, _: c.proposed,
    ),
    Rule(
        "P6",
        N_("Each commitment has a result: a target on an indicator, or a yes or no with evidence."),
        "result",
        lambda c, _: c.result is None,
    ),
    Rule(
        "P7",
        N_("A result that is there or not says what will be there, and what will show it."),
        "result_statement",
        lambda c, _: c.result is ResultKind.YES_OR_NO and not c.result_statement,
    ),
    Rule(
        "P8",
        N_("A target has a baseline with its year."),
        "baseline",
        lambda c, _: (
            c.result is ResultKind.TARGET and (c.baseline is None or c.baseline_year is None)
        ),
    ),
    Rule(
        "P9",
        N_("Each commitment has at least one dated step."),
        "steps",
        lambda c, _: not any(not step.dropped for step in c.steps),
    ),
    Rule("P10", N_("No step is due after the commitment itself."), "steps", _step_after_the_end),
    Rule(
        "P11",
        N_("Each commitment names the groups that it is for."),
        "groups",
        lambda c, _: not c.groups,
    ),
    Rule(
        "P12",
        N_("A status that differs from the computed state says why."),
        "status_because",
        _status_unexplained,
    ),
    Rule(
        "P13",
        N_("A commitment that is dropped says why."),
        "status_because",
        lambda c, _: c.status is Status.DROPPED and not c.status_because,
    ),
    Rule(
        "P14",
        N_("A commitment that comes from elsewhere says from where."),
        "origin_source",
        lambda c, _: c.origin in EXPLAINED and not c.origin_source,
    ),
)


def broken_rules(commitment: Commitment, around: Circumstances) -> list[Rule]:
    """The rules that a commitment breaks, in their order."""
    return [rule for rule in RULES if rule.broken(commitment, around)]


def circumstances(
    commitment: Commitment,
    register: Register,
    framework: Framework,
    forums: Mapping[str, Forum],
    as_of: date,
) -> Circumstances:
    """What the rules need to know around one commitment on a day."""
    states = states_of(register, commitment, forums, as_of)
    return Circumstances(register, framework, forums, states)
