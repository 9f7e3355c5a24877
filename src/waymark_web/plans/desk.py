"""More of the desk: history and undo, changing many at once, files, lists kept under a name."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.exceptions import WaymarkError
from waymark.plans.procedure import Role
from waymark.plans.vocabulary import Status
from waymark.words import Sentence, folded
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import (
    PERMISSIONS,
    Action,
    all_roles,
    may,
    visible_versions,
)
from waymark_web.audit.chain import PUBLISHING
from waymark_web.audit.models import Event
from waymark_web.languages import language
from waymark_web.plans import files, models, writes
from waymark_web.plans.authors import may_edit
from waymark_web.plans.capacity_rows import sides
from waymark_web.plans.checks import InvalidError
from waymark_web.plans.differences import differences, label_of
from waymark_web.plans.fields import FIELDS
from waymark_web.plans.pages import as_download
from waymark_web.plans.published import owner_of, published_value
from waymark_web.plans.queries import answered, asked, open_versions_of

MOST_EVENTS = 200
MOST_AT_ONCE = 500
VERBS = {
    "began": Sentence("began a version"),
    "saved": Sentence("saved"),
    "set aside": Sentence("wrote this while somebody else saved; it was set aside"),
    "submitted": Sentence("submitted"),
    "draft": Sentence("took it back"),
    "returned": Sentence("returned it"),
    "published": Sentence("published"),
    "compared": Sentence("compared it with what was published"),
    "discarded": Sentence("gave the draft up"),
    "commented": Sentence("commented"),
    "edited with others": Sentence("changed it together with others"),
    "attached": Sentence("added a file"),
    "detached": Sentence("took a file away"),
}


@login_required
@require_safe
def history(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Who changed what, when and why, with the differences; and the way back."""
    _demand_history(request.user, kind, slug)
    newest = Event.objects.filter(kind=kind, subject=slug).order_by("-number")[:MOST_EVENTS]
    events = _readable(request.user, kind, slug, reversed(newest))
    names = dict(
        Account.objects.filter(pk__in={each.account for each in events}).values_list("pk", "name")
    )
    rows: list[dict[str, Any]] = []
    before: dict[str, Any] | None = None
    for event in events:
        changed = (
            list(differences(kind, before, event.document)) if event.document is not None else []
        )
        rows.append(
            {
                "event": event,
                "said": VERBS.get(event.verb),
                "who": names.get(event.account, ""),
                "reason": event.details.get("reason", ""),
                "differences": changed,
            }
        )
        if event.document is not None and event.verb != "set aside":
            before = event.document
    context = {
        "kind": kind,
        "slug": slug,
        "label": label_of(kind),
        "rows": list(reversed(rows)),
        "most": MOST_EVENTS,
    }
    return render(request, "plans/history.html", context)


@login_required
@require_POST
def bring_back(request: HttpRequest, number: int) -> HttpResponse:
    """Undo: a new draft that holds what an event recorded."""
    event = get_object_or_404(Event, number=number)
    if event.document is None or event.kind not in FIELDS:
        raise Http404
    _demand_history(request.user, event.kind, event.subject)
    if not _readable(request.user, event.kind, event.subject, [event]):
        raise PermissionDenied
    try:
        version = writes.bring_back(event.kind, event.subject, event.document, request.user)  # type: ignore[arg-type]
    except writes.RefusedError as refused:
        messages.error(request, refused.reason.text(language()))
        return redirect("history", kind=event.kind, slug=event.subject)
    return redirect("version", pk=version.pk)


def _demand_history(account: Any, kind: str, slug: str) -> None:
    """History names people and shows drafts: it is for those who may read the versions."""
    if kind not in FIELDS:
        raise Http404
    if visible_versions(account).filter(kind=kind, subject=slug).exists():
        return
    actor, place = owner_of(kind, slug)
    if not may(account, Action.READ_VERSION, actor=actor, place=place):
        raise PermissionDenied


