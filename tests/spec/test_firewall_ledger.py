"""The ledger, and what is refused because of it: everything that was ever published counts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clinics import SECRET, Folder, Row, visits, write_visits
from waymark.cli.firewall import release as command
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.firewall.counts.disclosure import RefusedError
from waymark.firewall.counts.ledger import WITHHELD, Ledger, line_hash, locked, read_ledger

TABLES = [["district"], ["sex", "age"]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def output(folder: Folder) -> set[str]:
    return {path.name for path in folder.path.iterdir()} - {
        "visits.csv", "clinics.yaml", "secret.key", "ledger.jsonl", "ledger.jsonl.lock"
    }  # fmt: skip


def test_the_ledger_holds_what_was_published_and_nothing_true(folder: Folder) -> None:
    made = folder.release(TABLES)
    (entry,) = read_ledger(folder.ledger).entries
    assert entry.population == "clinics-2026"
    published = {t.form.names: t.figures for t in made.document.tables}
    assert {t.form.names for t in entry.tables} == {("district",), ("age", "sex")}
    assert (
        next(t for t in entry.tables if t.form.names == ("district",)).figures
        == published[("district",)]
    )
    (line,) = folder.ledger.read_text(encoding="utf-8").splitlines()
    assert set(json.loads(line)["entry"]) == {
        "population", "number", "day", "noise", "secret", "tables", "marks"
    }  # fmt: skip
    assert SECRET.hex() not in line
    assert folder.ledger.stat().st_mode & 0o077 == 0, "it is nobody else's to read"


def test_the_same_release_again_is_the_same_document_and_no_new_entry(folder: Folder) -> None:
    one = folder.release(TABLES)
    two = folder.release(TABLES[::-1][::-1])
    assert two.entry is None
    assert two.document == one.document
    three = folder.release([["age", "sex"]])
    assert three.entry is None, "the same table with its columns turned round tells nothing new"


def test_another_secret_is_refused(folder: Folder) -> None:
    folder.release(TABLES)
    folder.secret.write_bytes(SECRET[::-1])
    result = folder.run(TABLES)
    assert "another secret" in str(result.exception)


def added(rows: list[Row]) -> list[Row]:
    return [*rows, ("P999999", "North 1", "body 1", "North", "female", "60+", "dental", "2026-Q1")]


def moved_site(rows: list[Row]) -> list[Row]:
    return [("P000000", *rows[0][1:4], "other", *rows[0][5:]), *rows[1:]]


@pytest.mark.parametrize(
    "change", [added, lambda rows: rows[:-1], moved_site, lambda rows: rows[1:] + added([])]
)
def test_changed_records_need_a_new_population(
    folder: Folder, change: Callable[[list[Row]], list[Row]]
) -> None:
    """Two states of the same records would tell of the one who came or left."""
    folder.release(TABLES)
    write_visits(folder.path / "visits.csv", change(visits()))
    with pytest.raises(DefinitionError, match="not the records of release 1"):
        folder.prepare([["district", "sex"]])
    assert folder.prepare([["district"]], population="clinics-2027").entry is not None


def test_records_in_another_order_are_the_same_records(folder: Folder) -> None:
    one = folder.release(TABLES)
    write_visits(folder.path / "visits.csv", visits()[::-1])
    assert folder.prepare(TABLES).document == one.document


def test_earlier_columns_must_still_be_declared(folder: Folder) -> None:
    folder.release(TABLES)
    columns = {
        name: {"kind": kind}
        for name, kind in [
            ("person", "person"), ("clinic", "site"), ("provider", "provider"), ("sex", "sex")
        ]
    }  # fmt: skip
    with pytest.raises(DefinitionError, match="has the column 'age'"):
        folder.prepare(
            [["sex"]], columns=columns, ignored=["district", "age", "service", "quarter"]
        )


LINES: dict[str, Callable[[list[str]], list[str]]] = {
    "a figure more": lambda lines: [lines[0].replace('res":[', 'res":[99,', 1), lines[1]],
    "a day changed": lambda lines: [lines[0].replace("2026-11-23", "2026-11-22"), *lines[1:]],
    "the first line removed": lambda lines: lines[1:],
    "the last line removed": lambda lines: lines[:-1],
    "all lines removed": lambda lines: [],
    "lines swapped": lambda lines: lines[::-1],
    "a line twice": lambda lines: [*lines, lines[-1]],
    "half a line": lambda lines: [lines[0], lines[1][:100]],
    "no end of line": lambda lines: [lines[0], lines[1].rstrip("\n")],
    "an empty line": lambda lines: [lines[0], "\n", lines[1]],
    "no JSON": lambda lines: [*lines, "nonsense\n"],
    "deep": lambda lines: [*lines, "[" * 100_000 + "\n"],
}  # fmt: skip


@pytest.mark.parametrize("change", LINES.values(), ids=LINES)
def test_any_change_of_the_ledger_stops_the_next_release(
    folder: Folder, change: Callable[[list[str]], list[str]]
) -> None:
    folder.release([["district"]])
    folder.release([["sex", "age"]])
    lines = folder.ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == 2
    folder.ledger.write_text("".join(change(lines)), encoding="utf-8")
    result = folder.run([["service"]])
    assert isinstance(result.exception, DefinitionError)
    assert "Restore" in str(result.exception)
    assert not output(folder)


def test_a_line_hashed_anew_still_breaks_the_chain(folder: Folder) -> None:
    folder.release([["district"]])
    folder.release([["sex", "age"]])
    lines = [json.loads(each) for each in folder.ledger.read_text(encoding="utf-8").splitlines()]
    lines[0]["entry"]["day"] = "2026-01-01"
    lines[0]["hash"] = line_hash(lines[0]["previous"], lines[0]["entry"])
    folder.ledger.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    with pytest.raises(DefinitionError, match="line 2: the chain is broken"):
        read_ledger(folder.ledger)


@pytest.mark.parametrize("files_written", [0, 3, 5])
def test_a_full_disk_leaves_neither_release_nor_entry(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, files_written: int
) -> None:
    """The disk is full at once, in the midst of the release, or when the ledger is written."""
    done = []

    def full(number: int) -> None:
        done.append(number)
        if len(done) > files_written:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = folder.run(TABLES)
    assert isinstance(result.exception, WaymarkError)
    assert "No space left" in str(result.exception)
    assert not output(folder)
    monkeypatch.undo()
    assert read_ledger(folder.ledger).entries == ()
    assert folder.run(TABLES).exit_code == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from waymark.cli.firewall import release
from waymark.cli.main import waymark
from waymark.firewall.counts import ledger

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] == "before the ledger":
    ledger.Ledger.append = die
else:
    Path.rename = die
waymark(sys.argv[2:], standalone_mode=False)
"""


