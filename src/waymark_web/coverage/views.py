"""The ladder at a glance, a place, and who is left out."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.compact.places import WORLD, Level, Place
from waymark.coverage.ladder import Rung
from waymark.coverage.overlap import Reach, cells, cells_of_group
from waymark.plans.forums import next_forum
from waymark.reviews.findings import FindingKind
from waymark_web import store
from waymark_web.coverage.maps import map_of
from waymark_web.languages import language


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """23 objectives by six rungs, for the world or for the place that the reader chose."""
    wanted = request.GET.get("place", "").strip()
    if wanted:
        return redirect("place", place=store.framework().place(wanted).id)
    world = store.framework().place(WORLD)
    return render(request, "coverage/home.html", {**_rows(world), "countries": _countries()})


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Every region and country."""
    framework = store.framework()
    regions = [
        (region, sorted(framework.within(region), key=_by_name))
        for region in framework.places.values()
        if region.level is Level.REGIONAL and region.parents == (WORLD,)
    ]
    return render(request, "coverage/places.html", {"regions": regions})


@require_safe
def place_page(request: HttpRequest, place: str) -> HttpResponse:
    """One place: what it accepted, its ladder, the figures that describe it, where it lies."""
    framework = store.framework()
    found = framework.place(place)
    if place != found.id:
        return redirect("place", place=found.id, permanent=True)
    forum = next_forum(store.forums(), store.today(), "gcm") or list(store.forums().values())[-1]
    its_review = store.review_of(found, forum, store.today())
    context = {
        **_rows(found),
        "review": its_review,
        "capacity": its_review.of_kind(FindingKind.CAPACITY),
        "parents": [framework.places[parent] for parent in reversed(found.parents)],
        "inside": sorted(framework.within(found), key=_by_name),
    }
    return render(request, "coverage/place.html", context)


@require_safe
def place_map(request: HttpRequest, place: str) -> HttpResponse:
    """The world with one place marked, as a picture."""
    found = store.framework().place(place)
    inside = [found, *store.framework().within(found)]
    response = HttpResponse(map_of(inside), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Which group's which need both Compacts promise to meet, one of them, or none."""
    framework = store.framework()
    found = cells(framework)
    rows = [
        (framework.groups[group], list(row))
        for group, row in groupby(found, key=lambda cell: cell.group)
    ]
    context = {
        "rows": rows,
        "needs": framework.needs.values(),
        "all": len(found),
        "none": sum(cell.reach is Reach.NONE for cell in found),
        "everyone": sum(cell.reach is Reach.THROUGH_EVERYONE for cell in found),
    }
    return render(request, "coverage/groups.html", context)


@require_safe
def group_page(request: HttpRequest, group: str) -> HttpResponse:
    """One group: what each instrument promises it, need by need, and the series about it."""
    framework = store.framework()
    if group not in framework.groups:
        raise Http404
    row = [(framework.needs[cell.need], cell) for cell in cells_of_group(framework, group)]
    about = [one for one in store.series().values() if group in one.groups]
    context = {"group": framework.groups[group], "row": row, "series": about}
    return render(request, "coverage/group.html", context)


def _rows(place: Place) -> dict[str, object]:
    framework = store.framework()
    ladders = store.ladders(place, store.today())
    return {
        "place": place,
        "rungs": list(Rung),
        "rows": [(framework.provisions[each.provision], each) for each in ladders],
    }


def _countries() -> list[Place]:
    return sorted(store.framework().countries, key=_by_name)


def _by_name(place: Place) -> str:
    return place.name.said(language()).text
