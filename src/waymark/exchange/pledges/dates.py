"""Dates as lists write them: in a form that the mapping names, and in no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from babel.dates import get_month_names
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from waymark.compact.dates import last_day
from waymark.words import folded

PARTS = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{1,2})"}
MONTH = "MONTH"  # a name of a month
WORDS = re.compile("YYYY|MONTH|MM|DD")


class DateError(ValueError):
    """A date that is not of a form, or of two forms that differ."""


@dataclass(frozen=True)
class DateForm:
    """How dates are written: ``YYYY-MM-DD``, ``DD.MM.YYYY``, ``DD MONTH YYYY``, ``YYYY``."""

    form: str

    @classmethod
    def parse(cls, given: Any) -> DateForm:
        """A form from its text; a day needs its month, and all need a year of four digits."""
        if isinstance(given, DateForm):
            return given
        form = " ".join(str(given).split())
        words = WORDS.findall(form)
        months = words.count("MM") + words.count(MONTH)
        rest = WORDS.sub("", form)
        right = words.count("YYYY") == 1 and months <= 1 and words.count("DD") <= months
        if not right or any(letter.isalnum() for letter in rest) or len(form) > 30:
            raise ValueError(
                "a form of dates is such as YYYY-MM-DD, DD/MM/YYYY, DD MONTH YYYY, MM.YYYY or YYYY"
            )
        return cls(form)

    def __str__(self) -> str:
        return self.form

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.to_string_ser_schema()
        )

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a text of this form looks like."""
        built, at = "", 0
        for word in WORDS.finditer(self.form):
            built += re.escape(self.form[at : word.start()])
            built += PARTS.get(word[0], r"(?P<name>[^\W\d]+\.?)")
            at = word.end()
        return re.compile(built + re.escape(self.form[at:]))

    def read(self, text: str, language: str) -> str | None:
        """A date of this form as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None where it is none."""
        found = self.pattern.fullmatch(" ".join(text.split()))
        if found is None:
            return None
        parts = found.groupdict()
        month = parts.get("month")
        if "name" in parts:
            month = _months(language).get(folded(parts["name"]).rstrip("."))
            if month is None:
                return None
        read = f"{int(parts['year']):04}"
        if month is not None:
            read += f"-{int(month):02}"
        if parts.get("day") is not None:
            read += f"-{int(parts['day']):02}"
        return read


def read_date(text: str, forms: tuple[DateForm, ...], language: str, *, by_then: bool) -> date:
    """The day that a text names in one of the forms.

    A year or a month alone is its last day where something is due ``by_then``; else it is no day.
    Raises a ``DateError`` with what is wrong.
    """
    found = {read: form for form in forms if (read := form.read(text, language)) is not None}
    if not found:
        raise DateError(f"it is no date of the form {' or '.join(map(str, forms))}")
    if len(found) > 1:
        raise DateError(f"it may be {' or '.join(found)}; two forms of the mapping fit")
    read = next(iter(found))
    if len(read) < 10 and not by_then:
        raise DateError("a day is wanted, not a month or a year")
    try:
        return last_day(read)
    except ValueError:
        raise DateError("no calendar has this day") from None


@lru_cache(maxsize=12)
def _months(language: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for width in ("abbreviated", "wide"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                names[folded(name).rstrip(".")] = str(number)
    return names
