"""The desk of whoever is signed in: what waits, new things, and the way to publication."""

from __future__ import annotations

import contextlib
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.compact.places import WORLD
from waymark.exceptions import WaymarkError
from waymark.plans.flows import Earmarking
from waymark.plans.procedure import EDITABLE, MOVES, Role, VersionStatus
from waymark.words import Sentence
from waymark_web import store
from waymark_web.accounts.permissions import (
    DRAFTING,
    EVERYWHERE,
    PERMISSIONS,
    Action,
    all_roles,
    may,
    memberships,
    roles,
    visible_versions,
)
from waymark_web.firewall.waiting import at_the_firewall
from waymark_web.languages import language
from waymark_web.plans import models, writes
from waymark_web.plans.authors import may_edit, organisations
from waymark_web.plans.capacity_rows import pair_of
from waymark_web.plans.checks import InvalidError, checked
from waymark_web.plans.differences import differences, label_of
from waymark_web.plans.fields import FIELDS, document_from
from waymark_web.plans.forms import besides, questions, suggestions
from waymark_web.plans.lists import place_choices
from waymark_web.plans.mistakes import Mistake
from waymark_web.plans.published import owner_of, published_value
from waymark_web.plans.worklist import work_of

ON_COMMITMENTS = ("reports", "assessments")
ON_NEEDS = "capacity_requests"
PAGES = {  # where something published is shown
    "commitments": "commitment",
    "capacity_needs": "capacity-need",
    "capacity_offers": "capacity-offer",
    "capacity_requests": "capacity-request",
}


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What waits for somebody: due, late, returned, to decide on."""
    context = {
        **work_of(request.user),
        "kinds": _may_begin(request.user),
        "firewall": at_the_firewall(request.user),  # type: ignore[arg-type]
    }
    return render(request, "plans/work.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin something: for which organisation, in which place."""
    if kind not in FIELDS:
        raise Http404
    if kind == ON_NEEDS:
        raise WaymarkError("A request begins at a need.", "Choose an offer on the need's page.")
    commitment = request.POST.get("commitment") or request.GET.get("commitment") or ""
    held = get_object_or_404(models.Commitment, slug=commitment) if commitment else None
    if request.method == "POST":
        place = request.POST.get("place", "").strip()
        if not place and held is None:
            raise WaymarkError("Nothing says in which place it is.", "Choose the place.")
        document = _first(kind, request, held)
        version = writes.begin(
            kind,
            request.user,  # type: ignore[arg-type]
            actor=request.POST.get("actor", "").strip(),
            place=place,
            document=document,
        )
        return redirect("version", pk=version.pk)
    if kind not in [each for each, _ in _may_begin(request.user)] and not held:
        raise PermissionDenied
    context = {
        "kind": kind,
        "label": label_of(kind),
        "commitment": held,
        "needs_commitment": kind in ON_COMMITMENTS and held is None,
        "actors": _organisations(request.user, kind, held),
        "anywhere": bool(all_roles(request.user) & (EVERYWHERE | {Role.COORDINATOR})),
        "places": place_choices(),
        "place": _usual_place(request.user),
    }
    return render(request, "plans/new.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Begin a new version of something published, or go on with the open one."""
    if kind not in FIELDS:
        raise Http404
    actor, place = owner_of(kind, slug, request.GET.get("actor", ""))
    if request.method == "POST":
        version = writes.begin(kind, request.user, actor=actor, place=place, subject=slug)  # type: ignore[arg-type]
        return redirect("version", pk=version.pk)
    if not may(request.user, DRAFTING[kind], actor=actor, place=place):
        raise PermissionDenied
    return render(request, "plans/edit.html", {"kind": kind, "slug": slug, "label": label_of(kind)})


@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """A version on its way: its form, what is still missing, what was said about it."""
    if not request.user.is_authenticated and "HX-Request" in request.headers:
        return render(request, "plans/saved.html", {"ended": True}, status=401)
    return _version(request, pk)


@login_required
def _version(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_versions(request.user), pk=pk)
    if request.method != "POST":
        return _page(request, found, found.document)
    document = document_from(found.kind, request.POST, found.document)
    edits = _number(request.POST.get("edits"))
    quietly = "HX-Request" in request.headers
    try:
        found = writes.save(
            pk,
            document,
            edits,
            request.user,  # type: ignore[arg-type]
            quietly=quietly,
            page=request.POST.get("page", ""),
        )
    except writes.ConflictError as conflict:
        return _conflict(request, conflict, quietly=quietly)
    except writes.RefusedError as refused:
        return _page(request, found, document, refused=refused.reason, status=409)
    if quietly:
        return render(request, "plans/saved.html", {"version": found})
    action = request.POST.get("action", "save")
    if action.startswith("add-"):
        return _page(request, found, document, more=action.removeprefix("add-"))
    if action == "submit":
        return _move(request, found, VersionStatus.SUBMITTED)
    messages.success(request, Sentence("Your draft is kept.").text(language()))
    return redirect("version", pk=pk)


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One move of the procedure."""
    found = get_object_or_404(visible_versions(request.user), pk=pk)
    try:
        to = VersionStatus(request.POST.get("to", ""))
    except ValueError:
        raise Http404 from None
    return _move(request, found, to)


def _move(request: HttpRequest, found: models.Version, to: VersionStatus) -> HttpResponse:
    edits = _number(request.POST.get("edits"))
    if request.POST.get("action") == "submit":
        edits = found.edits  # it was saved a moment ago, in this request
    reason = request.POST.get("reason", "")
    try:
        moved = writes.move(found.pk, to, request.user, edits=edits, reason=reason)  # type: ignore[arg-type]
    except InvalidError as invalid:
        return _page(request, found, found.document, problems=invalid.problems, status=422)
    except writes.RefusedError as refused:
        return _page(request, found, found.document, refused=refused.reason, status=409)
    except writes.ConflictError as conflict:
        if to is VersionStatus.PUBLISHED and conflict.version.edits == edits:
            return redirect("compare-version", pk=found.pk)
        changed = Sentence("It was changed since you opened this page. Look at it again.")
        return _page(
            request, conflict.version, conflict.version.document, refused=changed, status=409
        )
    said = Sentence("It is now {status}.", status=to.label)
    messages.success(request, said.text(language()))
    if to is VersionStatus.PUBLISHED and moved.kind in PAGES:
        return redirect(PAGES[moved.kind], slug=moved.subject)
    return redirect("version", pk=moved.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def compare_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Something else was published since this version began: look at both, then say so."""
    found = get_object_or_404(visible_versions(request.user), pk=pk)
    if request.method == "POST":
        with contextlib.suppress(writes.ConflictError):  # the page then shows what stands now
            writes.rebase(pk, request.user, edits=_number(request.POST.get("edits")))  # type: ignore[arg-type]
        return redirect("version", pk=pk)
    published = published_value(found.kind, found.subject)
    before = published.model_dump(mode="json") if published is not None else {}
    context = {
        "version": found,
        "label": label_of(found.kind),
        "differences": list(differences(found.kind, before, found.document)),
        "may_publish": may(request.user, Action.PUBLISH, actor=found.actor, place=found.place),
    }
    return render(request, "plans/compare_version.html", context)


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a draft."""
    get_object_or_404(visible_versions(request.user), pk=pk)
    try:
        writes.discard(pk, request.user)  # type: ignore[arg-type]
    except writes.RefusedError as refused:
        messages.error(request, refused.reason.text(language()))
        return redirect("version", pk=pk)
    messages.success(request, Sentence("The draft is given up.").text(language()))
    return redirect("work")


@login_required
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A word between coordinator and contributor."""
    get_object_or_404(visible_versions(request.user), pk=pk)
    try:
        writes.comment(pk, request.POST.get("text", ""), request.user)  # type: ignore[arg-type]
    except writes.RefusedError as refused:
        messages.error(request, refused.reason.text(language()))
    return redirect("version", pk=pk)


def _page(
    request: HttpRequest,
    found: models.Version,
    document: dict[str, Any],
    *,
    problems: dict[str, list[Mistake]] | None = None,
    refused: Sentence | None = None,
    more: str = "",
    status: int = 200,
) -> HttpResponse:
    editable = may_edit(found, request.user)
    missing: dict[str, list[Mistake]] = {}
    try:
        checked(found.kind, document)
    except InvalidError as invalid:
        missing = invalid.problems
    held = roles(request.user, actor=found.actor, place=found.place)
    old = VersionStatus(found.status)
    asked = questions(found, document, problems or {}, more=more)
    published = published_value(found.kind, found.subject) if found.base else None
    before = published.model_dump(mode="json") if published is not None else {}
    context = {
        "version": found,
        "label": label_of(found.kind),
        "page": request.POST.get("page") or secrets.token_hex(8),
        "questions": asked,
        "suggestions": suggestions(found) if editable else [],
        "editable": editable,
        "problems": problems,
        "loose": besides(asked, problems or {}),
        "missing": missing,
        "missing_besides": besides(asked, missing),
        "refused": refused,
        "moves": [to for (here, to), allowed in MOVES.items() if here is old and allowed & held],
        "may_comment": bool(PERMISSIONS[Action.COMMENT] & held),
        "comments": found.comments.select_related("by"),
        "attachments": found.attachments.defer("content"),
        "differences": list(differences(found.kind, before, document)) if not editable else [],
        "commitment": models.Commitment.objects.filter(slug=found.commitment).first(),
        "joined": pair_of(document) if found.kind == ON_NEEDS else None,
        "status": old,
        "may_discard": editable and old in EDITABLE,
    }
    return render(request, "plans/version.html", context, status=status)


def _conflict(
    request: HttpRequest, conflict: writes.ConflictError, *, quietly: bool
) -> HttpResponse:
    """Both versions side by side. What was typed comes back in the form, to be taken or left."""
    if quietly:
        return render(request, "plans/saved.html", {"version": None}, status=409)
    writes.set_aside(conflict.version.pk, conflict.mine, request.user)  # type: ignore[arg-type]
    found = conflict.version
    context = {
        "version": found,
        "label": label_of(found.kind),
        "differences": list(differences(found.kind, found.document, conflict.mine)),
        "questions": questions(found, conflict.mine, {}),
        "suggestions": suggestions(found),
    }
    return render(request, "plans/conflict.html", context, status=409)


def _may_begin(account: Any) -> list[tuple[str, Sentence]]:
    held = all_roles(account)
    return [
        (kind, label_of(kind))
        for kind in FIELDS
        if kind not in (*ON_COMMITMENTS, ON_NEEDS) and PERMISSIONS[DRAFTING[kind]] & held
    ]


def _organisations(
    account: Any, kind: str, held: models.Commitment | None
) -> list[tuple[str, str]]:
    wanted = organisations(account)
    if (
        held is not None
        and kind in ("reports", "flows")
        and not may(account, Action.PUBLISH, place=held.place)
    ):
        part = {held.lead_id, *held.partners.values_list("actor_id", flat=True)}
        wanted = [each for each in wanted if each in part]
    return list(models.Actor.objects.filter(slug__in=wanted).values_list("slug", "name"))


def _usual_place(account: Any) -> str:
    for each in memberships(account):
        if each.place:
            return each.place
        place = models.Actor.objects.filter(slug=each.actor).values_list("place", flat=True).first()
        if place:
            return str(place)
    return WORLD


def _first(kind: str, request: HttpRequest, held: models.Commitment | None) -> dict[str, Any]:
    """What a new document begins with."""
    names = {field.name for field in FIELDS[kind]}
    given: dict[str, Any] = {}
    if "place" in names:
        given["place"] = held.place if held else request.POST.get("place", "").strip()
    if "language" in names:
        given["language"] = language()
    if kind == "commitments":
        given |= {"lead": request.POST.get("actor", "").strip(), "status": "not-started"}
    if kind == "flows":
        given |= {"year": str(store.today().year), "earmarking": Earmarking.NOT_KNOWN.value}
    if held is not None:
        given["commitment"] = held.slug
    return {name: value for name, value in given.items() if value}


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
