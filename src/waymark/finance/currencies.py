"""Conversion by exchange rates and deflators: exact, with their sources, and with said gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from waymark.plans.prices import Deflator, ExchangeRate
from waymark.plans.register import Register
from waymark.words import Sentence


@dataclass(frozen=True, slots=True)
class Converted:
    """An exact amount in another currency or other prices; without one, the reason why."""

    amount: Fraction | None
    because: Sentence | None = None
    sources: tuple[str, ...] = ()

    @property
    def rounded(self) -> Decimal | None:
        """The amount to the cent, half a cent away from zero."""
        return None if self.amount is None else to_cents(self.amount)


@dataclass(frozen=True)
class Prices:
    """What converts amounts: rates and deflators by currency and year."""

    rates: Mapping[tuple[str, int], ExchangeRate] = field(default_factory=dict)
    deflators: Mapping[tuple[str, int], Deflator] = field(default_factory=dict)

    def convert(self, amount: Decimal | Fraction, currency: str, to: str, year: int) -> Converted:
        """An amount in another currency by the rates of one year; never by another year's."""
        exact, sources = Fraction(amount), []
        if currency == to:
            return Converted(exact)
        for each, up in ((currency, False), (to, True)):
            if each == "USD":
                continue
            rate = self.rates.get((each, year))
            if rate is None:
                return Converted(None, _no_rate(each, year))
            exact = exact * Fraction(rate.per_usd) if up else exact / Fraction(rate.per_usd)
            sources.append(rate.source)
        return Converted(exact, sources=tuple(sources))

    def constant(
        self, amount: Decimal | Fraction, currency: str, year: int, base: int
    ) -> Converted:
        """An amount of one year in the prices of a base year."""
        if year == base:
            return Converted(Fraction(amount))
        here, there = self.deflators.get((currency, year)), self.deflators.get((currency, base))
        if here is None or there is None:
            because = Sentence(
                "The price level of {currency} in {year} is not known.",
                currency=currency,
                year=str(year if here is None else base),
            )
            return Converted(None, because)
        exact = Fraction(amount) * Fraction(there.level) / Fraction(here.level)
        return Converted(exact, sources=(here.source, there.source))


def _no_rate(currency: str, year: int) -> Sentence:
    return Sentence(
        "The exchange rate of {currency} in {year} is not known.", currency=currency, year=str(year)
    )


def to_cents(amount: Fraction) -> Decimal:
    """An exact amount to the cent, half a cent away from zero, however large it is."""
    above, below = abs(amount.numerator), amount.denominator
    cents = (above * 200 + below) // (below * 2)
    return Decimal(f"{'-' if amount < 0 else ''}{cents}E-2")


def prices_of(register: Register) -> Prices:
    """The rates and price levels that a register holds."""
    return Prices(
        {(each.currency, each.year): each for each in register.rates.values()},
        {(each.currency, each.year): each for each in register.deflators.values()},
    )
