"""The files of the repository as git sees them: tracked, or new and not ignored."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """Every file that is or would be committed, or those of them that match a pattern of git."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return tuple(path for path in paths if path.is_file())


def name_of(path: Path) -> str:
    """A file's name as people write it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def programs() -> tuple[Path, ...]:
    """The files that are run by name: those that open with the name of an interpreter."""
    return tuple(path for path in tracked() if path.read_bytes().startswith(b"#!"))
