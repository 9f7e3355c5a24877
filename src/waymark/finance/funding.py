"""Is it paid for: the money of commitments by year, and of provisions in places.

From the register: each flow that names a commitment. From reports: sectors that serve a provision.
What nobody reported is not known, and never 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError
from waymark.finance.choices import By, Choice, Sum
from waymark.finance.currencies import Prices
from waymark.finance.evidence import MONEY, MoneyEvidence
from waymark.finance.flows import SPENDING, Flow, FlowKind
from waymark.finance.sums import Measure, years_ahead
from waymark.plans.register import Register
from waymark.plans.tallies import served
from waymark.plans.vocabulary import Status
from waymark.reading import Value, read_table, read_yaml
from waymark.words import Sentence

COMMON = "USD"  # the currency to which flows in several currencies are converted
CYCLE = 4  # years between two reviews of the Compact


class Money(Value):
    """A commitment's money in one year; None where nobody reported it."""

    cost: Decimal | None = None
    secured: Decimal | None = None
    spent: Decimal | None = None

    @property
    def gap(self) -> Decimal | None:
        """What is missing to the cost; not known without a cost. Nothing reported secures nothing
        for certain, so a gap needs both."""
        if self.cost is None or self.secured is None:
            return None
        return max(self.cost - self.secured, Decimal(0))


@dataclass(frozen=True)
class CommitmentMoney:
    """The money of one commitment by year, in one currency, and the flows that it was read from.

    ``because`` says why there is none: a rate that is not known.
    """

    commitment: str
    currency: str
    years: Mapping[int, Money]
    flows: tuple[Flow, ...]
    because: Sentence | None = None

    def ahead(self, year: int) -> int:
        """How many years after a year are covered: to the cost, or by anything where it has none.

        A year without a reported cost counts as covered where money is secured for it.
        """
        return years_ahead((one for one, money in self.years.items() if is_covered(money)), year)


def is_covered(money: Money) -> bool:
    """Whether what is secured reaches the cost, or, without one, whether anything is secured."""
    return money.secured is not None and money.secured > 0 and money.secured >= (money.cost or 0)


def money_of(commitment: str, flows: Iterable[Flow], prices: Prices) -> CommitmentMoney:
    """The cost, what is secured and what was spent, by year.

    A flow that passes another on adds nothing. What a provider paid in a year was secured, so of
    its commitments and its payments in a year the larger one counts. Pledges secure nothing yet.
    """
    found = tuple(flows)
    currencies = {flow.currency for flow in found}
    currency = min(currencies) if len(currencies) == 1 else COMMON
    cost: defaultdict[int, Decimal] = defaultdict(Decimal)
    given: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    paid: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for flow in found:
        if flow.onward_of is not None:
            continue
        for year, amount in flow.by_year().items():
            converted = prices.convert(amount, flow.currency, currency, year)
            if converted.rounded is None:
                return CommitmentMoney(commitment, currency, {}, found, converted.because)
            if flow.kind is FlowKind.COST:
                cost[year] += converted.rounded
            elif flow.kind is FlowKind.COMMITMENT:
                given[year, flow.giver] += converted.rounded
            elif flow.kind in SPENDING:
                paid[year, flow.giver] += converted.rounded
    years = {
        year: Money(
            cost=cost.get(year),
            secured=_sum(
                max(given.get(key, Decimal(0)), paid.get(key, Decimal(0)))
                for key in {*given, *paid}
                if key[0] == year
            ),
            spent=_sum(amount for key, amount in paid.items() if key[0] == year),
        )
        for year in sorted({*cost, *(key[0] for key in {*given, *paid})})
    }
    return CommitmentMoney(commitment, currency, years, found)


def _sum(amounts: Iterable[Decimal]) -> Decimal | None:
    found = list(amounts)
    return sum(found, Decimal(0)) if found else None


class Funding(Value):
    """Of the live commitments that serve a provision in a place, how many are paid for in a year.

    ``covered`` are secured to their cost, ``partly`` have money secured and a higher cost or none
    on record, ``bare`` have it on record that nothing is secured; of the others nothing is known.
    ``ahead`` counts the following years in which every covered commitment stays covered.
    """

    commitments: int = 0
    covered: int = 0
    partly: int = 0
    bare: int = 0
    ahead: int | None = None

    @property
    def known(self) -> int:
        """Of how many of them something is on record."""
        return self.covered + self.partly + self.bare

    def __add__(self, other: Funding) -> Funding:
        aheads = [each.ahead for each in (self, other) if each.ahead is not None]
        return Funding(
            commitments=self.commitments + other.commitments,
            covered=self.covered + other.covered,
            partly=self.partly + other.partly,
            bare=self.bare + other.bare,
            ahead=min(aheads, default=None),
        )


@dataclass(frozen=True)
class Sums:
    """What was reported in a sector in a place over some years, counted once; None: nothing."""

    sector: str
    first: int
    last: int
    spent: Decimal | None
    secured: Decimal | None


@dataclass(frozen=True)
class Reports:
    """Reported money by place, with the sectors that serve a provision or a whole instrument.

    ``sums`` are by sector and year.
    """

    sums: Mapping[str, tuple[Sum, ...]] = field(default_factory=dict)
    serves: Mapping[str, str] = field(default_factory=dict)  # sector, then what it serves

    def of(self, serves: Collection[str], place: str, first: int, last: int) -> list[Sums]:
        """The sums of the sectors that serve any of these, over the years from first to last."""
        found = []
        for sector, target in self.serves.items():
            if target not in serves:
                continue
            chosen = [
                each
                for each in self.sums.get(place, ())
                if each.group[0] == sector and first <= int(each.group[1]) <= last
            ]
            spent = _sum(each.amount for each in chosen if each.measure is Measure.SPENT)
            secured = _sum(each.amount for each in chosen if each.measure is Measure.SECURED)
            if spent is not None or secured is not None:
                years = [int(each.group[1]) for each in chosen]
                found.append(Sums(sector, min(years), max(years), spent, secured))
        return found


