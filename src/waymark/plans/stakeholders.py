"""Which kinds of stakeholder have a role, which have none, and who has a mandate (R17, R24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from waymark.compact.framework import Framework
from waymark.plans.actors import Actor, Mandate
from waymark.plans.commitments import Commitment
from waymark.plans.register import Register
from waymark.plans.tallies import served
from waymark.plans.vocabulary import ActorKind, LedBy, Status

EXPECTED_KINDS = (  # the stakeholders whom the Compact names as partners (GCM, para. 44; R17)
    ActorKind.LOCAL_AUTHORITY,
    ActorKind.CIVIL_SOCIETY,
    ActorKind.PRIVATE_SECTOR,
    ActorKind.TRADE_UNION,
    ActorKind.ACADEMIA,
    ActorKind.PARLIAMENT,
    ActorKind.HUMAN_RIGHTS_INSTITUTION,
    ActorKind.FAITH_BASED,
    ActorKind.MEDIA,
)
EXPECTED_LEADERSHIP = (LedBy.MIGRANTS, LedBy.REFUGEES, LedBy.DIASPORA)


@dataclass(frozen=True, slots=True)
class Roles:
    """Who has a part in some commitments: actors by kind and by leadership; who has none."""

    by_kind: Mapping[ActorKind, tuple[str, ...]]
    by_leadership: Mapping[LedBy, tuple[str, ...]]

    @property
    def empty_kinds(self) -> tuple[ActorKind, ...]:
        """The expected kinds of stakeholder without any part."""
        return tuple(kind for kind in EXPECTED_KINDS if not self.by_kind.get(kind))

    @property
    def empty_leadership(self) -> tuple[LedBy, ...]:
        """Of migrants, refugees and diaspora: those who lead no actor that has a part."""
        return tuple(led for led in EXPECTED_LEADERSHIP if not self.by_leadership.get(led))


def roles(commitments: Iterable[Commitment], actors: Mapping[str, Actor]) -> Roles:
    """Every actor that leads a commitment or is a partner in one, by kind and leadership."""
    taking_part: dict[str, None] = {}
    for each in commitments:
        for identifier in (each.lead, *(partner.actor for partner in each.partners)):
            if identifier in actors:
                taking_part[str(identifier)] = None
    by_kind: dict[ActorKind, tuple[str, ...]] = {}
    by_leadership: dict[LedBy, tuple[str, ...]] = {}
    for actor in map(actors.__getitem__, taking_part):
        by_kind[actor.kind] = (*by_kind.get(actor.kind, ()), actor.id)
        for led in actor.led_by:
            by_leadership[led] = (*by_leadership.get(led, ()), actor.id)
    return Roles(by_kind, by_leadership)


def without_mandate(register: Register, framework: Framework, place: str) -> list[str]:
    """The objectives for which no actor has a mandate, in a place or for the whole world."""
    covered = {
        provision
        for mandate in _mandates_for(register, framework, place)
        for provision in served([mandate.provision], framework)
    }
    return [found.id for found in framework.objectives if found.id not in covered]


def idle_mandates(register: Register, framework: Framework, place: str) -> list[Mandate]:
    """The mandates whose actor has no part in a live commitment of the place on that provision."""
    active: set[tuple[str, str]] = set()
    for each in register.of_place(framework, place).commitments.values():
        if each.status is Status.DROPPED:
            continue
        for provision in served(each.provisions, framework):
            for actor in (each.lead, *(partner.actor for partner in each.partners)):
                if actor is not None:
                    active.add((actor, provision))
    return [
        mandate
        for mandate in _mandates_for(register, framework, place)
        if (mandate.actor, mandate.provision) not in active
    ]


def has_mandate(commitment: Commitment, register: Register, framework: Framework) -> bool:
    """Whether the lead answers for one of the provisions (or one that holds it), in the place.

    A State answers for every provision of a commitment of its own place. A mandate reaches the
    places inside its own, and no other: that of a city is none for its State or another city.
    """
    lead = register.actors.get(commitment.lead or "")
    if lead is None:
        return False
    upwards = register.up_from(commitment.place)
    country = upwards[-1]
    if lead.kind is ActorKind.STATE and country == lead.place:
        return True
    around = {*upwards, *framework.places[country].parents}
    wanted = set(served(commitment.provisions, framework))
    return any(
        mandate.actor == lead.id and mandate.provision in wanted and mandate.place in around
        for mandate in register.mandates.values()
    )


def _mandates_for(register: Register, framework: Framework, place: str) -> list[Mandate]:
    """Mandates that reach a State or area: its own and its localities', and those around it."""
    around = {place, *framework.places[place].parents}
    return [
        mandate
        for mandate in register.mandates.values()
        if register.country_of(mandate.place) in around
    ]