def killed(folder: Folder, moment: str) -> None:
    path = folder.specify(TABLES)
    arguments = [
        "firewall", "release", str(path), "--ledger", str(folder.ledger),
        "--secret-file", str(folder.secret), "--output", str(folder.path / "out"),
        "--as-of", "2026-11-23",
    ]  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, moment, *arguments], capture_output=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def test_a_crash_before_the_ledger_leaves_neither_release_nor_entry(folder: Folder) -> None:
    killed(folder, "before the ledger")
    assert not (folder.path / "out").exists()
    assert read_ledger(folder.ledger).entries == ()
    assert folder.run(TABLES).exit_code == 0
    assert output(folder) == {"out"}, "what the crash left was cleared away"


def test_after_a_crash_behind_the_ledger_the_same_command_completes_it(folder: Folder) -> None:
    """What is in the ledger counts as published, whether anybody saw it or not."""
    killed(folder, "after the ledger")
    assert not (folder.path / "out").exists()
    assert len(read_ledger(folder.ledger).entries) == 1
    assert folder.run(TABLES).exit_code == 0
    assert len(read_ledger(folder.ledger).entries) == 1
    assert output(folder) == {"out"}


def test_two_at_once_take_turns(folder: Folder) -> None:
    """Whichever is second reads the ledger after the first has written it."""
    started = []
    for number, tables in enumerate([[["district"]], [["sex", "age"]]]):
        path = folder.path / f"spec-{number}.yaml"
        path.write_text(folder.specify(tables).read_text(encoding="utf-8"), encoding="utf-8")
        arguments = [
            sys.executable, "-m", "waymark.cli.main", "firewall", "release", str(path),
            "--ledger", str(folder.ledger), "--secret-file", str(folder.secret),
            "--output", str(folder.path / f"out-{number}"),
        ]  # fmt: skip
        started.append(subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE))
    for each in started:
        _, errors = each.communicate(timeout=120)
        assert each.returncode == 0, errors
    assert [entry.number for entry in read_ledger(folder.ledger).entries] == [1, 2]


