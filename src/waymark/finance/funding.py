"""Is it paid for: the money of commitments by year, and of provisions in places.

From the register: each flow that names a commitment. From reports: sectors that serve a provision.
What nobody reported is not known, and never 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError
from waymark.finance.choices import By, Choice, Sum
from waymark.finance.currencies import Prices, prices_of
from waymark.finance.evidence import MONEY, MoneyEvidence
from waymark.finance.onward import arriving
from waymark.finance.sums import OF_KIND, Measure, years_ahead
from waymark.plans.flows import Flow
from waymark.plans.register import Register
from waymark.plans.tallies import served
from waymark.plans.vocabulary import Status
from waymark.reading import Value, read_yaml
from waymark.words import Sentence

SUMMED = (Measure.COST, Measure.SECURED, Measure.SPENT)
COMMON = "USD"  # the currency to which flows in several currencies are converted
CYCLE = 4  # years between two reviews of the Compact
NOTHING = Decimal(0)


def gap_between(cost: Decimal | None, secured: Decimal | None) -> Decimal | None:
    """What is missing to a cost, at least 0; not known without a cost. Nothing reported secures
    nothing for certain, so a gap needs both."""
    if cost is None or secured is None:
        return None
    return max(cost - secured, NOTHING)


class Money(Value):
    """A commitment's money in one year; None where nobody reported it."""

    cost: Decimal | None = None
    secured: Decimal | None = None
    spent: Decimal | None = None

    @property
    def gap(self) -> Decimal | None:
        """What is missing to the cost (``gap_between``)."""
        return gap_between(self.cost, self.secured)


class Part(NamedTuple):
    """What a flow says of one year, in the currency of the whole, and to what it adds.

    A payment adds to what was spent and, where its giver paid more than it committed, to what is
    secured; the giver's commitments then add to nothing. The amount is None where its rate is not
    known; that is only said of what adds to no sum.
    """

    flow: Flow
    year: int
    amount: Decimal | None
    adds_to: tuple[Measure, ...]


@dataclass(frozen=True)
class CommitmentMoney:
    """The money of one commitment by year, in one currency, and the flows that it was read from.

    The ``parts`` are the rows behind each number. ``because`` says why there is none: a rate that
    is not known.
    """

    commitment: str
    currency: str
    years: Mapping[int, Money]
    flows: tuple[Flow, ...]
    because: Sentence | None = None
    parts: tuple[Part, ...] = ()

    def behind(self, year: int, measure: Measure) -> list[Part]:
        """The parts that add up to a number, or that stand aside under a measure."""
        return [each for each in self.parts if each.year == year and measure in each.adds_to]

    def ahead(self, year: int) -> int:
        """How many years after a year are covered: to the cost, or by anything where it has none.

        A year without a reported cost counts as covered where money is secured for it.
        """
        return years_ahead((one for one, money in self.years.items() if is_covered(money)), year)


def is_covered(money: Money) -> bool:
    """Whether what is secured reaches the cost, or, without one, whether anything is secured."""
    if money.secured is None:
        return False
    return money.secured > 0 if money.cost is None else money.secured >= money.cost


def money_of(
    commitment: str, flows: Iterable[Flow], prices: Prices, first: Collection[str] = ()
) -> CommitmentMoney:
    """The cost, what is secured and what was spent, by year.

    A flow that passes another on adds nothing, unless it is among the ``first`` to bring that money
    to a commitment (``moneys_of`` finds them). What a provider paid in a year was secured, so of
    its commitments and its payments in a year the larger one counts. Pledges secure nothing yet.
    The currency is that of the flows that are summed, where it is one; else US dollars.
    """
    found = tuple(flows)
    measured = [(flow, _measure(flow, first)) for flow in found]
    summed = {flow.currency for flow, measure in measured if measure in SUMMED}
    currencies = summed or {flow.currency for flow in found}
    currency = min(currencies) if len(currencies) == 1 else COMMON
    parts = []
    for flow, measure in measured:
        for year, amount in flow.by_year().items():
            converted = prices.convert(amount, flow.currency, currency, year)
            rounded = converted.rounded
            if rounded is None and measure in SUMMED:
                return CommitmentMoney(commitment, currency, {}, found, converted.because)
            parts.append(Part(flow, year, rounded, (measure,)))
    given, paid = _by_giver(parts, Measure.SECURED), _by_giver(parts, Measure.SPENT)
    years = {
        year: Money(
            cost=_sum(_amounts(parts, year, Measure.COST)),
            secured=_sum(
                max(given.get(key, NOTHING), paid.get(key, NOTHING), NOTHING)
                for key in {*given, *paid}
                if key[0] == year
            ),
            spent=_sum(_amounts(parts, year, Measure.SPENT)),
        )
        for year in sorted({each.year for each in parts if each.adds_to[0] in SUMMED})
    }
    behind = tuple(_settled(each, given, paid) for each in parts)
    return CommitmentMoney(commitment, currency, years, found, parts=behind)


def _measure(flow: Flow, first: Collection[str]) -> Measure:
    if flow.onward_of is not None and flow.id not in first:
        return Measure.PASSED_ON
    return OF_KIND[flow.kind]


def _amounts(parts: Iterable[Part], year: int, measure: Measure) -> list[Decimal]:
    return [
        each.amount
        for each in parts
        if each.amount is not None and each.year == year and measure in each.adds_to
    ]


