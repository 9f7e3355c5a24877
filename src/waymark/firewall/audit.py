"""The audit of a place's arrangements: does anything lead from a service to enforcement?

It follows what bodies pass on, whoever agreed to it: agreements, duties, contracts, processors,
funders, parent bodies, habits. What nobody knows counts as passing on. Either a certificate comes
out, with the set of bodies that proves it, or every shortest chain and the smallest repair.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import islice

import numpy as np

from waymark.compact.answers import Answer
from waymark.compact.dates import first_day, last_day
from waymark.firewall.arrangements import Arrangement, Body, Ground, Known, Network, is_source
from waymark.firewall.chains import Graph
from waymark.firewall.domain import Domain, FirewallError, Role
from waymark.reading import Value
from waymark.words import Sentence, count_phrase

A_DAY = timedelta(days=1)
MOST_CHAINS = 20  # of one service; how many more there may be is said


@dataclass(frozen=True)
class Hop:
    """One body passes on to another: on what ground, and whether that is known.

    ``arrangement`` is the one that says so; a hop without one follows from what a body is.
    """

    sender: Body
    recipient: Body
    ground: Ground
    known: bool
    by_law: bool
    basis: str
    arrangement: Arrangement | None = None

    @property
    def name(self) -> str:
        """What names the hop in a repair."""
        if self.arrangement is not None:
            return self.arrangement.id
        return f"{self.sender.id} → {self.recipient.id}"

    @property
    def sentence(self) -> Sentence:
        """The hop in words."""
        way = Sentence(
            "{sender} → {recipient}", sender=self.sender.name, recipient=self.recipient.name
        )
        if self.ground is Ground.NO_EVIDENCE:
            return Sentence("{way}: nothing in force shows that this does not happen.", way=way)
        ground = self.ground.label
        if not self.known:
            return Sentence("{way}, {ground}: not known whether it does.", way=way, ground=ground)
        if not self.basis:
            return Sentence("{way}, {ground}.", way=way, ground=ground)
        return Sentence("{way}, {ground}: {basis}", way=way, ground=ground, basis=self.basis)

    @property
    def repair(self) -> Sentence:
        """What would take this hop away."""
        if self.ground is Ground.NO_EVIDENCE:
            return Sentence("Show what becomes of what reaches {body}.", body=self.sender.name)
        if not self.known:
            return Sentence("Find out, and end it if it is so: {hop}", hop=self.sentence)
        if self.by_law:
            return Sentence("Only the law can change this: {hop}", hop=self.sentence)
        return Sentence("End this: {hop}", hop=self.sentence)


@dataclass(frozen=True)
class Chain:
    """A shortest way from a service to a sink."""

    hops: tuple[Hop, ...]

    @property
    def known(self) -> bool:
        """Whether every hop is known; otherwise what is not known counts as passing on."""
        return all(hop.known for hop in self.hops)

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The bodies on the way, the service first."""
        return (self.hops[0].sender, *(hop.recipient for hop in self.hops))


@dataclass(frozen=True)
class Audit:
    """What the audit of a network found as of a day.

    ``answer`` is *yes* (it holds), *no* (a chain whose every hop is known) or *not known* (only
    chains with hops that nobody knows; they count as reaching, and there is no certificate).
    ``more`` says of which services there are more shortest chains than ``chains`` lists.
    """

    network: Network
    domain: Domain
    as_of: date
    hops: tuple[Hop, ...]
    chains: tuple[Chain, ...]
    more: tuple[Body, ...]
    repair: tuple[Hop, ...]
    sources: tuple[Body, ...]
    sinks: tuple[Body, ...]
    reached: tuple[Body, ...]

    @property
    def answer(self) -> Answer:
        """Whether the firewall holds."""
        if not self.chains:
            return Answer.YES
        return Answer.NO if any(chain.known for chain in self.chains) else Answer.NOT_KNOWN

    @cached_property
    def leaking(self) -> tuple[Body, ...]:
        """The services from which a chain leads to a sink, the shortest first."""
        first = {chain.bodies[0].id: chain.bodies[0] for chain in self.chains}
        return tuple(first.values())

    @property
    def unknown(self) -> tuple[Hop, ...]:
        """The hops that nobody knows and that therefore count as passing on."""
        return tuple(hop for hop in self.hops if not hop.known)

    @property
    def verdict(self) -> Sentence:
        """The audit in one sentence."""
        if self.answer is Answer.YES:
            return count_phrase(
                "Holds: no chain leads from the one service to enforcement.",
                "Holds: no chain leads from any of {count} services to enforcement.",
                len(self.sources),
            )
        if self.answer is Answer.NO:
            return Sentence(
                "Broken: services from which a chain of known arrangements leads to enforcement: "
                "{count} of {all}.",
                count=len({chain.bodies[0].id for chain in self.chains if chain.known}),
                all=len(self.sources),
            )
        return Sentence(
            "Not shown to hold: services from which what is not known may lead to enforcement: "
            "{count} of {all}.",
            count=len(self.leaking),
            all=len(self.sources),
        )


