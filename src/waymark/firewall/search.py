"""The search for ranges: cheap evidence first, then linear programmes, then whole people.

Each part of a question has outer bounds, which nothing exceeds, and values seen in worlds that
fit all figures. Where the two meet, the part is solved. Values seen in worlds of whole people are
kept apart: they show that a sum can really vary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from waymark.firewall.knowledge import ROUNDING, Bounds, Indices, Numbers, Parts, System
from waymark.firewall.programme import Programme, Stopwatch

WIDE_ENOUGH = 2  # times the width: so wide in the linear programme, whole people are not asked
Flags = npt.NDArray[np.bool_]


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

    def __init__(self, parts: Parts, watch: Stopwatch) -> None:
        self.parts, self.watch = parts, watch
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

    def certified(self, width: int) -> Flags:
        """Which questions were seen to take values at least ``width - 1`` apart."""
        known = np.isfinite(self.met.low)
        spread = np.where(known, self.met.high - np.where(known, self.met.low, 0.0), 0.0)
        wide: Flags = abs(self.parts.questions) @ spread >= width - 1
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

    def solve_whole(self, part: int) -> bool:
        """Narrow the bounds of a part to those of whole people; whether there was time."""
        self.low[part] = np.ceil(self.low[part] - ROUNDING)
        self.high[part] = np.floor(self.high[part] + ROUNDING)
        for highest in (False, True):
            bound, met = (self.high, self.met.high) if highest else (self.low, self.met.low)
            if bound[part] == met[part]:
                continue
            terms = _terms(self._component(int(self.parts.component[part])), part)
            found = self._programme(part, whole=True).extreme(*terms, highest=highest)
            if found.value is None:
                return False
            value = np.floor(found.value + ROUNDING) if highest else np.ceil(found.value - ROUNDING)
            bound[part] = met[part] = value
        return True

    def is_narrow(self, question: int, width: int) -> bool | None:
        """Whether fewer than ``width`` neighbouring values are possible; None without time."""
        parts, weights = _line(self.parts.questions, question)
        if self._spread(self.met.low[parts], self.met.high[parts], weights) >= width - 1:
            return False
        if self._whole_spread(parts, weights) < width - 1:
            return True
        if not all([self.solve(int(part)) for part in parts]):
            return None
        spread = self._whole_spread(parts, weights)
        if spread < width - 1 or spread >= WIDE_ENOUGH * width:
            return spread < width - 1
        if not all([self.solve_whole(int(part)) for part in parts]):
            return None
        return self._whole_spread(parts, weights) < width - 1

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
