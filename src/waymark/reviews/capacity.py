"""What a review finds of capacity: which needs of a place are unmet, and at which step (R22)."""

from __future__ import annotations

from collections.abc import Iterator

from waymark.compact.places import Place
from waymark.plans.fulfilment import Capacity, NeedStanding, NeedState
from waymark.plans.tallies import served
from waymark.plans.vocabulary import CapacityKind
from waymark.reviews.findings import WEIGHTS, Finding, FindingKind
from waymark.words import Sentence, count_phrase

MOST_DETAILS = 5
MOST_WORDS = 20


def of_capacity(capacity: Capacity, place: Place) -> Iterator[Finding]:
    """The needs of a place, and which of them are unmet; nothing where nobody entered any."""
    live = [each for each in capacity.of_place(place) if each.state is not NeedState.CLOSED]
    if not live:
        return
    unmet = [each for each in live if each.is_unmet]
    counted = {state: sum(each.state is state for each in live) for state in NeedState}
    yield Finding(
        FindingKind.CAPACITY,
        WEIGHTS[FindingKind.CAPACITY],
        count_phrase(
            "The register holds one need for capacity of {place}. Met: {met}; accepted: "
            "{promised}; unmet: {unmet}.",
            "The register holds {count} needs for capacity of {place}. Met: {met}; accepted: "
            "{promised}; unmet: {unmet}.",
            len(live),
            place=place.name,
            met=counted[NeedState.MET],
            promised=counted[NeedState.PROMISED],
            unmet=len(unmet),
        ),
        details=tuple(_details(capacity, live, unmet)),
        provisions=_objectives(capacity, unmet),
        capacity_needs=tuple(each.need.id for each in unmet),
    )


def _details(
    capacity: Capacity, live: list[NeedStanding], unmet: list[NeedStanding]
) -> Iterator[Sentence]:
    if unmet:
        yield Sentence(
            "Unmet without an offer that fits: {no_offer}; with one that nobody asked for: "
            "{offered}; asked for and not accepted: {asked}; accepted and not delivered in time: "
            "{late}.",
            no_offer=_count(unmet, NeedState.NO_OFFER),
            offered=_count(unmet, NeedState.OFFERED),
            asked=_count(unmet, NeedState.ASKED),
            late=_count(unmet, NeedState.LATE),
        )
        kinds = [kind for kind in CapacityKind if any(each.need.kind is kind for each in unmet)]
        counts = [
            Sentence("{kind}: {count}", kind=kind.label, count=_of_kind(unmet, kind))
            for kind in kinds
        ]
        yield Sentence("Unmet by kind: {kinds}.", kinds=counts)
    for each in sorted(unmet, key=_weightiest)[:MOST_DETAILS]:
        yield Sentence(
            "“{what}” ({actor}): {state}.",
            what=_short(each.need.what),
            actor=capacity.register.actors[each.need.actor].name,
            state=each.state.label,
        )
    made_up = sum(each.need.illustrative for each in live)
    if made_up:
        yield count_phrase(
            "One of them is made up, to show how the register works.",
            "{count} of them are made up, to show how the register works.",
            made_up,
        )


def _weightiest(standing: NeedStanding) -> tuple[int, str]:
    """Broken promises first, then what nobody offers."""
    order = (NeedState.LATE, NeedState.NO_OFFER, NeedState.ASKED, NeedState.OFFERED)
    return order.index(standing.state), standing.need.id


def _count(standings: list[NeedStanding], state: NeedState) -> int:
    return sum(each.state is state for each in standings)


def _of_kind(standings: list[NeedStanding], kind: CapacityKind) -> int:
    return sum(each.need.kind is kind for each in standings)


def _objectives(capacity: Capacity, standings: list[NeedStanding]) -> tuple[str, ...]:
    here = {
        provision
        for each in standings
        for provision in served(each.need.provisions, capacity.framework)
    }
    return tuple(each.id for each in capacity.framework.objectives if each.id in here)


def _short(what: str) -> str:
    words = what.split()
    return what if len(words) <= MOST_WORDS else f"{' '.join(words[:MOST_WORDS])} …"
