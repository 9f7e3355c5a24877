"""Instruments, their provisions, who accepted them, and where everything comes from."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.compact.acceptance import Stance
from waymark.compact.crosswalk import LinkType
from waymark.compact.places import WORLD
from waymark.compact.provisions import Kind, Provision
from waymark.exchange import schema_org
from waymark.indicators.methods import METHODS
from waymark_web import store
from waymark_web.exchange.base import base_of
from waymark_web.languages import language


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """Every instrument, and how many States accepted it."""
    framework = store.framework()
    rows = [
        (instrument, _stances(instrument.id)[Stance.ACCEPTED], _size(instrument.id))
        for instrument in framework.instruments.values()
    ]
    return render(request, "compact/instruments.html", {"rows": rows})


@require_safe
def instrument_page(request: HttpRequest, instrument: str) -> HttpResponse:
    """One instrument: its provisions, and where each State stands towards it."""
    framework = store.framework()
    if instrument not in framework.instruments:
        raise Http404
    found = framework.instruments[instrument]
    stances = _stances(instrument)
    others = [
        (state, framework.acceptance.of(found, state, store.today())) for state in framework.states
    ]
    context = {
        "instrument": found,
        "provisions": framework.of_instrument(instrument),
        "accepted": stances[Stance.ACCEPTED],
        "states": len(framework.states),
        "others": [(state, each) for state, each in others if each.stance is not Stance.ACCEPTED],
    }
    return render(request, "compact/instrument.html", context)


@require_safe
def provision_page(request: HttpRequest, provision: str) -> HttpResponse:
    """One provision: whom and what it serves, what it rests on, and its ladder."""
    framework = store.framework()
    found = framework.provision(provision)
    if found.id != provision:
        return redirect("provision", provision=found.id, permanent=True)
    standing = store.standing_on(store.today())
    world = framework.place(WORLD)
    context = {
        "provision": found,
        "instrument": framework.instruments[found.instrument],
        "parent": framework.parent(found),
        "ladder": standing.ladder(found, world),
        "series": [
            (store.series()[code], relation)
            for code, relation in standing.measuring.get(found.id, {}).items()
        ],
        "links": _links(found),
        "no_links": [gap for gap in framework.no_links if gap.source == found.id],
        "tags": _tags(found),
        "is_objective": found.kind is Kind.OBJECTIVE,
    }
    return render(request, "compact/provision.html", context)


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Where every figure and fact comes from, and how progress is judged."""
    context = {
        "releases": [(each, store.readings().get(each.id)) for each in store.releases().values()],
        "methods": METHODS.values(),
        "instruments": store.framework().instruments.values(),
        "statements": store.framework().acceptance.statements,
        "described": schema_org.data_catalogue(
            store.releases().values(), base_of(request), language()
        ),
    }
    return render(request, "compact/sources.html", context)


def _stances(instrument: str) -> Counter[Stance]:
    framework = store.framework()
    found = framework.instruments[instrument]
    return Counter(
        framework.acceptance.of(found, state, store.today()).stance for state in framework.states
    )


def _size(instrument: str) -> int:
    return sum(found.instrument == instrument for found in store.framework().provisions.values())


def _links(provision: Provision) -> list[tuple[LinkType, list[tuple[Provision, str]]]]:
    """Links in both directions, by type: the provision at the other end and the basis."""
    framework = store.framework()
    found: list[tuple[LinkType, list[tuple[Provision, str]]]] = []
    for kind in LinkType:
        out = framework.links_from(provision.id, kind)
        back = framework.links_to(provision.id, kind)
        ends = [(framework.provisions[link.target], link.basis) for link in out]
        ends += [(framework.provisions[link.source], link.basis) for link in back]
        if ends:
            found.append((kind, ends))
    return found


def _tags(provision: Provision) -> dict[str, list[object]]:
    framework = store.framework()
    return {
        "groups": [framework.groups[tag] for tag in provision.groups],
        "needs": [framework.needs[tag] for tag in provision.needs],
        "stages": [framework.stages[tag] for tag in provision.stages],
    }
