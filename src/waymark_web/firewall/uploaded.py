"""The audit of what a reader sends, as a file or as text. Nothing of it is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from waymark.exceptions import WaymarkError
from waymark.words import Sentence
from waymark_web import store
from waymark_web.firewall import audits, shipped, uploads
from waymark_web.firewall.pages import FORMS, as_file, as_page, day_in, said
from waymark_web.languages import language
from waymark_web.plans.writes import RefusedError

TOO_LARGE = Sentence("That is more than can be sent here at once, or it was cut off on the way.")


@never_cache
@csrf_exempt  # it changes and keeps nothing, and a reader gets no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest) -> HttpResponse:
    """A form for arrangements; what is sent comes back as an audit, or with what is wrong in it."""
    if request.method != "POST":
        text = shipped.example() if "example" in request.GET else ""
        return _form(request, text=text, as_of=store.today().isoformat())
    if not uploads.is_readable(request):
        return _form(request, problem=TOO_LARGE.said(language()), status=413)
    text, as_of = request.POST.get("text", ""), request.POST.get("as_of", "")
    files = request.FILES.getlist("file")
    at = "file" if files else "text"
    try:
        day = day_in(as_of, store.today())
    except WaymarkError as error:
        return _form(request, text=text, as_of=as_of, day_problem=said(error), status=422)
    try:
        network = uploads.network_in(files, text)
        found = audits.audited(network, day, language())
    except (RefusedError, WaymarkError) as error:
        text = uploads.text_of(files) or text  # so that it can be mended here
        return _form(request, text=text, as_of=as_of, problem=said(error), at=at, status=422)
    if request.POST.get("format") in FORMS:
        return as_file(found, request.POST["format"], "of-a-file")
    source = uploads.as_yaml(network)
    sendable = len(source.encode()) <= uploads.LARGEST
    return as_page(request, found, uploaded=True, source=source if sendable else "")


def _form(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    context |= {"most": uploads.LARGEST // 1000, "domain": shipped.domain()}
    return render(request, "firewall/audit_form.html", context, status=status)
