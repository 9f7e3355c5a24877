"""What somebody may see of a release: never another reviewer's verdict before both are in.

Pages and files are made from ``Seen``, which does not hold what must not be shown. Nothing else
hands a row of releases to a page, and nothing about a verdict enters the record of events before
both are in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from waymark.firewall.procedure import ReleaseState, Verdict
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import Action, may
from waymark_web.firewall.models import Release

BOTH_IN = frozenset({ReleaseState.RELEASED, ReleaseState.REFUSED})


@dataclass(frozen=True)
class Reviewed:
    """One verdict: who gave it, what it was, why, and when."""

    by: str
    verdict: Verdict
    because: str
    at: datetime
    is_mine: bool


@dataclass(frozen=True)
class Seen:
    """A release as somebody sees it. ``verdicts`` holds both, once both are in, or one's own."""

    pk: int
    place: str
    actor: str
    title: str
    purpose: str
    sha256: str
    size: int
    state: ReleaseState
    filed_by: str
    filed_at: datetime
    settled_at: datetime | None
    is_mine: bool
    may_review: bool
    verdicts: tuple[Reviewed, ...]


def seen(row: Release, by: Account) -> Seen:
    """A release as an account sees it."""
    state = ReleaseState(row.state)
    verdicts = tuple(each for each in _verdicts(row, by) if state in BOTH_IN or each.is_mine)
    is_mine = row.filed_by_id == by.pk
    return Seen(
        pk=row.pk,
        place=row.place,
        actor=row.actor,
        title=row.title,
        purpose=row.purpose,
        sha256=row.sha256,
        size=len(row.content),
        state=state,
        filed_by=row.filed_by.name,
        filed_at=row.filed_at,
        settled_at=row.settled_at,
        is_mine=is_mine,
        may_review=state is ReleaseState.FILED
        and not is_mine
        and not verdicts
        and may(by, Action.REVIEW_RELEASE, actor=row.actor, place=row.place),
        verdicts=verdicts,
    )


def _verdicts(row: Release, by: Account) -> Iterable[Reviewed]:
    given: tuple[tuple[Any, ...], ...] = (
        (row.first_by, row.first_verdict, row.first_because, row.first_at),
        (row.second_by, row.second_verdict, row.second_because, row.second_at),
    )
    for reviewer, verdict, because, at in given:
        if reviewer is not None:
            yield Reviewed(reviewer.name, Verdict(verdict), because, at, reviewer.pk == by.pk)


def may_see(row: Release, by: Account) -> bool:
    """Whether an account may see a release before it is released: its author and reviewers."""
    return row.filed_by_id == by.pk or may(
        by, Action.REVIEW_RELEASE, actor=row.actor, place=row.place
    )


def visible_releases(by: Account, most: int) -> list[Seen]:
    """The newest releases that an account may see, as it sees them."""
    rows = _whole(Release.objects.all())[: most * 10]
    return [seen(row, by) for row in rows if may_see(row, by)][:most]


def released() -> QuerySet[Release]:
    """What anybody may read: the releases that two reviewers let through, without the reviewers."""
    return Release.objects.filter(state=ReleaseState.RELEASED).only(
        "place", "actor", "title", "purpose", "sha256", "settled_at"
    )


def one(pk: int) -> Release | None:
    """A release with the people in it."""
    return _whole(Release.objects.filter(pk=pk)).first()


def _whole(rows: QuerySet[Release]) -> QuerySet[Release]:
    return rows.select_related("filed_by", "first_by", "second_by")


def waiting_for(by: Account) -> int:
    """How many releases wait for an account's verdict, whatever others have said."""
    rows = Release.objects.filter(state=ReleaseState.FILED).exclude(
        Q(filed_by=by.pk) | Q(first_by=by.pk)
    )
    return sum(
        may(by, Action.REVIEW_RELEASE, actor=row.actor, place=row.place)
        for row in rows.only("actor", "place")
    )
