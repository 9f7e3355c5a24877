"""Which offers fit a need for capacity, in what order, and why (R22).

Five conditions are necessary: the kind, the place, a provision in common, the time, and that the
offer is still to be had. All the rest speaks for a match, against it, or is not known; it orders
the matches and excludes none. No score: the order is one rule, compared point by point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property

from waymark.compact.answers import Answer
from waymark.compact.crosswalk import LinkType
from waymark.compact.framework import Framework
from waymark.plans import points
from waymark.plans.capacity import CapacityNeed, CapacityOffer, why_not_joined
from waymark.plans.points import Reason
from waymark.plans.register import Register
from waymark.plans.tallies import served
from waymark.plans.vocabulary import Decision
from waymark.words import N_, Names, Sentence

CROSSWALK = (LinkType.ADVANCES, LinkType.RESTS_ON, LinkType.OVERLAPS_WITH)
ORDER = N_(
    "First comes the offer whose provision is nearest: the same, one that holds it, a part of it, "
    "one that the crosswalk links, one that is not named. Then the one with fewer points against "
    "it, then the one whose place is nearest, then the longer time in common, then the one with "
    "fewer points that are open, then the identifier."
)


class Closeness(IntEnum):
    """How near an offer's provisions are to those of a need; smaller is nearer."""

    SAME = 0
    INSIDE = 1
    PART = 2
    LINKED = 3
    NOT_KNOWN = 4


@dataclass(frozen=True, slots=True)
class Match:
    """An offer that fits a need, and every point that speaks for it, against it, or is open.

    ``nearness`` counts the places between the need's and the offer's; ``overlap`` is the time in
    common, in days, or None where a beginning or an end is not known.
    """

    need: str
    offer: str
    closeness: Closeness
    nearness: int
    overlap: int | None
    reasons: tuple[Reason, ...]

    def answering(self, *answers: Answer) -> list[Sentence]:
        """The points with one of these answers, in their order."""
        return [each.sentence for each in self.reasons if each.answer in answers]

    @property
    def rank(self) -> tuple[int, ...]:
        """The order of matches (``ORDER``); the smaller comes first."""
        return (
            self.closeness,
            len(self.answering(Answer.NO)),
            self.nearness,
            -(self.overlap or 0),
            len(self.answering(Answer.PARTLY, Answer.NOT_KNOWN)),
        )


