"""Protection of a release against what an attacker works out from it and from all earlier ones.

All tables ever published of a population are one system of sums. No cell that is withheld, and no
small difference between two published cells, may be pinned to few possible values. Where one
would be, further cells of the new release are withheld, the cheapest first; where that does not
help, there is no release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from waymark.firewall.counts.atoms import Atoms
from waymark.firewall.counts.attacker import System, narrow
from waymark.firewall.counts.disclosure import (
    LEAST_FIGURE,
    LEAST_PEOPLE,
    LEAST_WIDTH,
    MOST_HIDDEN,
    MOST_PROTECTING,
    NOISE_BOUND,
    WIDTH_OF_FEW_SITES,
    RefusedError,
)
from waymark.firewall.counts.records import Codes
from waymark.firewall.counts.tabulation import Flags, Form, TrueTable, described

MOST_ROUNDS = 100
SMALL_DIFFERENCE = LEAST_PEOPLE + 2 * NOISE_BOUND  # figures nearer than this may differ by few
HIDDEN = -1
Say = Callable[[str], None]


@dataclass(frozen=True)
class Cells:
    """The cells of all tables of a population, one after the other.

    ``figures`` are what is published, ``HIDDEN`` where nothing is. ``old`` are cells of earlier
    releases, which stay as they are. ``few`` are withheld for their count, which an attacker is
    taken to know; ``widths`` how many values must stay possible if a cell is withheld.
    """

    forms: tuple[Form, ...]
    figures: Codes = field(repr=False)
    old: Flags = field(repr=False)
    few: Flags = field(repr=False)
    widths: Codes = field(repr=False)

    @property
    def starts(self) -> list[int]:
        """Where the cells of each table begin, and the end of all."""
        return [0, *np.cumsum([form.size for form in self.forms]).tolist()]

    def described(self, at: int) -> str:
        """A cell in words."""
        table = int(np.searchsorted(self.starts, at, side="right")) - 1
        return described(self.forms[table].cell(at - self.starts[table]))


@dataclass(frozen=True)
class Questions:
    """What must not be told: withheld cells (``other`` is -1), and differences ``cell - other``."""

    rows: csr_array = field(repr=False)
    cell: Codes
    other: Codes
    widths: Codes

    def some(self, at: Codes) -> Questions:
        """Some of the questions."""
        return Questions(self.rows[at], self.cell[at], self.other[at], self.widths[at])

    def and_more(self, more: Questions) -> Questions:
        """These questions and others."""
        return Questions(
            csr_array(vstack([self.rows, more.rows], format="csr")),
            *(
                np.concatenate([getattr(self, name), getattr(more, name)])
                for name in ("cell", "other", "widths")
            ),
        )


def unprotected(truth: TrueTable, noise: Codes) -> tuple[Codes, Flags, Codes]:
    """The figures of a table before protection, where the count is too small, and the widths."""
    figures = truth.people + noise
    few = ~truth.many_people | (figures < LEAST_FIGURE)
    shown = ~few & truth.many_sites
    of_sites = np.ceil(truth.people * float(WIDTH_OF_FEW_SITES)).astype(np.int64)
    widths = np.where(truth.many_sites, LEAST_WIDTH, np.maximum(LEAST_WIDTH, of_sites))
    return np.where(shown, figures, HIDDEN), few, widths


def known_to_attacker(cells: Cells, atoms: Atoms, figures: Codes) -> System:
    """What follows from the figures: a bound for each published cell, and for each small one."""
    shown = np.flatnonzero(figures != HIDDEN)
    few = np.flatnonzero(cells.few & (figures == HIDDEN))
    low = np.concatenate(
        [np.maximum(figures[shown] - NOISE_BOUND, LEAST_PEOPLE), np.zeros(len(few))]
    )
    high = np.concatenate([figures[shown] + NOISE_BOUND, np.full(len(few), MOST_HIDDEN)])
    rows = atoms.cells[np.concatenate([shown, few])]
    most = np.full(atoms.cells.shape[1], np.inf)
    return System(csr_array(rows), low.astype(np.float64), high.astype(np.float64), most)


def protected(cells: Cells, made: Callable[[], Atoms], seconds: float, say: Say) -> Codes:
    """The figures with as many more of them withheld as it takes; raises ``RefusedError``.

    ``made`` gives the atoms of all tables; where there is one table, nobody asks for them.
    """
    figures = cells.figures.copy()
    if len(cells.forms) == 1:
        return figures  # the cells of one table have no one in common, and no sum is known
    atoms = made()
    search = _Search(cells, atoms)
    asked = search.questions(figures)
    budget = max(1, int((~cells.old).sum() * MOST_PROTECTING))
    for turn in range(MOST_ROUNDS):
        told = asked.some(_told(known_to_attacker(cells, atoms, figures), atoms, asked, seconds))
        say(f"Round {turn + 1}: {len(asked.cell):,} questions, {len(told.cell):,} to protect.")
        if not len(told.cell):
            return figures
        chosen = search.choose(figures, told)
        figures[chosen] = HIDDEN
        if ((figures == HIDDEN) & (cells.figures != HIDDEN)).sum() > budget:
            break
        gone = (told.other >= 0) & ((figures[told.cell] < 0) | (figures[told.other] < 0))
        asked = told.some(np.flatnonzero(~gone)).and_more(search.hidden(chosen))
    raise RefusedError(
        "Too many figures would have to be withheld to protect others.",
        "Release fewer tables of this population, or by columns with fewer values.",
    )


def _told(system: System, atoms: Atoms, asked: Questions, seconds: float) -> Codes:
    """The questions that an attacker can answer too closely, or that were not decided in time."""
    found = []
    rounded = LEAST_WIDTH * 2 ** np.ceil(np.log2(asked.widths / LEAST_WIDTH)).astype(np.int64)
    for width in np.unique(rounded).tolist():
        at = np.flatnonzero(rounded == width)
        answer = narrow(system, asked.rows[at], width=width, seconds=seconds, known=atoms.known)
        found.append(at[np.union1d(answer.questions, answer.undecided).astype(np.int64)])
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


class _Search:
    """Finds what to ask, and what to withhold so that the answer stays open."""

    def __init__(self, cells: Cells, atoms: Atoms) -> None:
        self._cells = cells
        self._rows = atoms.cells
        self._columns = csc_array(atoms.cells)
        self._sizes = np.diff(atoms.cells.indptr)
        self._treated: dict[tuple[int, int], set[int]] = {}

    def questions(self, figures: Codes) -> Questions:
        """Every withheld cell, and every small difference of two published ones."""
        hidden = self.hidden(np.flatnonzero(figures == HIDDEN))
        for more in self._differences(figures):
            hidden = hidden.and_more(more)
        return hidden

    def hidden(self, at: Codes) -> Questions:
        """The question how many people are in some cells."""
        return Questions(
            csr_array(self._rows[at]), at, np.full(len(at), -1), self._cells.widths[at]
        )

    def _differences(self, figures: Codes) -> Iterator[Questions]:
        starts = self._cells.starts
        tables = [np.arange(start, end) for start, end in pairwise(starts)]
        shown = [table[figures[table] != HIDDEN] for table in tables]
        for one in shown:
            for two in shown:
                if one is two or not len(one) or not len(two):
                    continue
                common = (self._rows[one] @ self._rows[two].T).tocoo()
                cell, other = one[common.row], two[common.col]
                inside = (common.data == self._sizes[other]) & (
                    self._sizes[cell] > self._sizes[other]
                )
                near = figures[cell] - figures[other] < SMALL_DIFFERENCE
                cell, other = cell[inside & near], other[inside & near]
                if len(cell):
                    rows = csr_array(self._rows[cell] - self._rows[other])
                    rows.eliminate_zeros()
                    yield Questions(rows, cell, other, np.full(len(cell), LEAST_WIDTH))

    def choose(self, figures: Codes, told: Questions) -> Codes:
        """One cell of the new release to withhold for each answer that must stay open."""
        chosen: set[int] = set()
        for at in range(len(told.cell)):
            found = self._candidates(figures, told, at)
            if not len(found):
                raise self._refusal(told, at)
            if chosen.isdisjoint(found.tolist()):
                chosen.add(_cheapest(figures, found, int(told.widths[at])))
        return np.array(sorted(chosen), dtype=np.int64)

    def _candidates(self, figures: Codes, told: Questions, at: int) -> Codes:
        """Published cells of the new release of which one, withheld, may leave the answer open."""
        free = (figures != HIDDEN) & ~self._cells.old
        cell, other = int(told.cell[at]), int(told.other[at])
        if other >= 0:
            pair = np.array([other, cell])
            if free[pair].any():
                return np.array([other if free[other] else cell])
        atoms = told.rows[[at]].indices
        treated = self._treated.setdefault((cell, other), set())
        around = self._cover(atoms, figures)
        for sum_ in [each for each in around if each not in treated] or around:
            treated.add(sum_)
            inside = self._inside(self._rows[[sum_]].indices, atoms)
            found: Codes = np.append(inside, sum_)
            found = found[free[found]]
            if len(found):
                return found
        touching: Codes = np.unique(self._columns[:, atoms].tocoo().row)
        touching = touching[free[touching]]
        return touching

    def _cover(self, atoms: Codes, figures: Codes) -> list[int]:
        """The published cells that hold all of some atoms, the smallest first."""
        held = self._columns[:, atoms].tocoo().row
        rows, counts = np.unique(held, return_counts=True)
        whole = rows[(counts == len(atoms)) & (figures[rows] != HIDDEN)]
        found: list[int] = whole[np.argsort(self._sizes[whole], kind="stable")].tolist()
        return found

    def _inside(self, atoms: Codes, without: Codes) -> Codes:
        """The cells that lie inside some atoms, and have none of the others."""
        rows, counts = np.unique(self._columns[:, atoms].tocoo().row, return_counts=True)
        apart = np.setdiff1d(rows, self._columns[:, without].tocoo().row)
        inside: Codes = apart[(counts == self._sizes[rows])[np.searchsorted(rows, apart)]]
        return inside

    def _refusal(self, told: Questions, at: int) -> RefusedError:
        cell, other = int(told.cell[at]), int(told.other[at])
        words = self._cells.described(cell)
        if other >= 0:
            words = f"{words}, without {self._cells.described(other)}"
        return RefusedError(
            "With all that was published before, these tables would tell too closely how many "
            f"people there are in: {words}.",
            "Leave out the table that brings this together with an earlier one, or take broader "
            "values.",
        )


def _cheapest(figures: Codes, found: Codes, width: int) -> int:
    """The smallest figure that gives room enough; the largest where none does."""
    enough = found[figures[found] >= width]
    if len(enough):
        return int(enough[np.argmin(figures[enough])])
    return int(found[np.argmax(figures[found])])


def joined(tables: Sequence[tuple[Form, Codes, bool, Flags, Codes]]) -> Cells:
    """The cells of several tables: form, figures, whether it is old, few, widths of each."""
    return Cells(
        tuple(form for form, *_ in tables),
        np.concatenate([figures for _, figures, *_ in tables]),
        np.concatenate([np.full(form.size, old) for form, _, old, *_ in tables]),
        np.concatenate([few for *_, few, _ in tables]),
        np.concatenate([widths for *_, widths in tables]),
    )
