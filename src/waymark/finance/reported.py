"""A row of money as an organisation reported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from waymark.plans.flows import FlowKind


@dataclass(frozen=True, slots=True)
class Reported:
    """One row that an organisation reported: who, to whom, where, when, how much.

    ``reporter``, ``provider`` and ``receiver`` are identifiers of organisations, empty where the
    source gives none or several; the names stand as the source wrote them. ``place`` is empty where
    the source names none of ours. ``places_share`` is the part of the activity that belongs to this
    place, where the source says. ``row`` counts from 1, the first row of data.
    ``duplicate_of`` is the row that this one repeats, in the release ``duplicate_in`` if that is
    another one.
    """

    kind: FlowKind
    amount: Decimal
    currency: str
    year: int
    place: str
    row: int
    day: date | None = None
    ends: date | None = None
    reporter: str = ""
    reporter_name: str = ""
    provider: str = ""
    provider_name: str = ""
    provider_type: str = ""
    receiver: str = ""
    receiver_name: str = ""
    receiver_type: str = ""
    places_share: Decimal | None = None
    sector: str = ""
    aid_type: str = ""
    finance_type: str = ""
    earmarking: str = "not-known"
    activity: str = ""
    title: str = ""
    humanitarian: bool | None = None
    duplicate_of: int | None = None
    duplicate_in: str = ""
    release: str = ""


COLUMNS = tuple(Reported.__slots__)
