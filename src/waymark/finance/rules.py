"""The rules by which a pool may be shared: a closed list of data, each with a sentence."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from pydantic import Field, model_validator

from waymark.compact.provisions import TagId
from waymark.exceptions import NotFoundError
from waymark.finance.evidence import MONEY
from waymark.plans.flows import Amount, Currency
from waymark.plans.vocabulary import Slug, Year
from waymark.reading import Value, read_yaml
from waymark.words import Label

LONGEST_WINDOW = 30  # years


class Way(StrEnum):
    """How money is shared: one need after another, or all raised at once."""

    IN_ORDER = "in-order"
    EVENLY = "evenly"


class By(StrEnum):
    """What a rule compares."""

    GAP = "gap"
    COST = "cost"


class First(StrEnum):
    """Which need comes first."""

    LARGEST = "largest"
    SMALLEST = "smallest"


class Condition(StrEnum):
    """What may be added to a rule; earmarks are always respected."""

    EARMARK = "earmark-respected"
    GROUPS = "priority-groups"
    FLOOR = "floor-per-place"
    CAP = "cap-per-commitment"
    CARRY = "carry-over"
    UNREPORTED = "unreported-is-unsecured"


class SharingRule(Value):
    """A rule that shares a pool, in words and as what it compares."""

    id: Slug
    way: Way
    by: By
    first: First | None = None
    label: Label
    sentence: Label

    @model_validator(mode="after")
    def _ordered(self) -> SharingRule:
        if (self.way is Way.IN_ORDER) != (self.first is not None):
            raise ValueError("'first' goes with in-order, and only with it")
        return self


class Added(Value):
    """A condition in words."""

    id: Condition
    label: Label
    sentence: Label


class _List(Value):
    shares: tuple[SharingRule, ...]
    conditions: tuple[Added, ...]

    @model_validator(mode="after")
    def _whole(self) -> _List:
        if [each.id for each in self.conditions] != list(Condition):
            raise ValueError(f"the conditions are, in order: {', '.join(Condition)}")
        return self


class Terms(Value):
    """On which terms a pool is shared: the window of years, the rule and what is added to it.

    ``pool`` is the actor that is the pool, where it is one. ``groups`` come first; ``floor`` is for
    each place and year, ``cap`` for each commitment and year, both in ``currency``.
    """

    first: Year
    last: Year
    rule: str = "largest-gap"
    currency: Currency = "USD"
    pool: Slug | None = None
    groups: tuple[TagId, ...] = ()
    floor: Amount | None = Field(default=None, gt=0)
    cap: Amount | None = Field(default=None, gt=0)
    carry_over: bool = False
    unreported_is_unsecured: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Terms:
        if not self.first <= self.last < self.first + LONGEST_WINDOW:
            raise ValueError(f"a window has 1 to {LONGEST_WINDOW} years, the first one first")
        return self

    @property
    def years(self) -> range:
        """The years of the window."""
        return range(self.first, self.last + 1)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What is added to the rule."""
        added = {
            Condition.EARMARK: True,
            Condition.GROUPS: bool(self.groups),
            Condition.FLOOR: self.floor is not None,
            Condition.CAP: self.cap is not None,
            Condition.CARRY: self.carry_over,
            Condition.UNREPORTED: self.unreported_is_unsecured,
        }
        return tuple(each for each in Condition if added[each])


@lru_cache(maxsize=1)
def _list() -> _List:
    return read_yaml(MONEY / "sharing.yaml", _List)


def sharing_rules() -> dict[str, SharingRule]:
    """Every rule that shares a pool, by identifier."""
    return {each.id: each for each in _list().shares}


def conditions() -> dict[Condition, Added]:
    """Every condition in words."""
    return {each.id: each for each in _list().conditions}


def sharing_rule(identifier: str) -> SharingRule:
    """A rule by identifier."""
    known = sharing_rules()
    if identifier not in known:
        remedy = f"Choose one of: {', '.join(known)}."
        raise NotFoundError(f"There is no rule '{identifier}' for sharing a pool.", remedy)
    return known[identifier]
