"""Did promised money come: of a place, and of one giver there, from reports and from the register.

The figures are those of ``waymark finance predictability``; amounts are as stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.compact.places import Place
from waymark.finance.choices import By
from waymark.finance.predictability import (
    Found,
    Kept,
    KeptYear,
    Promise,
    of_flows,
    of_years,
    together,
)
from waymark.finance.promises import (
    GROUPS,
    last_whole_year,
    sentence_of,
    summed,
    year_by_year,
)
from waymark.finance.sums import Measure
from waymark.plans.flows import PLANS, SPENDING, Flow, FlowKind
from waymark.words import Sentence
from waymark_web import store
from waymark_web.finance import reported
from waymark_web.finance.asked import Asked
from waymark_web.finance.asked import asked as asked_of
from waymark_web.finance.exports import as_file
from waymark_web.finance.names import plain_name
from waymark_web.plans import models
from waymark_web.plans.rows import by_id

ON_PROMISES = tuple(
    each.value for each in (FlowKind.PLEDGE, FlowKind.COMMITMENT, *PLANS, *SPENDING)
)
MEASURES = {
    Promise.PLEDGED: Measure.PLEDGED,
    Promise.COMMITTED: Measure.SECURED,
    Promise.PLANNED: Measure.PLANNED,
}
MOST_GIVERS = 25
MOST_ROWS = 100


@dataclass(frozen=True)
class Line:
    """One year: its figures, and the questions behind what was promised and what was paid.

    What several givers paid has no question: their lines lead on, one by one.
    """

    year: int
    figures: KeptYear
    promised: Asked | None
    paid: Asked | None


@dataclass(frozen=True)
class Giver:
    """One giver: its name, how it kept its promises, and the question that leads to its years."""

    key: str
    name: str
    kept: Kept
    asked: Asked | None = None


@dataclass(frozen=True)
class Promised:
    """Promises of one kind in one currency: of all givers together, by year, and by giver.

    ``made_up`` says that some of the rows are an illustration.
    """

    promise: Promise
    kept: Kept
    until: int
    years: tuple[Line, ...]
    givers: tuple[Giver, ...]
    made_up: bool = False

    @property
    def anchor(self) -> str:
        """Where it stands on a page."""
        return f"{self.promise.value}-{self.kept.currency}"

    @property
    def sentence(self) -> Sentence:
        """What came of it."""
        return sentence_of(self.kept, self.promise, self.until)

    @property
    def whole(self) -> KeptYear:
        """All years together."""
        return reduce(KeptYear.plus, (line.figures for line in self.years), KeptYear())

    @property
    def ahead(self) -> tuple[int, ...]:
        """The following years for which something is promised."""
        return self.kept.ahead(self.until)

    @property
    def shown(self) -> tuple[Giver, ...]:
        """The givers who promised most."""
        return self.givers[:MOST_GIVERS]

    @property
    def more(self) -> int:
        """How many givers are too many to be shown."""
        return len(self.givers) - len(self.shown)


@require_safe
def place_predictability(request: HttpRequest, place: str) -> HttpResponseBase:
    """Promises and payments of a place, by year and by giver; or of one giver there."""
    found = store.framework().place(place)
    if found.id != place:
        return redirect("place-predictability", place=found.id, permanent=True)
    asked = question_of(found, request)
    if request.GET.get("format") == "csv":
        return as_file(_lines(asked, request.GET.get("by") == "year"), f"promises-{found.id}")
    flows = () if asked.provider is not None else flows_of(asked)
    framework = store.framework()
    context = {
        "place": found,
        "parents": [framework.places[parent] for parent in reversed(found.parents)],
        "asked": asked,
        "giver": None if asked.provider is None else _name(asked, asked.provider),
        "whole": asked.but(provider=None),
        "reports": of_reports(asked),
        "register": [] if asked.provider is not None else of_register(asked),
        "flows": flows[:MOST_ROWS],
        "more_flows": max(0, len(flows) - MOST_ROWS),
        "actors": actors_of(flows),
    }
    return render(request, "finance/predictability.html", context)


def question_of(place: Place, request: HttpRequest) -> Asked:
    """The place's own question: its sectors, and one giver where one is asked for."""
    from waymark_web.finance.places import question_of as of_the_page  # it shows a part of this

    provider = asked_of(request.GET).provider
    return of_the_page(place, request).but(provider=provider)


def of_reports(asked: Asked) -> list[Promised]:
    """What became of the promises that were reported for a place, the largest giver first."""
    return list(_of_reports(asked, store.today().year - 1))


