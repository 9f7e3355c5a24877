"""Places: the world, its regions, States and areas, by M49 and ISO 3166 codes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from waymark.reading import Value
from waymark.words import Names

PlaceId = Annotated[str, StringConstraints(pattern=r"^([A-Z]{3}|\d{3})$")]
WORLD = "001"


class Level(StrEnum):
    """How wide a place is; only national places are compared with each other."""

    GLOBAL = "global"
    REGIONAL = "regional"
    NATIONAL = "national"
    SUBNATIONAL = "subnational"


class Place(Value):
    """A place: ISO 3166 alpha-3 for a State or area, three-digit M49 for the world and regions.

    ``member`` says whether the place is a Member State of the United Nations (or an observer
    State), which alone can accept a Compact. ``parents`` run from the nearest to the world.
    """

    id: PlaceId
    m49: str
    name: Names
    level: Level
    parents: tuple[PlaceId, ...] = ()
    member: bool = False
    least_developed: bool = False
    landlocked_developing: bool = False
    small_island_developing: bool = False
