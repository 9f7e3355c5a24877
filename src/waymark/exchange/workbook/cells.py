"""Fields of documents as text, as cells, and back: what a cell may hold and what it means.

Between the two stands one plain text for each field, as in the register package: dates as
2026-11-23, numbers written out, lists as words between blanks, ``true`` for yes, nothing for no.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from waymark.exchange.incoming import Told, told
from waymark.exchange.spreadsheets.cells import as_shown
from waymark.exchange.workbook.choices import Choices, Lists
from waymark.exchange.workbook.columns import Column, Form
from waymark.plans.vocabulary import CONTROL
from waymark.words import N_, Sentence

Cell = str | int | Decimal | bool | date | None
FIRST_DAY = date(1900, 3, 1)  # spreadsheets disagree about the days before (the year 1900)
LAST_DAY = date(2999, 12, 31)
EXACT_DIGITS = 15  # significant digits that a spreadsheet keeps; it saves 17, the last two noise
BLANKS = "\u00a0\u202f\u2007\u200e\u200f\u066c"
YES, NO = N_("yes"), N_("no")
WRITE_A_DATE = N_("Write it as 2026-11-23.")
WRITE_A_NUMBER = N_("Write it with a point before decimals and nothing between thousands.")
DATE_PARTS = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")
PLACE_NUMBER = re.compile(r"\d{1,3}")


ANSWERS = {  # in the six languages, as a program writes them, and as a pencil does
    True: frozenset(["yes", "y", "نعم", "是", "oui", "да", "sí", "si", "true", "1", "x", "✓"]),
    False: frozenset(["no", "n", "لا", "否", "non", "нет", "false", "0", "-"]),
}


class UnreadableError(Exception):
    """A cell that means nothing for its column, or two things: what is wrong, and the remedy."""

    def __init__(self, problem: Told, remedy: Told) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(str(problem))


def as_text(column: Column, value: object) -> str:
    """A field of a document as plain text."""
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return plain(column, str(value))


def as_value(column: Column, text: str) -> object:
    """Plain text as a document holds it; None for nothing."""
    if column.form in (Form.WORDS, Form.ADDRESSES):
        return text.split()
    if column.form is Form.YES_OR_NO:
        return text == "true"
    return text or None


def same(column: Column, one: str, other: str) -> bool:
    """Whether two texts say the same: 1.50 is 1.5, and blanks between words do not count."""
    if one == other:
        return True
    if column.form in (Form.NUMBER, Form.WHOLE):
        first, second = _decimal(one), _decimal(other)
        return first is not None and first == second
    return plain(column, one) == plain(column, other)


def plain(column: Column, text: str) -> str:
    """A text without the blanks that the register does not keep."""
    if column.form is Form.TEXT:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return " ".join(text.split())


def shown(
    column: Column, text: str, lists: Lists, language: str
) -> str | int | Decimal | date | None:
    """What a cell is to hold for a plain text; what is not of its form stays text."""
    if column.form is Form.YES_OR_NO:
        return word(text == "true", language)
    if not text:
        return None
    if column.form is Form.DATE:
        return _day_shown(text)
    if column.form in (Form.NUMBER, Form.WHOLE):
        return _number_shown(text)
    if column.form is Form.CHOICE:
        return _list(column, lists).shown(text)
    return text


def word(answer: bool, language: str) -> str:
    """Yes or no in a language."""
    return Sentence(YES if answer else NO).text(language)


def meant(column: Column, cell: Cell, lists: Lists) -> str:
    """The plain text that a cell means; ``UnreadableError`` where it means none, or two things."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return ""
    if isinstance(cell, str) and CONTROL.search(cell.replace("\r", "\n")):
        raise _unreadable(N_("It holds characters that cannot be shown."), N_("Type it again."))
    reader = {
        Form.DATE: _day,
        Form.NUMBER: _number,
        Form.WHOLE: _whole,
        Form.YES_OR_NO: _answer,
    }.get(column.form)
    if reader is not None:
        return reader(cell)
    if column.form is Form.CHOICE:
        return _chosen(column, cell, _list(column, lists))
    text = plain(column, _written(cell))
    if column.form is Form.WORDS:
        return " ".join(_codes(column, text, _list(column, lists)))
    return text


def _list(column: Column, lists: Lists) -> Choices:
    return lists.get(column.listed) or Choices({})


