"""How the benchmarks take a time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

RUNS = 5


def median_of(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median time in seconds of some runs, after one that does not count."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
