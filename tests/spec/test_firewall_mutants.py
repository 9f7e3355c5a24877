"""Rule mutation: every change to the rules is caught, or changes nothing that matters.

What does not matter stands here, request by request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.sharing import DOMAIN, MODEL, ROUTES, Mutant, broken, case_of, mutants
from waymark.firewall.domain import GATE, OWN_ACCESS, PERSON, RESCUE, STATISTICS, Role
from waymark.firewall.sharing.case import ALL, Case, Where
from waymark.firewall.sharing.leaks import chains
from waymark.firewall.sharing.proof import THEOREMS
from waymark.firewall.sharing.rules import Cells, Table
from waymark.firewall.sharing.theorems import must_be_open
from waymark.firewall.sharing.walls import spread

BASE = case_of(MODEL)
PAGE = (Path(__file__).parents[2] / "docs/explanation/the-firewall.md").read_text(encoding="utf-8")
SAME, OPENS, CLOSES = "the same table", "opens what is harmless", "closes what is free"
UNACCOUNTED = "unaccounted"
UNBROKEN = {SAME, OPENS, CLOSES, UNACCOUNTED}
Pick = Callable[[Case], Where]


def outside(case: Case) -> Where:
    return case.of_role("from", Role.OUTSIDER, Role.SINK)


def services(case: Case, name: str) -> Where:
    return case.of_role(name, Role.SERVICE)


# What a change of the rules may open, although the model rules do not, and why that is harmless.
# The theorems leave no other request open: see the first test.
HARMLESS: dict[str, Pick] = {
    "released counts go to more bodies or for more purposes: they are public (P6)": lambda case: (
        case.where("from", GATE) & case.of_data(protected=False)
    ),
    "a person gets what concerns them, as they wish (P10)": lambda case: case.where("to", PERSON),
    "the gate is given records without names to count, as the person wishes (P10, P11): "
    "nothing but counts leaves it (P6)": lambda case: (
        case.where("to", GATE)
        & case.where("for", STATISTICS)
        & case.of_data(identifies=False, of_status=False)
    ),
    "a referral for rescue, like any other referral (P10, P11, P12)": lambda case: (
        services(case, "from")
        & services(case, "to")
        & case.where("for", RESCUE)
        & case.of_data(minimal=True)
    ),
    "somebody from outside refers a person to a service, as the person wishes and under an "
    "agreement (P10, P11, P12): it takes nothing out of the circle": lambda case: (
        outside(case)
        & services(case, "to")
        & case.of_purpose(helps=True)
        & case.of_data(minimal=True)
    ),
    "a person's own call for help in danger, for which nobody asks consent": lambda case: (
        case.where("from", PERSON) & case.rescue
    ),
}

# What a change of the rules may close, and no theorem notices, and why rules are free to.
FREE: dict[str, Pick] = {
    "a person tells a service more than a minimal note": lambda case: (
        case.where("from", PERSON) & services(case, "to") & case.of_data(minimal=False)
    ),
    "a person tells a service for a purpose to which no route leads there": lambda case: (
        case.where("from", PERSON) & services(case, "to") & ~routed(case)
    ),
    "a service answers a need for which another route is open (P9)": lambda case: (
        case.where("from", PERSON) & routed(case) & ~essential(case)
    ),
    "services refer people to each other": lambda case: (
        services(case, "from") & services(case, "to") & ~case.rescue
    ),
    "services give records to the gate": lambda case: (
        services(case, "from") & case.where("to", GATE)
    ),
    "the gate publishes counts": lambda case: case.where("from", GATE),
}


def routed(case: Case) -> Where:
    return _of_services(case, [route.leads_to for route in ROUTES.routes])


def essential(case: Case) -> Where:
    return _of_services(case, list(ROUTES.essential))


def _of_services(case, steps):
    pairs = [case.where("to", it.service) & case.where("for", it.purpose) for it in steps]
    return np.logical_or.reduce(pairs)


def within(classes: dict[str, Pick]) -> dict[str, Cells]:
    return {name: spread(BASE, pick(BASE), ALL) for name, pick in classes.items()}


OPENABLE, CLOSABLE = within(HARMLESS), within(FREE)


def count(cells: Cells) -> int:
    return int(np.bitwise_count(cells).sum())


def unaccounted(changed: Cells, classes: dict[str, Cells]) -> Cells:
    left = changed.copy()
    for known in classes.values():
        left &= ~known
    return left


def leads_to_a_sink(sender: int, recipient: int) -> bool:
    """Whether P2 refuses that one kind of body tells another, if nothing else were permitted."""
    cells = np.zeros(DOMAIN.shape, dtype=np.uint32)
    cells[sender, recipient, 0, 0, BASE.protected[0]] = 1
    return chains(Case(MODEL, Table(DOMAIN, cells), ROUTES)) is not None


def left_open() -> Cells:
    """Every request that some rule set could permit without breaking a theorem by that alone."""
    found: Cells = np.full(DOMAIN.shape, BASE.every)
    for theorem in THEOREMS:
        if theorem.wall is not None:
            found &= ~theorem.wall(BASE)
    for pair in np.ndindex(DOMAIN.shape[:2]):
        if leads_to_a_sink(*pair):
            found[pair][..., BASE.protected] = 0
    return found


def test_theorems_leave_nothing_harmful_open():
    """Not for mutants alone: for every rule set that can be written over these lists."""
    open_to_rules = left_open()
    assert not count(BASE.table.cells & ~open_to_rules)
    more = open_to_rules & ~BASE.table.cells
    left = unaccounted(more, OPENABLE)
    assert not count(left), BASE.first(left, "{request}, one of {count}")
    for name, cells in OPENABLE.items():
        assert count(more & cells), f"nothing is left open of this: {name}"
    said = (
        f"{count(open_to_rules):,} requests of {DOMAIN.size:,}",
        f"permit {count(BASE.table.cells):,} of these",
        f"other {count(more):,} are",
    )
    assert [words for words in said if words not in PAGE] == []


def test_what_may_be_closed_is_what_no_theorem_promises():
    """Access, rescue and the essential services are promised; the classes do not touch them."""
    for name, cells in CLOSABLE.items():
        assert not count(cells & must_be_open(BASE)), name
    told = spread(
        BASE,
        BASE.where("from", PERSON) & essential(BASE) & BASE.of_data(minimal=True),
        BASE.facts(consent=True, duty=False),
    )
    assert count(told) == 5 * 5 * 2 * 8  # services, statuses, kinds of data, sets of facts
    assert not count(told & ~BASE.table.cells)
    for name, cells in CLOSABLE.items():
        assert not count(cells & told), name
    own = BASE.where("for", OWN_ACCESS)
    assert not any(count(np.where(own, cells & BASE.table.cells, 0)) for cells in CLOSABLE.values())


def account(mutant: Mutant) -> str:
    """What comes of a mutant: the first theorem that it breaks, or why it does not matter."""
    case = case_of(mutant.rules)
    found = broken(case)
    if found:
        return min(found, key=lambda name: int(name[1:]))
    opened = case.table.cells & ~BASE.table.cells
    closed = BASE.table.cells & ~case.table.cells
    if count(unaccounted(opened, OPENABLE)) or count(unaccounted(closed, CLOSABLE)):
        return UNACCOUNTED
    if count(opened):
        return OPENS
    if count(closed):
        return CLOSES
    return SAME


@pytest.fixture(scope="module")
def accounts() -> list[tuple[Mutant, str]]:
    return [(mutant, account(mutant)) for mutant in mutants()]


def test_every_mutant_is_accounted_for(accounts):
    left = [f"{it.change}: {it.where}" for it, outcome in accounts if outcome == UNACCOUNTED]
    assert not left
    outcomes = Counter(outcome if outcome in UNBROKEN else "broken" for _, outcome in accounts)
    print(f"\n{len(accounts)} mutants: {dict(Counter(outcome for _, outcome in accounts))}")
    said = (
        f"Of these {len(accounts):,} changes, {outcomes['broken']} break a theorem, "
        f"{outcomes[SAME]} leave the table as it was, {outcomes[OPENS]} open nothing but what is "
        f"listed above, and {outcomes[CLOSES]} close what rules are free to close"
    )
    assert said in PAGE


def test_every_kind_of_change_is_caught_somewhere(accounts):
    caught = Counter(mutant.change for mutant, outcome in accounts if outcome.startswith("P"))
    assert set(caught) == {mutant.change for mutant, _ in accounts}


def test_what_is_said_of_bodies_matters_unless_they_hold_nothing(accounts):
    """Duties, contracts and sinks change nothing where a body has nothing of the circle to pass on
    (or counts as passing it on anyway), where it tells the circle, or where nothing goes to it."""
    circle = (Role.PERSON, Role.SERVICE, Role.GATE)
    role = {kind.id: kind.role for kind in DOMAIN.kinds}
    for mutant, outcome in accounts:
        sender, *recipient = mutant.where.split()
        harmless = {
            "duty": role.get(sender) not in circle,
            "outside": role.get(sender) not in circle or role.get(*recipient or [None]) in circle,
            "sink added": not BASE.table.cells[:, BASE.at("to", sender)].any()
            if sender in role
            else None,
        }.get(mutant.change)
        if harmless is not None:
            assert (outcome == SAME) == harmless, mutant[:2]
