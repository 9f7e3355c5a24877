"""What a set of rules must keep besides its walls, each checked over every request there is.

P1 to P9 follow the design of the firewall; the others say what consent, minimal notes, agreements
and purposes have to mean, so that no rule can be widened unseen. A check looks at the whole table:
over a finite domain, that is a proof. Each gives the first request that breaks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from waymark.firewall.domain import CONSENT, OWN_ACCESS, PERSON, RESCUE, Role
from waymark.firewall.sharing.case import Case, Where
from waymark.firewall.sharing.routes import Service
from waymark.firewall.sharing.rules import LISTS, Cells, Rule, Table
from waymark.firewall.sharing.walls import spread
from waymark.words import N_, Sentence

WIDTH = 32  # bits in a cell of the table
CLOSED = N_("Closed, one of {count}: {request}.")


def status_read(case: Case) -> Sentence | None:
    """P3: the same answer for every status."""
    cells = case.table.cells
    return case.first(cells ^ cells[:, :, :, :1], N_("Status decides, one of {count}: {request}."))


def withdrawal(case: Case) -> Sentence | None:
    """P4: what is permitted without consent is permitted with it."""
    (consent,) = case.at("when", CONSENT)
    message = N_("Permitted only without consent, by {rules}, one of {count}: {request}.")
    return case.first(_only_with(case.table, consent, False), message)


def worse_answers(case: Case) -> Sentence | None:
    """P13: what is permitted when a fact is not known is permitted whatever the fact is."""
    wrong: Cells = np.zeros_like(case.table.cells)
    for at, fact in enumerate(case.domain.facts):
        if fact.id != CONSENT:  # that is P4
            wrong |= _only_with(case.table, at, fact.unknown_is)
    message = N_("Permitted only at the worse answer, by {rules}, one of {count}: {request}.")
    return case.first(wrong, message)


def _only_with(table: Table, fact: int, answer: bool) -> Cells:
    """What is permitted at one answer to a fact and denied at the other, all else the same."""
    name = table.domain.facts[fact].id
    here = table.cells & np.uint32(table.domain.fact_mask({name: answer}))
    there = table.cells & np.uint32(table.domain.fact_mask({name: not answer}))
    step = np.uint32(1 << fact)
    moved = there << step if answer else there >> step
    found: Cells = here & ~moved
    return found


def as_written(case: Case) -> Sentence | None:
    """P5: the table is what the rules say, read again one by one, from the last to the first."""
    again = one_by_one(case.rules.rules[::-1], case)
    return case.first(
        again ^ case.table.cells, N_("The rules say otherwise, one of {count}: {request}.")
    )


def one_by_one(rules: Sequence[Rule], case: Case) -> Cells:
    """The table of some rules by another way than ``compiled``: whole numbers used as sets."""
    senders, recipients, *rest = case.domain.shape
    permits, forbids = ([0] * (senders * recipients) for _ in range(2))
    cache: dict[object, int] = {}
    for rule in rules:
        into = permits if rule.permit else forbids
        key = (*rule.choices[2:], *sorted(rule.when.items()))
        if key not in cache:
            cache[key] = _tail(rule, case)
        places = [
            range(length) if chosen is None else case.at(name, *chosen)
            for name, chosen, length in zip(
                LISTS[:2], rule.choices, case.domain.shape, strict=False
            )
        ]
        for sender, recipient in product(*places):
            into[sender * recipients + recipient] |= cache[key]
    size = int(np.prod(rest)) * WIDTH // 8
    raw = b"".join(
        (yes & ~no).to_bytes(size, "little") for yes, no in zip(permits, forbids, strict=True)
    )
    return np.frombuffer(raw, dtype="<u4").reshape(case.domain.shape).astype(np.uint32)


def _tail(rule: Rule, case: Case) -> int:
    """What a rule covers between two bodies: a bit for each choice of the rest."""
    found, width = case.domain.fact_mask(dict(rule.when)), WIDTH
    for name, chosen, length in reversed(
        list(zip(LISTS[2:], rule.choices[2:], case.domain.shape[2:], strict=True))
    ):
        places = range(length) if chosen is None else case.at(name, *chosen)
        found = sum(found << (width * at) for at in places)
        width *= length
    return found


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
    forbidden = case.table.cells & case.forbidden
    return case.first(forbidden, N_("Forbidden and permitted, one of {count}: {request}."))


def not_vacuous(case: Case) -> Sentence | None:
    """P8: each essential service may hear of a need from anybody, of any status."""
    for service in case.routes.essential:
        for name, reached in zip(case.domain.statuses, is_open(case, service), strict=True):
            if not reached:
                return Sentence(
                    "Closed: {service} for {purpose}, status {status}.",
                    service=case.domain.kind(service.service).label,
                    purpose=_label(case, service.purpose),
                    status=name.label,
                )
    return None


def is_open(case: Case, service: Service) -> Where:
    """For each status, whether a person who consents may tell a service of their need.

    A minimal note is enough, and it must be so whether or not there is an agreement or a danger.
    Where the law gives the kind of body a duty to report, the request is asked with that duty: it
    is how people would meet it.
    """
    (person,), (recipient,) = case.at("from", PERSON), case.at("to", service.service)
    (purpose,) = case.at("for", service.purpose)
    facts = case.facts(consent=True, duty=service.service in case.rules.duties)
    minimal = [at for at, each in enumerate(case.domain.data) if each.minimal]
    cells = case.table.cells[person, recipient, purpose][:, minimal]
    found: Where = np.all((cells & facts) == facts, axis=1)
    return found


def _label(case: Case, purpose: str) -> Sentence:
    (at,) = case.at("for", purpose)
    return Sentence("{purpose}", purpose=case.domain.purposes[at].label)


def routes_kept(case: Case) -> Sentence | None:
    """P9: an open route for each need and status; a group or a Compact never removes a service."""
    routes = case.routes
    for need in routes.needs:
        reached = [is_open(case, service) for service in routes.services(need)]
        for at, name in enumerate(case.domain.statuses):
            if not any(each[at] for each in reached):
                message = N_("No open route for the need {need}, status {status}.")
                return Sentence(message, need=need, status=name.label)
    if routes.loss is not None:
        message = N_("The need {need} loses a service when {added} is added.")
        return Sentence(message, need=routes.loss[0], added=routes.loss[1])
    return None


def must_be_open(case: Case) -> Cells:
    """P15: a person's access to what a service holds of them; a call for help to save a life."""
    duties = case.rules.duties
    services = case.of_role("from", Role.SERVICE)
    access = services & case.where("to", PERSON) & case.where("for", OWN_ACCESS)
    own = spread(case, access & case.of_data(protected=True), case.facts(consent=True, duty=False))
    rescuers = [kind.id for kind in case.domain.kinds if kind.rescues and kind.id not in duties]
    called = services & case.rescue & case.where("to", *rescuers) & case.where("for", RESCUE)
    return own | spread(case, called, case.facts(danger=True, duty=False))


def seen_and_rescued(case: Case) -> Sentence | None:
    """P15: nothing that must be open is closed."""
    return case.first(must_be_open(case) & ~case.table.cells, CLOSED)
