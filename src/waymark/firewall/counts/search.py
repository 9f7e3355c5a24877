"""The search for ranges: cheap evidence first, then linear programmes, then whole people.

Each part of a question has outer bounds, which nothing exceeds, and values seen in worlds that
fit all figures. Where the two meet, the part is solved. Values seen in worlds of whole people are
kept apart: they show that a sum can really vary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from waymark.firewall.counts.knowledge import ROUNDING, Bounds, Indices, Numbers, Parts, System
from waymark.firewall.counts.neighbourhoods import ends, neighbours
from waymark.firewall.counts.programme import Programme, Stopwatch
from waymark.firewall.counts.worlds import SHARE, Flags, Worlds, goals

WIDE_ENOUGH = 2  # times the width: so wide in the linear programme, whole people are not asked
LARGE = 5_000  # atoms of a component from which on only neighbourhoods are asked, not the whole
MANY = 20  # open parts from which on it pays to make worlds for all of them together
NEAR = (80, 400, 1200)  # the largest rows that make a neighbourhood, smaller first
SHARES = ((0.7, 0.7), (0.2, 0.3), (0.05, 0.5))  # of open parts pushed at once, and how often down
SLOW = 0.02  # the share of open parts that five worlds must settle for more to be made


@dataclass(frozen=True, eq=False)
class Component:
    """Atoms and rows that have nothing to do with the others."""

    atoms: Indices
    parts: Indices
    sums: csr_array  # its parts, over its atoms
    system: System
    bounds: Bounds


class Range:
    """The lowest and highest values seen of some sums."""

    def __init__(self, number: int) -> None:
        self.low, self.high = np.full(number, np.inf), np.full(number, -np.inf)

    def saw(self, which: Indices | slice, values: Numbers) -> None:
        """Widen the ranges so that they hold these values."""
        self.low[which] = np.minimum(self.low[which], values)
        self.high[which] = np.maximum(self.high[which], values)


class Search:
    """What is known of each part so far."""

    def __init__(self, parts: Parts, watch: Stopwatch, width: int = 1) -> None:
        self.parts, self.watch, self.width = parts, watch, width
        self.world: Numbers | None = None
        self.low, self.high = parts.bounds.of(parts.parts)
        self.seen, self.met = Range(len(self.low)), Range(len(self.low))
        free = np.flatnonzero(~np.isin(parts.component, parts.component_of_row))
        for seen in (self.seen, self.met):  # no row speaks of these: the bounds are all there is
            seen.saw(free, self.low[free])
            seen.saw(free, self.high[free])
        self._components: dict[int, Component] = {}
        self._programmes: dict[tuple[int, bool], Programme] = {}

    def saw(self, world: Numbers) -> None:
        """Remember what each part is in a world of whole people that fits all figures."""
        values = self.parts.parts @ world
        for seen in (self.seen, self.met):
            seen.saw(slice(None), values)

    def certified(self) -> Flags:
        """Which questions were seen to take values so far apart as the width asks."""
        known = np.isfinite(self.met.low)
        spread = np.where(known, self.met.high - np.where(known, self.met.low, 0.0), 0.0)
        wide: Flags = abs(self.parts.questions) @ spread >= self.width - 1
        return wide

    def solve(self, part: int) -> bool:
        """Find the bounds of a part by the linear programme; whether there was time."""
        return all(self._reach(part, highest=highest) for highest in (False, True))

    def _reach(self, part: int, *, highest: bool) -> bool:
        bound, seen = (self.high, self.seen.high) if highest else (self.low, self.seen.low)
        if bound[part] == seen[part] or abs(bound[part] - seen[part]) <= ROUNDING:
            return True
        component = self._component(int(self.parts.component[part]))
        programme = self._programme(part, whole=False)
        found = programme.extreme(*_terms(component, part), highest=highest)
        if found.value is None:
            return False
        bound[part] = seen[part] = found.value
        if np.isinf(found.value):  # without end for whole people too
            self.met.saw(np.array([part]), np.array([found.value]))
        if found.point is not None:
            self._saw_in(component, found.point)
        return True

    def _saw_in(self, component: Component, point: Numbers) -> None:
        self.seen.saw(component.parts, component.sums @ point)
        world = np.rint(point)
        if (abs(world - point) <= ROUNDING).all() and component.system.holds(world):
            self.met.saw(component.parts, component.sums @ world)

    def _solve_whole(self, part: int) -> bool:
        """Narrow the bounds of a part to those of whole people; whether there was time."""
        self.low[part] = np.ceil(self.low[part] - ROUNDING)
        self.high[part] = np.floor(self.high[part] + ROUNDING)
        for highest in (False, True):
            bound, met = (self.high, self.met.high) if highest else (self.low, self.met.low)
            if bound[part] == met[part]:
                continue
            component = self._component(int(self.parts.component[part]))
            far = self.width - 1 if highest else 1 - self.width
            found = self._programme(part, whole=True).extreme(
                *_terms(component, part),
                highest=highest,
                enough=(self.met.low if highest else self.met.high)[part] + far,
            )
            if found.value is None:
                return False
            bound[part] = (
                np.floor(found.value + ROUNDING) if highest else np.ceil(found.value - ROUNDING)
            )
            if found.point is not None:
                self._saw_in(component, found.point)
            if self._settled(part):
                return True
            if bound[part] != met[part] and np.isfinite(bound[part]):
                return False  # stopped short of the end, by time or by rounding
        return True

    def is_narrow(self, question: int) -> bool | None:
        """Whether fewer than the width of neighbouring values are possible; None without time."""
        parts, weights = _line(self.parts.questions, question)
        for step in (self._nothing, self._look_around, self._solve_small, self._solve_near):
            timely = all(step(int(part)) for part in parts)
            if self._spread(self.met.low[parts], self.met.high[parts], weights) >= self.width - 1:
                return False
            least = self._whole_spread(parts, weights)
            if least < self.width - 1:
                return True
            if not timely:
                return None
        return False

    def _settled(self, part: int) -> bool:
        """Whether a part alone was seen to be wide."""
        return bool(self.met.high[part] - self.met.low[part] >= self.width - 1)

    def imagine(self, world: Numbers) -> None:
        """Make worlds around the true one while they settle many parts."""
        self.world = world
        self.saw(world)
        if len(self._open()) < MANY:
            return
        worlds, noise = Worlds(self.parts, world), np.random.default_rng(0)
        for share, down in SHARES:
            left = [len(self._open())]
            while left[-1] and self.watch.left > self.watch.seconds / 3:
                self._push(worlds, noise, share, down)
                left.append(len(self._open()))
                if len(left) > 5 and left[-6] - left[-1] < SLOW * left[-6]:
                    break

    def _open(self) -> Indices:
        """The parts that are neither seen to be wide nor known to be narrow."""
        seen = self.met.high - self.met.low >= self.width - 1
        return np.flatnonzero(~seen & (self.high - self.low >= self.width - 1))

    def _push(self, worlds: Worlds, noise: np.random.Generator, share: float, down: float) -> None:
        parts, number = self._open(), len(self.low)
        chosen = parts[noise.random(len(parts)) < min(share, SHARE * number / len(parts))]
        aims, up = goals(
            (self.low[chosen], self.high[chosen]),
            (self.met.low[chosen], self.met.high[chosen]),
            self.width,
            noise.random(len(chosen)) < down,
        )
        found = worlds.one(chosen, aims, up)
        if found is not None:
            self.saw(found)

    def _look_around(self, part: int) -> bool:
        """Ask the neighbourhood of a part in a large system, if a world is known."""
        if self.world is None or self._size(part) < LARGE:
            return True
        asked, _ = _line(self.parts.parts, part)
        for largest in NEAR:
            if self.watch.left <= 0:
                return False
            atoms = neighbours(self.parts, asked, largest)
            for found in ends(self.parts, part, atoms, self.world, self.watch):
                if found.point is not None:
                    near = self.world.copy()
                    near[atoms] = np.rint(found.point)
                    if self.parts.system.holds(near) and self.parts.bounds.hold(near):
                        self.saw(near)
            if self._settled(part):
                return True
            low, high = (found.value for found in ends(self.parts, part, atoms, None, self.watch))
            if low is None or high is None:
                return False
            self.low[part] = max(self.low[part], np.ceil(low - ROUNDING))
            self.high[part] = min(self.high[part], np.floor(high + ROUNDING))
            if self.high[part] - self.low[part] < self.width - 1:
                return True
        return True

    def _size(self, part: int) -> int:
        return int(np.count_nonzero(self.parts.component_of_atom == self.parts.component[part]))

    def _nothing(self, part: int) -> bool:
        return True

    def _solve_small(self, part: int) -> bool:
        """Solve by the linear programme, unless it is so large that it would not end."""
        return self._size(part) < LARGE and self.solve(part)

    def _solve_near(self, part: int) -> bool:
        """Solve for whole people, but where the linear programme leaves room enough anyway."""
        wide = self.high[part] - self.low[part] >= WIDE_ENOUGH * self.width
        return bool(wide) or self._solve_whole(part)

    def _whole_spread(self, parts: Indices, weights: Numbers) -> float:
        low, high = np.ceil(self.low[parts] - ROUNDING), np.floor(self.high[parts] + ROUNDING)
        return self._spread(low, high, weights)

    @staticmethod
    def _spread(low: Numbers, high: Numbers, weights: Numbers) -> float:
        """How far a sum of independent parts can vary; nothing, where a part was not seen yet."""
        return float(weights @ (high - low)) if (low <= high).all() else -np.inf

    def _programme(self, part: int, *, whole: bool) -> Programme:
        label = int(self.parts.component[part])
        if (label, whole) not in self._programmes:
            component = self._component(label)
            self._programmes[label, whole] = Programme(
                component.system, component.bounds, self.watch, whole=whole
            )
        return self._programmes[label, whole]

    def _component(self, label: int) -> Component:
        if label not in self._components:
            self._components[label] = _component(self.parts, label)
        return self._components[label]


def _component(parts: Parts, label: int) -> Component:
    atoms = np.flatnonzero(parts.component_of_atom == label)
    rows = np.flatnonzero(parts.component_of_row == label)
    asked = np.flatnonzero(parts.component == label)
    whole = parts.system
    return Component(
        atoms,
        asked,
        parts.parts[asked][:, atoms].tocsr(),
        System(
            whole.rows[rows][:, atoms].tocsr(), whole.low[rows], whole.high[rows], whole.most[atoms]
        ),
        Bounds(parts.bounds.lower[atoms], parts.bounds.upper[atoms]),
    )


def _line(matrix: csr_array, line: int) -> tuple[Indices, Numbers]:
    start, end = matrix.indptr[line : line + 2]
    return matrix.indices[start:end], matrix.data[start:end]


def _terms(component: Component, part: int) -> tuple[Indices, Numbers]:
    return _line(component.sums, int(np.searchsorted(component.parts, part)))
