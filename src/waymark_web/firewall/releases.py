"""The desk of releases: somebody files counts, two others review them without seeing each other."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.exceptions import WaymarkError
from waymark.firewall.procedure import ReleaseState, Verdict
from waymark.plans.procedure import Role
from waymark.words import Sentence
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import PERMISSIONS, Action, all_roles, may
from waymark_web.firewall import blinding, uploads, writes
from waymark_web.firewall.desk import RequestTooLargeError
from waymark_web.firewall.models import Release
from waymark_web.firewall.pages import said
from waymark_web.languages import language
from waymark_web.plans.authors import organisations
from waymark_web.plans.lists import place_choices
from waymark_web.plans.models import Actor
from waymark_web.plans.writes import RefusedError

MOST = 100
MOST_SHOWN = 20_000  # letters of a document on a page; the file holds all


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest) -> HttpResponse:
    """The releases that one may see, and a form to file one."""
    held = all_roles(request.user)
    if not (PERMISSIONS[Action.FILE_RELEASE] | PERMISSIONS[Action.REVIEW_RELEASE]) & held:
        raise PermissionDenied
    if request.method != "POST":
        return _releases(request)
    if not uploads.is_readable(request):
        raise RequestTooLargeError
    try:
        made = writes.file_release(
            uploads.counts_in(request.FILES.get("file")),
            uploads.words_in(request, "title", writes.MOST_OF_A_TITLE),
            uploads.words_in(request, "purpose"),
            request.user,  # type: ignore[arg-type]
            actor=request.POST.get("actor", ""),
            place=request.POST.get("place", ""),
        )
    except (RefusedError, WaymarkError) as error:
        return _releases(request, problem=said(error), given=request.POST, status=422)
    messages.success(request, Sentence("It waits for two reviewers.").text(language()))
    return redirect("release", pk=made.pk)


def _releases(request: HttpRequest, *, status: int = 200, **given: object) -> HttpResponse:
    user = request.user
    files = bool(PERMISSIONS[Action.FILE_RELEASE] & all_roles(user))
    own = Actor.objects.filter(slug__in=organisations(user)).values_list("slug", "name")
    context = {
        **given,
        "releases": blinding.visible_releases(user, MOST),  # type: ignore[arg-type]
        "files": files,
        "actors": [each for each in own if may(user, Action.FILE_RELEASE, actor=each[0])],
        "places": [
            each
            for each in (place_choices() if Role.COORDINATOR in all_roles(user) else ())
            if may(user, Action.FILE_RELEASE, place=each[0])
        ],
    }
    return render(request, "firewall/releases.html", context, status=status)


@login_required
@require_safe
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One release: what it holds, and one's own verdict; both verdicts once both are in."""
    return _release(request, _visible(request, pk))


@login_required
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one's verdict."""
    found = _visible(request, pk)
    try:
        verdict = Verdict(request.POST.get("verdict", ""))
    except ValueError:
        problem = Sentence("Choose: release it, or do not.").said(language())
        return _release(request, found, problem=problem, given=request.POST, status=422)
    try:
        because = uploads.words_in(request, "because")
        writes.review(pk, verdict, because, request.user)  # type: ignore[arg-type]
    except RefusedError as error:
        return _release(request, found, problem=said(error), given=request.POST, status=409)
    messages.success(request, Sentence("Your verdict is kept.").text(language()))
    return redirect("release", pk=pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one filed."""
    found = _visible(request, pk)
    try:
        writes.withdraw_release(pk, request.user)  # type: ignore[arg-type]
    except RefusedError as error:
        return _release(request, found, problem=said(error), status=409)
    messages.success(request, Sentence("It is withdrawn.").text(language()))
    return redirect("release", pk=pk)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The counts as they were filed: for anybody once released, before that for who may see it."""
    found = blinding.one(pk)
    if found is None:
        raise Http404
    is_public = found.state == ReleaseState.RELEASED
    if not is_public and not (
        isinstance(request.user, Account) and blinding.may_see(found, request.user)
    ):
        raise PermissionDenied
    response = HttpResponse(bytes(found.content), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="release-{found.sha256[:12]}.json"'
    if not is_public:
        response["Cache-Control"] = "no-store"
    return response


def _visible(request: HttpRequest, pk: int) -> Release:
    found = blinding.one(pk)
    if found is None:
        raise Http404
    if not blinding.may_see(found, request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    return found


def _release(
    request: HttpRequest, found: Release, *, status: int = 200, **given: object
) -> HttpResponse:
    shown = json.dumps(uploads.document_of(bytes(found.content)), ensure_ascii=False, indent=2)
    context = {
        **given,
        "release": blinding.seen(found, request.user),  # type: ignore[arg-type]
        "document": shown[:MOST_SHOWN],
        "is_cut": len(shown) > MOST_SHOWN,
        "verdicts": list(Verdict),
    }
    return render(request, "firewall/release.html", context, status=status)
