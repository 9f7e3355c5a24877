"""Places of the register: those of the framework, and the localities that people entered."""

from __future__ import annotations

from functools import lru_cache

from waymark.exceptions import NotFoundError
from waymark.plans.actors import Locality
from waymark.plans.register import Register
from waymark.words import Names, comma
from waymark_web import store
from waymark_web.plans.published import localities


@lru_cache(maxsize=2)
def _known(_stamp: str) -> dict[str, Locality]:
    return localities()


def known_localities() -> dict[str, Locality]:
    """Every locality by identifier."""
    return _known(store.stamp())


def name_of(place: str) -> Names:
    """The name of a place, wherever it was entered; an unknown one is its own name."""
    framework = store.framework()
    if place in framework.places:
        return framework.places[place].name
    found = known_localities().get(place)
    if found is None:
        return Names.model_validate({"en": place})
    country = Register(localities=known_localities()).country_of(place)
    around = framework.places[country].name.root if country in framework.places else {}
    return Names.model_validate(
        {code: f"{found.name}{comma(code)}{name}" for code, name in around.items()}
        or {"en": found.name}
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
