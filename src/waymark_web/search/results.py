"""What a search finds: lines that lead to pages, in groups with a heading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.urls import reverse

from waymark.words import Names, Sentence

MOST_OF_A_KIND = 10


@dataclass(frozen=True)
class Line:
    """One thing that was found: its name or what somebody wrote of it, and where it is shown.

    ``language`` is that of ``text``, and empty where nobody said it. ``about`` stands beside:
    a code, the identifier of a place, or a word for what it is.
    """

    address: str
    names: Names | None = None
    text: str = ""
    language: str = ""
    code: str = ""
    place: str = ""
    about: Sentence | None = None
    made_up: bool = False


@dataclass(frozen=True)
class Group:
    """Lines of one kind, and the address of the list that has all of them, where there is one."""

    label: str
    lines: tuple[Line, ...]
    more: bool = False
    every: str = ""


def line_of(route: str, row: Any, text: str) -> Line:
    """A row of the register, by what was written of it, and the page that shows it."""
    return Line(
        reverse(route, args=[row.slug]),
        text=text,
        language=row.language,
        place=row.place,
        made_up=row.illustrative,
    )


def group_of(
    label: str, found: Iterable[Line], most: int = MOST_OF_A_KIND, every: str = ""
) -> Group:
    """The first lines of a kind; whether there are more is looked at, and not how many."""
    lines = tuple(islice(found, most + 1))
    return Group(label, lines[:most], len(lines) > most, every)
