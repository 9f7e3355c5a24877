"""How many commitments serve each provision in each place, and what became of their steps.

A tally is what the ladder needs of the register. The library counts it from values; a site may
count it by one query, and gets the same (a test holds both side by side).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from waymark.compact.framework import Framework
from waymark.plans.commitments import Commitment
from waymark.plans.forums import Forum
from waymark.plans.register import Register
from waymark.plans.timeline import OVERDUE, SETTLED, StepState, due_on, step_state
from waymark.plans.vocabulary import Status
from waymark.reading import Value


class Tally(Value):
    """Counts over the live commitments that serve one provision (or its parts) in one place.

    ``sound`` have a lead and a date, and a person linked them to the provision; ``proposed`` serve
    it by a rule's proposal that nobody has confirmed.
    ``due`` counts steps whose day has passed or that are settled; ``met`` those that are met.
    """

    commitments: int = 0
    proposed: int = 0
    sound: int = 0
    steps: int = 0
    due: int = 0
    met: int = 0
    overdue: int = 0

    def __add__(self, other: Tally) -> Tally:
        mine, theirs = self.model_dump(), other.model_dump()
        return Tally(**{name: mine[name] + theirs[name] for name in mine})


Tallies = Mapping[str, Mapping[str, Tally]]  # State or area, then provision
NOTHING = Tally()


def tallies(
    register: Register, framework: Framework, forums: Mapping[str, Forum], as_of: date
) -> Tallies:
    """The tally of every place and provision that a live commitment serves."""
    found: dict[str, dict[str, Tally]] = {}
    for commitment in register.commitments.values():
        if commitment.status is Status.DROPPED:
            continue
        of_place = found.setdefault(register.country_of(commitment.place), {})
        states = states_of(register, commitment, forums, as_of)
        tally = tally_of(commitment, list(states.values()))
        for provision in served(commitment.provisions, framework):
            of_place[provision] = of_place.get(provision, NOTHING) + tally
    return found


def states_of(
    register: Register, commitment: Commitment, forums: Mapping[str, Forum], as_of: date
) -> dict[str, StepState]:
    """What became of each step of a commitment, by the step's identifier."""
    reports = register.reports_of.get(commitment.id, ())
    return {
        step.id: step_state(step, due_on(step, forums), reports, as_of) for step in commitment.steps
    }


def tally_of(commitment: Commitment, states: Iterable[StepState]) -> Tally:
    """One commitment's share in a tally."""
    live = [state for state in states if state is not StepState.DROPPED]
    met = sum(state in SETTLED for state in live)
    overdue = sum(state in OVERDUE for state in live)
    return Tally(
        commitments=1,
        proposed=int(commitment.proposed),
        sound=int(
            not commitment.proposed and commitment.lead is not None and commitment.due is not None
        ),
        steps=len(live),
        due=met + overdue,
        met=met,
        overdue=overdue,
    )


def served(provisions: Iterable[str], framework: Framework) -> tuple[str, ...]:
    """The provisions that a commitment serves: those that it names, and those that hold them."""
    found: dict[str, None] = {}
    for identifier in provisions:
        provision = framework.provisions.get(identifier)
        while provision is not None:
            found[provision.id] = None
            provision = framework.parent(provision)
    return tuple(found)
