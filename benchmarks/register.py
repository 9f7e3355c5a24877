"""A large synthetic register: how long its pages take, and how many can save at once.

Run it as ``.venv/bin/python -m benchmarks.register``; on PostgreSQL by setting WAYMARK_DATABASE to
an empty database of its own. It works in a temporary home unless it is given one.
Pages are asked from the application itself, as its server asks it; a ratio below 1 keeps the limit.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.timing import median_of, show, taken

PAGE_LIMIT, REVIEW_LIMIT = 0.3, 2.0
CHANGED_LIMIT, FILE_LIMIT = 10.0, 60.0  # the first page after a change; a file of everything
PAGES = {
    "list of all commitments": "commitments/",
    "the last page of the list": "commitments/?page=100000",
    "list of a country": "commitments/?place=KEN",
    "list by country, objective and state": "commitments/?place=KEN&provision=gcm:6&state=behind",
    "list of what is behind, longest first": "commitments/?state=behind&sort=open",
    "list by objective": "commitments/?provision=gcm:6",
    "list by group and need": "commitments/?group=children&need=health",
    "list without a report": "commitments/?without=report",
    "list without lead and group": "commitments/?without=lead&without=group",
    "list without anybody who funds": "commitments/?without=money",
    "list by words": "commitments/?q=clinics+detention",
    "list by date": "commitments/?due_from=2027-06-01&due_until=2027-12-31&sort=due",
    "list by forum": "commitments/?forum=imrf-2030",
    "one commitment": "commitment/syn-001000/",
    "one actor": "actor/ken-1/",
    "actors": "actors/",
    "forums": "forums/",
    "one forum": "forum/imrf-2030/",
    "search": "search/?q=clinics",
    "search for words in a place": "search/?q=clinics+detention+Kenya",
    "search for what is not there": "search/?q=nothing-of-that-kind",
    "money of a place": "place/KEN/money/",
    "money of the world": "place/001/money/",
    "money of an objective": "provision/gcm:6/money/",
    "money of a commitment": "commitment/syn-000025/money/",
    "gaps by year": "money/gaps/",
    "gaps of a region, smallest first": "money/gaps/?place=002&sort=-gap",
    "gaps of an objective, the last page": "money/gaps/?provision=gcm:6&page=100000",
    "the facility of a place": "money/facility/?place=KEN&rule=proportional",
    "the facility of a region": "money/facility/?place=014&rule=equal-share",
    "the facility of the world": "money/facility/?rule=proportional",
    "the board of capacity": "capacity/",
}
CHANGED = {  # the pages that read the whole register, and what they remember of it
    "gaps by year, money just changed": "money/gaps/",
    "money of a place, money just changed": "place/KEN/money/",
    "the facility of a place, money just changed": "money/facility/?place=KEN&rule=proportional",
    "the facility of the world, money just changed": "money/facility/?rule=proportional",
    "the board of capacity, a need just changed": "capacity/",
}
FILES = {
    "commitments as CSV": "commitments/?format=csv",
    "commitments of a country as a spreadsheet": "commitments/?place=KEN&format=xlsx",
    "gaps as CSV": "money/gaps/?format=csv",
    "the facility of the world as CSV": "money/facility/?rule=proportional&format=csv",
    "IATI activities of a place": "iati/?place=KEN&org=XM-DAC-1&type=10&name=N&format=xml",
}


def main() -> None:
    """Make the register, then measure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--commitments", type=int, default=100_000)
    arguments.add_argument("--steps", type=int, default=3)
    arguments.add_argument("--needs", type=int, default=2_000, help="and as many offers")
    arguments.add_argument("--savers", type=int, default=0, help="50 on PostgreSQL, 10 on SQLite")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("WAYMARK_HOME", home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark_web.settings")
        import django

        django.setup()
        from django.db import connection

        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {connection.vendor}")
        fill(given.commitments, given.steps, given.needs)
        pages()
        changed()
        reviews()
        files()
        savers(given.savers or (50 if connection.vendor == "postgresql" else 10))


def fill(commitments: int, steps: int, needs: int) -> None:
    """Load the synthetic register, unless it is there."""
    from benchmarks.synthetic import synthetic
    from benchmarks.synthetic_capacity import with_capacity
    from waymark_web import store
    from waymark_web.plans.models import CapacityNeed, Commitment, Flow, Report, Step
    from waymark_web.plans.published import load
    from waymark_web.preparing import prepare

    prepare()
    if Commitment.objects.filter(slug__startswith="syn-").count() < commitments:
        made = synthetic(
            store.framework(),
            store.forums(),
            commitments=commitments,
            steps_each=steps,
            as_of=store.today(),
        )
        made = with_capacity(
            made, store.framework(), needs=needs, offers=needs, as_of=store.today()
        )
        start = time.perf_counter()
        load(made)
        print(f"loaded in {time.perf_counter() - start:.0f} s")
    tables = (Commitment, Step, Report, Flow, CapacityNeed)
    counts = [table.objects.count() for table in tables]
    named = "{:,} commitments, {:,} steps, {:,} reports, {:,} flows, {:,} needs of capacity"
    print("synthetic: " + named.format(*counts))
    analyse()


def analyse() -> None:
    """Let the database look at its tables, as it does by itself in daily use."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages() -> None:
    """Each page, against the limit for a page."""
    from django.test import Client

    reader = Client(HTTP_HOST="localhost")

    def ask(path: str) -> None:
        response = reader.get(f"/en/{path}")
        assert response.status_code == 200, (path, response.status_code)

    for name, path in PAGES.items():
        seconds = median_of(lambda path=path: ask(path))  # type: ignore[misc]
        show(name, seconds, PAGE_LIMIT)
    api = "/api/v1/commitments?place=KEN&limit=100"
    show("read API, 100 of a country", median_of(lambda: reader.get(api)), PAGE_LIMIT)
    api_of_money = "/api/v1/flows?place=KEN&limit=100"
    show("read API, 100 flows", median_of(lambda: reader.get(api_of_money)), PAGE_LIMIT)


def changed() -> None:
    """The pages that read all money or all needs, the first time after a change of these."""
    from django.test import Client

    from waymark_web import store
    from waymark_web.finance import facility, gaps, held

    reader = Client(HTTP_HOST="localhost")

    def ask(path: str) -> None:
        if reader.get(f"/en/{path}").status_code != 200:
            raise SystemExit(path)

    remembered = (
        store._moneys, store._known_fundings, held._ordered, gaps._ordered,
        facility._register, facility._proposed, store._matching, store._capacity,
    )  # fmt: skip
    for name, path in CHANGED.items():
        for each in remembered:
            each.cache_clear()
        seconds, worked = taken(lambda path=path: ask(path))  # type: ignore[misc]
        show(name, seconds, CHANGED_LIMIT, worked)
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def files() -> None:
    """Files of everything: what the site hands out, the register's package, a backup."""
    from django.test import Client

    from waymark.exchange.register_package import write_package
    from waymark_web.backup import backup
    from waymark_web.plans.rows import register_of

    reader = Client(HTTP_HOST="localhost")

    def whole(path: str) -> int:
        response = reader.get(f"/en/{path}")
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
        parts = response.streaming_content if response.streaming else [response.content]
        return sum(len(each) for each in parts)

    with tempfile.TemporaryDirectory() as folder:
        work = {
            **{name: lambda path=path: whole(path) for name, path in FILES.items()},
            "the register as a package": lambda: write_package(register_of(), Path(folder) / "p"),
            "a backup": lambda: backup(Path(folder) / "backup.zip"),
        }
        for name, each in work.items():
            seconds, worked = taken(each)
            show(name, seconds, FILE_LIMIT, worked)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"  peak memory until then: {memory} MB")


