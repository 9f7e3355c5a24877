"""Workbooks in the hands of tests: opened, changed as people change them, and saved again."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from waymark.compact.loading import load_framework
from waymark.exchange.workbook.choices import Choices, lists, names_in
from waymark.exchange.workbook.columns import attributes, sheets_of
from waymark.exchange.workbook.contents import Contents, Wording
from waymark.exchange.workbook.writing import write_workbook
from waymark.plans.forums import load_forums
from waymark.plans.register import KINDS, Register

DAY = date(2026, 11, 27)
LONG_LISTS = ("provisions", "places")  # of what ships; they cost time


class Edited:
    """A workbook that is being changed: cells are named by sheet, row and column."""

    def __init__(self, content: bytes) -> None:
        self.book: Workbook = load_workbook(io.BytesIO(content))

    def sheet(self, name: str) -> Worksheet:
        """The sheet of a kind, or of what is inside one, by the hashtags of its key."""
        first = next(each for each in sheets_of() if each.name == name).columns[0]
        for sheet in self.book.worksheets:
            tags = [str(cell.value) for cell in sheet[2]]
            if any(set(attributes(first.tag)) <= set(attributes(tag)) for tag in tags):
                return sheet
        raise KeyError(name)

    def column(self, name: str, column: str) -> int:
        """The number of a column by its name."""
        for cell in self.sheet(name)[2]:
            if column in attributes(str(cell.value)):
                return int(cell.column)
        raise KeyError(column)

    def line(self, name: str, *key: str) -> int:
        """The row of a thing by its key: identifiers in cells may have names before them."""
        sheet = self.sheet(name)
        for row in sheet.iter_rows(min_row=3):
            held = [_code(cell.value) for cell in row]
            if all(part in held for part in key):
                return int(row[0].row)
        raise KeyError(key)

    def put(self, name: str, key: str | tuple[str, ...], column: str, value: Any) -> str:
        """Write into a cell; its address."""
        parts = (key,) if isinstance(key, str) else key
        cell = self.sheet(name).cell(self.line(name, *parts), self.column(name, column))
        cell.value = value
        return f"{self.sheet(name).title}!{cell.coordinate}"

    def add(self, sheet_name: str, /, **given: Any) -> int:
        """Write a row below the others; its number."""
        sheet = self.sheet(sheet_name)
        line = max(cell.row for row in sheet.iter_rows() for cell in row if cell.value) + 1
        for column, value in given.items():
            sheet.cell(line, self.column(sheet_name, column), value)
        return int(line)

    def saved(self) -> bytes:
        """The workbook as a spreadsheet program would save it."""
        held = io.BytesIO()
        self.book.save(held)
        return held.getvalue()


def _code(value: object) -> str:
    text = str(value or "")
    return text[text.rfind("[") + 1 : -1] if text.endswith("]") else text


def documents_of(register: Register) -> dict[str, dict[str, dict[str, Any]]]:
    """A register as the documents that a workbook holds."""
    return {
        kind: {key: each.model_dump(mode="json") for key, each in register.of_kind(kind).items()}
        for kind in KINDS
    }


def contents_of(register: Register, language: str = "en", **changed: Any) -> Contents:
    """Everything of a register, to be written."""
    named: Mapping[str, Mapping[str, str]] = names_in(register)
    given: dict[str, Any] = {
        "sheets": tuple(sheets_of()),
        "documents": documents_of(register),
        "lists": {**_known(language), **_named(named, _known(language)["places"])},
        "wording": Wording(language),
        "day": DAY,
    }
    return Contents(**{**given, **changed})


@lru_cache(maxsize=6)
def _known(language: str) -> dict[str, Choices]:
    return lists(load_framework(), load_forums(), {}, {}, language)


def _named(named: Mapping[str, Mapping[str, str]], places: Choices) -> dict[str, Choices]:
    found = {kind: Choices(names) for kind, names in named.items()}
    return {**found, "places": Choices({**places.names, **named["localities"]})}


def written(register: Register, language: str = "en") -> bytes:
    """A register as a workbook."""
    contents = contents_of(register, language)
    few = {name: found for name, found in contents.lists.items() if name not in LONG_LISTS}
    return write_workbook(replace(contents, lists=few))
