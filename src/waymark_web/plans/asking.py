"""What a question of a form is made of, and the questions that many forms share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from waymark.plans.vocabulary import Named
from waymark.words import N_


@dataclass(frozen=True)
class Field:
    """One question of a form: its name, its label, a help before it, how it is entered.

    ``widget`` is one of line, text, select, date, year, number, check, checks, actor, series,
    place, forum, plan, practice, provisions, flow, links, steps, partners, several (of a long
    list). ``choices`` is a closed list.
    ``rare`` fields stand folded at the end of the form.
    """

    name: str
    label: str
    widget: str = "line"
    help: str = ""
    choices: type[Named] | None = None
    rare: bool = False


UNKEEPABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")  # letters that a database may refuse


def readable(given: Any) -> Any:
    """What somebody has written, without letters that are none and that no register can keep."""
    if isinstance(given, dict):
        return {readable(name): readable(each) for name, each in given.items()}
    if isinstance(given, list | tuple):
        return [readable(each) for each in given]
    return UNKEEPABLE.sub("", given) if isinstance(given, str) else given


LANGUAGE = Field("language", N_("Language in which you write"), "language", rare=True)
PLACE = Field("place", N_("Place"), "place")
ILLUSTRATIVE = Field(
    "illustrative", N_("This is made up, to show how the register works"), "check", rare=True
)