def reviews() -> None:
    """The review of a place with nothing remembered of the register, and then again."""
    from django.test import Client

    from waymark_web import store

    reader = Client(HTTP_HOST="localhost")

    def forget() -> None:
        for held in (
            store._register,
            store._tallies,
            store._finances,
            store._standing_with,
            store._ladders,
            store._review,
        ):
            held.cache_clear()

    def cold() -> None:
        forget()
        assert reader.get("/en/review/KEN/imrf-2026/").status_code == 200

    def after_money() -> None:
        store._moneys.cache_clear()
        store._known_fundings.cache_clear()
        cold()

    show("review of a place, the register just changed", median_of(cold, 3), REVIEW_LIMIT)
    show("review of a place, money just changed", median_of(after_money, 3), REVIEW_LIMIT)
    warm = median_of(lambda: reader.get("/en/review/KEN/imrf-2026/"))
    show("review of a place, again", warm, REVIEW_LIMIT)
    world = median_of(lambda: reader.get("/en/review/001/imrf-2026/"), 1)
    show("review of the world, again", world, REVIEW_LIMIT)


def savers(count: int) -> None:
    """So many contributors save their own drafts at once, ten times each; all must succeed."""
    from django.db import connections

    from waymark_web.accounts.models import Account, Membership
    from waymark_web.plans import writes
    from waymark_web.plans.models import Version

    people = []
    for number in range(count):
        account, _ = Account.objects.get_or_create(
            email=f"saver-{number}@example.org", defaults={"name": f"Saver {number}"}
        )
        Membership.objects.get_or_create(account=account, role="contributor", actor="ken-1")
        people.append(account)
    failures: list[str] = []
    times: list[float] = []
    ready = threading.Barrier(count)

    def work(account: Account) -> None:
        try:
            ready.wait()
            version = writes.begin("commitments", account, actor="ken-1", place="KEN")
            for turn in range(10):
                start = time.perf_counter()
                document = {"what": f"Synthetic words {turn}", "place": "KEN"}
                version = writes.save(version.pk, document, version.edits, account)
                times.append(time.perf_counter() - start)
        except Exception as error:
            failures.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(each,)) for each in people]
    start = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    kept = Version.objects.filter(author__in=people, edits=10).count()
    slowest = sorted(times)[int(len(times) * 0.95)] if times else float("nan")
    print(
        f"{count} contributors saved 10 times each at once: {kept} drafts hold all ten saves, "
        f"{len(failures)} failures, {time.perf_counter() - start:.1f} s in all, "
        f"95 of 100 saves within {slowest * 1000:.0f} ms"
    )
    if failures or kept < count:
        raise SystemExit("\n".join(sorted(set(failures))) or "a save was lost")


if __name__ == "__main__":
    main()
