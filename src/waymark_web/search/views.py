"""Search over what ships and what is published, in every language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark_web.search.definitions import found_in_definitions
from waymark_web.search.organisations import found_by_name
from waymark_web.search.register import found_in_register
from waymark_web.search.results import Group

LONGEST = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the words of a query lead to, kind by kind."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    groups = _found(query) if query else []
    context = {
        "query": query,
        "groups": groups,
        "count": sum(len(each.lines) for each in groups),
        "more": any(each.more for each in groups),
    }
    return render(request, "search/search.html", context)


def _found(query: str) -> list[Group]:
    found = [*found_in_definitions(query), *found_in_register(query), *found_by_name(query)]
    return [each for each in found if each.lines]
