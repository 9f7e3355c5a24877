"""A real Chromium, and a real server: both are started once, and modules put the register back."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.web.example import example_register
from waymark.exchange.register_package import write_package

sync_api = pytest.importorskip("playwright.sync_api")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
REGISTER = "register.sqlite3"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str | None:
    """The browser that there is: named by WAYMARK_CHROMIUM, or found."""
    named = os.environ.get("WAYMARK_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MAC if Path(MAC).exists() else None)


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The home of a site and its address; a second server would take long to know as much."""
    folder = Path(
        shutil.copytree(home_after(), tmp_path_factory.mktemp("home"), dirs_exist_ok=True)
    )
    with serving(folder) as address:
        yield folder, address


@pytest.fixture(scope="module")
def home(served: tuple[Path, str]) -> Path:
    """The home of the site; its register holds what ships and the made-up example, no more."""
    folder, _ = served
    put_back(folder)
    return folder


@pytest.fixture(scope="module")
def site(home: Path, served: tuple[Path, str]) -> str:
    """The address at which the register is served."""
    _, address = served
    return address


def put_back(home: Path, code: str = "", *, of: Path | None = None) -> None:
    """Give a home that is being served the register of another one, or as it is after some code."""
    with (
        closing(sqlite3.connect((of or home_after(code)) / REGISTER)) as source,
        closing(sqlite3.connect(home / REGISTER, timeout=60)) as target,
    ):
        source.backup(target)


@cache
def home_after(code: str = "") -> Path:
    """A home with what ships and the made-up example, after some lines of Python; made once."""
    folder = Path(tempfile.mkdtemp(prefix="waymark-home-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if code:
        shutil.copytree(home_after(), folder, dirs_exist_ok=True)
        waymark_python(folder, code)
    else:
        write_package(example_register(), folder / "example")
        waymark(folder, "register", "load", str(folder / "example"))
    return folder


def waymark(home: Path, *arguments: str) -> str:
    """Run a command on the register in a home folder; what it printed."""
    command = [sys.executable, "-m", "waymark.cli.main", *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment(home)
    ).stdout


def waymark_python(home: Path, code: str) -> None:
    """Run some lines of Python with the site's settings on the register in a home folder."""
    settings = {**environment(home), "DJANGO_SETTINGS_MODULE": "waymark_web.settings"}
    subprocess.run([sys.executable, "-c", code], check=True, env=settings)


def environment(home: Path) -> dict[str, str]:
    """What the server and the commands of a test are told."""
    rest = {name: value for name, value in os.environ.items() if name != "WAYMARK_DATABASE"}
    return {**rest, "WAYMARK_HOME": str(home)}


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The site on the register in a home folder, warm; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "waymark_web", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment(home)) as server:
        try:
            for _ in range(600):  # two minutes, on a busy machine
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            address = f"http://localhost:{port}"
            urlopen(f"{address}/en/").close()  # a browser would draw its wheel while it waits
            yield address
        finally:
            server.terminate()


@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    path = chromium()
    if path is None:
        message = "no Chromium was found; set WAYMARK_CHROMIUM, or install it"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module", params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts: both are tried."""
    return bool(request.param)
