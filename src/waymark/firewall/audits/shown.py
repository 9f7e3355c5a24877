"""What of a large network is shown: whole bodies and hops, fetched at once for those few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from waymark.firewall.audits.arrangements import Holdings
from waymark.firewall.audits.columns import GROUNDS, NOBODY
from waymark.firewall.audits.hops import Hop, HopColumns
from waymark.firewall.audits.network import Arrangement, Body

ENFORCEMENT = "immigration-enforcement"  # the kind to which a duty to report leads


@dataclass(frozen=True)
class Shown:
    """Bodies and arrangements by their numbers, and the sinks that one hop may stand for.

    Bodies that share a name are told apart by their identifiers.
    """

    hops: HopColumns
    bodies: Mapping[int, Body]
    arrangements: Mapping[int, Arrangement]
    released: frozenset[str]
    sinks: tuple[int, ...]

    @classmethod
    def of(
        cls, held: Holdings, hops: HopColumns, hops_shown: set[int], bodies_shown: set[int]
    ) -> Shown:
        """Fetch what is shown of a network."""
        numbers = np.array(sorted(hops_shown), dtype=np.int64)
        rows = {*hops.arrangement[numbers].tolist()} - {NOBODY}
        every_sink = np.flatnonzero(held.bodies.is_sink)
        sinks = _where_duties_lead(held, every_sink.tolist())
        anywhere = len(held.bodies)
        wanted = {*hops.tails[numbers].tolist(), *hops.heads[numbers].tolist(), *bodies_shown}
        if anywhere in wanted and len(sinks) == 1:
            wanted.add(sinks[0])
        return cls(
            hops,
            _told_apart(held, held.some_bodies(wanted - {anywhere})),
            held.some_arrangements(rows),
            frozenset(each.id for each in held.domain.data if not each.protected),
            sinks,
        )

    def hop(self, number: int) -> Hop:
        """A hop by its number."""
        row = int(self.hops.arrangement[number])
        arrangement = self.arrangements.get(row)
        head = int(self.hops.heads[number])
        if head not in self.bodies and len(self.sinks) == 1:
            head = self.sinks[0]
        return Hop(
            sender=self.bodies[int(self.hops.tails[number])],
            recipient=self.bodies.get(head),
            sinks=len(self.sinks),
            ground=GROUNDS[self.hops.ground[number]],
            known=bool(self.hops.known[number]),
            by_law=bool(self.hops.by_law[number]),
            arrangement=arrangement,
            is_counts=arrangement is not None and self.released >= set(arrangement.data),
        )


def _where_duties_lead(held: Holdings, sinks: list[int]) -> tuple[int, ...]:
    """The sinks of immigration enforcement, where there are any; else all."""
    kinds = held.body_table.column("kind").take(pa.array(sinks)).to_pylist()
    named = tuple(at for at, kind in zip(sinks, kinds, strict=True) if kind == ENFORCEMENT)
    return named or tuple(sinks)


def _told_apart(held: Holdings, bodies: Mapping[int, Body]) -> dict[int, Body]:
    """Bodies with their identifiers in their names where another body has the same name."""
    names = held.body_table.column("name")
    shown = pa.array(sorted({body.name for body in bodies.values()}), pa.string())
    alike = Counter(names.filter(pc.is_in(names, value_set=shown)).to_pylist())
    return {
        at: body
        if alike[body.name] == 1
        else body.model_copy(update={"name": f"{body.name} ({body.id})"})
        for at, body in bodies.items()
    }
