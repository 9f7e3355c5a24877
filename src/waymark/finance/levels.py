"""Sharing evenly: every need is raised to the same level, as far as money and earmarks reach.

Where some needs would together get more than their sources have, they are shared out by themselves,
with these sources alone, and the others with the rest. So nobody could get more without somebody
with less getting less (S. Fujishige, *Lexicographically optimal base of a polymatroid*, 1980; N.
Megiddo, *Optimal flows in networks with multiple sources and sinks*, 1974). Exact throughout; only
at the end are amounts made whole cents, by the largest remainder.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from waymark.finance.assignments import Assignment, Key, Payments, members

NONE = Fraction(0)


class Claim(NamedTuple):
    """What a need gets at a level: the level times ``weight``, less what it ``has``, up to
    ``most``. In cents."""

    need: Key
    weight: int
    has: int
    most: int

    def parts_at(self, level: Fraction) -> int:
        """What it gets at a level, in parts of a cent: as many as the level's denominator."""
        fine = level.denominator
        return min(max(level.numerator * self.weight - self.has * fine, 0), self.most * fine)

    def at(self, level: Fraction) -> Fraction:
        """What it gets at a level."""
        return Fraction(self.parts_at(level), level.denominator)

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
    exact = _exact(assignment, [claim for claim in claims if claim.most > 0], limit)
    got = {need: assignment.give(need, int(share)) for need, share in exact.items()}
    over = {need: share - got[need] for need, share in exact.items()}
    rest = sum(over.values(), NONE)
    for need in sorted((need for need in over if over[need]), key=lambda each: (-over[each], each)):
        if rest <= 0:
            break
        cent = assignment.give(need, 1)
        got[need] += cent
        rest -= cent
    return got


class _Turn(NamedTuple):
    """A level at which a claim begins to rise with the level, or ends to.

    From there on the claims together rise by ``weight`` more, and are larger by ``constant`` than
    this alone would make them.
    """

    level: Fraction
    claim: Claim
    weight: int
    constant: int


@dataclass(frozen=True)
class _Part:
    """Sources, and the kinds of needs that are shared out by themselves from them, within a limit.

    ``turns`` are those of the claims that are left here, in order.
    """

    sources: int
    kinds: int
    turns: Sequence[_Turn]
    limit: int


def _exact(assignment: Assignment, claims: Sequence[Claim], limit: int) -> dict[Key, Fraction]:
    """The exact share of each need that claims one."""
    tries = _Tries(assignment)
    found: dict[Key, Fraction] = {}
    waiting = [tries.whole(claims, limit)]
    while waiting:
        part = waiting.pop()
        if not part.turns:
            continue
        level = tries.level(part)
        short = tries.short(part, level)
        if short is None:
            found |= {claim.need: claim.at(level) for claim in _claims(part)}
        else:
            waiting += tries.split(part, *short)
    return found


def _claims(part: _Part) -> Iterator[Claim]:
    """Each claim of a part once."""
    return (turn.claim for turn in part.turns if turn.weight > 0)


class _Tries:
    """What there is to share, apart from what was assigned before, and whether a level holds."""

    def __init__(self, assignment: Assignment) -> None:
        self.amounts = assignment.amounts
        self.kind = assignment.kind
        self.reach = assignment.payments.reach
        self.before = [0] * len(self.reach)
        for need, given in assignment.given.items():
            self.before[self.kind[need]] += given

    def whole(self, claims: Sequence[Claim], limit: int) -> _Part:
        """All claims, and all that is in their way."""
        kinds = sum(1 << kind for kind, given in enumerate(self.before) if given)
        turns = []
        for claim in claims:
            kinds |= 1 << self.kind[claim.need]
            turns.append(_Turn(claim.begins, claim, claim.weight, -claim.has))
            turns.append(_Turn(claim.ends, claim, -claim.weight, claim.has + claim.most))
        turns.sort(key=lambda turn: turn.level)
        sources = 0
        for kind in members(kinds):
            sources |= self.reach[kind]
        return _Part(sources, kinds, turns, limit)

    def free(self, sources: int, kinds: int) -> int:
        """What sources have beyond what some kinds have already."""
        has = sum(self.amounts[source] for source in members(sources))
        return has - sum(self.before[kind] for kind in members(kinds))

    def level(self, part: _Part) -> Fraction:
        """The level at which the claims together take what there is for them."""
        free = min(self.free(part.sources, part.kinds), part.limit)
        weights = list(accumulate(turn.weight for turn in part.turns))
        constants = list(accumulate(turn.constant for turn in part.turns))

        def together(at: int) -> Fraction:
            return weights[at] * part.turns[at].level + constants[at]

        above = bisect_right(range(len(weights)), Fraction(free), key=together)
        if above == len(weights):
            return part.turns[-1].level
        return Fraction(free - constants[above - 1], weights[above - 1])

    def short(self, part: _Part, level: Fraction) -> tuple[int, int] | None:
        """The kinds that would get more than their sources have, and these sources; or None.

        In parts of a cent so small that all amounts are whole.
        """
        fine = level.denominator
        wanted = {kind: self.before[kind] * fine for kind in members(part.kinds)}
        for claim in _claims(part):
            wanted[self.kind[claim.need]] += claim.parts_at(level)
        tried = Payments(
            [
                amount * fine if part.sources >> n & 1 else 0
                for n, amount in enumerate(self.amounts)
            ],
            [each & part.sources for each in self.reach],
        )
        open_ = 0
        for kind in sorted(wanted, key=lambda each: (tried.reach[each].bit_count(), each)):
            if tried.give(kind, wanted[kind]) < wanted[kind]:
                open_ |= 1 << kind
        if not open_:
            return None
        return open_ | tried.kinds_paid(tried.exhausted), tried.exhausted

    def split(self, part: _Part, kinds: int, sources: int) -> tuple[_Part, _Part]:
        """The kinds that are short with their sources, and the others with the rest."""
        free = self.free(sources, kinds)
        here: list[_Turn] = []
        there: list[_Turn] = []
        for turn in part.turns:
            (here if kinds >> self.kind[turn.claim.need] & 1 else there).append(turn)
        return (
            _Part(sources, kinds, here, min(part.limit, free)),
            _Part(part.sources & ~sources, part.kinds & ~kinds, there, part.limit - free),
        )
