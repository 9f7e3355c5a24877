"""By which words needs, offers and requests of capacity are found.

What is told of them, whose they are, of which kind, and the names of the places where they are
wanted or to be had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from waymark.plans.capacity import CapacityNeed, CapacityOffer, CapacityRequest
from waymark.plans.register import Register
from waymark.words import LANGUAGES, folded
from waymark_web import store
from waymark_web.plans.places import named, words_of

Held = CapacityNeed | CapacityOffer | CapacityRequest
Key = tuple[type[Held], str]


@dataclass(frozen=True)
class Told:
    """The folded words that are told of something, and the places that it is in."""

    words: str
    places: frozenset[str]

    def answers(self, wanted: Mapping[str, frozenset[str]]) -> bool:
        """Whether each word is told of it, or names one of the places that it is in."""
        return all(word in self.words or self.places & places for word, places in wanted.items())


def published() -> Register:
    """The published needs, offers and requests, and whose they are."""
    return store.matching(store.today()).register


@lru_cache(maxsize=2)
def _told(_stamp: str) -> Mapping[Key, Told]:
    register = published()
    needs = {key: _of(held, register) for key, held in register.capacity_needs.items()}
    offers = {key: _of(held, register) for key, held in register.capacity_offers.items()}
    found: dict[Key, Told] = {}
    found |= {(CapacityNeed, key): each for key, each in needs.items()}
    found |= {(CapacityOffer, key): each for key, each in offers.items()}
    for key, request in register.capacity_requests.items():
        need, offer = needs[request.need], offers[request.offer]
        own = folded(f"{request.id} {request.message}")
        words = f"{own} {need.words} {offer.words}"
        found[CapacityRequest, key] = Told(words, need.places)
    return found


def answering(query: str) -> frozenset[Key]:
    """The published needs, offers and requests to which all words lead."""
    return _answering(query, store.stamp_of(store.CAPACITY_KINDS))


@lru_cache(maxsize=64)
def _answering(query: str, stamp: str) -> frozenset[Key]:
    wanted = {word: frozenset().union(*named(word)) for word in words_of(query)}
    return frozenset(key for key, each in _told(stamp).items() if each.answers(wanted))


def _of(held: CapacityNeed | CapacityOffer, register: Register) -> Told:
    kinds = [held.kind.label.text(language) for language in LANGUAGES]
    actor = register.actors[held.actor].name
    words = folded(" ".join([held.id, held.what, held.conditions, actor, *kinds]))
    if isinstance(held, CapacityNeed):
        return Told(words, frozenset(_around(held.place, register)))
    framework = store.framework()
    covered = [framework.places[each] for each in held.places if each in framework.places]
    inside = [inner.id for each in covered for inner in framework.within(each)]
    own = [each for place in held.places for each in _around(place, register)]
    return Told(words, frozenset([*inside, *own]))


def _around(place: str, register: Register) -> Iterator[str]:
    """A place, and of a locality those that hold it, up to the State or area."""
    yield place
    while place in register.localities:
        place = register.localities[place].parent
        yield place
