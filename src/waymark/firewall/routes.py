"""Which services answer a need: for everybody, and more for a group or under a Compact (R11, R12).

What a person is offered is a union. Belonging to a group, or being in view of a second Compact,
adds services and never takes one away.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from waymark.firewall.domain import FOLDER
from waymark.reading import Value, read_yaml


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

    essential: tuple[Service, ...]
    routes: tuple[Route, ...]

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


def load_routes(folder: Path = FOLDER) -> Routes:
    """The routes that ship."""
    return read_yaml(folder / "routes.yaml", Routes)
