"""Actors of the register as organisations of IATI: the kind, by its code list, and the name."""

from __future__ import annotations

from waymark.compact.places import Level
from waymark.exchange.iati.activities import Narrative, Organisation
from waymark.plans.actors import Actor
from waymark.plans.vocabulary import ActorKind

NARROW = (Level.NATIONAL, Level.SUBNATIONAL)
TYPES = {  # the code list OrganisationType; what is not here is 90, other
    ActorKind.STATE: "10",
    ActorKind.MINISTRY: "10",
    ActorKind.LOCAL_AUTHORITY: "11",
    ActorKind.PARLIAMENT: "15",
    ActorKind.COURT: "15",
    ActorKind.HUMAN_RIGHTS_INSTITUTION: "15",
    ActorKind.UN_ENTITY: "40",
    ActorKind.REGIONAL_ORGANISATION: "40",
    ActorKind.PRIVATE_SECTOR: "70",
    ActorKind.ACADEMIA: "80",
}
CIVIL_SOCIETY = {Level.GLOBAL: "21", Level.REGIONAL: "23"}


def organisation_of(actor: Actor) -> Organisation:
    """An actor as the standard names it; the register keeps no identifiers of IATI."""
    kind = TYPES.get(actor.kind, "90")
    if actor.kind is ActorKind.CIVIL_SOCIETY:
        kind = "22" if actor.level in NARROW else CIVIL_SOCIETY[actor.level]
    return Organisation(type=kind, name=(Narrative(actor.name, actor.language),))
