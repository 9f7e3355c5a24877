"""The way of a version: every move, by every role, with and without a reason."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from waymark.plans.procedure import EDITABLE, MOVES, OPEN, SUPERSEDING, Role, VersionStatus, why_not

# From each status: to which, by whom. A capital says that a reason is needed.
#   c contributor, a assessor, o coordinator, s steward; readers and administrators move nothing.
TABLE = """
             draft  submitted  returned  published  superseded
draft        -      caos       -         -          -
submitted    caos   -          OS        os         -
returned     -      caos       -         -          -
published    -      -          -         -          -
superseded   -      -          -         -          -
"""
LETTERS = {
    Role.READER: "r",
    Role.CONTRIBUTOR: "c",
    Role.ASSESSOR: "a",
    Role.COORDINATOR: "o",
    Role.STEWARD: "s",
    Role.ADMINISTRATOR: "m",
}
HEADER, *LINES = [line.split() for line in TABLE.strip().splitlines()]
CELLS = {(line[0], new): cell for line in LINES for new, cell in zip(HEADER, line[1:], strict=True)}
REASONS = ("", " \n\t", "Say more of step two")


def expected(old: VersionStatus, new: VersionStatus, roles: frozenset[Role], reason: str) -> bool:
    cell = CELLS[old, new]
    may = any(LETTERS[role] in cell.lower() for role in roles)
    return may and (cell.islower() or bool(reason.strip()))


@pytest.mark.parametrize("reason", REASONS, ids=["no reason", "blanks", "a reason"])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("old", "new"), list(product(VersionStatus, VersionStatus)))
def test_move(old: VersionStatus, new: VersionStatus, role: Role, reason: str) -> None:
    refusal = why_not(old, new, frozenset({role}), reason)
    assert (refusal is None) is expected(old, new, frozenset({role}), reason), refusal


@pytest.mark.parametrize(("old", "new"), list(product(VersionStatus, VersionStatus)))
def test_two_roles_may_what_either_may_and_no_more(old: VersionStatus, new: VersionStatus) -> None:
    for pair in combinations(Role, 2):
        refusal = why_not(old, new, frozenset(pair), "A reason")
        either = any(why_not(old, new, frozenset({role}), "A reason") is None for role in pair)
        assert (refusal is None) is either, pair


def test_who_has_no_role_moves_nothing() -> None:
    for old, new in product(VersionStatus, VersionStatus):
        assert why_not(old, new, frozenset(), "A reason") is not None


def test_the_table_of_this_test_names_every_status() -> None:
    names = [status.value for status in VersionStatus]
    assert names == HEADER
    assert [line[0] for line in LINES] == names


def test_a_refused_move_names_both_ends() -> None:
    refusal = why_not(VersionStatus.PUBLISHED, VersionStatus.DRAFT, frozenset(Role), "A reason")
    assert refusal is not None
    assert refusal.text() == "A version that is published cannot become draft."


def test_a_refused_role_hears_who_may() -> None:
    refusal = why_not(
        VersionStatus.SUBMITTED, VersionStatus.PUBLISHED, frozenset({Role.CONTRIBUTOR})
    )
    assert refusal is not None
    assert refusal.text() == "Only these roles may do that: coordinator and steward."


def test_a_return_without_a_reason_asks_for_one() -> None:
    refusal = why_not(VersionStatus.SUBMITTED, VersionStatus.RETURNED, frozenset({Role.STEWARD}))
    assert refusal is not None
    assert "Say why it is returned" in refusal.text()


def test_a_role_that_may_not_return_is_not_asked_for_a_reason() -> None:
    refusal = why_not(VersionStatus.SUBMITTED, VersionStatus.RETURNED, frozenset({Role.READER}))
    assert refusal is not None
    assert refusal.text().startswith("Only these roles")


def test_nobody_supersedes_by_hand() -> None:
    assert SUPERSEDING not in MOVES
    assert SUPERSEDING[0] is VersionStatus.PUBLISHED
    assert why_not(*SUPERSEDING, frozenset(Role), "A reason") is not None


def test_what_may_be_edited_is_open_and_not_before_a_reviewer() -> None:
    assert set(EDITABLE) == {VersionStatus.DRAFT, VersionStatus.RETURNED}
    assert set(OPEN) - set(EDITABLE) == {VersionStatus.SUBMITTED}


def test_from_a_draft_publication_is_reached_and_never_left() -> None:
    reached = {VersionStatus.DRAFT}
    for _ in VersionStatus:
        reached |= {new for old, new in MOVES if old in reached}
    assert VersionStatus.PUBLISHED in reached
    assert VersionStatus.SUPERSEDED not in reached
    assert not any(old is VersionStatus.PUBLISHED for old, _ in MOVES)


@pytest.mark.parametrize("kind", [Role, VersionStatus])
def test_every_name_is_its_own(kind: type[Role | VersionStatus]) -> None:
    assert len({each.label.text() for each in kind}) == len(kind)
