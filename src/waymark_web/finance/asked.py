"""What a page of money is asked: a place, sectors, a year, a measure, who gives, who receives.

A question is a query string, so that every number has an address. What is not understood is an
error with a remedy, never ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from waymark.compact.places import Place
from waymark.exceptions import WaymarkError
from waymark.finance.funding import reports_of
from waymark.finance.sums import Measure
from waymark.plans.flows import Earmarking
from waymark.plans.vocabulary import CONTROL
from waymark_web import store

EVERY = "all"
NOT_KNOWN = "not-known"  # in an address: where the source says nothing
LONGEST = 300  # letters of the name of an organisation
MOST_SECTORS = 40
MOST_BESIDES = 40
SECTOR = re.compile(r"\d{5}")
CURRENCY = re.compile(r"[A-Z]{3}")
YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class Asked:
    """A question to the reported money; what is None was not asked.

    Without a place it is asked of all places. ``inside`` adds the places within. ``sectors`` is
    None for every sector; "" among them is money without a sector. Of ``provider`` and
    ``receiver``, "" is whoever the source does not name. ``besides`` are providers left out.
    ``payments`` asks for payments and own spending alone, counted or passed on.
    ``base`` is the year in whose prices the answer is given; None leaves amounts as stated.
    """

    place: str | None = None
    inside: bool = False
    sectors: tuple[str, ...] | None = None
    measure: Measure | None = None
    year: int | None = None
    currency: str | None = None
    provider: str | None = None
    receiver: str | None = None
    earmarking: str | None = None
    besides: tuple[str, ...] = ()
    base: int | None = None
    payments: bool = False

    def but(self, **changes: Any) -> Asked:
        """The same question, narrowed or widened."""
        return replace(self, **changes)

    @property
    def places(self) -> frozenset[str] | None:
        """The places of which it is asked; None for all."""
        if self.place is None:
            return None
        framework = store.framework()
        within = framework.within(framework.places[self.place]) if self.inside else ()
        return frozenset({self.place, *(each.id for each in within)})

    @property
    def only_sector(self) -> str | None:
        """The sector, where it is asked of exactly one that does not stand for the default."""
        if self.sectors is None or len(self.sectors) != 1 or self.sectors == serving():
            return None
        return self.sectors[0]

    @property
    def said_sectors(self) -> str:
        """The sectors as a person writes them into a field; nothing for the default."""
        if self.sectors == serving():
            return ""
        return EVERY if self.sectors is None else _said(self.sectors)

    @cached_property
    def query(self) -> str:
        """The question as the query of an address, always in the same order."""
        parts: dict[str, str | list[str]] = {}
        if self.place is not None:
            parts["place"] = self.place
        if self.inside:
            parts["inside"] = "yes"
        if self.said_sectors:
            parts["sector"] = self.said_sectors
        for name in ("measure", "year", "currency", "provider", "receiver", "earmarking"):
            value = getattr(self, name)
            if value is not None:
                parts[name] = str(value) or NOT_KNOWN
        parts["besides"] = [each or NOT_KNOWN for each in self.besides]
        if self.payments:
            parts["payments"] = "yes"
        if self.base is not None:
            parts["base"] = str(self.base)
        return urlencode(parts, doseq=True)


def _said(sectors: tuple[str, ...]) -> str:
    return " ".join(each or NOT_KNOWN for each in sectors)


@lru_cache(maxsize=1)
def _serves() -> Mapping[str, str]:
    """By sector, the provision or the instrument that it serves."""
    return reports_of(store.money(), store.framework(), ()).serves


def serving(*targets: str) -> tuple[str, ...]:
    """The sectors that serve some provisions; without any, those that serve an agreement at all."""
    return tuple(sorted(code for code, to in _serves().items() if not targets or to in targets))


def asked(query: QueryDict) -> Asked:
    """Read a question from a query string. Raises ``WaymarkError`` for what is not understood."""
    place = _text(query, "place")
    measure = _text(query, "measure")
    if measure is not None and measure not in list(Measure):
        raise _not_one("measure", measure, list(Measure))
    earmarking = _text(query, "earmarking")
    if earmarking is not None and earmarking not in list(Earmarking):
        raise _not_one("earmarking", earmarking, list(Earmarking))
    currency = _text(query, "currency")
    if currency is not None and not CURRENCY.fullmatch(currency):
        raise WaymarkError(f"'{currency}' is not a currency.", "Write it as USD.")
    return Asked(
        place=None if place is None else store.framework().place(place).id,
        inside=_text(query, "inside") == "yes",
        sectors=_sectors(_text(query, "sector")),
        measure=None if measure is None else Measure(measure),
        year=_year(query, "year"),
        currency=currency,
        provider=_named(query, "provider"),
        receiver=_named(query, "receiver"),
        earmarking=earmarking,
        besides=_besides(query),
        base=base_of(query),
        payments=_text(query, "payments") == "yes",
    )


def of_place(place: Place, query: QueryDict) -> Asked:
    """The question of a place's own page: the sector and the prices are read from the query."""
    return Asked(place=place.id, sectors=_sectors(_text(query, "sector")), base=base_of(query))


def base_of(query: QueryDict) -> int | None:
    """The year in whose prices a page is asked for; None for amounts as stated."""
    return _year(query, "base")


def _year(query: QueryDict, name: str) -> int | None:
    given = _text(query, name)
    if given is None:
        return None
    if not YEAR.fullmatch(given):
        raise WaymarkError(f"'{given}' is not a year.", "Write it as 2020.")
    return int(given)


def _sectors(given: str | None) -> tuple[str, ...] | None:
    if given is None:
        return serving()
    if given == EVERY:
        return None
    words = given.split()
    wrong = [each for each in words if each != NOT_KNOWN and not SECTOR.fullmatch(each)]
    if wrong or len(words) > MOST_SECTORS:
        raise WaymarkError(
            f"'{given}' is not a sector.",
            "A sector is a code of five digits such as 15190; 'all' stands for every sector.",
        )
    return tuple(sorted({"" if each == NOT_KNOWN else each for each in words}))


def _named(query: QueryDict, name: str) -> str | None:
    given = _text(query, name)
    return "" if given == NOT_KNOWN else given


def _besides(query: QueryDict) -> tuple[str, ...]:
    given = query.getlist("besides")
    if len(given) > MOST_BESIDES:
        raise WaymarkError("Too many providers are left out.", "Follow a link of a page instead.")
    texts = [_checked("besides", each.strip()) for each in given]
    return tuple(sorted({"" if each == NOT_KNOWN else each for each in texts if each}))


def _text(query: QueryDict, name: str) -> str | None:
    return _checked(name, (query.get(name) or "").strip()) or None


def _checked(name: str, given: str) -> str:
    if CONTROL.search(given) or len(given) > LONGEST:
        raise WaymarkError(f"'{name}' cannot be read.", "Follow a link of a page instead.")
    return given


def _not_one(name: str, value: str, known: list[Any]) -> WaymarkError:
    names = ", ".join(str(each) for each in known)
    return WaymarkError(f"'{value}' is not a {name}.", f"Use one of {names}.")
