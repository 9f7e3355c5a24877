"""Overlap and underlap: which group's which need the two Compacts promise to meet (R11, R12).

A cell is reached *by name* where a provision names the group and the need, and *through everyone*
where a provision promises the need to all whom the instrument protects. Adding an instrument adds
provisions to cells and never removes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from waymark.compact.framework import Framework
from waymark.compact.provisions import Provision
from waymark.words import N_, Sentence

COMPACTS = ("gcm", "gcr")
EVERYONE = "general"


class Reach(StrEnum):
    """How far the two Compacts reach into one cell."""

    BOTH = "both"
    GCM_ONLY = "gcm-only"
    GCR_ONLY = "gcr-only"
    THROUGH_EVERYONE = "through-everyone"
    NONE = "none"

    @property
    def label(self) -> Sentence:
        """The reach in words."""
        return Sentence(_LABELS[self])


_LABELS = {
    Reach.BOTH: N_("both Compacts name this group and this need"),
    Reach.GCM_ONLY: N_("only the Migration Compact names this group and this need"),
    Reach.GCR_ONLY: N_("only the Refugee Compact names this group and this need"),
    Reach.THROUGH_EVERYONE: N_("promised only as part of a promise to everyone"),
    Reach.NONE: N_("promised by neither Compact"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One group's one need: the provisions that promise it by name, and those for everyone."""

    group: str
    need: str
    by_name: tuple[Provision, ...]
    for_everyone: tuple[Provision, ...]

    @property
    def reach(self) -> Reach:
        """Which of the two Compacts promise this, by name before through everyone."""
        named = {provision.instrument for provision in self.by_name} & set(COMPACTS)
        if len(named) == len(COMPACTS):
            return Reach.BOTH
        if named:
            return Reach.GCM_ONLY if "gcm" in named else Reach.GCR_ONLY
        everyone = {provision.instrument for provision in self.for_everyone} & set(COMPACTS)
        return Reach.THROUGH_EVERYONE if everyone else Reach.NONE


def cells(framework: Framework, instruments: Iterable[str] = COMPACTS) -> list[Cell]:
    """Every group x need, in the order of the closed lists, with the provisions that promise it."""
    wanted = set(instruments)
    provisions = [found for found in framework.provisions.values() if found.instrument in wanted]
    return [
        _cell(group, need, provisions) for group in framework.groups for need in framework.needs
    ]


def cells_of_group(framework: Framework, group: str) -> list[Cell]:
    """One group's row: a cell for each need."""
    return [cell for cell in cells(framework) if cell.group == group]


def _cell(group: str, need: str, provisions: list[Provision]) -> Cell:
    serving = [provision for provision in provisions if need in provision.needs]
    by_name = tuple(provision for provision in serving if group in provision.groups)
    everyone = tuple(
        provision
        for provision in serving
        if EVERYONE in provision.groups and group not in provision.groups
    )
    return Cell(group, need, by_name, everyone)
