"""Find a LibreOffice for the tests of workbooks, or install Debian's where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import _debian

SETTING = "WAYMARK_SOFFICE"
NAMES = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
PACKAGE = "libreoffice-calc-nogui"  # the spreadsheet without its windows; no Java, no Python
REMEDY = f"install LibreOffice Calc, or name its soffice in {SETTING}."


def find_or_install() -> str | None:
    """The path of a LibreOffice that starts, or None. What ``WAYMARK_SOFFICE`` names is final."""
    named = os.environ.get(SETTING)
    if named:
        return named if _starts(named) else None
    return _find() or _install()


def _find() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path and _starts(path)), None)


def _starts(path: str) -> bool:
    try:
        command = [path, "--headless", "--version"]
        tried = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def _install() -> str | None:
    if not _debian.may_install():
        return None
    print("\nInstalling Debian's LibreOffice Calc with apt-get, for the tests.", file=sys.stderr)
    return _find() if _debian.install([PACKAGE]) else None
