"""Exchange rates and deflators: tables with their sources, exact conversion, and said gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field

from waymark.exceptions import DefinitionError
from waymark.finance.flows import Currency
from waymark.plans.vocabulary import Year
from waymark.reading import Value, read_table
from waymark.words import Sentence

Positive = Annotated[Decimal, Field(gt=0, max_digits=30)]


class ExchangeRate(Value):
    """How much of a currency was paid for one US dollar, on average over a year."""

    currency: Currency
    year: Year
    per_usd: Positive
    source: str


class Deflator(Value):
    """The price level of a currency in a year, against any base that the table keeps to."""

    currency: Currency
    year: Year
    level: Positive
    source: str


P = TypeVar("P", ExchangeRate, Deflator)


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
    cents = (abs(amount) * 200 + 1) // 2
    return Decimal(f"{'-' if amount < 0 else ''}{cents}E-2")


def read_prices(rates: Path | None = None, deflators: Path | None = None) -> Prices:
    """The tables of a user; a currency stands once a year in each."""
    return Prices(
        {(each.currency, each.year): each for each in _once(rates, ExchangeRate)},
        {(each.currency, each.year): each for each in _once(deflators, Deflator)},
    )


def _once(path: Path | None, model: type[P]) -> Iterable[P]:
    rows = read_table(path, model) if path else []
    seen = set()
    for each in rows:
        if (each.currency, each.year) in seen:
            problem = f"{each.currency} stands twice for {each.year}."
            raise DefinitionError(path or "", problem, "Keep the row with the better source.")
        seen.add((each.currency, each.year))
    return rows
