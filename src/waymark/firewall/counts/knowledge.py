"""What an attacker knows: sums of counts of people, each between two bounds.

Every table that was published says of a set of atoms (the finest groups of people) how many they
hold together, exactly or within an error. People are whole, so bounds are rounded inwards to whole
numbers. What follows from single rows is worked out here, before any programme is solved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csc_array, csr_array, diags_array, vstack
from scipy.sparse.csgraph import connected_components

from waymark.firewall.domain import FirewallError

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
ROUNDING = 1e-6  # what double precision may be off when a bound is rounded to a whole number
MOST_ROUNDS = 50  # of propagation: each is one look at every row
FINGERPRINT_SEED = 20181210  # any: equal sets get equal fingerprints whatever it is


@dataclass(frozen=True, eq=False)
class System:
    """``low <= rows @ atoms <= high`` and ``0 <= atoms <= most``, for whole ``atoms``.

    ``rows`` has a line for each figure known and a column for each atom, and holds 0 and 1.
    ``high`` and ``most`` are infinite where nothing is known.
    """

    rows: csr_array
    low: Numbers
    high: Numbers
    most: Numbers

    def __post_init__(self) -> None:
        figures, atoms = self.rows.shape
        if self.low.shape != (figures,) or self.high.shape != (figures,):
            raise ValueError("each row needs one low and one high bound")
        if self.most.shape != (atoms,):
            raise ValueError("each atom needs one upper bound")
        if self.rows.nnz and not np.isin(self.rows.data, (0, 1)).all():
            raise ValueError("a row adds atoms up: it holds 0 and 1 only")
        if any(np.isnan(each).any() for each in (self.low, self.high, self.most)):
            raise ValueError("a bound is not a number")

    def holds(self, point: Numbers) -> bool:
        """Whether a point is one of the worlds that the attacker cannot rule out."""
        sums = self.rows @ point
        return bool(
            (point >= 0).all()
            and (point <= self.most).all()
            and (sums >= self.low).all()
            and (sums <= self.high).all()
        )


def contradiction() -> FirewallError:
    """What is raised where no world fits the figures."""
    return FirewallError(
        "The published figures contradict one another: no counts of people fit all of them.",
        "Check that all of them are of the same records, and the error stated for each.",
    )


@dataclass(frozen=True, eq=False)
class Bounds:
    """The lowest and the highest number that each atom may be."""

    lower: Numbers
    upper: Numbers

    def hold(self, point: Numbers) -> bool:
        """Whether a point keeps all of them."""
        return bool(((point >= self.lower) & (point <= self.upper)).all())

    def of(self, sums: csr_array) -> tuple[Numbers, Numbers]:
        """The lowest and highest values of sums of atoms, as far as the bounds alone tell."""
        up, down = sums.maximum(0), (-sums).maximum(0)
        return _sum(up, self.lower) - _sum(down, self.upper), _sum(up, self.upper) - _sum(
            down, self.lower
        )


def _sum(matrix: csr_array, values: Numbers) -> Numbers:
    """The product, where infinite values stay infinite and zeros of the matrix ignore them."""
    finite = np.isfinite(values)
    total: Numbers = matrix @ np.where(finite, values, 0.0)
    if not finite.all():
        total[matrix @ (~finite).astype(np.float64) > 0] = np.inf
    return total


def whole(system: System) -> System:
    """The same knowledge with whole bounds: people are not divided."""
    low, high = np.ceil(system.low - ROUNDING), np.floor(system.high + ROUNDING)
    most = np.floor(system.most + ROUNDING)
    if (low > high).any() or (most < 0).any():
        raise contradiction()
    return System(system.rows, low, high, most)


def propagated(system: System) -> Bounds:
    """Bounds of the atoms that follow from the rows one at a time, over and over."""
    rows = system.rows.tocsr()
    at, atom = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), rows.indices
    lower, upper = np.zeros(rows.shape[1]), system.most.copy()
    for _ in range(MOST_ROUNDS):
        least, unbounded = rows @ lower, rows @ np.isinf(upper).astype(np.float64)
        most = rows @ np.where(np.isinf(upper), 0.0, upper)
        new_upper, new_lower = upper.copy(), lower.copy()
        np.minimum.at(new_upper, atom, system.high[at] - least[at] + lower[atom])
        others = unbounded[at] - np.isinf(upper[atom])  # how many other atoms have no bound
        rest = most[at] - np.where(np.isinf(upper[atom]), 0.0, upper[atom])
        np.maximum.at(new_lower, atom, np.where(others > 0, -np.inf, system.low[at] - rest))
        if (new_lower > new_upper).any():
            raise contradiction()
        if (new_upper == upper).all() and (new_lower == lower).all():
            break
        lower, upper = new_lower, new_upper
    return Bounds(lower, upper)


def groups(matrix: csr_array) -> tuple[Indices, Indices]:
    """The first of each group of equal lines of a matrix, and the group of each line."""
    noise = np.random.default_rng(FINGERPRINT_SEED)
    draws = noise.integers(1, 2**63, size=(2, matrix.shape[1]), dtype=np.uint64)
    marks = matrix.astype(np.int64).astype(np.uint64)
    prints = np.stack([marks @ draw for draw in draws], axis=1)
    _, first, group = np.unique(prints, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), group.reshape(-1).astype(np.int64)


def merged_atoms(system: System, questions: csr_array) -> tuple[System, csr_array, Indices]:
    """Atoms that no row and no question tells apart, as one; and the new place of each atom."""
    columns = vstack([system.rows, questions]).T.tocsr()
    first, place = groups(columns)
    most: Numbers = np.bincount(place, weights=system.most, minlength=len(first)).astype(float)
    merged = System(system.rows[:, first].tocsr(), system.low, system.high, most)
    return merged, questions[:, first].tocsr(), place


def merged_rows(system: System) -> System:
    """Rows over the same atoms as one row with the narrower bounds."""
    first, place = groups(system.rows)
    low, high = np.full(len(first), -np.inf), np.full(len(first), np.inf)
    np.maximum.at(low, place, system.low)
    np.minimum.at(high, place, system.high)
    if (low > high).any():
        raise contradiction()
    return System(system.rows[first], low, high, system.most)


def needed_rows(system: System, bounds: Bounds) -> System:
    """Only the rows that say more than the bounds of their atoms do."""
    least, most = bounds.of(system.rows)
    if (least > system.high).any() or (most < system.low).any():
        raise contradiction()
    keep = (least < system.low) | (most > system.high)
    return System(system.rows[keep], system.low[keep], system.high[keep], system.most)


@dataclass(frozen=True, eq=False)
class Parts:
    """Questions taken apart: what is independent of one another is asked apart, and once only.

    The range of a question is the sum of the ranges of its parts: ``questions @ ranges``.
    """

    system: System
    bounds: Bounds
    parts: csr_array  # a line for each part, over the atoms of ``system``
    questions: csr_array  # a line for each question, over the parts
    component: Indices  # of each part
    component_of_atom: Indices
    component_of_row: Indices
    place: Indices  # of each atom of the system that was asked about, in ``system``

    @cached_property
    def columns(self) -> csc_array:
        """The rows, by atom."""
        return self.system.rows.tocsc()

    def moved(self, point: Numbers) -> Numbers:
        """A point of the system asked about, as a point of this one."""
        number = self.system.rows.shape[1]
        return np.bincount(self.place, weights=point, minlength=number).astype(np.float64)


def apart(system: System, questions: csr_array) -> Parts:
    """Merge, bound, drop and divide, without losing a world or an answer."""
    merged, asked, place = merged_atoms(whole(system), questions)
    merged = merged_rows(merged)
    bounds = propagated(merged)
    merged = _without_fixed(needed_rows(merged, bounds), bounds)
    figures, atoms = merged.rows.shape
    links = merged.rows.tocoo()
    graph = coo_array((np.ones(links.nnz), (links.row, figures + links.col)), [figures + atoms] * 2)
    _, label = connected_components(graph, directed=False)
    rows_in, atoms_in = label[:figures].astype(np.int64), label[figures:].astype(np.int64)
    cells = asked.tocoo()
    keys = np.stack([cells.row, atoms_in[cells.col]], axis=1)
    pieces, piece = np.unique(keys, axis=0, return_inverse=True)
    shape = (len(pieces), atoms)
    all_parts = coo_array((cells.data, (piece.reshape(-1), cells.col)), shape).tocsr()
    first, part = groups(all_parts)
    back = coo_array(
        (np.ones(len(pieces)), (pieces[:, 0], part)), (questions.shape[0], len(first))
    ).tocsr()
    return Parts(merged, bounds, all_parts[first], back, pieces[first, 1], atoms_in, rows_in, place)


def _without_fixed(system: System, bounds: Bounds) -> System:
    """Rows without the atoms of which the number is known already."""
    fixed = bounds.lower == bounds.upper
    known = system.rows @ np.where(fixed, bounds.lower, 0.0)
    rows = (system.rows @ diags_array(np.where(fixed, 0.0, 1.0))).tocsr()
    rows.eliminate_zeros()
    return System(rows, system.low - known, system.high - known, system.most)
