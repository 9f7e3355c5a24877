"""Money in the prices of one year: what deflators allow, and a word where one is missing.

Commands and pages ask the same functions, so that a number is the same wherever it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from waymark.finance.choices import Sum
from waymark.finance.currencies import Converted, Prices, to_cents
from waymark.finance.funding import CommitmentMoney, Money
from waymark.finance.sums import Measure
from waymark.plans.flows import Flow
from waymark.words import Sentence

Group = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ConstantMoney:
    """A commitment's money by year in the prices of a base year.

    A year whose price level is not known is not in ``years``; ``because`` says so.
    """

    years: Mapping[int, Money]
    because: Mapping[int, Sentence]


class ConstantSum(NamedTuple):
    """A sum in the prices of a base year; None where a price level is missing, and which ones."""

    group: Group
    measure: Measure
    currency: str
    amount: Decimal | None
    rows: int
    because: tuple[Sentence, ...] = ()


def in_prices_of(base: int, money: CommitmentMoney, prices: Prices) -> ConstantMoney:
    """The money of a commitment in the prices of a base year, each year by its own price level."""
    years: dict[int, Money] = {}
    because: dict[int, Sentence] = {}
    for year, one in money.years.items():
        level = prices.constant(Decimal(1), money.currency, year, base)
        if level.because is not None:
            because[year] = level.because
            continue
        years[year] = Money(
            **{
                name: None
                if amount is None
                else prices.constant(amount, money.currency, year, base).rounded
                for name, amount in one
            }
        )
    return ConstantMoney(years, because)


class YearOfMoney(NamedTuple):
    """A year of a commitment's money, as stated or in constant prices, and why it is not known.

    The year is None where no year of it is known at all.
    """

    year: int | None
    money: Money
    because: Sentence | None = None


def by_year(money: CommitmentMoney, prices: Prices, base: int | None) -> list[YearOfMoney]:
    """Every year of a commitment's money: without a base year in the prices of each year."""
    if not money.years:
        return [YearOfMoney(None, Money(), money.because)]
    if base is None:
        return [YearOfMoney(year, one) for year, one in sorted(money.years.items())]
    constant = in_prices_of(base, money, prices)
    return [
        YearOfMoney(year, constant.years.get(year, Money()), constant.because.get(year))
        for year in sorted(money.years)
    ]


def flow_in_prices_of(base: int, flow: Flow, prices: Prices) -> Converted:
    """A row of the register in its own currency: each of its years by that year's price level."""
    parts = [
        prices.constant(amount, flow.currency, year, base)
        for year, amount in flow.by_year().items()
    ]
    missing = next((each.because for each in parts if each.because is not None), None)
    if missing is not None:
        return Converted(None, missing)
    sources = dict.fromkeys(source for each in parts for source in each.sources)
    return Converted(
        sum((each.amount or Fraction(0) for each in parts), Fraction(0)), None, tuple(sources)
    )


@dataclass
class _Adding:
    """A sum that grows year by year, exactly."""

    amount: Fraction = Fraction(0)
    rows: int = 0
    because: list[Sentence] = field(default_factory=list)

    def lacks(self, because: Sentence | None) -> None:
        """Say once what is missing."""
        if because is not None and because not in self.because:
            self.because.append(because)


def sums_in_prices_of(
    base: int,
    sums: Iterable[Sum],
    prices: Prices,
    year: Callable[[Sum], int],
    group: Callable[[Sum], Group] = lambda each: each.group,
) -> list[ConstantSum]:
    """Sums of single years in the prices of a base year, summed anew by ``group``.

    Exact, and rounded once, to the cent. A group with a year whose price level is missing has no
    amount, for a part of it would pass for the whole.
    """
    found: defaultdict[tuple[Group, Measure, str], _Adding] = defaultdict(_Adding)
    factors: dict[tuple[str, int], Converted] = {}
    for each in sums:
        key = each.currency, year(each)
        if key not in factors:
            factors[key] = prices.constant(Decimal(1), *key, base)
        adding, factor = found[group(each), each.measure, each.currency], factors[key]
        adding.rows += each.rows
        if factor.amount is None:
            adding.lacks(factor.because)
        else:
            adding.amount += Fraction(each.amount) * factor.amount
    return [
        ConstantSum(
            *key,
            None if one.because else to_cents(one.amount),
            one.rows,
            tuple(one.because),
        )
        for key, one in found.items()
    ]
