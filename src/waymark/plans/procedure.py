"""The way of a version from draft to publication, and who may take which step on it.

One table of moves: the diagram is drawn from it, pages ask it, writes obey it.
"""

from __future__ import annotations

from enum import StrEnum

from waymark.words import N_, Sentence


class Role(StrEnum):
    """What an account may do, within its organisation and its place."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    ASSESSOR = "assessor"
    COORDINATOR = "coordinator"
    STEWARD = "steward"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> Sentence:
        """The role's name for readers."""
        return Sentence(_ROLES[self])


_ROLES = {
    Role.READER: N_("reader"),
    Role.CONTRIBUTOR: N_("contributor"),
    Role.ASSESSOR: N_("assessor"),
    Role.COORDINATOR: N_("coordinator"),
    Role.STEWARD: N_("steward"),
    Role.ADMINISTRATOR: N_("administrator"),
}


class VersionStatus(StrEnum):
    """Where a version of a commitment, a report or an assessment stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> Sentence:
        """The status' name for readers."""
        return Sentence(_STATUSES[self])


_STATUSES = {
    VersionStatus.DRAFT: N_("draft"),
    VersionStatus.SUBMITTED: N_("submitted"),
    VersionStatus.RETURNED: N_("returned"),
    VersionStatus.PUBLISHED: N_("published"),
    VersionStatus.SUPERSEDED: N_("superseded"),
}
OPEN = (VersionStatus.DRAFT, VersionStatus.SUBMITTED, VersionStatus.RETURNED)
EDITABLE = (VersionStatus.DRAFT, VersionStatus.RETURNED)

AUTHORS = frozenset({Role.CONTRIBUTOR, Role.ASSESSOR, Role.COORDINATOR, Role.STEWARD})
PUBLISHERS = frozenset({Role.COORDINATOR, Role.STEWARD})
MOVES: dict[tuple[VersionStatus, VersionStatus], frozenset[Role]] = {
    (VersionStatus.DRAFT, VersionStatus.SUBMITTED): AUTHORS,
    (VersionStatus.RETURNED, VersionStatus.SUBMITTED): AUTHORS,
    (VersionStatus.SUBMITTED, VersionStatus.DRAFT): AUTHORS,  # taken back by its author
    (VersionStatus.SUBMITTED, VersionStatus.RETURNED): PUBLISHERS,
    (VersionStatus.SUBMITTED, VersionStatus.PUBLISHED): PUBLISHERS,
}
SUPERSEDING = (VersionStatus.PUBLISHED, VersionStatus.SUPERSEDED)  # follows from a publication
NEEDS_A_REASON = frozenset({VersionStatus.RETURNED})


def why_not(
    old: VersionStatus, new: VersionStatus, roles: frozenset[Role], reason: str = ""
) -> Sentence | None:
    """The reason why this move is refused, or None. Pages show it; writes enforce it."""
    allowed = MOVES.get((old, new))
    if allowed is None:
        return Sentence(
            "A version that is {old} cannot become {new}.", old=old.label, new=new.label
        )
    if not allowed & roles:
        return Sentence(
            "Only these roles may do that: {roles}.",
            roles=[role.label for role in Role if role in allowed],
        )
    if new in NEEDS_A_REASON and not reason.strip():
        return Sentence("Say why it is returned, so that its author can mend it.")
    return None
