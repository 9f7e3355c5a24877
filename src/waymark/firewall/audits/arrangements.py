"""Read a place's arrangements: from one YAML file, or from a folder with two tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.firewall.audits.columns import (
    ArrangementColumns,
    BodyColumns,
    arrangement_columns,
    body_columns,
)
from waymark.firewall.audits.network import Arrangement, Body, Network
from waymark.firewall.audits.table_files import files_of, read_file
from waymark.firewall.audits.tables import Fault, Table, faults_in_value, faults_in_yaml, table_of
from waymark.firewall.domain import Domain
from waymark.reading import read_yaml
from waymark.words import Sentence

MOST_BODIES, MOST_ARRANGEMENTS = 20_000, 100_000  # of what somebody sends to the site
Told = Callable[[Sentence], None]


def silent(step: Sentence) -> None:
    """Tell nobody of a step."""


@dataclass(frozen=True)
class Holdings:
    """A place's arrangements, read, checked and numbered; whole rows of them on request.

    ``about`` has no bodies and no arrangements: it says what the whole is called and where it is
    from. ``digest`` is the hash of everything that is written down.
    """

    about: Network
    domain: Domain
    body_table: Table
    arrangement_table: Table
    bodies: BodyColumns
    arrangements: ArrangementColumns
    digest_of: Callable[[], str]

    @cached_property
    def digest(self) -> str:
        """The hash of everything that is written down."""
        return self.digest_of()

    def some_bodies(self, rows: set[int]) -> dict[int, Body]:
        """Some bodies by their numbers."""
        return self.body_table.values(rows)

    def some_arrangements(self, rows: set[int]) -> dict[int, Arrangement]:
        """Some arrangements by their numbers."""
        return self.arrangement_table.values(rows)


def read_holdings(
    path: Path, domain: Domain, *, limited: bool = False, told: Told = silent
) -> Holdings:
    """The arrangements of a YAML file, or of a folder with tables of bodies and of arrangements.

    ``limited`` refuses more than ``MOST_BODIES`` or ``MOST_ARRANGEMENTS``. Raises
    ``DefinitionError`` with the file, the place in it and the remedy for what is wrong.
    """
    most = (MOST_BODIES, MOST_ARRANGEMENTS) if limited else (None, None)
    if not path.is_dir():
        network = read_yaml(path, Network)
        for name, most_here in zip(("bodies", "arrangements"), most, strict=True):
            if most_here is not None and len(getattr(network, name)) > most_here:
                problem = f"there are more than {most_here:,} {name}."
                raise DefinitionError(path, problem, "Split the file by place.")
        return holdings_of(network, domain, lambda part: faults_in_yaml(path, part))
    told(Sentence("Reading the bodies"))
    bodies = read_file(path, "bodies", Body, most[0])
    columns = body_columns(bodies, domain)
    told(Sentence("Reading the arrangements of {count} bodies", count=bodies.rows))
    arrangements = read_file(path, "arrangements", Arrangement, most[1])
    told(Sentence("Checking {count} arrangements", count=arrangements.rows))
    return Holdings(
        Network(title=path.resolve().name or "Arrangements", bodies=()),
        domain,
        bodies,
        arrangements,
        columns,
        arrangement_columns(arrangements, domain, columns.ids),
        lambda: digest_of_files(path),
    )


def holdings_of(
    network: Network, domain: Domain, faults: Callable[[str], Fault] = faults_in_value
) -> Holdings:
    """A network that is read already, checked and numbered."""
    bodies = table_of(network.bodies, Body, faults("bodies"))
    arrangements = table_of(network.arrangements, Arrangement, faults("arrangements"))
    columns = body_columns(bodies, domain)
    return Holdings(
        network.model_copy(update={"bodies": (), "arrangements": ()}),
        domain,
        bodies,
        arrangements,
        columns,
        arrangement_columns(arrangements, domain, columns.ids),
        lambda: network_digest(network),
    )


def read_network(path: Path, domain: Domain, *, limited: bool = True) -> Network:
    """The arrangements of a file or a folder as one value, for what is kept or shown whole."""
    held = read_holdings(path, domain, limited=limited)
    bodies = held.some_bodies(set(range(held.body_table.rows)))
    arrangements = held.some_arrangements(set(range(held.arrangement_table.rows)))
    return held.about.model_copy(
        update={
            "bodies": tuple(bodies.values()),
            "arrangements": tuple(arrangements.values()),
        }
    )


def network_digest(network: Network) -> str:
    """The hash of everything that a network says."""
    return hashlib.sha256(network.model_dump_json().encode()).hexdigest()


def digest_of_files(folder: Path) -> str:
    """The hash of what ``sha256sum`` prints of the two files, bodies first."""
    lines = []
    for path in files_of(folder):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()
