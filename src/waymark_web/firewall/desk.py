"""Where a place's bodies and arrangements are proposed, and where somebody else decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.exceptions import NotFoundError, WaymarkError
from waymark.firewall.audits.network import Network
from waymark.firewall.procedure import Part, ProposalState, why_not
from waymark.words import Sentence
from waymark_web import store
from waymark_web.accounts.permissions import (
    PERMISSIONS,
    Action,
    all_roles,
    demand,
    may,
    memberships,
)
from waymark_web.firewall import uploads, writes
from waymark_web.firewall.audits import audited
from waymark_web.firewall.differences import changes
from waymark_web.firewall.models import Proposal
from waymark_web.firewall.pages import network_of, said
from waymark_web.languages import language
from waymark_web.plans.lists import place_choices
from waymark_web.plans.places import name_of
from waymark_web.plans.writes import RefusedError

MOST = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bodies(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and a form to propose a place's arrangements."""
    if not PERMISSIONS[Action.CHANGE_BODIES] & all_roles(request.user):
        raise PermissionDenied
    if request.method != "POST":
        usual = next((each.place for each in memberships(request.user) if each.place), "")
        return _bodies(request, place=request.GET.get("place", usual))
    if not uploads.is_readable(request):
        raise RequestTooLargeError
    place, text = request.POST.get("place", ""), request.POST.get("text", "")
    demand(request.user, Action.CHANGE_BODIES, place=place)
    try:
        reason = uploads.words_in(request, "reason")
        network = uploads.network_in(request.FILES.getlist("file"), text)
        made = writes.propose(network, place, reason, request.user)  # type: ignore[arg-type]
    except (RefusedError, WaymarkError) as error:
        files = request.FILES.getlist("file")
        given = {"place": place, "text": uploads.text_of(files) or text}
        given |= {"reason": request.POST.get("reason", ""), "at": "file" if files else "text"}
        return _bodies(request, problem=said(error), status=422, **given)
    messages.success(request, Sentence("It waits for somebody else to decide.").text(language()))
    return redirect("proposal", pk=made.pk)


class RequestTooLargeError(WaymarkError):
    """More was sent than a form takes."""

    def __init__(self) -> None:
        super().__init__("That is more than can be sent here at once.", "Send a smaller file.")


def _bodies(request: HttpRequest, *, status: int = 200, **given: object) -> HttpResponse:
    user = request.user
    waiting = Proposal.objects.filter(state="proposed").select_related("proposed_by")
    kept = Proposal.objects.filter(state="confirmed").order_by("place").values_list("place")
    context = {
        **given,
        "waiting": [
            each for each in waiting[:MOST] if may(user, Action.CHANGE_BODIES, place=each.place)
        ],
        "kept": [place for (place,) in kept.distinct()],
        "places": [
            (code, name)
            for code, name in place_choices()
            if may(user, Action.CHANGE_BODIES, place=code)
        ],
    }
    return render(request, "firewall/bodies.html", context, status=status)


@login_required
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal beside what stands: what is new, changed and gone, and what the audit says."""
    return _proposal(request, _found(request, pk))


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a proposal, refuse it with a reason, or take one's own back."""
    found = _found(request, pk)
    try:
        to = ProposalState(request.POST.get("to", ""))
    except ValueError:
        raise Http404 from None
    try:
        because = uploads.words_in(request, "because")
        writes.settle(pk, to, because=because, by=request.user)  # type: ignore[arg-type]
    except (RefusedError, WaymarkError) as error:
        written = request.POST.get("because", "")
        return _proposal(request, found, problem=said(error), because=written, status=409)
    messages.success(request, Sentence("It is now {status}.", status=to.label).text(language()))
    return redirect("proposal", pk=pk)


@login_required
@require_safe
def history(request: HttpRequest, place: str) -> HttpResponse:
    """Every proposal of a place: who proposed, who decided, what the audit said."""
    demand(request.user, Action.CHANGE_BODIES, place=place)
    rows = Proposal.objects.filter(place=place).select_related("proposed_by", "decided_by")
    told = [(row, ProposalState(row.state).label) for row in rows.defer("document")[:MOST]]
    context = {"rows": told, "place": place}
    return render(request, "firewall/bodies_history.html", context)


@require_safe
def current_file(request: HttpRequest, place: str) -> HttpResponse:
    """What stands for a place as a file to start from; it is public, as the audit of it is."""
    held = writes.current(place)
    if held is None:
        raise NotFoundError(f"Nothing is kept here of '{place}'.", "Check the place's code.")
    body = uploads.as_yaml(network_of(held))
    response = HttpResponse(body, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="arrangements-{held.place}.yaml"'
    return response


def _found(request: HttpRequest, pk: int) -> Proposal:
    rows = Proposal.objects.select_related("proposed_by", "decided_by")
    found = get_object_or_404(rows, pk=pk)
    demand(request.user, Action.CHANGE_BODIES, place=found.place)
    return found


def _proposal(
    request: HttpRequest, found: Proposal, *, status: int = 200, **given: Any
) -> HttpResponse:
    found.refresh_from_db()
    rows = Proposal.objects.filter(place=found.place, state="confirmed", digest=found.base)
    before = rows.order_by("-pk").first()
    state = ProposalState(found.state)
    part = Part.AUTHOR if found.proposed_by_id == request.user.pk else Part.OTHER
    today, spoken = store.today(), language()
    context = {
        **given,
        "proposal": found,
        "state": state,
        "place_name": name_of(found.place),
        "audited": audited(Network.model_validate(found.document), today, spoken),
        "stood": audited(network_of(before), today, spoken) if before else None,
        "changes": list(changes(before.document if before else {}, found.document))[:MOST],
        "stale": state is ProposalState.PROPOSED and writes.is_stale(found),
        "moves": [to.value for to in ProposalState if why_not(state, to, part) is None],
    }
    return render(request, "firewall/proposal.html", context, status=status)