def audit(network: Network, domain: Domain, as_of: date) -> Audit:
    """Follow a place's arrangements from its services to every sink, as of a day.

    Raises ``FirewallError`` where there is nothing to judge: no service, or no sink.
    """
    bodies = network.bodies
    numbers = {body.id: at for at, body in enumerate(bodies)}
    sources = [at for at, body in enumerate(bodies) if is_source(body, domain)]
    sinks = [at for at, body in enumerate(bodies) if domain.kind(body.kind).role is Role.SINK]
    if not sources or not sinks:
        missing = "service that holds anything" if not sources else "enforcement body"
        raise FirewallError(
            f"'{network.title}' names no {missing}.",
            "Without one there is nothing to audit; add it to the bodies.",
        )
    hops = tuple(hops_of(network, domain, as_of))
    graph = Graph(
        len(bodies),
        np.array([numbers[hop.sender.id] for hop in hops], dtype=np.int64),
        np.array([numbers[hop.recipient.id] for hop in hops], dtype=np.int64),
        np.array(sources, dtype=np.int64),
        np.array(sinks, dtype=np.int64),
    )
    chains: list[Chain] = []
    more = []
    leaking = sorted(graph.leaking.tolist(), key=lambda at: (graph.distances[at], at))
    for source in leaking:
        found = list(islice(graph.shortest_chains(source), MOST_CHAINS + 1))
        if len(found) > MOST_CHAINS:
            more.append(bodies[source])
        chains += [Chain(tuple(hops[at] for at in each)) for each in found[:MOST_CHAINS]]
    cut = graph.smallest_cut(np.array([hop.by_law for hop in hops], dtype=bool))
    return Audit(
        network,
        domain,
        as_of,
        hops,
        tuple(chains),
        tuple(more),
        tuple(hops[at] for at in cut),
        tuple(bodies[at] for at in sources),
        tuple(bodies[at] for at in sinks),
        tuple(body for body, is_in in zip(bodies, graph.reached, strict=True) if is_in),
    )


def hops_of(network: Network, domain: Domain, as_of: date) -> Iterator[Hop]:
    """Every hop that stands on a day, from arrangements and from what bodies are.

    Parents see what is theirs unless it is known that they do not; processors hold what they
    process; a body with a duty to report reports; a body on which no evidence is in force may pass
    on to anybody, and so to every sink.
    """
    by_id = network.by_id
    protected = {each.id for each in domain.data if each.protected}
    sinks = [body for body in network.bodies if domain.kind(body.kind).role is Role.SINK]
    for each in network.arrangements:
        if each.passes is not Known.NO and each.in_force(as_of) and protected & set(each.data):
            yield Hop(
                by_id[each.sender],
                by_id[each.recipient],
                each.ground,
                each.passes is Known.YES,
                each.by_law,
                each.basis,
                each,
            )
    for body in network.bodies:
        if domain.kind(body.kind).role is not Role.SINK:
            yield from _of_body(body, by_id, sinks, as_of)


def _of_body(
    body: Body, by_id: Mapping[str, Body], sinks: Iterable[Body], as_of: date
) -> Iterator[Hop]:
    """What follows from what a body is: its parent, processors, duty, and want of evidence."""
    if body.parent and body.parent_reads is not Known.NO:
        known = body.parent_reads is Known.YES
        yield Hop(body, by_id[body.parent], Ground.PARENT, known, False, "")
    for name in body.processors:
        yield Hop(body, by_id[name], Ground.PROCESSING, True, False, "")
    for sink in sinks:
        if body.duty_to_report is Known.YES:
            yield Hop(body, sink, Ground.LEGAL_DUTY, True, True, body.duty_basis)
        elif not body.is_evidenced(as_of):
            yield Hop(body, sink, Ground.NO_EVIDENCE, False, False, "")
        elif body.duty_to_report is Known.NOT_KNOWN:
            yield Hop(body, sink, Ground.LEGAL_DUTY, False, True, body.duty_basis)


class AuditCertificate(Value):
    """That nothing leads from the services of a network to a sink, as of a day.

    ``reached`` are the services and all that they pass on to. The proof is to look that no sink is
    among them and that no arrangement leads out of them. ``ends`` is the first day on which some
    evidence no longer counts; None where none ends.
    """

    title: str
    place: str
    as_of: date
    ends: date | None
    network: str
    domain: str
    services: int
    bodies: int
    arrangements: int
    reached: tuple[str, ...]


def certify(found: Audit) -> AuditCertificate:
    """The certificate of an audit that holds; a ``FirewallError`` for one that does not."""
    if found.answer is not Answer.YES:
        raise FirewallError(found.verdict.text(), "Only an audit that holds has a certificate.")
    changes = [last_day(it.evidence_until) + A_DAY for it in found.reached if it.evidence_until]
    changes += [first_day(it.controller_since) for it in found.reached if it.controller_since]
    changes += [first_day(it.since) for it in found.network.arrangements if it.since]
    return AuditCertificate(
        title=found.network.title,
        place=found.network.place,
        as_of=found.as_of,
        ends=min((day for day in changes if day > found.as_of), default=None),
        network=network_digest(found.network),
        domain=found.domain.digest,
        services=len(found.sources),
        bodies=len(found.network.bodies),
        arrangements=len(found.network.arrangements),
        reached=tuple(sorted(body.id for body in found.reached)),
    )


def network_digest(network: Network) -> str:
    """The hash of everything that a network says."""
    return hashlib.sha256(network.model_dump_json().encode()).hexdigest()
