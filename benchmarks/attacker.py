"""The attacker's programmes at size: a classical table, and 64,800 cells with all their totals.

Run it as ``.venv/bin/python -m benchmarks.attacker``. The classical table (300 areas, 12 services,
exact totals, small cells left out) is attacked by one programme kept warm, beside the same
programmes each solved from the beginning by the same solver, on a part of the questions. The large
system (300 x 12 x 6 x 3, all totals, every figure within 5) stands beside its limit.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

from waymark.firewall.counts.attacker import System, intervals, narrow
from waymark.firewall.counts.disclosure import LEAST_FIGURE, LEAST_PEOPLE, MOST_HIDDEN, NOISE_BOUND

LIMIT = 60.0
SHAPE = (300, 12, 6, 3)
COLD = 20  # questions that the plain way is asked


def main() -> None:
    """Measure both."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--mean", type=float, default=77.0, help="People in a cell, on average.")
    given.add_argument("--seconds", type=float, default=LIMIT)
    asked = given.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    classical()
    large(asked.mean, asked.seconds)


def classical() -> None:
    """The attack on suppression alone, warm and cold."""
    draws = np.random.default_rng(1)
    areas, services = draws.lognormal(0, 1.0, 300), draws.lognormal(0, 0.8, 12)
    counts = draws.poisson(23 * np.outer(areas, services)).astype(float)
    small = ((counts > 0) & (counts < LEAST_PEOPLE)).reshape(-1)
    cells = np.arange(counts.size).reshape(counts.shape)
    lines = [*cells, *cells.T, *([at] for at in np.flatnonzero(~small))]
    row = np.concatenate([[at] * len(line) for at, line in enumerate(lines)])
    shape = (len(lines), counts.size)
    rows = coo_array((np.ones(len(row)), (row, np.concatenate(lines))), shape).tocsr()
    sums = rows @ counts.reshape(-1)
    system = System(rows, sums, sums, np.full(counts.size, np.inf))
    questions = csr_array(np.eye(counts.size)[small])
    start = time.perf_counter()
    found = intervals(system, questions, seconds=LIMIT)
    warm = time.perf_counter() - start
    start = time.perf_counter()
    for question in questions[:COLD].toarray():
        for sign in (1, -1):
            linprog(sign * question, A_eq=rows, b_eq=sums, method="highs")
    cold = (time.perf_counter() - start) / COLD * questions.shape[0]
    width = found.high - found.low
    print(
        f"300 x 12, exact totals: {questions.shape[0]} suppressed, {(width < 0.5).sum()} found "
        f"exactly, {(width < LEAST_PEOPLE - 1).sum()} to fewer than {LEAST_PEOPLE} numbers; "
        f"{warm:.2f} s; each from the beginning {cold:.0f} s; ratio {warm / cold:.3f}"
    )


def large(mean: float, seconds: float) -> None:
    """The defender's question: which hidden cells of a large release are pinned?"""
    system, questions, counts = published(mean)
    start = time.perf_counter()
    found = narrow(system, questions, width=LEAST_PEOPLE, seconds=seconds, known=counts)
    took = time.perf_counter() - start
    print(
        f"{counts.size:,} cells, {system.rows.shape[0]:,} figures, {questions.shape[0]:,} hidden: "
        f"{len(found.questions)} narrow, {len(found.undecided)} undecided; {took:.0f} s; "
        f"limit {LIMIT:.0f} s; ratio {took / LIMIT:.2f}"
    )


def published(mean: float) -> tuple[System, csr_array, np.ndarray]:
    """All tables of four columns, perturbed and without small figures, before any protection."""
    draws = np.random.default_rng(1)
    weights = [
        draws.lognormal(0, spread, size)
        for spread, size in zip((0.8, 0.7, 0.5, 0.3), SHAPE, strict=True)
    ]
    expected = weights[0]
    for each in weights[1:]:
        expected = np.multiply.outer(expected, each)
    counts = draws.poisson(expected * mean / expected.mean()).reshape(-1)
    places, rows, lows, highs, hidden = np.indices(SHAPE).reshape(4, -1), [], [], [], []
    for axes in itertools.chain(*(itertools.combinations(range(4), n) for n in range(5))):
        shape = [SHAPE[axis] for axis in axes]
        cells = (
            np.ravel_multi_index([places[axis] for axis in axes], shape)
            if axes
            else np.zeros(counts.size, dtype=int)
        )
        size = int(np.prod(shape))
        lines = coo_array(
            (np.ones(counts.size), (cells, np.arange(counts.size))), (size, counts.size)
        ).tocsr()
        true = lines @ counts
        figures = true + draws.integers(-NOISE_BOUND, NOISE_BOUND + 1, size)
        shown = (true >= LEAST_PEOPLE) & (figures >= LEAST_FIGURE)
        rows.append(lines)
        lows.append(np.where(shown, figures - NOISE_BOUND, 0.0))
        highs.append(np.where(shown, figures + NOISE_BOUND, float(MOST_HIDDEN)))
        hidden.append(lines[np.flatnonzero(~shown)])
    system = System(
        vstack(rows).tocsr(),
        np.concatenate(lows),
        np.concatenate(highs),
        np.full(counts.size, np.inf),
    )
    return system, vstack(hidden).tocsr(), counts.astype(float)


if __name__ == "__main__":
    main()
