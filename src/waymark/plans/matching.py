"""Which offers fit a need for capacity, in what order, and why (R22).

Five conditions are necessary: the kind, the place, a provision in common, the time, and that the
offer is still to be had. All the rest speaks for a match, against it, or is not known; it orders
the matches and excludes none. No score: the order is one rule, compared point by point.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
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

    def fitting(self, need: CapacityNeed) -> list[CapacityOffer]:
        """The offers that meet every necessary condition."""
        near = {other for each in need.provisions for other in self._near_to(each)}
        here = {
            offer.id: offer
            for place in self.around(need.place)
            for offer in self._offers.get((need.kind, place), ())
            if not near or not offer.provisions or not near.isdisjoint(offer.provisions)
        }  # few are looked at closely: most serve other provisions
        return [offer for offer in here.values() if self.why_not(need, offer) is None]

    @cached_property
    def known_fitting(self) -> Mapping[str, tuple[CapacityOffer, ...]]:
        """For each need of the register the offers that fit: found once."""
        needs = self.register.capacity_needs
        return {name: tuple(self.fitting(need)) for name, need in needs.items()}

    def offers_for(self, need: CapacityNeed) -> list[Match]:
        """The offers that fit a need, the best first."""
        return self.ranked(need, self.fitting(need))

    def ranked(self, need: CapacityNeed, fitting: Iterable[CapacityOffer]) -> list[Match]:
        """Offers of which it is known that they fit, with their reasons, the best first."""
        found = [self._compared(need, offer) for offer in fitting]
        return sorted(found, key=lambda each: (each.rank, each.offer))

    def needs_for(self, offer: CapacityOffer) -> list[Match]:
        """The needs that an offer fits, in the order in which it fits them."""
        found = (self.match(need, offer) for need in self.register.capacity_needs.values())
        return sorted((each for each in found if each), key=lambda each: (each.rank, each.need))

    def match(self, need: CapacityNeed, offer: CapacityOffer) -> Match | None:
        """How an offer fits a need; None where a necessary condition is not met."""
        return None if self.why_not(need, offer) else self._compared(need, offer)

    def _compared(self, need: CapacityNeed, offer: CapacityOffer) -> Match:
        """An offer that meets the necessary conditions, with every point."""
        closeness, *named = self._closest(need, offer) or _NOT_NAMED
        nearness = self._nearness(need, offer) or 0
        nearest = self._name(self.around(need.place)[nearness])
        overlap, in_time = points.period(need, offer)
        reasons = (
            self._near(closeness, *named),
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
        if points.are_apart(need, offer):
            yield Sentence("The two have no day in common.")
        if offer.times is not None and self.taken[offer.id] >= offer.times:
            yield Sentence("It is used up: as many requests are accepted as it can serve.")
        if self._closest(need, offer) is None:
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
        for steps, place in enumerate(self.around(need.place)):
            if place in offer.places:
                return steps
        return None

    def _name(self, place: str) -> Names | str:
        if place in self.framework.places:
            return self.framework.places[place].name
        return self.register.localities[place].name

    def _closest(self, need: CapacityNeed, offer: CapacityOffer) -> _Pair | None:
        """The nearest pair of provisions; None where none is near."""
        if not need.provisions or not offer.provisions:
            return _NOT_NAMED
        pairs = (
            (closeness, mine, theirs)
            for mine in need.provisions
            for theirs in offer.provisions
            if (closeness := self._near_to(mine).get(theirs)) is not None
        )
        return min(pairs, key=lambda pair: pair[0], default=None)

    def _near_to(self, provision: str) -> Mapping[str, Closeness]:
        """Every provision that is near to one, and how near: found once."""
        if provision not in self._known_near:
            held = self._holders(provision)
            linked = (
                part for one in held for other in self._links[one] for part in self._in[other]
            )
            self._known_near[provision] = {
                **dict.fromkeys(linked, Closeness.LINKED),
                **dict.fromkeys(self._in[provision], Closeness.PART),
                **dict.fromkeys(held, Closeness.INSIDE),
                provision: Closeness.SAME,
            }
        return self._known_near[provision]

    @cached_property
    def _known_near(self) -> dict[str, Mapping[str, Closeness]]:
        return {}

    @cached_property
    def _in(self) -> Mapping[str, list[str]]:
        """Each provision and all its parts, by the provision."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for part in self.framework.provisions:
            for one in self._holders(part):
                found[one].append(part)
        return found

    def _holders(self, provision: str) -> tuple[str, ...]:
        return served([provision], self.framework)

    def _near(self, closeness: Closeness, mine: str, theirs: str) -> Reason:
        if closeness is Closeness.NOT_KNOWN:
            return Reason(Answer.NOT_KNOWN, Sentence(_NO_PROVISION))
        if closeness is Closeness.LINKED:
            return Reason(Answer.YES, self._by_crosswalk(mine, theirs))
        return Reason(Answer.YES, Sentence(_TOLD[closeness], need=mine, offer=theirs))

    def _by_crosswalk(self, mine: str, theirs: str) -> Sentence:
        """The nearest two that the crosswalk links: the provisions, or what holds them."""
        held = self._holders(theirs)
        one, other = next(
            (one, other)
            for one in self._holders(mine)
            for other in held
            if other in self._links[one]
        )
        if (one, other) == (mine, theirs):
            told = N_("It serves {offer}, which the crosswalk links to {need}.")
            return Sentence(told, need=mine, offer=theirs)
        told = N_("It serves {offer}: the crosswalk links {theirs} to {mine}.")
        return Sentence(told, offer=theirs, theirs=other, mine=one)

    @cached_property
    def _links(self) -> Mapping[str, set[str]]:
        """What the crosswalk links to a provision, in either direction."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for each in self.framework.links:
            if each.type in CROSSWALK:
                found[each.source].add(each.target)
                found[each.target].add(each.source)
        return found


_Pair = tuple[Closeness, str, str]  # of provisions: that of the need, then that of the offer
_NOT_NAMED: _Pair = (Closeness.NOT_KNOWN, "", "")
_NO_PROVISION = N_("One of the two names no provision; whether they fit is not known.")
_TOLD = {
    Closeness.SAME: N_("It serves {need}, as the need does."),
    Closeness.INSIDE: N_("It serves {offer}, which holds {need}."),
    Closeness.PART: N_("It serves {offer}, which is a part of {need}."),
}
