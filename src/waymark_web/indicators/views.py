"""Indicators: the list, a series over all places, and a series in one place with its working."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.compact.places import Level, Place
from waymark.exchange import schema_org
from waymark.indicators.changes import SDG_BASELINE, Change, changes, without_figure
from waymark.indicators.methods import METHODS
from waymark.indicators.observations import COLUMNS, Observation
from waymark.indicators.series import Series, one_series
from waymark.words import Sentence
from waymark_web import store
from waymark_web.exchange.base import base_of
from waymark_web.indicators.charts import chart_of
from waymark_web.languages import language

MOST_ROWS = 400  # of the table on a page; the download has every figure


@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """Every series, with how far it reaches."""
    extents = store.extents()
    rows = [(one, extents.get(one.code)) for one in store.series().values()]
    return render(request, "indicators/indicators.html", {"rows": rows})


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One series over all places: its newest figure in each."""
    one = one_series(store.series(), code)
    wanted = request.GET.get("place", "").strip()
    if wanted:
        return redirect("indicator-place", code=one.code, place=store.framework().place(wanted).id)
    framework = store.framework()
    newest = [
        (framework.places[each.place], each)
        for each in store.evidence().newest(one.code)
        if framework.places[each.place].level is Level.NATIONAL
    ]
    context = {
        "series": one,
        "newest": newest,
        "measures": [
            (framework.provision(measure.provision), measure.relation) for measure in one.measures
        ],
        "described": schema_org.dataset(
            one,
            store.releases().get(one.release),
            store.extents().get(one.code),
            base_of(request),
            language(),
        ),
    }
    return render(request, "indicators/indicator.html", context)


@require_safe
def indicator_place(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """One series in one place: chart, sentence, table, working, download, source."""
    one, found = _wanted(code, place)
    figures = store.evidence().observations(one.code, found.id)
    headline = [each for each in figures if each.headline]
    framework = store.framework()
    context = {
        "series": one,
        "place": found,
        "headline": headline,
        "others": [each for each in figures if not each.headline][-MOST_ROWS:],
        "figures": figures,
        "judged": _judged(one, found),
        "methods": METHODS,
        "sentence": sentence_of(one, found, headline),
        "names": {each.id: each.name for each in framework.places.values()},
        "can_be_drawn": sum(each.value is not None for each in headline) > 1,
    }
    return render(request, "indicators/indicator_place.html", context)


@require_safe
def chart(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """The chart alone, as SVG."""
    one, found = _wanted(code, place)
    headline = store.evidence().headline([found.id], [one.code])
    picture = chart_of(one, found, headline, language(), request.GET.get("size", "wide"))
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def figures(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Every figure of a series in a place, with where each comes from, as CSV."""
    one, found = _wanted(code, place)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{one.code}-{found.id}.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    rows: Iterable[Observation] = store.evidence().observations(one.code, found.id)
    writer.writerows([getattr(each, column) for column in COLUMNS] for each in rows)
    return response


def sentence_of(one: Series, place: Place, headline: list[Observation]) -> Sentence:
    """What the chart shows, in one sentence."""
    known = [each for each in headline if each.value is not None]
    if not known:
        return Sentence("There is no headline figure of this series for {place}.", place=place.name)
    last = known[-1]
    if len(known) == 1:
        return Sentence(
            "{place}: {value} in {year}, {unit}; one year only.",
            place=place.name,
            value=last.value,
            year=str(last.year),
            unit=one.unit,
        )
    return Sentence(
        "{place}: from {base} in {base_year} to {latest} in {latest_year}, {unit}.",
        place=place.name,
        base=known[0].value,
        base_year=str(known[0].year),
        latest=last.value,
        latest_year=str(last.year),
        unit=one.unit,
    )


def _judged(one: Series, place: Place) -> list[Change]:
    """The change from both baselines."""
    standing = store.standing_on(store.today())
    ours = standing.changes.get(place.id, {}).get(one.code)
    compact = ours or without_figure(one, place.id, standing.baseline, standing.as_of)
    found = changes(
        store.evidence(), {one.code: one}, SDG_BASELINE, standing.as_of, {place.id}
    ).get(place.id, {})
    return [compact, *found.values()]


def _wanted(code: str, place: str) -> tuple[Series, Place]:
    return one_series(store.series(), code), store.framework().place(place)
