"""A real Chromium, and a real server with a register of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.web.example import example_register
from waymark.exchange.register_package import write_package

sync_api = pytest.importorskip("playwright.sync_api")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str | None:
    """The browser that there is: named by WAYMARK_CHROMIUM, or found."""
    named = os.environ.get("WAYMARK_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MAC if Path(MAC).exists() else None)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a register that holds what ships and the made-up example."""
    return made_home(tmp_path_factory.mktemp("home"))


def made_home(folder: Path) -> Path:
    """Put a register into a folder, with what ships and the made-up example."""
    return Path(shutil.copytree(_first_home(), folder, dirs_exist_ok=True))


@cache
def _first_home() -> Path:
    """The home that all others are copies of; it goes when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="waymark-home-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
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


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    with serving(home) as address:
        yield address


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The site on the register in a home folder; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "waymark_web", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment(home)) as server:
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://localhost:{port}"
        server.terminate()


@pytest.fixture(scope="module")
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
