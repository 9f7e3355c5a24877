"""Assessments: any stakeholder's word on a commitment, side by side with the government's (R25)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import model_validator

from waymark.plans.actors import Actor
from waymark.plans.commitments import Commitment
from waymark.plans.vocabulary import (
    Address,
    AssessedState,
    AsWords,
    Language,
    Line,
    PlaceRef,
    Slug,
    Status,
    Text,
)
from waymark.reading import Value

SCALE = (
    AssessedState.NOT_STARTED,
    AssessedState.BEHIND,
    AssessedState.ON_COURSE,
    AssessedState.DONE,
)
GOVERNMENT_SAYS = {  # the lead's own status, where the government has not assessed
    Status.NOT_STARTED: AssessedState.NOT_STARTED,
    Status.UNDER_WAY: AssessedState.ON_COURSE,
    Status.DONE: AssessedState.DONE,
}


class Round(Value):
    """A time in which commitments of a place are assessed for a forum; both days are in it."""

    id: Slug
    title: Line
    language: Language = "en"
    forum: Slug
    place: PlaceRef
    opens: date
    closes: date
    illustrative: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Round:
        if self.closes < self.opens:
            raise ValueError("the round closes before it opens")
        return self

    def is_open(self, as_of: date) -> bool:
        """Whether assessments may be given on a day."""
        return self.opens <= as_of <= self.closes


class Assessment(Value):
    """What an actor finds of a commitment in a round, on what evidence."""

    id: Slug
    commitment: Slug
    round: Slug
    by: Slug
    state: AssessedState
    assessed: date
    text: Text = ""
    evidence: Text = ""
    links: Annotated[tuple[Address, ...], AsWords] = ()
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the government's word on a commitment and others' differ, in one round.

    ``gap`` is the widest distance on the scale not started - behind - on course - done.
    """

    commitment: str
    round: str
    government: AssessedState
    others: tuple[tuple[str, AssessedState], ...]
    gap: int


def divergence(
    commitment: Commitment, assessments: Iterable[Assessment], actors: Mapping[str, Actor]
) -> list[Divergence]:
    """The rounds in which others see a commitment otherwise than the government does.

    The government's word is its own assessment in the round (the best, where it gave several);
    without one, the status that a lead of the government gives. Others' words are never averaged.
    """
    by_round: dict[str, list[Assessment]] = {}
    for each in assessments:
        if each.commitment == commitment.id and each.state in SCALE:
            by_round.setdefault(each.round, []).append(each)
    found = (_in_round(commitment, held, given, actors) for held, given in by_round.items())
    return [each for each in found if each is not None]


def _in_round(
    commitment: Commitment, held: str, given: list[Assessment], actors: Mapping[str, Actor]
) -> Divergence | None:
    own = [each.state for each in given if actors[each.by].kind.is_government]
    others = [(each.by, each.state) for each in given if not actors[each.by].kind.is_government]
    government = max(own, key=SCALE.index) if own else _status_of(commitment, actors)
    if government is None:
        return None
    differing = tuple((by, state) for by, state in others if state is not government)
    if not differing:
        return None
    gap = max(abs(SCALE.index(state) - SCALE.index(government)) for _, state in differing)
    return Divergence(commitment.id, held, government, differing, gap)


def _status_of(commitment: Commitment, actors: Mapping[str, Actor]) -> AssessedState | None:
    lead = actors.get(commitment.lead or "")
    if lead is None or not lead.kind.is_government:
        return None
    return GOVERNMENT_SAYS.get(commitment.status)
