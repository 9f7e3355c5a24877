"""Money in the prices of one year: what deflators allow, and a word where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from waymark.finance.currencies import Prices
from waymark.finance.funding import CommitmentMoney, Money
from waymark.words import Sentence


@dataclass(frozen=True, slots=True)
class ConstantMoney:
    """A commitment's money by year in the prices of a base year.

    A year whose price level is not known is not in ``years``; ``because`` says so.
    """

    years: Mapping[int, Money]
    because: Mapping[int, Sentence]


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
