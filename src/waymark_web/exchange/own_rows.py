"""The rows of the register that an account may draft, as documents: its own, or of its places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet

from waymark.exchange.incoming import Document
from waymark.plans.procedure import Role
from waymark.plans.register import KINDS
from waymark.words import N_, Sentence
from waymark_web.accounts.models import Membership
from waymark_web.accounts.permissions import (
    DRAFTING,
    EVERYWHERE,
    OF_A_PLACE,
    PERMISSIONS,
    all_roles,
    may,
    memberships,
    visible_versions,
)
from waymark_web.exchange.incoming import OPEN_STATUSES, SPEAKERS
from waymark_web.plans.fields import FIELDS
from waymark_web.plans.places import within
from waymark_web.plans.rows import TABLES, value_of, whole
from waymark_web.plans.writes import RefusedError

MOST_ROWS = 1_000  # documents in one workbook


def kinds_of(account: Any) -> list[str]:
    """The kinds of things that an account may draft somewhere."""
    held = all_roles(account)
    return [kind for kind in KINDS if kind in FIELDS and PERMISSIONS[DRAFTING[kind]] & held]


def own_documents(account: Any, place: str = "") -> dict[str, dict[str, Document]]:
    """What an account may draft, as it stands: open versions, and else what is published.

    With a ``place``, only what belongs there. Raises ``RefusedError`` where it is too much for a
    workbook.
    """
    found: dict[str, dict[str, Document]] = {}
    for kind in kinds_of(account):
        rows = _rows(kind, account, place)
        if sum(map(len, found.values())) + rows.count() > MOST_ROWS:
            raise RefusedError(
                Sentence(
                    N_("A workbook holds at most {most} rows. Choose a smaller place."),
                    most=MOST_ROWS,
                )
            )
        held = {
            row.slug: value_of(kind, row).model_dump(mode="json")  # type: ignore[attr-defined]
            for row in (whole(rows) if kind == "commitments" else rows)
        }
        found[kind] = held | _open_documents(kind, account, place)
    return found


def _open_documents(kind: str, account: Any, place: str) -> dict[str, Document]:
    versions = visible_versions(account).filter(kind=kind, status__in=OPEN_STATUSES)
    if place:
        countries, localities = within(place)
        versions = versions.filter(Q(country__in=countries) | Q(place__in=localities))
    return {
        each.subject: {**each.document, "id": each.subject}
        for each in versions.order_by("pk")
        if may(account, DRAFTING[kind], actor=each.actor, place=each.place)
    }


def _rows(kind: str, account: Any, place: str) -> QuerySet[Any]:
    wanted = Q(pk__in=[])
    for each in memberships(account):
        if Role(each.role) in PERMISSIONS[DRAFTING[kind]]:
            wanted |= _reached(kind, each)
    table = TABLES[kind]
    rows = table._default_manager.filter(wanted)
    if place:
        rows = rows.filter(_inside(table, place))
    return rows.order_by("pk")


def _reached(kind: str, membership: Membership) -> Q:
    role = Role(membership.role)
    if role in EVERYWHERE:
        return Q()
    if role in OF_A_PLACE:
        return _inside(TABLES[kind], membership.place)
    names = _names(TABLES[kind])
    owner = next((name for name in SPEAKERS if name in names), "")
    if owner:
        return Q(**{f"{owner}__slug" if names[owner] else owner: membership.actor})
    if "commitment" in names:
        return Q(commitment__lead__slug=membership.actor)
    return Q(pk__in=[])


def _inside(table: type[Model], place: str) -> Q:
    """The rows of a table that belong to a place: their own, or that of what they are of."""
    names = _names(table)
    countries, localities = within(place)
    for prefix in ("", *(f"{name}__" for name in ("commitment", *SPEAKERS) if names.get(name))):
        of = table if not prefix else table._meta.get_field(prefix[:-2]).related_model
        if {"country", "place"} <= set(_names(of)):  # type: ignore[arg-type]
            return Q(**{f"{prefix}country__in": countries}) | Q(
                **{f"{prefix}place__in": localities}
            )
    if "parent" in names:
        return Q(parent__in=[*countries, *localities])
    return Q(pk__in=[])


def _names(table: type[Model]) -> Mapping[str, bool]:
    """The fields of a table, and whether each refers to another table."""
    return {each.name: each.is_relation for each in table._meta.get_fields()}
