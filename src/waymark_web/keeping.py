"""Where the site keeps what it must not lose: its home folder, and the secret in it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """The folder of the register, the secret and mails: ``WAYMARK_HOME``, or the usual place."""
    given = os.environ.get("WAYMARK_HOME")
    if given:
        return Path(given)
    usual = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(usual) / "waymark"


def secret_key(folder: Path) -> str:
    """The secret that signs sessions: made once, kept where only its owner reads it.

    Where the folder cannot be written, a new one each time: sessions then end with the process.
    """
    path = folder / "secret-key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(path, "x", opener=_for_owner_alone) as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError:
        return secrets.token_urlsafe(50)
    return path.read_text() or secrets.token_urlsafe(50)


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
