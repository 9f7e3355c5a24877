"""Run every check of the project, each with its name and its time; fail if any of them failed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import _browser
import _office
import _postgres

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "bin"
FIGURES = ROOT.parent / "shared" / "data"  # raw figures that are too large to ship
COMPILED = ROOT / ".venv" / "compiled"
CHECKS = {  # the longest first: they run beside each other
    "mypy": ["mypy"],
    "import rules": ["lint-imports"],
    "catalogues": ["python", "script/messages", "--check"],
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
}
WORKERS = 2
PYTEST = ["pytest", "-n", str(WORKERS), "--dist", "worksteal"]  # most modules stay in one worker


def main(arguments: list[str]) -> int:
    """Run all checks, whatever fails on the way; ``arguments`` go to pytest."""
    started = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        passed = pool.map(check_beside_others, CHECKS, CHECKS.values())
        browser = _browser.find_or_install()
        office = _office.find_or_install()
        if not arguments:
            _postgres.find_or_install()
    failed = [name for name, well in zip(CHECKS, passed, strict=True) if not well]
    pytest = [*PYTEST]
    if browser is None:
        print(f"\nPages are NOT checked in a browser: {_browser.REMEDY}")
        pytest += ["-m", "not browser"]
        if os.environ.get("CI") == "true":
            failed.append("browser")
    else:
        print(f"\nPages are checked in {browser}")
    if office is None:
        print(f"Workbooks are NOT checked in LibreOffice: {_office.REMEDY}")
        if os.environ.get("CI") == "true":
            failed.append("LibreOffice")
    else:
        print(f"Workbooks are checked in {office}")
    if not FIGURES.is_dir():
        print("Acceptance tests are skipped: there are no raw figures in ../shared/data")
        pytest += ["--ignore", "tests/acceptance"]
    with tempfile.TemporaryDirectory(prefix="waymark-") as home:
        environment = {
            "WAYMARK_HOME": home,
            **({_browser.SETTING: browser} if browser else {}),
            **({_office.SETTING: office} if office else {}),
        }
        if not check("pytest", [*pytest, *arguments], environment):
            failed.append("pytest")
        if not arguments and not on_postgres(environment):
            failed.append("pytest on PostgreSQL")
    return conclude(failed, time.monotonic() - started)


def on_postgres(environment: dict[str, str]) -> bool:
    """Ask PostgreSQL what depends on the database; False if that fails or, in CI, cannot be."""
    with _postgres.server() as address:
        if address is None:
            print(f"\nThe register is NOT tested on PostgreSQL: {_postgres.REMEDY}")
            return os.environ.get("CI") != "true"
        command = [*PYTEST, "-m", "not one_database", "tests/web"]
        return check("pytest on PostgreSQL", command, {**environment, "WAYMARK_DATABASE": address})


def check(name: str, command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run one check in sight and say how long it took; True if it passed."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    finished = run(command, environment or {})
    return said(name, finished.returncode == 0, started)


def check_beside_others(name: str, command: list[str]) -> bool:
    """Run one check while others run; what it says is shown in one piece when it has ended."""
    started = time.monotonic()
    finished = run(command, {}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(f"\n== {name}\n{finished.stdout.decode(errors='replace').rstrip()}", flush=True)
    return said(name, finished.returncode == 0, started)


def said(name: str, passed: bool, started: float) -> bool:
    """Say how a check ended, and pass that on."""
    seconds = time.monotonic() - started
    print(f"   {name}: {'passed' if passed else 'FAILED'} in {seconds:.1f} s", flush=True)
    return passed


def run(
    command: list[str], environment: dict[str, str], **streams: int
) -> subprocess.CompletedProcess[bytes]:
    """Run a tool of the project's environment.

    Tests start many processes. Python keeps what it compiled, even where the machine is set not
    to (as containers often are), but out of sight.
    """
    kept = {**os.environ, "PYTHONPYCACHEPREFIX": str(COMPILED), **environment}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(
        [str(TOOLS / command[0]), *command[1:]],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env=kept,
        **streams,  # type: ignore[call-overload]
    )


def conclude(failed: list[str], seconds: float) -> int:
    """Say how it ended; 0 if all is well."""
    if failed:
        print(f"\nFAILED after {seconds:.0f} s: {', '.join(failed)}.")
        return 1
    print(f"\nEverything passed in {seconds:.0f} s.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
