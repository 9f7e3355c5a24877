"""Places of the register: those of the framework, and the localities that people entered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Q

from waymark.exceptions import NotFoundError
from waymark.plans.actors import Locality
from waymark.plans.register import Register
from waymark.words import Names, comma, folded
from waymark_web import store
from waymark_web.plans.published import localities

MOST_WORDS = 8
MARKS = ".,;:!?()[]\"'“”«»„、。，；：？！؟،؛"
SHORTEST = 3  # letters of a word that names a place; "of" names none
WORD = re.compile(r"\w+")


@lru_cache(maxsize=2)
def _known(_stamp: str) -> dict[str, Locality]:
    return localities()


def known_localities() -> dict[str, Locality]:
    """Every locality by identifier."""
    return _known(store.stamp())


def name_of(place: str, known: Mapping[str, Locality] | None = None) -> Names:
    """The name of a place, wherever it was entered; an unknown one is its own name.

    Whoever names many gives the localities that are ``known``: each look asks the database whether
    they still stand.
    """
    framework = store.framework()
    if place in framework.places:
        return framework.places[place].name
    held = known_localities() if known is None else known
    found = held.get(place)
    if found is None:
        return Names.model_validate({"en": place})
    country = Register(localities=held).country_of(place)
    around = framework.places[country].name.root if country in framework.places else {}
    return Names.model_validate(
        {code: f"{found.name}{comma(code)}{name}" for code, name in around.items()}
        or {"en": found.name}
    )


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The names of every place that ships, in all languages, word by word."""
    found = store.framework().places.values()
    return {each.id: _apart(each.id, *each.name.root.values()) for each in found}


def _apart(*names: str) -> str:
    """Words with a blank before each, so that the beginning of one can be looked for."""
    return " " + " ".join(WORD.findall(folded(" ".join(names))))


@lru_cache(maxsize=1024)
def _named(word: str) -> frozenset[str]:
    framework = store.framework()
    found = [framework.places[each] for each, names in _names().items() if f" {word}" in names]
    return frozenset(inner.id for each in found for inner in (each, *framework.within(each)))


def named(word: str) -> tuple[frozenset[str], frozenset[str]]:
    """The places in whose name a folded word begins: States, areas and regions with those within,
    and localities. A word that is too short to name a place names none."""
    if len(word) < SHORTEST and word.isascii():
        return frozenset(), frozenset()
    known = known_localities().values()
    return _named(word), frozenset(each.id for each in known if f" {word}" in _apart(each.name))


def words_of(query: str) -> list[str]:
    """The words of a query, folded, without the marks around them."""
    return [each.strip(MARKS) or each for each in folded(query).split()][:MOST_WORDS]


def in_named(word: str) -> Q:
    """What lies in a place that a word names."""
    places, localities_named = named(word)
    return Q(country__in=places) | Q(place__in=localities_named)


def within(place: str) -> tuple[list[str], list[str]]:
    """The States and areas in a place of the framework, or else the localities in a locality."""
    framework = store.framework()
    if place in framework.places:
        return [place, *(each.id for each in framework.within(framework.places[place]))], []
    known = known_localities()
    if place not in known:
        raise NotFoundError(
            f"There is no place '{place}'.", "Use a code such as KEN or 002, as the list of places."
        )
    found = [place]
    for each in found:
        found += [one.id for one in known.values() if one.parent == each and one.id not in found]
    return [], found
