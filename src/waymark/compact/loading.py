"""Load the framework from its definition files: everything is checked, or nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import RootModel

from waymark.compact.acceptance import (
    AcceptanceRecord,
    RatificationEntry,
    RollCallEntry,
    Statements,
)
from waymark.compact.crosswalk import EXPECTED_OF_OBJECTIVES, Crosswalk, Link, NoLink
from waymark.compact.framework import Framework
from waymark.compact.places import Level, Place, PlaceId
from waymark.compact.provisions import (
    Instrument,
    InstrumentPart,
    Kind,
    Provision,
    Tag,
    reading_order,
)
from waymark.exceptions import DefinitionError
from waymark.reading import Value, line_of, read_table, read_yaml
from waymark.words import Names

DEFINITIONS = Path(__file__).parent.parent / "definitions"


class _Tags(RootModel[tuple[Tag, ...]]):
    """The form of a closed list."""


class _PlaceRow(Value):
    """A row of ``places.csv``: ``parents`` are codes with spaces between them."""

    id: PlaceId
    m49: str
    level: Level
    parents: str = ""
    member: bool = False
    least_developed: bool = False
    landlocked_developing: bool = False
    small_island_developing: bool = False
    en: str
    ar: str
    zh: str
    fr: str
    ru: str
    es: str

    def place(self) -> Place:
        """The row as a place with its names and its parents."""
        columns = self.model_dump()
        names = {
            language: columns.pop(language) for language in ("en", "ar", "zh", "fr", "ru", "es")
        }
        columns["parents"] = tuple(self.parents.split())
        return Place(name=Names(names), **columns)


class _Origin(NamedTuple):
    """Where a definition was read, to name the place of a contradiction."""

    path: Path
    identifier: str

    def error(self, problem: str, remedy: str) -> DefinitionError:
        return DefinitionError(self.path, problem, remedy, line=line_of(self.path, self.identifier))


def load_framework(folder: Path = DEFINITIONS) -> Framework:
    """The framework that a folder of definitions describes.

    Raises ``DefinitionError`` at the first file that is wrong in itself or contradicts another.
    """
    groups = load_tags(folder / "groups.yaml")
    needs = load_tags(folder / "needs.yaml")
    stages = load_tags(folder / "stages.yaml")
    places = _places(folder / "places.csv")
    instruments, provisions = _instruments(folder / "instruments")
    closed = {"groups": groups, "needs": needs, "stages": stages}
    for provision, origin in provisions.values():
        _check_tags(provision, origin, closed)
    known = {identifier: provision for identifier, (provision, _) in provisions.items()}
    links, no_links = _crosswalk(folder / "crosswalk", known)
    acceptance = _acceptance(folder / "acceptance", places, instruments)
    for instrument, origin in instruments.values():
        _check_acceptance(instrument, origin, acceptance)
    return Framework(
        instruments={key: instrument for key, (instrument, _) in instruments.items()},
        provisions=known,
        groups=groups,
        needs=needs,
        stages=stages,
        places=places,
        acceptance=acceptance,
        links=links,
        no_links=no_links,
    )


def load_tags(path: Path) -> dict[str, Tag]:
    """A closed list by identifier, each of which stands once."""
    tags = read_yaml(path, _Tags).root
    _once(path, [tag.id for tag in tags])
    return {tag.id: tag for tag in tags}


def _places(path: Path) -> dict[str, Place]:
    places = {place.id: place for place in (row.place() for row in read_table(path, _PlaceRow))}
    for place in places.values():
        for parent in place.parents:
            if parent not in places:
                problem = f"{place.id} lies in '{parent}', which is no place of this table."
                raise DefinitionError(
                    path, problem, "Correct its parents.", column="column parents"
                )
    return places


Instruments = dict[str, tuple[Instrument, _Origin]]
Provisions = dict[str, tuple[Provision, _Origin]]


def _instruments(folder: Path) -> tuple[Instruments, Provisions]:
    instruments: Instruments = {}
    found: Provisions = {}
    for path in sorted(folder.glob("*/instrument.yaml")):
        instrument = read_yaml(path, Instrument)
        origin = _Origin(path, instrument.id)
        if instrument.id != path.parent.name:
            problem = f"the instrument is '{instrument.id}', its folder '{path.parent.name}'."
            raise origin.error(problem, "Give both the same name.")
        instruments[instrument.id] = (instrument, origin)
        for part in sorted(path.parent.glob("*.yaml")):
            if part.name != "instrument.yaml":
                _read_part(part, instrument.id, found)
    if not instruments:
        problem = "no instrument is defined here."
        raise DefinitionError(folder, problem, "Restore the folders with their instrument.yaml.")
    ordered = sorted(found, key=reading_order)
    return instruments, {identifier: found[identifier] for identifier in ordered}


def _read_part(path: Path, instrument: str, found: Provisions) -> None:
    for top in read_yaml(path, InstrumentPart).provisions:
        for provision in top.walk():
            origin = _Origin(path, provision.id)
            if provision.instrument != instrument:
                problem = f"'{provision.id}' is not a provision of '{instrument}'."
                raise origin.error(problem, f"Begin it with '{instrument}:', or move it.")
            if provision.id in found:
                elsewhere = found[provision.id][1].path.name
                problem = f"'{provision.id}' is defined twice (also in {elsewhere})."
                raise origin.error(problem, "Remove one of the two.")
            for part in provision.parts:
                if not part.id.startswith(f"{provision.id}.") and provision.kind is Kind.OBJECTIVE:
                    problem = f"'{part.id}' cannot be an action of '{provision.id}'."
                    raise _Origin(path, part.id).error(problem, f"Begin it with '{provision.id}.'.")
            found[provision.id] = (provision, origin)


def _check_tags(
    provision: Provision, origin: _Origin, closed: Mapping[str, Mapping[str, Tag]]
) -> None:
    for name, known in closed.items():
        tags: tuple[str, ...] = getattr(provision, name)
        unknown = [tag for tag in tags if tag not in known]
        if unknown:
            problem = f"'{provision.id}' has {name} that are not defined: {', '.join(unknown)}."
            raise origin.error(problem, f"Use those of {name}.yaml, or add one there.")
        if len(set(tags)) != len(tags):
            problem = f"'{provision.id}' names one of its {name} twice."
            raise origin.error(problem, "Name each once.")


def _crosswalk(
    folder: Path, provisions: Mapping[str, Provision]
) -> tuple[list[Link], list[NoLink]]:
    links: list[Link] = []
    no_links: list[NoLink] = []
    seen: set[tuple[str, str, str]] = set()
    for path in sorted(folder.glob("*.yaml")):
        crosswalk = read_yaml(path, Crosswalk)
        for link in crosswalk.links:
            _check_link(path, link, provisions, seen)
        for gap in crosswalk.none:
            if gap.source not in provisions:
                problem = f"'{gap.source}' is no provision."
                raise _Origin(path, gap.source).error(problem, "Correct the identifier.")
        links.extend(crosswalk.links)
        no_links.extend(crosswalk.none)
    _check_complete(folder, provisions, links, no_links)
    return links, no_links


def _check_link(
    path: Path,
    link: Link,
    provisions: Mapping[str, Provision],
    seen: set[tuple[str, str, str]],
) -> None:
    for end in (link.source, link.target):
        if end not in provisions:
            remedy = "Correct the identifier, or define the provision."
            raise _Origin(path, end).error(f"'{end}' is no provision.", remedy)
    key = (link.source, link.type, link.target)
    if key in seen:
        problem = f"the link from {link.source} to {link.target} ({link.type}) is there twice."
        raise _Origin(path, link.target).error(problem, "Remove one of the two.")
    seen.add(key)


def _check_complete(
    folder: Path,
    provisions: Mapping[str, Provision],
    links: Iterable[Link],
    no_links: Iterable[NoLink],
) -> None:
    """Every objective links to the SDGs, to human rights and to the refugee Compact, or says no."""
    said = {(link.source, link.type) for link in links}
    said |= {(gap.source, gap.type) for gap in no_links}
    for provision in provisions.values():
        if provision.kind is not Kind.OBJECTIVE:
            continue
        family = {inner.id for inner in provision.walk()}
        for wanted in EXPECTED_OF_OBJECTIVES:
            if not any(source in family and kind is wanted for source, kind in said):
                problem = f"{provision.id} has no link '{wanted}'."
                remedy = "Add one, or say under 'none' why it has none."
                raise DefinitionError(folder, problem, remedy)


def _acceptance(
    folder: Path, places: Mapping[str, Place], instruments: Instruments
) -> AcceptanceRecord:
    votes_path = folder / "votes.csv"
    ratifications_path = folder / "ratifications.csv"
    statements_path = folder / "statements.yaml"
    votes = read_table(votes_path, RollCallEntry)
    ratifications = read_table(ratifications_path, RatificationEntry)
    statements = read_yaml(statements_path, Statements).statements
    _once(votes_path, [f"{entry.resolution},{entry.place}" for entry in votes])
    _once(ratifications_path, [f"{entry.treaty},{entry.place}" for entry in ratifications])
    for path, entries in (
        (votes_path, votes),
        (ratifications_path, ratifications),
        (statements_path, statements),
    ):
        for entry in entries:
            if entry.place not in places:
                problem = f"'{entry.place}' is no place of places.csv."
                raise _Origin(path, entry.place).error(problem, "Correct the code.")
    for statement in statements:
        if statement.instrument not in instruments:
            problem = f"'{statement.instrument}' is no instrument."
            raise _Origin(statements_path, statement.instrument).error(problem, "Correct it.")
    return AcceptanceRecord(votes, ratifications, statements)


def _check_acceptance(
    instrument: Instrument, origin: _Origin, acceptance: AcceptanceRecord
) -> None:
    known = acceptance.resolutions | acceptance.treaties | {"consensus", "not-recorded"}
    if instrument.acceptance not in known:
        problem = f"no record says who accepted '{instrument.acceptance}'."
        remedy = "Use a resolution of votes.csv, a treaty of ratifications.csv, or not-recorded."
        raise origin.error(problem, remedy)
    if instrument.acceptance == "consensus" and not instrument.acceptance_source:
        problem = f"'{instrument.id}' has no source for its adoption by consensus."
        raise origin.error(problem, "Name it in 'acceptance_source'.")


def _once(path: Path, keys: Iterable[str]) -> None:
    seen = set()
    for key in keys:
        if key in seen:
            raise _Origin(path, key).error(f"'{key}' is there twice.", "Remove one of the two.")
        seen.add(key)
