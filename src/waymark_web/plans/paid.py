"""Money on public pages: of a commitment by year, each number with its rows; rates and prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from waymark.finance.constant import by_year
from waymark.finance.conversions import conversion_of
from waymark.finance.funding import CommitmentMoney, Money, Part, money_of
from waymark.finance.onward import arriving
from waymark.finance.sums import Measure
from waymark.plans.flows import Flow
from waymark.words import N_, Sentence
from waymark_web import store
from waymark_web.finance.asked import base_of
from waymark_web.finance.prices import priced
from waymark_web.plans import models
from waymark_web.plans.exports import FORMS, exported_flows
from waymark_web.plans.rows import by_id

ASIDE = N_("Committed by one who paid more than that: the payments are counted instead")
LABELS = {
    Measure.COST: N_("Cost"),
    Measure.SECURED: N_("Secured"),
    Measure.SPENT: N_("Spent"),
    Measure.PLEDGED: N_("Pledged, and not secured yet"),
    Measure.PLANNED: N_("Budgets and planned payments"),
    Measure.RECEIVED: N_("Received: it is not added to what was given"),
    Measure.PASSED_ON: N_("Passed on: it adds nothing"),
}


@dataclass(frozen=True)
class Group:
    """The rows behind one number of a year, or those that stand aside; ``name`` is its anchor."""

    name: str
    label: Sentence
    parts: list[Part]


def money(slug: str) -> CommitmentMoney:
    """The published money of a commitment."""
    in_time = ("year", F("day").asc(nulls_first=True), "pk")  # the same in every engine
    rows = models.Flow.objects.filter(commitment=slug).order_by(*in_time)
    flows = by_id("flows", rows)
    return money_of(slug, flows.values(), store.prices(), arriving(_with_origins(flows)))


def _with_origins(flows: dict[str, Flow]) -> dict[str, Flow]:
    """Flows and those that they pass on, up to the first."""
    found = dict(flows)
    while wanted := {each.onward_of for each in found.values() if each.onward_of} - set(found):
        found |= by_id("flows", models.Flow.objects.filter(slug__in=wanted))
    return found


def shown(slug: str, base: int | None = None) -> dict[str, Any]:
    """What the page of a commitment says of its money: a table by year, as stated or in the prices
    of a base year, and the years ahead."""
    found, year = money(slug), store.today().year
    rates = store.prices()
    return {
        **priced(base, conversion_of([found], rates, base)),
        "money": found,
        "money_years": [
            (each, one, _cells(one), because)
            for each, one, because in by_year(found, rates, base)
            if each is not None
        ],
        "money_now": found.years.get(year),
        "money_year": year,
        "money_ahead": found.ahead(year),
    }


def _cells(one: Money) -> list[tuple[str, Any]]:
    return [
        (measure.value, getattr(one, measure.value))
        for measure in (Measure.COST, Measure.SECURED, Measure.SPENT)
    ]


@require_safe
def commitment_money(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The money of a commitment, each number with the rows that it is made of."""
    row = get_object_or_404(models.Commitment, slug=slug)
    form, base = request.GET.get("format"), base_of(request.GET)
    if form:
        if form not in FORMS:
            raise Http404
        return exported_flows(models.Flow.objects.filter(commitment=slug), slug, form, base)
    context = {**shown(slug, base), "row": row}
    found: CommitmentMoney = context["money"]
    given = models.Flow.objects.filter(commitment=slug).select_related("provider", "receiver", "by")
    context |= {
        "groups": [(each, _groups(found, each)) for each in _years(found)],
        "flows": [] if found.parts else found.flows,
        "actors": {
            actor.slug: actor
            for flow in given
            for actor in (flow.provider, flow.receiver, flow.by)
            if actor is not None
        },
    }
    return render(request, "plans/commitment_money.html", context)


def _years(found: CommitmentMoney) -> list[int]:
    return sorted({each.year for each in found.parts})


def _groups(found: CommitmentMoney, year: int) -> list[Group]:
    groups = [
        Group(f"y{year}-{measure.value}", Sentence(label), found.behind(year, measure))
        for measure, label in LABELS.items()
    ]
    aside = [each for each in found.parts if each.year == year and not each.adds_to]
    groups.append(Group(f"y{year}-aside", Sentence(ASIDE), aside))
    return [each for each in groups if each.parts]


@require_safe
def rates(request: HttpRequest) -> HttpResponseBase:
    """The exchange rates and price levels by which money is converted, with their sources."""
    context = {
        "rates": models.Rate.objects.order_by("currency", "-year"),
        "deflators": models.Deflator.objects.order_by("currency", "-year"),
    }
    return render(request, "plans/rates.html", context)
