"""The money of the register's commitments: what each costs, has secured, has spent and lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.http import QueryDict

from waymark.finance.constant import in_prices_of
from waymark.finance.currencies import Prices
from waymark.finance.funding import COMMON, CommitmentMoney, Funding, Money, together
from waymark.finance.sums import Measure
from waymark.plans.vocabulary import Status
from waymark_web import store
from waymark_web.plans import models
from waymark_web.plans.queries import Commitments, answered, asked

NOTHING = Decimal(0)
MOST_LISTED = 25


@dataclass(frozen=True)
class Held:
    """A commitment with its money."""

    row: models.Commitment
    money: CommitmentMoney

    def years(self, base: int | None, by: Prices) -> Mapping[int, Money]:
        """Its money by year, as stated or by some price levels in the prices of a base year."""
        return self.money.years if base is None else in_prices_of(base, self.money, by).years

    def ahead(self, year: int) -> int | None:
        """How many years after a year are covered; None where a rate is missing."""
        return None if self.money.because else self.money.ahead(year)


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


def gap_in(money: Mapping[int, Money], years: Iterable[int]) -> Decimal | None:
    """The known gaps of some years together; None where none of them is known."""
    gaps = [here.gap for year in years if (here := money.get(year)) and here.gap is not None]
    return sum(gaps, NOTHING) if gaps else None


def to_compare(money: CommitmentMoney, years: Iterable[int], by: Prices) -> Decimal | None:
    """The same in US dollars, to sort by; None where it is not known."""
    found = []
    for year in years:
        gap = money.years.get(year, Money()).gap
        if gap is not None:
            converted = by.convert(gap, money.currency, COMMON, year).rounded
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
    by = store.prices()
    gaps = {slug: to_compare(money, [year], by) for slug, money in found.items()}
    order = sorted(found, key=lambda slug: (gaps[slug] is None, -(gaps[slug] or 0), slug))
    return order, whole.model_copy(update={"commitments": rows.count()})


def listed(of: Of, year: int, base: int | None = None) -> dict[str, Any]:
    """Some commitments with their money in a year, largest gap first, as a part of a page.

    The order is that of the gaps as stated, whatever the prices.
    """
    order, funding = _ordered(of, year, store.stamp())
    levels = store.prices()
    return {
        "funding": funding,
        "held": [
            (each, _figures(each.years(base, levels).get(year, Money())), each.ahead(year))
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
