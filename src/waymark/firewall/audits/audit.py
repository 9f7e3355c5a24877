"""The audit of a place's arrangements: does anything lead from a service to enforcement?

It follows what bodies pass on, whoever agreed to it: agreements, duties, contracts, processors,
funders, parent bodies, habits. What nobody knows counts as passing on. Either a certificate comes
out, with the set of bodies that proves it, or every shortest chain and the smallest repair.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

import numpy as np

from waymark.compact.answers import Answer
from waymark.firewall.audits.arrangements import Holdings, Told, holdings_of, network_digest, silent
from waymark.firewall.audits.chains import FAR, Graph, Indices
from waymark.firewall.audits.hops import Hop, HopColumns, graph_of, hops_of
from waymark.firewall.audits.network import Body, Network
from waymark.firewall.audits.shown import Shown
from waymark.firewall.domain import Domain, FirewallError
from waymark.words import Sentence, count_phrase

__all__ = ["Audit", "Chain", "audit", "network_digest"]

MOST_CHAINS = 20  # of one service that are listed, known ones and others apart
MOST_SERVICES = 50  # whose chains are listed
MOST_IN_ALL = 200  # chains; the service that passes this is listed whole, the next not
MOST_HOPS = 100  # of the repair, and of what is not known, that are listed
MOST_NAMES = 200  # of services, sinks and bodies reached that are listed


@dataclass(frozen=True)
class Chain:
    """A shortest way from a service to a sink."""

    hops: tuple[Hop, ...]

    @property
    def known(self) -> bool:
        """Whether every hop is known; otherwise what is not known counts as passing on."""
        return all(hop.known for hop in self.hops)

    @property
    def service(self) -> Body:
        """Where the chain begins."""
        return self.hops[0].sender


@dataclass(frozen=True)
class Listed:
    """The chains of one service that are listed, and how many more of the same length there are."""

    service: Body
    chains: tuple[Chain, ...]
    more: int


@dataclass(frozen=True)
class Audit:
    """What the audit of a network found as of a day.

    Chains of known hops alone and chains with what is not known are searched for apart: a short
    chain that may be hides no longer one that is. ``repair`` is the smallest set of hops without
    which no known chain is left; ``to_show`` what then is the smallest set to find out or end.
    Lists are bounded; ``Listed.more`` and the counts say how much they leave out.
    """

    held: Holdings
    as_of: date
    hops: HopColumns
    graph: Graph
    known: Graph
    listed: tuple[Listed, ...]
    repair: tuple[Hop, ...]
    repairs: int
    to_show: tuple[Hop, ...]
    things_to_show: int
    unknown: tuple[Hop, ...]
    unknowns: int
    sources: tuple[Body, ...]
    sinks: tuple[Body, ...]
    reached: tuple[Body, ...]

    @property
    def network(self) -> Network:
        """What the network is called, and where it is from."""
        return self.held.about

    @property
    def answer(self) -> Answer:
        """Whether the firewall holds.

        *No* where a chain of known hops leads to a sink, *not known* where only others do.
        """
        if len(self.known.leaking):
            return Answer.NO
        return Answer.NOT_KNOWN if len(self.graph.leaking) else Answer.YES

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """The chains that are listed, services with known ones first."""
        return tuple(chain for each in self.listed for chain in each.chains)

    @property
    def unlisted(self) -> int:
        """How many services with chains are not listed."""
        return len(self.graph.leaking) - len(self.listed)

    @property
    def verdict(self) -> Sentence:
        """The audit in one sentence."""
        services = len(self.graph.sources)
        if self.answer is Answer.YES:
            return count_phrase(
                "Holds: no chain leads from the one service to enforcement.",
                "Holds: no chain leads from any of {count} services to enforcement.",
                services,
            )
        if self.answer is Answer.NO:
            return Sentence(
                "Broken: services from which a chain of known arrangements leads to enforcement: "
                "{count} of {all}.",
                count=len(self.known.leaking),
                all=services,
            )
        return Sentence(
            "Not shown to hold: services from which what is not known may lead to enforcement: "
            "{count} of {all}.",
            count=len(self.graph.leaking),
            all=services,
        )


def audit(given: Network | Holdings, domain: Domain, as_of: date, told: Told = silent) -> Audit:
    """Follow a place's arrangements from its services to every sink, as of a day.

    Raises ``FirewallError`` where there is nothing to judge: no service, or no sink.
    """
    held = holdings_of(given, domain) if isinstance(given, Network) else given
    for there, missing in (
        (held.bodies.is_service, "service"),
        (held.bodies.is_sink, "enforcement body"),
    ):
        if not there.any():
            raise FirewallError(
                f"'{held.about.title}' names no {missing}.",
                "Without one there is nothing to audit; add it to the bodies.",
            )
    hops = hops_of(held, as_of)
    told(Sentence("Following {count} hops", count=len(hops)))
    graph = graph_of(held, hops)
    known = graph if hops.known.all() or not len(graph.leaking) else graph.only(hops.known)
    told(Sentence("Looking for the smallest repair"))
    by_law = hops.by_law & hops.known
    repair = known.smallest_cut(by_law)
    kept = np.ones(len(hops), dtype=bool)
    kept[repair] = False
    to_show = repair[:0] if known is graph else graph.only(kept).smallest_cut(by_law)
    told(Sentence("Listing chains"))
    chains = _chains(graph, known, hops)
    unknown = _unknown(graph, hops)
    listed_hops = (repair[:MOST_HOPS], to_show[:MOST_HOPS], unknown[:MOST_HOPS])
    services, sinks = graph.sources, graph.sinks[:-1]
    reached = np.flatnonzero(graph.reached[:-1])
    few = [each[:MOST_NAMES].tolist() for each in (services, sinks, reached)]
    hops_shown = {*np.concatenate(listed_hops).tolist()}
    hops_shown |= {hop for _, found, _ in chains for chain in found for hop in chain}
    bodies_shown = {body for each in few for body in each} | {at for at, _, _ in chains}
    shown = Shown.of(held, hops, hops_shown, bodies_shown)
    return Audit(
        held=held,
        as_of=as_of,
        hops=hops,
        graph=graph,
        known=known,
        listed=tuple(
            Listed(
                shown.bodies[service],
                tuple(Chain(tuple(shown.hop(hop) for hop in chain)) for chain in found),
                more,
            )
            for service, found, more in chains
        ),
        repair=tuple(shown.hop(hop) for hop in listed_hops[0].tolist()),
        repairs=len(repair),
        to_show=tuple(shown.hop(hop) for hop in listed_hops[1].tolist()),
        things_to_show=len(to_show),
        unknown=tuple(shown.hop(hop) for hop in listed_hops[2].tolist()),
        unknowns=len(unknown),
        sources=tuple(shown.bodies[at] for at in few[0]),
        sinks=tuple(shown.bodies[at] for at in few[1]),
        reached=tuple(shown.bodies[at] for at in few[2]),
    )


FoundChains = list[tuple[int, list[tuple[int, ...]], int]]


def _chains(graph: Graph, known: Graph, hops: HopColumns) -> FoundChains:
    """For the first leaking services: the chains to list, and how many more there are.

    Of each service every shortest chain of known hops, and every shortest chain of all that has a
    hop that is not known.
    """
    first = known.leaking[:MOST_SERVICES]
    others = graph.leaking[known.distances[graph.leaking] == FAR]
    services = np.concatenate((first, others[: MOST_SERVICES - len(first)]))
    searches = (
        (known, known.ways(first), None),
        (graph, graph.ways(services, ~hops.known), ~hops.known),
    )
    listed: FoundChains = []
    total = 0
    for service in services.tolist():
        found: list[tuple[int, ...]] = []
        ways = 0
        for way, counts, some in searches:
            if way.distances[service] != FAR and counts[service]:
                found += islice(way.shortest_chains(service, counts, some), MOST_CHAINS)
                ways += int(counts[service])
        listed.append((service, found, ways - len(found)))
        total += len(found)
        if total >= MOST_IN_ALL:
            break
    return listed


def _unknown(graph: Graph, hops: HopColumns) -> Indices:
    """The hops from what services reach that nobody knows; those on a chain first."""
    loose = np.flatnonzero(~hops.known & graph.reached[hops.tails]).astype(np.int32)
    leads_on = graph.distances[hops.heads[loose]] != FAR
    found: Indices = np.concatenate((loose[leads_on], loose[~leads_on]))
    return found
