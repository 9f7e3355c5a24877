"""Which services answer a need: for everybody, and more for a group or under a Compact (R11, R12).

What a person is offered is a union. Belonging to a group, or being in view of a second Compact,
adds services and never takes one away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, product
from pathlib import Path

from pydantic import Field

from waymark.compact.loading import load_tags
from waymark.exceptions import DefinitionError
from waymark.firewall.domain import FOLDER, Domain, Role, load_domain
from waymark.reading import Position, Value, line_at, read_yaml


class Service(Value):
    """A kind of body and what people go there for."""

    service: str
    purpose: str


class Route(Value):
    """A service that answers a need: for everybody, for a group, or under an instrument."""

    need: str
    service: str
    purpose: str
    group: str | None = None
    instrument: str | None = None

    @property
    def leads_to(self) -> Service:
        """Where the route leads."""
        return Service(service=self.service, purpose=self.purpose)


class Routes(Value):
    """The services that must stay open for everybody, and the routes from needs to services."""

    essential: tuple[Service, ...] = Field(min_length=1)
    routes: tuple[Route, ...] = Field(min_length=1)

    @cached_property
    def digest(self) -> str:
        """The hash of what must stay open; a certificate over less is worth less."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def needs(self) -> tuple[str, ...]:
        """The needs that have a route, in order."""
        return tuple(dict.fromkeys(each.need for each in self.routes))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that have routes of their own."""
        return tuple(dict.fromkeys(each.group for each in self.routes if each.group))

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments that add routes."""
        return tuple(dict.fromkeys(each.instrument for each in self.routes if each.instrument))

    def services(
        self, need: str, groups: Iterable[str] = (), instruments: Iterable[str] = ()
    ) -> frozenset[Service]:
        """The services for a need of a person who is of these groups, under these instruments."""
        of_groups, under = {None, *groups}, {None, *instruments}
        return frozenset(
            each.leads_to
            for each in self.routes
            if each.need == need and each.group in of_groups and each.instrument in under
        )

    @cached_property
    def loss(self) -> tuple[str, str] | None:
        """A need that loses a service where a group or an instrument is added, and which; or None.

        Tried for nobody in particular, and for every one and two groups and instruments.
        """
        for groups, instruments in product(_some(self.groups), _some(self.instruments)):
            wider = [(more, {*groups, more}, instruments) for more in self.groups]
            wider += [(more, groups, {*instruments, more}) for more in self.instruments]
            for need in self.needs:
                before = self.services(need, groups, instruments)
                for more, *others in wider:
                    if not before <= self.services(need, *others):
                        return need, more
        return None


def _some(words: Sequence[str]) -> list[set[str]]:
    """None of some words, each alone, and every two."""
    return [set(held) for size in range(3) for held in combinations(words, size)]


def load_routes(folder: Path = FOLDER) -> Routes:
    """The routes that ship: one at least for every need of the closed list, all words known."""
    path = folder / "routes.yaml"
    found = read_yaml(path, Routes)
    needs = load_tags(folder.parent / "needs.yaml")
    lists = {
        "need": needs,
        "group": load_tags(folder.parent / "groups.yaml"),
        "instrument": [each.name for each in (folder.parent / "instruments").iterdir()],
    }
    for where, problem in _faults(found, load_domain(folder), lists):
        remedy = "Take a word of the closed lists; see docs/reference/definitions.md."
        raise DefinitionError(path, problem, remedy, line=line_at(path, where))
    missing = [need for need in needs if need not in found.needs]
    if missing:
        remedy = "Give each need a route that is open to everybody."
        raise DefinitionError(path, f"there is no route for: {', '.join(missing)}.", remedy)
    return found


def _faults(
    routes: Routes, domain: Domain, lists: Mapping[str, Collection[str]]
) -> Iterator[tuple[Position, str]]:
    """Where the routes name what no closed list has, and the problem."""
    services = [domain.kinds[at].id for at in domain.of_role(Role.SERVICE)]
    purposes = [each.id for each in domain.purposes if each.helps]
    for part, steps in (("essential", routes.essential), ("routes", routes.routes)):
        for at, step in enumerate(steps):
            given = step.model_dump(exclude_none=True)
            for name, known in {"service": services, "purpose": purposes, **lists}.items():
                if name in given and given[name] not in known:
                    yield (part, at, name), f"'{given[name]}' is no {name} of the closed lists."
