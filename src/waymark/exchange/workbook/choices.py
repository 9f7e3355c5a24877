"""The lists from which cells are chosen: closed lists, places, provisions, what the register names.

A cell shows a name and, in brackets, the identifier that counts: ``IMRF 2026 [imrf-2026]``. Who
types may write the identifier alone, or the name alone where only one thing bears it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from waymark.compact.framework import Framework
from waymark.exchange.workbook.columns import closed_lists
from waymark.plans.forums import Forum
from waymark.plans.register import KINDS, Register
from waymark.plans.vocabulary import Named
from waymark.words import LANGUAGES, NAMES_OF_LANGUAGES, Names, Sentence

LONGEST_NAME = 90
CODE = re.compile(r"\[([^\[\]]+)\]\s*$")
TITLES = ("name", "title", "what", "statement", "basis")  # what a thing of the register is called
Lists = Mapping[str, "Choices"]


@dataclass(frozen=True)
class Choices:
    """One list: identifiers with the names that a person reads."""

    names: Mapping[str, str]

    def shown(self, code: str) -> str:
        """An identifier as a cell shows it."""
        name = " ".join(self.names.get(code, "").split())
        if not name or name == code:
            return code
        if len(name) > LONGEST_NAME:
            name = f"{name[:LONGEST_NAME].rstrip()}…"
        return f"{name} [{code}]"

    def code(self, text: str) -> str:
        """The identifier that a cell means; what means none is given back as it stands."""
        plain = " ".join(text.split())
        if plain in self.names:
            return plain
        bracketed = CODE.search(plain)
        if bracketed and (bracketed[1].strip() in self.names or " " not in bracketed[1].strip()):
            return bracketed[1].strip()
        return self._by_name.get(plain.casefold()) or plain

    @cached_property
    def _by_name(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for code, name in self.names.items():
            for each in (" ".join(name.split()).casefold(), code.casefold()):
                found[each] = code if found.get(each, code) == code else ""
        return found


def lists(
    framework: Framework,
    forums: Mapping[str, Forum],
    series: Mapping[str, Names],
    named: Mapping[str, Mapping[str, str]],
    language: str,
) -> dict[str, Choices]:
    """Every list that a workbook may need; ``named`` holds names of the register's things by kind.

    Localities among them are places.
    """
    tags = {
        name: {
            each.id: each.label.said(language).text for each in getattr(framework, name).values()
        }
        for name in ("groups", "needs", "stages")
    }
    provisions = {each.id: each.label.said(language).text for each in framework.provisions.values()}
    places = {each.id: each.name.said(language).text for each in framework.places.values()}
    found: dict[str, Mapping[str, str]] = {
        **{kind: named.get(kind, {}) for kind in KINDS},
        "places": {**places, **named.get("localities", {})},
        "provisions": provisions,
        **tags,
        "forums": {each.id: each.label.said(language).text for each in forums.values()},
        "series": {code: name.said(language).text for code, name in series.items()},
        "languages": {code: NAMES_OF_LANGUAGES[code] for code in LANGUAGES},
        **{name: _closed(each, language) for name, each in closed_lists().items()},
    }
    return {name: Choices(names) for name, names in found.items()}


def _closed(values: Iterable[StrEnum], language: str) -> dict[str, str]:
    return {
        each.value: each.label.text(language) if isinstance(each, Named) else _level(each, language)
        for each in values
    }


def _level(value: StrEnum, language: str) -> str:
    return Sentence(value.value.replace("-", " ")).text(language)


def names_in(register: Register) -> dict[str, dict[str, str]]:
    """The names of everything in a register, by kind and identifier."""
    return {
        kind: {key: name_of(each) for key, each in register.of_kind(kind).items()} for kind in KINDS
    }


def name_of(value: object) -> str:
    """What a thing of the register is called by its people; empty where it has no name."""
    return next((str(getattr(value, each)) for each in TITLES if getattr(value, each, "")), "")
