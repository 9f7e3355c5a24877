"""Pooled money: what givers promised to a pool, for which years, and where it may go.

A pledge or commitment is pooled where it names no commitment of the register, is not earmarked or
softly, and goes to the actor that is the pool or to nobody named. What is left out is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from waymark.finance.currencies import Prices
from waymark.finance.earmarking import FLEXIBLE
from waymark.finance.onward import passed_on
from waymark.finance.rules import Terms
from waymark.plans.flows import SPENDING, Earmarking, Flow, FlowKind
from waymark.words import Sentence

PROMISES = frozenset({FlowKind.PLEDGE, FlowKind.COMMITMENT})
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Source:
    """What one giver promised to a pool under one earmark, by year of the window.

    It may be spent in ``place`` and what lies in it, and, where it names any, on one of
    ``provisions`` and for one of ``groups``. ``flows`` are the rows behind it.
    """

    id: str
    giver: str
    place: str
    provisions: tuple[str, ...]
    groups: tuple[str, ...]
    years: Mapping[int, Decimal]
    flows: tuple[str, ...]
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A pledge or commitment for the window that names no commitment and is not in the pool."""

    flow: str
    year: int
    amount: Decimal
    currency: str
    because: Sentence


@dataclass(frozen=True, slots=True)
class Pool:
    """The sources of a pool, by identifier, and what was left out of it."""

    sources: Mapping[str, Source]
    left_out: tuple[LeftOut, ...]


def pool_of(flows: Iterable[Flow], prices: Prices, terms: Terms) -> Pool:
    """The pool within a window of years, in the currency of the terms.

    Of what a giver pledged and committed for a year under one earmark, the larger counts: the one
    follows from the other. What was passed on to a commitment of the register is taken off.
    """
    found = {flow.id: flow for flow in sorted(flows, key=lambda each: each.id)}
    passed = passed_on(found)
    left_out: list[LeftOut] = []
    pooled: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in found.values():
        if flow.kind not in PROMISES or flow.commitment is not None or flow.onward_of is not None:
            continue
        reason = _why_not(flow, passed.get(flow.id, ()), prices, terms)
        if reason is None:
            pooled[_named(flow)].append(flow)
            continue
        for year, amount in flow.by_year().items():
            if year in terms.years:
                left_out.append(LeftOut(flow.id, year, amount, flow.currency, reason))
    sources = {key: _source(key, each, passed, prices, terms) for key, each in pooled.items()}
    return Pool({key: each for key, each in sorted(sources.items()) if each.years}, tuple(left_out))


def _why_not(flow: Flow, passed: Collection[Flow], prices: Prices, terms: Terms) -> Sentence | None:
    """The reason why a promise is not in the pool; None where it is."""
    if flow.receiver_name is not None or flow.receiver not in (None, terms.pool):
        receiver = flow.receiver_name or flow.receiver
        return Sentence("It goes to {receiver}, which is not the pool.", receiver=receiver)
    if flow.earmarking is Earmarking.NOT_KNOWN:
        return Sentence("How far it is earmarked is not known.")
    if flow.earmarking not in FLEXIBLE:
        return Sentence("It is {earmarking}.", earmarking=flow.earmarking.label)
    for each in (flow, *passed):
        for year, amount in each.by_year().items():
            if year in terms.years or passed:
                converted = prices.convert(amount, each.currency, terms.currency, year)
                if converted.because is not None:
                    return converted.because
    return None


def _named(flow: Flow) -> str:
    """Giver and earmark in one line: what tells sources apart."""
    restrictions = (flow.place, *sorted(flow.provisions), *sorted(flow.groups))
    return f"{flow.giver or NOBODY}: {' '.join(restrictions)}"


NOBODY = "?"  # a giver that nobody named


def _source(
    key: str,
    flows: Collection[Flow],
    passed: Mapping[str, tuple[Flow, ...]],
    prices: Prices,
    terms: Terms,
) -> Source:
    first = next(iter(flows))
    onward = [each for flow in flows for each in passed.get(flow.id, ())]
    window: Collection[int] | None = None if onward else terms.years
    promised = _larger(flows, prices, terms.currency, (_PLEDGED, _COMMITTED), window)
    gone: defaultdict[int, Decimal] = defaultdict(Decimal)
    for commitment in sorted({str(each.commitment) for each in onward}):
        to_one = [each for each in onward if each.commitment == commitment]
        for year, amount in _larger(to_one, prices, terms.currency, (_COMMITTED, SPENDING)).items():
            gone[year] += amount
    left = _less(promised, gone)
    return Source(
        id=key,
        giver=first.giver,
        place=first.place,
        provisions=tuple(sorted(first.provisions)),
        groups=tuple(sorted(first.groups)),
        years={year: amount for year, amount in left.items() if year in terms.years},
        flows=tuple(each.id for each in (*flows, *onward)),
        illustrative=any(each.illustrative for each in flows),
    )


_PLEDGED = frozenset({FlowKind.PLEDGE})
_COMMITTED = frozenset({FlowKind.COMMITMENT})


def _larger(
    flows: Iterable[Flow],
    prices: Prices,
    currency: str,
    kinds: Iterable[Collection[FlowKind]],
    window: Collection[int] | None = None,
) -> dict[int, Decimal]:
    """By year, the larger of the sums of several kinds of flows, at least 0."""
    found = list(flows)
    largest: dict[int, Decimal] = {}
    for each in kinds:
        sums: defaultdict[int, Decimal] = defaultdict(Decimal)
        for flow in found:
            if flow.kind in each:
                for year, amount in flow.by_year().items():
                    if window is None or year in window:
                        converted = prices.convert(amount, flow.currency, currency, year)
                        sums[year] += converted.rounded or NOTHING
        for year, amount in sums.items():
            largest[year] = max(amount, largest.get(year, NOTHING))
    return largest


def _less(promised: Mapping[int, Decimal], gone: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What is left by year; what went in a year beyond its own comes off the nearest others."""
    left = dict(sorted(promised.items()))
    for year, amount in sorted(gone.items()):
        for other in sorted(left, key=lambda each: (abs(each - year), each)):
            taken = min(left[other], amount)
            left[other] -= taken
            amount -= taken
    return {year: amount for year, amount in left.items() if amount > 0}
