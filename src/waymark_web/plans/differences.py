"""What differs between two documents: field by field, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from waymark.words import Sentence
from waymark_web.plans.fields import FIELDS, KIND_NAMES, Document, Field

PARTS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Difference:
    """One field: its label, both values as text, and the pieces kept, taken out or put in.

    ``pieces`` are pairs of a mark (``=``, ``-`` or ``+``) and a text.
    """

    name: str
    label: Sentence
    old: str
    new: str
    pieces: list[tuple[str, str]]


def differences(kind: str, old: Document | None, new: Document | None) -> Iterator[Difference]:
    """The fields in which two documents differ, in the order of the form."""
    old, new = old or {}, new or {}
    for field in FIELDS[kind]:
        before, after = as_text(old.get(field.name)), as_text(new.get(field.name))
        if before != after:
            yield Difference(
                field.name, Sentence(field.label), before, after, list(pieces(before, after))
            )


def as_text(value: Any) -> str:
    """A value of a document as a person reads it in a comparison."""
    if value is None or value == "" or value == [] or value is False:
        return ""
    if value is True:
        return "✓"
    if isinstance(value, dict):
        return " · ".join(
            as_text(each) for key, each in value.items() if key != "id" and as_text(each)
        )
    if isinstance(value, list | tuple):
        return "\n".join(as_text(each) for each in value)
    return str(value)


def label_of(kind: str) -> Sentence:
    """A kind's name for readers."""
    return Sentence(KIND_NAMES[kind])


def field_of(kind: str, name: str) -> Field:
    """A field by its name."""
    return next(field for field in FIELDS[kind] if field.name == name)


def pieces(old: str, new: str) -> Iterator[tuple[str, str]]:
    """What was kept (``=``), taken out (``-``) and put in (``+``) between two texts, in order."""
    mine, theirs = PARTS.findall(old), PARTS.findall(new)
    matcher = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield "=", "".join(mine[i1:i2])
            continue
        if i2 > i1:
            yield "-", "".join(mine[i1:i2])
        if j2 > j1:
            yield "+", "".join(theirs[j1:j2])


def whole(old: str, new: str) -> list[tuple[str, str]]:
    """The same of a date, a number or a choice, which is taken out and put in as one."""
    if old == new:
        return [("=", old)]
    return [(mark, text) for mark, text in (("-", old), ("+", new)) if text]
