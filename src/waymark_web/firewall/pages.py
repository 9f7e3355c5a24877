"""Public pages of the firewall: cases, an audit of what somebody sends, rules, threats, places."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from waymark.compact.answers import Answer
from waymark.exceptions import NotFoundError, WaymarkError
from waymark.firewall.arrangements import Network
from waymark.firewall.audit import Audit, audit
from waymark.firewall.domain import Request
from waymark.firewall.drawing import as_svg
from waymark.firewall.report import as_json, as_pdf, document
from waymark.firewall.rules import decide
from waymark.firewall.threats import load_threats
from waymark_web import store
from waymark_web.firewall import shipped, writes
from waymark_web.languages import language
from waymark_web.plans.writes import RefusedError

FORMS = {"pdf": "application/pdf", "json": "application/json"}


@require_safe
def firewall(request: HttpRequest) -> HttpResponse:
    """What the firewall is, and what can be done here."""
    context = {
        "cases": [(name, shipped.case(name), days) for name, days in shipped.CASES.items()],
        "places": [
            store.framework().place(code)
            for code in writes.Proposal.objects.filter(state=writes.State.CONFIRMED)
            .order_by("place")
            .values_list("place", flat=True)
            .distinct()
        ],
    }
    return render(request, "firewall/firewall.html", context)


@require_safe
def case(request: HttpRequest, name: str) -> HttpResponse:
    """The audit of a known case, on one of its days."""
    network, days = shipped.case(name), shipped.CASES[name]
    as_of = _day(request.GET.get("as_of"), days[0])
    found = audit(network, shipped.domain(), as_of)
    return _answer(request, found, request.GET.get("format", ""), days=days, name=name)


@require_safe
def place(request: HttpRequest, place: str) -> HttpResponse:
    """The audit of what two people agreed on for a place."""
    found_place = store.framework().place(place)
    held = writes.current(found_place.id)
    if held is None:
        raise NotFoundError(
            f"Nobody has written down the arrangements of {found_place.id} yet.",
            "A coordinator can propose them.",
        )
    network = Network.model_validate(held.document)
    as_of = _day(request.GET.get("as_of"), store.today())
    found = audit(network, shipped.domain(), as_of)
    return _answer(
        request, found, request.GET.get("format", ""), held=held, place=found_place
    )


@csrf_exempt  # it changes and keeps nothing, and a reader gets no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def audit_file(request: HttpRequest) -> HttpResponse:
    """Audit what somebody sends, as a file or as text. Nothing of it is kept."""
    if request.method != "POST":
        return render(request, "firewall/audit_form.html", {"today": store.today()})
    file, text = request.FILES.get("file"), request.POST.get("text", "")
    try:
        content = file.read(writes.LARGEST + 1) if file else text.encode()
        network = writes.network_in(content, (file.name or "") if file else "arrangements.yaml")
        as_of = _day(request.POST.get("as_of"), store.today())
        found = audit(network, shipped.domain(), as_of)
    except (RefusedError, WaymarkError) as error:
        context = {"problem": _said(error), "text": text, "today": store.today()}
        return render(request, "firewall/audit_form.html", context, status=400)
    source = content.decode("utf-8-sig")
    return _answer(request, found, request.POST.get("format", ""), source=source)


def _said(error: Exception) -> str:
    if isinstance(error, RefusedError):
        return error.reason.text(language())
    return str(error)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The model rules, what was proved of them, and an answer to one request."""
    domain, given = shipped.domain(), request.GET
    context = {
        "domain": domain,
        "rules": shipped.rules(),
        "verdicts": shipped.verdicts(),
        "certificate": shipped.certificate(),
        "facts": [(fact, given.get(fact.id, "")) for fact in domain.facts],
        "chosen": {name: given.get(name, "") for name in ("from", "to", "for", "data")},
    }
    if all(context["chosen"].values()):
        answers = {"yes": True, "no": False}
        asked = Request(
            given["from"],
            given["to"],
            given["for"],
            "not-known",
            given["data"],
            tuple(answers.get(given.get(fact.id, "")) for fact in domain.facts),
        )
        context["permitted"] = shipped.gatekeeper().permits(asked)
        context["decision"] = decide(shipped.rules(), domain, asked)
    return render(request, "firewall/rules.html", context)


@require_safe
def threats(request: HttpRequest) -> HttpResponse:
    """What can go wrong, what is done about it, how that is tested, and what remains."""
    return render(request, "firewall/threats.html", {"threats": load_threats()})


def _day(given: str | None, default: date) -> date:
    try:
        return date.fromisoformat(given) if given else default
    except ValueError:
        raise WaymarkError(f"'{given}' is not a date.", "Write it as 2026-11-23.") from None


def _answer(request: HttpRequest, found: Audit, form: str, **context: object) -> HttpResponse:
    """An audit as a page, as a PDF or as JSON."""
    if form in FORMS:
        body = as_pdf(found, language()) if form == "pdf" else as_json(found, language())
        response = HttpResponse(body, content_type=FORMS[form])
        response["Content-Disposition"] = f'inline; filename="waymark-audit.{form}"'
        return response
    picture = as_svg(found, language())
    told = document(found, language())
    context |= {
        "audit": found,
        "told": told,
        "picture": mark_safe(picture),  # drawn by us; names in it are escaped
        "holds": found.answer is Answer.YES,
    }
    return render(request, "firewall/audit.html", context)