@dataclass(frozen=True)
class Matching:
    """What needs and offers are compared by: the register around them, and a day."""

    register: Register
    framework: Framework
    as_of: date

    def offers_for(self, need: CapacityNeed) -> list[Match]:
        """The offers that fit a need, the best first."""
        here = {
            offer.id: offer
            for place in self.around(need.place)
            for offer in self._offers.get((need.kind, place), ())
        }
        found = (self.match(need, offer) for offer in here.values())
        return sorted((each for each in found if each), key=lambda each: (each.rank, each.offer))

    def needs_for(self, offer: CapacityOffer) -> list[Match]:
        """The needs that an offer fits, in the order in which it fits them."""
        found = (self.match(need, offer) for need in self.register.capacity_needs.values())
        return sorted((each for each in found if each), key=lambda each: (each.rank, each.need))

    def match(self, need: CapacityNeed, offer: CapacityOffer) -> Match | None:
        """How an offer fits a need; None where a necessary condition is not met."""
        if self.why_not(need, offer) is not None:
            return None
        closeness, provisions = self._provisions(need, offer) or _NOT_NAMED
        nearness = self._nearness(need, offer) or 0
        nearest = self._name(self.around(need.place)[nearness])
        overlap, in_time = points.period(need, offer)
        reasons = (
            provisions,
            Reason(Answer.YES, Sentence("It covers {place}.", place=nearest)),
            in_time,
            points.groups(need, offer, self.framework),
            points.languages(need, offer),
            points.presence(need, offer),
            points.terms(need, offer),
            points.size(need, offer),
        )
        return Match(need.id, offer.id, closeness, nearness, overlap, reasons)

    def why_not(self, need: CapacityNeed, offer: CapacityOffer) -> Sentence | None:
        """The first necessary condition that is not met, as a reason; None where all are."""
        return next(self._refusals(need, offer), None)

    def _refusals(self, need: CapacityNeed, offer: CapacityOffer) -> Iterator[Sentence]:
        apart = why_not_joined(need, offer)
        if apart is not None:
            yield apart
        if need.closed is not None and need.closed <= self.as_of:
            yield Sentence("The need is closed.")
        if self._nearness(need, offer) is None:
            yield Sentence("It does not cover the place of the need.")
        if points.is_over(offer, self.as_of):
            yield Sentence("It is over.")
        if points.period(need, offer)[1].answer is Answer.NO:
            yield Sentence("The two have no day in common.")
        if offer.times is not None and self.taken[offer.id] >= offer.times:
            yield Sentence("It is used up: as many requests are accepted as it can serve.")
        if self._provisions(need, offer) is None:
            yield Sentence("It serves other provisions, and the crosswalk links none of them.")

    @cached_property
    def taken(self) -> Counter[str]:
        """How many accepted requests use each offer up, by the day."""
        return Counter(
            each.offer
            for each in self.register.capacity_requests.values()
            if each.decision_on(self.as_of) is Decision.ACCEPTED
        )

    @cached_property
    def _offers(self) -> dict[tuple[str, str], list[CapacityOffer]]:
        """The offers by kind and by place that they name: few are looked at for each need."""
        found: dict[tuple[str, str], list[CapacityOffer]] = {}
        for offer in self.register.capacity_offers.values():
            for place in offer.places:
                found.setdefault((offer.kind, place), []).append(offer)
        return found

    @cached_property
    def _known_places(self) -> dict[str, tuple[str, ...]]:
        return {}

    def around(self, place: str) -> tuple[str, ...]:
        """A place and all that hold it, the nearest first, up to the world."""
        if place not in self._known_places:
            upwards = self.register.up_from(place)
            found = (*upwards, *self.framework.place(upwards[-1]).parents)
            self._known_places[place] = found
        return self._known_places[place]

    def _nearness(self, need: CapacityNeed, offer: CapacityOffer) -> int | None:
        covered = set(offer.places)
        around = enumerate(self.around(need.place))
        return next((steps for steps, place in around if place in covered), None)

    def _name(self, place: str) -> Names | str:
        if place in self.framework.places:
            return self.framework.places[place].name
        return self.register.localities[place].name

    def _provisions(
        self, need: CapacityNeed, offer: CapacityOffer
    ) -> tuple[Closeness, Reason] | None:
        """How near the provisions are, by the nearest pair of them; None where none is near."""
        if not need.provisions or not offer.provisions:
            return _NOT_NAMED
        return min(self._pairs(need, offer), key=lambda pair: pair[0], default=None)

    def _pairs(
        self, need: CapacityNeed, offer: CapacityOffer
    ) -> Iterator[tuple[Closeness, Reason]]:
        for mine in need.provisions:
            for theirs in offer.provisions:
                if mine == theirs:
                    yield _near(Closeness.SAME, N_("It serves {need}, as the need does."), mine)
                    return
                if theirs in self._holders(mine):
                    told = N_("It serves {offer}, which holds {need}.")
                    yield _near(Closeness.INSIDE, told, mine, theirs)
                elif mine in self._holders(theirs):
                    told = N_("It serves {offer}, which is a part of {need}.")
                    yield _near(Closeness.PART, told, mine, theirs)
                elif (link := self._link(mine, theirs)) is not None:
                    yield Closeness.LINKED, _by_crosswalk(mine, theirs, link)

    def _holders(self, provision: str) -> tuple[str, ...]:
        if provision not in self._held:
            self._held[provision] = served([provision], self.framework)
        return self._held[provision]

    @cached_property
    def _held(self) -> dict[str, tuple[str, ...]]:
        return {}

    def _link(self, mine: str, theirs: str) -> tuple[str, str] | None:
        """The nearest two that the crosswalk links: the provisions, or what holds them."""
        pairs = ((one, two) for one in self._holders(mine) for two in self._holders(theirs))
        linked = (each for each in pairs if each in self._links or each[::-1] in self._links)
        return next(linked, None)

    @cached_property
    def _links(self) -> set[tuple[str, str]]:
        links = self.framework.links
        return {(each.source, each.target) for each in links if each.type in CROSSWALK}


_NOT_NAMED = (
    Closeness.NOT_KNOWN,
    Reason(
        Answer.NOT_KNOWN,
        Sentence("One of the two names no provision; whether they fit is not known."),
    ),
)


def _by_crosswalk(mine: str, theirs: str, link: tuple[str, str]) -> Reason:
    if link == (mine, theirs):
        told = Sentence(
            "It serves {offer}, which the crosswalk links to {need}.", offer=theirs, need=mine
        )
    else:
        told = Sentence(
            "It serves {offer}: the crosswalk links {theirs} to {mine}.",
            offer=theirs,
            theirs=link[1],
            mine=link[0],
        )
    return Reason(Answer.YES, told)


def _near(closeness: Closeness, told: str, mine: str, theirs: str = "") -> tuple[Closeness, Reason]:
    named = {"need": mine} | ({"offer": theirs} if theirs else {})
    return closeness, Reason(Answer.YES, Sentence(told, **named))
