"""Which rows of money a question is about, by what they are summed, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from waymark.finance.sums import Measure

Words = tuple[str, ...] | None


class By(StrEnum):
    """By what rows can be summed.

    An organisation is its identifier, or, without one, its name as the source wrote it; empty where
    neither is given.
    """

    PLACE = "place"
    YEAR = "year"
    SECTOR = "sector"
    PROVIDER = "provider"
    RECEIVER = "receiver"
    REPORTER = "reporter"
    PROVIDER_TYPE = "provider_type"
    RECEIVER_TYPE = "receiver_type"
    EARMARKING = "earmarking"
    AID_TYPE = "aid_type"
    FINANCE_TYPE = "finance_type"
    KIND = "kind"
    ACTIVITY = "activity"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows: None takes whatever they say there, a tuple takes one of its words.

    ``first`` and ``last`` are years, both included. Organisations are those of ``By``; the
    ``without`` ones are left out, so that the rows behind "all others" can be asked for.
    """

    places: Words = None
    sectors: Words = None
    first: int | None = None
    last: int | None = None
    measures: tuple[Measure, ...] | None = None
    currency: str | None = None
    providers: Words = None
    receivers: Words = None
    reporters: Words = None
    without_providers: tuple[str, ...] = ()
    without_receivers: tuple[str, ...] = ()
    earmarkings: Words = None
    releases: Words = None
    activities: Words = None
    kinds: Words = None


class Sum(NamedTuple):
    """What some rows add up to in one measure and one currency, and how many they are."""

    group: tuple[str | int, ...]
    measure: Measure
    currency: str
    amount: Decimal
    rows: int


class Rest(NamedTuple):
    """What all groups beyond the largest add up to."""

    groups: int
    amount: Decimal
    rows: int


class Ranking(NamedTuple):
    """The largest groups, the largest first, and the others together."""

    top: tuple[Sum, ...]
    rest: Rest


class Link(NamedTuple):
    """Money from a provider to a receiver; None stands for all the others together."""

    provider: str | None
    receiver: str | None
    amount: Decimal
    rows: int
