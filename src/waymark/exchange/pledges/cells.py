"""A cell of a list as a value of a field: strictly, and with the remedy where it is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from waymark.compact.framework import Framework
from waymark.exchange.place_names import PlaceNames, load_place_names
from waymark.exchange.pledges.dates import DateError, read_date
from waymark.exchange.pledges.mappings import Column, PledgeMapping
from waymark.exchange.pledges.targets import Sort, Target
from waymark.exchange.source_tables import Content, shown
from waymark.exchange.spreadsheets.cells import Fault
from waymark.words import folded

DUE = ("due", "ends")  # fields that a year or a month alone may fill, by its last day
ANSWERS = {"yes": True, "true": True, "no": False, "false": False}
MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
ARABIC_POINT, ARABIC_GROUPS = "\u066b", "\u066c"  # before decimals, and between thousands
YEAR = re.compile(r"\d{4}")
INSTRUMENTS = {  # how lists abbreviate them beside our identifiers
    "global compact for migration": "gcm",
    "global compact on refugees": "gcr",
    "sustainable development goal": "sdg",
}
OBJECTIVES = "objective|objectif|objetivo|obj|paragraph|para|no|цель|目标|الهدف"
GOALS = "goal|target"  # the words of the 2030 Agenda
TITLE = re.compile(r"\s*(?::\s|\s[-–—]\s).*", re.DOTALL)  # what a code is followed by, in words


class CellError(ValueError):
    """A cell that is no value of its field: what is wrong, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem} {remedy}")


