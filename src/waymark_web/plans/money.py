"""The tables of money: flows, exchange rates, price levels. Amounts are kept in whole cents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models


class AmountField(models.BigIntegerField):
    """An amount of money to the cent: exact in every engine, also in its sums."""

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        cents = Decimal(value).scaleb(2)
        if cents != int(cents):
            raise ValueError(f"{value} is not an amount to the cent")
        return int(cents)


def _actor() -> models.ForeignKey:
    return models.ForeignKey(
        "Actor", to_field="slug", null=True, on_delete=models.PROTECT, related_name="+"
    )


class Flow(models.Model):
    """One row of money."""

    slug = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    year = models.IntegerField()
    day = models.DateField(null=True)
    ends = models.DateField(null=True)
    provider = _actor()
    provider_name = models.CharField(max_length=300, null=True)  # noqa: DJ001 - absent is not empty
    receiver = _actor()
    receiver_name = models.CharField(max_length=300, null=True)  # noqa: DJ001
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3, db_index=True)
    sector = models.CharField(max_length=5, blank=True)
    earmarking = models.CharField(max_length=20)
    commitment = models.ForeignKey(
        "Commitment", to_field="slug", null=True, on_delete=models.PROTECT, related_name="flows"
    )
    provisions = models.TextField(blank=True)
    groups = models.TextField(blank=True)
    onward_of = models.ForeignKey(
        "self", to_field="slug", null=True, on_delete=models.PROTECT, related_name="onward"
    )
    by = _actor()
    source = models.TextField(blank=True)
    release = models.TextField(blank=True)
    row = models.IntegerField(null=True)
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug


class Rate(models.Model):
    """How much of a currency was paid for one US dollar in a year; exact, as written."""

    slug = models.CharField(max_length=80, unique=True)
    currency = models.CharField(max_length=3)
    year = models.IntegerField()
    per_usd = models.CharField(max_length=40)
    source = models.TextField()

    class Meta:
        """A currency stands once a year."""

        constraints = [models.UniqueConstraint("currency", "year", name="one_rate")]

    def __str__(self) -> str:
        return self.slug


class Deflator(models.Model):
    """The price level of a currency in a year; exact, as written."""

    slug = models.CharField(max_length=80, unique=True)
    currency = models.CharField(max_length=3)
    year = models.IntegerField()
    level = models.CharField(max_length=40)
    source = models.TextField()

    class Meta:
        """A currency stands once a year."""

        constraints = [models.UniqueConstraint("currency", "year", name="one_deflator")]

    def __str__(self) -> str:
        return self.slug
