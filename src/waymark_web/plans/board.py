"""The board of capacity: what is needed, what is offered, what fits, and what became of it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.plans.capacity import CapacityNeed, CapacityOffer, language_name
from waymark.plans.fulfilment import Capacity, NeedStanding, NeedState
from waymark.plans.matching import ORDER
from waymark.plans.vocabulary import CapacityKind
from waymark.words import Sentence
from waymark_web import store
from waymark_web.accounts.permissions import Action, may
from waymark_web.plans import capacity_exports
from waymark_web.plans.board_questions import ABSENT, asked, needs_for, offers_for
from waymark_web.plans.lists import ON_A_PAGE, place_choices
from waymark_web.plans.pages import published_versions

MOST_REFUSED = 25
MOST_FITTING = 50


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Needs and offers by objective, place and kind; those without an offer, or a request."""
    capacity, question = store.capacity(store.today()), asked(request.GET)
    needs, offers = needs_for(question, capacity), offers_for(question, capacity)
    form = request.GET.get("format")
    if form:
        if form not in capacity_exports.FORMS:
            raise Http404
        if request.GET.get("of") == "offers":
            return capacity_exports.offers_as(form, offers, capacity)
        return capacity_exports.needs_as(form, needs)
    given = request.GET.copy()
    for name in ("page", "offers"):
        given.pop(name, None)
    context = {
        "question": question,
        "needs": _page(needs, request.GET.get("page")),
        "offers": _page(offers, request.GET.get("offers")),
        "left": {each.id: capacity.left_of(each) for each in offers},
        "unmet": sum(each.is_unmet for each in needs),
        "without_offer": sum(each.state is NeedState.NO_OFFER for each in needs),
        "actors": capacity.register.actors,
        "by_objective": _by_objective(capacity, needs, offers),
        "rest": f"&{given.urlencode()}" if given else "",
        "query_string": given.urlencode(),
        "places": place_choices(),
        "objectives": store.framework().objectives,
        "kinds": list(CapacityKind),
        "states": list(NeedState),
        "absences": [(name, Sentence(label)) for name, (label, _) in ABSENT.items()],
    }
    return render(request, "plans/capacity.html", context)


def _page(found: list[Any], wanted: str | None) -> Any:
    return Paginator(found, ON_A_PAGE).get_page(wanted)


def _by_objective(
    capacity: Capacity, needs: list[NeedStanding], offers: list[CapacityOffer]
) -> list[tuple[Any, int, int, int]]:
    """Each objective that a need or an offer names: needs, those without an offer, offers."""
    rows = []
    for objective in store.framework().objectives:
        mine = [each for each in needs if capacity.serves(each.need, objective.id)]
        theirs = [each for each in offers if capacity.serves(each, objective.id)]
        alone = sum(each.state is NeedState.NO_OFFER for each in mine)
        if mine or theirs:
            rows.append((objective, len(mine), alone, len(theirs)))
    return rows


@require_safe
def need(request: HttpRequest, slug: str) -> HttpResponse:
    """One need: what became of it, the offers that fit it and why, those that do not and why."""
    capacity = store.capacity(store.today())
    standing = capacity.standings.get(slug)
    if standing is None:
        raise Http404
    held, register = standing.need, capacity.register
    fitting = {each.offer for each in standing.matches}
    refused = [
        (offer, capacity.matching.why_not(held, offer))
        for offer in register.capacity_offers.values()
        if offer.kind is held.kind and offer.id not in fitting and offer.actor != held.actor
    ]
    context = {
        **_described(held, capacity),
        "standing": standing,
        "matches": [(each, register.capacity_offers[each.offer]) for each in standing.matches],
        "order": Sentence(ORDER),
        "refused": refused[:MOST_REFUSED],
        "requests": [(each, capacity.state_of(each)) for each in standing.requests],
        "offers": register.capacity_offers,
        "history": published_versions("capacity_needs", slug),
        "may_ask": may(request.user, Action.DRAFT_CAPACITY, actor=held.actor, place=held.place),
    }
    return render(request, "plans/capacity_need.html", context)


@require_safe
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """One offer: the needs that it fits and why, and the requests for it."""
    capacity = store.capacity(store.today())
    held = capacity.register.capacity_offers.get(slug)
    if held is None:
        raise Http404
    needs = capacity.register.capacity_needs
    requests = capacity.requests_for.get(f"offer {slug}", ())
    fitting = list(capacity.matching.needs_for(held))
    context = {
        **_described(held, capacity),
        "matches": [(each, needs[each.need]) for each in fitting[:MOST_FITTING]],
        "fitting": len(fitting),
        "most": MOST_FITTING,
        "left": capacity.left_of(held),
        "requests": [(each, capacity.state_of(each)) for each in requests],
        "needs": needs,
        "history": published_versions("capacity_offers", slug),
    }
    return render(request, "plans/capacity_offer.html", context)


def _described(held: CapacityNeed | CapacityOffer, capacity: Capacity) -> dict[str, Any]:
    """What the pages of needs and offers show alike."""
    framework = store.framework()
    return {
        "held": held,
        "actors": capacity.register.actors,
        "provisions": [framework.provisions[each] for each in held.provisions],
        "groups": [framework.groups[each] for each in held.groups],
        "languages": [language_name(each) for each in held.languages],
    }
