"""Places of the register: those of the framework, and the localities that people entered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from waymark.exceptions import NotFoundError
from waymark.plans.actors import Locality
from waymark.plans.register import Register
from waymark.words import Names
from waymark_web import store
from waymark_web.plans.published import localities


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
        {code: f"{found.name}, {name}" for code, name in around.items()} or {"en": found.name}
    )


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
