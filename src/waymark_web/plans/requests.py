"""A request for capacity: asked on a need's page, answered by the offering side, delivered."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from waymark.compact.dates import last_day
from waymark.exceptions import WaymarkError
from waymark.plans.capacity import CapacityRequest
from waymark.plans.commitments import Commitment, Report
from waymark.plans.fulfilment import Capacity, RequestState
from waymark.plans.tallies import states_of
from waymark.plans.timeline import due_on
from waymark.plans.vocabulary import Decision, Origin, PartnerRole, Status
from waymark_web import store
from waymark_web.accounts.permissions import Action, may
from waymark_web.languages import language
from waymark_web.plans import models, request_writes
from waymark_web.plans.capacity_rows import sides
from waymark_web.plans.pages import published_versions

OPEN_REQUESTS = (  # those that the asking side may still want to withdraw
    RequestState.WAITING,
    RequestState.ACCEPTED,
    RequestState.ON_ITS_WAY,
    RequestState.LATE,
)


@login_required
@require_POST
def ask(request: HttpRequest, slug: str, offer: str) -> HttpResponse:
    """Begin a request for an offer that fits a need; go on with the one that there is."""
    capacity = store.capacity(store.today())
    need = capacity.register.capacity_needs.get(slug)
    asked = capacity.register.capacity_offers.get(offer)
    if need is None or asked is None:
        raise Http404
    if not may(request.user, Action.DRAFT_CAPACITY, actor=need.actor, place=need.place):
        raise PermissionDenied
    waiting = models.CapacityRequest.objects.filter(need=slug, offer=offer, decision=None).first()
    if waiting is not None:
        return redirect("capacity-request", slug=waiting.slug)
    reason = capacity.matching.why_not(need, asked)
    if reason is not None:
        raise WaymarkError(reason.text(language()), "Choose an offer that fits the need.")
    document = {
        "need": slug,
        "offer": offer,
        "asked": store.today().isoformat(),
        "language": language(),
        "illustrative": need.illustrative or asked.illustrative,
    }
    return redirect("version", pk=request_writes.ask(document, request.user).pk)  # type: ignore[arg-type]


@login_required
@require_POST
def deliver(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the commitment by which the offering side delivers what it has accepted."""
    capacity = store.capacity(store.today())
    held = _or_404(capacity, slug)
    giving, place = list(sides(held))[1], capacity.register.capacity_needs[held.need].place
    if not may(request.user, Action.DRAFT_COMMITMENT, actor=giving, place=place):
        raise PermissionDenied
    if held.decision is not Decision.ACCEPTED:
        raise WaymarkError("The request is not accepted.", "Answer it first.")
    document = _delivery(capacity, held)
    return redirect("version", pk=request_writes.deliver(document, request.user).pk)  # type: ignore[arg-type]


def _delivery(capacity: Capacity, held: CapacityRequest) -> dict[str, Any]:
    """What the commitment begins with: the words of the offer, the purpose of the need."""
    need = capacity.register.capacity_needs[held.need]
    offer = capacity.register.capacity_offers[held.offer]
    return {
        "what": offer.what,
        "language": offer.language,
        "place": need.place,
        "lead": offer.actor,
        "origin": Origin.CAPACITY_REQUEST.value,
        "origin_source": held.id,
        "provisions": list(need.provisions or offer.provisions),
        "groups": list(need.groups or offer.groups),
        "due": last_day(need.ends).isoformat() if need.ends else None,
        "status": Status.NOT_STARTED.value,
        "partners": [{"actor": need.actor, "role": PartnerRole.MONITORS.value}],
        "illustrative": held.illustrative,
    }


@require_safe
def request_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One request: what was asked and answered, and what each side says of the delivery."""
    capacity = store.capacity(store.today())
    held = _or_404(capacity, slug)
    need = capacity.register.capacity_needs[held.need]
    offer = capacity.register.capacity_offers[held.offer]
    asking, giving = sides(held).items()
    user = request.user
    context = {
        "held": held,
        "state": capacity.state_of(held),
        "need": need,
        "offer": offer,
        "actors": capacity.register.actors,
        "deliveries": [
            (each, _steps(capacity, each, (asking[0], giving[0])))
            for each in capacity.deliveries.get(slug, ())
        ],
        "history": published_versions("capacity_requests", slug),
        "may_answer": held.decision is None
        and may(user, Action.DRAFT_CAPACITY, actor=giving[0], place=giving[1]),
        "may_withdraw": capacity.state_of(held) in OPEN_REQUESTS
        and may(user, Action.DRAFT_CAPACITY, actor=asking[0], place=asking[1]),
        "may_deliver": held.decision is Decision.ACCEPTED
        and may(user, Action.DRAFT_COMMITMENT, actor=giving[0], place=need.place),
    }
    return render(request, "plans/capacity_request.html", context)


def _steps(capacity: Capacity, delivery: Commitment, both: tuple[str, str]) -> list[Any]:
    """Each step with its day and state, and what the asking and the giving side say of it."""
    states = states_of(capacity.register, delivery, capacity.forums, capacity.as_of)
    reports = capacity.register.reports_of.get(delivery.id, ())
    found = []
    for step in delivery.steps:
        of_step = [each for each in reports if each.step == step.id]
        found.append(
            (step, due_on(step, capacity.forums), states[step.id], *_by_side(of_step, both))
        )
    return found


def _by_side(reports: list[Report], both: tuple[str, str]) -> tuple[list[Report], ...]:
    asking, giving = both
    return (
        [each for each in reports if each.by == giving],
        [each for each in reports if each.by == asking],
        [each for each in reports if each.by not in both],
    )


def _or_404(capacity: Capacity, slug: str) -> CapacityRequest:
    held = capacity.register.capacity_requests.get(slug)
    if held is None:
        raise Http404
    return held