def _written(cell: Cell) -> str:
    """A cell of any kind as it would be written out."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, Decimal):
        return f"{Decimal(as_shown(cell)):f}"
    return str(cell)


def _chosen(column: Column, cell: Cell, choices: Choices) -> str:
    text = " ".join(_written(cell).split())
    if column.listed == "places" and PLACE_NUMBER.fullmatch(text):
        text = text.zfill(3)  # a spreadsheet that took the code of a region for a number
    code = choices.code(text)
    if column.closed and code not in choices.names:
        raise _unreadable(
            N_("'{given}' is not one of the list."),
            N_("Choose one of: {list}."),
            given=text,
            list="; ".join(map(choices.shown, choices.names)),
        )
    return code


def _codes(column: Column, text: str, choices: Choices) -> Iterable[str]:
    if text in choices.names or choices.code(text) in choices.names:
        return [choices.code(text)]
    words = [each for each in re.split(r"[\s,;،؛]+", text) if each]
    for each in words:
        if column.closed and each not in choices.names:
            raise _unreadable(
                N_("'{given}' is not one of the list."),
                N_("Write identifiers with a blank between them, out of: {list}."),
                given=each,
                list=", ".join(choices.names),
            )
    return words


def _answer(cell: Cell) -> str:
    said = "".join(_written(cell).split()).casefold()
    if said in ANSWERS[True]:
        return "true"
    if said in ANSWERS[False]:
        return ""
    raise _unreadable(
        N_("'{given}' is neither yes nor no."), N_("Write yes or no."), given=_written(cell)
    )


def _whole(cell: Cell) -> str:
    number = _decimal(_number(cell))
    if number is None or number != number.to_integral_value():
        raise _unreadable(
            N_("'{given}' is not a whole number."),
            N_("Write a whole number."),
            given=_written(cell),
        )
    return f"{number.normalize():f}"


def _number(cell: Cell) -> str:
    if isinstance(cell, bool | date):
        raise _unreadable(N_("'{given}' is not a number."), WRITE_A_NUMBER, given=_written(cell))
    if not isinstance(cell, str):
        return _written(cell)
    text = cell.strip().translate({ord(each): None for each in f" {BLANKS}"}).replace("٫", ".")
    if re.fullmatch(r"[+−-]?\d+,\d+", text) and not re.search(r",\d{3}$", text):
        text = text.replace(",", ".")  # three digits after a comma may be thousands or decimals
    number = _decimal(text.replace("−", "-"))
    if number is None:
        raise _unreadable(N_("'{given}' is not a number."), WRITE_A_NUMBER, given=cell.strip())
    return f"{number:f}"


def _decimal(text: str) -> Decimal | None:
    if not re.fullmatch(r"[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,2})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _day(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if not isinstance(cell, str):
        raise _unreadable(N_("'{given}' is not a date."), WRITE_A_DATE, given=_written(cell))
    text = unicodedata.normalize("NFKC", cell).strip()
    found = DATE_PARTS.fullmatch(text)
    if not found:
        raise _unreadable(N_("'{given}' is not a date."), WRITE_A_DATE, given=cell.strip())
    days = _readings(*found.groups())
    if len(days) > 1:
        first, second = sorted(days)
        raise _unreadable(
            N_("'{given}' may be {first} or {second}."),
            WRITE_A_DATE,
            given=cell.strip(),
            first=first,
            second=second,
        )
    if not days:
        raise _unreadable(N_("'{given}' is not a date."), WRITE_A_DATE, given=cell.strip())
    return days.pop()


def _readings(first: str, second: str, third: str) -> set[str]:
    """Every day that three numbers may mean: the year stands first or last, and has four digits."""
    orders = []
    if len(first) == 4:
        orders = [(first, second, third)]
    elif len(third) == 4 and len(first) < 3:
        orders = [(third, second, first), (third, first, second)]
    found = set()
    for year, month, day in orders:
        try:
            found.add(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return found


def _day_shown(text: str) -> str | date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if FIRST_DAY <= day <= LAST_DAY else text


def _number_shown(text: str) -> str | int | Decimal:
    number = _decimal(text)
    if number is None or len(number.normalize().as_tuple().digits) > EXACT_DIGITS:
        return text
    if number == number.to_integral_value() and abs(number) < 10**EXACT_DIGITS:
        return int(number)
    return number


def _unreadable(problem: str, remedy: str, **fields: object) -> UnreadableError:
    return UnreadableError(told(problem, **fields), told(remedy, **fields))
