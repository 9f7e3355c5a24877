"""Flows: who gives to whom, as a picture and as a table of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.finance.choices import By, Sum
from waymark.finance.constant import ConstantSum
from waymark.finance.sums import Measure
from waymark.words import N_, RIGHT_TO_LEFT, Sentence, count_phrase
from waymark_web import store
from waymark_web.finance import reported
from waymark_web.finance.asked import Asked, asked
from waymark_web.finance.exports import as_file, why
from waymark_web.finance.names import plain_name
from waymark_web.finance.prices import priced
from waymark_web.finance.sankey import OTHERS, Band, gathered, sankey
from waymark_web.finance.tables import HEADS, Cell
from waymark_web.languages import language
from waymark_web.plans.lists import place_choices

ON_A_PAGE = 50
CHOICES = (Measure.SPENT, Measure.SECURED, Measure.PASSED_ON, Measure.RECEIVED, Measure.PLANNED)
COLUMNS = (
    "provider", "provider_name", "receiver", "receiver_name",
    "measure", "currency", "amount", "rows",
)  # fmt: skip


@require_safe
def flows(request: HttpRequest) -> HttpResponseBase:
    """The flows that a question asks for: the largest drawn, all of them in a table."""
    question = with_measure(asked(request.GET))
    found = flows_of(question)
    if request.GET.get("format") == "csv":
        return as_file(_lines(question, found), "money-flows")
    pages = Paginator(found, ON_A_PAGE)
    try:
        page = pages.page(request.GET.get("page") or 1)
    except PageNotAnInteger:
        raise Http404 from None
    except EmptyPage:
        page = pages.page(pages.num_pages)
    names = Names(question, page.object_list)
    currencies = {each.currency for each in found}
    context: dict[str, Any] = {
        **priced(question.base, reported.conversion(question)),
        "asked": question,
        "place": store.framework().places.get(question.place or ""),
        "page": page,
        "count": pages.count,
        "lines": [(*names.ends(each), _cell(each, question)) for each in page],
        "rest": "&" + question.query,
        "currency": currencies.pop() if len(currencies) == 1 else None,
        "answer": _stated_answer(question),
        "drawn": any(each.amount is not None and each.amount > 0 for each in found),
        "below": sum(each.amount is not None and each.amount <= 0 for each in found),
        "unknown": sum(each.amount is None for each in found),
        "places": place_choices(),
        "choices": [(each, Sentence(HEADS[each])) for each in CHOICES],
    }
    return render(request, "finance/flows.html", context)


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The picture alone, in the currency of the most rows."""
    question = with_measure(asked(request.GET))
    found = flows_of(question)
    currency = _most_common(found)
    chosen = [
        (each, each.amount)
        for each in found
        if each.amount is not None and each.amount > 0 and each.currency == currency
    ]
    bands = gathered(
        Band(str(each.group[0]), str(each.group[1]), amount) for each, amount in chosen
    )
    shown = {(band.giver, band.receiver) for band in bands}
    names = Names(question, [each for each, _ in chosen if shown & _partly(each)])
    drawn = sankey(
        bands,
        giver=names.giver,
        receiver=names.receiver,
        amount=lambda amount: Sentence(
            "{amount} {currency}", amount=round(amount), currency=currency
        ).text(language()),
        title=_stated_answer(question).text(language()),
        form=request.GET.get("size", "wide"),
        mirrored=language() in RIGHT_TO_LEFT,
    )
    response = HttpResponse(drawn, content_type="image/svg+xml")
    if question.base is None:  # price levels can change from one moment to the next
        response["Cache-Control"] = "public, max-age=3600"
    return response


class Names:
    """What the organisations of some flows are called on the page."""

    def __init__(self, question: Asked, found: Sequence[Sum | ConstantSum]) -> None:
        self._givers, self._receivers = (
            reported.names(question, by, {str(each.group[at]) for each in found})
            for at, by in enumerate((By.PROVIDER, By.RECEIVER))
        )

    def giver(self, key: str) -> str:
        """Who gives."""
        return _said(key, self._givers)

    def receiver(self, key: str) -> str:
        """Who receives."""
        return _said(key, self._receivers)

    def ends(self, each: Sum | ConstantSum) -> tuple[str, str]:
        """Who gives and who receives."""
        return self.giver(str(each.group[0])), self.receiver(str(each.group[1]))


def _said(key: str, known: dict[str, str]) -> str:
    if key == OTHERS:
        return Sentence("others").text(language())
    return plain_name(key, known.get(key, ""))


def with_measure(question: Asked) -> Asked:
    """A picture has one measure: what was spent, unless another one is asked for."""
    return question if question.measure else question.but(measure=Measure.SPENT)


def flows_of(question: Asked) -> list[Sum | ConstantSum]:
    """What each gave to each, the largest first, and last what cannot be converted."""
    found = reported.sums(question, By.PROVIDER, By.RECEIVER)
    return sorted(
        found,
        key=lambda each: (each.amount is None, -(each.amount or 0), each.currency, each.group),
    )


def answer(question: Asked, found: list[Sum | ConstantSum]) -> Sentence:
    """The largest flow, in a sentence."""
    if not found:
        return Sentence("Not known: nothing of this was reported.")
    largest = found[0].amount
    if largest is None:
        return Sentence(
            "Not known: none of these flows can be converted to the prices of that year."
        )
    if largest <= 0:
        return count_phrase(
            "{count} flow was reported, of nothing or less.",
            "{count} flows were reported, each of nothing or less.",
            len(found),
        )
    provider, receiver = Names(question, found[:1]).ends(found[0])
    return Sentence(
        N_("The largest of {count} flows: {provider} to {receiver}, {amount} {currency}."),
        count=len(found),
        provider=provider,
        receiver=receiver,
        amount=round(largest),
        currency=found[0].currency,
    )


def _stated_answer(question: Asked) -> Sentence:
    stated = question.but(base=None)
    return answer(stated, flows_of(stated))


def _partly(each: Sum | ConstantSum) -> set[tuple[str, str]]:
    """A flow as it may stand in the picture: with either end among the others."""
    giver, receiver = str(each.group[0]), str(each.group[1])
    return {(one, other) for one in (giver, OTHERS) for other in (receiver, OTHERS)}


def _most_common(found: list[Sum | ConstantSum]) -> str:
    counts: Counter[str] = Counter()
    for each in found:
        counts[each.currency] += each.rows
    return max(sorted(counts), key=lambda one: counts[one], default="")


def _cell(each: Sum | ConstantSum, question: Asked) -> Cell:
    narrowed = question.but(
        provider=str(each.group[0]), receiver=str(each.group[1]), currency=each.currency
    )
    because = each.because if isinstance(each, ConstantSum) else ()
    return Cell(each.amount, each.rows, narrowed, because)


def _lines(question: Asked, found: list[Sum | ConstantSum]) -> Iterator[Sequence[object]]:
    yield COLUMNS if question.base is None else (*COLUMNS, "prices_of", "why_not_known")
    names = Names(question, found)
    for each in found:
        giver, receiver = names.ends(each)
        provider, to = each.group
        measure, currency = each.measure.value, each.currency
        because = why(each.because) if isinstance(each, ConstantSum) else ""
        rest = () if question.base is None else (question.base, because)
        yield provider, giver, to, receiver, measure, currency, each.amount, each.rows, *rest
