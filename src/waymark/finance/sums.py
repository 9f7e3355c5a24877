"""Sums of reported money: what counts once, what is passed on, and each number with its rows.

The rule stands in ``docs/reference/finance-methods.md``: spending counts at the last reporter,
commitments at the first, and money received is never added to money given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeVar

from waymark.finance.evidence import Reported
from waymark.plans.flows import INCOME, PLANS, SPENDING, FlowKind
from waymark.words import N_, Sentence

K = TypeVar("K", bound=Hashable)
NOTHING = Decimal(0)


class Measure(StrEnum):
    """What a row adds to."""

    SECURED = "secured"
    SPENT = "spent"
    PLANNED = "planned"
    RECEIVED = "received"
    COST = "cost"
    PLEDGED = "pledged"
    PASSED_ON = "passed-on"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> Sentence:
        """The name for readers."""
        return Sentence(_LABELS[self])


_LABELS = {
    Measure.SECURED: N_("money committed, counted at the first who gives it"),
    Measure.SPENT: N_("money spent, counted at the last who reports it"),
    Measure.PLANNED: N_("budgets and planned payments"),
    Measure.RECEIVED: N_("money received, never added to money given"),
    Measure.COST: N_("cost"),
    Measure.PLEDGED: N_("pledged"),
    Measure.PASSED_ON: N_("passed on between reporters, and counted there"),
    Measure.DUPLICATE: N_("reported twice, and counted once"),
}
OF_KIND = {
    FlowKind.COST: Measure.COST,
    FlowKind.PLEDGE: Measure.PLEDGED,
    FlowKind.COMMITMENT: Measure.SECURED,
    **dict.fromkeys(SPENDING, Measure.SPENT),
    **dict.fromkeys(INCOME, Measure.RECEIVED),
    **dict.fromkeys(PLANS, Measure.PLANNED),
}


class Counted(NamedTuple):
    """A row, and the one measure that it adds to."""

    row: Reported
    measure: Measure


def counted(rows: Iterable[Reported]) -> list[Counted]:
    """Each row once, with the measure that it adds to.

    Two rules, within a place: a payment to an organisation that itself reports spending there in
    that year or later is passed on; a commitment by an organisation to which another committed
    money there in that year or earlier is passed on. They need the rows of a place whole, and do
    not hold for rows without a place.
    """
    found = list(rows)
    live = [each for each in found if each.duplicate_of is None]
    spends, obtains = _last_spending(live), _first_commitment(live)
    return [Counted(each, _measure(each, spends, obtains)) for each in found]


Years = dict[tuple[str, str], int]  # place and organisation


def _last_spending(rows: list[Reported]) -> Years:
    """The last year in which each organisation reports its own spending, by place."""
    found: Years = {}
    for each in rows:
        if each.kind in SPENDING and each.reporter:
            key = each.place, each.reporter
            found[key] = max(each.year, found.get(key, each.year))
    return found


def _first_commitment(rows: list[Reported]) -> Years:
    """The first year in which another committed money to each organisation, by place."""
    found: Years = {}
    for each in rows:
        if each.kind is FlowKind.COMMITMENT and each.receiver and each.receiver != each.provider:
            key = each.place, each.receiver
            found[key] = min(each.year, found.get(key, each.year))
    return found


def _measure(row: Reported, spends: Years, obtains: Years) -> Measure:
    if row.duplicate_of is not None:
        return Measure.DUPLICATE
    if not row.place or (row.receiver and row.receiver in (row.provider, row.reporter)):
        return OF_KIND[row.kind]
    if row.kind is FlowKind.DISBURSEMENT and row.receiver:
        last = spends.get((row.place, row.receiver))
        if last is not None and last >= row.year:
            return Measure.PASSED_ON
    if row.kind is FlowKind.COMMITMENT and row.provider:
        first = obtains.get((row.place, row.provider))
        if first is not None and first <= row.year:
            return Measure.PASSED_ON
    return OF_KIND[row.kind]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in one currency, and the rows that it is made of."""

    amount: Decimal
    rows: tuple[Reported, ...]


def totals(
    rows: Iterable[Counted], key: Callable[[Reported], K]
) -> dict[tuple[K, Measure, str], Total]:
    """The sum of each group, measure and currency; currencies are never mixed."""
    groups: defaultdict[tuple[K, Measure, str], list[Reported]] = defaultdict(list)
    for row, measure in rows:
        groups[key(row), measure, row.currency].append(row)
    return {
        group: Total(sum((each.amount for each in found), NOTHING), tuple(found))
        for group, found in groups.items()
    }


class Concentration(NamedTuple):
    """How far money hangs on few providers: the largest, its share, and the sum of squares."""

    largest: str
    share: Fraction
    herfindahl: Fraction


def concentration(rows: Iterable[Counted], measure: Measure) -> Concentration | None:
    """Over the providers whose sum is above zero; None without any, or in several currencies."""
    chosen = [each.row for each in rows if each.measure is measure]
    if len({row.currency for row in chosen}) != 1:
        return None
    by: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in chosen:
        by[row.provider or row.provider_name] += row.amount
    positive = {name: Fraction(amount) for name, amount in by.items() if amount > 0}
    whole = sum(positive.values(), Fraction(0))
    if not positive:
        return None
    largest = max(sorted(positive), key=lambda name: positive[name])
    squares = sum(((part / whole) ** 2 for part in positive.values()), Fraction(0))
    return Concentration(largest, positive[largest] / whole, squares)


def years_ahead(years: Iterable[int], year: int) -> int:
    """How many years after a year are covered without a break."""
    covered, ahead = set(years), 0
    while year + ahead + 1 in covered:
        ahead += 1
    return ahead
