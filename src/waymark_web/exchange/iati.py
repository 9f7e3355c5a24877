"""The published commitments of a State as IATI activities: what can be written, and the file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.compact.places import Level
from waymark.exchange.iati.activities import Narrative, Organisation
from waymark.exchange.iati.register import Publication
from waymark.exchange.iati.writing import write_activities
from waymark.words import N_, Sentence, folded
from waymark_web import store
from waymark_web.languages import language

PUBLISHER = ("org", "type", "name")
LONGEST = 200
XML = "application/xml"


@require_safe
def iati(request: HttpRequest) -> HttpResponse:
    """What of a State's commitments can be written as activities, and what not and why."""
    asked = {name: request.GET.get(name, "").strip() for name in ("place", *PUBLISHER)}
    context: dict[str, object] = {"asked": asked, "places": _states(), "rest": ""}
    if any(asked.values()):
        problem = _problem(asked)
        if problem is not None:
            return render(request, "exchange/iati.html", {**context, "problem": problem})
        publication = _publication(asked)
        left_out = publication.left_out()
        writable = len(publication.register.commitments) - len(left_out)
        if request.GET.get("format") == "xml" and writable:
            return _file(publication)
        context |= {
            "written": writable,
            "answered": True,
            "left_out": left_out,
            "money_left_out": publication.money_left_out(),
            "rest": request.GET.urlencode(),
        }
    return render(request, "exchange/iati.html", context)


def _states() -> list[tuple[str, str]]:
    said = language()
    places = store.framework().places.values()
    found = [(p.id, p.name.said(said).text) for p in places if p.level is Level.NATIONAL]
    return sorted(found, key=lambda each: folded(each[1]))


def _problem(asked: dict[str, str]) -> Sentence | None:
    if asked["place"] not in dict(_states()):
        return Sentence(N_("Choose a State or area."))
    for name in PUBLISHER:
        if not asked[name] or not asked[name].isprintable() or len(asked[name]) > LONGEST:
            return Sentence(N_("Say who publishes: identifier, kind and name."))
    return None


def _publication(asked: dict[str, str]) -> Publication:
    reporter = Organisation(asked["org"], asked["type"], (Narrative(asked["name"], "en"),))
    framework = store.framework()
    register = store.register(asked["place"]).of_place(framework, asked["place"])
    return Publication(reporter, register, framework, store.forums(), store.series())


def _file(publication: Publication) -> HttpResponse:
    with TemporaryDirectory(prefix="waymark-") as folder:
        path = Path(folder) / "activities.xml"
        write_activities(publication.activities(), path)
        response = HttpResponse(path.read_bytes(), content_type=XML)
    response["Content-Disposition"] = 'attachment; filename="activities.xml"'
    return response
