"""What a conversion rests on: rates and price levels with year and source, and those missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from waymark.finance.currencies import Prices
from waymark.finance.funding import CommitmentMoney
from waymark.plans.prices import Deflator, ExchangeRate
from waymark.words import N_, Sentence

DOLLAR = "USD"  # rates are told for one of it
Year = tuple[str, int]  # a currency and a year


@dataclass(frozen=True)
class Conversion:
    """The rates and price levels that some numbers rest on, and those that are not known."""

    rates: tuple[ExchangeRate, ...] = ()
    levels: tuple[Deflator, ...] = ()
    missing: tuple[Sentence, ...] = ()

    def __add__(self, other: Conversion) -> Conversion:
        return Conversion(
            tuple(dict.fromkeys((*self.rates, *other.rates))),
            tuple(dict.fromkeys((*self.levels, *other.levels))),
            tuple(dict.fromkeys((*self.missing, *other.missing))),
        )


def levels_of(base: int, years: Iterable[Year], prices: Prices) -> Conversion:
    """The price levels by which money of some currencies and years comes into a base year's prices.

    Money of the base year itself needs none.
    """
    used: dict[Year, Deflator] = {}
    missing: defaultdict[str, set[int]] = defaultdict(set)
    for currency, year in sorted({each for each in years if each[1] != base}):
        for wanted in ((currency, year), (currency, base)):
            level = prices.deflators.get(wanted)
            if level is None:
                missing[currency].add(wanted[1])
            else:
                used[wanted] = level
    return Conversion(
        levels=tuple(used[each] for each in sorted(used)),
        missing=tuple(
            _unknown(N_("The price level of {currency} is not known for: {years}."), currency, of)
            for currency, of in sorted(missing.items())
        ),
    )


def rates_of(moneys: Iterable[CommitmentMoney], prices: Prices) -> Conversion:
    """The exchange rates by which flows in other currencies came into that of their commitment."""
    used: dict[Year, ExchangeRate] = {}
    missing: defaultdict[str, set[int]] = defaultdict(set)
    for money in moneys:
        for flow in money.flows:
            if flow.currency == money.currency:
                continue
            for year in flow.by_year():
                for currency in {flow.currency, money.currency} - {DOLLAR}:
                    rate = prices.rates.get((currency, year))
                    if rate is None:
                        missing[currency].add(year)
                    else:
                        used[currency, year] = rate
    return Conversion(
        rates=tuple(used[each] for each in sorted(used)),
        missing=tuple(
            _unknown(N_("The exchange rate of {currency} is not known for: {years}."), currency, of)
            for currency, of in sorted(missing.items())
        ),
    )


def conversion_of(
    moneys: Iterable[CommitmentMoney], prices: Prices, base: int | None
) -> Conversion:
    """All that the money of some commitments rests on, in the prices of each or of one year."""
    every = list(moneys)
    rates = rates_of(every, prices)
    if base is None:
        return rates
    years = [(money.currency, year) for money in every for year in money.years]
    return rates + levels_of(base, years, prices)


def _unknown(message: str, currency: str, years: Iterable[int]) -> Sentence:
    return Sentence(message, currency=currency, years=[str(year) for year in sorted(years)])
