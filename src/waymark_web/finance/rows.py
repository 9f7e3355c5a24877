"""The rows behind a number: page by page, with release, row, reporter and activity."""

from __future__ import annotations

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.finance.choices import Sum
from waymark.finance.constant import ConstantSum
from waymark.finance.sums import Counted, Measure
from waymark.words import Sentence
from waymark_web import store
from waymark_web.finance import reported
from waymark_web.finance.asked import Asked, asked
from waymark_web.finance.exports import rows_as_csv
from waymark_web.finance.prices import priced
from waymark_web.finance.tables import HEADS

ON_A_PAGE = 50


class _Behind:
    """What a paginator pages through: rows that are read only for the page that is shown."""

    def __init__(self, question: Asked, count: int) -> None:
        self.question, self.count_of = question, count

    def count(self) -> int:
        return self.count_of

    def __len__(self) -> int:
        return self.count_of

    def __getitem__(self, part: slice) -> tuple[Counted, ...]:
        return reported.rows(self.question, part.start, part.stop - part.start)


def _in_order(each: Sum | ConstantSum) -> tuple[int, str]:
    return list(Measure).index(each.measure), each.currency


@require_safe
def rows(request: HttpRequest) -> HttpResponseBase:
    """The rows to which a question leads, and what they add up to."""
    question = asked(request.GET)
    if request.GET.get("format") == "csv":
        return rows_as_csv(reported.every_row(question), "money-rows", question.base)
    stated = reported.stated(question)
    pages = Paginator(_Behind(question, sum(each.rows for each in stated)), ON_A_PAGE)
    try:
        page = pages.page(request.GET.get("page") or 1)
    except PageNotAnInteger:
        raise Http404 from None
    except EmptyPage:
        page = pages.page(pages.num_pages)
    context = {
        **priced(question.base, reported.conversion(question)),
        "asked": question,
        "page": page,
        "count": pages.count,
        "sums": sorted(stated, key=_in_order),
        "constant": sorted(reported.sums(question), key=_in_order) if question.base else [],
        "rest": "&" + question.query if question.query else "",
        "place": store.framework().places.get(question.place or ""),
        "names": store.framework().places,
        "heads": {measure: Sentence(head) for measure, head in HEADS.items()},
    }
    return render(request, "finance/rows.html", context)