@dataclass
class CellReader:
    """Reads cells for one mapping, against one framework."""

    mapping: PledgeMapping
    framework: Framework
    lists: Mapping[str, Iterable[str]] = field(init=False)

    def __post_init__(self) -> None:
        of = self.framework
        self.lists = {"groups": of.groups, "needs": of.needs, "stages": of.stages}

    def read(self, cell: Content, target: Target, column: Column | None = None) -> list[object]:
        """The values in a cell: none where it is empty, several where the column parts them."""
        if cell is None or cell == "":
            return []
        separator = column.separator if column else ""
        parts: list[Content] = [cell]
        if isinstance(cell, str) and separator:
            parts = [part.strip() for part in cell.split(separator) if part.strip()]
        return [
            value
            for part in parts
            for value in self._one(self._meant(part, column), target, column)
        ]

    def _meant(self, part: Content, column: Column | None) -> Content:
        """What a word stands for by the column's values."""
        if isinstance(part, Fault):
            raise CellError(part.problem.text(), part.remedy.text())
        if column is None or not column.values:
            return part
        return column.values.get(" ".join(str(part).split()), part)

    def _one(self, part: Content, target: Target, column: Column | None) -> list[object]:
        if part == "":
            return []  # the mapping says that this word says nothing
        sort = target.sort
        if sort is Sort.DATE:
            return [self._date(part, target, column)]
        if sort is Sort.NUMBER:
            return [self._number(part, column)]
        if sort is Sort.YEAR:
            return [_year(part)]
        text = _text(part)
        if sort in (Sort.CHOICE, Sort.CHOICES):
            return [_choice(text, [str(each) for each in target.choices or ()], column)]
        if sort is Sort.TAGS:
            return [_choice(text, list(self.lists[target.field]), column)]
        if sort is Sort.PROVISIONS:
            return [self.provision(text)]
        if sort is Sort.PLACE:
            return [self.place(text)]
        if sort is Sort.ANSWER:
            return [_answer(part)]
        return [_without_mail(text)]

    def _date(self, part: Content, target: Target, column: Column | None) -> date:
        if isinstance(part, date):
            return part
        forms = (column.dates if column else ()) or self.mapping.dates
        by_then = target.field in DUE
        try:
            return read_date(_text(part), forms, self.mapping.language, by_then=by_then)
        except DateError as error:
            remedy = "Correct it, or add its form under 'dates' in the mapping."
            raise CellError(f"'{shown(part)}': {error}.", remedy) from None

    def _number(self, part: Content, column: Column | None) -> Decimal:
        if isinstance(part, int | Decimal) and not isinstance(part, bool):
            return Decimal(part)
        point = (column.decimal if column else None) or self.mapping.decimal
        groups = "." if point == "," else ","
        text = _text(part).replace("\u2212", "-")
        text = text.replace(ARABIC_POINT, point).replace(ARABIC_GROUPS, groups)
        form = rf"[+-]?(\d{{1,3}}([{groups}'’\s]\d{{3}})+|\d+)({re.escape(point)}\d+)?"
        if not re.fullmatch(form, text):
            remedy = f"Write it as 1234{point}5, or correct 'decimal' in the mapping."
            raise CellError(f"'{shown(part)}' is no number.", remedy)
        return Decimal(re.sub(rf"[{groups}'’\s]", "", text).replace(point, "."))

    def provision(self, text: str) -> str:
        """A provision by its code: ``gcm:7.b``, ``GCM 7``, ``Objective 7 (b)``, ``7.b``."""
        known = self.framework.provisions
        if text.strip() in known:
            return text.strip()
        plain = folded(text)
        for name, instrument in INSTRUMENTS.items():
            plain = plain.replace(name, instrument)
        found = self._pattern.fullmatch(TITLE.sub("", plain))
        if found:
            instrument = found["instrument"] or (
                "sdg" if found["goal"] else self.mapping.instrument
            )
            code = ".".join(filter(None, [found["code"], found["letter"]]))
            if f"{instrument}:{code}" in known:
                return f"{instrument}:{code}"
        remedy = "Codes look like GCM 7, Objective 7 (b), 7.b or gcm:7.b; or say it in 'values'."
        raise CellError(f"'{shown(text)}' is no provision that we know.", remedy)

    def place(self, text: str) -> str:
        """A place by its code, or by its name in one of the six languages."""
        code = text.strip().upper()
        if code in self.framework.places or re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", code):
            return code
        found = self._places.get(folded(text))
        if found:
            return found
        named = self._names.find(text)
        if named is None:
            close = difflib.get_close_matches(folded(text), self._places, n=3)
            meant = [self.framework.places[self._places[each]].name.en for each in close]
            guess = f"Did you mean {' or '.join(dict.fromkeys(meant))}? " if meant else ""
            remedy = f"{guess}Say under 'values' which place it is, by its code (KEN)."
            raise CellError(f"'{shown(text)}' is no place that we know.", remedy)
        return named.id

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        instruments = "|".join(self.framework.instruments)
        return re.compile(
            rf"(?:(?P<instrument>{instruments})\b[ :,.\-]*)?"
            rf"(?:(?:(?P<goal>{GOALS})|{OBJECTIVES})s?\.?[ :]*)?"
            r"(?P<code>\d+(?:\.\d+)*)[ .\-]?\(?(?P<letter>[a-z])?\)?"
        )

    @cached_property
    def _names(self) -> PlaceNames:
        return load_place_names(self.framework)

    @cached_property
    def _places(self) -> dict[str, str]:
        """Places by their names; a name that two places have in two languages is none's."""
        found: dict[str, str] = {}
        twice: set[str] = set()
        for place in self.framework.places.values():
            for language in place.name:
                name = folded(place.name.said(language).text)
                if found.setdefault(name, place.id) != place.id:
                    twice.add(name)
        return {name: place for name, place in found.items() if name not in twice}


def _text(part: object) -> str:
    if isinstance(part, bool):
        return "yes" if part else "no"
    if isinstance(part, Decimal):
        return f"{part:f}"
    return str(part).strip()


def _without_mail(text: str) -> str:
    found = MAIL.search(text)
    if found:
        remedy = "The register is public: take the address out, or list the column under 'ignored'."
        raise CellError("it holds an e-mail address.", remedy)
    return text


def _year(part: Content) -> int:
    text = str(part.year) if isinstance(part, date) else _text(part)
    if not YEAR.fullmatch(text):
        raise CellError(f"'{shown(text)}' is no year.", "Write a year in four digits.")
    return int(text)


def _answer(part: Content) -> bool:
    if isinstance(part, bool):
        return part
    found = ANSWERS.get(_text(part).casefold())
    if found is None:
        remedy = "Say under 'values' whether it stands for yes or no."
        raise CellError(f"'{shown(part)}' is neither yes nor no.", remedy)
    return found


def _choice(text: str, known: list[str], column: Column | None) -> str:
    if text in known:
        return text
    where = "under 'values' of this column" if column is not None else "in the constant"
    remedy = f"Say {where} what '{shown(text)}' stands for. The list is closed: {', '.join(known)}."
    raise CellError(f"'{shown(text)}' is not of the closed list.", remedy)
