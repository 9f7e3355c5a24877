"""Public pages of the register: a commitment, a plan, an actor, a forum, a good practice."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from waymark.compact.dates import last_day
from waymark.compact.places import WORLD
from waymark.coverage.ladder import Rung
from waymark.plans.assessments import divergence
from waymark.plans.commitments import Commitment
from waymark.plans.forums import Forum, next_forum
from waymark.plans.procedure import VersionStatus
from waymark.plans.register import Register
from waymark.plans.rules import RULES, broken_rules, circumstances
from waymark.plans.stakeholders import roles
from waymark.plans.tallies import served, states_of
from waymark.plans.timeline import StepState, course, due_on, graduated
from waymark_web import store
from waymark_web.plans import models, paid
from waymark_web.plans.places import within
from waymark_web.plans.queries import course_of
from waymark_web.plans.rows import by_id, value_of, whole

MOST_SHOWN = 100
PUBLIC = (VersionStatus.PUBLISHED.value, VersionStatus.SUPERSEDED.value)


@require_safe
def commitment(request: HttpRequest, slug: str) -> HttpResponse:
    """One commitment: what became of it, what others say of it, how it came to read so."""
    row = whole(models.Commitment.objects.select_related("lead", "plan", "practice"))
    found = _or_404(row.filter(slug=slug).first())
    value: Commitment = value_of("commitments", found)
    held = around(value)
    states = states_of(held, value, store.forums(), store.today())
    broken = broken_rules(
        value, circumstances(value, held, store.framework(), store.forums(), store.today())
    )
    place = store.framework().places.get(found.country)
    objectives = [
        (store.framework().provisions[each], ladder)
        for each in served(value.provisions, store.framework())
        for ladder in (store.ladders(place, store.today()) if place is not None else ())
        if ladder.provision == each
    ]
    context = {
        "row": found,
        "value": value,
        "course": course(value.status, states.values()),
        "steps": [
            (
                step,
                due_on(step, store.forums()),
                store.forums().get(step.forum or ""),
                states[step.id],
                [each for each in held.reports.values() if each.step == step.id],
            )
            for step in value.steps
        ],
        "whole_reports": [each for each in held.reports.values() if each.step is None],
        "actors": held.actors,
        "forum": store.forums().get(value.forum or ""),
        "by_round": _by_round(held),
        "divergence": divergence(value, held.assessments.values(), held.actors),
        "objectives": objectives,
        "rungs": list(Rung),
        "broken": broken,
        "rules": RULES,
        "provisions": [store.framework().provisions[each] for each in value.provisions],
        "groups": [store.framework().groups[each] for each in value.groups],
        "needs": [store.framework().needs[each] for each in value.needs],
        "stages": [store.framework().stages[each] for each in value.stages],
        "series": store.series().get(value.series or ""),
        "milestones": suggested(value),
        "history": published_versions("commitments", slug),
        "attachments": public_attachments("commitments", slug),
        **paid.shown(slug),
    }
    return render(request, "plans/commitment.html", context)


def around(value: Commitment) -> Register:
    """What one commitment is seen with: its reports and assessments, who gave them, mandates."""
    reports = by_id("reports", models.Report.objects.filter(commitment=value.id).order_by("pk"))
    given = by_id(
        "assessments", models.Assessment.objects.filter(commitment=value.id).order_by("pk")
    )
    named = {value.lead, *(each.actor for each in value.partners)}
    named |= {each.by for each in (*reports.values(), *given.values())}
    mandates = models.Mandate.objects.filter(actor=value.lead)
    return Register(
        localities=by_id("localities", models.Locality.objects.all()),
        actors=by_id(
            "actors", models.Actor.objects.filter(slug__in=[each for each in named if each])
        ),
        mandates=by_id("mandates", mandates),
        commitments={value.id: value},
        reports=reports,
        rounds=by_id(
            "rounds", models.Round.objects.filter(slug__in={each.round for each in given.values()})
        ),
        assessments=given,
    )


def suggested(value: Commitment) -> list[tuple[Forum, Any]]:
    """A graduated timeline towards the target, one step at each forum before the day."""
    if value.due is None or value.due <= store.today():
        return []
    instruments = {each.split(":")[0] for each in value.provisions} | {"gcm"}
    made = graduated(
        store.forums(),
        instruments=instruments,
        as_of=store.today(),
        until=value.due,
        baseline=value.baseline,
        baseline_year=value.baseline_year,
        target=value.target,
    )
    return [(store.forums()[each.forum], each) for each in made]


def _by_round(held: Register) -> list[tuple[Any, list[Any]]]:
    found = []
    for round_held in held.rounds.values():
        given = [each for each in held.assessments.values() if each.round == round_held.id]
        given.sort(key=lambda each: not held.actors[each.by].kind.is_government)
        found.append((round_held, given))
    return found


def published_versions(kind: str, slug: str) -> list[models.Version]:
    """What was published of a thing, the newest first."""
    rows = models.Version.objects.filter(kind=kind, subject=slug, status__in=PUBLIC)
    return list(rows.order_by("-number")[:MOST_SHOWN])


def public_attachments(kind: str, slug: str) -> list[models.Attachment]:
    """The files that readers may fetch: of the version that is published, and marked as public."""
    rows = models.Attachment.objects.filter(
        public=True,
        version__kind=kind,
        version__status=VersionStatus.PUBLISHED.value,
    ).filter(version__subject=slug) | models.Attachment.objects.filter(
        public=True, version__commitment=slug, version__status=VersionStatus.PUBLISHED.value
    )
    return list(rows.defer("content").distinct())


@require_safe
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """One plan: its commitments and what became of them, the plans under it."""
    found = _or_404(models.Plan.objects.select_related("lead", "parent").filter(slug=slug).first())
    rows = found.commitments.select_related("lead").order_by("slug")
    context = {
        "plan": found,
        "parts": found.parts.all(),
        "rows": _with_course(rows[:MOST_SHOWN]),
        "count": rows.count(),
        "most": MOST_SHOWN,
        "history": published_versions("plans", slug),
    }
    return render(request, "plans/plan.html", context)


@require_safe
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """One actor: what it leads, takes part in, answers for, protects and says of others."""
    found = _or_404(models.Actor.objects.select_related("parent").filter(slug=slug).first())
    led = found.leads.select_related("lead").order_by("country", "slug")
    part = models.Commitment.objects.filter(partners__actor=slug).select_related("lead").distinct()
    framework = store.framework()
    mandates = [
        (framework.provisions.get(each.provision), each) for each in found.mandates.order_by("pk")
    ]
    active = set(
        models.Link.objects.filter(relation="provision")
        .filter(commitment__in=led.values("pk"))
        .values_list("target", flat=True)
    ) | set(
        models.Link.objects.filter(
            relation="provision", commitment__in=part.values("pk")
        ).values_list("target", flat=True)
    )
    context = {
        "actor": found,
        "led": _with_course(led[:MOST_SHOWN]),
        "led_count": led.count(),
        "part": _with_course(part.order_by("slug")[:MOST_SHOWN]),
        "part_count": part.count(),
        "most": MOST_SHOWN,
        "mandates": [(provision, each, each.provision in active) for provision, each in mandates],
        "protects": [
            (framework.provisions.get(each.provision), each) for each in found.protects.all()
        ],
        "practices": found.practices.all(),
        "plans": found.plans.all(),
        "assessments": found.assessments.select_related("commitment").order_by("-assessed")[:25],
    }
    return render(request, "plans/actor.html", context)


@require_safe
def forums(request: HttpRequest) -> HttpResponse:
    """The forums in order of time: how many steps are due at each, and what became of them."""
    today = store.today()
    due = dict(
        models.Step.objects.filter(dropped=False)
        .exclude(forum=None)
        .values_list("forum")
        .annotate(Count("pk"))
    )
    pledged = dict(
        models.Commitment.objects.exclude(forum=None).values_list("forum").annotate(Count("pk"))
    )
    context = {
        "forums": [
            (each, due.get(each.id, 0), pledged.get(each.id, 0)) for each in store.forums().values()
        ],
        "next": next_forum(store.forums(), today, "gcm"),
    }
    return render(request, "plans/forums.html", context)


@require_safe
def forum(request: HttpRequest, forum: str) -> HttpResponse:
    """One forum: the steps that are due at it, the pledges made there, who has nothing due."""
    found = store.forums().get(forum)
    if found is None:
        raise Http404
    place = request.GET.get("place", "")
    steps = models.Step.objects.filter(forum=found.id).select_related("commitment__lead")
    pledged = models.Commitment.objects.filter(forum=found.id)
    if place and place != WORLD:
        countries, localities = within(place)
        wanted = {"country__in": countries} if countries else {"place__in": localities}
        steps = steps.filter(**{f"commitment__{name}": value for name, value in wanted.items()})
        pledged = pledged.filter(**wanted)
    shown = list(steps.order_by("commitment__country", "pk")[:MOST_SHOWN])
    states = _states_of(shown)
    context = {
        "forum": found,
        "last_day": last_day(found.ends),
        "steps": [(each, each.commitment, states[each.pk]) for each in shown],
        "step_count": steps.count(),
        "pledged": _with_course(pledged.select_related("lead").order_by("slug")[:MOST_SHOWN]),
        "pledged_count": pledged.count(),
        "rounds": models.Round.objects.filter(forum=found.id).order_by("opens"),
        "place": place,
        "most": MOST_SHOWN,
    }
    return render(request, "plans/forum.html", context)


def _states_of(steps: list[models.Step]) -> dict[int, StepState]:
    """What became of some steps of many commitments, in a few queries."""
    owners = {each.commitment_id for each in steps}
    values = by_id("commitments", whole(models.Commitment.objects.filter(pk__in=owners)))
    given = models.Report.objects.filter(commitment__in=values).order_by("pk")
    held = Register(commitments=values, reports=by_id("reports", given))
    states = {
        slug: states_of(held, value, store.forums(), store.today())
        for slug, value in values.items()
    }
    return {each.pk: states[each.commitment.slug][each.slug] for each in steps}


@require_safe
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """One good practice, and the commitments that are built on it."""
    found = _or_404(models.Practice.objects.select_related("actor").filter(slug=slug).first())
    framework = store.framework()
    context = {
        "practice": found,
        "provisions": [framework.provisions[each] for each in found.provisions.split()],
        "rows": _with_course(found.commitments.select_related("lead").order_by("slug")),
    }
    return render(request, "plans/practice.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two places side by side, objective by objective."""
    framework = store.framework()
    chosen = [
        framework.place(request.GET.get(name) or default)
        for name, default in (("a", "KEN"), ("b", "MEX"))
    ]
    today = store.today()
    ladders = [store.ladders(each, today) for each in chosen]
    tallies = store.standing_on(today).tallies
    rows = []
    for one, other in zip(*ladders, strict=True):
        counted = [tallies.get(each.id, {}).get(one.provision) for each in chosen]
        rows.append((framework.provisions[one.provision], one, other, *counted))
    context = {
        "a": chosen[0],
        "b": chosen[1],
        "rows": rows,
        "rungs": list(Rung),
        "missing": [_empty_roles(each.id) for each in chosen],
    }
    return render(request, "plans/compare.html", {**context, "countries": framework.countries})


def _empty_roles(place: str) -> Any:
    held = store.register(place)
    return roles(held.commitments.values(), held.actors)


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A public file beside something published."""
    found = models.Attachment.objects.filter(
        pk=pk, public=True, version__status=VersionStatus.PUBLISHED.value
    ).first()
    return as_download(_or_404(found))


def as_download(found: models.Attachment) -> HttpResponse:
    """A file to keep, never to open inside the site."""
    response = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    return response


def _with_course(rows: Any) -> list[tuple[models.Commitment, Any]]:
    today = store.today()
    return [(row, course_of(row, today)) for row in rows]


def _or_404(found: Any) -> Any:
    if found is None:
        raise Http404
    return found
