"""A large synthetic register: how long its pages take, and how many can save at once.

Run it as ``.venv/bin/python -m benchmarks.register``; on PostgreSQL by setting WAYMARK_DATABASE to
an empty database of its own. It works in a temporary home unless it is given one.
Pages are asked from the application itself, as its server asks it; a ratio below 1 keeps the limit.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import threading
import time

from benchmarks.timing import median_of

PAGE_LIMIT, REVIEW_LIMIT = 0.3, 2.0
MONEY_LIMIT = 1.0  # for 20,000 flows, which are 13,334 commitments
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
}


def main() -> None:
    """Make the register, then measure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--commitments", type=int, default=100_000)
    arguments.add_argument("--steps", type=int, default=3)
    arguments.add_argument("--savers", type=int, default=0, help="50 on PostgreSQL, 10 on SQLite")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("WAYMARK_HOME", home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark_web.settings")
        import django

        django.setup()
        from django.db import connection

        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {connection.vendor}")
        fill(given.commitments, given.steps)
        pages()
        reviews()
        money()
        savers(given.savers or (50 if connection.vendor == "postgresql" else 10))


def fill(commitments: int, steps: int) -> None:
    """Load the synthetic register, unless it is there."""
    from benchmarks.synthetic import synthetic
    from waymark_web import store
    from waymark_web.plans.models import Commitment, Report, Step
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
        start = time.perf_counter()
        load(made)
        print(f"loaded in {time.perf_counter() - start:.0f} s")
    counts = [table.objects.count() for table in (Commitment, Step, Report)]
    print("synthetic: {:,} commitments, {:,} steps, {:,} reports".format(*counts))
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
        ):
            held.cache_clear()

    def cold() -> None:
        forget()
        assert reader.get("/en/review/KEN/imrf-2026/").status_code == 200

    def after_money() -> None:
        for held in (store._moneys, store._moneys_on, store._known_fundings):
            held.cache_clear()
        cold()

    show("review of a place, the register just changed", median_of(cold, 3), REVIEW_LIMIT)
    show("review of a place, money just changed", median_of(after_money, 3), REVIEW_LIMIT)
    warm = median_of(lambda: reader.get("/en/review/KEN/imrf-2026/"))
    show("review of a place, again", warm, REVIEW_LIMIT)
    world = median_of(lambda: reader.get("/en/review/001/imrf-2026/"), 1)
    show("review of the world, again", world, REVIEW_LIMIT)


def money() -> None:
    """Pages of money, with nothing remembered of the flows, and then again."""
    from django.test import Client

    from waymark_web import store
    from waymark_web.finance import held

    reader = Client(HTTP_HOST="localhost")

    def ask(path: str) -> None:
        assert reader.get(f"/en/{path}").status_code == 200

    def after_money(path: str) -> None:
        for kept in (store._moneys, store._moneys_on, held._prices, held._gaps):
            kept.cache_clear()
        ask(path)

    for name, path in (("a place", "place/KEN/money/"), ("the world", "place/001/money/")):
        ask(path)
        changed = median_of(lambda path=path: after_money(path), 3)  # type: ignore[misc]
        show(f"money of {name}, money just changed", changed, MONEY_LIMIT)
        again = median_of(lambda path=path: ask(path))  # type: ignore[misc]
        show(f"money of {name}, again", again, PAGE_LIMIT)


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


def show(name: str, seconds: float, limit: float) -> None:
    """A line with a figure beside its limit."""
    print(
        f"{name}: {seconds * 1000:.0f} ms; limit {limit * 1000:.0f} ms; ratio {seconds / limit:.2f}"
    )


if __name__ == "__main__":
    main()
