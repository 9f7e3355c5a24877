"""Typed links between instruments, each with the reason why it holds (R16, R18)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from waymark.compact.provisions import ProvisionId
from waymark.reading import Value
from waymark.words import N_, Sentence

Reason = Annotated[str, StringConstraints(min_length=8, strip_whitespace=True)]


class LinkType(StrEnum):
    """What one provision does for another."""

    ADVANCES = "advances"  # an SDG goal or target
    RESTS_ON = "rests-on"  # an article of a treaty or declaration
    OVERLAPS_WITH = "overlaps-with"  # the other Compact, or the New York Declaration
    MEASURED_BY = "measured-by"  # an SDG indicator

    @property
    def label(self) -> Sentence:
        """The type in words."""
        return Sentence(_LABELS[self])


_LABELS = {
    LinkType.ADVANCES: N_("advances the Sustainable Development Goals"),
    LinkType.RESTS_ON: N_("rests on human rights and treaties"),
    LinkType.OVERLAPS_WITH: N_("overlaps with the Refugee Compact and the New York Declaration"),
    LinkType.MEASURED_BY: N_("is measured by"),
}


EXPECTED_OF_OBJECTIVES = (LinkType.ADVANCES, LinkType.RESTS_ON, LinkType.OVERLAPS_WITH)


class Link(Value):
    """One typed link, with its basis in our own words."""

    source: ProvisionId = Field(alias="from")
    type: LinkType
    target: ProvisionId = Field(alias="to")
    basis: Reason


class NoLink(Value):
    """The statement that a provision has no counterpart of a type, with the reason."""

    source: ProvisionId = Field(alias="from")
    type: LinkType
    reason: Reason


class Crosswalk(Value):
    """The form of one crosswalk file."""

    links: tuple[Link, ...] = ()
    none: tuple[NoLink, ...] = ()
