"""A process that is killed while it writes leaves a register that holds, and no work half done.

Each test kills a real process at many moments, and looks at what it left from another, which
opens the register anew for each look.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.example import example_register
from waymark.exchange.register_package import package_files, write_package

pytestmark = pytest.mark.one_database
MOMENTS = [0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9]  # of how long the work takes

SAVER = """
import django; django.setup()
from waymark_web.accounts.models import Account
from waymark_web.plans import writes
account = Account.objects.get()
version = writes.begin("commitments", account, actor="example-ministry", place="KEN")
print("ready", flush=True)
for number in range(100_000):
    version = writes.save(version.pk, {"what": f"Words {number}"}, version.edits, account)
"""
CHECK = """
import django; django.setup()
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.plans.models import Version
assert not list(breaks()), list(breaks())
saved = Event.objects.filter(verb="saved").order_by("-number").first()
version = Version.objects.get()
assert saved is None or saved.document["what"] == version.document["what"]
assert Event.objects.filter(verb="saved").count() == version.edits
print(version.edits)
"""
LOOK = """
import sys, json
import django; django.setup()
from django.db import connection
from waymark.exchange.register_package import package_files
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.plans.rows import register_of
for line in sys.stdin:
    assert not list(breaks()), list(breaks())
    assert Event.objects.exists()
    found = json.dumps(package_files(register_of()))
    connection.close()  # first: what is copied afterwards must lie still
    print(found, flush=True)
"""
ACCOUNT = """
import django; django.setup()
from waymark_web.accounts.models import Account, Membership
account = Account.objects.create_user("one@example.org", name="One")
Membership.objects.create(account=account, role="contributor", actor="example-ministry")
"""


Files = dict[str, str]
Look = Callable[[], Files]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a register in which nothing happened yet."""
    folder = tmp_path_factory.mktemp("prepared")
    write_package(example_register(), folder / "example")
    waymark(folder, "register", "prepare")
    return folder


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Path:
    return copied(prepared, tmp_path / "home")


def copied(home: Path, other: Path) -> Path:
    return Path(shutil.copytree(home, other))


@pytest.fixture
def look(home: Path) -> Iterator[Look]:
    """What the register of the home holds now; its record is checked at each look."""
    command = [sys.executable, "-c", LOOK]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environment(home), stdin=pipe, stdout=pipe, text=True
    ) as onlooker:
        assert onlooker.stdin is not None
        assert onlooker.stdout is not None
        asked, answers = onlooker.stdin, onlooker.stdout

        def look() -> Files:
            print(file=asked, flush=True)
            return dict(json.loads(answers.readline()))

        yield look
        asked.close()


def environment(home: Path) -> dict[str, str]:
    rest = {name: value for name, value in os.environ.items() if name != "WAYMARK_DATABASE"}
    settings = {"WAYMARK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "waymark_web.settings"}
    return {**rest, **settings}


def started(home: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def waymark(home: Path, *arguments: str) -> str:
    return run(home, "-m", "waymark.cli.main", *arguments)


def run(home: Path, *command: str) -> str:
    with started(home, *command) as process:
        out = process.communicate(timeout=120)[0]
    assert process.returncode == 0, out
    return out


def killed(home: Path, after: float, *arguments: str) -> None:
    """Run a command of waymark and kill it some seconds after it began."""
    with started(home, "-m", "waymark.cli.main", *arguments) as process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.communicate()


def seconds_of(home: Path, *arguments: str) -> float:
    start = time.monotonic()
    waymark(home, *arguments)
    return time.monotonic() - start


def test_a_load_that_is_killed_lands_whole_or_not_at_all(
    home: Path, look: Look, tmp_path: Path
) -> None:
    before = look()
    other = copied(home, tmp_path / "other")
    takes = seconds_of(other, "register", "load", str(home / "example"))
    waymark(other, "register", "dump", str(other / "dump"))
    after = {name: (other / "dump" / name).read_text() for name in before}
    assert after["commitments.csv"] == package_files(example_register())["commitments.csv"]
    for moment in MOMENTS:
        killed(home, moment * takes, "register", "load", str(home / "example"))
        assert look() in (before, after)


def test_saves_that_are_killed_keep_what_was_saved(home: Path) -> None:
    waymark(home, "register", "load", str(home / "example"))
    run(home, "-c", ACCOUNT)
    for moment in (0.05, 0.15, 0.3):
        run(
            home,
            "-c",
            "import django; django.setup(); "
            "from waymark_web.plans.models import Version; Version.objects.all().delete(); "
            "from waymark_web.audit.models import *; Event.objects.all().delete(); "
            "Head.objects.all().delete()",
        )
        with started(home, "-c", SAVER) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
        assert int(run(home, "-c", CHECK)) > 0


def test_a_backup_that_is_killed_leaves_the_old_one(home: Path) -> None:
    waymark(home, "register", "load", str(home / "example"))
    path = home / "register.zip"
    takes = seconds_of(home, "backup", str(path))
    old = path.read_bytes()
    for moment in MOMENTS:
        killed(home, moment * takes, "backup", str(path))
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
        assert len(path.read_bytes()) == len(old)
    waymark(home, "restore", "--replace", str(path))


def test_a_restore_that_is_killed_leaves_one_or_the_other(home: Path, look: Look) -> None:
    path = home / "register.zip"
    waymark(home, "backup", str(path))
    before = look()
    waymark(home, "register", "load", str(home / "example"))
    after = look()
    takes = seconds_of(home, "restore", "--replace", str(path))
    assert look() == before != after
    waymark(home, "register", "load", str(home / "example"))
    for moment in MOMENTS:
        killed(home, moment * takes, "restore", "--replace", str(path))
        assert look() in (before, after)
