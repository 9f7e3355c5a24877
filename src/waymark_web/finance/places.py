"""Money of a place: is it paid for, by whom, how freely, and what commitments still lack."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.compact.places import Level, Place
from waymark.finance.choices import By
from waymark_web import store
from waymark_web.finance import asked as questions
from waymark_web.finance.answers import answer_from_register, answer_from_reports, years_of
from waymark_web.finance.asked import Asked
from waymark_web.finance.charts import bars_of, currency_of, height_of
from waymark_web.finance.exports import as_csv
from waymark_web.finance.givers import freedom_of, givers_of
from waymark_web.finance.held import Of, listed
from waymark_web.finance.reported import KEPT, sums
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
        return as_csv(table, ("year",), f"money-{found.id}")
    framework = store.framework()
    of_register = listed(Of(asked.places), store.today().year)
    reports = answer_from_reports(found.name, table)
    context = {
        **of_register,
        "place": found,
        "parents": [framework.places[parent] for parent in reversed(found.parents)],
        "asked": asked,
        "answer": answer_from_register(of_register["funding"]) or reports,
        "reports": reports,
        "gaps_query": urlencode({"place": found.id}),
        "reach": years_of(table),
        "table": table,
        "drawn": len({line.key for line in table.lines}) > 1,
        "currency": currency_of(table),
        "height": height_of(table),
        "givers": givers_of(asked),
        "freedom": freedom_of(asked),
        "inside": by_place(asked) if asked.inside else None,
        "names": framework.places,
        "sectors": sectors_of(asked),
        "elsewhere": _elsewhere(asked),
        "releases": releases_of(asked),
    }
    return render(request, "finance/place_money.html", context)


@require_safe
def years(request: HttpRequest, place: str) -> HttpResponse:
    """The picture alone: a small chart for each measure."""
    found = store.framework().place(place)
    table = by_year(question_of(found, request))
    picture = bars_of(table, language(), request.GET.get("size", "wide"))
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def question_of(place: Place, request: HttpRequest) -> Asked:
    """Of a State or area its own money; of a region also that of the places within."""
    found = questions.of_place(place, request.GET)
    return found.but(inside=place.level is not Level.NATIONAL)


@lru_cache(maxsize=KEPT)
def by_year(asked: Asked) -> Table:
    """What was reported, year by year."""
    return table_of(sums(asked, By.YEAR), asked, lambda one, key: one.but(year=int(key[0])))


@lru_cache(maxsize=KEPT)
def by_place(asked: Asked) -> Table:
    """What was reported, place by place."""
    return table_of(
        sums(asked, By.PLACE), asked, lambda one, key: one.but(place=str(key[0]), inside=False)
    )


def sectors_of(asked: Asked) -> list[tuple[str, int]]:
    """Every sector in which something was reported here, with the count of rows."""
    found: dict[str, int] = {}
    for each in sums(asked.but(sectors=None), By.SECTOR):
        found[str(each.group[0])] = found.get(str(each.group[0]), 0) + each.rows
    return sorted(found.items())


def _elsewhere(asked: Asked) -> int:
    """How many rows there are in other sectors than those that are asked for."""
    if asked.sectors is None:
        return 0
    return sum(count for code, count in sectors_of(asked) if code not in asked.sectors)


def releases_of(asked: Asked) -> list[str]:
    """The releases in which the rows stand."""
    return sorted({str(each.group[0]) for each in sums(asked, By.RELEASE)})
