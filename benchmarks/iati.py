"""An IATI file, and one ten times larger: the time should be ten times as long, the memory equal.

Run it as ``.venv/bin/python -m benchmarks.iati``. Each import runs in a process of its own.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from waymark.exchange.iati.activities import (
    Activity,
    Event,
    Money,
    Narrative,
    Organisation,
    Participant,
    Share,
    Transaction,
)
from waymark.exchange.iati.tables import import_files
from waymark.exchange.iati.writing import write_activities

FEW, TIMES = 2_000, 10
TRANSACTIONS = 10  # of each activity
AS_OF = date(2026, 11, 25)
TIME_LIMIT, MEMORY_LIMIT = 1.3, 1.2  # against ten times the time, and the same memory


def made_up(number: int) -> Activity:
    """An activity of a usual size."""
    reporter = Organisation("XM-EXAMPLE-1", "10", (Narrative("Example"),))
    day = date(2015, 1, 1) + timedelta(days=number % 3000)
    payment = Transaction("3", day, Money(Decimal("1250.75"), "USD", day), provider=reporter)
    return Activity(
        id=f"XM-EXAMPLE-1-{number}",
        reporter=reporter,
        title=(Narrative(f"Activity {number}"),),
        description=(Narrative("What is done, for whom and with whom. " * 20),),
        participants=(Participant(reporter, "2"),),
        status="2",
        events=(Event("2", day),),
        countries=(Share("KE", Decimal(60)), Share("UG", Decimal(40))),
        transactions=tuple(replace(payment, ref=str(turn)) for turn in range(TRANSACTIONS)),
    )


def measured(path: Path, folder: Path) -> tuple[float, float]:
    """Seconds and megabytes of an import in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.iati", str(path), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def import_one(path: Path, folder: Path) -> None:
    """Import one file, and print how long it took and the most memory it held."""
    start = time.perf_counter()
    import_files([path], folder, AS_OF)
    seconds = time.perf_counter() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Measure both files, and print each figure beside its limit."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    found = []
    with TemporaryDirectory() as name:
        for count in (FEW, FEW * TIMES):
            path = Path(name) / f"{count}.xml"
            write_activities(map(made_up, range(count)), path)
            size = path.stat().st_size / 1e6
            seconds, megabytes = measured(path, Path(name) / str(count))
            found.append((seconds, megabytes))
            print(f"{count:>7,} activities, {size:.0f} MB: {seconds:.1f} s, {megabytes:.0f} MB")
    longer, more = found[1][0] / found[0][0], found[1][1] / found[0][1]
    print(f"time   {longer:.1f} for {TIMES}: {longer / TIMES:.2f}, limit {TIME_LIMIT}")
    print(f"memory {more:.2f}, limit {MEMORY_LIMIT}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        import_one(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        main()
