"""Which money pays for what, where each source may pay for some needs only.

Needs are given money one after another; a need that comes later may be paid from a source that
paid an earlier one, where another source can stand in there. What needs can receive together is so
limited that the largest total is reached in whatever order they come (the limits are those of a
polymatroid: J. Edmonds, *Submodular functions, matroids, and certain polyhedra*, 1970). A path of
stand-ins is the shortest one there is (J. Edmonds and R. Karp, 1972). Amounts are whole numbers.

Needs that the same sources may pay for are of one *kind*, and nothing tells them apart until the
end. Sources and kinds are numbered; a set of them is a whole number with a bit for each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

Key = tuple[str, int]  # a source or a need, and its year
Path = list[tuple[int, int]]  # which source pays for which kind, the one with money left first


def members(of: int) -> Iterator[int]:
    """The numbers in a set, the smallest first."""
    while of:
        lowest = of & -of
        yield lowest.bit_length() - 1
        of ^= lowest


class Payments:
    """What each source has paid to each kind of needs, and what it has left.

    ``reach`` holds for each kind the set of sources that may pay for it; the smallest number is
    asked first.
    """

    def __init__(self, amounts: Sequence[int], reach: Sequence[int]) -> None:
        self.left = list(amounts)
        self.reach = reach
        self.paid: list[dict[int, int]] = [{} for _ in amounts]  # by source, then kind
        self.exhausted = 0  # sources that are spent on kinds for which no other can stand in
        self._paying = [0] * len(amounts)  # the kinds that each source pays for
        self._having = sum(1 << source for source, left in enumerate(amounts) if left > 0)

    def give(self, kind: int, amount: int) -> int:
        """Pay a kind up to an amount; returns what it got."""
        got = 0
        while got < amount:
            path = self._path(kind)
            if path is None:
                break
            got += self._push(path, amount - got)
        return got

    def kinds_paid(self, sources: int) -> int:
        """The set of kinds for which some sources pay."""
        found = 0
        for source in members(sources):
            found |= self._paying[source]
        return found

    def _path(self, kind: int) -> Path | None:
        """From a source with money left to a kind, by way of those that it relieves.

        Where there is none, all sources that were asked are exhausted for good: each is spent on
        kinds for which only they may pay.
        """
        came: dict[int, tuple[int, int | None]] = {}
        asked = self.exhausted
        waiting: deque[tuple[int, int | None]] = deque([(kind, None)])
        seen = 1 << kind
        while waiting:
            wanted, relieved = waiting.popleft()
            new = self.reach[wanted] & ~asked
            having = new & self._having
            if having:
                return self._back(next(members(having)), wanted, relieved, came)
            asked |= new
            for source in members(new):
                came[source] = wanted, relieved
                others = self._paying[source] & ~seen
                seen |= others
                waiting.extend((each, source) for each in members(others))
        self.exhausted = asked
        return None

    def _back(
        self,
        source: int,
        kind: int,
        relieved: int | None,
        came: Mapping[int, tuple[int, int | None]],
    ) -> Path:
        path = [(source, kind)]
        while relieved is not None:
            source = relieved
            kind, relieved = came[source]
            path.append((source, kind))
        return path

    def _push(self, path: Path, amount: int) -> int:
        first = path[0][0]
        moved = min(amount, self.left[first])
        for (_, kind), (relieved, _) in pairwise(path):
            moved = min(moved, self.paid[relieved][kind])
        self.left[first] -= moved
        if not self.left[first]:
            self._having &= ~(1 << first)
        for source, kind in path:
            self.paid[source][kind] = self.paid[source].get(kind, 0) + moved
            self._paying[source] |= 1 << kind
        for (_, kind), (relieved, _) in pairwise(path):
            self.paid[relieved][kind] -= moved
            if not self.paid[relieved][kind]:
                del self.paid[relieved][kind]
                self._paying[relieved] &= ~(1 << kind)
        return moved


class Assignment:
    """What needs have received, and from which sources.

    ``sources`` are in the order in which they are asked; ``reach`` holds for each need those that
    may pay for it.
    """

    def __init__(self, sources: Mapping[Key, int], reach: Mapping[Key, tuple[Key, ...]]) -> None:
        self.sources = tuple(sources)
        self.amounts = tuple(sources.values())
        self.reach = reach
        self.given = dict.fromkeys(reach, 0)
        number = {source: at for at, source in enumerate(sources)}
        kinds: dict[tuple[Key, ...], int] = {}
        self.kind = {need: kinds.setdefault(found, len(kinds)) for need, found in reach.items()}
        sets = [sum(1 << number[source] for source in found) for found in kinds]
        self.payments = Payments(self.amounts, sets)

    @property
    def left(self) -> dict[Key, int]:
        """What each source has left."""
        return dict(zip(self.sources, self.payments.left, strict=True))

    def give(self, need: Key, amount: int) -> int:
        """Pay a need up to an amount; returns what it got."""
        got = self.payments.give(self.kind[need], amount)
        self.given[need] += got
        return got

    def parts(self) -> dict[Key, dict[Key, int]]:
        """What each need has received from each source: those of a kind take in their order."""
        paid: dict[int, list[tuple[Key, int]]] = {}
        for source, by_kind in zip(self.sources, self.payments.paid, strict=True):
            for kind, amount in by_kind.items():
                paid.setdefault(kind, []).append((source, amount))
        found: dict[Key, dict[Key, int]] = {}
        for need in sorted(need for need, given in self.given.items() if given):
            found[need] = _taken(paid[self.kind[need]], self.given[need])
        return found


def _taken(stock: list[tuple[Key, int]], amount: int) -> dict[Key, int]:
    """Take an amount off a stock, from its end."""
    found = {}
    while amount:
        source, there = stock.pop()
        found[source] = min(there, amount)
        amount -= found[source]
        if there > found[source]:
            stock.append((source, there - found[source]))
    return found
