"""Lists of the register: commitments by any question, and what else there is."""

from __future__ import annotations

from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from waymark.compact.provisions import Provision
from waymark.plans.stakeholders import EXPECTED_KINDS, EXPECTED_LEADERSHIP, roles
from waymark.plans.tallies import served
from waymark.plans.timeline import Course
from waymark.plans.vocabulary import ActorKind, LedBy, Origin, ResultKind, Status
from waymark.words import Sentence, folded
from waymark_web import store
from waymark_web.languages import language
from waymark_web.plans import models
from waymark_web.plans.exports import FORMS, exported
from waymark_web.plans.places import known_localities, name_of
from waymark_web.plans.queries import (
    ABSENT,
    SORTS,
    Asked,
    answered,
    asked,
    by_words,
    course_of,
    described,
)

ON_A_PAGE = 25


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What the register holds, and the ways into it."""
    counts = {
        name: table._default_manager.count()
        for name, table in (
            ("commitments", models.Commitment),
            ("plans", models.Plan),
            ("actors", models.Actor),
            ("mandates", models.Mandate),
            ("practices", models.Practice),
            ("assessments", models.Assessment),
            ("protectors", models.Protector),
            ("rates", models.Rate),
            ("deflators", models.Deflator),
            ("capacity_needs", models.CapacityNeed),
            ("capacity_offers", models.CapacityOffer),
        )
    }
    consultations = models.Consultation.objects.order_by("-year", "pk")
    context = {"counts": counts, "consultations": consultations, "absences": _absences()}
    return render(request, "plans/register.html", context)


@require_safe
def commitments(request: HttpRequest) -> HttpResponseBase:
    """The commitments that a question asks for, page by page or as a file."""
    question = asked(request.GET)
    form = request.GET.get("format")
    if form:
        if form not in FORMS:
            raise Http404
        return exported(answered(question), form)
    return render(request, "plans/commitments.html", _list_of(request, question))


@require_safe
def saved_view(request: HttpRequest, slug: str) -> HttpResponse:
    """A list under an address that stays."""
    view = get_object_or_404(models.SavedView, slug=slug)
    query = QueryDict(view.query, mutable=True)
    if request.GET.get("page"):
        query["page"] = request.GET["page"]
    context = _list_of(request, asked(query), query)
    return render(request, "plans/commitments.html", {**context, "view": view})


def _list_of(
    request: HttpRequest, question: Asked, query: QueryDict | None = None
) -> dict[str, Any]:
    given = (query if query is not None else request.GET).copy()
    wanted = given.pop("page", ["1"])[-1]
    rows = answered(question).select_related("lead")
    pages = Paginator(rows, ON_A_PAGE)
    try:
        page = pages.page(wanted)
    except PageNotAnInteger:
        raise Http404 from None
    except EmptyPage:
        page = pages.page(pages.num_pages)
    today = store.today()
    given_text = "&" + given.urlencode() if given else ""
    return {
        "question": question,
        "page": page,
        "count": pages.count,
        "rows": [(row, course_of(row, today)) for row in page],
        "rest": given_text,
        "query_string": given.urlencode(),
        "descriptions": list(described(question)),
        **_choices(question),
    }


def _choices(question: Asked) -> dict[str, Any]:
    framework = store.framework()
    lead = question.parts.get("lead") or question.parts.get("actor")
    return {
        "places": place_choices(),
        "objectives": framework.objectives,
        "groups": framework.groups.values(),
        "needs": framework.needs.values(),
        "stages": framework.stages.values(),
        "forums": store.forums().values(),
        "origins": list(Origin),
        "statuses": list(Status),
        "results": list(ResultKind),
        "courses": list(Course),
        "absences": _absences(),
        "sorts": [(name, Sentence(label)) for name, (label, _) in SORTS.items()],
        "actor": models.Actor.objects.filter(slug=lead).first() if lead else None,
        "plan": models.Plan.objects.filter(slug=question.parts.get("plan", "")).first(),
    }


def place_choices() -> list[tuple[str, str]]:
    """Every place for a field of choices: regions, States and areas, localities, by name."""
    said = language()
    framework = store.framework()
    named = [(found.id, found.name.said(said).text) for found in framework.places.values()]
    known = known_localities()
    named += [(found, name_of(found, known).said(said).text) for found in known]
    return sorted(named, key=lambda each: folded(each[1]))


def _absences() -> list[tuple[str, Sentence]]:
    return [(name, Sentence(label)) for name, (label, _) in ABSENT.items()]


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Action plans by level and place."""
    rows = models.Plan.objects.select_related("lead").annotate(held=Count("commitments"))
    return render(request, "plans/plans.html", {"page": _page(request, rows.order_by("country"))})