def _readable(account: Any, kind: str, slug: str, events: Iterable[Event]) -> list[Event]:
    """Each side of a request reads its own drafts, and of the other side what is published."""
    value = published_value(kind, slug) if kind == "capacity_requests" else None
    if value is None:
        return list(events)
    both = sides(value)
    return [
        each
        for each in events
        if each.verb in PUBLISHING
        or may(account, Action.READ_VERSION, actor=each.actor, place=both.get(each.actor, ""))
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_many(request: HttpRequest) -> HttpResponse:
    """Change the same field of many commitments, or confirm what a rule proposed."""
    if not PERMISSIONS[Action.BULK_EDIT] & all_roles(request.user):
        raise PermissionDenied
    chosen = request.POST.getlist("slug")[: MOST_AT_ONCE + 1]
    problems: list[str] = []
    if request.method == "POST":
        try:
            count = writes.edit_many(
                chosen,
                _changes(request.POST),
                request.user,  # type: ignore[arg-type]
                request.POST.get("why", ""),
            )
        except writes.RefusedError as refused:
            problems = [refused.reason.text(language())]
        except InvalidError as invalid:
            problems = [str(invalid)]
        else:
            said = Sentence("Changed and published: {count}.", count=count)
            messages.success(request, said.text(language()))
            return redirect(f"{request.path}?{request.POST.get('query', '')}")
    question = asked(
        request.GET if request.method != "POST" else QueryDict(request.POST.get("query", ""))
    )
    rows = [
        row
        for row in answered(question).select_related("lead")[:MOST_AT_ONCE]
        if may(request.user, Action.BULK_EDIT, place=row.place)
    ]
    context = {
        "rows": rows,
        "chosen": set(chosen),
        "problems": problems,
        "busy": open_versions_of([row.slug for row in rows]),
        "statuses": list(Status),
        "plans": models.Plan.objects.filter(country__in={row.country for row in rows}),
        "query": request.GET.urlencode() or request.POST.get("query", ""),
        "most": MOST_AT_ONCE,
    }
    return render(request, "plans/edit_many.html", context, status=422 if problems else 200)


def _changes(given: QueryDict) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if len(given.getlist("slug")) > MOST_AT_ONCE:
        raise writes.RefusedError(Sentence("At most {most} at once.", most=MOST_AT_ONCE))
    if given.get("confirm"):
        changes["proposed"] = False
    if given.get("status"):
        changes["status"] = given["status"]
        changes["status_because"] = given.get("why", "")
    if given.get("plan"):
        changes["plan"] = given["plan"]
    if given.get("due"):
        changes["due"] = given["due"]
    if not changes or not given.getlist("slug"):
        raise writes.RefusedError(Sentence("Choose commitments, and something to change."))
    return changes


@login_required
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file with a draft."""
    version = get_object_or_404(visible_versions(request.user), pk=pk)
    if not may_edit(version, request.user):
        raise PermissionDenied
    file = request.FILES.get("file")
    try:
        if file is None:
            raise writes.RefusedError(Sentence("Choose a file first."))
        files.attach(pk, file, request.user, public="public" in request.POST)  # type: ignore[arg-type]
    except writes.RefusedError as refused:
        messages.error(request, refused.reason.text(language()))
    return redirect("version", pk=pk)


@login_required
@require_POST
def detach(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take a file away from a draft."""
    get_object_or_404(visible_versions(request.user), pk=pk)
    try:
        files.detach(pk, file, request.user)  # type: ignore[arg-type]
    except writes.RefusedError as refused:
        messages.error(request, refused.reason.text(language()))
    return redirect("version", pk=pk)


@login_required
@require_safe
def file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """A file of a version that the account may read."""
    version = get_object_or_404(visible_versions(request.user), pk=pk)
    return as_download(get_object_or_404(version.attachments, pk=file))


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep a list under a name and an address that stays."""
    title = " ".join(request.POST.get("title", "").split())[:120]
    if not title:
        raise WaymarkError("A list needs a name.", "Go back and write one.")
    if not all_roles(request.user) - {Role.READER}:
        raise PermissionDenied
    query = QueryDict(request.POST.get("query", "")[:2000], mutable=True)
    query.pop("page", None)
    asked(query)  # what cannot be asked is not kept
    stem = re.sub(r"[^a-z0-9]+", "-", folded(title)).strip("-")[:40] or "list"
    slug = f"{stem}-{secrets.token_hex(3)}"
    models.SavedView.objects.create(
        slug=slug,
        title=title,
        query=query.urlencode(),
        account=request.user,  # type: ignore[misc]
    )
    return redirect("saved-view", slug=slug)
