"""Flows: one row of money each, from a cost through a promise to what was paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from waymark.compact.provisions import ProvisionId, TagId
from waymark.plans.vocabulary import (
    AsWords,
    Line,
    LineOrNothing,
    Named,
    PlaceRef,
    Slug,
    Text,
    Year,
)
from waymark.reading import Value


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


Currency = Annotated[str, BeforeValidator(_upper), StringConstraints(pattern=r"^[A-Z]{3}$")]


def _in_cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01")) + 0  # so written alike, and never as -0.00


Amount = Annotated[
    Decimal, Field(max_digits=18, decimal_places=2), AfterValidator(_in_cents)
]  # in cents it has 18 digits, which every engine keeps exactly
LAST_YEAR = 2100  # as of every other year of the register
Sector = Annotated[str, StringConstraints(pattern=r"^([0-9]{5})?$")]


class FlowKind(Named):
    """What a row of money says: a closed list, after the transaction types of IATI."""

    COST = "cost"
    PLEDGE = "pledge"
    COMMITMENT = "commitment"
    DISBURSEMENT = "disbursement"
    EXPENDITURE = "expenditure"
    INCOMING_COMMITMENT = "incoming-commitment"
    INCOMING = "incoming"
    BUDGET = "budget"
    PLANNED_DISBURSEMENT = "planned-disbursement"


SPENDING = frozenset({FlowKind.DISBURSEMENT, FlowKind.EXPENDITURE})
INCOME = frozenset({FlowKind.INCOMING_COMMITMENT, FlowKind.INCOMING})
PLANS = frozenset({FlowKind.BUDGET, FlowKind.PLANNED_DISBURSEMENT})


class Earmarking(Named):
    """How far the giver decides on what its money is spent (IATI's earmarking categories)."""

    UNEARMARKED = "unearmarked"
    SOFTLY_EARMARKED = "softly-earmarked"
    EARMARKED = "earmarked"
    TIGHTLY_EARMARKED = "tightly-earmarked"
    NOT_KNOWN = "not-known"


class Flow(Value):
    """One row of money, and one row of ``flows.csv``.

    An amount may be negative: it takes back what an earlier row said. ``ends`` is the last day of a
    budget, a planned payment or a window of several years that begins on ``day``. ``by`` is the
    actor who reports it. ``onward_of`` is the flow of which this one passes money on; it tells
    where money went and adds none. ``release`` and ``row`` say where a row of a file stood.
    """

    id: Slug
    kind: FlowKind
    amount: Amount
    currency: Currency
    year: Year
    day: date | None = None
    ends: date | None = None
    provider: Slug | None = None
    provider_name: Line | None = None
    receiver: Slug | None = None
    receiver_name: Line | None = None
    place: PlaceRef
    sector: Sector = ""
    earmarking: Earmarking = Earmarking.NOT_KNOWN
    commitment: Slug | None = None
    provisions: Annotated[tuple[ProvisionId, ...], AsWords] = ()
    groups: Annotated[tuple[TagId, ...], AsWords] = ()
    onward_of: Slug | None = None
    by: Slug | None = None
    source: Text = ""
    release: LineOrNothing = ""
    row: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    illustrative: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Flow:
        if self.day is not None and self.day.year != self.year:
            raise ValueError(f"the day lies in {self.day.year}, the year is {self.year}")
        if self.ends is not None and self.day is None:
            raise ValueError("a flow with a last day has a first one: fill in 'day'")
        if self.day and self.ends and self.ends < self.day:
            raise ValueError("the flow ends before it begins")
        if self.ends and self.ends.year > LAST_YEAR:
            raise ValueError(f"the flow ends after {LAST_YEAR}")
        if self.onward_of == self.id:
            raise ValueError("a flow cannot pass itself on: correct 'onward_of'")
        return self

    @property
    def giver(self) -> str:
        """The actor who pays, or its name where it is no actor of the register; else empty."""
        return self.provider or self.provider_name or ""

    def by_year(self) -> dict[int, Decimal]:
        """The amount spread over the years of its window by days, to the cent; the sum is kept."""
        if self.day is None or self.ends is None or self.ends.year == self.day.year:
            return {self.year: self.amount}
        cents = int(self.amount * 100)
        whole = (self.ends - self.day).days + 1
        found, spread, passed = {}, 0, 0
        for year in range(self.day.year, self.ends.year + 1):
            first, last = max(self.day, date(year, 1, 1)), min(self.ends, date(year, 12, 31))
            passed += (last - first).days + 1
            until = cents * passed // whole
            found[year] = Decimal(until - spread) / 100
            spread = until
        return found
