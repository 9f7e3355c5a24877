"""What became of each need for capacity: computed from offers, requests and steps, never entered.

A request that is accepted is delivered by commitments whose origin it is; the state of their steps
is the state of the delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from waymark.compact.dates import last_day
from waymark.compact.framework import Framework
from waymark.compact.places import WORLD, Place
from waymark.plans.capacity import CapacityNeed, CapacityOffer, CapacityRequest
from waymark.plans.commitments import Commitment
from waymark.plans.forums import Forum
from waymark.plans.matching import Match, Matching
from waymark.plans.register import Register
from waymark.plans.tallies import served, states_of
from waymark.plans.timeline import Course, course
from waymark.plans.vocabulary import Decision, Origin, Status
from waymark.words import N_, Sentence


class RequestState(StrEnum):
    """What became of a request for capacity, seen from a day."""

    WAITING = "waiting"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    ON_ITS_WAY = "on-its-way"
    LATE = "late"
    DELIVERED = "delivered"

    @property
    def label(self) -> Sentence:
        """The state's name for readers."""
        return Sentence(_REQUESTS[self])


_REQUESTS = {
    RequestState.WAITING: N_("waits for an answer"),
    RequestState.DECLINED: N_("declined"),
    RequestState.WITHDRAWN: N_("withdrawn"),
    RequestState.ACCEPTED: N_("accepted; no dated step says how it will be delivered"),
    RequestState.ON_ITS_WAY: N_("accepted and on its way"),
    RequestState.LATE: N_("accepted and not delivered in time"),
    RequestState.DELIVERED: N_("delivered"),
}


class NeedState(StrEnum):
    """What became of a need for capacity, seen from a day."""

    NO_OFFER = "no-offer"
    OFFERED = "offered"
    ASKED = "asked"
    LATE = "late"
    PROMISED = "promised"
    MET = "met"
    CLOSED = "closed"

    @property
    def label(self) -> Sentence:
        """The state's name for readers."""
        return Sentence(_NEEDS[self][0])

    @property
    def rule(self) -> Sentence:
        """When a need has this state."""
        return Sentence(_NEEDS[self][1])


_NEEDS = {
    NeedState.NO_OFFER: (N_("no offer fits"), N_("No offer meets every necessary condition.")),
    NeedState.OFFERED: (
        N_("an offer fits, nobody asked"),
        N_("At least one offer fits, and there is no request for one."),
    ),
    NeedState.ASKED: (
        N_("asked for, not accepted"),
        N_("There is a request that waits or was declined, and none that was accepted."),
    ),
    NeedState.LATE: (
        N_("accepted, not delivered in time"),
        N_("A request was accepted; a step of its delivery is late, or its time is over."),
    ),
    NeedState.PROMISED: (
        N_("accepted"),
        N_("A request was accepted, and nothing in its delivery is late."),
    ),
    NeedState.MET: (N_("met"), N_("A request was accepted, and every step of it is met.")),
    NeedState.CLOSED: (N_("closed"), N_("It is no longer needed, and the reason is recorded.")),
}
ENDED = (Course.DONE, Course.DROPPED)  # of a commitment, whose day counts no more
UNMET = (NeedState.NO_OFFER, NeedState.OFFERED, NeedState.ASKED, NeedState.LATE)
_DECIDING = (  # the first of these that a request is in decides what became of its need
    (NeedState.MET, (RequestState.DELIVERED,)),
    (NeedState.PROMISED, (RequestState.ACCEPTED, RequestState.ON_ITS_WAY)),
    (NeedState.LATE, (RequestState.LATE,)),
    (NeedState.ASKED, (RequestState.WAITING, RequestState.DECLINED)),
)


@dataclass(frozen=True, slots=True)
class NeedStanding:
    """A need, the offers that fit it, its requests, and what became of it."""

    need: CapacityNeed
    fitting: tuple[CapacityOffer, ...]
    requests: tuple[CapacityRequest, ...]
    state: NeedState
    matching: Matching = field(repr=False, compare=False)

    @property
    def matches(self) -> list[Match]:
        """The offers that fit, with every reason, the best first: found anew at each call."""
        return self.matching.ranked(self.need, self.fitting)

    @property
    def is_unmet(self) -> bool:
        """Whether it is neither met, nor accepted and in time, nor closed."""
        return self.state in UNMET


