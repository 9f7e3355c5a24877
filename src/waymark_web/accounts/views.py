"""People: who has which role, invitations, and the record of what was done."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.exceptions import WaymarkError
from waymark.plans.procedure import Role
from waymark.words import Sentence
from waymark_web.accounts import invitations
from waymark_web.accounts.models import Account, Invitation, Membership
from waymark_web.accounts.permissions import (
    PERMISSIONS,
    Action,
    all_roles,
    may_invite,
)
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event, Head
from waymark_web.languages import language
from waymark_web.plans.fields import resolved
from waymark_web.plans.lists import place_choices
from waymark_web.plans.models import Actor

MOST_SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who has a role in my places, and an invitation for somebody else."""
    if not PERMISSIONS[Action.INVITE] & all_roles(request.user):
        raise PermissionDenied
    problem, given = "", request.POST
    if request.method == "POST":
        try:
            return _invite(request)
        except WaymarkError as error:
            problem = f"{error.problem} {error.remedy}"
    reachable = [each for each in _members() if _reaches(request.user, each)]
    context = {
        "members": reachable[:MOST_SHOWN],
        "waiting": [
            each
            for each in Invitation.objects.filter(accepted=None, expires__gt=timezone.now())
            if _reaches(request.user, each)
        ],
        "roles": [
            role for role in Role if may_invite(request.user, role, actor_place="001", place="001")
        ]
        or [Role.READER, Role.CONTRIBUTOR, Role.ASSESSOR, Role.COORDINATOR],
        "actors": Actor.objects.order_by("name").values_list("slug", "name")[:1000],
        "places": place_choices(),
        "problem": problem,
        "given": given,
    }
    return render(request, "accounts/people.html", context, status=422 if problem else 200)


def _invite(request: HttpRequest) -> HttpResponse:
    try:
        role = Role(request.POST.get("role", ""))
    except ValueError:
        raise WaymarkError("There is no such role.", "Choose one of the list.") from None
    actor = resolved(request.POST.get("actor", "").strip())
    place = request.POST.get("place", "").strip()
    found = Actor.objects.filter(slug=actor).first()
    if actor and found is None:
        raise WaymarkError(f"There is no actor '{actor}'.", "Enter the organisation first.")
    if place and place not in {each for each, _ in place_choices()}:
        raise WaymarkError(f"There is no place '{place}'.", "Choose one of the list.")
    if not may_invite(request.user, role, actor_place=found.place if found else "", place=place):
        raise PermissionDenied
    invitation, secret = invitations.invite(
        request.POST.get("email", ""),
        role,
        by=request.user,  # type: ignore[arg-type]
        actor=actor,
        place=place,
    )
    address = request.build_absolute_uri(reverse("invitation", args=[secret]))
    invitations.send(invitation, address, language())
    said = Sentence("The invitation is on its way to {email}.", email=invitation.email)
    messages.success(request, said.text(language()))
    return redirect("people")


@login_required
@require_POST
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role back."""
    membership = get_object_or_404(Membership, pk=pk)
    if not _reaches(request.user, membership):
        raise PermissionDenied
    invitations.end_membership(membership, request.user)  # type: ignore[arg-type]
    messages.success(request, Sentence("The role is taken back.").text(language()))
    return redirect("people")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Take up an invitation: a name and a password, or one's own account."""
    found = invitations.find(secret)
    problem = ""
    if request.method == "POST":
        signed_in = request.user if isinstance(request.user, Account) else None
        try:
            account = invitations.accept(
                secret,
                name=request.POST.get("name", ""),
                password=request.POST.get("password", ""),
                signed_in=signed_in,
            )
        except WaymarkError as error:
            problem = f"{error.problem} {error.remedy}"
        else:
            if signed_in is None:
                backend = "allauth.account.auth_backends.AuthenticationBackend"
                login(request, account, backend=backend)
            return redirect("work")
    exists = Account.objects.filter(email=found.email).exists()
    context = {
        "invitation": found,
        "role": Role(found.role),
        "actor": Actor.objects.filter(slug=found.actor).first(),
        "exists": exists,
        "problem": problem,
        "name": request.POST.get("name", ""),
    }
    response = render(request, "accounts/invitation.html", context, status=422 if problem else 200)
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return response


@login_required
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The newest events, and whether the record holds."""
    if not PERMISSIONS[Action.READ_AUDIT] & all_roles(request.user):
        raise PermissionDenied
    events = list(Event.objects.order_by("-number").defer("document")[:MOST_SHOWN])
    wanted = Q(pk__in={each.account for each in events})
    context = {
        "rows": events,
        "names": dict(Account.objects.filter(wanted).values_list("pk", "name")),
        "head": Head.objects.filter(pk=1).first(),
        "breaks": list(breaks()) if "verify" in request.GET else None,
    }
    return render(request, "accounts/audit.html", context)


def _members() -> list[Membership]:
    return list(Membership.objects.select_related("account").order_by("actor", "place", "role"))


def _reaches(account: object, held: Membership | Invitation) -> bool:
    """Whether an account may give the role that somebody has or is offered."""
    actor = Actor.objects.filter(slug=held.actor).first() if held.actor else None
    place = actor.place if actor is not None else ""
    return may_invite(account, Role(held.role), actor_place=place, place=held.place)
