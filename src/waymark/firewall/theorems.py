"""What a set of rules must keep, as sentences that are checked over every request there is.

P1 to P9 follow the design of the firewall; P10 to P12 say what consent, minimal notes and
agreements have to mean, so that no rule can be widened unseen. A check looks at the whole table:
over a finite domain, that is a proof. Each gives the first request that breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from waymark.firewall.domain import (
    AGREEMENT,
    CONSENT,
    DANGER,
    DUTY,
    GATE,
    LEGAL_ADVICE,
    ONWARD_BARRED,
    OWN_ACCESS,
    PERSON,
    RESCUE,
    STATISTICS,
    Domain,
    Role,
)
from waymark.firewall.routes import Routes, Service
from waymark.firewall.rules import LISTS, Cells, RuleSet, Table, compiled, union
from waymark.words import N_, Sentence

Flow = npt.NDArray[np.bool_]  # kind x kind
Where = npt.NDArray[np.bool_]
LEGAL_AID = "legal-aid"


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
    def sinks(self) -> tuple[int, ...]:
        """The kinds at which nothing may arrive: the domain's, and those that the rules add."""
        named = self.rules.sinks or ()
        added = [at for at, kind in enumerate(self.domain.kinds) if kind.id in named]
        return tuple(dict.fromkeys((*self.domain.of_role(Role.SINK), *added)))

    @cached_property
    def protected(self) -> list[int]:
        """The places of the data that must not leak."""
        return [at for at, each in enumerate(self.domain.data) if each.protected]

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
        data = self.domain.data
        return self.where(
            "data",
            *(each.id for each in data if all(getattr(each, it) is marks[it] for it in marks)),
        )

    def facts(self, **wanted: bool) -> np.uint32:
        """The bits in which each fact is as wanted; ``duty_to_report`` is written ``duty``."""
        names = {
            "consent": CONSENT,
            "agreement": AGREEMENT,
            "onward_barred": ONWARD_BARRED,
            "duty": DUTY,
            "danger": DANGER,
        }
        return np.uint32(self.domain.fact_mask({names[key]: it for key, it in wanted.items()}))

    @cached_property
    def flow(self) -> Flow:
        """Which kind may send something protected to which, on whatever grounds."""
        kept: Cells = self.table.cells[..., self.protected]
        found: Flow = np.any(kept, axis=(2, 3, 4))
        return found

    @cached_property
    def onward(self) -> Flow:
        """What passes on outside the rules: by law, by others' contracts, by outsiders."""
        found = np.zeros((len(self.domain.kinds),) * 2, dtype=bool)
        sink = self.domain.of_role(Role.SINK)[-1]
        for each in self.rules.outside:
            found[self.at("from", each.sender)[0], self.at("from", each.recipient)[0]] = True
        for kind in self.at("from", *self.rules.duties):
            found[kind, sink] = True
        for kind in self.domain.of_role(Role.OUTSIDER):
            found[kind, sink] = True
        return found

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

    def first(self, wrong: Cells, message: str) -> Sentence | None:
        """The first request among those that are wrong, in a sentence; None if there is none."""
        found = np.flatnonzero(wrong)
        if not len(found):
            return None
        cell = np.unravel_index(found[0], wrong.shape)
        bits = int(wrong[cell])
        where = [*(int(at) for at in cell), (bits & -bits).bit_length() - 1]
        count = int(np.bitwise_count(wrong).sum())
        return Sentence(message, request=self.words(where), count=count)


OPENED = N_("Permitted, one of {count}: {request}.")
ZERO = np.uint32(0)


def to_sinks(case: Case) -> Sentence | None:
    """P1: sinks, bad purposes, bodies with a duty to report."""
    bad = [at for at, purpose in enumerate(case.domain.purposes) if purpose.bad]
    wrong = case.table.cells & case.facts(duty=True)
    wrong[:, list(case.sinks)] = case.table.cells[:, list(case.sinks)]
    wrong[:, :, bad] = case.table.cells[:, :, bad]
    return case.first(wrong, OPENED)


def chains(case: Case) -> Sentence | None:
    """P2: the closure of what may be sent and what is passed on, from services to sinks."""
    edges = case.flow | case.onward
    before: dict[int, int | None] = dict.fromkeys(case.domain.of_role(Role.SERVICE, Role.GATE))
    waiting = list(before)
    for kind in waiting:  # a breadth-first search: the list grows as kinds are reached
        if kind in case.sinks:
            labels_of = [
                Sentence("{kind}", kind=case.domain.kinds[at].label) for at in _back(before, kind)
            ]
            whole = reduce(
                lambda then, first: Sentence("{first} → {then}", first=first, then=then), labels_of
            )
            return Sentence("A chain: {chain}.", chain=whole)
        for onto in map(int, np.flatnonzero(edges[kind])):
            if onto not in before:
                before[onto] = kind
                waiting.append(onto)
    return None


def _back(before: dict[int, int | None], kind: int | None) -> Iterator[int]:
    while kind is not None:
        yield kind
        kind = before[kind]


def status_read(case: Case) -> Sentence | None:
    """P3: the same answer for every status."""
    cells = case.table.cells
    return case.first(cells ^ cells[:, :, :, :1], N_("Status decides, one of {count}: {request}."))


def withdrawal(case: Case) -> Sentence | None:
    """P4: what is permitted without consent is permitted with it."""
    consent = 1 << [fact.id for fact in case.domain.facts].index(CONSENT)
    without = case.table.cells & case.facts(consent=False)
    given = (case.table.cells & case.facts(consent=True)) >> np.uint32(consent)
    return case.first(
        without & ~given, N_("Permitted only without consent, one of {count}: {request}.")
    )


