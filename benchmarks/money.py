"""The whole registry as money: imported, and asked for the sums of its largest places.

Run it as ``.venv/bin/python -m benchmarks.money [FILE]``; FILE is a table of the IATI registry with
2.2 million rows. The import, and a bare copy of the same file by the same engine as its peer, run
in processes of their own.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.timing import median_of
from waymark.exchange.iati_tables import bring_in
from waymark.exchange.registry.packing import MEMORY
from waymark.finance.choices import By, Choice
from waymark.finance.evidence import MoneyEvidence, literal, open_money, quoted
from waymark.finance.sums import Measure, counted, totals

TABLE = Path("../shared/data/iati/transactions.parquet")
TIME_LIMIT, MEMORY_LIMIT = 60, 1_000  # seconds, megabytes
ANSWER_LIMIT = 0.2  # seconds, warm
PLACES, THREADS = 3, 4


def import_table(path: Path, folder: Path) -> None:
    """Import the table of the registry."""
    bring_in([path], folder)


def copy_table(path: Path, folder: Path) -> None:
    """Copy the file by the same engine with the same memory: the peer."""
    config: dict[str, object] = {"memory_limit": MEMORY, "threads": 2}
    with duckdb.connect(config=config) as engine:  # type: ignore[arg-type]
        engine.execute(
            f"COPY (FROM read_parquet({literal(path)})) TO {quoted(str(folder))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )


WORK: dict[str, Callable[[Path, Path], None]] = {"import": import_table, "copy": copy_table}


def measured(work: str, path: Path, target: Path) -> tuple[float, float, float]:
    """Seconds, those of the processors, and megabytes, of work in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.money", work, str(path), str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, busy, megabytes = map(float, done.stdout.split())
    return seconds, busy, megabytes


def work_alone(work: str, path: Path, target: Path) -> None:
    """Do it here, and print how long it took and the most memory that this process held."""
    start = time.perf_counter()
    WORK[work](path, target)
    seconds = time.perf_counter() - start
    print(seconds, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def imports(path: Path, folder: Path) -> None:
    """The import beside its limits and its peer."""
    copied, copying, _ = measured("copy", path, folder.parent / "copy.parquet")
    seconds, busy, megabytes = measured("import", path, folder)
    rows = open_money(folder).count(Choice())
    print(f"import of {rows:,} rows: {seconds:.1f} s, {megabytes:.0f} MB")
    print(f"  time    {seconds / TIME_LIMIT:.2f} of the limit of {TIME_LIMIT} s")
    print(f"  memory  {megabytes / MEMORY_LIMIT:.2f} of the limit of {MEMORY_LIMIT} MB")
    print(f"  a bare copy takes {copied:.1f} s; the import {seconds / copied:.1f} times as long")
    print(
        f"  of the processors: {busy:.1f} s, the copy {copying:.1f} s: {busy / copying:.1f} times"
    )


def questions(money: MoneyEvidence, choice: Choice) -> dict[str, Callable[[], object]]:
    """What a page about the money of a place asks."""
    return {
        "by year": lambda: money.sums(choice, [By.YEAR]),
        "by sector": lambda: money.sums(choice, [By.SECTOR]),
        "by earmarking": lambda: money.sums(choice, [By.EARMARKING]),
        "largest providers": lambda: money.largest(choice, By.PROVIDER, Measure.SPENT),
        "concentration": lambda: money.concentration(choice, Measure.SPENT),
        "flows": lambda: money.flows(choice, Measure.SPENT),
        "a page of rows": lambda: money.counted(choice, offset=500, limit=100),
    }


def sums(money: MoneyEvidence) -> None:
    """The questions to the largest places, each beside the limit; the pure functions as peer."""
    rows_of: Counter[str] = Counter()
    for each in money.sums(Choice(), [By.PLACE]):
        rows_of[str(each.group[0])] += each.rows
    for place, _ in rows_of.most_common(PLACES):
        choice = Choice(places=(place,))
        times = {name: median_of(ask) for name, ask in questions(money, choice).items()}
        rows = money.rows([place])
        pure = median_of(lambda rows=rows: totals(counted(rows), lambda row: row.year), runs=1)
        print(f"{place or 'no place of ours'}, {len(rows):,} rows:")
        for name, seconds in times.items():
            print(
                f"  {name:18} {seconds * 1000:4.0f} ms, {seconds / ANSWER_LIMIT:.2f} of the limit"
            )
        print(f"  pure functions     {pure * 1000:4.0f} ms by year, the rows in memory: "
              f"{pure / times['by year']:.0f} times as long")  # fmt: skip


def threads(money: MoneyEvidence) -> None:
    """Several threads at once beside one after another."""
    asks = list(questions(money, Choice(places=("KEN",))).values()) * THREADS
    alone = median_of(lambda: [ask() for ask in asks])
    with ThreadPoolExecutor(THREADS) as pool:
        together = median_of(lambda: list(pool.map(lambda ask: ask(), asks)))
    print(f"{len(asks)} questions by {THREADS} threads: {together / alone:.2f} of one by one")


def main(path: Path) -> None:
    """Measure the import, then the sums; the pages have a benchmark of their own."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    with TemporaryDirectory() as name:
        folder = Path(name) / "money"
        imports(path, folder)
        money = open_money(folder)
        sums(money)
        threads(money)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        work_alone(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else TABLE)
