"""Needs and offers of capacity: matching the whole register, and every page of the board.

Run it as ``.venv/bin/python -m benchmarks.capacity``; with WAYMARK_DATABASE set to an empty
database, on PostgreSQL. Needs and offers are made up (``synthetic_capacity.py``). Pages are asked
from the application itself, as its server asks it. A ratio below 1 keeps the limit. The time of
the processor says what it takes where the machine is busy with other work.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import tempfile

from benchmarks.timing import show, taken

MATCHING_LIMIT, PAGE_LIMIT = 10.0, 0.2  # seconds
PAGES = {
    "the board": "capacity/",
    "its last pages": "capacity/?page=100000&offers=100000",
    "of a place": "capacity/?place=KEN",
    "of a region, a kind and an objective": "capacity/?place=002&kind=training&provision=gcm:3",
    "without an offer that fits": "capacity/?without=offer",
    "by words": "capacity/?q=inspectors+course",
    "by group and state": "capacity/?group=children&state=asked",
    "as CSV": "capacity/?format=csv",
    "offers as CSV": "capacity/?format=csv&of=offers",
    "a need with many offers": "capacity/need/{need}/",
    "an offer with many needs": "capacity/offer/{offer}/",
    "a request": "capacity/request/{request}/",
    "the review of a place": "review/KEN/imrf-2026/",
}


def main() -> None:
    """Match registers of two sizes, then fill the site and ask its pages."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--needs", type=int, default=5_000)
    arguments.add_argument("--offers", type=int, default=5_000)
    arguments.add_argument("--runs", type=int, default=20)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("WAYMARK_HOME", home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark_web.settings")
        import django

        django.setup()
        from django.db import connection

        machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
        print(f"{machine}, {connection.vendor}; {given.needs} needs, {given.offers} offers")
        matching(given.needs // 2, given.offers // 2)
        matching(given.needs, given.offers)
        fill(given.needs, given.offers)
        pages(given.runs)


def made(needs: int, offers: int):  # type: ignore[no-untyped-def]
    """A register of actors of all countries, with so many needs and offers."""
    from benchmarks.synthetic import synthetic
    from benchmarks.synthetic_capacity import with_capacity
    from waymark_web import store

    framework, today = store.framework(), store.today()
    held = synthetic(framework, store.forums(), commitments=250, steps_each=1, as_of=today)
    return with_capacity(held, framework, needs=needs, offers=offers, as_of=today)


def matching(needs: int, offers: int) -> None:
    """What became of every need, and which offers fit it; then every match with its reasons."""
    from waymark.plans.fulfilment import Capacity
    from waymark_web import store

    register = made(needs, offers)
    capacity = Capacity(register, store.framework(), store.forums(), store.today())
    seconds, worked = taken(lambda: [each.fitting for each in capacity.standings.values()])
    standings = [each for each in capacity.standings.values() if each.fitting]
    pairs = sum(len(each.fitting) for each in standings)
    told: list[int] = []
    _, reasons = taken(lambda: told.extend(len(each.matches[0].reasons) for each in standings))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{needs} needs matched with {offers} offers, {pairs:,} matches: {seconds:.1f} s; limit "
        f"{MATCHING_LIMIT:g} s; ratio {seconds / MATCHING_LIMIT:.2f}; processor {worked:.1f} s, "
        f"{worked / (needs * offers) * 1e6:.2f} microseconds a pair; peak memory {memory} MB; "
        f"with all reasons, each need after the other ({sum(told):,} of the best): "
        f"{reasons:.1f} s more"
    )


def fill(needs: int, offers: int) -> None:
    """Put the register into the site, unless it is there."""
    from waymark_web.plans.models import CapacityNeed
    from waymark_web.plans.published import load
    from waymark_web.preparing import prepare

    prepare()
    if CapacityNeed.objects.count() < needs:
        load(made(needs, offers))


def pages(runs: int) -> None:
    """Each page: the first time with nothing remembered of the register, and then warm."""
    from django.test import Client

    from waymark_web import store
    from waymark_web.plans.models import CapacityRequest

    reader = Client(HTTP_HOST="localhost")

    def ask(path: str) -> None:
        response = reader.get(f"/en/{path}")
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")

    ask("capacity/")
    store._capacity.cache_clear()
    seconds, worked = taken(lambda: ask("capacity/"))
    show("the board, something else just changed", seconds, PAGE_LIMIT, worked)
    store._capacity.cache_clear()
    store._matching.cache_clear()
    seconds, worked = taken(lambda: ask("capacity/"))
    show("the board, a need just changed", seconds, MATCHING_LIMIT, worked)
    standings = store.capacity(store.today()).standings.values()
    most = max(standings, key=lambda each: len(each.fitting))
    named = {
        "need": most.need.id,
        "offer": most.fitting[0].id,
        "request": CapacityRequest.objects.values_list("slug", flat=True)[0],
    }
    for name, path in PAGES.items():
        asked = path.format(**named)
        ask(asked)
        times = [taken(lambda asked=asked: ask(asked)) for _ in range(runs)]  # type: ignore[misc]
        seconds, worked = (statistics.median(each) for each in zip(*times, strict=True))
        show(name, seconds, MATCHING_LIMIT if "csv" in path else PAGE_LIMIT, worked)


if __name__ == "__main__":
    main()
