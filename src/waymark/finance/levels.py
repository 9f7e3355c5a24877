"""Sharing evenly: every need is raised to the same level, as far as money and earmarks reach.

Where some needs would together get more than their sources have, they are shared out by themselves,
with these sources alone, and the others with the rest. So nobody could get more without somebody
with less getting less (S. Fujishige, *Lexicographically optimal base of a polymatroid*, 1980; N.
Megiddo, *Optimal flows in networks with multiple sources and sinks*, 1974). Exact throughout; only
at the end are amounts made whole cents, by the largest remainder.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from waymark.finance.assignments import Assignment, Key

NONE = Fraction(0)


class Claim(NamedTuple):
    """What a need gets at a level: the level times ``weight``, less what it ``has``, up to
    ``most``. In cents."""

    need: Key
    weight: int
    has: int
    most: int

    def at(self, level: Fraction) -> Fraction:
        """What it gets at a level."""
        return min(max(level * self.weight - self.has, NONE), Fraction(self.most))

    @property
    def begins(self) -> Fraction:
        """The level above which it gets something."""
        return Fraction(self.has, self.weight)

    @property
    def ends(self) -> Fraction:
        """The level from which it gets no more."""
        return Fraction(self.has + self.most, self.weight)


def shared(assignment: Assignment, claims: Iterable[Claim], limit: int) -> dict[Key, int]:
    """Give each need its share in whole cents, within a limit for all; returns what each got."""
    exact = _exact(assignment, {claim.need: claim for claim in claims if claim.most > 0}, limit)
    got = {need: assignment.give(need, int(share)) for need, share in exact.items()}
    rest = sum(exact.values(), NONE) - sum(got.values())
    for need in sorted(exact, key=lambda each: (int(exact[each]) - exact[each], each)):
        if rest > 0 and exact[need] % 1:
            cent = assignment.give(need, 1)
            got[need] += cent
            rest -= cent
    return got


@dataclass(frozen=True)
class _Part:
    """Sources, and the needs that are shared out by themselves from them, within a limit.

    ``claims`` rise with the level; ``needs`` are they and those that have something already.
    """

    sources: Mapping[Key, int]
    needs: tuple[Key, ...]
    claims: Mapping[Key, Claim]
    limit: int


def _exact(assignment: Assignment, claims: Mapping[Key, Claim], limit: int) -> dict[Key, Fraction]:
    """The exact share of each need that claims one."""
    before = {need: assignment.given(need) for need in assignment.reach}
    needs = tuple(need for need in before if before[need] or need in claims)
    found: dict[Key, Fraction] = {}
    within_reach = {source for need in needs for source in assignment.reach[need]}
    sources = {each: v for each, v in assignment.sources.items() if each in within_reach}
    waiting = [_Part(sources, needs, claims, limit)]
    while waiting:
        part = waiting.pop()
        if not part.claims:
            continue
        level = _level(part, before)
        short = _short(part, level, before, assignment.reach)
        if short is None:
            found |= {need: claim.at(level) for need, claim in part.claims.items()}
            continue
        within, spent = short
        free = sum(spent.values()) - sum(before[need] for need in within)
        waiting.append(_only(part, within, spent, min(part.limit, free)))
        left = {each: v for each, v in part.sources.items() if each not in spent}
        others = {need for need in part.needs if need not in within}
        waiting.append(_only(part, others, left, part.limit - free))
    return found


def _only(part: _Part, needs: set[Key], sources: Mapping[Key, int], limit: int) -> _Part:
    kept = tuple(need for need in part.needs if need in needs)
    claims = {need: claim for need, claim in part.claims.items() if need in needs}
    return _Part(sources, kept, claims, limit)


def _level(part: _Part, before: Mapping[Key, int]) -> Fraction:
    """The level at which the claims together take what there is for them."""
    claims = list(part.claims.values())

    def together(level: Fraction) -> Fraction:
        return sum((claim.at(level) for claim in claims), NONE)

    free = sum(part.sources.values()) - sum(before[need] for need in part.needs)
    free = min(free, part.limit)
    points = sorted({point for claim in claims for point in (claim.begins, claim.ends)})
    above = bisect_right(points, Fraction(free), key=together)
    if above == len(points):
        return points[-1]
    low, high = points[above - 1], points[above]
    return low + (high - low) * (free - together(low)) / (together(high) - together(low))


def _short(
    part: _Part, level: Fraction, before: Mapping[Key, int], reach: Mapping[Key, tuple[Key, ...]]
) -> tuple[set[Key], dict[Key, int]] | None:
    """The needs that would get more than their sources have, and these sources; None without any.

    In parts of a cent so small that all amounts are whole.
    """
    fine = level.denominator
    tried = Assignment(
        {source: amount * fine for source, amount in part.sources.items()},
        {need: tuple(s for s in reach[need] if s in part.sources) for need in part.needs},
    )
    open_ = []
    for need in part.needs:
        claim = part.claims.get(need)
        amount = before[need] * fine + (int(claim.at(level) * fine) if claim else 0)
        if tried.give(need, amount) < amount:
            open_.append(need)
    if not open_:
        return None
    needs, sources = tried.exhausted(open_)
    return needs, {source: part.sources[source] for source in sources}
