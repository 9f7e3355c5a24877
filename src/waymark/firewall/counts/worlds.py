"""Other worlds: counts of whole people that fit the published figures as well as the true ones do.

The defender, who knows the true counts, pushes many sums up or down at once, projects the result
back on what was published, one set of disjoint rows after the other, and rounds it to whole people
so that errors cancel. A world that fits all figures proves that the sums can differ as they do in
it; one that does not is thrown away. So this search can fail to find, and cannot find wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from waymark.firewall.counts.knowledge import Bounds, Indices, Numbers, Parts, System

Flags = npt.NDArray[np.bool_]
PUSHES, SWEEPS = 40, 150  # rounds of pushing and projecting, and then of projecting alone
CLOSE = 0.1  # people by which a row may miss before it is rounded
PASSES, TRIED = 300, 400  # of repair: passes over the misfits, and atoms tried for one misfit
TRIES = 5  # to repair one world
DARED = 0.2  # how often a move is made that makes another row worse by as much
MARGIN = 2.0  # people kept free at each end of a row, so that rounding stays within the row
SHARE = 0.1  # of all questions are pushed in one world: more do not fit together


@dataclass(frozen=True, eq=False)
class Block:
    """Rows that share no atom: all of them are projected on at once."""

    row: Indices  # of each atom in the block's rows
    atom: Indices
    low: Numbers
    high: Numbers
    size: Numbers

    def project(self, point: Numbers) -> float:
        """Move a point on the rows; how far it was off at most."""
        sums = np.bincount(self.row, weights=point[self.atom], minlength=len(self.low))
        step = np.clip(sums, self.low, self.high) - sums
        if step.any():
            point[self.atom] += (step / self.size)[self.row]
        return float(abs(step).max(initial=0.0))


def blocks(system: System, bounds: Bounds, world: Numbers) -> list[Block]:
    """The rows of a system in as few sets of disjoint rows as a greedy choice finds."""
    rows = system.rows
    taken: list[Flags] = []
    chosen: list[list[int]] = []
    for row in np.argsort(-np.diff(rows.indptr), kind="stable").tolist():
        atoms = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        block = next((at for at, used in enumerate(taken) if not used[atoms].any()), len(taken))
        if block == len(taken):
            taken.append(np.zeros(rows.shape[1], dtype=bool))
            chosen.append([])
        taken[block][atoms] = True
        chosen[block].append(row)
    return [_block(system, bounds, world, np.array(sorted(each))) for each in chosen]


def _block(system: System, bounds: Bounds, world: Numbers, chosen: Indices) -> Block:
    lines = system.rows[chosen].tocsr()
    least, most = bounds.of(lines)
    low, high = np.maximum(system.low[chosen], least), np.minimum(system.high[chosen], most)
    free, sums = np.minimum(MARGIN, np.floor((high - low) / 3)), lines @ world
    size = np.diff(lines.indptr)
    row, order = np.repeat(np.arange(len(chosen)), size), np.argsort(lines.indices)
    return Block(
        row[order],
        lines.indices[order],  # in the order of memory, which is faster
        np.where(low > least, np.minimum(low + free, sums), low),  # atoms keep their own bounds
        np.where(high < most, np.maximum(high - free, sums), high),
        size.astype(np.float64),
    )


class Worlds:
    """Makes worlds in which some parts are as high, and others as low, as is wished."""

    def __init__(self, parts: Parts, world: Numbers) -> None:
        self.system, self.bounds, self.parts = parts.system, parts.bounds, parts.parts
        self.world = world
        self._noise = np.random.default_rng(0)  # the same search every time
        self._blocks = blocks(self.system, self.bounds, world)
        self._columns = self.system.rows.tocsc()
        degree = np.diff(self._columns.indptr)
        # the rows of each atom as a table, filled up with a row that is none
        self._around = np.full((len(degree), int(degree.max(initial=0))), self.system.rows.shape[0])
        place = np.arange(self._columns.nnz) - np.repeat(self._columns.indptr[:-1], degree)
        self._around[np.repeat(np.arange(len(degree)), degree), place] = self._columns.indices

    def one(self, chosen: Indices, goals: Numbers, up: Flags) -> Numbers | None:
        """A world in which some parts come near their goals, or none if none was found."""
        whole = self._rounded(self._near(chosen, goals, up))
        for _ in range(TRIES):
            world = self._repaired(whole)
            if self.system.holds(world) and self.bounds.hold(world):
                return world
        return None

    def _near(self, chosen: Indices, goals: Numbers, up: Flags) -> Numbers:
        """Fractional counts that fit nearly, in which parts are pushed towards their goals."""
        point = self.world.copy()
        pushed = self.parts[chosen].tocsr()
        size = abs(pushed).sum(axis=1)
        share = np.maximum(abs(pushed).sum(axis=0), 1)
        for _ in range(PUSHES):
            gap = goals - pushed @ point
            gap = np.where(up, np.maximum(gap, 0.0), np.minimum(gap, 0.0))
            point += (pushed.T @ (gap / size)) / share
            self._sweep(point)
        for _ in range(SWEEPS):
            if self._sweep(point) < CLOSE:
                break
        return point

    def _sweep(self, point: Numbers) -> float:
        np.clip(point, self.bounds.lower, self.bounds.upper, out=point)
        off = max((block.project(point) for block in self._blocks), default=0.0)
        np.clip(point, self.bounds.lower, self.bounds.upper, out=point)
        return off

    def _rounded(self, point: Numbers) -> Numbers:
        """Whole people: each atom is rounded so that the errors of its rows stay small."""
        result = np.floor(point)
        part = point - result
        errors = np.zeros(self.system.rows.shape[0])
        starts, lines = self._columns.indptr.tolist(), self._columns.indices
        for atom in np.flatnonzero(part > 0).tolist():
            rows = lines[starts[atom] : starts[atom + 1]]
            here, share = errors[rows], part[atom]
            # up if that leaves the smaller squares: sum (e + 1 - s)^2 < sum (e - s)^2
            up = 2 * (here.sum() - share * len(rows)) + len(rows) < 0
            result[atom] += up
            errors[rows] = here + (up - share)
        return result

    def _repaired(self, point: Numbers) -> Numbers:
        """Whole people added or taken one at a time, until every row fits or patience ends."""
        world, low, high = point.copy(), self.system.low, self.system.high
        sums = self.system.rows @ world
        # what one more, and one fewer, in each row adds to the sum of all misfits
        more, fewer = np.zeros((2, len(sums) + 1), dtype=np.int8)
        more[:-1], fewer[:-1] = _costs(sums, low, high)
        for _ in range(PASSES):
            wrong = np.flatnonzero((sums < low) | (sums > high))
            if not len(wrong):
                break
            for row in self._noise.permutation(wrong).tolist():
                step = int(sums[row] < low[row]) - int(sums[row] > high[row])
                atom = self._move(world, row, step, more if step > 0 else fewer) if step else None
                if atom is None:
                    continue
                world[atom] += step
                start, end = self._columns.indptr[atom : atom + 2]
                near = self._columns.indices[start:end]
                sums[near] += step
                more[near], fewer[near] = _costs(sums[near], low[near], high[near])
        return world

    def _move(self, world: Numbers, row: int, step: int, costs: npt.NDArray[np.int8]) -> int | None:
        """The atom of a row that is best changed by one person, if any may be."""
        rows, noise = self.system.rows, self._noise
        atoms = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        if len(atoms) > TRIED:
            atoms = noise.choice(atoms, TRIED, replace=False)
        end = self.bounds.upper if step > 0 else self.bounds.lower
        atoms = atoms[world[atoms] != end[atoms]]
        if not len(atoms):
            return None
        cost = costs[self._around[atoms]].sum(axis=1)
        best = int(np.argmin(cost + noise.random(len(atoms)) / 2))  # ties fall at random
        return int(atoms[best]) if cost[best] <= (noise.random() < DARED) else None


def _costs(
    sums: Numbers, low: Numbers, high: Numbers
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    above, below = (sums >= high).astype(np.int8), (sums <= low).astype(np.int8)
    return above - (sums < low).astype(np.int8), below - (sums > high).astype(np.int8)


def goals(
    bounds: tuple[Numbers, Numbers], met: tuple[Numbers, Numbers], width: int, fall: Flags
) -> tuple[Numbers, Flags]:
    """Where parts should go to be seen ``width - 1`` apart; and which of them must rise for it."""
    (low, high), (lowest, highest) = bounds, met
    can_fall = highest - (width - 1) >= low
    can_rise = lowest + (width - 1) <= high
    up = ~can_fall | (can_rise & ~fall)
    aim = np.where(up, lowest + width - 0.5, highest - width + 0.5)
    return np.clip(aim, low, high), up
