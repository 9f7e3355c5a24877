"""Reachability in large graphs of who passes on to whom: chains to sinks and the smallest cut.

Graphs are arrays: hop ``i`` leads from ``tails[i]`` to ``heads[i]``, nodes are numbered from 0.
Searches go a level at a time, so that a million bodies with ten million hops take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

Indices = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Ways = npt.NDArray[np.float64]
FAR = -1  # the distance of a node from which no chain leads there
BY_LAW_COSTS = 1_000  # a cut rather ends so many arrangements than one that only the law can change
MOST_FLOW = np.iinfo(np.int32).max  # that the algorithm of maximum flow can count
FEW = 16  # a frontier this many times smaller than the graph is sorted, a larger one marked
FIRST_DEPTH = 2


@dataclass(frozen=True)
class Ends:
    """The hops at each node: those of node n stand in ``hops`` from ``starts[n]`` on."""

    starts: Indices
    hops: Indices

    @classmethod
    def of_nodes(cls, ends: Indices, nodes: int) -> Ends:
        """The hops by the node at one of their ends; counted, not compared."""
        rows = np.arange(len(ends) + 1, dtype=np.int32)
        sorted_ = csr_array(
            (np.ones(len(ends), dtype=np.int8), ends, rows), shape=(len(ends), nodes)
        ).tocsc()
        return cls(sorted_.indptr, sorted_.indices)

    def at(self, nodes: Indices) -> Indices:
        """The hops of some nodes, in one array."""
        first = self.starts[nodes]
        length = self.starts[nodes + 1] - first
        stop = np.cumsum(length)
        total = int(stop[-1]) if len(stop) else 0
        places = np.arange(total, dtype=np.int32) + np.repeat(first - (stop - length), length)
        found: Indices = self.hops[places]
        return found


@dataclass(frozen=True)
class Links:
    """Who passes on to whom."""

    nodes: int
    tails: Indices
    heads: Indices

    @cached_property
    def leaving(self) -> Ends:
        """The hops that leave each node."""
        return Ends.of_nodes(self.tails, self.nodes)

    @cached_property
    def entering(self) -> Ends:
        """The hops that enter each node."""
        return Ends.of_nodes(self.heads, self.nodes)

    def search(self, begin: Indices, kept: Mask | None, *, backwards: bool = False) -> Indices:
        """How many of the hops that are kept each node is from the nearest of some nodes."""
        hops_at, onto = (self.entering, self.tails) if backwards else (self.leaving, self.heads)
        far = np.full(self.nodes, FAR, dtype=np.int32)
        level, frontier = 0, self._different(begin, far)
        while len(frontier):
            far[frontier] = level
            hops = hops_at.at(frontier)
            if kept is not None:
                hops = hops[kept[hops]]
            frontier = self._different(onto[hops], far)
            level += 1
        return far

    def _different(self, nodes: Indices, far: Indices) -> Indices:
        """The nodes that were not found before, each once."""
        if len(nodes) * FEW < self.nodes:
            return np.unique(nodes[far[nodes] == FAR])
        marked = np.zeros(self.nodes, dtype=bool)
        marked[nodes] = True
        marked &= far == FAR
        return np.flatnonzero(marked).astype(np.int32)


@dataclass(frozen=True)
class Graph:
    """Links of which some are ``kept``, and nodes from which nothing may reach which nodes."""

    links: Links
    sources: Indices
    sinks: Indices
    kept: Mask | None = None

    def only(self, kept: Mask) -> Graph:
        """The graph with no other hops than these."""
        return replace(self, kept=kept if self.kept is None else self.kept & kept)

    @cached_property
    def reached(self) -> Mask:
        """Which nodes a chain leads to from a source, and the sources themselves.

        Where no sink is among them, this set is the proof: no hop leads out of it.
        """
        found: Mask = self.links.search(self.sources, self.kept) != FAR
        return found

    @cached_property
    def distances(self) -> Indices:
        """How many hops each node is from the nearest sink; ``FAR`` where no chain leads there."""
        if not self.reached[self.sinks].any():
            return np.full(self.links.nodes, FAR, dtype=np.int32)
        return self.links.search(self.sinks, self.kept, backwards=True)

    @cached_property
    def leaking(self) -> Indices:
        """The sources from which a chain leads to a sink, the nearest first."""
        far = self.distances[self.sources]
        order = np.argsort(far, kind="stable")
        found: Indices = self.sources[order][far[order] != FAR]
        return found

    def nearer(self, nodes: Indices) -> Indices:
        """The hops that lead from some nodes one hop nearer to a sink."""
        hops = self.links.leaving.at(nodes)
        if self.kept is not None:
            hops = hops[self.kept[hops]]
        tails, heads = self.links.tails[hops], self.links.heads[hops]
        found: Indices = hops[
            (self.distances[heads] != FAR) & (self.distances[heads] == self.distances[tails] - 1)
        ]
        return found

    def ways(self, sources: Indices, some: Mask | None = None) -> Ways:
        """How many shortest chains lead to a sink from each of some sources and all on their way.

        With ``some``, only chains with one of these hops count. Exact up to 2**53.
        """
        layers: list[Indices] = []
        far = self.distances[sources]
        frontier = np.empty(0, dtype=np.int32)
        for level in range(int(far.max(initial=0)), 0, -1):
            frontier = np.union1d(frontier, sources[far == level]).astype(np.int32)
            layers.append(self.nearer(frontier))
            frontier = np.unique(self.links.heads[layers[-1]])
        every = np.zeros(self.links.nodes)
        every[self.sinks] = 1
        having = np.zeros(self.links.nodes)
        for hops in reversed(layers):
            tails, heads = self.links.tails[hops], self.links.heads[hops]
            np.add.at(every, tails, every[heads])
            if some is not None:
                np.add.at(having, tails, np.where(some[hops], every[heads], having[heads]))
        return every if some is None else having

    def shortest_chains(
        self, source: int, ways: Ways, some: Mask | None = None
    ) -> Iterator[tuple[int, ...]]:
        """Every shortest chain from a source to a sink that ``ways`` counts, as hops."""
        pending: list[tuple[int, tuple[int, ...], bool]] = [(source, (), some is None)]
        while pending:
            node, chain, has_one = pending.pop()
            if self.distances[node] == 0:
                if has_one:
                    yield chain
                continue
            for hop in self.nearer(np.array([node], dtype=np.int32))[::-1].tolist():
                head = int(self.links.heads[hop])
                now = has_one or (some is not None and bool(some[hop]))
                if now or ways[head]:
                    pending.append((head, (*chain, hop), now))

    def smallest_cut(self, by_law: Mask) -> Indices:
        """The fewest hops without which no source reaches a sink, those of the law last.

        By maximum flow (Ford and Fulkerson 1956): a hop costs 1, one that only the law can change
        ``BY_LAW_COSTS``. Of several smallest cuts it is the one nearest to the sinks: what services
        do among themselves stays. Only nodes near the sinks are looked at, unless that shows no
        smallest cut.
        """
        if not len(self.leaking):
            return np.empty(0, dtype=np.int32)
        is_source, is_sink = self._marked(self.sources), self._marked(self.sinks)
        depth, deepest = FIRST_DEPTH, int(self.distances.max())
        while True:
            hops = self._into(depth, is_source, is_sink)
            tails, heads = self.links.tails[hops], self.links.heads[hops]
            outside = (self.distances[tails] > depth) & ~is_source[tails]
            costs = np.where(by_law[hops], BY_LAW_COSTS, 1)
            beyond = self._beyond(hops[~outside], costs[~outside], is_source, is_sink)
            if not (outside & beyond[heads]).any():
                cut: Indices = np.sort(hops[~beyond[tails] & beyond[heads]])
                return cut
            depth = min(depth * 2, deepest)

    def _into(self, depth: int, is_source: Mask, is_sink: Mask) -> Indices:
        """The hops of chains into nodes so near to a sink, but those that no smallest cut has."""
        near = (self.distances != FAR) & (self.distances <= depth) & ~is_source
        hops = self.links.entering.at(np.flatnonzero(near).astype(np.int32))
        tails = self.links.tails[hops]
        used = self.reached[tails] & ~is_sink[tails]
        if self.kept is not None:
            used &= self.kept[hops]
        return hops[used]

    def _marked(self, nodes: Indices) -> Mask:
        marked = np.zeros(self.links.nodes, dtype=bool)
        marked[nodes] = True
        return marked

    def _beyond(self, hops: Indices, costs: Indices, is_source: Mask, is_sink: Mask) -> Mask:
        """From where, once as much flows by these hops as can, more could flow on to a sink."""
        tails, heads = self.links.tails[hops], self.links.heads[hops]
        used = ~(is_source[tails] & is_sink[heads])  # these are cut whatever flows
        tails, heads, costs = tails[used], heads[used], costs[used]
        numbered = np.zeros(self.links.nodes, dtype=np.int32)
        numbered[tails] = numbered[heads] = 1
        numbered[is_source | is_sink] = 0
        inner = np.flatnonzero(numbered)
        start, stop = len(inner), len(inner) + 1
        numbered[inner] = np.arange(len(inner), dtype=np.int32)
        numbered[is_source], numbered[is_sink] = start, stop
        capacities = csr_array(
            (costs.astype(np.int64), (numbered[tails], numbered[heads])),
            shape=(stop + 1, stop + 1),
        )
        capacities.data = np.minimum(capacities.data, MOST_FLOW)
        capacities = capacities.astype(np.int32)
        left = (capacities - maximum_flow(capacities, start, stop).flow).tocoo()
        some = left.data > 0
        residual = Links(stop + 1, left.row[some].astype(np.int32), left.col[some].astype(np.int32))
        further = residual.search(np.array([stop], dtype=np.int32), None, backwards=True) != FAR
        beyond = is_sink.copy()
        beyond[inner] = further[: len(inner)]
        return beyond
