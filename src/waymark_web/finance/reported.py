"""Sums of the reported money for pages, and the rows behind each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from waymark.finance.choices import By, Choice, Sum
from waymark.finance.constant import ConstantSum, sums_in_prices_of
from waymark.finance.conversions import Conversion, levels_of
from waymark.finance.sums import Concentration, Counted, Measure, concentration_of
from waymark.plans.flows import SPENDING
from waymark_web import store
from waymark_web.finance.asked import Asked

AT_A_TIME = 20_000  # rows of a file that is sent while it is read
Sums = tuple[Sum | ConstantSum, ...]
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
        kinds=tuple(SPENDING) if asked.payments else None,
    )


def _word(given: str | None) -> tuple[str, ...] | None:
    return None if given is None else (given,)


@lru_cache(maxsize=KEPT)
def _stated(asked: Asked, by: tuple[By, ...]) -> tuple[Sum, ...]:
    return tuple(store.money().sums(choice_of(asked), by))


def stated(asked: Asked, *by: By) -> tuple[Sum, ...]:
    """The sums to which a question leads, one for each group, measure and currency, as stated."""
    return _stated(asked.but(base=None), by)


def stamp_of(asked: Asked) -> str:
    """With what an answer that is kept ends: price levels can change, reports do not."""
    return "" if asked.base is None else store.stamp()


def sums(asked: Asked, *by: By) -> Sums:
    """The same sums in the prices that are asked for."""
    return stated(asked, *by) if asked.base is None else _constant(asked, by, store.stamp())


@lru_cache(maxsize=KEPT)
def _constant(asked: Asked, by: tuple[By, ...], _stamp: str) -> Sums:
    at = by.index(By.YEAR) if By.YEAR in by else len(by)
    years = stated(asked, *by) if By.YEAR in by else stated(asked, *by, By.YEAR)
    found = sums_in_prices_of(
        asked.base or 0,
        years,
        store.prices(),
        year=lambda each: int(each.group[at]),
        group=lambda each: each.group[: len(by)],
    )
    return tuple(sorted(found, key=lambda each: (each.group, list(Measure).index(each.measure))))


def conversion(asked: Asked) -> Conversion:
    """The price levels on which the answer to a question rests, and those that are missing."""
    if asked.base is None:
        return Conversion()
    years = {(each.currency, int(each.group[0])) for each in stated(asked, By.YEAR)}
    return levels_of(asked.base, years, store.prices())


def concentration(asked: Asked, measure: Measure, currency: str) -> Concentration | None:
    """On how few providers the money hangs; not known where a part cannot be converted."""
    if asked.base is None:
        return _concentration(asked, measure, currency)
    chosen = [
        each
        for each in sums(asked, By.PROVIDER)
        if (each.measure, each.currency) == (measure, currency)
    ]
    known = {str(each.group[0]): each.amount for each in chosen if each.amount is not None}
    return concentration_of(known) if len(known) == len(chosen) else None


@lru_cache(maxsize=KEPT)
def _concentration(asked: Asked, measure: Measure, currency: str) -> Concentration | None:
    return store.money().concentration(choice_of(asked), measure, currency)


@lru_cache(maxsize=KEPT)
def _names(asked: Asked, by: By, keys: frozenset[str]) -> dict[str, str]:
    return store.money().names(choice_of(asked), by, keys)


def names(asked: Asked, by: By, keys: Iterable[str]) -> dict[str, str]:
    """The names of organisations, as most rows of the question have them."""
    return _names(asked.but(base=None), by, frozenset(keys))


def rows(asked: Asked, offset: int, limit: int) -> tuple[Counted, ...]:
    """A page of the rows to which a question leads, in the order of their sources."""
    return _rows(asked.but(base=None), offset, limit)


@lru_cache(maxsize=KEPT)
def _rows(asked: Asked, offset: int, limit: int) -> tuple[Counted, ...]:
    return tuple(store.money().counted(choice_of(asked), offset, limit))


def every_row(asked: Asked) -> Iterator[Counted]:
    """All rows to which a question leads, read some at a time."""
    offset = 0
    while found := store.money().counted(choice_of(asked), offset, AT_A_TIME):
        yield from found
        offset += AT_A_TIME