_GIVEN = (Measure.SPENT, Measure.SECURED)
Fundings = Mapping[str, Mapping[str, Funding]]  # State or area, then provision


@dataclass(frozen=True)
class Finances:
    """All that the ladder needs of money: commitments of the register, and reports."""

    fundings: Fundings = field(default_factory=dict)
    reports: Reports = field(default_factory=Reports)


def fundings(
    register: Register, framework: Framework, flows: Iterable[Flow], prices: Prices, year: int
) -> Fundings:
    """How the commitments of the register are paid for, by place and provision."""
    moneys = moneys_of(flows, prices)
    found: dict[str, dict[str, Funding]] = {}
    for commitment in register.commitments.values():
        if commitment.status is Status.DROPPED or commitment.proposed:
            continue
        of_place = found.setdefault(register.country_of(commitment.place), {})
        funding = _funding(moneys.get(commitment.id), year)
        for provision in served(commitment.provisions, framework):
            of_place[provision] = of_place.get(provision, Funding()) + funding
    return found


def moneys_of(flows: Iterable[Flow], prices: Prices) -> dict[str, CommitmentMoney]:
    """The money of each commitment that a flow names."""
    by: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        if flow.commitment is not None:
            by[flow.commitment].append(flow)
    return {commitment: money_of(commitment, found, prices) for commitment, found in by.items()}


def _funding(money: CommitmentMoney | None, year: int) -> Funding:
    here = money.years.get(year) if money else None
    if money is None or here is None or here.secured is None:
        return Funding(commitments=1)
    if here.cost is not None and here.secured >= here.cost:
        return Funding(commitments=1, covered=1, ahead=money.ahead(year))
    return Funding(commitments=1, partly=int(here.secured > 0), bare=int(here.secured <= 0))


class _Sector(Value):
    code: str
    serves: str
    source: str


class _Sectors(Value):
    sectors: tuple[_Sector, ...]


def reports_of(
    evidence: MoneyEvidence, framework: Framework, places: Collection[str] | None = None
) -> Reports:
    """The reported money of some places, or of all: one query."""
    path = MONEY / "sectors.yaml"
    serves = {each.code: each.serves for each in read_yaml(path, _Sectors).sectors}
    for target in serves.values():
        if target not in framework.provisions and target not in framework.instruments:
            problem = f"'{target}' is no provision and no instrument."
            raise DefinitionError(path, problem, "Correct what the sector serves.")
    choice = Choice(
        places=None if places is None else tuple(places), sectors=tuple(serves), measures=_GIVEN
    )
    by: defaultdict[str, list[Sum]] = defaultdict(list)
    for each in evidence.sums(choice, (By.PLACE, By.SECTOR, By.YEAR)):
        place, *group = each.group
        if place and each.currency == COMMON:
            by[str(place)].append(each._replace(group=tuple(group)))
    return Reports({place: tuple(sums) for place, sums in by.items()}, serves)


def read_flows(path: Path, register: Register, framework: Framework) -> tuple[Flow, ...]:
    """The flows of a CSV file, each with a place, a commitment and a parent that exist."""
    flows = tuple(read_table(path, Flow))
    for problem in _faults(flows, register, framework):
        remedy = "Correct the cell, or add what it names."
        raise DefinitionError(path, problem[1], remedy, column=f"column {problem[0]}")
    return flows


def _faults(
    flows: tuple[Flow, ...], register: Register, framework: Framework
) -> Iterator[tuple[str, str]]:
    by_id = {flow.id: flow for flow in flows}
    places = {*framework.places, *register.localities}
    for identifier, times in Counter(flow.id for flow in flows).items():
        if times > 1:
            yield "id", f"the flow '{identifier}' is there {times} times."
    for flow in flows:
        if flow.place not in places:
            yield "place", f"{flow.id}: '{flow.place}' is no place."
        if flow.commitment is not None and flow.commitment not in register.commitments:
            yield "commitment", f"{flow.id}: '{flow.commitment}' is no commitment of the register."
        for name in ("provider", "receiver"):
            actor = getattr(flow, name)
            if actor is not None and actor not in register.actors:
                yield name, f"{flow.id}: '{actor}' is no actor of the register."
        for provision in flow.provisions:
            if provision not in framework.provisions:
                yield "provisions", f"{flow.id}: '{provision}' is no provision."
        for group in flow.groups:
            if group not in framework.groups:
                yield "groups", f"{flow.id}: '{group}' is no group."
        if flow.onward_of is not None and flow.onward_of not in by_id:
            yield "onward_of", f"{flow.id}: there is no flow '{flow.onward_of}'."
        if _in_circle(flow, by_id):
            yield "onward_of", f"{flow.id}: the flows pass money on in a circle."


def _in_circle(flow: Flow, by_id: Mapping[str, Flow]) -> bool:
    seen, here = {flow.id}, by_id.get(flow.onward_of or "")
    while here is not None:
        if here.id in seen:
            return True
        seen.add(here.id)
        here = by_id.get(here.onward_of or "")
    return False
