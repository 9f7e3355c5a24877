"""Rows as a workbook: taken along, sent back changed, looked at, and kept or given up."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from waymark.exceptions import WaymarkError
from waymark.exchange.incoming import Incoming
from waymark.exchange.workbook.columns import sheets_of
from waymark.exchange.workbook.comparing import compare
from waymark.exchange.workbook.contents import Contents, Rows
from waymark.exchange.workbook.reading import LIMITS, read_workbook
from waymark.exchange.workbook.writing import write_workbook
from waymark.words import N_, Sentence
from waymark_web import store
from waymark_web.exchange import writes
from waymark_web.exchange.incoming import current
from waymark_web.exchange.own_rows import kinds_of, own_documents
from waymark_web.exchange.wording import lists_of_the_register, wording
from waymark_web.firewall.uploads import is_readable
from waymark_web.languages import language
from waymark_web.plans.files import safe_name
from waymark_web.plans.lists import place_choices
from waymark_web.plans.places import name_of
from waymark_web.plans.writes import RefusedError

SOURCE = "workbook"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_LARGE = N_("That is more than can be sent here at once, or it was cut off on the way.")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest) -> HttpResponse:
    """The way to one's rows as a workbook, and the way back."""
    if not kinds_of(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request)
    if not is_readable(request):
        return _page(request, Sentence(TOO_LARGE), status=413)
    file = request.FILES.get("file")
    try:
        content = _content(file)
        incoming = writes.tried(_compared(request.user, content, file.name or ""), request.user)  # type: ignore[arg-type, union-attr]
    except RefusedError as refused:
        return _page(request, refused.reason, status=422)
    except WaymarkError as error:
        return _page(request, _as_sentence(error), status=422)
    waiting = writes.keep(incoming, request.user, name=file.name or "", content=content)  # type: ignore[arg-type, union-attr]
    return redirect("incoming", token=waiting.token)


@never_cache
@login_required
@require_safe
def workbook_file(request: HttpRequest) -> HttpResponse:
    """One's rows as a workbook."""
    if not kinds_of(request.user):
        raise PermissionDenied
    place = request.GET.get("place", "").strip()
    try:
        documents = own_documents(request.user, place)
    except RefusedError as refused:
        return _page(request, refused.reason, status=422)
    said = language()
    about = [(Sentence(N_("For")).text(said), request.user.name)]  # type: ignore[union-attr]
    if place:
        about.append((Sentence(N_("Place")).text(said), name_of(place).said(said).text))
    contents = Contents(
        sheets=tuple(sheets_of(documents)),
        documents=documents,
        lists=lists_of_the_register(said),
        wording=wording(said),
        day=store.today(),
        about=tuple(about),
    )
    response = HttpResponse(write_workbook(contents), content_type=XLSX)
    name = safe_name(f"waymark-{place.lower() or 'rows'}-{store.today()}.xlsx")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _content(file: UploadedFile | None) -> bytes:
    if file is None or not file.size:
        raise RefusedError(Sentence(N_("Choose a file first.")))
    content = file.read(LIMITS.packed + 1)
    if len(content) > LIMITS.packed:
        most = LIMITS.packed // 1_000_000
        raise RefusedError(Sentence("A file has at most {most} megabytes.", most=most))
    return content


def _compared(account: Any, content: bytes, name: str) -> Incoming:
    rows = read_workbook(content, safe_name(name), lists_of_the_register(language()))
    return compare(rows, current(account, _wanted(rows)), SOURCE)


def _wanted(rows: Rows) -> dict[str, set[str]]:
    """The identifiers of all things that a workbook speaks of, by kind."""
    wanted: dict[str, set[str]] = {}
    for row in rows.rows:
        identifier = row.texts.get(row.sheet.key[0], "")
        if identifier:
            wanted.setdefault(row.sheet.kind, set()).add(identifier)
    return wanted


def _as_sentence(error: WaymarkError) -> Sentence:
    return Sentence("{said}", said=f"{error.problem} {error.remedy}".strip())


def _page(request: HttpRequest, problem: Sentence | None = None, status: int = 200) -> HttpResponse:
    context = {
        "problem": problem,
        "kinds": [wording(language()).sheet(kind) for kind in kinds_of(request.user)],
        "places": place_choices(),
        "most": LIMITS.packed // 1_000_000,
    }
    return render(request, "exchange/workbook.html", context, status=status)
