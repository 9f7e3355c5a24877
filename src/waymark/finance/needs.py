"""Needs: what each commitment lacks in each year of a window, or why that is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from waymark.compact.framework import Framework
from waymark.compact.places import WORLD
from waymark.finance.currencies import Prices
from waymark.finance.funding import CommitmentMoney, Money, gap_between, moneys_of
from waymark.finance.pools import Source
from waymark.finance.rules import Terms
from waymark.plans.commitments import Commitment
from waymark.plans.register import Register
from waymark.plans.tallies import served
from waymark.plans.vocabulary import Status
from waymark.words import Sentence

OVER = frozenset({Status.DONE, Status.DROPPED})  # commitments that need no more money


@dataclass(frozen=True, slots=True)
class Need:
    """What a commitment costs, has secured and lacks in a year, in the currency of the terms.

    ``gap`` is None where it is not known, and ``because`` says why. ``places`` are its place and
    all that hold it, ``place`` is its State or area; ``provisions`` are those that it serves,
    empty where nobody has confirmed them. ``flows`` are the rows behind it.
    """

    commitment: str
    year: int
    place: str
    places: frozenset[str]
    provisions: frozenset[str]
    groups: frozenset[str]
    flows: tuple[str, ...]
    illustrative: bool
    cost: Decimal | None = None
    secured: Decimal | None = None
    because: Sentence | None = None

    @property
    def gap(self) -> Decimal | None:
        """What is missing to the cost, at least 0."""
        return gap_between(self.cost, self.secured)

    def may_receive(self, source: Source) -> bool:
        """Whether a source's earmark lets it pay for this: its place, a provision and a group."""
        if source.place not in self.places:
            return False
        if source.provisions and not self.provisions.intersection(source.provisions):
            return False
        return not source.groups or bool(self.groups.intersection(source.groups))


def needs_of(
    register: Register, framework: Framework, prices: Prices, terms: Terms
) -> tuple[Need, ...]:
    """The needs of every commitment that is neither done nor dropped, by identifier and year."""
    moneys = moneys_of(register.flows.values(), prices)
    return tuple(
        need
        for _, commitment in sorted(register.commitments.items())
        if commitment.status not in OVER
        for need in _of_one(commitment, moneys, register, framework, prices, terms)
    )


def _of_one(
    commitment: Commitment,
    moneys: Mapping[str, CommitmentMoney],
    register: Register,
    framework: Framework,
    prices: Prices,
    terms: Terms,
) -> Iterator[Need]:
    up = register.up_from(commitment.place)
    holder = framework.places.get(up[-1])
    confirmed = not commitment.proposed
    money = moneys.get(commitment.id)
    for year in terms.years:
        cost, secured, because = _figures(money, year, prices, terms)
        yield Need(
            commitment=commitment.id,
            year=year,
            place=up[-1],
            places=frozenset({*up, *(holder.parents if holder else ()), WORLD}),
            provisions=frozenset(served(commitment.provisions, framework) if confirmed else ()),
            groups=frozenset(commitment.groups if confirmed else ()),
            flows=tuple(sorted(flow.id for flow in money.flows)) if money else (),
            illustrative=commitment.illustrative,
            cost=cost,
            secured=secured,
            because=because,
        )


Figures = tuple[Decimal | None, Decimal | None, Sentence | None]


def _figures(money: CommitmentMoney | None, year: int, prices: Prices, terms: Terms) -> Figures:
    """Cost and secured in the currency of the terms, or why one of them is not known."""
    if money is not None and money.because is not None:
        return None, None, money.because
    here = money.years.get(year, Money()) if money else Money()
    if money is None or here.cost is None:
        return None, None, Sentence("No cost is on record.")
    secured = here.secured
    if secured is None:
        if not terms.unreported_is_unsecured:
            return None, None, Sentence("A cost is on record, and no word on money.")
        secured = Decimal(0)
    converted = [
        prices.convert(amount, money.currency, terms.currency, year)
        for amount in (here.cost, secured)
    ]
    return converted[0].rounded, converted[1].rounded, converted[0].because
