"""Money of a place: is it paid for, by whom, how freely, and what commitments still lack."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.compact.places import Level, Place
from waymark.finance.choices import By
from waymark.finance.conversions import conversion_of
from waymark.finance.sectors import sector_names
from waymark.words import Said
from waymark_web import store
from waymark_web.finance import asked as questions
from waymark_web.finance import predictability
from waymark_web.finance.answers import answer_from_register, answer_from_reports, years_of
from waymark_web.finance.asked import Asked
from waymark_web.finance.charts import bars_of, currency_of, drawn, height_of
from waymark_web.finance.exports import as_csv
from waymark_web.finance.givers import freedom_of, givers_of
from waymark_web.finance.held import Of, listed
from waymark_web.finance.prices import priced
from waymark_web.finance.reported import KEPT, conversion, stamp_of, stated, sums
from waymark_web.finance.tables import Table, table_of
from waymark_web.languages import language


@require_safe
def place_money(request: HttpRequest, place: str) -> HttpResponse:
    """Everything that is known of the money of one place."""
    found = store.framework().place(place)
    if place != found.id:
        return redirect("place-money", place=found.id, permanent=True)
    asked = question_of(found, request)
    table = by_year(asked)
    if request.GET.get("format") == "csv":
        return as_csv(table, ("year",), f"money-{found.id}", asked.base)
    framework = store.framework()
    of_register = listed(Of(asked.places), store.today().year, asked.base)
    reports = answer_from_reports(found.name, by_year(asked.but(base=None)))
    rests_on = conversion(asked) + conversion_of(
        (each.money for each, *_ in of_register["held"]), store.prices(), asked.base
    )
    context = {
        **of_register,
        **priced(asked.base, rests_on),
        "place": found,
        "parents": [framework.places[parent] for parent in reversed(found.parents)],
        "asked": asked,
        "answer": answer_from_register(of_register["funding"]) or reports,
        "reports": reports,
        "gaps_query": urlencode(
            {"place": found.id, **({} if asked.base is None else {"base": asked.base})}
        ),
        "reach": years_of(table),
        "table": table,
        "drawn": drawn(table),
        "currency": currency_of(table),
        "height": height_of(table),
        "givers": givers_of(asked),
        "freedom": freedom_of(asked),
        "promised": predictability.of_reports(asked),
        "promised_here": predictability.of_register(asked),
        "inside": by_place(asked) if asked.inside else None,
        "names": framework.places,
        "sectors": named_sectors(asked),
        "elsewhere": _elsewhere(asked),
        "releases": releases_of(asked),
    }
    return render(request, "finance/place_money.html", context)


@require_safe
def years(request: HttpRequest, place: str) -> HttpResponse:
    """The picture alone: a small chart for each measure."""
    found = store.framework().place(place)
    asked = question_of(found, request)
    table = by_year(asked)
    picture = bars_of(table, language(), request.GET.get("size", "wide"))
    response = HttpResponse(picture, content_type="image/svg+xml")
    if asked.base is None:  # price levels can change from one moment to the next
        response["Cache-Control"] = "public, max-age=3600"
    return response


def question_of(place: Place, request: HttpRequest) -> Asked:
    """Of a State or area its own money; of a region also that of the places within."""
    found = questions.of_place(place, request.GET)
    return found.but(inside=place.level is not Level.NATIONAL)


def by_year(asked: Asked) -> Table:
    """What was reported, year by year."""
    return _by_year(asked, stamp_of(asked))


@lru_cache(maxsize=KEPT)
def _by_year(asked: Asked, _stamp: str) -> Table:
    return table_of(sums(asked, By.YEAR), asked, lambda one, key: one.but(year=int(key[0])))


def by_place(asked: Asked) -> Table:
    """What was reported, place by place."""
    return _by_place(asked, stamp_of(asked))


@lru_cache(maxsize=KEPT)
def _by_place(asked: Asked, _stamp: str) -> Table:
    return table_of(
        sums(asked, By.PLACE), asked, lambda one, key: one.but(place=str(key[0]), inside=False)
    )


def sectors_of(asked: Asked) -> list[tuple[str, int]]:
    """Every sector in which something was reported here, with the count of rows."""
    found: dict[str, int] = {}
    for each in stated(asked.but(sectors=None), By.SECTOR):
        found[str(each.group[0])] = found.get(str(each.group[0]), 0) + each.rows
    return sorted(found.items())


def named_sectors(asked: Asked) -> list[tuple[str, Said | None, int]]:
    """The same with the name of each; its language may not be the page's. None without a name."""
    names, said = sector_names(), language()
    return [
        (code, name.said(said) if (name := names.name(code)) else None, count)
        for code, count in sectors_of(asked)
    ]


def _elsewhere(asked: Asked) -> int:
    """How many rows there are in other sectors than those that are asked for."""
    if asked.sectors is None:
        return 0
    return sum(count for code, count in sectors_of(asked) if code not in asked.sectors)


def releases_of(asked: Asked) -> list[str]:
    """The releases in which the rows stand."""
    return sorted({str(each.group[0]) for each in stated(asked, By.RELEASE)})
