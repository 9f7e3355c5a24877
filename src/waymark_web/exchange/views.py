"""Linked data: whole graphs as files, and each thing at its own address, as its reader asks."""

from __future__ import annotations

from functools import lru_cache

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from waymark.exchange import dcat, skos
from waymark.exchange.linked_data import Base, LinkedForm, Thing, described, written
from waymark.exchange.shipped import shipped_file
from waymark_web import store
from waymark_web.exchange.base import base_of

KINDS = {LinkedForm.JSON_LD: "application/ld+json", LinkedForm.TURTLE: "text/turtle"}
ENDINGS = {"jsonld": LinkedForm.JSON_LD, "ttl": LinkedForm.TURTLE}
PAGE = "text/html"
FEW = 4  # names under which one site is reached


@require_safe
def whole(request: HttpRequest, graph: str, ending: str) -> HttpResponse:
    """A whole graph as a file."""
    if ending not in ENDINGS:
        raise Http404
    form = ENDINGS[ending]
    return _answer(_text(graph, base_of(request).address, form), form)


@require_safe
def thing(request: HttpRequest, graph: str, name: str = "") -> HttpResponse:
    """One thing, or all of a graph: as JSON-LD or Turtle, or its page for who reads pages."""
    wanted = request.get_preferred_type([*KINDS.values(), PAGE])
    if wanted is None:
        kinds = ", ".join((*KINDS.values(), PAGE))
        response = HttpResponse(f"This is there as {kinds}.\n", "text/plain", status=406)
    else:
        response = _one(request, graph, name, wanted)
    patch_vary_headers(response, ("Accept",))
    return response


@require_safe
def figures(request: HttpRequest, release: str) -> FileResponse:
    """The figures of a release as they ship, in one file."""
    if release not in (*store.releases(), dcat.DERIVED):
        raise Http404
    path = shipped_file(release)
    response = FileResponse(path.open("rb"), content_type=dcat.PARQUET, as_attachment=True)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _one(request: HttpRequest, graph: str, name: str, wanted: str) -> HttpResponse:
    base = base_of(request)
    found = described(_graph(graph, base.address), base.of(graph, *name.split("/") * bool(name)))
    if not found:
        raise Http404
    if wanted == PAGE:
        response = HttpResponse(status=303)
        response["Location"] = _page(graph, name)
        return response
    form = LinkedForm.TURTLE if wanted == KINDS[LinkedForm.TURTLE] else LinkedForm.JSON_LD
    return _answer(written(found, form), form)


def _answer(text: str, form: LinkedForm) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{KINDS[form]}; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _page(graph: str, name: str) -> str:
    """The page on which a person reads about a thing."""
    kind, _, identifier = name.partition("/")
    if graph == "catalogue":
        release = kind if kind in store.releases() else "releases"
        return f"{reverse('sources')}#{release}"
    if kind == "provisions":
        return reverse("provision", args=[identifier])
    if kind == "instruments":
        return reverse("instrument", args=[identifier])
    if kind == "groups" and identifier:
        return reverse("group", args=[identifier])
    return reverse("groups") if kind in ("groups", "needs", "stages") else reverse("instruments")


@lru_cache(maxsize=2 * FEW)
def _graph(graph: str, base: str) -> tuple[Thing, ...]:
    if graph == "concepts":
        return skos.concepts(store.framework(), Base(base))
    return dcat.catalogue(store.releases(), store.readings(), store.series(), Base(base))


@lru_cache(maxsize=4 * FEW)
def _text(graph: str, base: str, form: LinkedForm) -> str:
    return written(_graph(graph, base), form)