@lru_cache(maxsize=reported.KEPT)
def _of_reports(asked: Asked, until: int) -> tuple[Promised, ...]:
    of_all = asked.but(measure=None, year=None, currency=None)
    named = [str(each.group[0]) for each in reported.stated(of_all, By.RELEASE)]
    until = last_whole_year(named, store.releases(), until)
    found = of_years(reported.stated(of_all, *GROUPS), lambda giver: giver, until)
    names = reported.names(of_all, By.PROVIDER, {key for key, *_ in found})

    def giver(key: str, kept: Kept) -> Giver:
        question = asked.but(provider=key)
        return Giver(key, plain_name(key, names.get(key, "")), kept, question)

    def line(promise: Promise, kept: Kept, year: int) -> Line:
        here = of_all.but(year=year, currency=kept.currency)
        paid = None if asked.provider is None else here.but(payments=True)
        return Line(year, kept.years[year], here.but(measure=MEASURES[promise]), paid)

    return tuple(
        Promised(
            promise,
            kept,
            until,
            tuple(line(promise, kept, year) for year in kept.years),
            tuple(giver(key, one) for key, one in _by_size(givers)),
        )
        for promise, kept, givers in _together(found)
    )


def of_register(asked: Asked) -> list[Promised]:
    """The same from the published flows of the register for a place and the places within."""
    return list(_of_register(asked.places, store.today().year - 1, store.stamp()))


@lru_cache(maxsize=64)
def _of_register(places: frozenset[str] | None, until: int, _stamp: str) -> tuple[Promised, ...]:
    flows = _flows(places)
    found = of_flows(flows, store.prices(), lambda flow: flow.giver, until)
    made_up = any(each.illustrative for each in flows)
    names = dict(models.Actor.objects.values_list("slug", "name"))
    return tuple(
        Promised(
            promise,
            kept,
            until,
            tuple(Line(year, one, None, None) for year, one in kept.years.items()),
            tuple(
                Giver(key, plain_name("", names.get(key, key)), one)
                for key, one in _by_size(givers)
            ),
            made_up,
        )
        for promise, kept, givers in _together(found)
    )


def flows_of(asked: Asked) -> list[Flow]:
    """The published flows of a place that promise or pay, in order of time."""
    return sorted(_flows(asked.places), key=lambda flow: (flow.year, flow.id))


def _flows(places: frozenset[str] | None) -> list[Flow]:
    rows = models.Flow.objects.filter(kind__in=ON_PROMISES, onward_of__isnull=True)
    if places is not None:
        rows = rows.filter(country__in=places)
    return list(by_id("flows", rows.order_by("pk")).values())


def actors_of(flows: Iterable[Flow]) -> dict[str, models.Actor]:
    """The actors that some flows name, by identifier."""
    named = {name for each in flows for name in (each.provider, each.receiver, each.by) if name}
    return {each.slug: each for each in models.Actor.objects.filter(slug__in=named)}


def _together(
    found: Found[str],
) -> Iterator[tuple[Promise, Kept, dict[str, Kept]]]:
    """Each kind of promise and currency: of all givers together, and of each."""
    order = list(Promise)
    kinds = sorted(
        {(promise, currency) for _, promise, currency in found},
        key=lambda each: (order.index(each[0]), each[1]),
    )
    for promise, currency in kinds:
        givers = {key: one for (key, *kind), one in found.items() if kind == [promise, currency]}
        yield promise, together(givers.values(), currency), givers


def _by_size(givers: Mapping[str, Kept]) -> Sequence[tuple[str, Kept]]:
    return sorted(givers.items(), key=lambda each: (-each[1].promised, each[0]))


def _name(asked: Asked, key: str) -> str:
    return plain_name(key, reported.names(asked, By.PROVIDER, {key}).get(key, ""))


def _lines(asked: Asked, each_year: bool) -> Iterator[Sequence[object]]:
    """Every giver as the command gives it, in all years or in each."""
    headed = False
    for found in of_reports(asked):
        for giver in found.givers:
            first: dict[str, Any] = {
                "provider": giver.key,
                "provider_name": giver.name,
                "promise": found.promise.value,
                "currency": found.kept.currency,
            }
            rest = year_by_year(giver.kept) if each_year else [summed(giver.kept, found.until)]
            for each in rest:
                row = {**first, **each}
                if not headed:
                    yield tuple(row)
                    headed = True
                yield [
                    " ".join(map(str, cell)) if isinstance(cell, list) else cell
                    for cell in row.values()
                ]
