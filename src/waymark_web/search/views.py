"""Search over provisions, indicators, places, groups and instruments, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from waymark.words import Names, folded
from waymark_web import store
from waymark_web.plans.models import Actor, Commitment, Plan

MOST_FOUND = 60
MOST_OF_A_KIND = 10
PLACES = gettext_noop("Places")
INDICATORS = gettext_noop("Indicators")
PROVISIONS = gettext_noop("Provisions")
GROUPS = gettext_noop("Groups and needs")
INSTRUMENTS = gettext_noop("Instruments")


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: where it is shown and the words that lead to it."""

    subject: str
    route: str
    code: str
    name: Names
    words: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the words of a query lead to, whole codes first."""
    query = request.GET.get("q", "").strip()[:200]
    query = query.replace("\x00", "")
    found = _find(query) if query else []
    results = [
        (entry.subject, entry.code, entry.name, reverse(entry.route, args=[entry.code]))
        for entry in found[:MOST_FOUND]
    ]
    context = {"query": query, "results": results, "count": len(found), "most": MOST_FOUND}
    context |= in_register(query) if query else {}
    return render(request, "search/search.html", context)


def in_register(query: str) -> dict[str, object]:
    """What the published register holds for some words: commitments, actors, plans."""
    words = folded(query).split()[:8]
    wanted = Q()
    for word in words:
        wanted &= Q(words__contains=word)
    rows = Commitment.objects.filter(wanted)
    return {
        "commitments": rows.order_by("pk")[:MOST_OF_A_KIND],
        "more_commitments": rows[MOST_OF_A_KIND : MOST_OF_A_KIND + 1].exists(),
        "actors": Actor.objects.filter(wanted).order_by("pk")[:MOST_OF_A_KIND],
        "plans": Plan.objects.filter(wanted).order_by("pk")[:MOST_OF_A_KIND],
    }


def _find(query: str) -> list[Entry]:
    wanted = folded(query).split()
    exact = folded(query)
    found = [entry for entry in _entries() if all(word in entry.words for word in wanted)]
    return sorted(found, key=lambda entry: (folded(entry.code) != exact, entry.route != "place"))


@lru_cache(maxsize=1)
def _entries() -> tuple[Entry, ...]:
    return tuple(_all())


def _all() -> Iterator[Entry]:
    framework = store.framework()
    for place in framework.places.values():
        yield _entry(PLACES, "place", place.id, place.name)
    for one in store.series().values():
        yield _entry(INDICATORS, "indicator", one.code, one.name)
    for instrument in framework.instruments.values():
        yield _entry(INSTRUMENTS, "instrument", instrument.id, instrument.title, instrument.short)
    for group in framework.groups.values():
        yield _entry(GROUPS, "group", group.id, group.label)
    for provision in framework.provisions.values():
        yield _entry(PROVISIONS, "provision", provision.id, provision.name, provision.label)


def _entry(subject: str, route: str, code: str, name: Names, *more: Names) -> Entry:
    texts = [text for names in (name, *more) for text in names.root.values()]
    return Entry(subject, route, code, name, folded(" ".join([code, *texts])))
