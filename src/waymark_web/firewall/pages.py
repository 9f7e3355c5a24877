"""Public pages of the firewall: known cases, places, the rules, the threats, counts released."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.compact.answers import Answer
from waymark.exceptions import NotFoundError, WaymarkError
from waymark.firewall.audits.network import Network
from waymark.firewall.domain import Request
from waymark.firewall.sharing.rules import decide
from waymark.firewall.threats import load_threats
from waymark.words import Said
from waymark_web import store
from waymark_web.firewall import shipped, writes
from waymark_web.firewall.audits import Audited, audited, of_case
from waymark_web.firewall.blinding import released
from waymark_web.firewall.models import Proposal
from waymark_web.languages import language
from waymark_web.plans.places import name_of
from waymark_web.plans.writes import RefusedError

FORMS = {"pdf": "application/pdf", "json": "application/json"}
ANSWERS = {"yes": True, "no": False}
MOST_LISTED = 200


@require_safe
def firewall(request: HttpRequest) -> HttpResponse:
    """What the known cases show, and what can be done here."""
    cases = [
        (shipped.case(name), name, [of_case(name, day, language()) for day in days])
        for name, days in shipped.CASES.items()
    ]
    kept = Proposal.objects.filter(state="confirmed").order_by("place").values_list("place")
    context = {
        "cases": cases,
        "broken": sum(shown[0].answer is Answer.NO for _, _, shown in cases),
        "places": [place for (place,) in kept.distinct()],
    }
    return render(request, "firewall/firewall.html", context)


@require_safe
def case(request: HttpRequest, name: str) -> HttpResponse:
    """The audit of a known case, on one of its days."""
    days = shipped.days_of(name)
    found = of_case(name, day_in(request.GET.get("as_of"), days[0]), language())
    if request.GET.get("format") in FORMS:
        return as_file(found, request.GET["format"], name)
    return as_page(request, found, days=days, name=name)


@require_safe
def place(request: HttpRequest, place: str) -> HttpResponse:
    """The audit of what two people agreed on for a place."""
    held = writes.current(place)
    if held is None:
        raise NotFoundError(
            f"Nobody has written down the arrangements of '{place}' here yet.",
            "A coordinator of the place can propose them; anybody can audit a file of their own.",
        )
    as_of = day_in(request.GET.get("as_of"), store.today())
    found = audited(network_of(held), as_of, language())
    if request.GET.get("format") in FORMS:
        return as_file(found, request.GET["format"], place)
    return as_page(request, found, held=held, place=name_of(place))


def network_of(held: Proposal) -> Network:
    """The network that a row holds, as long as it is the one on which people decided."""
    if writes.digest_of(held.document) != held.digest:
        raise WaymarkError(
            f"The arrangements of '{held.place}' were changed outside this site.",
            "Ask whoever runs it to compare them with the record of events.",
        )
    return Network.model_validate(held.document)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The model rules, what was proved of them, and an answer to one request."""
    domain, given = shipped.domain(), request.GET
    chosen = {name: given.get(name, "") for name in ("from", "to", "for", "data")}
    context: dict[str, object] = {
        "domain": domain,
        "rules": shipped.rules(),
        "verdicts": shipped.verdicts(),
        "certificate": shipped.certificate(),
        "facts": [(fact, given.get(fact.id, "")) for fact in domain.facts],
        "chosen": chosen,
    }
    if all(chosen.values()):
        facts = tuple(ANSWERS.get(given.get(fact.id, "")) for fact in domain.facts)
        asked = Request(
            chosen["from"], chosen["to"], chosen["for"], "not-known", chosen["data"], facts
        )
        context["decision"] = decide(shipped.rules(), domain, asked)
        context["permitted"] = shipped.gatekeeper().permits(asked)  # the proved table answers
        context["not_known"] = [
            fact for fact, answer in zip(domain.facts, facts, strict=True) if answer is None
        ]
    return render(request, "firewall/rules.html", context)


@require_safe
def threats(request: HttpRequest) -> HttpResponse:
    """What can go wrong, what is done about it, how that is tested, and what remains."""
    found = [
        (threat, [(name, shipped.case(name).title) for name in threat.cases])
        for threat in load_threats()
    ]
    return render(request, "firewall/threats.html", {"threats": found})


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The counts that two reviewers let through."""
    rows = list(released()[:MOST_LISTED])
    return render(request, "firewall/counts.html", {"releases": rows})


def said(error: RefusedError | WaymarkError) -> Said:
    """A refusal or an error in words, with the language that they are in."""
    if isinstance(error, RefusedError):
        return error.reason.said(language())
    return Said(str(error), "en")


def day_in(given: str | None, default: date) -> date:
    """The day in an address or a form."""
    try:
        return date.fromisoformat(given) if given else default
    except ValueError:
        raise WaymarkError(f"'{given}' is not a date.", "Write it as 2026-11-23.") from None


def as_file(found: Audited, form: str, name: str) -> HttpResponse:
    """An audit as a PDF or as JSON."""
    response = HttpResponse(found.file(form), content_type=FORMS[form])
    response["Content-Disposition"] = f'inline; filename="waymark-audit-{name}.{form}"'
    return response


def as_page(request: HttpRequest, found: Audited, **context: object) -> HttpResponse:
    """An audit as a page."""
    told = found.told
    words = told["words"]
    repairs = [
        (words[part], [each for each in told["repair"] if each["part"] == part], words[more])
        for part, more in (("repair", "more_repair"), ("to-show", "more_to_show"))
    ]
    context |= {
        "audited": found,
        "told": told,
        "repairs": [each for each in repairs if each[1]],
        "chains": [
            {**each, "steps": list(zip(each["hops"], each["sources"], strict=True))}
            for each in told["chains"]
        ],
    }
    return render(request, "firewall/audit.html", context)
