"""Find a place by the name that a file from elsewhere gives it, an earlier one included."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from pydantic import RootModel

from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.compact.places import Place, PlaceId
from waymark.exceptions import DefinitionError
from waymark.reading import line_of, read_yaml

FILE = "place-names.yaml"
MOST_SUGGESTIONS = 3


class _OtherNames(RootModel[dict[PlaceId, tuple[str, ...]]]):
    """The form of ``place-names.yaml``."""


class PlaceNames:
    """The national places by all their English names; how a name is written does not matter."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._by_name = {_plain(name): place for name, place in places.items()}

    def find(self, name: str) -> Place | None:
        """The place of this name, or None."""
        return self._by_name.get(_plain(name))

    def remedy(self, name: str) -> str:
        """What to do about a name that is not known."""
        close = difflib.get_close_matches(_plain(name), self._by_name, n=MOST_SUGGESTIONS)
        meant = [self._by_name[each].name.en for each in close]
        guess = f"Did you mean {' or '.join(dict.fromkeys(meant))}? " if meant else ""
        return f"{guess}Correct the name, or add it to {FILE}."


def load_place_names(framework: Framework, folder: Path = DEFINITIONS) -> PlaceNames:
    """The names of ``places.csv`` and of ``place-names.yaml``; each stands for one place."""
    path = folder / FILE
    places = {place.name.en: place for place in framework.countries}
    owners = {_plain(name): place.id for name, place in places.items()}
    for code, names in read_yaml(path, _OtherNames).root.items():
        if code not in framework.places:
            remedy = "Use an ISO 3166 alpha-3 code of places.csv."
            raise DefinitionError(
                path, f"there is no place '{code}'.", remedy, line=line_of(path, f"{code}:")
            )
        for name in names:
            if _plain(name) in owners:
                problem = f"'{name}' is a name of {owners[_plain(name)]} already."
                raise DefinitionError(path, problem, "Remove it.", line=line_of(path, f"{code}:"))
            owners[_plain(name)] = code
            places[name] = framework.places[code]
    return PlaceNames(places)


def _plain(name: str) -> str:
    """A name without case, accents and signs, and with 'and' for '&'."""
    letters = unicodedata.normalize("NFKD", name.replace("&", " and ").casefold())
    plain = (each for each in letters if not unicodedata.combining(each))
    return " ".join("".join(each if each.isalnum() else " " for each in plain).split())
