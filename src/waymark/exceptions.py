"""What can go wrong for a person, said with the place and the remedy."""

from __future__ import annotations

from pathlib import Path


class WaymarkError(Exception):
    """A problem that a person can mend: what is wrong, and what to do about it."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem} {remedy}".strip())


class DefinitionError(WaymarkError):
    """A definition or figure file cannot be used: names the file, the place in it and the remedy.

    Lines and rows are counted from 1; row 1 of a table is its header.
    """

    def __init__(
        self,
        path: Path | str,
        problem: str,
        remedy: str,
        *,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        self.path = Path(path)
        self.line = line
        self.column = column
        place = self.path.name
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", {column}"
        super().__init__(f"{place}: {problem}", remedy)


class FiguresError(WaymarkError):
    """The store of figures does not answer: a fault of ours or of the engine, not of the asker."""


class NotFoundError(WaymarkError):
    """Somebody asked for an identifier that no definition holds."""
