"""Install packages of Debian and Ubuntu, where that is allowed without asking for a password."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

APT = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]


def is_root() -> bool:
    """Whether this is a Debian or Ubuntu system and we are root on it."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def may_install() -> bool:
    """Whether packages can be installed: as root, or by sudo without a password."""
    return is_root() or (shutil.which("apt-get") is not None and _quiet(["sudo", "-n", "true"]))


def install(packages: list[str]) -> bool:
    """Install packages; where that fails, show what apt-get said and return False."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for task in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        command = [*sudo, *environment, *APT, *task]
        tried = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if tried.returncode != 0:
            sys.stderr.write(tried.stdout.decode(errors="replace"))
            return False
    return True


def _quiet(command: list[str]) -> bool:
    try:
        tried = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return tried.returncode == 0
