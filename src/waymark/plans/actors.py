"""Actors and their mandates: who takes part, who answers for what, and on what basis (R1, R24)."""

from __future__ import annotations

from typing import Annotated

from waymark.compact.places import Level
from waymark.compact.provisions import ProvisionId
from waymark.plans.vocabulary import (
    ActorKind,
    AsWords,
    Language,
    LedBy,
    Line,
    LocalityId,
    MandateKind,
    PlaceRef,
    Slug,
    Text,
)
from waymark.reading import Value


class Locality(Value):
    """A place below a State: a province, a district or a city, by ISO 3166-2 or a like code.

    ``parent`` is a State or area, or another locality.
    """

    id: LocalityId
    name: Line
    language: Language = "en"
    parent: PlaceRef


class Actor(Value):
    """An organisation or authority. Never a person: people are accounts, not actors.

    ``level`` is how wide it acts, ``place`` where. ``illustrative`` marks what is made up to show
    how the register works; pages say so.
    """

    id: Slug
    name: Line
    language: Language = "en"
    kind: ActorKind
    led_by: Annotated[tuple[LedBy, ...], AsWords] = ()
    level: Level
    place: PlaceRef
    parent: Slug | None = None
    source: Text = ""
    illustrative: bool = False


class Mandate(Value):
    """What an actor answers for, in a place, by its statute or by decision.

    ``basis`` says in our own words what gives the mandate, ``source`` where to read it.
    """

    id: Slug
    actor: Slug
    provision: ProvisionId
    kind: MandateKind
    place: PlaceRef = "001"
    basis: Line
    source: Text = ""
