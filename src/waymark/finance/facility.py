"""The facility: how a pool could be shared among the gaps of commitments, with the working.

It is a proposal under stated rules, never a decision. What if something were otherwise is the same
function with another register or other terms (``what_if`` shows the difference).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from waymark.compact.framework import Framework
from waymark.compact.places import WORLD
from waymark.exceptions import NotFoundError
from waymark.finance.assignments import Key
from waymark.finance.currencies import prices_of
from waymark.finance.needs import Need, needs_of
from waymark.finance.pools import LeftOut, Source, pool_of
from waymark.finance.rules import Terms, conditions, sharing_rule
from waymark.finance.sharing import Reason, Sharing, money
from waymark.plans.register import Register
from waymark.words import Names, Sentence

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Part:
    """What one source pays of an amount, from what it promised for one of its years."""

    source: str
    year: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for a commitment in a year, by which steps, and from whom."""

    need: Need
    amount: Decimal
    reasons: tuple[Reason, ...]
    parts: tuple[Part, ...]

    @property
    def gap_after(self) -> Decimal:
        """What would still be missing."""
        return (self.need.gap or NOTHING) - self.amount


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What the proposal leaves missing of a gap, and why."""

    need: Need
    amount: Decimal
    because: Sentence


@dataclass(frozen=True, slots=True)
class Unused:
    """Money of the pool that the proposal cannot use, and why."""

    source: str
    year: int
    amount: Decimal
    because: Sentence


@dataclass(frozen=True)
class Proposal:
    """How a pool could be shared over a window of years.

    ``needs`` are those of every live commitment; where the gap is not known, nothing is proposed.
    """

    terms: Terms
    sources: Mapping[str, Source]
    needs: tuple[Need, ...]
    proposed: tuple[Proposed, ...]
    uncovered: tuple[Uncovered, ...]
    unused: tuple[Unused, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def caveat(self) -> Sentence:
        """What it is, and is not."""
        return Sentence(
            "This is a proposal by stated rules, never a decision. People decide, and record what "
            "they decided."
        )

    @property
    def rules(self) -> tuple[tuple[str, Names], ...]:
        """The rule that shares and what is added to it, by identifier, each with its sentence."""
        rule, added = sharing_rule(self.terms.rule), conditions()
        return (
            (rule.id, rule.sentence),
            *((each.value, added[each].sentence) for each in self.terms.conditions),
        )

    @property
    def illustrative(self) -> bool:
        """Whether a pledge or a commitment in it is made up."""
        made_up = any(each.illustrative for each in self.sources.values())
        return made_up or any(each.need.illustrative for each in self.proposed)

    @property
    def unknown(self) -> tuple[Need, ...]:
        """The needs whose gap is not known."""
        return tuple(each for each in self.needs if each.gap is None)

    def pool(self, year: int | None = None) -> Decimal:
        """The money of the pool for a year, or for the window."""
        return _sum(
            amount
            for source in self.sources.values()
            for of, amount in source.years.items()
            if year in (None, of)
        )

    def gap(self, year: int | None = None) -> Decimal:
        """The known gaps of a year, or of the window, before the proposal."""
        return _sum(each.gap or NOTHING for each in self.needs if year in (None, each.year))

    def amount(self, year: int | None = None) -> Decimal:
        """All that is proposed for a year, or for the window."""
        return _sum(each.amount for each in self.proposed if year in (None, each.need.year))


def _sum(amounts: Iterator[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def propose(register: Register, framework: Framework, terms: Terms, place: str = WORLD) -> Proposal:
    """A proposal for the pool of a register and the gaps of a place and all that lies in it.

    The register is the whole one, since what a pool passed on elsewhere is gone here too.
    Raises ``NotFoundError`` for a rule, an actor or a group that does not exist.
    """
    _check(register, framework, terms)
    prices = prices_of(register)
    pool = pool_of(register.flows.values(), prices, terms)
    every = needs_of(register, framework, prices, terms)
    needs = tuple(each for each in every if place in each.places)
    sharing = Sharing(pool.sources, needs, terms).run()
    return Proposal(
        terms=terms,
        sources=pool.sources,
        needs=needs,
        proposed=tuple(_proposed(sharing)),
        uncovered=tuple(_uncovered(sharing)),
        unused=tuple(_unused(sharing)),
        left_out=pool.left_out,
    )


def _check(register: Register, framework: Framework, terms: Terms) -> None:
    sharing_rule(terms.rule)
    if terms.pool is not None and terms.pool not in register.actors:
        remedy = "Name an actor of the register, or none."
        raise NotFoundError(f"There is no actor '{terms.pool}'.", remedy)
    for group in terms.groups:
        if group not in framework.groups:
            remedy = f"Known: {', '.join(framework.groups)}."
            raise NotFoundError(f"There is no group '{group}'.", remedy)


def _in_time(sharing: Sharing) -> list[Key]:
    return sorted(sharing.needs, key=lambda key: (key[1], key[0]))


def _proposed(sharing: Sharing) -> Iterator[Proposed]:
    parts = sharing.assignment.parts()
    for key in _in_time(sharing):
        if sharing.got[key]:
            yield Proposed(
                sharing.needs[key],
                money(sharing.got[key]),
                tuple(sharing.reasons[key]),
                tuple(Part(*source, money(v)) for source, v in sorted(parts[key].items())),
            )


def _uncovered(sharing: Sharing) -> Iterator[Uncovered]:
    for key in _in_time(sharing):
        missing = sharing.gap(key)
        if not missing:
            continue
        because = Sentence("All money of the pool that may go here is spent.")
        if not sharing.room(key):
            because = Sentence("The cap is reached.")
        elif not sharing.assignment.reach[key]:
            because = Sentence("The pool has no money that may go here in this year.")
        yield Uncovered(sharing.needs[key], money(missing), because)


def _unused(sharing: Sharing) -> Iterator[Unused]:
    used = {source for reach in sharing.assignment.reach.values() for source in reach}
    for source, left in sorted(sharing.assignment.left.items()):
        if left:
            because = Sentence("No commitment with a known gap lies within its place and earmark.")
            if source in used:
                because = Sentence("Every gap within its place and earmark is closed or capped.")
            yield Unused(*source, money(left), because)
