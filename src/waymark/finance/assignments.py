"""Which money pays for what, where each source may pay for some needs only.

Needs are given money one after another; a need that comes later may be paid from a source that
paid an earlier one, where another source can stand in there. What needs can receive together is so
limited that the largest total is reached in whatever order they come (the limits are those of a
polymatroid: J. Edmonds, *Submodular functions, matroids, and certain polyhedra*, 1970). A path of
stand-ins is the shortest one there is (J. Edmonds and R. Karp, 1972). Amounts are whole numbers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import pairwise

Key = tuple[str, int]  # a source or a need, and its year
Path = list[tuple[Key, Key]]  # who pays for what from now on, the one with money left first


class Assignment:
    """What each source has paid to each need, and what it has left.

    ``reach`` holds for each need the sources that may pay for it, in the order in which they are
    asked.
    """

    def __init__(self, sources: Mapping[Key, int], reach: Mapping[Key, tuple[Key, ...]]) -> None:
        self.sources = dict(sources)
        self.left = dict(sources)
        self.reach = reach
        self.paid: dict[Key, dict[Key, int]] = {source: {} for source in sources}

    def given(self, need: Key) -> int:
        """What a need has received."""
        return sum(self.paid[each].get(need, 0) for each in self.reach[need])

    def parts(self, need: Key) -> dict[Key, int]:
        """What a need has received from each source."""
        found = {source: self.paid[source].get(need, 0) for source in self.reach[need]}
        return {source: amount for source, amount in found.items() if amount}

    def give(self, need: Key, amount: int) -> int:
        """Pay a need up to an amount; returns what it got."""
        got = 0
        while got < amount:
            path = self._path(need)
            if path is None:
                break
            got += self._push(path, amount - got)
        return got

    def exhausted(self, needs: Iterable[Key]) -> tuple[set[Key], set[Key]]:
        """Why needs get no more: all that share their sources, and these sources.

        Every source that could pay for one of these needs is spent, and spent on them.
        """
        named = set(needs)
        came = self._search(named)[0]
        return named | {each for source in came for each in self.paid[source]}, set(came)

    def _path(self, need: Key) -> Path | None:
        came, end = self._search([need])
        path: Path = []
        while end is not None:
            pays, before = came[end]
            path.append((end, pays))
            end = before
        return path or None

    def _search(self, needs: Iterable[Key]) -> tuple[dict[Key, tuple[Key, Key | None]], Key | None]:
        """Every source that could help, with what it would pay and whom it relieves."""
        came: dict[Key, tuple[Key, Key | None]] = {}
        waiting: deque[tuple[Key, Key | None]] = deque((need, None) for need in sorted(needs))
        seen = {need for need, _ in waiting}
        while waiting:
            wanted, relieved = waiting.popleft()
            for source in self.reach[wanted]:
                if source in came:
                    continue
                came[source] = wanted, relieved
                if self.left[source] > 0:
                    return came, source
                for each in self.paid[source]:
                    if each not in seen:
                        seen.add(each)
                        waiting.append((each, source))
        return came, None

    def _push(self, path: Path, amount: int) -> int:
        moved = min(amount, self.left[path[0][0]])
        for (_, need), (relieved, _) in pairwise(path):
            moved = min(moved, self.paid[relieved][need])
        self.left[path[0][0]] -= moved
        for source, need in path:
            self.paid[source][need] = self.paid[source].get(need, 0) + moved
        for (_, need), (relieved, _) in pairwise(path):
            self.paid[relieved][need] -= moved
            if not self.paid[relieved][need]:
                del self.paid[relieved][need]
        return moved
