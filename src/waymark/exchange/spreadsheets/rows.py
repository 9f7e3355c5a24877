"""The rows of a sheet, as they stream past."""

from __future__ import annotations

from collections.abc import Sequence

from waymark.exchange.spreadsheets.cells import (
    ADDRESS,
    AN_ERROR,
    FORMULA,
    TIME_OF_DAY,
    TOO_LONG,
    UNKNOWN,
    Cell,
    Fault,
    Row,
    Value,
    column_letter,
    column_number,
    day_of,
    number_of,
    unescaped,
    written_day,
)
from waymark.exchange.spreadsheets.parts import Attributes, Formats, Limits, Part, PartError, whole

LAST_ROW = 1_048_576  # of every spreadsheet
_ORDER = "Open it in a spreadsheet and save it again, which puts rows and cells in order."
_SMALLER = "Remove what is not needed there, or divide the workbook."


class Rows(Part):
    """A sheet being read. Rows that are complete wait in ``taken``."""

    def __init__(
        self,
        sheet: str,
        limits: Limits,
        formats: Formats,
        texts: Sequence[str | None],
        since_1904: bool,
    ) -> None:
        super().__init__(limits)
        self._sheet, self._formats, self._texts = sheet, formats, texts
        self._since_1904 = since_1904
        self._ready: list[Row] = []
        self._row = self._column = 0
        self._in_row = self._in_cell = self._hidden = self._formula = False
        self._cells: list[Cell] = []
        self._kind, self._style = "n", 0
        self._pieces: list[str] = []
        self._length = self._aside = 0

    def taken(self) -> list[Row]:
        """The rows that were completed since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def begin(self, tag: str, attributes: Attributes) -> None:
        """A row begins, a cell, or something in it."""
        if tag == "c" and self._in_row:
            self._begin_cell(attributes)
        elif tag in ("v", "t") and self._in_cell and not self._aside:
            self.listen(True)
        elif tag == "f" and self._in_cell:
            self._formula = True
        elif tag == "rPh":
            self._aside += 1
        elif tag == "row":
            self._begin_row(attributes)

    def end(self, tag: str) -> None:
        """A row ends, a cell, or something in it."""
        if tag in ("v", "t"):
            self.listen(False)
        elif tag == "c" and self._in_cell:
            self._end_cell()
        elif tag == "rPh":
            self._aside -= 1
        elif tag == "row":
            self._in_row = False
            if self._cells:
                self._ready.append(Row(self._row, tuple(self._cells), self._hidden))

    def take(self, text: str) -> None:
        """A piece of what a cell holds."""
        self._length += len(text)
        if self._length <= self.limits.text:
            self._pieces.append(text)

    def _begin_row(self, attributes: Attributes) -> None:
        given = attributes.get("r")
        number = self._row + 1 if given is None else whole(given)
        if number <= self._row or number > LAST_ROW or self._in_row:
            raise PartError("its rows are out of order.", _ORDER, place=str(self._row + 1))
        self._row, self._column, self._cells = number, 0, []
        self._in_row = True
        self._hidden = attributes.get("hidden") in ("1", "true")

    def _begin_cell(self, attributes: Attributes) -> None:
        given = attributes.get("r")
        if given is None:
            column = self._column + 1
        else:
            found = ADDRESS.fullmatch(given)
            column = column_number(found[1]) if found and int(found[2]) == self._row else 0
        if column <= self._column or self._in_cell:
            raise PartError("its cells are out of order.", _ORDER, place=str(self._row))
        self._column = column
        self._in_cell, self._formula = True, False
        self._kind = attributes.get("t", "n")
        self._style = whole(attributes.get("s", "0"))
        self._pieces, self._length = [], 0

    def _end_cell(self) -> None:
        self._in_cell = False
        found = self._value()
        if found is None or found == "":
            return
        letters = column_letter(self._column)
        if self._row > self.limits.rows or self._column > self.limits.columns:
            limit = f"{self.limits.rows:,} rows and {self.limits.columns:,} columns"
            raise PartError(f"it goes beyond {limit}.", _SMALLER, place=f"{letters}{self._row}")
        if isinstance(found, Fault):
            self._cells.append(Cell(self._sheet, self._row, letters, None, found))
        else:
            self._cells.append(Cell(self._sheet, self._row, letters, found))

    def _value(self) -> Value | Fault:
        if self._formula:
            return FORMULA
        if self._length > self.limits.text:
            return TOO_LONG
        text = "".join(self._pieces)
        if self._kind == "inlineStr" or self._kind == "str":
            return unescaped(text)
        if not text:
            return None
        if self._kind == "n":
            return self._number(text)
        if self._kind == "s":
            return self._shared(text)
        if self._kind == "b":
            return {"0": False, "1": True, "false": False, "true": True}.get(text, UNKNOWN)
        if self._kind == "d":
            return written_day(text)
        return AN_ERROR if self._kind == "e" else UNKNOWN

    def _number(self, text: str) -> Value | Fault:
        number = number_of(text.strip())
        if isinstance(number, Fault) or self._style == 0:
            return number
        if self._style in self._formats.times:
            return TIME_OF_DAY
        return day_of(number, self._since_1904) if self._style in self._formats.days else number

    def _shared(self, text: str) -> Value | Fault:
        place = whole(text)
        if not 0 <= place < len(self._texts):
            return UNKNOWN
        found = self._texts[place]
        return TOO_LONG if found is None else found
