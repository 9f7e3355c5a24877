"""Pages of money: each asked fifty times warm, against the limit for a page.

Run it as ``.venv/bin/python -m benchmarks.money_pages``; with WAYMARK_MONEY set to a folder that
``waymark finance import`` made, on the whole registry; with WAYMARK_DATABASE set to an empty
database, on PostgreSQL. Pages are asked from the application itself, as its server asks it, on a
register with the made-up example. A ratio below 1 keeps the limit. The time of the processor says
what a page takes where the machine is busy with other work.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time

LIMIT = 0.2  # seconds, for the median
RUNS = 50
PAGES = {
    "overview": "money/",
    "a place": "place/TUN/money/",
    "a place with much money": "place/IRQ/money/?sector=all",
    "the world": "place/001/money/",
    "a place without money": "place/NRU/money/",
    "the picture of a place's years": "place/TUN/money/years.svg",
    "a place in constant prices": "place/IRQ/money/?sector=all&base=2019",
    "the world in constant prices": "place/001/money/?base=2019",
    "promised and paid in a place": "place/IRQ/money/predictability/?sector=all",
    "promised and paid in the world": "place/001/money/predictability/",
    "an objective with a sector": "provision/gcm:20/money/",
    "an objective without one": "provision/gcm:15/money/",
    "flows of a place": "money/flows/?place=LBN",
    "flows of a place, every sector": "money/flows/?place=IRQ&sector=all",
    "flows of every place": "money/flows/",
    "the picture of flows": "money/flows.svg?place=LBN",
    "the rows behind a number": "money/rows/?place=TUN&measure=spent&year=2020",
    "the last rows of a place": "money/rows/?place=IRQ&sector=all&page=100000",
    "flows in constant prices": "money/flows/?base=2019",
    "gaps by year": "money/gaps/",
    "gaps in constant prices": "money/gaps/?base=2026",
    "the facility": "money/facility/?first=2026&add=50000",
}


def main() -> None:
    """Make the register, then ask each page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=RUNS)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("WAYMARK_HOME", home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark_web.settings")
        import django

        django.setup()
        from django.db import connection

        fill()
        machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
        print(f"{machine}, {connection.vendor}, {rows():,} rows of reported money")
        for name, path in PAGES.items():
            ask(name, path, given.runs)


def fill() -> None:
    """The register that ships, the made-up example with its flows, and made-up price levels."""
    from tests.web.example import example_register

    from waymark_web.plans.models import Deflator, Flow
    from waymark_web.plans.published import load
    from waymark_web.preparing import prepare

    prepare()
    if not Flow.objects.exists():
        load(example_register())
        have = set(Deflator.objects.values_list("year", flat=True))
        Deflator.objects.bulk_create(
            Deflator(slug=f"usd-{year}", currency="USD", year=year, level=year, source="made up")
            for year in range(1990, 2030)
            if year not in have
        )


def rows() -> int:
    """How many rows of reported money there are."""
    from waymark.finance.choices import Choice
    from waymark_web import store

    return store.money().count(Choice())


def ask(name: str, path: str, runs: int) -> None:
    """One page: the first time, and then the median and the slowest of many."""
    from django.test import Client

    reader = Client(HTTP_HOST="localhost")
    times, worked = [], []
    for _ in range(runs + 1):
        start, start_work = time.perf_counter(), time.process_time()
        response = reader.get(f"/en/{path}")
        times.append(time.perf_counter() - start)
        worked.append(time.process_time() - start_work)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
    first, warm = times[0], times[1:]
    median, slowest = statistics.median(warm), max(warm)
    print(
        f"{name}: median {median * 1000:.0f} ms, slowest {slowest * 1000:.0f} ms; limit "
        f"{LIMIT * 1000:.0f} ms; ratio {median / LIMIT:.2f}, of the slowest {slowest / LIMIT:.2f}; "
        f"processor {statistics.median(worked[1:]) * 1000:.0f} ms; "
        f"the first time {first * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
