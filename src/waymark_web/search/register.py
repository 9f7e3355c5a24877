"""What the published register holds for some words: commitments, actors, plans, capacity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_noop

from waymark.plans.capacity import CapacityNeed, CapacityOffer, CapacityRequest
from waymark.words import N_, Sentence
from waymark_web.plans.capacity_words import answering, published
from waymark_web.plans.models import Actor, Plan
from waymark_web.plans.queries import answered, asked, by_words
from waymark_web.search.results import MOST_OF_A_KIND, Group, Line, group_of, line_of

COMMITMENTS = gettext_noop("Commitments")
ACTORS = gettext_noop("Actors")
PLANS = gettext_noop("Action plans")
NEEDS = gettext_noop("Needs for capacity")
OFFERS = gettext_noop("Offers of capacity")
REQUESTS = gettext_noop("Requests for capacity")
CLOSED = N_("closed")


def found_in_register(query: str) -> list[Group]:
    """What the words of a query lead to among what is published, kind by kind."""
    words = urlencode({"q": query})
    rows = answered(asked(QueryDict(words)))
    actors, plans = (table.objects.filter(by_words(query)) for table in (Actor, Plan))
    every = {name: f"{reverse(name)}?{words}" for name in ("commitments", "actors", "capacity")}
    return [
        group_of(COMMITMENTS, _lines("commitment", rows, "what"), every=every["commitments"]),
        *_capacity(query, every["capacity"]),
        group_of(ACTORS, _lines("actor", actors, "name"), every=every["actors"]),
        group_of(PLANS, _lines("plan", plans, "title")),
    ]


def _lines(route: str, rows: QuerySet[Any], told: str) -> Iterator[Line]:
    for each in rows.order_by("pk")[: MOST_OF_A_KIND + 1]:
        yield line_of(route, each, getattr(each, told))


def _capacity(query: str, every: str) -> list[Group]:
    """Needs, offers, and requests for what the words lead to, as they were entered."""
    found, register = answering(query), published()
    needs, offers = register.capacity_needs, register.capacity_offers
    asked_for = (
        replace(_wanted(needs[each.need]), address=reverse("capacity-request", args=[each.id]))
        for each in register.capacity_requests.values()
        if (CapacityRequest, each.id) in found
    )
    return [
        group_of(
            NEEDS,
            (_wanted(each) for key, each in needs.items() if (CapacityNeed, key) in found),
            every=f"{every}#needs",
        ),
        group_of(
            OFFERS,
            (_offered(each) for key, each in offers.items() if (CapacityOffer, key) in found),
            every=f"{every}#offers",
        ),
        group_of(REQUESTS, asked_for),
    ]


def _wanted(need: CapacityNeed) -> Line:
    return Line(
        reverse("capacity-need", args=[need.id]),
        text=need.what,
        language=need.language,
        place=need.place,
        about=need.kind.label if need.closed is None else Sentence(CLOSED),
        made_up=need.illustrative,
    )


def _offered(offer: CapacityOffer) -> Line:
    return Line(
        reverse("capacity-offer", args=[offer.id]),
        text=offer.what,
        language=offer.language,
        place=offer.places[0] if len(offer.places) == 1 else "",
        about=offer.kind.label,
        made_up=offer.illustrative,
    )
