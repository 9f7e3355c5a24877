"""Start a PostgreSQL for the tests: on a socket, in a folder of its own, gone when they end."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import _debian

SETTING = "WAYMARK_TEST_POSTGRES"
REMEDY = f"install PostgreSQL, or name a server in {SETTING}."
PACKAGE = "postgresql"
USER = "waymark"
NOT_ROOT = ("postgres", "nobody")  # PostgreSQL refuses to run as root
QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=120"


@contextlib.contextmanager
def server() -> Iterator[str | None]:
    """The address of a server, or None where none can be had. A named one is not stopped."""
    named = os.environ.get(SETTING)
    if named:
        yield named
        return
    programs = find_or_install()
    if programs is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="wm-pg-"))
    try:
        with _running(programs, folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_or_install() -> Path | None:
    """The folder of the programs of a server, or None where a server is named or none is there."""
    return None if os.environ.get(SETTING) else _find() or _install()


@contextlib.contextmanager
def _running(programs: Path, folder: Path) -> Iterator[str]:
    data, log = folder / "data", folder / "log"
    owner = _owner()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    start = [programs / "pg_ctl", "-D", data, "-l", log, "-w"]
    options = f"-k {folder} -c listen_addresses='' {QUICK}"
    made = ["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]
    _run(owner, programs / "initdb", "-D", data, *made)
    _run(owner, *start, "-o", options, "start")
    try:
        yield f"postgresql://{USER}@{quote(str(folder), safe='')}/postgres"
    finally:
        _run(owner, *start, "-m", "immediate", "stop")


def _run(owner: pwd.struct_passwd | None, *command: object) -> None:
    """Run a program of the server, never as root; what it says is shown if it fails."""
    wanted = {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid}
    tried = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        **wanted,  # type: ignore[call-overload]
    )
    if tried.returncode != 0:
        sys.stderr.write(tried.stdout.decode(errors="replace"))
        raise RuntimeError(f"PostgreSQL failed: {command[0]}")


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    return next(known[name] for name in NOT_ROOT if name in known)


def _find() -> Path | None:
    """The folder of the newest server's programs: Debian keeps them off the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("pg_ctl")
    folders = [*debian, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((each for each in folders if (each / "initdb").exists()), None)


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _install() -> Path | None:
    if not _debian.may_install():
        return None
    print("\nInstalling Debian's PostgreSQL with apt-get, for the tests.", file=sys.stderr)
    return _find() if _debian.install([PACKAGE]) else None
