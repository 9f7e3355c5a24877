"""Flows: who gives to whom, as a picture and as a table of all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.finance.sums import Measure
from waymark.words import N_, RIGHT_TO_LEFT, Sentence
from waymark_web import store
from waymark_web.finance import reported
from waymark_web.finance.asked import Asked, asked
from waymark_web.finance.exports import as_file
from waymark_web.finance.names import plain_name
from waymark_web.finance.sankey import OTHERS, Band, gathered, sankey
from waymark_web.finance.tables import HEADS, Cell
from waymark_web.languages import language
from waymark_web.plans.lists import place_choices

ON_A_PAGE = 50
CHOICES = (Measure.SPENT, Measure.SECURED, Measure.PASSED_ON, Measure.RECEIVED, Measure.PLANNED)


@require_safe
def flows(request: HttpRequest) -> HttpResponseBase:
    """The flows that a question asks for: the largest drawn, all of them in a table."""
    question = with_measure(asked(request.GET))
    found = flows_of(question)
    if request.GET.get("format") == "csv":
        return _file(found)
    pages = Paginator(found, ON_A_PAGE)
    try:
        page = pages.page(request.GET.get("page") or 1)
    except PageNotAnInteger:
        raise Http404 from None
    except EmptyPage:
        page = pages.page(pages.num_pages)
    context: dict[str, Any] = {
        "asked": question,
        "place": store.framework().places.get(question.place or ""),
        "page": page,
        "count": pages.count,
        "lines": [(*_ends(each), _cell(each, question)) for each in page],
        "rest": "&" + question.query,
        "currency": _only_currency(found),
        "answer": answer(found, question),
        "drawn": any(each.amount > 0 for each in found),
        "below": sum(each.amount <= 0 for each in found),
        "places": place_choices(),
        "choices": [(each, Sentence(HEADS[each])) for each in CHOICES],
    }
    return render(request, "finance/flows.html", context)


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The picture alone."""
    question = with_measure(asked(request.GET))
    found = flows_of(question)
    currency = _currency(found)
    bands = gathered(
        Band(str(each.key[0]), str(each.key[1]), each.amount)
        for each in found
        if each.amount > 0 and each.currency == currency
    )
    names = {key: name for each in found for key, name in zip(each.key, each.names, strict=True)}
    others = Sentence("others").text(language())
    drawn = sankey(
        bands,
        said=lambda key: others if key == OTHERS else plain_name(key, names[key]),
        amount=lambda amount: _amount(amount, currency),
        title=answer(found, question).text(language()),
        form=request.GET.get("size", "wide"),
        mirrored=language() in RIGHT_TO_LEFT,
    )
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def with_measure(question: Asked) -> Asked:
    """A picture has one measure: what was spent, unless another one is asked for."""
    return question if question.measure else question.but(measure=Measure.SPENT)


def flows_of(question: Asked) -> list[reported.Sum]:
    """What each gave to each, the largest first."""
    found = reported.sums(question, "provider", "receiver")
    return sorted(found, key=lambda each: (-each.amount, each.currency, tuple(map(str, each.key))))


def answer(found: list[reported.Sum], question: Asked) -> Sentence:
    """The largest flow, in a sentence."""
    largest = next((each for each in found if each.amount > 0), None)
    if largest is None:
        return Sentence("Not known: nothing of this was reported.")
    provider, receiver = _ends(largest)
    return Sentence(
        N_("The largest of {count} flows: {provider} to {receiver}, {amount} {currency}."),
        count=len(found),
        provider=provider,
        receiver=receiver,
        amount=round(largest.amount),
        currency=largest.currency,
    )


def _only_currency(found: list[reported.Sum]) -> str | None:
    currencies = {each.currency for each in found}
    return currencies.pop() if len(currencies) == 1 else None


def _currency(found: list[reported.Sum]) -> str:
    """The currency that is drawn: that of the most rows."""
    counts: dict[str, int] = {}
    for each in found:
        counts[each.currency] = counts.get(each.currency, 0) + each.rows
    return max(sorted(counts), key=lambda one: counts[one], default="")


def _amount(amount: Decimal, currency: str) -> str:
    return Sentence("{amount} {currency}", amount=round(amount), currency=currency).text(language())


def _ends(each: reported.Sum) -> tuple[str, str]:
    provider, receiver = (
        plain_name(str(key), name) for key, name in zip(each.key, each.names, strict=True)
    )
    return provider, receiver


def _cell(each: reported.Sum, question: Asked) -> Cell:
    narrowed = question.but(
        provider=str(each.key[0]), receiver=str(each.key[1]), currency=each.currency
    )
    return Cell(each.amount, each.rows, narrowed)


def _file(found: list[reported.Sum]) -> HttpResponseBase:
    head = [("provider", "provider_name", "receiver", "receiver_name", "measure", "currency")]
    lines = (
        (each.key[0], each.names[0], each.key[1], each.names[1], each.measure.value, each.currency)
        for each in found
    )
    amounts = (("amount", "rows"), *((each.amount, each.rows) for each in found))
    return as_file(
        ((*line, *rest) for line, rest in zip([*head, *lines], amounts, strict=True)),
        "money-flows",
    )
