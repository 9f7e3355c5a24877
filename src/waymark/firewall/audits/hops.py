"""Which body passes on to which as of a day, from arrangements and from what bodies are.

What nobody knows counts as passing on. Parents see what is theirs unless it is known that they do
not; processors hold what they process; a body with a duty to report reports; a body on which no
evidence is in force may pass on to anybody, and so to every sink.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from waymark.firewall.audits.arrangements import Holdings
from waymark.firewall.audits.chains import FAR, Graph, Links, Mask
from waymark.firewall.audits.columns import GROUNDS, NO, NOBODY, NOT_KNOWN, YES, Indices, Small
from waymark.firewall.audits.network import Arrangement, Body, Ground
from waymark.words import N_, Sentence, count_phrase

PARENT, PROCESSING, DUTY, NO_EVIDENCE = (
    GROUNDS.index(it)
    for it in (Ground.PARENT, Ground.PROCESSING, Ground.LEGAL_DUTY, Ground.NO_EVIDENCE)
)
ANY = "*"


@dataclass(frozen=True)
class HopColumns:
    """Hops by their numbers. ``arrangement`` says so, or is ``NOBODY`` where a body's state does.

    The node after the last body stands for every sink at once.
    """

    tails: Indices
    heads: Indices
    known: Mask
    by_law: Mask
    ground: Small
    arrangement: Indices

    def __len__(self) -> int:
        return len(self.tails)


@dataclass(frozen=True)
class Hop:
    """One body passes on to another: on what ground, and whether that is known.

    ``recipient`` is None where it is any of several enforcement bodies (``sinks``).
    """

    sender: Body
    recipient: Body | None
    sinks: int
    ground: Ground
    known: bool
    by_law: bool
    arrangement: Arrangement | None
    is_counts: bool = False

    @property
    def name(self) -> str:
        """What names the hop in a repair."""
        if self.arrangement is not None:
            return self.arrangement.id
        doubt = "" if self.known else "?"
        return f"{self.sender.id} → {self.recipient_id} ({self.ground}{doubt})"

    @property
    def recipient_id(self) -> str:
        """The identifier of who receives, or ``ANY`` of the enforcement bodies."""
        return self.recipient.id if self.recipient is not None else ANY

    @property
    def basis(self) -> str:
        """What the hop rests on."""
        if self.arrangement is not None:
            return self.arrangement.basis
        return self.sender.duty_basis if self.ground is Ground.LEGAL_DUTY else ""

    @property
    def end(self) -> Sentence:
        """Who receives."""
        if self.recipient is not None:
            return Sentence("{name}", name=self.recipient.name)
        return count_phrase(
            "the one enforcement body", "any of {count} enforcement bodies", self.sinks
        )

    @property
    def sentence(self) -> Sentence:
        """The hop in words."""
        way = Sentence("{sender} → {recipient}", sender=self.sender.name, recipient=self.end)
        if self.ground is Ground.NO_EVIDENCE:
            return Sentence("{way}: nothing in force shows that this does not happen.", way=way)
        ground = self.ground.label
        if self.is_counts:
            message = N_(
                "{way}, {ground}: nothing shows that these counts passed a statistics gate."
            )
            return Sentence(message, way=way, ground=ground)
        if not self.known:
            return Sentence("{way}, {ground}: not known whether it does.", way=way, ground=ground)
        if not self.basis:
            return Sentence("{way}, {ground}.", way=way, ground=ground)
        return Sentence("{way}, {ground}: {basis}", way=way, ground=ground, basis=self.basis)

    @property
    def repair(self) -> Sentence:
        """What would take this hop away."""
        if self.ground is Ground.NO_EVIDENCE and self.sender.duty_to_report == "not-known":
            message = N_("Show what becomes of what reaches {body}, and whether it must report.")
            return Sentence(message, body=self.sender.name)
        if self.ground is Ground.NO_EVIDENCE:
            return Sentence("Show what becomes of what reaches {body}.", body=self.sender.name)
        if not self.known:
            return Sentence("Find out, and end it if it is so: {hop}", hop=self.sentence)
        if self.by_law:
            return Sentence("Only the law can change this: {hop}", hop=self.sentence)
        return Sentence("End this: {hop}", hop=self.sentence)


def hops_of(held: Holdings, as_of: date) -> HopColumns:
    """Every hop that stands on a day."""
    day = as_of.toordinal()
    parts = [_of_arrangements(held, day), *_of_parents_and_processors(held, day)]
    parts += _to_every_sink(held, day)
    return HopColumns(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in HopColumns.__dataclass_fields__
        )
    )


def is_evidenced(held: Holdings, day: int) -> Mask:
    """On which bodies evidence counts on a day: it is there, in time, and of the same controller.

    A change of control counts from the first day on which it may have been, and evidence from
    before the last one does not count.
    """
    bodies = held.bodies
    same = (bodies.controller_first > day) | (bodies.controller_last <= bodies.evidence_first)
    return (bodies.evidence_from <= day) & (bodies.evidence_until >= day) & same


def _part(
    tails: npt.NDArray[Any],
    heads: Indices | int,
    ground: int,
    *,
    known: Mask | bool,
    by_law: bool = False,
) -> HopColumns:
    """Hops on one ground that no arrangement says."""
    size = len(tails)
    return HopColumns(
        tails.astype(np.int32),
        np.broadcast_to(np.asarray(heads, dtype=np.int32), size),
        np.broadcast_to(known, size),
        np.broadcast_to(by_law, size),
        np.full(size, ground, dtype=np.int8),
        np.full(size, NOBODY, dtype=np.int32),
    )


def in_force(held: Holdings, day: int) -> Mask:
    """Which arrangements stand on a day, whatever they pass; a year counts whole."""
    given = held.arrangements
    return (given.since <= day) & (given.until >= day)


def _of_arrangements(held: Holdings, day: int) -> HopColumns:
    """What arrangements pass on about people, and counts that may not be what they are called."""
    given, bodies = held.arrangements, held.bodies
    stands = in_force(held, day) & (given.passes != NO) & ~bodies.is_sink[given.sender]
    unsure = stands & ~given.is_protected
    if unsure.any():
        unsure &= ~_with_released_counts(held, day)[given.sender]
    rows = np.flatnonzero(stands & (given.is_protected | unsure)).astype(np.int32)
    return HopColumns(
        given.sender[rows],
        given.recipient[rows],
        (given.passes[rows] == YES) & given.is_protected[rows],
        given.by_law[rows],
        given.ground[rows],
        rows,
    )


def _with_released_counts(held: Holdings, day: int) -> Mask:
    """The bodies that may have counts to pass on: statistics gates, and who has them from there."""
    given = held.arrangements
    rows = np.flatnonzero(in_force(held, day) & (given.passes == YES) & given.has_counts)
    links = Links(len(held.bodies), given.sender[rows], given.recipient[rows])
    gates = np.flatnonzero(held.bodies.is_gate).astype(np.int32)
    found: Mask = links.search(gates, None) != FAR
    return found


def _of_parents_and_processors(held: Holdings, day: int) -> list[HopColumns]:
    bodies = held.bodies
    reads = (bodies.parent != NOBODY) & (bodies.parent_reads != NO) & ~bodies.is_sink
    children = np.flatnonzero(reads)
    parents = bodies.parent[children]
    used = ~bodies.is_sink[bodies.owner]
    return [
        _part(children, parents, PARENT, known=bodies.parent_reads[children] == YES),
        _part(bodies.owner[used], bodies.processor[used], PROCESSING, known=True),
        _of_processors_of_sinks(held, day),
    ]


def _of_processors_of_sinks(held: Holdings, day: int) -> HopColumns:
    """What lies with a processor of enforcement, enforcement may see.

    Unless an arrangement in force between the two says that nothing passes. Processors of such
    processors count as well.
    """
    bodies, given = held.bodies, held.arrangements
    links = Links(len(bodies), bodies.owner, bodies.processor)
    sinks = np.flatnonzero(bodies.is_sink).astype(np.int32)
    serves = links.search(sinks, None) != FAR
    pairs = serves[bodies.owner] & ~bodies.is_sink[bodies.processor]
    tails, heads = bodies.processor[pairs], bodies.owner[pairs]
    if len(tails):
        denied = np.flatnonzero(in_force(held, day) & (given.passes == NO))
        size = len(bodies)
        never = given.sender[denied].astype(np.int64) * size + given.recipient[denied]
        kept = ~np.isin(tails.astype(np.int64) * size + heads, never)
        tails, heads = tails[kept], heads[kept]
    return _part(tails, heads, PROCESSING, known=False)


def _to_every_sink(held: Holdings, day: int) -> list[HopColumns]:
    """What must be reported, and what nothing shows to stay: one hop stands for every sink."""
    bodies = held.bodies
    anywhere = len(bodies)
    evidenced = is_evidenced(held, day)
    must = ~bodies.is_sink & (bodies.duty == YES)
    may = ~bodies.is_sink & ~must & evidenced & (bodies.duty == NOT_KNOWN)
    unseen = ~bodies.is_sink & ~must & ~evidenced
    return [
        _part(np.flatnonzero(must), anywhere, DUTY, known=True, by_law=True),
        _part(np.flatnonzero(may), anywhere, DUTY, known=False, by_law=True),
        _part(np.flatnonzero(unseen), anywhere, NO_EVIDENCE, known=False),
    ]


def graph_of(held: Holdings, hops: HopColumns) -> Graph:
    """The hops as a graph from the services to the sinks."""
    bodies = held.bodies
    sinks = np.append(np.flatnonzero(bodies.is_sink), len(bodies))
    links = Links(len(bodies) + 1, hops.tails, hops.heads)
    return Graph(links, np.flatnonzero(bodies.is_service).astype(np.int32), sinks.astype(np.int32))
