"""What ships and can be found: places, series, instruments, groups, provisions, and their money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext_noop

from waymark.words import LANGUAGES, N_, Names, Sentence, folded
from waymark_web import store
from waymark_web.plans.places import words_of
from waymark_web.search.results import Group, Line, group_of

MOST_FOUND = 60
PLACES = gettext_noop("Places")
INDICATORS = gettext_noop("Indicators")
PROVISIONS = gettext_noop("Provisions")
GROUPS = gettext_noop("Groups and needs")
INSTRUMENTS = gettext_noop("Instruments")
MONEY = gettext_noop("Money")
OF_MONEY = N_("Money")  # in every language it asks for pages of money


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: where it is shown and the words that lead to it."""

    subject: str
    route: str
    code: str
    name: Names
    words: str

    @property
    def line(self) -> Line:
        """The entry as a page shows it."""
        return Line(reverse(self.route, args=[self.code]), names=self.name, code=self.code)


def found_in_definitions(query: str) -> list[Group]:
    """What the words of a query lead to, whole codes first; of pages of money only some."""
    wanted, exact = words_of(query), folded(query)
    found = [each for each in _entries() if all(word in each.words for word in wanted)]
    found.sort(key=lambda each: (folded(each.code) != exact, each.route != "place"))
    subjects: dict[str, list[Line]] = {}
    for each in found[:MOST_FOUND]:
        subjects.setdefault(each.subject, []).append(each.line)
    groups = [Group(subject, tuple(lines)) for subject, lines in subjects.items()]
    if len(found) > MOST_FOUND:
        last = groups.pop()
        groups.append(Group(last.label, last.lines, more=True))
    return [*groups, group_of(MONEY, (each.line for each in _paid_for(wanted, exact)))]


def _paid_for(wanted: Iterable[str], exact: str) -> list[Entry]:
    found = [each for each in _money() if all(word in each.words for word in wanted)]
    return sorted(found, key=lambda each: folded(each.code) != exact)


@lru_cache(maxsize=1)
def _entries() -> tuple[Entry, ...]:
    return tuple(_all())


@lru_cache(maxsize=1)
def _money() -> tuple[Entry, ...]:
    """The pages of money of every place and objective."""
    asking = " ".join(Sentence(OF_MONEY).text(said) for said in LANGUAGES)
    framework = store.framework()
    places = [
        _entry(MONEY, "place-money", each.id, each.name, words=asking)
        for each in framework.places.values()
    ]
    objectives = [
        _entry(MONEY, "provision-money", each.id, each.name, each.label, words=asking)
        for each in framework.objectives
    ]
    return (*places, *objectives)


def _all() -> Iterator[Entry]:
    framework = store.framework()
    for place in framework.places.values():
        yield _entry(PLACES, "place", place.id, place.name)
    for one in store.series().values():
        yield _entry(INDICATORS, "indicator", one.code, one.name)
    for instrument in framework.instruments.values():
        yield _entry(INSTRUMENTS, "instrument", instrument.id, instrument.title, instrument.short)
    for group in framework.groups.values():
        yield _entry(GROUPS, "group", group.id, group.label)
    for provision in framework.provisions.values():
        yield _entry(PROVISIONS, "provision", provision.id, provision.name, provision.label)


def _entry(
    subject: str, route: str, code: str, name: Names, *more: Names, words: str = ""
) -> Entry:
    texts = [text for names in (name, *more) for text in names.root.values()]
    return Entry(subject, route, code, name, folded(" ".join([code, *texts, words])))
