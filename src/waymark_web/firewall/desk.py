"""Where a place's bodies and arrangements are proposed, and where somebody else decides."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.firewall.arrangements import Network
from waymark.firewall.audit import audit
from waymark_web import store
from waymark_web.accounts.permissions import Action, all_roles, demand, may, PERMISSIONS
from waymark_web.firewall import shipped, writes
from waymark_web.firewall.models import Proposal, State
from waymark_web.languages import language
from waymark_web.plans.writes import RefusedError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bodies(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and a form to propose a place's arrangements."""
    if not PERMISSIONS[Action.CHANGE_BODIES] & all_roles(request.user):
        demand(request.user, Action.CHANGE_BODIES)
    context: dict[str, object] = {
        "waiting": [
            each
            for each in Proposal.objects.filter(state=State.PROPOSED).select_related("proposed_by")
            if may(request.user, Action.CHANGE_BODIES, place=each.place)
        ],
        "places": [
            found
            for found in store.framework().countries
            if may(request.user, Action.CHANGE_BODIES, place=found.id)
        ],
    }
    if request.method == "POST":
        file, place = request.FILES.get("file"), request.POST.get("place", "")
        demand(request.user, Action.CHANGE_BODIES, place=place)
        try:
            if file is None:
                raise RefusedError(writes.Sentence("Choose a file."))
            content = file.read(writes.LARGEST + 1)
            network = writes.network_in(content, file.name or "")
            audit(network, shipped.domain(), store.today())  # nothing to judge is said at once
            made = writes.propose(network, place, request.POST.get("reason", ""), request.user)
        except (RefusedError, writes.FirewallError) as error:
            problem = error.reason.text(language()) if isinstance(error, RefusedError) else error
            context |= {"problem": problem, "place": place}
            return render(request, "firewall/bodies.html", context, status=400)
        return redirect("proposal", pk=made.pk)
    return render(request, "firewall/bodies.html", context)


@login_required
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal beside what stands: what is new, changed and gone, and what the audit says."""
    found = get_object_or_404(Proposal.objects.select_related("proposed_by"), pk=pk)
    demand(request.user, Action.CHANGE_BODIES, place=found.place)
    return render(request, "firewall/proposal.html", _context(request, found))


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a proposal, or refuse it with a reason."""
    found = get_object_or_404(Proposal, pk=pk)
    demand(request.user, Action.CHANGE_BODIES, place=found.place)
    try:
        writes.decide(
            pk,
            confirm=request.POST.get("decision") == "confirm",
            because=request.POST.get("because", ""),
            by=request.user,
        )
    except RefusedError as error:
        context = _context(request, found) | {"problem": error.reason.text(language())}
        return render(request, "firewall/proposal.html", context, status=409)
    return redirect("proposal", pk=pk)


def _context(request: HttpRequest, found: Proposal) -> dict[str, object]:
    before = Proposal.objects.filter(
        place=found.place, state=State.CONFIRMED, digest=found.base
    ).first()
    new = Network.model_validate(found.document)
    old = Network.model_validate(before.document) if before else Network(bodies=())
    return {
        "proposal": found,
        "audit": audit(new, shipped.domain(), store.today()),
        "differences": [
            *_differences("body", old.bodies, new.bodies),
            *_differences("arrangement", old.arrangements, new.arrangements),
        ],
        "may_decide": found.state == State.PROPOSED and found.proposed_by_id != request.user.pk,
    }


def _differences(
    kind: str, old: tuple[object, ...], new: tuple[object, ...]
) -> list[tuple[str, str, dict[str, object], dict[str, object]]]:
    """What differs between two lists: the kind, the identifier, the fields before and after."""
    before = {each.id: each.model_dump(mode="json") for each in old}  # type: ignore[attr-defined]
    after = {each.id: each.model_dump(mode="json") for each in new}  # type: ignore[attr-defined]
    found = []
    for name in dict.fromkeys((*before, *after)):
        was, is_now = before.get(name, {}), after.get(name, {})
        fields = [field for field in {**was, **is_now} if was.get(field) != is_now.get(field)]
        if fields:
            found.append(
                (
                    kind,
                    name,
                    {field: was[field] for field in fields if was.get(field)},
                    {field: is_now[field] for field in fields if is_now.get(field)},
                )
            )
    return found
