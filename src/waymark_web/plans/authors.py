"""In whose name an account writes: what it may begin, of which commitment, and where that belongs.

What a form or a file says of it may be anything; what counts is what the register holds.
"""

from __future__ import annotations

from typing import Any

from waymark.exceptions import WaymarkError
from waymark.plans.procedure import EDITABLE, VersionStatus
from waymark_web import store
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import DRAFTING, Action, demand, may, memberships
from waymark_web.plans import models
from waymark_web.plans.published import localities, place_of

OF_A_COMMITMENT = ("reports", "assessments")
MAY_BE_OF_ONE = (*OF_A_COMMITMENT, "flows")
WHERE_ITS_ACTOR_IS = ("capacity_offers", "protectors")  # they have no place of their own


def commitment_of(kind: str, published: Any, document: dict[str, Any] | None) -> str:
    """The commitment of which something is said: the published one's, else the document's."""
    if kind not in MAY_BE_OF_ONE:
        return ""
    if published is not None:
        return published.commitment or ""
    return str((document or {}).get("commitment") or "")


def owner_of_new(
    kind: str, actor: str, place: str, commitment: str, document: dict[str, Any] | None
) -> tuple[str, str]:
    """To which organisation and place something new belongs, as far as it can be chosen.

    What is said of a commitment belongs where that is, a request to the need that it is for, an
    offer where its actor is. An organisation or a place that the register does not have is an
    error.
    """
    if kind == "capacity_requests":
        return _asking(document)
    _demand_known(actor, place)
    if commitment:
        return actor, place_of(commitment)
    if kind in WHERE_ITS_ACTOR_IS and actor:
        place = models.Actor.objects.values_list("place", flat=True).get(slug=actor)
    return actor, place


def _asking(document: dict[str, Any] | None) -> tuple[str, str]:
    named = str((document or {}).get("need") or "")
    need = models.CapacityNeed.objects.filter(slug=named).first()
    if need is None:
        raise WaymarkError("A request begins at a need.", "Choose an offer on the need's page.")
    return need.actor_id, need.place


def _demand_known(actor: str, place: str) -> None:
    if actor and not models.Actor.objects.filter(slug=actor).exists():
        raise WaymarkError(
            f"There is no organization '{actor[:80]}' in the register.",
            "Choose one that is there, or leave it empty.",
        )
    if place and place not in store.framework().places and place not in localities():
        raise WaymarkError(
            f"There is no place '{place[:80]}'.", "Use a code such as KEN, as the list of places."
        )


def demand_draft(
    kind: str, by: Account, *, actor: str, place: str, commitment: str, is_new: bool
) -> None:
    """Refuse whoever may not draft something: ``PermissionDenied``, or what is missing in words."""
    action = DRAFTING[kind]
    if is_new and kind in OF_A_COMMITMENT and not commitment:
        raise WaymarkError("This is said of a commitment.", "Begin it on the commitment's page.")
    if is_new and commitment and kind in ("reports", "flows"):
        row = models.Commitment.objects.get(slug=commitment)
        taking_part = {row.lead_id, *row.partners.values_list("actor_id", flat=True)}
        if actor not in taking_part:  # others assess; who publishes may report for them
            action = Action.PUBLISH
    demand(by, action, actor=actor, place=place)


def may_edit(version: models.Version, by: Any) -> bool:
    """Whether an account may change a version as it stands."""
    return VersionStatus(version.status) in EDITABLE and may(
        by, DRAFTING[version.kind], actor=version.actor, place=version.place
    )


def organisations(by: Any) -> list[str]:
    """The organisations for which an account may act."""
    return list(dict.fromkeys(each.actor for each in memberships(by) if each.actor))
