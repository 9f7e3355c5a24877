"""The money of the register's commitments: what each costs, has secured, has spent and lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.http import QueryDict

from waymark.finance.currencies import Prices, prices_of
from waymark.finance.funding import COMMON, CommitmentMoney, Funding, Money, together
from waymark.finance.sums import Measure
from waymark.plans.register import Register
from waymark.plans.vocabulary import Status
from waymark_web import store
from waymark_web.plans import models
from waymark_web.plans.queries import Commitments, answered, asked
from waymark_web.plans.rows import by_id

NOTHING = Decimal(0)
MOST_LISTED = 25


@dataclass(frozen=True)
class Held:
    """A commitment with its money."""

    row: models.Commitment
    money: CommitmentMoney

    def of(self, year: int) -> Money:
        """Its money in a year; nothing in it is known where nobody reported."""
        return self.money.years.get(year, Money())

    def ahead(self, year: int) -> int | None:
        """How many years after a year are covered; None where a rate is missing."""
        return None if self.money.because else self.money.ahead(year)


@lru_cache(maxsize=2)
def _prices(_stamp: str) -> Prices:
    return prices_of(
        Register(
            rates=by_id("rates", models.Rate.objects.order_by("pk")),
            deflators=by_id("deflators", models.Deflator.objects.order_by("pk")),
        )
    )


def prices() -> Prices:
    """The rates and price levels of the register."""
    return _prices(store.stamp())


def live(rows: Commitments) -> Commitments:
    """Those of some commitments that are not dropped."""
    return rows.exclude(status=Status.DROPPED.value)


def of_places(places: Collection[str] | None) -> Commitments:
    """The live commitments of some States, areas and regions."""
    rows = live(models.Commitment.objects.all())
    return rows if places is None else rows.filter(country__in=places)


def with_money(rows: Commitments) -> dict[str, CommitmentMoney]:
    """Those of some commitments of which a flow tells, by identifier."""
    known = store.moneys()
    found = rows.filter(flows__isnull=False).values_list("slug", flat=True).distinct()
    return {slug: known[slug] for slug in found if slug in known}


def gap_in(money: CommitmentMoney, years: Iterable[int]) -> Decimal | None:
    """The known gaps of some years together; None where none of them is known."""
    gaps = [here.gap for year in years if (here := money.years.get(year)) and here.gap is not None]
    return sum(gaps, NOTHING) if gaps else None


def to_compare(money: CommitmentMoney, years: Iterable[int], prices: Prices) -> Decimal | None:
    """The same in US dollars, to sort by; None where it is not known."""
    found = []
    for year in years:
        gap = money.years.get(year, Money()).gap
        if gap is not None:
            converted = prices.convert(gap, money.currency, COMMON, year).rounded
            if converted is None:
                return None
            found.append(converted)
    return sum(found, NOTHING) if found else None


def rows_of(slugs: Iterable[str]) -> list[Held]:
    """Some commitments with their money, in the order asked for."""
    known = store.moneys()
    wanted = list(slugs)
    rows = {row.slug: row for row in models.Commitment.objects.filter(slug__in=wanted)}
    return [Held(rows[slug], known[slug]) for slug in wanted if slug in rows]


@dataclass(frozen=True)
class Of:
    """Which commitments: those of some places, or of all; of a provision where it is named."""

    places: frozenset[str] | None = None
    provision: str = ""

    def rows(self) -> Commitments:
        """The live ones; of a provision only those that a person linked to it."""
        if not self.provision:
            return of_places(self.places)
        query = QueryDict(mutable=True)
        query["provision"] = self.provision
        return live(answered(asked(query))).filter(proposed=False)


@lru_cache(maxsize=256)
def _ordered(of: Of, year: int, _stamp: str) -> tuple[list[str], Funding]:
    """Those of which a flow tells, largest gap of a year first; how all are paid for then."""
    rows = of.rows()
    found = with_money(rows)
    known = store.known_fundings(year)
    whole = together(known.get(slug, Funding()) for slug in found)
    rates = prices()
    gaps = {slug: to_compare(money, [year], rates) for slug, money in found.items()}
    order = sorted(found, key=lambda slug: (gaps[slug] is None, -(gaps[slug] or 0), slug))
    return order, whole.model_copy(update={"commitments": rows.count()})


def listed(of: Of, year: int) -> dict[str, Any]:
    """Some commitments with their money in a year, largest gap first, as a part of a page."""
    order, funding = _ordered(of, year, store.stamp())
    return {
        "funding": funding,
        "held": [
            (each, _figures(each.of(year)), each.ahead(year))
            for each in rows_of(order[:MOST_LISTED])
        ],
        "more": max(0, len(order) - MOST_LISTED),
        "silent": funding.commitments - len(order),
        "year": year,
    }


def _figures(here: Money) -> Sequence[tuple[str, Decimal | None]]:
    """Cost, secured, spent and gap, each with the measure that its rows add to."""
    return (
        (Measure.COST.value, here.cost),
        (Measure.SECURED.value, here.secured),
        (Measure.SPENT.value, here.spent),
        (Measure.COST.value, here.gap),
    )
