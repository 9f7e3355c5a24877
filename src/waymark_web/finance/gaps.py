"""Gaps by year: which commitments lack how much, and in which year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.exceptions import WaymarkError
from waymark.finance.constant import by_year
from waymark.finance.conversions import conversion_of
from waymark.finance.funding import Money
from waymark.words import N_, Sentence
from waymark_web import store
from waymark_web.finance import held
from waymark_web.finance.asked import YEAR, base_of
from waymark_web.finance.exports import as_file, why
from waymark_web.finance.prices import priced
from waymark_web.plans.lists import place_choices
from waymark_web.plans.queries import answered
from waymark_web.plans.queries import asked as asked_of_register

ON_A_PAGE = 25
WINDOW = 6  # years on a page
SORTS = {
    "gap": N_("largest gap first"),
    "-gap": N_("smallest gap first"),
    "id": N_("identifier"),
}
COLUMNS = (
    "commitment", "place", "year", "currency", "prices_of",
    "cost", "secured", "spent", "gap", "why_not_known",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which gaps: the place and the objective as they were asked, the first year, the order, and
    the year in whose prices; None leaves amounts as stated."""

    place: str
    provision: str
    first: int
    sort: str
    base: int | None = None

    @property
    def years(self) -> range:
        """The years that are shown."""
        return range(self.first, self.first + WINDOW)

    @property
    def narrowed(self) -> QueryDict:
        """The place and the objective as the register's lists are asked."""
        query = QueryDict(mutable=True)
        query.update({name: getattr(self, name) for name in ("place", "provision")})
        return query

    @property
    def query(self) -> str:
        """The question as the query of an address."""
        query = QueryDict(mutable=True)
        for name in ("place", "provision", "sort", "first", "base"):
            if getattr(self, name):
                query[name] = str(getattr(self, name))
        return query.urlencode()


def wanted(query: QueryDict) -> Wanted:
    """Read which gaps are asked for. Raises ``WaymarkError`` for what is not understood."""
    first, sort = query.get("first", "").strip(), query.get("sort") or "gap"
    if first and not YEAR.fullmatch(first):
        raise WaymarkError(f"'{first}' is not a year.", "Write it as 2027.")
    if sort not in SORTS:
        raise WaymarkError(f"'{sort}' is not an order.", f"Use one of {', '.join(SORTS)}.")
    narrowed = QueryDict(mutable=True)
    narrowed.update({name: query.get(name, "") for name in ("place", "provision")})
    parts = asked_of_register(narrowed).parts
    return Wanted(
        parts.get("place", ""),
        parts.get("provision", ""),
        int(first) if first else store.today().year,
        sort,
        base_of(query),
    )


@require_safe
def gaps(request: HttpRequest) -> HttpResponseBase:
    """Commitments by years, page by page, or all of them as a file."""
    asked = wanted(request.GET)
    order, count = _ordered(replace(asked, base=None), store.stamp())
    if request.GET.get("format") == "csv":
        return as_file(_lines(order, asked.base), "money-gaps")
    pages = Paginator(order, ON_A_PAGE)
    try:
        page = pages.page(request.GET.get("page") or 1)
    except PageNotAnInteger:
        raise Http404 from None
    except EmptyPage:
        page = pages.page(pages.num_pages)
    shown = held.rows_of(page.object_list)
    prices = store.prices()
    rests_on = conversion_of((each.money for each in shown), prices, asked.base)
    context: dict[str, Any] = {
        **priced(asked.base, rests_on),
        "asked": asked,
        "page": page,
        "rows": [(each, *_cells(each.years(asked.base, prices), asked.years)) for each in shown],
        "rest": "&" + asked.query,
        "answer": _answer(asked, order, count),
        "silent": count - len(order),
        "earlier": max(1900, asked.first - WINDOW),
        "later": asked.first + WINDOW,
        "places": place_choices(),
        "objectives": store.framework().objectives,
        "sorts": [(name, Sentence(label)) for name, label in SORTS.items()],
    }
    return render(request, "finance/gaps.html", context)


@lru_cache(maxsize=64)
def _ordered(asked: Wanted, _stamp: str) -> tuple[list[str], int]:
    """The commitments of which a flow tells, in the order asked for, and how many there are."""
    rows = held.live(answered(asked_of_register(asked.narrowed)))
    found = held.with_money(rows)
    if asked.sort == "id":
        return sorted(found), rows.count()
    sign = -1 if asked.sort == "gap" else 1
    by = store.prices()
    gaps_of = {slug: held.to_compare(money, asked.years, by) for slug, money in found.items()}
    known = sorted((sign * gap, slug) for slug, gap in gaps_of.items() if gap is not None)
    unknown = sorted(slug for slug, gap in gaps_of.items() if gap is None)
    return [slug for _, slug in known] + unknown, rows.count()


def _cells(
    money: Mapping[int, Money], years: Iterable[int]
) -> tuple[list[tuple[int, Money]], Decimal | None]:
    """The money of each year that is shown, and the gaps of them together."""
    return [(year, money.get(year, Money())) for year in years], held.gap_in(money, years)


def _answer(asked: Wanted, order: Sequence[str], count: int) -> Sentence:
    if not count:
        return Sentence("Not known: no commitment of the register is asked for here.")
    known = store.moneys()
    gaps_of = [held.gap_in(known[slug].years, asked.years) for slug in order]
    return Sentence(
        N_(
            "In {first} to {last}, {open} of {count} commitments lack money, {closed} lack none, "
            "and of {unknown} it is not known."
        ),
        first=str(asked.years[0]),
        last=str(asked.years[-1]),
        count=count,
        open=sum(gap is not None and gap > 0 for gap in gaps_of),
        closed=sum(gap == 0 for gap in gaps_of),
        unknown=count - sum(gap is not None for gap in gaps_of),
    )


def _lines(order: Sequence[str], base: int | None) -> Iterator[Sequence[object]]:
    yield COLUMNS
    prices = store.prices()
    for start in range(0, len(order), ON_A_PAGE):
        for each in held.rows_of(order[start : start + ON_A_PAGE]):
            for year, here, because in by_year(each.money, prices, base):
                yield (
                    *(each.row.slug, each.row.place, year, each.money.currency, base),
                    *(here.cost, here.secured, here.spent, here.gap),
                    why([because] if because else []),
                )
