"""The questions that the board of capacity can be asked: by attribute and by absence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from waymark.exceptions import WaymarkError
from waymark.plans.capacity import CapacityOffer
from waymark.plans.fulfilment import Capacity, NeedStanding, NeedState
from waymark.plans.vocabulary import CapacityKind
from waymark.words import N_
from waymark_web.plans.capacity_words import answering
from waymark_web.plans.places import within

ABSENT: dict[str, tuple[str, tuple[NeedState, ...]]] = {
    "offer": (N_("an offer that fits"), (NeedState.NO_OFFER,)),
    "request": (N_("a request"), (NeedState.NO_OFFER, NeedState.OFFERED)),
    "acceptance": (
        N_("an accepted request"),
        (NeedState.NO_OFFER, NeedState.OFFERED, NeedState.ASKED),
    ),
    "delivery": (
        N_("delivery in time"),
        (NeedState.NO_OFFER, NeedState.OFFERED, NeedState.ASKED, NeedState.LATE),
    ),
}
PARTS: Mapping[str, Callable[[str], object]] = {
    "q": str,
    "place": within,
    "kind": lambda value: _one_of("kind", value, list(CapacityKind)),
    "state": lambda value: _one_of("state", value, list(NeedState)),
    "provision": str,
    "group": str,
    "actor": str,
}


@dataclass(frozen=True)
class Asked:
    """A question: its parts by name, as given, and the absence that is looked for."""

    parts: Mapping[str, str]
    without: str

    @property
    def is_narrow(self) -> bool:
        """Whether anything was asked at all."""
        return bool(self.parts or self.without)


def asked(query: QueryDict) -> Asked:
    """Read a question from a query string; what is not understood is an error with a remedy."""
    parts = {
        name: value.strip()[:200]
        for name in PARTS
        if (value := query.get(name) or "").strip() and "\x00" not in value
    }
    if "place" in parts:
        parts["place"] = parts["place"].upper()
    for name, value in parts.items():
        PARTS[name](value)
    without = query.get("without") or ""
    if without:
        _one_of("without", without, list(ABSENT))
    return Asked(parts, without)


def needs_for(question: Asked, capacity: Capacity) -> list[NeedStanding]:
    """The needs that a question asks for; closed ones only where it asks for closed ones."""
    found = list(capacity.standings.values())
    parts = question.parts
    if "place" in parts:
        countries, localities = within(parts["place"])
        country = capacity.register.country_of
        found = [
            each
            for each in found
            if each.need.place in localities or country(each.need.place) in countries
        ]
    wanted = tuple(NeedState) if not question.without else ABSENT[question.without][1]
    if "state" in parts:
        wanted = tuple(state for state in wanted if state == parts["state"])
    else:
        wanted = tuple(state for state in wanted if state is not NeedState.CLOSED)
    return [each for each in found if each.state in wanted and _fits(parts, each.need, capacity)]


def offers_for(question: Asked, capacity: Capacity) -> list[CapacityOffer]:
    """The offers that a question asks for; its state and its absence are of needs alone."""
    place = question.parts.get("place")
    return [
        offer
        for offer in capacity.register.capacity_offers.values()
        if (place is None or capacity.covers(offer, place))
        and _fits(question.parts, offer, capacity)
    ]


def _fits(parts: Mapping[str, str], held: object, capacity: Capacity) -> bool:
    given = vars(held)
    return (
        parts.get("kind") in (None, given["kind"].value)
        and parts.get("actor") in (None, given["actor"])
        and ("group" not in parts or parts["group"] in given["groups"])
        and ("provision" not in parts or capacity.serves(held, parts["provision"]))  # type: ignore[arg-type]
        and ("q" not in parts or (type(held), given["id"]) in answering(parts["q"]))
    )


def _one_of(name: str, value: str, known: list[str]) -> None:
    if value not in [str(each) for each in known]:
        told = ", ".join(str(each) for each in known)
        raise WaymarkError(f"'{value}' is not a value of '{name}'.", f"Use one of: {told}.")
