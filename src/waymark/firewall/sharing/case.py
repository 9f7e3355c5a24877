"""A rule set put to proof: its table, what must stay open, and requests picked and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from waymark.firewall.domain import (
    AGREEMENT,
    CONSENT,
    DANGER,
    DUTY,
    ONWARD_BARRED,
    RESCUE,
    Domain,
    Request,
    Role,
)
from waymark.firewall.sharing.routes import Routes
from waymark.firewall.sharing.rules import LISTS, Cells, Rule, RuleSet, Table, union
from waymark.words import N_, Sentence

Where = npt.NDArray[np.bool_]  # spreads over the table
NONE, ALL = np.uint32(0), np.uint32(2**32 - 1)
NAMED_FACTS = {
    "consent": CONSENT,
    "agreement": AGREEMENT,
    "onward_barred": ONWARD_BARRED,
    "duty": DUTY,
    "danger": DANGER,
}
OPENED = N_("Permitted by {rules}, one of {count}: {request}.")
MOST_NAMED = 3


@dataclass(frozen=True)
class Case:
    """A rule set, its table and the routes that must stay open."""

    rules: RuleSet
    table: Table
    routes: Routes

    @property
    def domain(self) -> Domain:
        """The closed lists."""
        return self.table.domain

    @cached_property
    def every(self) -> np.uint32:
        """The bits of every set of facts."""
        return np.uint32(self.domain.fact_mask({}))

    @cached_property
    def sinks(self) -> tuple[int, ...]:
        """The kinds at which nothing may arrive: the domain's, and those that the rules add."""
        added = self.at("from", *(self.rules.sinks or ()))
        return tuple(dict.fromkeys((*self.domain.of_role(Role.SINK), *added)))

    @cached_property
    def protected(self) -> list[int]:
        """The places of the data that must not leak."""
        return [at for at, each in enumerate(self.domain.data) if each.protected]

    @cached_property
    def forbidden(self) -> Cells:
        """What some rule forbids."""
        return union(self.rules.forbids(), self.domain)

    def at(self, name: str, *words: str) -> list[int]:
        """The places of some words in one of the lists."""
        return [self.domain.dimensions[name].index(word) for word in words]

    def where(self, name: str, *words: str) -> Where:
        """The requests that have one of some words, as an array that spreads over the table."""
        axis = LISTS.index(name)
        found = np.zeros(self.domain.shape[axis], dtype=bool)
        found[self.at(name, *words)] = True
        return found.reshape([-1 if at == axis else 1 for at in range(len(LISTS))])

    def of_data(self, **marks: bool) -> Where:
        """The requests whose data has some marks: ``protected``, ``minimal``, ``of_status``."""
        marked = [
            each.id
            for each in self.domain.data
            if all(getattr(each, mark) is wanted for mark, wanted in marks.items())
        ]
        return self.where("data", *marked)

    def of_purpose(self, **marks: bool) -> Where:
        """The requests whose purpose has some marks: ``helps``, ``bad``."""
        marked = [
            each.id
            for each in self.domain.purposes
            if all(getattr(each, mark) is wanted for mark, wanted in marks.items())
        ]
        return self.where("for", *marked)

    def of_role(self, name: str, *roles: Role) -> Where:
        """The requests whose sender (``from``) or recipient (``to``) has one of some roles."""
        return self.where(name, *(kind.id for kind in self.domain.kinds if kind.role in roles))

    @cached_property
    def rescue(self) -> Where:
        """A minimal note to a service that saves lives, for rescue."""
        rescuers = self.where("to", *(kind.id for kind in self.domain.kinds if kind.rescues))
        minimal = self.of_data(protected=True, minimal=True)
        found: Where = rescuers & minimal & self.where("for", RESCUE)
        return found

    def facts(self, **wanted: bool) -> np.uint32:
        """The bits in which each fact is as wanted; for their names see ``NAMED_FACTS``."""
        named = {NAMED_FACTS[name]: answer for name, answer in wanted.items()}
        return np.uint32(self.domain.fact_mask(named))

    def request(self, where: Sequence[int]) -> Request:
        """The request at a cell and a bit."""
        sender, recipient, purpose, status, data = (
            ids[at] for ids, at in zip(self.domain.dimensions.values(), where[:5], strict=False)
        )
        facts = self.domain.facts_of(where[5])
        return Request(sender, recipient, purpose, status, data, facts)

    def covering(self, rules: Sequence[Rule], request: Request) -> list[str]:
        """The rules that cover a request; no more than a sentence can hold."""
        facts = dict(zip(self.domain.dimensions["when"], request.facts, strict=True))
        known = {name: bool(answer) for name, answer in facts.items()}
        return [rule.id for rule in rules if rule.covers(request, known)][:MOST_NAMED]

    def words(self, where: Sequence[int]) -> Sentence:
        """A request in words: the cell, and one set of facts on which it is answered."""
        sender, recipient, purpose, status, data, bits = where
        facts = [
            fact.label
            for fact, given in zip(self.domain.facts, self.domain.facts_of(bits), strict=True)
            if given
        ]
        return Sentence(
            "{sender} → {recipient}: {data}; {purpose}; {status}; {facts}",
            sender=self.domain.kinds[sender].label,
            recipient=self.domain.kinds[recipient].label,
            data=self.domain.data[data].label,
            purpose=self.domain.purposes[purpose].label,
            status=self.domain.statuses[status].label,
            facts=facts or [Sentence("no fact given")],
        )

    def first(self, wrong: Cells, message: str = OPENED) -> Sentence | None:
        """The first request among those that are wrong, in a sentence; None if there is none."""
        found = np.flatnonzero(wrong)
        if not len(found):
            return None
        cell = np.unravel_index(found[0], wrong.shape)
        bits = int(wrong[cell])
        where = [*(int(at) for at in cell), (bits & -bits).bit_length() - 1]
        count = int(np.bitwise_count(wrong).sum())
        by: object = self.covering(self.rules.permits(), self.request(where))
        by = by or [Sentence("no rule")]
        return Sentence(message, request=self.words(where), count=count, rules=by)
