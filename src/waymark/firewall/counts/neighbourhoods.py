"""A sum and its neighbours: a small programme that often settles a question of a large one.

Everything outside the neighbourhood is either left as it is in a known world, so that what can
still vary shows that a sum is wide; or let loose within its bounds, so that what cannot vary even
then shows that a sum is narrow.
"""

from __future__ import annotations

import numpy as np

from waymark.firewall.counts.knowledge import Bounds, Indices, Numbers, Parts, System, needed_rows
from waymark.firewall.counts.programme import Extreme, Programme, Stopwatch


def neighbours(parts: Parts, atoms: Indices, largest: int) -> Indices:
    """The atoms that share a row of at most ``largest`` atoms with some atoms, and these."""
    rows = parts.system.rows
    touching = np.unique(parts.columns[:, atoms].indices)
    small = touching[np.diff(rows.indptr)[touching] <= largest]
    found: Indices = np.union1d(atoms, rows[small].indices).astype(np.int64)
    return found


def around(parts: Parts, atoms: Indices, world: Numbers | None) -> tuple[System, Bounds]:
    """The system of some atoms, with the others as they are in a world or within their bounds."""
    lines = np.unique(parts.columns[:, atoms].indices)
    rows = parts.system.rows[lines].tocsr()
    outside = np.ones(rows.shape[1], dtype=bool)
    outside[atoms] = False
    if world is None:
        others = Bounds(
            np.where(outside, parts.bounds.lower, 0.0), np.where(outside, parts.bounds.upper, 0.0)
        )
        least, most = others.of(rows)
    else:
        least = most = rows @ np.where(outside, world, 0.0)
    bounds = Bounds(parts.bounds.lower[atoms], parts.bounds.upper[atoms])
    system = System(
        rows[:, atoms].tocsr(),
        parts.system.low[lines] - most,
        parts.system.high[lines] - least,
        parts.system.most[atoms],
    )
    return needed_rows(system, bounds), bounds


def ends(
    parts: Parts, part: int, atoms: Indices, world: Numbers | None, watch: Stopwatch
) -> list[Extreme]:
    """The lowest and the highest that a part can be, in whole people, in a neighbourhood."""
    start, end = parts.parts.indptr[part : part + 2]
    places = np.searchsorted(atoms, parts.parts.indices[start:end])
    weights = parts.parts.data[start:end]
    system, bounds = around(parts, atoms, world)
    programme = Programme(system, bounds, watch, whole=True)
    return [programme.extreme(places, weights, highest=highest) for highest in (False, True)]
