"""Sums of the reported money for pages, and the rows behind each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from waymark.finance.choices import By, Choice, Sum
from waymark.finance.sums import Concentration, Counted, Measure
from waymark_web import store
from waymark_web.finance.asked import Asked

AT_A_TIME = 20_000  # rows of a file that is sent while it is read
KEPT = 512  # answers that are kept at hand; the reports do not change while the site runs


def choice_of(asked: Asked) -> Choice:
    """A question of a page as the library takes it."""
    places = asked.places
    return Choice(
        places=None if places is None else tuple(sorted(places)),
        sectors=asked.sectors,
        first=asked.year,
        last=asked.year,
        measures=None if asked.measure is None else (asked.measure,),
        currency=asked.currency,
        providers=_word(asked.provider),
        receivers=_word(asked.receiver),
        earmarkings=_word(asked.earmarking),
        without_providers=asked.besides,
    )


def _word(given: str | None) -> tuple[str, ...] | None:
    return None if given is None else (given,)


@lru_cache(maxsize=KEPT)
def sums(asked: Asked, *by: By) -> tuple[Sum, ...]:
    """The sums to which a question leads, one for each group, measure and currency."""
    return tuple(store.money().sums(choice_of(asked), by))


@lru_cache(maxsize=KEPT)
def concentration(asked: Asked, measure: Measure, currency: str) -> Concentration | None:
    """On how few providers the money hangs."""
    return store.money().concentration(choice_of(asked), measure, currency)


@lru_cache(maxsize=KEPT)
def _names(asked: Asked, by: By, keys: frozenset[str]) -> dict[str, str]:
    return store.money().names(choice_of(asked), by, keys)


def names(asked: Asked, by: By, keys: Iterable[str]) -> dict[str, str]:
    """The names of organisations, as most rows of the question have them."""
    return _names(asked, by, frozenset(keys))


@lru_cache(maxsize=KEPT)
def rows(asked: Asked, offset: int, limit: int) -> tuple[Counted, ...]:
    """A page of the rows to which a question leads, in the order of their sources."""
    return tuple(store.money().counted(choice_of(asked), offset, limit))


def every_row(asked: Asked) -> Iterator[Counted]:
    """All rows to which a question leads, read some at a time."""
    offset = 0
    while found := store.money().counted(choice_of(asked), offset, AT_A_TIME):
        yield from found
        offset += AT_A_TIME
