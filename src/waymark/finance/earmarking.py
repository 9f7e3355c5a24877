"""Earmarked against flexible: how far givers decide on what their money is spent.

Not earmarked and softly earmarked money is flexible. What nobody said stays a share of its own; it
is neither flexible nor earmarked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from waymark.finance.evidence import Reported
from waymark.finance.sums import Counted, K, Measure
from waymark.plans.flows import Earmarking, Flow, FlowKind

FLEXIBLE = frozenset({Earmarking.UNEARMARKED, Earmarking.SOFTLY_EARMARKED})
TIED = frozenset({Earmarking.EARMARKED, Earmarking.TIGHTLY_EARMARKED})


@dataclass(frozen=True)
class Earmarked:
    """The sums of one currency by earmarking; a category without a row does not appear."""

    currency: str
    sums: Mapping[Earmarking, Decimal]

    @property
    def whole(self) -> Decimal:
        """All of it."""
        return self._sum(Earmarking)

    @property
    def flexible(self) -> Decimal:
        """What is not earmarked, or softly."""
        return self._sum(FLEXIBLE)

    @property
    def tied(self) -> Decimal:
        """What is earmarked, tightly or not."""
        return self._sum(TIED)

    @property
    def not_known(self) -> Decimal:
        """What nobody said the earmarking of."""
        return self._sum({Earmarking.NOT_KNOWN})

    def share(self, amount: Decimal) -> Fraction | None:
        """The share of the whole that an amount is; None where more was taken back than given."""
        if self.whole <= 0 or any(each < 0 for each in self.sums.values()):
            return None
        return Fraction(amount) / Fraction(self.whole)

    def _sum(self, chosen: Iterable[Earmarking]) -> Decimal:
        return sum((self.sums.get(each, Decimal(0)) for each in chosen), Decimal(0))


def of_reports(
    rows: Iterable[Counted], measure: Measure, key: Callable[[Reported], K]
) -> dict[tuple[K, str], Earmarked]:
    """Reported rows that add to one measure, by a key and currency."""
    return _earmarked(
        (key(each.row), each.row.currency, Earmarking(each.row.earmarking), each.row.amount)
        for each in rows
        if each.measure is measure
    )


def of_flows(
    flows: Iterable[Flow],
    kinds: Collection[FlowKind],
    key: Callable[[Flow], K],
    first: Collection[str] = (),
) -> dict[tuple[K, str], Earmarked]:
    """Flows of some kinds, by a key and currency; one that passes another on adds nothing.

    Those that are the ``first`` to bring the money to a commitment count there (``onward``).
    """
    return _earmarked(
        (key(flow), flow.currency, flow.earmarking, flow.amount)
        for flow in flows
        if flow.kind in kinds and (flow.onward_of is None or flow.id in first)
    )


def _earmarked(
    parts: Iterable[tuple[K, str, Earmarking, Decimal]],
) -> dict[tuple[K, str], Earmarked]:
    sums: defaultdict[tuple[K, str], dict[Earmarking, Decimal]] = defaultdict(dict)
    for key, currency, earmarking, amount in parts:
        here = sums[key, currency]
        here[earmarking] = here.get(earmarking, Decimal(0)) + amount
    return {
        group: Earmarked(group[1], {each: found[each] for each in Earmarking if each in found})
        for group, found in sums.items()
    }
