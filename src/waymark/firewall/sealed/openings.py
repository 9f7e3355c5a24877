"""Which sealed notes were opened before, so that a copy that arrives again is not taken for new."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.firewall.sealed.terms import Terms

WAIT = 30


class Openings:
    """A file with the random numbers of notes that were opened: nothing else of them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def first_on(self, on: date) -> Callable[[Terms], bool]:
        """The question that ``open_note`` asks on a day."""
        return lambda terms: self.is_first(terms.note, terms.expires, on)

    def is_first(self, note: str, expires: date, on: date) -> bool:
        """Whether a note is opened for the first time; it no longer is after this call.

        Of two that ask at once one gets a yes. Notes that have expired are forgotten: they are
        refused anyway.
        """
        try:
            self.path.touch(mode=0o600)
            with closing(sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)) as found:
                found.execute("PRAGMA secure_delete = ON").fetchall()
                found.execute("BEGIN IMMEDIATE")
                found.execute("CREATE TABLE IF NOT EXISTS opened (note TEXT PRIMARY KEY, day TEXT)")
                found.execute("DELETE FROM opened WHERE day < ?", (on.isoformat(),))
                added = found.execute(
                    "INSERT OR IGNORE INTO opened VALUES (?, ?)", (note, expires.isoformat())
                ).rowcount
                found.execute("COMMIT")
        except (sqlite3.Error, OSError):
            problem = "the list of opened notes cannot be used."
            remedy = "Check that it is the file of such a list and that you may write it."
            raise DefinitionError(self.path, problem, remedy) from None
        return added == 1
