"""Sharing evenly: every need is raised to the same level, as far as money and earmarks reach.

The level rises for all at once; a need whose sources are spent, or that is full, stays where it
is, and the others rise on. So nobody could get more without somebody with less getting less
(N. Megiddo, *Optimal flows in networks with multiple sources and sinks*, 1974). Exact throughout;
only at the end are amounts made whole cents, by the largest remainder.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from waymark.finance.assignments import NONE, Assignment, Key


class Claim(NamedTuple):
    """What a need gets at a level: the level times ``weight``, less what it ``has``, up to
    ``most``."""

    need: Key
    weight: Fraction
    has: Fraction
    most: Fraction

    def at(self, level: Fraction) -> Fraction:
        """What it gets at a level."""
        return min(max(level * self.weight - self.has, NONE), self.most)

    @property
    def begins(self) -> Fraction:
        """The level above which it gets something."""
        return self.has / self.weight

    @property
    def ends(self) -> Fraction:
        """The level from which it gets no more."""
        return (self.has + self.most) / self.weight


def shared(
    assignment: Assignment, claims: Iterable[Claim], limit: Fraction | None = None
) -> dict[Key, Fraction]:
    """Give each need its share in whole cents, within a limit for all; returns what each got."""
    exact = _levelled(assignment, claims, limit)
    got = {need: assignment.give(need, Fraction(int(share))) for need, share in exact.items()}
    rest = sum(exact.values(), NONE) - sum(got.values(), NONE)
    for need in sorted(exact, key=lambda each: (int(exact[each]) - exact[each], each)):
        if rest > 0 and exact[need] % 1:
            cent = assignment.give(need, Fraction(1))
            got[need] += cent
            rest -= cent
    return got


def _levelled(
    assignment: Assignment, claims: Iterable[Claim], limit: Fraction | None
) -> dict[Key, Fraction]:
    """The exact share of each need."""
    rising = {claim.need: claim for claim in claims if claim.most > 0}
    settled: dict[Key, Fraction] = {}
    while rising:
        level = max(claim.ends for claim in rising.values())
        held: Collection[Key] = tuple(rising)
        while True:
            wanted = {need: claim.at(level) for need, claim in rising.items()}
            beyond = _beyond(assignment, {**settled, **wanted}, limit)
            if beyond is None:
                break
            needs, whole = beyond
            held = [need for need in rising if need in needs]
            free = whole - sum((settled[need] for need in settled if need in needs), NONE)
            level = _level([rising[need] for need in held], free)
        for need in held:
            settled[need] = rising.pop(need).at(level)
    return settled


def _beyond(
    assignment: Assignment, wanted: Mapping[Key, Fraction], limit: Fraction | None
) -> tuple[Collection[Key], Fraction] | None:
    """Needs that together want more than there is for them, and what there is; None if none do."""
    if limit is not None and sum(wanted.values(), NONE) > limit:
        return tuple(wanted), limit
    tried = assignment.copy()
    for need, amount in wanted.items():
        if tried.give(need, amount) < amount:
            needs, whole = tried.exhausted(need)
            return needs, whole - sum((assignment.given(each) for each in needs), NONE)
    return None


def _level(claims: list[Claim], free: Fraction) -> Fraction:
    """The level at which claims together get what is free."""

    def together(level: Fraction) -> Fraction:
        return sum((claim.at(level) for claim in claims), NONE)

    points = sorted({point for claim in claims for point in (claim.begins, claim.ends)})
    above = bisect_right(points, free, key=together)
    low, high = points[above - 1], points[above]
    return low + (high - low) * (free - together(low)) / (together(high) - together(low))
