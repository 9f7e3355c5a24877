"""Reachability in large graphs of who passes on to whom: chains to sinks and the smallest cut.

Graphs are arrays: hop ``i`` leads from ``tails[i]`` to ``heads[i]``, nodes are numbered from 0.
The search goes backwards from the sinks, a level at a time, so that a million bodies with ten
million hops take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

Indices = npt.NDArray[np.int64]
FAR = -1  # the distance of a node from which no chain leads to a sink
BY_LAW_COSTS = 10_000  # a cut takes a hop that only the law can change last of all


@dataclass(frozen=True)
class Hops:
    """The hops that leave (or enter) each node: those of node n stand from ``starts[n]`` on."""

    starts: Indices
    hops: Indices

    def of(self, nodes: Indices) -> Indices:
        """The hops of some nodes, in one array."""
        first, length = self.starts[nodes], self.starts[nodes + 1] - self.starts[nodes]
        total = int(length.sum())
        offset = np.repeat(first - np.concatenate(([0], np.cumsum(length)[:-1])), length)
        found: Indices = self.hops[np.arange(total) + offset]
        return found


@dataclass(frozen=True)
class Graph:
    """Who passes on to whom, from which nodes nothing may reach which nodes."""

    nodes: int
    tails: Indices
    heads: Indices
    sources: Indices
    sinks: Indices

    def _hops(self, ends: Indices) -> Hops:
        starts = np.zeros(self.nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(ends, minlength=self.nodes), out=starts[1:])
        return Hops(starts, np.argsort(ends, kind="stable"))

    @cached_property
    def leaving(self) -> Hops:
        """The hops that leave each node."""
        return self._hops(self.tails)

    @cached_property
    def entering(self) -> Hops:
        """The hops that enter each node."""
        return self._hops(self.heads)

    @cached_property
    def distances(self) -> Indices:
        """How many hops each node is from the nearest sink; ``FAR`` where no chain leads there."""
        return self._search(self.sinks, self.entering, self.tails)

    @cached_property
    def reached(self) -> npt.NDArray[np.bool_]:
        """Which nodes a chain leads to from a source, and the sources themselves.

        Where no sink is among them, this set is the proof: no hop leads out of it.
        """
        found: npt.NDArray[np.bool_] = self._search(self.sources, self.leaving, self.heads) != FAR
        return found

    def _search(self, begin: Indices, hops: Hops, ends: Indices) -> Indices:
        far = np.full(self.nodes, FAR, dtype=np.int64)
        level, frontier = 0, np.unique(begin)
        while len(frontier):
            far[frontier] = level
            onto = ends[hops.of(frontier)]
            frontier = np.unique(onto[far[onto] == FAR])
            level += 1
        return far

    @property
    def leaking(self) -> Indices:
        """The sources from which a chain leads to a sink."""
        found: Indices = self.sources[self.distances[self.sources] != FAR]
        return found

    def shortest_chains(self, source: int) -> Iterator[tuple[int, ...]]:
        """Every shortest chain of hops from a source to a sink, each hop by its number."""
        pending: list[tuple[int, tuple[int, ...]]] = [(source, ())]
        while pending:
            node, chain = pending.pop()
            if self.distances[node] == 0:
                yield chain
                continue
            hops = self.leaving.of(np.array([node]))
            nearer = self.distances[self.heads[hops]] == self.distances[node] - 1
            pending += [(int(self.heads[hop]), (*chain, int(hop))) for hop in hops[nearer][::-1]]

    def smallest_cut(self, by_law: npt.NDArray[np.bool_]) -> Indices:
        """The fewest hops without which no source reaches a sink, those of the law last.

        By maximum flow (Ford and Fulkerson 1956): a hop costs 1, one that only the law can change
        ``BY_LAW_COSTS``. Only hops on some chain from a source to a sink take part. Of several
        smallest cuts it is the one nearest to the sinks: what services do among themselves stays.
        """
        on_chain = np.flatnonzero(self.reached[self.tails] & (self.distances[self.heads] != FAR))
        if not len(on_chain):
            return on_chain
        ends = np.concatenate((self.tails[on_chain], self.heads[on_chain]))
        names, numbered = np.unique(ends, return_inverse=True)
        tails, heads = numbered[: len(on_chain)], numbered[len(on_chain) :]
        start, stop = len(names), len(names) + 1
        sources = np.flatnonzero(np.isin(names, self.sources))
        sinks = np.flatnonzero(np.isin(names, self.sinks))
        costs = np.where(by_law[on_chain], BY_LAW_COSTS, 1)
        plenty = int(min(costs.sum() + 1, np.iinfo(np.int32).max))
        capacities = csr_array(
            (
                np.concatenate((costs, np.full(len(sources) + len(sinks), plenty))).astype(
                    np.int32
                ),
                (
                    np.concatenate((tails, np.full(len(sources), start), sinks)),
                    np.concatenate((heads, sources, np.full(len(sinks), stop))),
                ),
            ),
            shape=(stop + 1, stop + 1),
        )
        capacities.sum_duplicates()
        flow = maximum_flow(capacities, start, stop).flow
        left = (capacities - flow).tocoo()
        open_now = left.data > 0
        residual = Graph(
            stop + 1,
            left.row[open_now].astype(np.int64),
            left.col[open_now].astype(np.int64),
            np.array([start]),
            np.array([stop]),
        )
        beyond = residual.distances != FAR  # from where the flow still finds its way to a sink
        found: Indices = on_chain[~beyond[tails] & beyond[heads]]
        return found
