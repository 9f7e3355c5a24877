"""The money of a commitment as IATI has it: transactions, budgets and planned disbursements.

A date is never made up: a flow of which the standard wants a day is left out where it has none,
and the reason is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from babel.core import get_global

from waymark.compact.framework import Framework
from waymark.compact.places import Level
from waymark.exchange.iati.activities import (
    EARMARKING,
    UN_REGIONS,
    Budget,
    Code,
    Money,
    Narrative,
    Organisation,
    PlannedDisbursement,
    Share,
    Texts,
    Transaction,
)
from waymark.exchange.iati.organisations import organisation_of
from waymark.plans.flows import PLANS, Earmarking, Flow, FlowKind
from waymark.plans.register import Register
from waymark.words import N_, Sentence

TRANSACTIONS = {  # the code list TransactionType
    FlowKind.INCOMING: "1",
    FlowKind.COMMITMENT: "2",
    FlowKind.DISBURSEMENT: "3",
    FlowKind.EXPENDITURE: "4",
    FlowKind.INCOMING_COMMITMENT: "11",
    FlowKind.PLEDGE: "12",
}
CATEGORIES = {  # the code list EarmarkingCategory
    Earmarking.UNEARMARKED: "1",
    Earmarking.SOFTLY_EARMARKED: "2",
    Earmarking.EARMARKED: "3",
    Earmarking.TIGHTLY_EARMARKED: "4",
}
DAC_SECTORS = "1"  # the sector vocabulary of five digits
MADE_UP = N_("it is made up, to show how the register works.")
A_YEAR = 366  # days: a budget of IATI covers no more


@dataclass(frozen=True)
class Books:
    """The flows of a register; the identifiers of their activities begin with ``publisher``.

    ``written`` are the commitments that become activities.
    """

    register: Register
    framework: Framework
    publisher: str
    written: Set[str]

    def activity_id(self, commitment: str) -> str:
        """The identifier of a commitment's activity."""
        return f"{self.publisher}-{commitment}"

    def why_not(self, flow: Flow) -> Sentence | None:
        """Why a flow is not written; None where it is."""
        if flow.commitment is None:
            return Sentence("it names no commitment, and an activity is one.")
        if flow.commitment not in self.written:
            message = N_("its commitment '{commitment}' is left out.")
            return Sentence(message, commitment=flow.commitment)
        if flow.illustrative:
            return Sentence(MADE_UP)
        if flow.kind is FlowKind.COST:
            return Sentence("IATI has no place for a cost.")
        if flow.kind not in PLANS and flow.day is None:
            return Sentence("it has no 'day'; IATI wants a date of every transaction.")
        return None

    def transactions(self, commitment: str) -> tuple[Transaction, ...]:
        """What was pledged, committed, paid, spent or received."""
        elsewhere = self.elsewhere(commitment)
        return tuple(
            self._transaction(each, elsewhere)
            for each in self._of(commitment)
            if each.kind in TRANSACTIONS
        )

    def elsewhere(self, commitment: str) -> bool:
        """Whether some of the money goes to another country: then every transaction names its own,
        and the activity none, as the standard wants it."""
        country_of = self.register.country_of
        here = country_of(self.register.commitments[commitment].place)
        return any(
            country_of(each.place) != here
            for each in self._of(commitment)
            if each.kind in TRANSACTIONS
        )

    def budgets(self, commitment: str) -> tuple[Budget, ...]:
        """The budgets, one for each calendar year where they cover more than one."""
        return tuple(
            Budget(starts, ends, Money(amount, flow.currency, starts))
            for flow in self._of(commitment)
            if flow.kind is FlowKind.BUDGET
            for starts, ends, amount in _periods(flow)
        )

    def planned(self, commitment: str) -> tuple[PlannedDisbursement, ...]:
        """The payments that are planned."""
        return tuple(
            PlannedDisbursement(
                flow.day or date(flow.year, 1, 1),
                flow.ends if flow.day else date(flow.year, 12, 31),
                Money(flow.amount, flow.currency, flow.day or date(flow.year, 1, 1)),
                provider=self._provider(flow),
                receiver=self._organisation(flow.receiver, flow.receiver_name),
            )
            for flow in self._of(commitment)
            if flow.kind is FlowKind.PLANNED_DISBURSEMENT
        )

    def _of(self, commitment: str) -> Iterator[Flow]:
        for each in self.register.flows_of.get(commitment, ()):
            if not self.why_not(each):
                yield each

    def _transaction(self, flow: Flow, with_place: bool) -> Transaction:
        earmarked = CATEGORIES.get(flow.earmarking)
        country = region = ""
        if with_place:
            country, region = place_codes(self.register, self.framework, flow.place)
        return Transaction(
            TRANSACTIONS[flow.kind],
            flow.day,
            Money(flow.amount, flow.currency, flow.day),
            ref=flow.id,
            description=(Narrative(flow.source),) if flow.source else (),
            provider=self._provider(flow),
            receiver=self._organisation(flow.receiver, flow.receiver_name),
            sectors=(Share(flow.sector, vocabulary=DAC_SECTORS),) if flow.sector else (),
            country=country,
            region=Code(region, UN_REGIONS) if region else None,
            aid_types=(Code(earmarked, EARMARKING),) if earmarked else (),
        )

    def _provider(self, flow: Flow) -> Organisation | None:
        """Who gives; what is passed on names the activity from which the money comes."""
        found = self._organisation(flow.provider, flow.provider_name)
        before = self.register.flows.get(flow.onward_of or "")
        if before is None or before.commitment not in self.written:
            return found
        return replace(found or Organisation(), activity=self.activity_id(str(before.commitment)))

    def _organisation(self, actor: str | None, name: str | None) -> Organisation | None:
        if actor is not None:
            return organisation_of(self.register.actors[actor])
        return Organisation(name=_named(name)) if name else None


def place_codes(register: Register, framework: Framework, place: str) -> tuple[str, str]:
    """The ISO 3166 alpha-2 code of the State or area of a place, or the M49 code of a region."""
    found = framework.place(register.country_of(place))
    if found.level is not Level.NATIONAL:
        return "", found.m49
    return str(get_global("territory_aliases")[found.id][0]), ""


def _named(name: str) -> Texts:
    return (Narrative(name),)


def _periods(flow: Flow) -> Iterator[tuple[date, date, Decimal]]:
    """The times of a budget with their amounts; without days, its year."""
    starts, ends = flow.day or date(flow.year, 1, 1), flow.ends or date(flow.year, 12, 31)
    if (ends - starts).days < A_YEAR:
        yield starts, ends, flow.amount
        return
    for year, amount in flow.by_year().items():
        yield max(starts, date(year, 1, 1)), min(ends, date(year, 12, 31)), amount
