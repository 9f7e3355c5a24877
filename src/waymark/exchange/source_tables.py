"""A table as somebody hands it over: rows of cells that know their address, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from waymark.exceptions import WaymarkError
from waymark.exchange.spreadsheets.cells import Fault, column_letter
from waymark.words import Sentence

MOST_COLUMNS = 300
LONGEST_NAME = 200  # letters in the name of a column
LONGEST_SHOWN = 40  # letters of a cell that a message repeats
Content = str | int | Decimal | bool | date | Fault | None  # a fault: it cannot be read


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell, a row (no column) or a file (no row), and what to do about it."""

    file: str
    problem: str
    remedy: str
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    name: str = ""

    @property
    def address(self) -> str:
        """The cell as a spreadsheet calls it, such as ``C7``; ``row 7`` where it is a row's."""
        if self.row is None:
            return ""
        cell = (
            f"row {self.row}"
            if self.column is None
            else f"{column_letter(self.column + 1)}{self.row}"
        )
        return f"{self.sheet}!{cell}" if self.sheet else cell

    def __str__(self) -> str:
        place = ", ".join(
            filter(None, [self.file, self.address, self.name and f"column '{self.name}'"])
        )
        return f"{place}: {self.problem} {self.remedy}".strip()


class FaultsError(WaymarkError):
    """A file was not taken in: all that is wrong with it, cell by cell."""

    def __init__(self, faults: Iterable[CellFault]) -> None:
        self.faults = tuple(faults)
        first, count = self.faults[0], len(self.faults)
        more = f" And {count - 1} more." if count > 1 else ""
        super().__init__(str(first), f"Nothing was taken in.{more}")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row by its number in the spreadsheet (from 1), with a cell for each named column."""

    number: int
    cells: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The rows under a header, and what is to be said of how they were read.

    ``places`` are the columns' places in the spreadsheet, counted from 0, for columns without a
    name are left out where nothing stands in them.
    """

    file: str
    header: tuple[str, ...]
    places: tuple[int, ...]
    header_row: int
    rows: tuple[SourceRow, ...]
    sheet: str = ""
    said: tuple[Sentence, ...] = field(default=())

    def fault(
        self, problem: str, remedy: str, row: int | None = None, column: str = ""
    ) -> CellFault:
        """A fault in this table; ``column`` by its name."""
        place = self.places[self.header.index(column)] if column in self.header else None
        return CellFault(self.file, problem, remedy, self.sheet, row, place, column)


def table_of(
    file: str,
    records: Iterable[tuple[int, tuple[Content, ...]]],
    header_row: int,
    sheet: str = "",
    said: tuple[Sentence, ...] = (),
    skip: Callable[[tuple[Content, ...]], bool] = lambda cells: False,
) -> SourceTable:
    """Records as a table under its header; rows in which nothing stands are left out.

    ``skip`` knows the rows below the header that are none of the list.
    Raises a ``FaultsError`` where the header is missing, says a name twice, or a cell stands under
    no name.
    """
    faults: list[CellFault] = []
    header: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    rows: list[SourceRow] = []
    for number, cells in records:
        if number < header_row or all(cell is None or cell == "" for cell in cells):
            continue
        if not header:
            header, places = _header(file, sheet, number, cells, faults)
            header_row = number
            if faults:
                break
            continue
        if skip(cells):
            continue
        rows.append(
            SourceRow(number, tuple(cells[at] if at < len(cells) else None for at in places))
        )
        faults += _strangers(file, sheet, number, cells, places)
    if not header and not faults:
        remedy = "Give a file with a row of names and a row for each pledge."
        faults.append(CellFault(file, "there is no row of names.", remedy, sheet))
    if faults:
        raise FaultsError(faults)
    return SourceTable(file, header, places, header_row, tuple(rows), sheet, said)


def shown(value: object) -> str:
    """A cell as a message repeats it: in one line, short, and with signs that are seen."""
    text = value.problem.text() if isinstance(value, Fault) else " ".join(str(value).split())
    text = seen(text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def seen(text: str) -> str:
    """A text in which a sign stands for each letter that nobody sees."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def named(cell: object) -> str:
    """The name of a column as it is compared: in one line."""
    return "" if cell is None else " ".join(str(cell).split())


def _header(
    file: str,
    sheet: str,
    number: int,
    cells: tuple[Content, ...],
    faults: list[CellFault],
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    found: dict[str, int] = {}
    if len(cells) > MOST_COLUMNS:
        remedy = f"A list has at most {MOST_COLUMNS} columns; check what parts the cells."
        problem = f"there are {len(cells):,} columns."
        faults.append(CellFault(file, problem, remedy, sheet, number))
        return (), ()
    for at, cell in enumerate(cells):
        name = named(cell)
        if not name:
            continue
        problem = cell.problem.text() if isinstance(cell, Fault) else ""
        if name in found:
            problem = (
                f"the name '{shown(name)}' stands in {column_letter(found[name] + 1)}{number} too."
            )
        elif len(name) > LONGEST_NAME or not name.isprintable():
            problem = "this name is too long, or holds letters that nobody sees."
        if problem:
            remedy = "Give each column a short name of its own."
            faults.append(CellFault(file, problem, remedy, sheet, number, at))
        found.setdefault(name, at)
    return tuple(found), tuple(found.values())


def _strangers(
    file: str, sheet: str, number: int, cells: tuple[Content, ...], places: tuple[int, ...]
) -> Iterable[CellFault]:
    if len(cells) == len(places):
        return
    known = set(places)
    for at, cell in enumerate(cells):
        if at not in known and cell not in (None, ""):
            remedy = "Name the column, or quote a cell that holds the sign between cells."
            yield CellFault(
                file, f"'{shown(cell)}' stands under no name.", remedy, sheet, number, at
            )
            return
