"""What needs two people: the table of moves, and the database that holds it whoever writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.web.arrangements import (
    HOLDS,
    filed,
    newest,
    proposed,
)
from tests.web.people import account
from waymark.firewall.procedure import (
    MOVES,
    Part,
    ProposalState,
    ReleaseState,
    Verdict,
    outcome,
    why_not,
)
from waymark_web.firewall import writes
from waymark_web.firewall.models import Proposal, Release
from waymark_web.plans.writes import RefusedError


@pytest.mark.parametrize("states", [ProposalState, ReleaseState])
def test_every_move_by_every_part(states: Any) -> None:
    for old in states:
        for new in states:
            for part in Part:
                allowed = MOVES.get((old, new)) is part
                assert (why_not(old, new, part) is None) is allowed
    assert why_not(ProposalState.REFUSED, ReleaseState.RELEASED, Part.OTHER) is not None


def test_a_release_needs_two_yeses() -> None:
    for first in (None, *Verdict):
        for second in (None, *Verdict):
            found = outcome(first, second)
            assert (found is ReleaseState.FILED) is (None in (first, second))
            assert (found is ReleaseState.RELEASED) is (first is second is Verdict.RELEASE)


A, B, C = "contributor", "coordinator", "steward"
FORGED = {
    "decided by who proposed": (Proposal, {"state": "confirmed", "decided_by": A, "decided_at": 1}),
    "confirmed by nobody": (Proposal, {"state": "confirmed"}),
    "decided and waiting": (Proposal, {"decided_by": B, "decided_at": 1}),
    "an unknown state": (Proposal, {"state": "other"}),
    "released without verdicts": (Release, {"state": "released"}),
    "released by one": (Release, {"state": "released", "first": (B, "release")}),
    "reviewed by who filed": (Release, {"first": (A, "release")}),
    "reviewed second by who filed": (Release, {"first": (B, "hold"), "second": (A, "hold")}),
    "one reviewer twice": (
        Release,
        {"state": "released", "first": (B, "release"), "second": (B, "release")},
    ),
    "released against a no": (
        Release,
        {"state": "released", "first": (B, "hold"), "second": (C, "release")},
    ),
    "refused against two yeses": (
        Release,
        {"state": "refused", "first": (B, "release"), "second": (C, "release")},
    ),
    "two verdicts and still open": (
        Release,
        {"state": "filed", "first": (B, "release"), "second": (C, "release")},
    ),
    "a verdict of nobody": (Release, {"first_verdict": "release"}),
    "a second without a first": (Release, {"second": (C, "hold")}),
}


@pytest.mark.parametrize("forged", FORGED)
def test_the_database_refuses_what_the_procedure_refuses(forged: str) -> None:
    table, wanted = FORGED[forged]
    if table is Proposal:
        proposed(text=HOLDS)
        Proposal.objects.update(proposed_by=account(A))
    else:
        filed()
    row = newest(table)
    fields: dict[str, Any] = {}
    for name, value in wanted.items():
        if name in ("first", "second"):
            by, say = value
            fields |= {f"{name}_by": account(by), f"{name}_verdict": say}
            fields[f"{name}_at"] = timezone.now()
        elif name == "decided_by":
            fields[name] = account(value)
        else:
            fields[name] = timezone.now() if value == 1 else value
    with pytest.raises(IntegrityError), transaction.atomic():
        table.objects.filter(pk=row.pk).update(**fields)


def test_two_reviews_by_one_person_at_once_are_one() -> None:
    filed()
    found = newest(Release)
    writes.review(found.pk, Verdict.RELEASE, "Once.", account("region"))
    with pytest.raises(RefusedError):
        writes.review(found.pk, Verdict.RELEASE, "Twice.", account("region"))
