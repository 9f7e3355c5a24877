"""Find a Chromium for the tests of pages, or install Debian's where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import _debian

SETTING = "WAYMARK_CHROMIUM"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
REMEDY = f"install Chromium or Chrome, or name one in {SETTING}."
FONTS = {"ar": "fonts-noto-core", "zh-cn": "fonts-wqy-microhei"}  # the smallest that read well


def find_or_install() -> str | None:
    """The path of a Chromium that starts, or None. What ``WAYMARK_CHROMIUM`` names is final."""
    named = os.environ.get(SETTING)
    if named:
        return named if _starts(named) else None
    browser = _find() or _install()
    if browser and shutil.which("fc-list"):
        _install_fonts()
    return browser


def _find() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """Ubuntu has a ``chromium-browser`` that only says where to get one, so try it."""
    try:
        command = [path, "--version"]
        tried = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def _install() -> str | None:
    if not _debian.may_install():
        return None
    say("\nInstalling Debian's Chromium with apt-get, for the tests of pages.")
    return _find() if _debian.install(["chromium"]) else None


def _install_fonts() -> None:
    """Arabic and Chinese pages are only looked at in earnest with fonts that have the letters."""
    missing = [package for language, package in FONTS.items() if not _has_font(language)]
    if not missing:
        return
    if not _debian.may_install():
        say(f"Some scripts are drawn as boxes; these packages would help: {', '.join(missing)}.")
        return
    say(f"Installing fonts with apt-get, for the tests of pages: {', '.join(missing)}.")
    _debian.install(missing)


def _has_font(language: str) -> bool:
    command = ["fc-list", f":lang={language}", "family"]
    return bool(subprocess.run(command, capture_output=True).stdout.strip())


def say(line: str) -> None:
    """One line of progress."""
    print(line, file=sys.stderr, flush=True)
