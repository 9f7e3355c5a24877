"""Sharing a pool by a rule: year by year, step by step, each with what it found and what it left.

All sums are whole cents. A later step may change from which source an earlier amount is paid, never
the amount; so money with an earmark is used where it can be, and what is free goes elsewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from waymark.finance.assignments import Assignment, Key
from waymark.finance.levels import Claim, shared
from waymark.finance.needs import Need
from waymark.finance.pools import Source
from waymark.finance.rules import By, Condition, First, Terms, Way, sharing_rule


@dataclass(frozen=True, slots=True)
class Reason:
    """One step by which a commitment comes to money: the rules, and what they found and left.

    ``rules`` are the identifiers of the rule that shares and of the conditions that set the step
    apart. The pool is what the year has at hand.
    """

    rules: tuple[str, ...]
    amount: Decimal
    gap_before: Decimal
    gap_after: Decimal
    pool_before: Decimal
    pool_after: Decimal


class _Step(NamedTuple):
    """Some needs that share up to a limit, and the conditions by which they come now."""

    needs: list[Key]
    limit: int
    because: tuple[Condition, ...] = ()


class Sharing:
    """A pool being shared among needs with a known gap above 0, by their commitment and year."""

    def __init__(self, sources: Mapping[str, Source], needs: Iterable[Need], terms: Terms) -> None:
        self.terms = terms
        self.rule = sharing_rule(terms.rule)
        self.needs = {(each.commitment, each.year): each for each in needs if each.gap}
        self.amounts = {
            (source.id, year): _cents(amount)
            for source in sources.values()
            for year, amount in source.years.items()
        }
        order, reach = _reach(sources, self.needs, terms)
        self.assignment = Assignment({key: self.amounts[key] for key in order}, reach)
        self.got = dict.fromkeys(self.needs, 0)
        self.reasons: defaultdict[Key, list[Reason]] = defaultdict(list)
        self.at_hand = 0

    def run(self) -> Sharing:
        """Share the money of every year of the window, the earliest first."""
        for year in self.terms.years:
            if not self.terms.carry_over:
                self.at_hand = 0
            self.at_hand += sum(v for (_, of), v in self.amounts.items() if of == year)
            of_year = sorted(key for key in self.needs if key[1] == year)
            for step in self._steps(of_year):
                self._take(step)
        return self

    def gap(self, key: Key) -> int:
        """What a need still lacks."""
        return _cents(self.needs[key].gap or Decimal(0)) - self.got[key]

    def room(self, key: Key) -> int:
        """What a need may still get: its gap, within the cap."""
        if self.terms.cap is None:
            return self.gap(key)
        return min(self.gap(key), _cents(self.terms.cap) - self.got[key])

    def _steps(self, of_year: list[Key]) -> Iterator[_Step]:
        """The steps of a year: floors, then priority groups, then all."""
        if self.terms.floor is not None:
            yield from self._floors(of_year, _cents(self.terms.floor))
        first = set(self.terms.groups)
        if first:
            chosen = [key for key in of_year if first & self.needs[key].groups]
            yield _Step(chosen, self.at_hand, (Condition.GROUPS,))
        yield _Step(of_year, self.at_hand)

    def _floors(self, of_year: list[Key], floor: int) -> Iterator[_Step]:
        """One step for each place, the one with the largest gaps first."""
        by_place: defaultdict[str, list[Key]] = defaultdict(list)
        for key in of_year:
            by_place[self.needs[key].place].append(key)
        rooms = {place: self._together(keys) for place, keys in by_place.items()}
        level = _bearable((min(floor, room) for room in rooms.values()), floor, self.at_hand)
        for place in sorted(rooms, key=lambda each: (-rooms[each], each)):
            yield _Step(by_place[place], level, (Condition.FLOOR,))

    def _together(self, keys: Collection[Key]) -> int:
        return sum(self.room(key) for key in keys)

    def _take(self, step: _Step) -> None:
        rules = (*(each.value for each in step.because), self.rule.id)
        order = self._ordered(step.needs)
        given = self._evenly(order, step.limit) if self.rule.way is Way.EVENLY else None
        limit = step.limit
        for key in order:
            before, gap = self.at_hand, self.gap(key)
            if given is None:
                amount = self.assignment.give(key, min(self.room(key), limit))
                limit -= amount
            else:
                amount = given.get(key, 0)
            self.got[key] += amount
            self.at_hand -= amount
            if amount:
                figures = (amount, gap, gap - amount, before, self.at_hand)
                self.reasons[key].append(Reason(rules, *(money(each) for each in figures)))

    def _ordered(self, keys: Iterable[Key]) -> list[Key]:
        """In the order of the rule; equal ones by identifier."""
        down = -1 if self.rule.first is not First.SMALLEST else 1
        return sorted(keys, key=lambda each: (down * self._measure(each), each))

    def _measure(self, key: Key) -> int:
        return self.gap(key) if self.rule.by is By.GAP else _cents(self.needs[key].cost)

    def _evenly(self, keys: Iterable[Key], limit: int) -> dict[Key, int]:
        claims = []
        for key in keys:
            has = 0
            if self.rule.by is By.COST:
                has = _cents(self.needs[key].secured) + self.got[key]
            if self.room(key) > 0:
                claims.append(Claim(key, self._measure(key), has, self.room(key)))
        return shared(self.assignment, claims, limit)


def _reach(
    sources: Mapping[str, Source], needs: Mapping[Key, Need], terms: Terms
) -> tuple[list[Key], dict[Key, tuple[Key, ...]]]:
    """The money of each year in the order in which it is asked, and what may pay for each need.

    Earlier years come first, then the sources that may pay for the fewest commitments.
    """
    of_commitment = {need.commitment: need for need in needs.values()}
    within = {
        commitment: frozenset(each.id for each in sources.values() if need.may_receive(each))
        for commitment, need in of_commitment.items()
    }
    breadth = Counter(each for found in within.values() for each in found)
    keys = [(each.id, year) for each in sources.values() for year in each.years]
    order = sorted(keys, key=lambda each: (each[1], breadth[each[0]], each))

    @cache
    def reached(found: frozenset[str], until: int) -> tuple[Key, ...]:
        first = terms.first if terms.carry_over else until
        return tuple(each for each in order if each[0] in found and first <= each[1] <= until)

    return order, {key: reached(within[key[0]], key[1]) for key in needs}


def _bearable(wanted: Iterable[int], floor: int, at_hand: int) -> int:
    """The floor; where the pool cannot bear it for all, the even one that it can bear."""
    left = sorted(wanted)
    for index, one in enumerate(left):
        even = at_hand // (len(left) - index)
        if one > even:
            return even
        at_hand -= one
    return floor


def _cents(amount: Decimal | None) -> int:
    return int((amount or 0) * 100)


def money(cents: int) -> Decimal:
    """Whole cents as an amount."""
    return Decimal(cents).scaleb(-2)
