"""What goes into a workbook, and what comes out of one: values, without a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from waymark.exchange.incoming import CellFault, Document, Told
from waymark.exchange.workbook.choices import Lists
from waymark.exchange.workbook.columns import Sheet
from waymark.words import Sentence

Documents = Mapping[str, Mapping[str, Document]]  # by kind and identifier
Base = Mapping[tuple[str, str], Mapping[str, str]]  # plain texts by sheet and key, then by column
FORMAT = 1


@dataclass(frozen=True)
class Wording:
    """How sheets and columns are called for readers; what is not named has its own name.

    ``sheets`` is by name of the sheet, ``columns`` and ``helps`` by sheet and column.
    """

    language: str = "en"
    sheets: Mapping[str, Sentence] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], Sentence] = field(default_factory=dict)
    helps: Mapping[tuple[str, str], Sentence] = field(default_factory=dict)

    def sheet(self, name: str) -> str:
        """What a sheet is called."""
        return self._said(self.sheets.get(name), name)

    def column(self, sheet: str, name: str) -> str:
        """What a column is called."""
        return self._said(self.columns.get((sheet, name)), name)

    def help(self, sheet: str, name: str) -> str:
        """What to bear in mind in a column; often nothing."""
        return self._said(self.helps.get((sheet, name)), "")

    def _said(self, sentence: Sentence | None, name: str) -> str:
        return sentence.text(self.language) if sentence is not None else name.replace("_", " ")


@dataclass(frozen=True)
class Contents:
    """Everything that a workbook is made of; the same contents make the same bytes.

    ``about`` are lines for its first sheet: for whom it was written and from where.
    """

    sheets: tuple[Sheet, ...]
    documents: Documents
    lists: Lists
    wording: Wording
    day: date
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Row:
    """A row of a sheet as a person left it: plain texts of its columns, and their cells.

    ``at`` is the row itself (``Steps!7``). A column that the sheet no longer has, or whose cell
    cannot be read, is in none of the two. ``raw`` are cells that cannot be read: their text, where
    they hold one, and what is wrong.
    """

    sheet: Sheet
    at: str
    texts: Mapping[str, str]
    cells: Mapping[str, str]
    raw: Mapping[str, tuple[str | None, CellFault]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells the row apart; empty for a new row without an identifier."""
        return key_of(self.sheet, self.texts)


@dataclass(frozen=True)
class Rows:
    """A workbook as it was read: its rows, what stood when it was written, what is wrong."""

    rows: tuple[Row, ...]
    base: Base
    faults: tuple[CellFault, ...] = ()
    notes: tuple[Told, ...] = ()


def key_of(sheet: Sheet, texts: Mapping[str, str]) -> str:
    """The key of a row in one word; empty where a part of it is missing."""
    parts = [texts.get(name, "") for name in sheet.key]
    return " ".join(parts) if all(parts) else ""
