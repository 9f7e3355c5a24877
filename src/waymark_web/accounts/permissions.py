"""Who may do what: one table of actions and roles, and how far a role reaches.

Pages ask it, writes obey it, a test walks all of it. What is not in the table is refused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from waymark.compact.places import WORLD
from waymark.plans.procedure import Role
from waymark_web import store
from waymark_web.accounts.models import Account, Membership
from waymark_web.plans.models import Locality, Version


class Action(StrEnum):
    """What somebody may want to do."""

    READ_VERSION = "read-version"
    COMMENT = "comment"
    DRAFT_COMMITMENT = "draft-commitment"
    DRAFT_REPORT = "draft-report"
    DRAFT_ASSESSMENT = "draft-assessment"
    DRAFT_PRACTICE = "draft-practice"
    DRAFT_CAPACITY = "draft-capacity"
    DRAFT_DEFINITION = "draft-definition"
    PUBLISH = "publish"
    BULK_EDIT = "bulk-edit"
    INVITE = "invite"
    APPOINT = "appoint"
    LOAD = "load"
    READ_AUDIT = "read-audit"
    CHANGE_BODIES = "change-bodies"
    FILE_RELEASE = "file-release"
    REVIEW_RELEASE = "review-release"


R = Role
PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.READ_VERSION: frozenset({R.READER, R.CONTRIBUTOR, R.ASSESSOR, R.COORDINATOR, R.STEWARD}),
    Action.COMMENT: frozenset({R.CONTRIBUTOR, R.ASSESSOR, R.COORDINATOR, R.STEWARD}),
    Action.DRAFT_COMMITMENT: frozenset({R.CONTRIBUTOR, R.COORDINATOR}),
    Action.DRAFT_REPORT: frozenset({R.CONTRIBUTOR, R.COORDINATOR}),
    Action.DRAFT_ASSESSMENT: frozenset({R.ASSESSOR}),
    Action.DRAFT_PRACTICE: frozenset({R.CONTRIBUTOR, R.COORDINATOR}),
    Action.DRAFT_CAPACITY: frozenset({R.CONTRIBUTOR, R.COORDINATOR}),
    Action.DRAFT_DEFINITION: frozenset({R.COORDINATOR, R.STEWARD}),
    Action.PUBLISH: frozenset({R.COORDINATOR, R.STEWARD}),
    Action.BULK_EDIT: frozenset({R.COORDINATOR}),
    Action.INVITE: frozenset({R.COORDINATOR, R.ADMINISTRATOR}),
    Action.APPOINT: frozenset({R.ADMINISTRATOR}),
    Action.LOAD: frozenset({R.ADMINISTRATOR}),
    Action.READ_AUDIT: frozenset({R.STEWARD, R.ADMINISTRATOR}),
    Action.CHANGE_BODIES: frozenset({R.COORDINATOR, R.STEWARD}),
    Action.FILE_RELEASE: frozenset({R.CONTRIBUTOR, R.COORDINATOR}),
    Action.REVIEW_RELEASE: frozenset({R.COORDINATOR, R.STEWARD}),
}
DRAFTING = {  # which action drafting a kind of thing is
    "commitments": Action.DRAFT_COMMITMENT,
    "reports": Action.DRAFT_REPORT,
    "assessments": Action.DRAFT_ASSESSMENT,
    "practices": Action.DRAFT_PRACTICE,
    "protectors": Action.DRAFT_PRACTICE,
    "plans": Action.DRAFT_COMMITMENT,
    "capacity_needs": Action.DRAFT_CAPACITY,
    "capacity_offers": Action.DRAFT_CAPACITY,
    "capacity_requests": Action.DRAFT_CAPACITY,
    "actors": Action.DRAFT_DEFINITION,
    "mandates": Action.DRAFT_DEFINITION,
    "rounds": Action.DRAFT_DEFINITION,
    "localities": Action.DRAFT_DEFINITION,
    "consultations": Action.DRAFT_DEFINITION,
    "flows": Action.DRAFT_REPORT,
    "rates": Action.DRAFT_DEFINITION,
    "deflators": Action.DRAFT_DEFINITION,
}
OF_AN_ORGANISATION = frozenset({Role.READER, Role.CONTRIBUTOR, Role.ASSESSOR})
OF_A_PLACE = frozenset({Role.COORDINATOR})
EVERYWHERE = frozenset({Role.STEWARD, Role.ADMINISTRATOR})


def memberships(account: Any) -> list[Membership]:
    """What an account was given; nothing for a visitor or a closed account."""
    if not isinstance(account, Account) or not account.is_active:
        return []
    held: list[Membership] | None = getattr(account, "_held", None)
    if held is None:
        held = list(account.memberships.all())
        account._held = held  # type: ignore[attr-defined]
    return held


def around(place: str) -> frozenset[str]:
    """A place and every place that holds it, up to the world; nothing for an unknown place."""
    found = {place}
    while place not in store.framework().places:
        locality = Locality.objects.filter(slug=place).first()
        if locality is None or locality.parent in found:
            return frozenset()
        place = locality.parent
        found.add(place)
    return frozenset({*found, *store.framework().places[place].parents, WORLD})


def roles(account: Any, *, actor: str = "", place: str = "") -> frozenset[Role]:
    """The roles that an account has towards something of an organisation in a place.

    A role of an organisation reaches what that organisation holds; a coordinator reaches a place
    and what lies under it; stewards and administrators reach everything.
    """
    wide = around(place) if place else frozenset()
    found = set()
    for each in memberships(account):
        role = Role(each.role)
        if (
            role in EVERYWHERE
            or (role in OF_AN_ORGANISATION and actor and each.actor == actor)
            or (role in OF_A_PLACE and each.place in wide)
        ):
            found.add(role)
    return frozenset(found)


def all_roles(account: Any) -> frozenset[Role]:
    """Every role that an account has anywhere."""
    return frozenset(Role(each.role) for each in memberships(account))


def may(account: Any, action: Action, *, actor: str = "", place: str = "") -> bool:
    """Whether an account may do something to what an organisation holds in a place."""
    return bool(PERMISSIONS[action] & roles(account, actor=actor, place=place))


def demand(account: Any, action: Action, *, actor: str = "", place: str = "") -> frozenset[Role]:
    """The roles by which an account may do something; ``PermissionDenied`` where it may not."""
    held = PERMISSIONS[action] & roles(account, actor=actor, place=place)
    if not held:
        raise PermissionDenied
    return held


def may_invite(account: Any, role: Role, *, actor_place: str, place: str) -> bool:
    """Whether an account may give a role: a coordinator within the place, an administrator any.

    A coordinator gives organisations of the place readers, contributors and assessors, and the
    place further coordinators.
    """
    if may(account, Action.APPOINT):
        return True
    if role in EVERYWHERE:
        return False
    reach = place if role in OF_A_PLACE else actor_place
    return bool(reach) and may(account, Action.INVITE, place=reach)


def visible_versions(account: Any) -> QuerySet[Version]:
    """The versions that an account may read: of its organisations, and in its places."""
    wanted = Q(pk__in=[])
    for each in memberships(account):
        role = Role(each.role)
        if role not in PERMISSIONS[Action.READ_VERSION]:
            continue
        if role in EVERYWHERE:
            return Version.objects.all()
        if role in OF_AN_ORGANISATION and each.actor:
            wanted |= Q(actor=each.actor)
        elif role in OF_A_PLACE:
            wanted |= Q(country__in=_within(each.place)) | Q(place__in=_localities_in(each.place))
    return Version.objects.filter(wanted)


def _within(place: str) -> list[str]:
    framework = store.framework()
    if place not in framework.places:
        return []
    if place == WORLD:
        return list(framework.places)
    return [place, *(each.id for each in framework.places.values() if place in each.parents)]


def _localities_in(place: str) -> list[str]:
    """A locality and the localities under it; nothing for other places, whose country is told."""
    if place in store.framework().places:
        return []
    found, rest = [], [place]
    while rest:
        each = rest.pop()
        found.append(each)
        rest += (
            Locality.objects.filter(parent=each)
            .exclude(slug__in=found)
            .values_list("slug", flat=True)
        )
    return found
