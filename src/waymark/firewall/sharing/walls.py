"""What no rule may permit: each wall is the set of requests that one theorem closes.

A wall says nothing of what the rules are. A rule set keeps it if its table and the wall have no
request in common; so what all the walls together leave open is all that rules can ever permit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from waymark.firewall.domain import (
    GATE,
    LEGAL_ADVICE,
    LEGAL_AID,
    OWN_ACCESS,
    PERSON,
    STATISTICS,
    Role,
)
from waymark.firewall.sharing.case import ALL, NONE, Case, Where
from waymark.firewall.sharing.rules import Cells
from waymark.words import Sentence

Wall = Callable[[Case], Cells]


def kept(wall: Wall) -> Callable[[Case], Sentence | None]:
    """The check that a table permits nothing of a wall."""

    def breach(case: Case) -> Sentence | None:
        return case.first(case.table.cells & wall(case))

    return breach


def spread(case: Case, where: Where, bits: np.uint32) -> Cells:
    """The requests at some places, with some sets of facts."""
    found: Cells = np.where(np.broadcast_to(where, case.domain.shape), bits & case.every, NONE)
    return found


def to_sinks(case: Case) -> Cells:
    """P1: to a sink, for a bad purpose, or to a body with a duty to report."""
    closed = case.of_purpose(bad=True) | case.where(
        "to", *(case.domain.kinds[at].id for at in case.sinks)
    )
    return spread(case, closed, ALL) | case.facts(duty=True)


def labels(case: Case) -> Cells:
    """P6: only the gate makes counts of records, of nothing else, and nothing else comes out."""
    by_gate, to_gate = case.where("from", GATE), case.where("to", GATE)
    counts, statistics = case.of_data(protected=False), case.where("for", STATISTICS)
    relabelled = by_gate ^ counts
    strayed = (~by_gate & statistics & ~to_gate) | (to_gate & ~statistics)
    return spread(case, relabelled | strayed, ALL)


def consented(case: Case) -> Cells:
    """P10: without consent, unless a minimal note goes to somebody who saves a life in danger."""
    protected = case.of_data(protected=True)
    closed = spread(case, protected & ~case.rescue, case.facts(consent=False))
    return closed | spread(case, case.rescue, case.facts(consent=False, danger=False))


def minimal(case: Case) -> Cells:
    """P11: bodies pass minimal notes alone; records go to the gate, status to the adviser."""
    by_person, statement = case.where("from", PERSON), case.of_data(of_status=True)
    to_gate, names = case.where("to", GATE), case.of_data(identifies=True)
    to_adviser = case.where("to", LEGAL_AID) & case.where("for", LEGAL_ADVICE)
    to_person = case.where("to", PERSON) & case.where("for", OWN_ACCESS)
    fit = (
        case.of_data(protected=False)
        | (case.of_data(minimal=True) & ~to_gate)
        | (by_person & ~statement & ~to_gate)
        | (by_person & statement & to_adviser)
        | (to_gate & ~statement & ~names)
        | to_person
    )
    return spread(case, ~fit, ALL)


def agreed(case: Case) -> Cells:
    """P12: between bodies without an agreement that bars passing on; to an outsider, never."""
    between = ~case.where("from", PERSON) & ~case.where("to", PERSON)
    between = between & case.of_data(protected=True)
    free = ~case.facts(agreement=True, onward_barred=True)
    outsiders = case.of_role("to", Role.OUTSIDER)
    return (
        spread(case, between & ~case.rescue, free)
        | spread(case, between & case.rescue, free & case.facts(danger=False))
        | spread(case, between & outsiders, ALL)
    )


def purposes(case: Case) -> Cells:
    """P14: for anything but help, the person's own access, or statistics at the gate."""
    fit = (
        case.of_purpose(helps=True)
        | (case.where("to", PERSON) & case.where("for", OWN_ACCESS))
        | (case.where("to", GATE) & case.where("for", STATISTICS))
    )
    return spread(case, case.of_data(protected=True) & ~fit, ALL)