@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    """Who takes part, by kind, by leadership, by place or by words."""
    rows = models.Actor.objects.order_by("name", "pk")
    kind, led_by = request.GET.get("kind", ""), request.GET.get("led_by", "")
    place, words = request.GET.get("place", ""), request.GET.get("q", "").replace("\x00", "")
    if kind in list(ActorKind):
        rows = rows.filter(kind=kind)
    if led_by in list(LedBy):
        rows = rows.filter(led_by__contains=led_by)
    if place:
        rows = rows.filter(Q(country=place) | Q(place=place))
    rows = rows.filter(by_words(words))
    page = _page(request, rows)
    context = {
        "page": page,
        "rows": _with_parts(list(page)),
        "kinds": list(ActorKind),
        "leaderships": list(LedBy),
        "kind": kind,
        "led_by": led_by,
        "place": place,
        "words": words,
        "places": place_choices(),
        "rest": _rest(request),
    }
    return render(request, "plans/actors.html", context)


def _with_parts(shown: list[models.Actor]) -> list[tuple[models.Actor, int, int]]:
    """Some actors with how many commitments they lead, and in how many they are partners."""
    wanted = [each.slug for each in shown]
    leading = models.Commitment.objects.filter(lead__in=wanted).order_by()
    taking_part = models.Partner.objects.filter(actor__in=wanted).order_by()
    led = dict(leading.values_list("lead").annotate(Count("pk")))
    part = dict(taking_part.values_list("actor").annotate(Count("commitment", distinct=True)))
    return [(each, led.get(each.slug, 0), part.get(each.slug, 0)) for each in shown]


@require_safe
def practices(request: HttpRequest) -> HttpResponse:
    """What works somewhere, and what was built on it."""
    rows = models.Practice.objects.select_related("actor").annotate(built=Count("commitments"))
    context = {"page": _page(request, rows.order_by("country", "pk"))}
    return render(request, "plans/practices.html", context)


@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Who answers for which objective; objectives for which nobody does."""
    framework = store.framework()
    by_objective: dict[str, list[models.Mandate]] = {each.id: [] for each in framework.objectives}
    for mandate in models.Mandate.objects.select_related("actor").order_by("actor__name"):
        objective = _objective_of(mandate.provision)
        if objective in by_objective:
            by_objective[objective].append(mandate)
    protecting: dict[str, list[models.Protector]] = {}
    for protector in models.Protector.objects.select_related("actor"):
        protecting.setdefault(_objective_of(protector.provision), []).append(protector)
    context = {
        "rows": [
            (framework.provisions[objective], held, protecting.get(objective, []))
            for objective, held in by_objective.items()
        ],
        "without": [framework.provisions[each] for each, held in by_objective.items() if not held],
    }
    return render(request, "plans/mandates.html", context)


@require_safe
def empty_roles(request: HttpRequest) -> HttpResponse:
    """Objective by objective: the kinds of stakeholder with a part in a place, and without."""
    framework = store.framework()
    chosen = request.GET.get("place", "").strip()
    place = framework.place(chosen) if chosen else None
    rows, whole = [], None
    if place is not None:
        held = store.register(place.id)
        whole = roles(held.commitments.values(), held.actors)
        for objective in framework.objectives:
            serving = [
                each
                for each in held.commitments.values()
                if objective.id in served(each.provisions, framework)
            ]
            found = roles(serving, held.actors)
            parts = [len(found.by_kind.get(kind, ())) for kind in EXPECTED_KINDS]
            parts += [len(found.by_leadership.get(led, ())) for led in EXPECTED_LEADERSHIP]
            rows.append((objective, len(serving), parts))
    context = {
        "place": place,
        "rows": rows,
        "whole": whole,
        "columns": [each.label for each in (*EXPECTED_KINDS, *EXPECTED_LEADERSHIP)],
        "countries": framework.countries,
    }
    return render(request, "plans/roles.html", context)


def _objective_of(provision: str) -> str:
    framework = store.framework()
    found: Provision | None = framework.provisions.get(provision)
    while found is not None and (above := framework.parent(found)) is not None:
        found = above
    return found.id if found is not None else ""


def _page(request: HttpRequest, rows: Any) -> Any:
    wanted = request.GET.get("page", "1")
    return Paginator(rows, ON_A_PAGE).get_page(wanted if wanted.isdigit() else 1)


def _rest(request: HttpRequest) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return f"&{given.urlencode()}" if given else ""
