"""Make the project's own environment in .venv, or say whether it is ready.

It runs before anything is installed, so it uses the standard library alone. The stamp is removed
before the first change and written after the last one: an interrupted run leaves none, and the
next run begins again.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import _debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OWN_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "waymark-ready"
TOOLS = ROOT / ".tools"
UV_PINNED = ROOT / "requirements" / "uv.txt"
LEVELS = ("default", "dev")  # each holds what stands before it, at the same versions
SETTINGS = {"UV_PYTHON_DOWNLOADS": "never", "PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore"}
BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable  # not that of some .venv


class SetupError(Exception):
    """The environment cannot be made; the message says what to do."""


def main(task: str, wanted: str) -> int:
    """``ready LEVEL`` answers by its exit code; ``make LEVEL`` acts; ``make uv`` prints a path."""
    if task == "ready":
        return 0 if is_ready(wanted) else 1
    try:
        with lock():
            if wanted == "uv":
                print(find_uv())
            elif not runs(OWN_PYTHON, "-Es", __file__, "ready", wanted):
                make(wanted)
    except SetupError as error:
        say(f"{error}")
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next run begins the setup again.")
        return 130
    return 0


def is_ready(wanted: str) -> bool:
    """Whether the environment that this Python belongs to serves a level, or one above it."""
    with contextlib.suppress(OSError):
        found = STAMP.read_text()
        return any(found == stamp(level) for level in LEVELS[LEVELS.index(wanted) :])
    return False


def stamp(level: str) -> str:
    """What an environment is made from: its place, its level, and the files that it follows."""
    files = (ROOT / "requirements" / f"{level}.txt", ROOT / "pyproject.toml")
    hashes = [f"{hashlib.sha256(file.read_bytes()).hexdigest()} {file.name}" for file in files]
    return "\n".join([place(), level, *hashes, ""])


def place() -> str:
    """Where an environment can be used: it holds this path, and packages for this Python."""
    return f"{ROOT} python{sys.version_info.major}.{sys.version_info.minor}"


def make(wanted: str) -> None:
    """Make the environment, or bring it up to date; one made for tests stays one for tests."""
    uv = find_uv()
    level = max(wanted, _level_so_far(), key=LEVELS.index)
    if _can_stay():
        say(f"Updating {_shown(VENV)} to the requirements.")
        STAMP.unlink()
    else:
        say(f"Setting Waymark up in {_shown(VENV)}, with Python {sys.version.split()[0]}.")
        shutil.rmtree(VENV, ignore_errors=True)
        remedy = "Remove the folder .venv and run this again."
        run(remedy, uv, "venv", "--quiet", "--python", BASE_PYTHON, "--prompt", "waymark", VENV)
    requirements = ROOT / "requirements" / f"{level}.txt"
    say(f"Installing {_count(requirements)} packages, as {_shown(requirements)} pins them.")
    pip = [uv, "pip", *([] if sys.stderr.isatty() else ["--quiet"])]
    remedy = (
        "Check the connection and the free disk space, then run this again. "
        "If a package has no build for this Python, choose another: WAYMARK_PYTHON=python3.12"
    )
    python = f"--python={OWN_PYTHON}"
    run(remedy, *pip, "sync", python, "--require-hashes", "--no-build", requirements)
    say("Installing Waymark itself.")
    alone = [python, "--no-deps", "--no-build-isolation", "--offline"]
    remedy = "Mend what uv says above, then run this again."
    run(remedy, uv, "pip", "install", "--quiet", *alone, "-e", ROOT)
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(stamp(level))
    unfinished.replace(STAMP)


def find_uv() -> str:
    """The machine's own uv where it works, else ours in .tools, installed now if need be."""
    ours = TOOLS / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), ours):
        if candidate and runs(candidate, "--version"):
            return str(candidate)
    pip = find_pip()
    say(f"Installing uv into {_shown(TOOLS)}; it installs everything else.")
    target = TOOLS / "uv.new"
    for leftover in (target, ours.parent.parent):
        shutil.rmtree(leftover, ignore_errors=True)
    quietly = ["--quiet", "--disable-pip-version-check", "--no-input"]
    pinned = ["--require-hashes", "--only-binary=:all:", f"--requirement={UV_PINNED}"]
    remedy = "Check the connection, or install uv by hand, then run this again."
    run(remedy, *pip, "install", *quietly, *pinned, f"--target={target}")
    target.rename(ours.parent.parent)
    return str(ours)


def find_pip() -> list[str | Path]:
    """This Python's pip; or that of a virtual environment, which Debian's Python may lack too."""
    if runs(BASE_PYTHON, "-m", "pip", "--version"):
        return [BASE_PYTHON, "-m", "pip"]
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not _makes_pip() and _debian.is_root():
        say(f"This Python has no pip: installing Debian's package {package} with apt-get.")
        _debian.install([package])
    if not _makes_pip():
        raise SetupError(
            "This Python has neither pip nor venv, so nothing can be installed with it.\n"
            f"  Debian, Ubuntu:  sudo apt-get install {package}\n"
            "  elsewhere:       install uv or pip\n"
            "Then run this again."
        )
    return [TOOLS / "pip" / "bin" / "python", "-m", "pip"]


def _makes_pip() -> bool:
    return runs(BASE_PYTHON, "-m", "venv", "--clear", TOOLS / "pip")


def _level_so_far() -> str:
    lines = STAMP.read_text().splitlines() if STAMP.exists() else []
    return lines[1] if len(lines) > 1 and lines[1] in LEVELS else LEVELS[0]


def _can_stay() -> bool:
    made_here = STAMP.exists() and STAMP.read_text().startswith(f"{place()}\n")
    return made_here and runs(OWN_PYTHON, "-V")


def _count(requirements: Path) -> int:
    return sum("==" in line for line in requirements.read_text().splitlines())


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@contextlib.contextmanager
def lock() -> Iterator[None]:
    """Let one run at a time change the environment.

    The programs that it starts hold the lock too: should this process be killed, the next run
    still waits for them.
    """
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run is setting Waymark up; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(remedy: str, *command: str | Path) -> None:
    """Run a program, its messages in sight; should it fail, stop with the remedy."""
    try:
        subprocess.run(
            [str(word) for word in command],
            check=True,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            close_fds=False,  # see lock()
            env={**os.environ, **SETTINGS},
        )
    except OSError as error:
        raise SetupError(f"The setup failed: {error}.\n{remedy}") from None
    except subprocess.CalledProcessError as error:
        name = Path(command[0]).name
        problem = f"The setup failed: {name} ended with {error.returncode}; see above."
        raise SetupError(f"{problem}\n{remedy}") from None


def runs(*command: str | Path) -> bool:
    """Whether a program is there and says that all is well; what it prints is not shown."""
    try:
        words = [str(word) for word in command]
        return subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def say(line: str) -> None:
    """One line of progress."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
