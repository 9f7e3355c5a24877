"""Dates as sources give them: a year, a month or a day."""

from __future__ import annotations

import calendar
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


@lru_cache(maxsize=20_000)
def first_day(partial: str) -> date:
    """The first day of a year, a month or a day: ``2028`` is 1 January 2028."""
    parts = [int(part) for part in partial.split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    return date(year, month, day)


@lru_cache(maxsize=20_000)
def last_day(partial: str) -> date:
    """The last day of a year, a month or a day: ``2028`` is 31 December 2028."""
    parts = [int(part) for part in partial.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return date(year, month, day)


def _of_the_calendar(partial: str) -> str:
    first_day(partial)  # raises ValueError for a month or a day that no calendar has
    return partial


PartialDate = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
    AfterValidator(_of_the_calendar),
]
