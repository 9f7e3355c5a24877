"""How the benchmarks take a time and show it."""

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


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """How many seconds of the clock and of the processor some work takes."""
    start, start_work = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - start_work


def show(name: str, seconds: float, limit: float, worked: float | None = None) -> None:
    """A line with a figure beside its limit; the processor's time where the machine is busy."""
    said = "" if worked is None else f"; processor {worked * 1000:.0f} ms"
    print(
        f"{name}: {seconds * 1000:.0f} ms; limit {limit * 1000:.0f} ms; ratio "
        f"{seconds / limit:.2f}{said}",
        flush=True,
    )
