"""The organisations that a list names: found in the register by identifier or name, or entered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from waymark.exchange.pledges.cells import CellError, CellReader
from waymark.exchange.pledges.mappings import PledgeMapping
from waymark.exchange.pledges.references import slug_of
from waymark.exchange.pledges.rows import Part
from waymark.exchange.pledges.targets import Sort
from waymark.exchange.source_tables import shown
from waymark.plans.actors import Actor
from waymark.reading import fault_of
from waymark.words import folded

NEW = ("kind", "level")  # what the list or the mapping says of an organisation that is new


class Organisations:
    """Those of the register, and those that the list adds."""

    def __init__(
        self, known: Mapping[str, Actor], mapping: PledgeMapping, reader: CellReader
    ) -> None:
        self.mapping = mapping
        self.reader = reader
        self.by_id = dict(known)
        self.by_name: dict[str, list[Actor]] = {}
        for actor in known.values():
            self.by_name.setdefault(folded(actor.name), []).append(actor)

    def find(self, given: str, place: str, lead: Part | None) -> tuple[Actor, bool]:
        """The organisation of an identifier or a name, and whether the list enters it.

        ``lead`` is what the list says of it, where it is the lead of the row.
        """
        said = dict(lead.values) if lead else {}
        name = str(said.get("name", given))
        if given in self.by_id:
            return self.by_id[given], False
        found = self.by_name.get(folded(name), [])
        if len(found) > 1:
            names = ", ".join(each.id for each in found)
            problem = f"'{shown(name)}' is the name of several: {names}."
            raise CellError(problem, "Say under 'values' which one it is, by its identifier.")
        if found:
            return found[0], False
        return self._new(name, given, place, said), True

    def _new(self, name: str, given: str, place: str, said: dict[str, Any]) -> Actor:
        document = {**self._defaults(), **said}
        missing = [each for each in NEW if each not in document]
        if missing:
            problem = f"the register has no organisation '{shown(name)}'."
            remedy = (
                "Say under 'values' which one it is, by its identifier; or say what new ones are "
                f"under 'constants': {', '.join(f'actors.{each}' for each in missing)}."
            )
            raise CellError(problem, remedy)
        document.setdefault("place", place)
        slug = slug_of(str(document["place"]).lower(), given)
        try:
            actor = Actor.model_validate(
                {
                    "language": self.mapping.language,
                    "source": self.mapping.title,
                    "illustrative": self.mapping.illustrative,
                    **document,
                    "id": slug,
                    "name": name,
                }
            )
        except ValidationError as error:
            raise CellError(f"{shown(name)}: {fault_of(error)}.", "Correct the list.") from None
        if slug in self.by_id:
            problem = f"'{shown(name)}' would have the identifier of '{self.by_id[slug].name}'."
            raise CellError(problem, "Say under 'values' which organisation it is.")
        self.by_id[slug] = actor
        self.by_name.setdefault(folded(name), []).append(actor)
        return actor

    def _defaults(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for target, value in self.mapping.fixed.items():
            if target.kind == "actors":
                read = self.reader.read(value, target)
                found[target.field] = tuple(read) if target.sort is Sort.CHOICES else read[0]
        return found