def test_who_holds_the_lock_is_waited_for(folder: Folder) -> None:
    path = folder.specify(TABLES)
    arguments = [
        sys.executable, "-m", "waymark.cli.main", "firewall", "release", str(path),
        "--ledger", str(folder.ledger), "--secret-file", str(folder.secret), "--check",
    ]  # fmt: skip
    with locked(folder.ledger):
        waiting = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(200):
            if any(
                f"{os.major(s.st_dev):02x}:{os.minor(s.st_dev):02x}:{s.st_ino}" in line
                and "->" in line
                for s in [(folder.path / "ledger.jsonl.lock").stat()]
                for line in Path("/proc/locks").read_text(encoding="utf-8").splitlines()
            ):
                break
            time.sleep(0.1)
        assert waiting.poll() is None, "it did not wait"
    assert waiting.communicate(timeout=120) is not None
    assert waiting.returncode == 0


def lonely(rows: list[Row]) -> list[Row]:
    """All of the north are women, but for three men; nobody is 'other'."""
    kept = [row for row in rows if row[4] != "other"]
    men = {row[0] for row in kept if row[3] == "North" and row[4] == "male"}
    few = set(sorted(men)[:3])
    return [row for row in kept if row[0] not in men or row[0] in few]


def test_a_difference_of_few_people_is_not_told(tmp_path: Path) -> None:
    """All of the north, less its women, are three men: no table may let that be worked out."""
    folder = Folder(tmp_path, lonely(visits()))
    document = folder.prepare([["district"], ["district", "sex"]]).document
    by_cell = {
        frozenset(table.form.cell(at).items()): figure
        for table in document.tables
        for at, figure in enumerate(table.figures)
    }
    north = by_cell[frozenset({("district", "North")})]
    women = by_cell[frozenset({("district", "North"), ("sex", "female")})]
    assert by_cell[frozenset({("district", "North"), ("sex", "male")})] == WITHHELD
    if WITHHELD not in (north, women):
        most, least = int(north) - int(women) + 10, max(0, int(north) - int(women) - 10)
        assert min(19, most) - least >= 9, "at least ten possible numbers of men"


def test_what_earlier_releases_would_tell_is_withheld_or_refused(tmp_path: Path) -> None:
    """For many secrets: released in two steps, the men are as well hidden as in one."""
    protected = 0
    for seed in range(12):
        path = tmp_path / str(seed)
        path.mkdir()
        folder = Folder(path, lonely(visits(400, seed=seed)))
        first = folder.release([["district"]]).document.tables[0].figures
        try:
            second = folder.release([["district", "sex"]]).document.tables[0].figures
        except RefusedError:
            continue
        names = folder.prepare([["district"]]).document.tables[0].columns[0].values
        at = names.index("North")
        north, women = first[at], second[at * 2]
        if women == WITHHELD and north != WITHHELD and int(north) >= 30:
            protected += 1
        if WITHHELD not in (north, women):
            difference = int(north) - int(women)
            assert min(19, difference + 10) - max(0, difference - 10) >= 9
    assert protected, "in some of these the women had to be withheld to hide the men"


def test_command_writes_through_the_one_function(folder: Folder) -> None:
    """The ledger has no other way in: an entry of a wrong number breaks it at once."""
    made = folder.release(TABLES)
    assert made.entry is not None
    ledger = read_ledger(folder.ledger)
    assert isinstance(ledger, Ledger)
    ledger.append(made.entry)  # the same number again
    with pytest.raises(DefinitionError, match="the chain is broken"):
        read_ledger(folder.ledger)
    assert command.STAGED.startswith(".")
