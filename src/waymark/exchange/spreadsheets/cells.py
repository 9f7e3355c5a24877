"""Cells of a workbook: where they are, what they hold, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from waymark.exceptions import DefinitionError
from waymark.words import N_, Sentence

Value = str | int | Decimal | bool | date | None
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MUST_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]")
_LEAP = 60  # the 29 February 1900 of Excel, which was no day
_WHOLE = 15  # digits that a spreadsheet keeps
_SHOWN = Context(prec=_WHOLE)


class Fault(NamedTuple):
    """Why a cell cannot be read, and what to do about it."""

    problem: Sentence
    remedy: Sentence


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not blank: text, whole number, exact number, yes or no, or a day.

    Where it cannot be read, ``value`` is None and ``fault`` says why.
    """

    sheet: str
    row: int
    column: str
    value: Value
    fault: Fault | None = None

    @property
    def address(self) -> str:
        """The place as a spreadsheet writes it: ``Data!B7``."""
        return f"{self.sheet}!{self.column}{self.row}"

    def checked(self, workbook: str) -> Value:
        """The value; raises ``DefinitionError`` with workbook and address where it has a fault."""
        if self.fault is not None:
            problem, remedy = self.fault.problem.text(), self.fault.remedy.text()
            raise DefinitionError(workbook, problem, remedy, column=self.address)
        return self.value


@dataclass(frozen=True, slots=True)
class Row:
    """A row, counted from 1, with the cells that are not blank, from the first column on.

    ``hidden`` is true where a spreadsheet does not show it, as with a filter.
    """

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    def get(self, column: str) -> Cell | None:
        """The cell in a column, by its letters; None where it is blank."""
        return next((each for each in self.cells if each.column == column), None)


NO_NUMBER = Fault(
    Sentence(N_("This number cannot be read.")),
    Sentence(N_("Type it again.")),
)
NO_DAY = Fault(
    Sentence(N_("This is formatted as a date and is none.")),
    Sentence(N_("Type the day as year, month and day, such as 2026-05-31.")),
)
TIME_OF_DAY = Fault(
    Sentence(N_("This holds a time of the day.")),
    Sentence(N_("Leave the day alone in the cell, or format the cell as text.")),
)
FORMULA = Fault(
    Sentence(N_("This is a formula; what it results in is not taken.")),
    Sentence(N_("Paste the result as a value in its place.")),
)
AN_ERROR = Fault(
    Sentence(N_("This cell holds an error of the spreadsheet.")),
    Sentence(N_("Correct the cell, or empty it.")),
)
TOO_LONG = Fault(
    Sentence(N_("This text is longer than a cell may hold.")),
    Sentence(N_("Shorten it, or divide it.")),
)
UNKNOWN = Fault(
    Sentence(N_("This cell is of an unknown kind.")),
    Sentence(N_("Type it again.")),
)


@lru_cache(maxsize=20_000)
def column_letter(number: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """The number of a column from its letters, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def number_of(text: str) -> int | Decimal | Fault:
    """The exact number that a cell holds; a whole one as a whole number."""
    if len(text) > 400 or not NUMBER.fullmatch(text):
        return NO_NUMBER
    number = Decimal(text)
    if number == number.to_integral_value() and number.adjusted() < _WHOLE:
        return int(number)
    return number


def as_shown(number: Decimal) -> int | Decimal:
    """A number as a spreadsheet shows it: it stores 17 digits, of which the last two are noise."""
    kept = _SHOWN.create_decimal(number)
    whole = kept == kept.to_integral_value() and kept.adjusted() < _WHOLE
    return int(kept) if whole else kept.normalize()


def day_of(number: int | Decimal, since_1904: bool) -> date | Fault:
    """The day that a serial number stands for, counted from 1900 or from 1904.

    Counting from 1900, number 60 is a 29 February that never was (ECMA-376, part 1, 18.17.4.1).
    """
    if not isinstance(number, int):
        return TIME_OF_DAY if 0 <= number < 3_000_000 else NO_DAY
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 30 if number > _LEAP else 31)
    if number < (0 if since_1904 else 1) or (number == _LEAP and not since_1904):
        return NO_DAY
    try:
        return first + timedelta(days=number)
    except OverflowError:
        return NO_DAY


def written_day(text: str) -> date | Fault:
    """A day that a cell holds as text of ISO 8601, with or without midnight behind it."""
    day, _, time = text.partition("T")
    if not DAY.fullmatch(day):
        return NO_DAY
    if time.rstrip("Z").strip("0:.") != "":
        return TIME_OF_DAY
    try:
        return date.fromisoformat(day)
    except ValueError:
        return NO_DAY


def unescaped(text: str) -> str:
    """The text that a spreadsheet shows for ``_x000A_`` and its like."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def escaped(text: str) -> str:
    """A text as a writer of workbooks must write it, to be read back the same."""
    return _MUST_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
