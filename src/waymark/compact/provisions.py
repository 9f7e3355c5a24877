"""Instruments and their provisions, with the tags that say whom and what each one serves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints, field_validator

from waymark.reading import Value
from waymark.words import Label, Names

InstrumentId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
ProvisionId = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*:[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$")
]
TagId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*$")]
MOST_WORDS_IN_A_LABEL = 15


class Kind(StrEnum):
    """What an instrument calls its provision."""

    OBJECTIVE = "objective"
    ACTION = "action"
    PART = "part"
    PARAGRAPH = "paragraph"
    GOAL = "goal"
    TARGET = "target"
    INDICATOR = "indicator"
    ARTICLE = "article"


class InstrumentKind(StrEnum):
    """What sort of promise an instrument is."""

    COMPACT = "compact"
    DECLARATION = "declaration"
    AGENDA = "agenda"
    TREATY = "treaty"


class Tag(Value):
    """A value of a closed list: a group, a need or a stage."""

    id: TagId
    label: Label
    source: str = ""


class Instrument(Value):
    """A text that promises something: a Compact, a declaration, an agenda or a treaty.

    ``acceptance`` names the record that says which State accepted it: a resolution symbol (a roll
    call), a treaty code (a ratification), ``consensus`` (adopted without a vote, with the source
    in ``acceptance_source``) or ``not-recorded``.
    """

    id: InstrumentId
    kind: InstrumentKind
    title: Label
    short: Label
    adopted: str
    document: str
    source: str
    acceptance: str
    acceptance_source: str = ""
    note: str = ""


class Provision(Value):
    """One numbered promise of an instrument, with its parts.

    ``label`` is in our own words, at most 15 in English; ``title`` is the official title where
    there is one. ``groups``, ``needs`` and ``stages`` are tags of this provision itself, not of
    its parts.
    """

    id: ProvisionId
    kind: Kind
    paragraphs: str = ""
    title: Names | None = None
    label: Label
    groups: tuple[TagId, ...] = ()
    needs: tuple[TagId, ...] = ()
    stages: tuple[TagId, ...] = ()
    note: str = ""
    parts: tuple[Provision, ...] = ()

    @field_validator("label")
    @classmethod
    def _short_label(cls, label: Label) -> Label:
        words = len(label.en.split())
        if words > MOST_WORDS_IN_A_LABEL:
            raise ValueError(
                f"the label has {words} words, at most {MOST_WORDS_IN_A_LABEL} are allowed"
            )
        return label

    @property
    def instrument(self) -> str:
        """The instrument's identifier: ``gcm`` of ``gcm:15.b``."""
        return self.id.split(":")[0]

    @property
    def number(self) -> str:
        """The instrument's own numbering: ``15.b`` of ``gcm:15.b``."""
        return self.id.split(":")[1]

    @property
    def name(self) -> Names:
        """The official title where there is one, in our own words in the languages without one."""
        return Names({**self.label.root, **self.title.root}) if self.title else self.label

    def walk(self) -> Iterator[Provision]:
        """This provision and everything inside it, in the instrument's order."""
        yield self
        for part in self.parts:
            yield from part.walk()


class InstrumentPart(Value):
    """The form of one file: a list of provisions."""

    provisions: tuple[Provision, ...]


def reading_order(provision_id: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A sort key that puts ``gcm:2`` before ``gcm:10`` and ``gcm:2.a`` after ``gcm:2``."""
    instrument, number = provision_id.split(":")
    parts = re.findall(r"\d+|[A-Za-z]+", number)
    return instrument, tuple((int(part), "") if part.isdigit() else (10**6, part) for part in parts)
