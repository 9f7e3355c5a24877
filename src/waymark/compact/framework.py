"""The framework: what was promised, by whom and for whom, as one value that answers look-ups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from waymark.compact.acceptance import AcceptanceRecord
from waymark.compact.crosswalk import Link, LinkType, NoLink
from waymark.compact.places import Level, Place
from waymark.compact.provisions import Instrument, Kind, Provision, Tag
from waymark.exceptions import NotFoundError


class Framework:
    """Every instrument, provision, place, acceptance and link, checked against each other.

    Mappings are keyed by identifier and stand in reading order. ``provisions`` holds every level.
    """

    def __init__(
        self,
        *,
        instruments: Mapping[str, Instrument],
        provisions: Mapping[str, Provision],
        groups: Mapping[str, Tag],
        needs: Mapping[str, Tag],
        stages: Mapping[str, Tag],
        places: Mapping[str, Place],
        acceptance: AcceptanceRecord,
        links: Iterable[Link],
        no_links: Iterable[NoLink],
    ) -> None:
        self.instruments = instruments
        self.provisions = provisions
        self.groups = groups
        self.needs = needs
        self.stages = stages
        self.places = places
        self.acceptance = acceptance
        self.links = tuple(links)
        self.no_links = tuple(no_links)
        self._links_from: dict[str, list[Link]] = defaultdict(list)
        self._links_to: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            self._links_from[link.source].append(link)
            self._links_to[link.target].append(link)
        self._parents = {
            part.id: found for found in self.provisions.values() for part in found.parts
        }
        self._by_m49 = {place.m49: place for place in self.places.values()}

    def provision(self, identifier: str) -> Provision:
        """A provision by identifier; a paragraph inside a part of a Compact finds that part."""
        found = self.provisions.get(identifier) or self._part_holding(identifier)
        if found is None:
            remedy = "Identifiers look like gcm:15, gcm:15.b, gcr:68, sdg:10.7 or iccpr:26."
            raise NotFoundError(f"There is no provision '{identifier}'.", remedy)
        return found

    def place(self, identifier: str) -> Place:
        """A place by ISO 3166 alpha-3 or M49 code, in either case of letters."""
        code = identifier.strip().upper()
        found = self.places.get(code) or self._by_m49.get(code.zfill(3))
        if found is None:
            remedy = "Use an ISO 3166 alpha-3 code such as KEN, or an M49 code such as 002."
            raise NotFoundError(f"There is no place '{identifier}'.", remedy)
        return found

    @property
    def objectives(self) -> list[Provision]:
        """The 23 objectives of the Global Compact for Migration, in order."""
        return [found for found in self.provisions.values() if found.kind is Kind.OBJECTIVE]

    @property
    def states(self) -> list[Place]:
        """The Member States of the United Nations, by code."""
        return [place for place in self.places.values() if place.member]

    @property
    def countries(self) -> list[Place]:
        """Every national place: Member States, observer States and areas."""
        return [place for place in self.places.values() if place.level is Level.NATIONAL]

    def within(self, place: Place) -> list[Place]:
        """The national places inside a region or the world, by code."""
        return [inner for inner in self.countries if place.id in inner.parents]

    def of_instrument(self, instrument: str) -> list[Provision]:
        """The top provisions of an instrument (not their parts), in reading order."""
        return [
            found
            for found in self.provisions.values()
            if found.instrument == instrument and found.id not in self._parents
        ]

    def parent(self, provision: Provision) -> Provision | None:
        """The provision that holds this one as a part."""
        return self._parents.get(provision.id)

    def links_from(self, identifier: str, *types: LinkType) -> list[Link]:
        """Links that start at a provision, of the types asked for (all, where none is named)."""
        found = self._links_from.get(identifier, [])
        return [link for link in found if not types or link.type in types]

    def links_to(self, identifier: str, *types: LinkType) -> list[Link]:
        """Links that end at a provision, of the types asked for (all, where none is named)."""
        found = self._links_to.get(identifier, [])
        return [link for link in found if not types or link.type in types]

    def _part_holding(self, identifier: str) -> Provision | None:
        instrument, _, number = identifier.partition(":")
        if not number.isdigit():
            return None
        for found in self.provisions.values():
            if found.instrument == instrument and found.kind is Kind.PART:
                first, _, last = found.paragraphs.partition("-")
                if first.isdigit() and int(first) <= int(number) <= int(last or first):
                    return found
        return None
