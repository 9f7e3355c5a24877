"""Predictability: whether what was promised was paid, in the year for which it was promised.

Promises of three kinds are each held against payments: what was pledged, committed, and planned
(budgets and planned payments). Every giver is judged alone before sums are made, so that one who
pays too much hides nobody who pays too little. The measures, and what they follow, stand in
``docs/reference/finance-methods.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeVar

from waymark.finance.choices import Sum
from waymark.finance.currencies import Prices
from waymark.finance.evidence import Reported
from waymark.finance.sums import Counted, Measure
from waymark.plans.flows import PLANS, SPENDING, Flow, FlowKind
from waymark.words import N_, Sentence

K = TypeVar("K", bound=Hashable)
ByYear = Mapping[int, Decimal]
COMMON = "USD"  # the currency to which the promises and payments of one giver are converted
AHEAD = 3  # years for which plans on record are looked for
NOTHING = Decimal("0.00")


class Promise(StrEnum):
    """By what somebody said that money would come."""

    PLEDGED = "pledged"
    COMMITTED = "committed"
    PLANNED = "planned"

    @property
    def label(self) -> Sentence:
        """The name for readers."""
        return Sentence(_LABELS[self])


_LABELS = {
    Promise.PLEDGED: N_("pledged"),
    Promise.COMMITTED: N_("committed"),
    Promise.PLANNED: N_("planned"),
}
_OF_KIND = {
    FlowKind.PLEDGE: Promise.PLEDGED,
    FlowKind.COMMITMENT: Promise.COMMITTED,
    **dict.fromkeys(PLANS, Promise.PLANNED),
}
_OF_MEASURE = {
    Measure.PLEDGED: Promise.PLEDGED,
    Measure.SECURED: Promise.COMMITTED,
    Measure.PLANNED: Promise.PLANNED,
}


class KeptYear(NamedTuple):
    """One year: all that was promised for it, the part of it that can be judged, what the givers
    of that part paid in it, and how much of the part was paid in it."""

    promised: Decimal = NOTHING
    judged: Decimal = NOTHING
    paid: Decimal = NOTHING
    in_year: Decimal = NOTHING

    @property
    def known_paid(self) -> Decimal | None:
        """What the givers who can be judged paid; None where nobody can be."""
        return self.paid if self.judged or self.paid else None

    @property
    def known_in_year(self) -> Decimal | None:
        """What was paid in its year of what can be judged; None where nothing can be."""
        return self.in_year if self.judged else None

    def plus(self, other: KeptYear) -> KeptYear:
        """The sum over other givers."""
        return KeptYear(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Kept:
    """How far promises were kept, of one giver or summed over several, in one currency.

    ``matched`` is what was paid on an earlier promise, or one of the same year, and ``waited`` the
    same weighted by the years between. ``because`` names rates that are missing.
    """

    currency: str
    years: Mapping[int, KeptYear] = field(default_factory=dict)
    matched: Decimal = NOTHING
    waited: Decimal = NOTHING
    because: tuple[Sentence, ...] = ()

    @property
    def promised(self) -> Decimal:
        """All that was promised, for whatever year."""
        return self._sum("promised")

    @property
    def judged(self) -> Decimal:
        """The part of it for years of which it is on record what was paid."""
        return self._sum("judged")

    @property
    def share_in_year(self) -> Fraction | None:
        """The share of what can be judged that was paid in the year it was promised for."""
        return Fraction(self._sum("in_year")) / Fraction(self.judged) if self.judged > 0 else None

    @property
    def lag(self) -> Fraction | None:
        """Years from promise to payment, each amount with its own weight; None without a match."""
        return Fraction(self.waited) / Fraction(self.matched) if self.matched > 0 else None

    @property
    def outstanding(self) -> Decimal | None:
        """What can be judged and was not paid until the end of the record; None without any."""
        return self.judged - self.matched if self.judged > 0 else None

    @property
    def beyond(self) -> Decimal:
        """What was paid without a promise before it."""
        return self._sum("paid") - self.matched

    def ahead(self, year: int) -> tuple[int, ...]:
        """Which of the three years after a year have money promised for them."""
        following = range(year + 1, year + 1 + AHEAD)
        return tuple(each for each in following if self.years.get(each, KeptYear()).promised > 0)

    def _sum(self, name: str) -> Decimal:
        return sum((getattr(each, name) for each in self.years.values()), NOTHING)


def kept(promised: ByYear, paid: ByYear, until: int, currency: str = COMMON) -> Kept:
    """How one giver kept its promises, by the years up to ``until``, the last whole one.

    Judged are the years from the first on record to the last with a payment on record. Payments
    settle the oldest promise first. What was taken back comes off the years before it.
    """
    given, due = _settled(paid), _settled(promised)
    record = [*given, *due]
    end = min(max(given, default=until), until) if given else None
    years: dict[int, KeptYear] = {}
    for year in sorted(record):
        promise = due.get(year, NOTHING)
        if end is None or year > end:
            years[year] = KeptYear(promise)
        else:
            payment = given.get(year, NOTHING)
            years[year] = KeptYear(promise, promise, payment, min(promise, payment))
    matched, waited = _matched(due, {} if end is None else given, end or 0)
    return Kept(currency, years, matched, waited)


def _settled(amounts: ByYear) -> dict[int, Decimal]:
    """Sums of at least 0: what a year takes back comes off those before it, the newest first."""
    found = dict(sorted(amounts.items()))
    for year, amount in found.items():
        owed = -min(amount, NOTHING)
        found[year] = max(amount, NOTHING)
        for other in sorted((each for each in found if each < year), reverse=True):
            taken = min(owed, found[other])
            found[other] -= taken
            owed -= taken
    return found


def _matched(due: ByYear, given: ByYear, end: int) -> tuple[Decimal, Decimal]:
    """What was paid on a promise by the end of the record, and the same weighted by years."""
    open_ = dict(due)
    matched = waited = NOTHING
    for paid_in in (year for year in given if year <= end):
        rest = given[paid_in]
        for year in (each for each in open_ if each <= paid_in):
            part = min(rest, open_[year])
            open_[year] -= part
            rest -= part
            matched += part
            waited += part * (paid_in - year)
    return matched, waited


def together(found: Iterable[Kept], currency: str) -> Kept:
    """The sum over several givers; a year that only some can be judged in counts for these."""
    every = list(found)
    years: defaultdict[int, KeptYear] = defaultdict(KeptYear)
    for one in every:
        for year, figures in one.years.items():
            years[year] = years[year].plus(figures)
    return Kept(
        currency,
        dict(sorted(years.items())),
        sum((one.matched for one in every), NOTHING),
        sum((one.waited for one in every), NOTHING),
        tuple(dict.fromkeys(each for one in every for each in one.because)),
    )


@dataclass
class _Record:
    """What one giver promised and paid, by year, in one currency."""

    promised: defaultdict[Promise, defaultdict[int, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    paid: defaultdict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    missing: list[Sentence] = field(default_factory=list)

    def add(self, kind: FlowKind, measure: Measure, year: int, amount: Decimal) -> None:
        """Add what was reported, where it is a promise or a payment and no duplicate."""
        if kind in SPENDING and measure is not Measure.DUPLICATE:
            self.paid[year] += amount
        elif measure in _OF_MEASURE:
            self.promised[_OF_MEASURE[measure]][year] += amount


Records = defaultdict[tuple[K, str, str], _Record]  # by key, giver and currency
Found = dict[tuple[K, Promise, str], Kept]


def of_reports(rows: Iterable[Counted], key: Callable[[Reported], K], until: int) -> Found[K]:
    """Reported rows by a key, kind of promise and currency: each giver alone, then summed.

    Promises count as they do in sums, so none twice; a giver's payments count whether or not their
    receiver passed them on.
    """
    records: Records[K] = defaultdict(_Record)
    for row, measure in rows:
        record = records[key(row), row.provider or row.provider_name, row.currency]
        record.add(row.kind, measure, row.year, row.amount)
    return _by_key(records, until)


def of_sums(sums: Iterable[Sum], until: int) -> dict[tuple[Promise, str], Kept]:
    """Sums by sector, year, provider, earmarking and kind, as ``Reports`` hold them."""
    narrow = (each._replace(group=(each.group[1], each.group[2], each.group[4])) for each in sums)
    return {key[1:]: found for key, found in of_years(narrow, lambda giver: None, until).items()}


def of_years(sums: Iterable[Sum], key: Callable[[str], K], until: int) -> Found[K]:
    """Sums by year, provider and kind; the key is found from the provider."""
    records: Records[K] = defaultdict(_Record)
    for each in sums:
        year, giver, kind = each.group
        record = records[key(str(giver)), str(giver), each.currency]
        record.add(FlowKind(str(kind)), each.measure, int(year), each.amount)
    return _by_key(records, until)


def of_flows(
    flows: Iterable[Flow], prices: Prices, key: Callable[[Flow], K], until: int
) -> Found[K]:
    """Flows of the register by a key, kind of promise and currency.

    A giver whose promises and payments are in several currencies is judged in US dollars. A flow
    that passes another on is left out, like costs and what was received.
    """
    records: Records[K] = defaultdict(_Record)
    for (named, giver, currency), found in _by_giver(flows, key).items():
        for flow in found:
            _enter(records[named, giver, currency], flow, prices, currency)
    return _by_key(records, until)


def behind(flows: Iterable[Flow], promise: Promise, currency: str) -> list[Flow]:
    """The flows on which that rests which ``of_flows`` says of a kind of promise in a currency."""
    found = []
    for (_, _, judged_in), held in _by_giver(flows, lambda flow: None).items():
        promises = {flow.id for flow in held if _OF_KIND.get(flow.kind) is promise}
        if promises and judged_in == currency:
            found += [each for each in held if each.id in promises or each.kind in SPENDING]
    return found


def _by_giver(
    flows: Iterable[Flow], key: Callable[[Flow], K]
) -> dict[tuple[K, str, str], list[Flow]]:
    """Promises and payments by a key, giver and the currency in which the giver is judged."""
    by: defaultdict[tuple[K, str], list[Flow]] = defaultdict(list)
    for flow in flows:
        if flow.onward_of is None and (flow.kind in _OF_KIND or flow.kind in SPENDING):
            by[key(flow), flow.giver].append(flow)
    found = {}
    for group, held in by.items():
        currencies = {flow.currency for flow in held}
        found[(*group, min(currencies) if len(currencies) == 1 else COMMON)] = held
    return found


def _enter(record: _Record, flow: Flow, prices: Prices, currency: str) -> None:
    into = record.paid if flow.kind in SPENDING else record.promised[_OF_KIND[flow.kind]]
    for year, amount in flow.by_year().items():
        converted = prices.convert(amount, flow.currency, currency, year)
        if converted.because is not None:
            record.missing.append(converted.because)
        into[year] += converted.rounded or NOTHING


def _by_key(records: Mapping[tuple[K, str, str], _Record], until: int) -> Found[K]:
    groups: defaultdict[tuple[K, Promise, str], list[Kept]] = defaultdict(list)
    for (named, giver, currency), record in records.items():
        for promise, due in record.promised.items():
            if record.missing:
                one = Kept(currency, because=tuple(record.missing))
            else:  # who gave nobody said cannot be told to have paid
                one = kept(due, record.paid if giver else {}, until, currency)
            groups[named, promise, currency].append(one)
    return {group: together(found, group[2]) for group, found in groups.items()}
