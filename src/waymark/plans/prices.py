"""What money is converted by: exchange rates and price levels, each with its year and source."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from waymark.plans.flows import Currency
from waymark.plans.vocabulary import Plain, Slug, Year
from waymark.reading import Value

Positive = Annotated[Decimal, Field(gt=0, max_digits=30)]
Source = Annotated[
    str, Plain, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)
]


class ExchangeRate(Value):
    """How much of a currency was paid for one US dollar, on average over a year."""

    id: Slug
    currency: Currency
    year: Year
    per_usd: Positive
    source: Source


class Deflator(Value):
    """The price level of a currency in a year, against any base that the register keeps to."""

    id: Slug
    currency: Currency
    year: Year
    level: Positive
    source: Source
