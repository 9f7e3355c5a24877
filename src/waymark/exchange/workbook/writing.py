"""A workbook written: a sheet a kind, help in the cells, lists to choose from, and its own base.

Keys are locked and all else is open. The sheet ``base`` holds what stood when the workbook was
written, so that later it can be told who changed what. Nothing in it is ever a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from waymark.exceptions import WaymarkError
from waymark.exchange.workbook import front, styles
from waymark.exchange.workbook.cells import as_text, shown, word
from waymark.exchange.workbook.columns import REMOVE, Column, Form, Sheet
from waymark.exchange.workbook.contents import FORMAT, Contents, key_of
from waymark.exchange.workbook.texts import LONGEST_CELL, fits
from waymark.exchange.workbooks import escaped
from waymark.words import N_, RIGHT_TO_LEFT, Sentence

BASE, LISTS = "base", "lists"
MARK = "waymark-workbook"
LONGEST_TITLE = 31
NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive can name


def write_workbook(contents: Contents) -> bytes:
    """The bytes of a workbook (XLSX).

    Raises a ``WaymarkError`` where a text is longer than a cell can hold.
    """
    book = Workbook()
    styles.add_styles(book)
    _write_front(book.active, contents)
    titles = titles_of(contents)
    sheets = [book.create_sheet(titles[sheet.name]) for sheet in contents.sheets]
    ranges = _write_lists(book.create_sheet(LISTS), contents)
    for at, sheet in zip(sheets, contents.sheets, strict=True):
        _write_sheet(at, sheet, contents, ranges)
    _write_base(book.create_sheet(BASE), contents)
    book.security.lockStructure = True
    return _repacked(book, contents.day)


def titles_of(contents: Contents) -> dict[str, str]:
    """The titles of the sheets by their names, each its own."""
    taken = {BASE, LISTS, Sentence(front.NAME).text(contents.wording.language).casefold()}
    found = {}
    for sheet in contents.sheets:
        told = NOT_IN_A_TITLE.sub(" ", contents.wording.sheet(sheet.name)).strip("' ")
        title = told[:LONGEST_TITLE].strip() or sheet.name
        if title.casefold() in taken:
            title = sheet.name[:LONGEST_TITLE]
        taken.add(title.casefold())
        found[sheet.name] = title
    return found


def texts_of(sheet: Sheet, documents: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """The rows of a sheet as plain texts, in the order of the documents."""
    for identifier, document in documents.items():
        if not sheet.inside:
            yield {**_texts(sheet.columns, document), "id": identifier}
            continue
        owner = {sheet.key[0]: identifier}
        for row in document.get(sheet.inside) or ():
            if not isinstance(row, Mapping):
                continue  # a draft may hold what is no row
            yield {**_texts(sheet.columns, row), **owner}


def _texts(columns: tuple[Column, ...], document: Mapping[str, Any]) -> dict[str, str]:
    return {column.name: as_text(column, document.get(column.name)) for column in columns}


def _write_front(at: Worksheet, contents: Contents) -> None:
    language = contents.wording.language
    at.title = Sentence(front.NAME).text(language)[:LONGEST_TITLE]
    at.column_dimensions["A"].width, at.column_dimensions["B"].width = 34, 90
    at.sheet_view.rightToLeft = language in RIGHT_TO_LEFT
    at.sheet_view.showGridLines = False
    for number, (heading, text) in enumerate(front.lines(contents), start=1):
        _put(at, number, 1, heading, styles.TITLE if heading and not text else styles.PROSE)
        _put(at, number, 2, text, styles.PROSE)
    styles.lock(at)


def _write_sheet(
    at: Worksheet, sheet: Sheet, contents: Contents, ranges: Mapping[str, str]
) -> None:
    wording = contents.wording
    headings = {each.name: _heading(contents, sheet, each.name) for each in sheet.columns}
    helps = {
        each.name: front.help_of(contents, sheet.name, each.name, each.form)
        for each in sheet.columns
    }
    styles.lay_out(
        at, sheet.columns, len(sheet.key), from_the_right=wording.language in RIGHT_TO_LEFT
    )
    for number, column in enumerate(sheet.columns, start=1):
        _put(at, 1, number, headings[column.name], styles.HEAD)
        _put(at, 2, number, column.tag, styles.TAG)
    rows = texts_of(sheet, contents.documents.get(sheet.kind, {}))
    for line, texts in enumerate(rows, start=styles.FIRST_ROW):
        whole = bool(key_of(sheet, texts))
        for number, column in enumerate(sheet.columns, start=1):
            text = texts.get(column.name, "")
            _demand_room(text, f"{sheet.name} {texts.get('id', '')} {column.name}")
            value = None
            if column.name != REMOVE:
                value = shown(column, text, contents.lists, wording.language)
            style = styles.KEY if column.is_key and whole else column.form.value
            _put(at, line, number, value, style)
    styles.offer(at, sheet.columns, headings, helps, ranges)


def _heading(contents: Contents, sheet: Sheet, name: str) -> str:
    own = contents.wording.column(sheet.name, name)
    if name == REMOVE:
        return Sentence(N_("Remove this row")).text(contents.wording.language)
    if name == "id":
        return Sentence(N_("Identifier")).text(contents.wording.language)
    if sheet.inside and name == sheet.key[0]:
        return contents.wording.sheet(sheet.kind)
    return own


def _write_lists(at: Worksheet, contents: Contents) -> dict[str, str]:
    """Write each list that a column needs; where it stands, by its name."""
    wanted = {
        column.listed: contents.lists[column.listed]
        for sheet in contents.sheets
        for column in sheet.columns
        if column.listed in contents.lists
    }
    language = contents.wording.language
    columns = {name: [found.shown(code) for code in found.names] for name, found in wanted.items()}
    columns[Form.YES_OR_NO] = [word(True, language), word(False, language)]
    ranges = {}
    for number, (name, values) in enumerate(columns.items(), start=1):
        letter = get_column_letter(number)
        at.column_dimensions[letter].width = 40
        _put(at, 1, number, name, styles.HEAD)
        for line, value in enumerate(values, start=2):
            _put(at, line, number, value, styles.PROSE)
        if values:
            ranges[str(name)] = f"{LISTS}!${letter}$2:${letter}${len(values) + 1}"
    at.freeze_panes = "A2"
    at.sheet_view.rightToLeft = language in RIGHT_TO_LEFT
    styles.lock(at)
    return ranges


def _write_base(at: Worksheet, contents: Contents) -> None:
    """A row for each row: its sheet, its key, then the name and the text of each field."""
    for number, value in enumerate(
        (MARK, str(FORMAT), contents.day.isoformat(), contents.wording.language), start=1
    ):
        _put(at, 1, number, value)
    line = 1
    for sheet in contents.sheets:
        for texts in texts_of(sheet, contents.documents.get(sheet.kind, {})):
            key = key_of(sheet, texts)
            if not key:
                continue
            line += 1
            held = [part for pair in texts.items() if pair[1] for part in pair]
            for number, value in enumerate((sheet.name, key, *held), start=1):
                _put(at, line, number, value)
    at.sheet_state = "hidden"
    styles.lock(at)


def _put(
    at: Worksheet, line: int, number: int, value: str | int | Decimal | date | None, style: str = ""
) -> None:
    if value == "":
        value = None
    if value is None and not style:
        return
    cell = at.cell(line, number)
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"  # also where it begins like a formula or an error
    else:
        cell.value = value
    if style:
        cell.style = style
    if isinstance(value, str) and style not in ("", styles.HEAD):
        cell.number_format = styles.TEXT_FORMAT


def _demand_room(text: str, where: str) -> None:
    if not fits(text):
        raise WaymarkError(
            f"{where}: a cell of a workbook holds at most {LONGEST_CELL:,} characters.",
            "Take the register as a package of CSV files, or edit this one on its page.",
        )


def _repacked(book: Workbook, day: date) -> bytes:
    """The book's bytes with its day in place of the clock's."""
    at = datetime.combine(day, time())
    book.properties.creator = "Waymark"
    book.properties.created = at
    written, packed = io.BytesIO(), io.BytesIO()
    book.save(written)
    moment = max(EARLIEST, (day.year, day.month, day.day, 0, 0, 0))
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*",
                    rb"\g<1>" + at.isoformat().encode() + b"Z",
                    content,
                )
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return packed.getvalue()
