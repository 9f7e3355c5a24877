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
from waymark_web.plans.models import Actor, Commitment, Plan
from waymark_web.plans.queries import answered, asked, by_words
from waymark_web.search.results import MOST_OF_A_KIND, Group, Line, group_of

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
    rows = answered(asked(QueryDict(words))).order_by("pk")
    actors, plans = (table.objects.filter(by_words(query)) for table in (Actor, Plan))
    every = {name: f"{reverse(name)}?{words}" for name in ("commitments", "actors", "capacity")}
    return [
        group_of(COMMITMENTS, _commitments(rows), every=every["commitments"]),
        *_capacity(query, every["capacity"]),
        group_of(ACTORS, _actors(actors), every=every["actors"]),
        group_of(PLANS, _plans(plans)),
    ]


def _first(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("pk")[: MOST_OF_A_KIND + 1]


def _commitments(rows: QuerySet[Commitment]) -> Iterator[Line]:
    for each in _first(rows):
        yield Line(
            reverse("commitment", args=[each.slug]),
            text=each.what,
            language=each.language,
            place=each.place,
            made_up=each.illustrative,
        )


def _actors(rows: QuerySet[Actor]) -> Iterator[Line]:
    for each in _first(rows):
        yield Line(
            reverse("actor", args=[each.slug]),
            text=each.name,
            language=each.language,
            place=each.place,
            made_up=each.illustrative,
        )


def _plans(rows: QuerySet[Plan]) -> Iterator[Line]:
    for each in _first(rows):
        yield Line(
            reverse("plan", args=[each.slug]),
            text=each.title,
            language=each.language,
            place=each.place,
            made_up=each.illustrative,
        )


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
