"""The review of a place at a forum, to read, to print and to reuse."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.coverage.ladder import Rung
from waymark.exceptions import WaymarkError
from waymark.indicators.changes import COMPACT_BASELINE
from waymark.plans.forums import forum as find_forum
from waymark.plans.forums import next_forum
from waymark.reviews.document import as_json, as_pdf, as_text
from waymark.reviews.findings import FindingKind
from waymark.reviews.review import Review
from waymark_web import store
from waymark_web.languages import language

BASELINES = (COMPACT_BASELINE, 2015)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Choose a place and a forum."""
    framework, forums = store.framework(), store.forums()
    place, forum = request.GET.get("place"), request.GET.get("forum")
    if place and forum:
        return redirect("review", place=framework.place(place).id, forum=forum)
    context = {
        "countries": sorted(
            framework.countries, key=lambda found: found.name.said(language()).text
        ),
        "regions": [
            found for found in framework.places.values() if found not in framework.countries
        ],
        "forums": forums.values(),
        "next": next_forum(forums, store.today(), "gcm"),
    }
    return render(request, "reviews/reviews.html", context)


@require_safe
def review_page(request: HttpRequest, place: str, forum: str) -> HttpResponse:
    """One review, findings in order of weight."""
    found = _review(request, place, forum)
    framework = store.framework()
    context = {
        "review": found,
        "place": found.place,
        "rungs": list(Rung),
        "rows": [(framework.provisions[each.provision], each) for each in found.ladders],
        "sections": [(kind, found.of_kind(kind)) for kind in FindingKind if found.of_kind(kind)],
        "baselines": BASELINES,
        "query": request.GET.urlencode(),
    }
    return render(request, "reviews/review.html", context)


@require_safe
def review_pdf(request: HttpRequest, place: str, forum: str) -> HttpResponse:
    """The review on paper."""
    found = _review(request, place, forum)
    pdf = as_pdf(found, store.framework(), language())
    return _file(pdf, "application/pdf", found, "pdf")


@require_safe
def review_json(request: HttpRequest, place: str, forum: str) -> HttpResponse:
    """The review for programs."""
    found = _review(request, place, forum)
    return _file(as_json(found, store.framework(), language()), "application/json", found, "json")


@require_safe
def review_text(request: HttpRequest, place: str, forum: str) -> HttpResponse:
    """The review as plain text."""
    found = _review(request, place, forum)
    text = as_text(found, store.framework(), language())
    return _file(text, "text/plain; charset=utf-8", found, "txt")


def _review(request: HttpRequest, place: str, forum: str) -> Review:
    """The review that an address asks for; ``as_of`` and ``baseline`` may be given in the query."""
    found = store.framework().place(place)
    convened = find_forum(store.forums(), forum)
    return store.review_of(found, convened, _as_of(request), _baseline(request))


def _as_of(request: HttpRequest) -> date:
    given = request.GET.get("as_of")
    try:
        return date.fromisoformat(given) if given else store.today()
    except ValueError:
        raise WaymarkError(f"'{given}' is not a date.", "Write it as 2026-11-23.") from None


def _baseline(request: HttpRequest) -> int:
    given = request.GET.get("baseline", str(COMPACT_BASELINE))
    if not given.isdigit() or not 1990 <= int(given) <= store.today().year:
        remedy = f"Use {' or '.join(str(year) for year in BASELINES)}."
        raise WaymarkError(f"'{given}' is not a baseline year.", remedy)
    return int(given)


def _file(body: str | bytes, kind: str, found: Review, suffix: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    name = f"waymark-{found.place.id}-{found.forum.id}.{suffix}"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
