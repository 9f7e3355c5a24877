"""Rows as a workbook: written, read and compared, and 500 changes applied on the site.

Run it as ``.venv/bin/python -m benchmarks.workbook``; with WAYMARK_DATABASE set to an empty
database, on PostgreSQL. The peer is openpyxl, which writes and reads the same cells and nothing
else, in the same run. A ratio below 1 keeps the limit. The time of the processor says what it
takes where the machine is busy with other work.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import tempfile
from datetime import date
from typing import Any

import openpyxl

from benchmarks.timing import taken

DUE = date(2029, 6, 30)
WRITE_LIMIT, PREVIEW_LIMIT, APPLY_LIMIT = 5.0, 10.0, 30.0  # seconds: what a person waits for


def main() -> None:
    """Fill one State of the register, then send its workbook there and back."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=1_000)
    arguments.add_argument("--changes", type=int, default=500)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("WAYMARK_HOME", home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark_web.settings")
        import django

        django.setup()
        from django.db import connection

        machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
        print(f"{machine}, {connection.vendor}")
        reader = sender(given.entries)
        content = written(reader)
        there_and_back(reader, content, given.changes)


def sender(entries: int) -> Any:
    """A browser of a contributor whose organisation leads so many commitments with three steps."""
    from django.test import Client

    from waymark.plans.actors import Actor
    from waymark.plans.commitments import Commitment, Step
    from waymark.plans.register import Register
    from waymark_web.accounts.models import Account, Membership
    from waymark_web.plans.published import load
    from waymark_web.preparing import prepare

    prepare()
    actor = Actor(
        id="made-up", name="Made-up ministry", kind="ministry", level="national", place="KEN",
        illustrative=True,
    )  # fmt: skip
    made = {
        f"made-up-{number}": Commitment(
            id=f"made-up-{number}",
            what=f"Made up: open clinic {number} for migrants.",
            place="KEN",
            lead="made-up",
            origin="other",
            provisions=(f"gcm:{number % 23 + 1}",),
            steps=tuple(Step(id=f"s{at}", what=f"Made up: step {at}", due=DUE) for at in range(3)),
            illustrative=True,
        )
        for number in range(entries - 1)
    }
    load(Register(actors={actor.id: actor}, commitments=made))
    account = Account.objects.create_user("sender@example.org", name="Made-up sender")
    Membership.objects.create(account=account, role="contributor", actor="made-up", place="")
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def written(reader: Any) -> bytes:
    """The workbook as the site hands it out, beside its bare cells written by openpyxl."""
    answers: list[Any] = []
    reader.get("/en/work/workbook/")  # what the site reads once, it has read
    seconds, worked = taken(lambda: answers.append(reader.get("/en/work/workbook/rows.xlsx")))
    if answers[0].status_code != 200:
        raise SystemExit(f"the workbook: {answers[0].status_code}")
    content = bytes(answers[0].content)
    cells = _cells(content)
    bare_worked = taken(lambda: _bare(cells))[1]
    count = sum(cell is not None for rows in cells.values() for row in rows for cell in row)
    print(f"a workbook of {len(content) / 1e6:.2f} MB, {count:,} cells")
    show("written", seconds, worked, WRITE_LIMIT, bare_worked)
    return content


def there_and_back(reader: Any, content: bytes, changes: int) -> None:
    """Changed in so many rows, sent, looked at, and kept as drafts."""
    changed = _changed(content, changes)
    answers: list[Any] = []

    def send() -> None:
        file = io.BytesIO(changed)
        file.name = "rows.xlsx"
        answers.append(reader.post("/en/work/workbook/", {"file": file}, follow=True))

    bare = taken(lambda: _cells(changed))[1]
    show("read, compared and tried", *taken(send), PREVIEW_LIMIT, bare)
    page = answers[0]
    if page.status_code != 200 or not page.redirect_chain:
        raise SystemExit(f"the preview: {page.status_code}")
    path = page.redirect_chain[-1][0]
    keep = taken(lambda: answers.append(reader.post(path, {"action": "keep"})))
    show("applied", *keep, APPLY_LIMIT, bare)
    from waymark_web.plans.models import Version

    drafts = Version.objects.filter(author__email="sender@example.org").count()
    if answers[-1].status_code != 302 or drafts != changes:
        raise SystemExit(f"{drafts} drafts were kept of {changes}: {answers[-1].status_code}")
    print(f"{drafts} drafts hold the changes")


def _cells(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Every cell of a workbook, by sheet, as openpyxl reads it."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def _bare(cells: dict[str, list[tuple[Any, ...]]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    for title, rows in cells.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(io.BytesIO())


def _changed(content: bytes, changes: int) -> bytes:
    """The workbook with other words in so many rows, as a person edits it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    left = changes
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if left and str(cell.value).startswith("Made up: open clinic"):
                    cell.value = f"{cell.value} With its staff."
                    left -= 1
    if left:
        raise SystemExit(f"{left} rows to change were not found")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def show(name: str, seconds: float, worked: float, limit: float, bare: float) -> None:
    """A line with a figure beside its limit and its peer."""
    print(
        f"{name}: {seconds:.2f} s; limit {limit:g} s; ratio {seconds / limit:.2f}; processor "
        f"{worked:.2f} s, {worked / bare:.1f} times openpyxl's ({bare:.2f} s)",
        flush=True,
    )


if __name__ == "__main__":
    main()