def as_written(case: Case) -> Sentence | None:
    """P5: every permission comes from a rule that permits; the order of rules changes nothing."""
    turned = case.rules.model_copy(update={"rules": case.rules.rules[::-1]})
    again = compiled(turned, case.domain).cells
    return case.first(
        again ^ case.table.cells, N_("The rules say otherwise, one of {count}: {request}.")
    )


def labels(case: Case) -> Sentence | None:
    """P6: only the gate makes counts of records, and nothing else comes out of it."""
    by_gate, to_gate = case.where("from", GATE), case.where("to", GATE)
    counts, statistics = case.of_data(protected=False), case.where("for", STATISTICS)
    relabelled = (by_gate ^ counts) | (~by_gate & statistics & ~to_gate)
    return case.first(np.where(relabelled, case.table.cells, ZERO), OPENED)


def sinks_kept(case: Case) -> Sentence | None:
    """P7: no sink of the domain is missing, and a forbidden request is never permitted."""
    named = case.rules.sinks
    missing = [
        case.domain.kinds[at].label
        for at in case.domain.of_role(Role.SINK)
        if named is not None and case.domain.kinds[at].id not in named
    ]
    if missing:
        return Sentence("These are sinks, and the rules leave them out: {kinds}.", kinds=missing)
    forbidden = case.table.cells & union(case.rules.forbids(), case.domain)
    return case.first(forbidden, N_("Forbidden and permitted, one of {count}: {request}."))


def not_vacuous(case: Case) -> Sentence | None:
    """P8: each essential service may hear of a need from anybody, of any status."""
    for service in case.routes.essential:
        for status, name in enumerate(case.domain.statuses):
            if not is_open(case, service, status):
                return Sentence(
                    "Closed: {service} for {purpose}, status {status}.",
                    service=case.domain.kind(service.service).label,
                    purpose=_label(case, service.purpose),
                    status=name.label,
                )
    return None


def is_open(case: Case, service: Service, status: int) -> bool:
    """Whether a person who consents may tell a service of their need and how to reach them.

    No agreement is asked for and nobody is in danger. Where the law gives the kind of body a duty
    to report, the request is asked with that duty: it is how people would meet it.
    """
    (recipient,), (purpose,) = case.at("to", service.service), case.at("for", service.purpose)
    facts = case.facts(
        consent=True,
        agreement=False,
        onward_barred=False,
        duty=service.service in case.rules.duties,
        danger=False,
    )
    minimal = [at for at, each in enumerate(case.domain.data) if each.minimal]
    (person,) = case.at("from", PERSON)
    cells = case.table.cells[person, recipient, purpose, status, minimal]
    return bool(((cells & facts) == facts).all())


def _label(case: Case, purpose: str) -> Sentence:
    (at,) = case.at("for", purpose)
    return Sentence("{purpose}", purpose=case.domain.purposes[at].label)


def routes_kept(case: Case) -> Sentence | None:
    """P9: an open route for each need and status; a group or a Compact never removes a service."""
    routes = case.routes
    for need in routes.needs:
        for status, name in enumerate(case.domain.statuses):
            if not any(is_open(case, each, status) for each in routes.services(need)):
                message = N_("No open route for the need {need}, status {status}.")
                return Sentence(message, need=need, status=name.label)
        for groups, instruments in product(_some(routes.groups), _some(routes.instruments)):
            before = routes.services(need, groups, instruments)
            for more in (*routes.groups, *routes.instruments):
                if not before <= routes.services(need, {*groups, more}, {*instruments, more}):
                    message = N_("The need {need} loses a service when {added} is added.")
                    return Sentence(message, need=need, added=more)
    return None


def _some(words: Sequence[str]) -> list[set[str]]:
    """None of some words, each alone, and every two."""
    return [set(held) for size in range(3) for held in combinations(words, size)]


def consented(case: Case) -> Sentence | None:
    """P10: nothing protected moves without consent, but to rescue somebody from danger to life."""
    rescue = case.where("for", RESCUE) & case.where(
        "to", *(kind.id for kind in case.domain.kinds if kind.role is Role.SERVICE)
    )
    barred = np.where(rescue, case.facts(consent=False, danger=False), case.facts(consent=False))
    moved = np.where(case.of_data(protected=True), case.table.cells & barred, ZERO)
    return case.first(moved, OPENED)


def minimal(case: Case) -> Sentence | None:
    """P11: bodies pass minimal notes alone; records go to the gate, status to the adviser."""
    by_person, statement = case.where("from", PERSON), case.of_data(of_status=True)
    to_adviser = case.where("to", LEGAL_AID) & case.where("for", LEGAL_ADVICE)
    to_gate = case.where("to", GATE) & case.where("for", STATISTICS)
    to_person = case.where("to", PERSON) & case.where("for", OWN_ACCESS)
    fit = (
        case.of_data(protected=False)
        | case.of_data(minimal=True)
        | (by_person & ~statement)
        | (by_person & statement & to_adviser)
        | (to_gate & ~statement)
        | to_person
    )
    return case.first(np.where(fit, ZERO, case.table.cells), OPENED)


def agreed(case: Case) -> Sentence | None:
    """P12: between bodies, only under an agreement that bars passing on, danger to life apart."""
    between = ~case.where("from", PERSON) & ~case.where("to", PERSON)
    free = ~case.facts(agreement=True, onward_barred=True)
    barred = np.where(case.where("for", RESCUE), free & case.facts(danger=False), free)
    moved = np.where(between & case.of_data(protected=True), case.table.cells & barred, ZERO)
    return case.first(moved, OPENED)
