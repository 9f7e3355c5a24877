"""Small registers of needs, offers and requests for capacity, drawn at random, and whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.property.drawn import EXAMPLE, T, days, make, partial_days, some
from tests.property.registers import all_reports, steps
from waymark.compact.dates import first_day, last_day
from waymark.plans.actors import Actor, Locality
from waymark.plans.capacity import CapacityNeed, CapacityOffer, CapacityRequest, why_not_joined
from waymark.plans.commitments import Commitment
from waymark.plans.register import Register
from waymark.plans.vocabulary import CapacityKind, Decision, Origin, Presence, Status, Terms

ACTORS = {
    name: Actor(id=name, name="Example", kind="ministry", level="national", place="KEN")
    for name in ("asking", "giving", "other")
}
LOCALITIES = {
    name: Locality(id=name, name="Example", parent=parent)
    for name, parent in (("KE-30", "KEN"), ("KE-31", "KE-30"))
}
PLACES = st.sampled_from(["KEN", "KE-30", "KE-31", "UGA", "014", "001"])
FEW_KINDS = st.sampled_from([CapacityKind.TRAINING, CapacityKind.TRAINING, CapacityKind.STAFF])
PROVISIONS = ("gcm:15", "gcm:15.b", "gcm:7", "gcr:68", "sdg:10.7")
COUNTS = st.none() | st.integers(1, 3)
SHARED: dict[str, st.SearchStrategy[Any]] = {
    "actor": st.sampled_from(list(ACTORS)),
    "kind": FEW_KINDS,
    "provisions": some(list(PROVISIONS), 2),
    "groups": some(["general", "children", "women"], 2),
    "languages": some(["sw", "ar", "fr"], 2),
    "presence": st.none() | st.sampled_from(Presence),
    "terms": st.none() | st.sampled_from(Terms),
    "people": COUNTS,
    "days": COUNTS,
}


def _in_order(given: tuple[str | None, str | None]) -> dict[str, str | None]:
    starts, ends = given
    if starts and ends and last_day(ends) < first_day(starts):
        starts, ends = ends, starts
    return {"starts": starts, "ends": ends}


PERIODS = st.tuples(partial_days, partial_days).map(_in_order)


def several(values: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """One or two."""
    return st.lists(values, min_size=1, max_size=2, unique=True).map(tuple)


def a_need(*, period: dict[str, Any], closed: date | None = None, **given: Any) -> CapacityNeed:
    """A need, with the reason that a closed one has."""
    why = "An example" if closed else ""
    return CapacityNeed(closed=closed, closed_because=why, **period, **given)


def an_offer(*, period: dict[str, Any], **given: Any) -> CapacityOffer:
    """An offer in a period."""
    return CapacityOffer(**period, **given)


def needs(words: st.SearchStrategy[str] = EXAMPLE) -> dict[str, st.SearchStrategy[Any]]:
    """The fields of a need, each drawn."""
    told = {"what": words.map("To do {}".format), "conditions": words}
    closed = st.sampled_from([None, None, date(2027, 1, 1)])
    return {**SHARED, **told, "period": PERIODS, "place": PLACES, "closed": closed}


def offers(words: st.SearchStrategy[str] = EXAMPLE) -> dict[str, st.SearchStrategy[Any]]:
    """The fields of an offer, each drawn."""
    told = {"what": words.map("To do {}".format), "conditions": words}
    return {**SHARED, **told, "period": PERIODS, "places": several(PLACES), "times": COUNTS}


@st.composite
def requests(
    draw: st.DrawFn,
    wanted: dict[str, CapacityNeed],
    offered: dict[str, CapacityOffer],
    words: st.SearchStrategy[str],
) -> dict[str, CapacityRequest]:
    """Requests that join a need and an offer that can be joined, none accepted too often."""
    pairs = [
        (need.id, offer)
        for need in wanted.values()
        for offer in offered.values()
        if why_not_joined(need, offer) is None
    ]
    found: dict[str, CapacityRequest] = {}
    for number in range(draw(st.integers(0, 3)) if pairs else 0):
        need, offer = draw(st.sampled_from(pairs))
        taken = sum(
            each.offer == offer.id and each.decision is Decision.ACCEPTED for each in found.values()
        )
        decision = draw(st.sampled_from([None, *Decision, Decision.ACCEPTED]))
        if decision is Decision.ACCEPTED and offer.times is not None and taken >= offer.times:
            decision = None
        asked = draw(days)
        found[f"request-{number}"] = CapacityRequest(
            id=f"request-{number}",
            need=need,
            offer=offer.id,
            asked=asked,
            message=draw(words),
            decision=decision,
            decided=asked + timedelta(days=30) if decision else None,
            decided_because="An example" if decision else "",
        )
    return found


@st.composite
def capacity_registers(
    draw: st.DrawFn, words: st.SearchStrategy[str] = EXAMPLE, most: int = 3
) -> Register:
    """Needs, offers, requests, and commitments by which some requests are delivered."""
    wanted = make(draw, a_need, "need", needs(words), most)
    offered = make(draw, an_offer, "offer", offers(words), most)
    asked = draw(requests(wanted, offered, words))
    delivered = {
        f"delivery-of-{name}": Commitment(
            id=f"delivery-of-{name}",
            what="An example",
            place="KEN",
            origin=Origin.CAPACITY_REQUEST,
            origin_source=name,
            status=draw(st.sampled_from([Status.UNDER_WAY, Status.DROPPED])),
            steps=draw(steps(EXAMPLE, st.none())),
        )
        for name in asked
        if draw(st.booleans())
    }
    return Register(
        localities=LOCALITIES,
        actors=ACTORS,
        commitments=delivered,
        reports=draw(all_reports(delivered, ACTORS)),
        capacity_needs=wanted,
        capacity_offers=offered,
        capacity_requests=asked,
    )
