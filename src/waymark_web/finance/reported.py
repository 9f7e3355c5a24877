"""Sums of the reported money for pages, and the rows behind each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from waymark.finance.evidence import MoneyEvidence, Reported, open_money
from waymark.finance.sums import Counted, Measure, counted
from waymark_web.finance.asked import Asked

NAMED = {"provider": "provider_name", "receiver": "receiver_name"}


@dataclass(frozen=True)
class Sum:
    """The sum of one group in one measure and one currency, with how many rows it is made of."""

    key: tuple[str | int, ...]
    names: tuple[str, ...]
    measure: Measure
    currency: str
    amount: Decimal
    rows: int


@lru_cache(maxsize=1)
def money() -> MoneyEvidence:
    """The reported money."""
    return open_money()


@lru_cache(maxsize=64)
def _counted(places: frozenset[str] | None) -> tuple[Counted, ...]:
    return tuple(counted(money().rows(places)))


def _found(asked: Asked) -> Iterator[Counted]:
    for each in _counted(asked.places):
        row = each.row
        if asked.sectors is not None and row.sector not in asked.sectors:
            continue
        if asked.measure not in (None, each.measure) or asked.year not in (None, row.year):
            continue
        if asked.currency not in (None, row.currency):
            continue
        if asked.earmarking not in (None, row.earmarking):
            continue
        if asked.provider not in (None, row.provider or row.provider_name):
            continue
        if asked.receiver in (None, row.receiver or row.receiver_name):
            yield each


def sums(asked: Asked, *by: str) -> list[Sum]:
    """The sums that a question asks for, by columns such as ``year`` or ``provider``."""
    groups: defaultdict[tuple[object, ...], list[Reported]] = defaultdict(list)
    for row, measure in _found(asked):
        groups[(tuple(_key(row, each) for each in by), measure, row.currency)].append(row)
    return [
        Sum(
            key,  # type: ignore[arg-type]
            tuple(_name(rows, each) for each in by),
            measure,  # type: ignore[arg-type]
            currency,  # type: ignore[arg-type]
            sum((each.amount for each in rows), Decimal(0)),
            len(rows),
        )
        for (key, measure, currency), rows in groups.items()
    ]


def _key(row: Reported, column: str) -> str | int:
    if column in NAMED:
        return getattr(row, column) or getattr(row, NAMED[column])  # type: ignore[no-any-return]
    return getattr(row, column)  # type: ignore[no-any-return]


def _name(rows: Iterable[Reported], column: str) -> str:
    if column not in NAMED:
        return ""
    return min(getattr(row, NAMED[column]) for row in rows)  # type: ignore[no-any-return]


def rows(asked: Asked, offset: int = 0, limit: int | None = None) -> list[Counted]:
    """The rows that a question asks for, in the order of their sources."""
    found = list(_found(asked))
    return found[offset:] if limit is None else found[offset : offset + limit]
