"""A list of pledges, sent by a contributor or a coordinator: read, looked at, kept or not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from waymark.exceptions import WaymarkError
from waymark.exchange.pledges.drafts import draft_of
from waymark.exchange.pledges.files import read_source
from waymark.exchange.pledges.mappings import PledgeMapping, mapping_in, mapping_text
from waymark.exchange.source_tables import FaultsError, SourceTable
from waymark.reading import fault_of
from waymark.words import N_, NAMES_OF_LANGUAGES, Sentence
from waymark_web import store
from waymark_web.exchange import list_writes, writes
from waymark_web.exchange.models import Waiting
from waymark_web.exchange.own_rows import kinds_of
from waymark_web.exchange.pledge_columns import (
    SEPARATORS,
    columns,
    constants,
    mapping_from,
    suggestions,
    targets,
)
from waymark_web.exchange.pledge_reading import read_for
from waymark_web.firewall.uploads import is_readable
from waymark_web.languages import language
from waymark_web.plans.files import safe_name
from waymark_web.plans.writes import RefusedError

LARGEST = 3_000_000  # bytes of a list that is sent; the command takes larger ones
LARGEST_MAPPING = 200_000
MOST_ROWS = 2_000
TOO_LARGE = N_("That is more than can be sent here at once, or it was cut off on the way.")
SAY_WORDS = N_("Say what the marked words stand for: the lists of the register are closed.")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_list(request: HttpRequest) -> HttpResponse:
    """Where a list of pledges is sent, with its mapping where there is one."""
    _demand(request)
    if request.method != "POST":
        return _upload(request)
    if not is_readable(request):
        return _upload(request, Sentence(TOO_LARGE), status=413)
    file, given = request.FILES.get("file"), request.FILES.get("mapping")
    try:
        content = _content(file, LARGEST)
        form = _form(request)
        name = safe_name(file.name or "list.csv")  # type: ignore[union-attr]
        if given is not None and given.size:
            mapping = mapping_in(_content(given, LARGEST_MAPPING), safe_name(given.name or ""))
            form = _form_of(mapping)
            plain = mapping.model_dump(mode="json")
            _read(content, name, form)
        else:
            plain = draft_of(_read(content, name, form), store.framework()).mapping
    except RefusedError as refused:
        return _upload(request, refused.reason, status=422)
    except WaymarkError as error:
        return _upload(request, _plainly(error), status=422)
    waiting = list_writes.keep_list(
        content,
        request.user,  # type: ignore[arg-type]
        name=name,
        form=form,
        mapping=plain,
    )
    return redirect("pledge-columns", token=waiting.token)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_columns(request: HttpRequest, token: str) -> HttpResponse:
    """Where a person says what each column is; from there to the preview, or to a file."""
    _demand(request)
    waiting = Waiting.objects.filter(
        token=token, account=request.user.pk, source=list_writes.FILE
    ).first()
    if waiting is None or waiting.created < timezone.now() - writes.KEPT_FOR:
        raise Http404
    table = _read(list_writes.content_of(waiting), waiting.name, waiting.content["form"])
    mapping = waiting.content["mapping"]
    if request.method != "POST":
        return _columns(request, waiting, table, mapping)
    if request.POST.get("action") == "forget":
        list_writes.forget(waiting)
        messages.success(request, Sentence(N_("Nothing of the list was kept.")).text(language()))
        return redirect("pledge-list")
    mapping = mapping_from(request.POST, table, mapping)
    list_writes.remember(waiting, mapping)
    if request.POST.get("action") == "columns":
        return redirect("pledge-columns", token=token)
    try:
        whole = PledgeMapping.model_validate({**mapping, "confirmed": True})
    except ValidationError as error:
        said = Sentence("{said}", said=f"{fault_of(error)}.")
        return _columns(request, waiting, table, mapping, said, status=422)
    if request.POST.get("action") == "download":
        return _file(whole, waiting)
    if any(question.unread for question in columns(table, mapping)):
        return _columns(request, waiting, table, mapping, Sentence(SAY_WORDS), status=422)
    return _preview(request, waiting, table, whole)


def _preview(
    request: HttpRequest, waiting: Waiting, table: SourceTable, mapping: PledgeMapping
) -> HttpResponse:
    account: Any = request.user
    try:
        incoming = read_for(account, table, mapping)
        if not incoming.faults:
            incoming = writes.tried(incoming, account)
    except RefusedError as refused:
        plain = waiting.content["mapping"]
        return _columns(request, waiting, table, plain, refused.reason, status=422)
    content = list_writes.content_of(waiting)
    kept = writes.keep(incoming, account, name=waiting.name, content=content)
    return redirect("incoming", token=kept.token)


def _demand(request: HttpRequest) -> None:
    if "commitments" not in kinds_of(request.user):
        raise PermissionDenied


def _content(file: UploadedFile | None, most: int) -> bytes:
    if file is None or not file.size:
        raise RefusedError(Sentence(N_("Choose a file first.")))
    content = file.read(most + 1)
    if len(content) > most:
        raise RefusedError(
            Sentence("A file has at most {most} megabytes.", most=max(1, most // 1_000_000))
        )
    return content


def _form(request: HttpRequest) -> dict[str, Any]:
    """Where in the file the list stands, as its sender says."""
    row = request.POST.get("header", "1").strip() or "1"
    if not row.isascii() or not row.isdigit() or not 1 <= int(row) <= 1000:
        raise RefusedError(Sentence(N_("The row with the names is a number from 1 to 1000.")))
    return {
        "sheet": request.POST.get("sheet", "").strip()[:100] or None,
        "header": int(row),
        "encoding": None,
        "delimiter": None,
    }


def _form_of(mapping: PledgeMapping) -> dict[str, Any]:
    return mapping.model_dump(mode="json", include={"sheet", "header", "encoding", "delimiter"})


def _read(content: bytes, name: str, form: dict[str, Any]) -> SourceTable:
    try:
        table = read_source(
            content,
            name,
            encoding=form["encoding"],
            delimiter=form["delimiter"],
            sheet=form["sheet"],
            header_row=form["header"],
        )
    except FaultsError as error:
        raise WaymarkError(" ".join(map(str, error.faults[:5]))) from None
    if len(table.rows) > MOST_ROWS:
        problem = f"The list has {len(table.rows):,} rows; {MOST_ROWS:,} are taken here."
        raise WaymarkError(problem, "Divide it, or use the command.")
    return table


def _file(mapping: PledgeMapping, waiting: Waiting) -> HttpResponse:
    """The mapping as a file, to be used with the next list of this form."""
    plain = mapping.model_dump(mode="json", exclude_defaults=True)
    text = mapping_text({**plain, "confirmed": True}, {})
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    name = safe_name(f"{waiting.name.rpartition('.')[0] or waiting.name}.yaml")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plainly(error: WaymarkError) -> Sentence:
    return Sentence("{said}", said=f"{error.problem} {error.remedy}".strip())


def _upload(
    request: HttpRequest, problem: Sentence | None = None, status: int = 200
) -> HttpResponse:
    waiting = Waiting.objects.filter(
        account=request.user.pk,
        source=list_writes.FILE,
        created__gte=timezone.now() - writes.KEPT_FOR,
    ).first()
    context = {"problem": problem, "waiting": waiting, "most": LARGEST // 1_000_000}
    return render(request, "exchange/pledge_list.html", context, status=status)


def _columns(
    request: HttpRequest,
    waiting: Waiting,
    table: SourceTable,
    mapping: dict[str, Any],
    problem: Sentence | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = columns(table, mapping)
    context = {
        "waiting": waiting,
        "problem": problem,
        "unread": any(question.unread for question in asked),
        "said": table.said,
        "rows": len(table.rows),
        "columns": asked,
        "targets": targets(),
        "constants": constants(mapping),
        "separators": [(value, Sentence(label).text(language())) for value, label in SEPARATORS],
        "actors": list(suggestions()),
        "mapping": mapping,
        "dates": ", ".join(mapping.get("dates", ())),
        "languages": list(NAMES_OF_LANGUAGES.items()),
    }
    return render(request, "exchange/pledge_columns.html", context, status=status)
