"""Who gives and who receives money, by name: in the reports, and of published commitments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from waymark.finance.choices import By, Choice
from waymark.finance.pools import PROMISES
from waymark.finance.sums import Measure
from waymark.plans.vocabulary import CONTROL
from waymark.words import folded
from waymark_web import store
from waymark_web.finance.asked import LONGEST, Asked
from waymark_web.finance.flows import CHOICES
from waymark_web.finance.names import plain_name
from waymark_web.plans.models import Actor, Commitment, Flow
from waymark_web.plans.places import words_of
from waymark_web.search.results import MOST_OF_A_KIND, Group, Line, group_of, line_of

GIVERS = gettext_noop("Who gives money, as reported")
RECEIVERS = gettext_noop("Who receives money, as reported")
POOLED = gettext_noop("Promised to a pool under this name")
BETWEEN = gettext_noop("Commitments with money given or received under this name")
MOST_NAMES = 200


@dataclass(frozen=True)
class Organisation:
    """An organisation of the reports: its identifier, where it has one, its name, the words that
    lead to it."""

    identifier: str
    name: str
    words: str
    flows: str  # the question whose flows are its own


def found_by_name(query: str) -> list[Group]:
    """The organisations that words lead to, and the commitments that have money of theirs."""
    wanted = words_of(query)
    reported = (
        group_of(
            label,
            (
                Line(f"{reverse('money-flows')}?{each.flows}", text=each.name, code=each.identifier)
                for each in _reported(by)
                if all(word in each.words for word in wanted)
            ),
        )
        for label, by in ((GIVERS, By.PROVIDER), (RECEIVERS, By.RECEIVER))
    )
    flows = _under(wanted)
    return [
        *reported,
        group_of(BETWEEN, _commitments(flows)),
        group_of(POOLED, _pooled(flows)),
    ]


@lru_cache(maxsize=2)
def _reported(by: By) -> tuple[Organisation, ...]:
    """Every provider or receiver of the reports, those of the most rows first."""
    names, rows = store.money().names(Choice(), by), Counter[str]()
    measures: dict[str, set[Measure]] = {}
    for each in store.money().sums(Choice(), (by,)):
        key = str(each.group[0])
        rows[key] += each.rows
        measures.setdefault(key, set()).add(each.measure)
    return tuple(
        _organisation(by, key, names[key], measures[key])
        for key, _ in rows.most_common()
        if key and len(key) <= LONGEST and not CONTROL.search(key)
    )


def _organisation(by: By, key: str, name: str, found: set[Measure]) -> Organisation:
    shown = plain_name(key, name)
    measure = next((each for each in CHOICES if each in found), None)
    asked = Asked(measure=measure, **{by.value: key})
    identifier = "" if key == name else key  # without one, the name is the key
    return Organisation(identifier, shown, folded(f"{key} {shown}"), asked.query)


@lru_cache(maxsize=2)
def _names(_stamp: str) -> dict[str, str]:
    """The names that published flows give to who is no actor of the register, folded."""
    told = (Flow.objects.values_list(side, flat=True).distinct() for side in NAMED)
    return {name: folded(name) for names in told for name in names if name}


NAMED = ("provider_name", "receiver_name")


def _under(wanted: list[str]) -> QuerySet[Flow]:
    """The published flows whose giver or receiver the words name."""
    told = Q()
    for word in wanted:
        told &= Q(words__contains=word)
    found = Actor.objects.filter(told).order_by("pk").values_list("slug", flat=True)
    actors = list(found[:MOST_NAMES])  # a list: most words name nobody, and ask for no flows
    names = [
        name
        for name, words in _names(store.stamp()).items()
        if all(word in words for word in wanted)
    ][:MOST_NAMES]
    named = Q(provider_name__in=names) | Q(receiver_name__in=names)
    return Flow.objects.filter(named | Q(provider__in=actors) | Q(receiver__in=actors))


def _commitments(flows: QuerySet[Flow]) -> Iterator[Line]:
    rows = Commitment.objects.filter(pk__in=flows.values("commitment__pk")).order_by("pk")
    for each in rows[: MOST_OF_A_KIND + 1]:
        yield line_of("commitment-money", each, each.what)


def _pooled(flows: QuerySet[Flow]) -> Iterator[Line]:
    """Promises that name no commitment; the facility of their year has them, or says why not."""
    kinds = [each.value for each in PROMISES]
    rows = flows.filter(commitment=None, onward_of=None, kind__in=kinds).order_by("pk")
    for each in rows.select_related("provider")[: MOST_OF_A_KIND + 1]:
        yield Line(
            f"{reverse('money-facility')}?first={each.year}#flow-{each.slug}",
            text=each.provider.name if each.provider else each.provider_name or each.slug,
            language=each.provider.language if each.provider else "",
            code=each.slug,
            place=each.place,
            made_up=each.illustrative,
        )