def _by_giver(parts: Iterable[Part], measure: Measure) -> dict[tuple[int, str], Decimal]:
    found: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for each in parts:
        if each.amount is not None and measure in each.adds_to:
            found[each.year, each.flow.giver] += each.amount
    return dict(found)


def _settled(
    part: Part,
    given: Mapping[tuple[int, str], Decimal],
    paid: Mapping[tuple[int, str], Decimal],
) -> Part:
    """A part with what it adds to once it is known whether its giver committed or paid more."""
    key = part.year, part.flow.giver
    paid_more = key in paid and (key not in given or paid[key] > given[key])
    if part.adds_to == (Measure.SPENT,) and paid_more:
        return part._replace(adds_to=(Measure.SPENT, Measure.SECURED))
    if part.adds_to == (Measure.SECURED,) and paid_more:
        return part._replace(adds_to=())
    return part


def _sum(amounts: Iterable[Decimal]) -> Decimal | None:
    found = list(amounts)
    return sum(found, NOTHING) if found else None


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
        return together((self, other))


def together(found: Iterable[Funding]) -> Funding:
    """The sum of many, as if they were added one after another."""
    known = list(found)
    return Funding(
        commitments=sum(each.commitments for each in known),
        covered=sum(each.covered for each in known),
        partly=sum(each.partly for each in known),
        bare=sum(each.bare for each in known),
        ahead=min((each.ahead for each in known if each.ahead is not None), default=None),
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

    ``sums`` are by sector and year, then by provider, earmarking and kind; ``names`` are those of
    the providers.
    """

    sums: Mapping[str, tuple[Sum, ...]] = field(default_factory=dict)
    serves: Mapping[str, str] = field(default_factory=dict)  # sector, then what it serves
    names: Mapping[str, str] = field(default_factory=dict)

    def of(self, serves: Collection[str], place: str, first: int, last: int) -> list[Sums]:
        """The sums of the sectors that serve any of these, over the years from first to last."""
        found = []
        for sector, target in self.serves.items():
            if target not in serves:
                continue
            chosen = [
                each
                for each in self.sums.get(place, ())
                if each.measure in _GIVEN
                and each.group[0] == sector
                and first <= int(each.group[1]) <= last
            ]
            spent = _sum(each.amount for each in chosen if each.measure is Measure.SPENT)
            secured = _sum(each.amount for each in chosen if each.measure is Measure.SECURED)
            if spent is not None or secured is not None:
                years = [int(each.group[1]) for each in chosen]
                found.append(Sums(sector, min(years), max(years), spent, secured))
        return found


_GIVEN = (Measure.SPENT, Measure.SECURED)
_GROUPS = (By.PLACE, By.SECTOR, By.YEAR, By.PROVIDER, By.EARMARKING, By.KIND)
Fundings = Mapping[str, Mapping[str, Funding]]  # State or area, then provision


@dataclass(frozen=True)
class Finances:
    """All that the ladder needs of money: commitments of the register, and reports."""

    fundings: Fundings = field(default_factory=dict)
    reports: Reports = field(default_factory=Reports)


def fundings(register: Register, framework: Framework, year: int) -> Fundings:
    """How the commitments of the register are paid for in a year, by place and provision."""
    moneys = moneys_of(register.flows.values(), prices_of(register))
    found: dict[str, dict[str, Funding]] = {}
    for commitment in register.commitments.values():
        if commitment.status is Status.DROPPED or commitment.proposed:
            continue
        of_place = found.setdefault(register.country_of(commitment.place), {})
        funding = funding_of(moneys.get(commitment.id), year)
        for provision in served(commitment.provisions, framework):
            of_place[provision] = of_place.get(provision, Funding()) + funding
    return found


def moneys_of(flows: Iterable[Flow], prices: Prices) -> dict[str, CommitmentMoney]:
    """The money of each commitment that a flow names."""
    every = tuple(flows)
    first = arriving({flow.id: flow for flow in every})
    by: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in every:
        if flow.commitment is not None:
            by[flow.commitment].append(flow)
    return {each: money_of(each, found, prices, first) for each, found in by.items()}


def funding_of(money: CommitmentMoney | None, year: int) -> Funding:
    """How one live commitment is paid for in a year; None where no flow names it."""
    here = money.years.get(year) if money else None
    if money is None or here is None or here.secured is None:
        return Funding(commitments=1)
    if here.cost is not None and is_covered(here):
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
    """The reported money of some places, or of all, set by set."""
    path = MONEY / "sectors.yaml"
    serves = {each.code: each.serves for each in read_yaml(path, _Sectors).sectors}
    for target in serves.values():
        if target not in framework.provisions and target not in framework.instruments:
            problem = f"'{target}' is no provision and no instrument."
            raise DefinitionError(path, problem, "Correct what the sector serves.")
    choice = Choice(None if places is None else tuple(places), tuple(serves))
    by: defaultdict[str, list[Sum]] = defaultdict(list)
    for each in evidence.sums(choice, _GROUPS):
        place, *group = each.group
        if place and each.currency == COMMON and each.measure is not Measure.DUPLICATE:
            by[str(place)].append(each._replace(group=tuple(group)))
    names = evidence.names(choice, By.PROVIDER)
    return Reports({place: tuple(sums) for place, sums in by.items()}, serves, names)