@dataclass(frozen=True)
class Capacity:
    """The needs, offers and requests of a register, seen from a day.

    The register must hold the commitments whose origin is a request, with the reports on them.
    """

    register: Register
    framework: Framework
    forums: Mapping[str, Forum]
    as_of: date
    compared: Matching | None = field(default=None, repr=False, compare=False)

    @cached_property
    def matching(self) -> Matching:
        """How needs and offers are compared; one that was made for them already may be given."""
        return self.compared or Matching(self.register, self.framework, self.as_of)

    @cached_property
    def standings(self) -> Mapping[str, NeedStanding]:
        """Every need with its matches and what became of it, in the order of entry."""
        return {each.id: self._standing(each) for each in self.register.capacity_needs.values()}

    @cached_property
    def requests_for(self) -> Mapping[str, tuple[CapacityRequest, ...]]:
        """The requests by the need and by the offer that they join, as they were entered."""
        found: dict[str, tuple[CapacityRequest, ...]] = {}
        for request in self.register.capacity_requests.values():
            if request.asked <= self.as_of:
                for joined in (f"need {request.need}", f"offer {request.offer}"):
                    found[joined] = (*found.get(joined, ()), request)
        return found

    @cached_property
    def deliveries(self) -> Mapping[str, tuple[Commitment, ...]]:
        """The live commitments by which each request is delivered."""
        found: dict[str, tuple[Commitment, ...]] = {}
        for each in self.register.commitments.values():
            if each.origin is Origin.CAPACITY_REQUEST and each.status is not Status.DROPPED:
                found[each.origin_source] = (*found.get(each.origin_source, ()), each)
        return found

    def state_of(self, request: CapacityRequest) -> RequestState:
        """What became of a request by the day."""
        decision = request.decision_on(self.as_of)
        if decision is None:
            return RequestState.WAITING
        if decision is not Decision.ACCEPTED:
            return RequestState(decision.value)
        courses = [(each, self._course(each)) for each in self.deliveries.get(request.id, ())]
        held = [course for _, course in courses if course is not Course.DROPPED]
        if held and all(each is Course.DONE for each in held):
            return RequestState.DELIVERED
        still_open = [each for each, course in courses if course not in ENDED]
        if Course.BEHIND in held or self._time_is_over(request, still_open):
            return RequestState.LATE
        dated = any(each is not Course.NO_STEPS for each in held)
        return RequestState.ON_ITS_WAY if dated else RequestState.ACCEPTED

    def of_place(self, place: Place) -> list[NeedStanding]:
        """The needs of a place and of all that lies in it, in the order of entry."""
        inside = {place.id, *(each.id for each in self.framework.within(place))}
        return [
            each
            for each in self.standings.values()
            if place.id == WORLD or self.register.country_of(each.need.place) in inside
        ]

    def serves(self, held: CapacityNeed | CapacityOffer, provision: str) -> bool:
        """Whether a need or an offer names a provision, or a part of it."""
        return provision in self.served_by(held)

    def served_by(self, held: CapacityNeed | CapacityOffer) -> tuple[str, ...]:
        """The provisions that a need or an offer names, and those that hold them."""
        if held.provisions not in self._served:
            self._served[held.provisions] = served(held.provisions, self.framework)
        return self._served[held.provisions]

    @cached_property
    def _served(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {}

    def covers(self, offer: CapacityOffer, place: str) -> bool:
        """Whether an offer is to be had in a place: there, around it, or somewhere inside it."""
        around = self.matching.around(place)
        return any(each in around or place in self.matching.around(each) for each in offer.places)

    def left_of(self, offer: CapacityOffer) -> int | None:
        """How many more requests an offer can serve; None where nobody said how many."""
        if offer.times is None:
            return None
        return max(0, offer.times - self.matching.taken[offer.id])

    def _standing(self, need: CapacityNeed) -> NeedStanding:
        fitting = self.matching.known_fitting[need.id]
        requests = self.requests_for.get(f"need {need.id}", ())
        state = self._became(need, bool(fitting), requests)
        return NeedStanding(need, fitting, requests, state, self.matching)

    def _became(
        self, need: CapacityNeed, is_offered: bool, requests: Iterable[CapacityRequest]
    ) -> NeedState:
        if need.closed is not None and need.closed <= self.as_of:
            return NeedState.CLOSED
        found = {self.state_of(each) for each in requests}
        for state, deciding in _DECIDING:
            if found.intersection(deciding):
                return state
        return NeedState.OFFERED if is_offered else NeedState.NO_OFFER

    def _course(self, commitment: Commitment) -> Course:
        states = states_of(self.register, commitment, self.forums, self.as_of)
        return course(commitment.status, states.values())

    def _time_is_over(self, request: CapacityRequest, still_open: list[Commitment]) -> bool:
        need = self.register.capacity_needs[request.need]
        days = [each.due for each in still_open if each.due]
        days += [last_day(need.ends)] if need.ends else []
        return any(day < self.as_of for day in days)
