"""What waits for an account: steps due or late, versions returned, drafts, and decisions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from waymark.plans.procedure import VersionStatus
from waymark.plans.timeline import DUE_WITHIN
from waymark.plans.vocabulary import Outcome, Status
from waymark_web import store
from waymark_web.accounts.permissions import (
    PERMISSIONS,
    Action,
    all_roles,
    may,
    visible_versions,
)
from waymark_web.plans import models
from waymark_web.plans.authors import organisations
from waymark_web.plans.capacity_rows import to_answer

MOST = 50


def work_of(account: Any) -> dict[str, Any]:
    """The lists of the desk, each bounded."""
    today = store.today()
    mine = visible_versions(account).order_by("-changed")
    submitted = list(mine.filter(status=VersionStatus.SUBMITTED)[:MOST])
    decide = [
        each
        for each in submitted
        if may(account, Action.PUBLISH, actor=each.actor, place=each.place)
    ]
    steps = list(open_steps(organisations(account), today)[:MOST])
    held = all_roles(account)
    return {
        "late": [each for each in steps if each.due_by < today],
        "due": [each for each in steps if each.due_by >= today],
        "returned": mine.filter(status=VersionStatus.RETURNED)[:MOST],
        "drafts": mine.filter(status=VersionStatus.DRAFT)[:MOST],
        "submitted": [each for each in submitted if each not in decide],
        "decide": decide,
        "published": mine.filter(status=VersionStatus.PUBLISHED)[:10],
        "asked": to_answer(organisations(account))[:MOST],
        "rounds": models.Round.objects.filter(opens__lte=today, closes__gte=today),
        "roles": [role.label for role in sorted(held)],
        "may_invite": bool(PERMISSIONS[Action.INVITE] & held),
        "may_edit_many": bool(PERMISSIONS[Action.BULK_EDIT] & held),
        "may_read_audit": bool(PERMISSIONS[Action.READ_AUDIT] & held),
    }


def open_steps(actors: list[str], today: date) -> QuerySet[models.Step]:
    """The steps of actors' commitments that are due soon or overdue and not met, earliest first."""
    newest = models.Report.objects.filter(
        commitment=OuterRef("commitment__slug"), step=OuterRef("slug"), reported__lte=today
    ).order_by("-reported", "-pk")
    return (
        models.Step.objects.filter(
            commitment__lead__in=actors, dropped=False, due_by__lte=today + DUE_WITHIN
        )
        .exclude(commitment__status__in=[Status.DROPPED.value, Status.DONE.value])
        .annotate(newest=Subquery(newest.values("outcome")[:1]))
        .filter(Q(newest=None) | ~Q(newest=Outcome.MET.value))
        .select_related("commitment")
        .order_by("due_by", "pk")
    )
