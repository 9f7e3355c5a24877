"""Beginning a request for capacity, or its delivery: once, however often the button is pressed.

Whoever presses it again goes on with the draft that there is. The row that the draft is of is
locked first, so that two presses in one moment come one after the other.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from waymark.plans.procedure import OPEN
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import visible_versions
from waymark_web.plans import models
from waymark_web.plans.writes import begin

Document = dict[str, Any]


@transaction.atomic
def ask(document: Document, by: Account) -> models.Version:
    """The draft of a request of a need for an offer."""
    need = models.CapacityNeed.objects.select_for_update().get(slug=document["need"])
    wanted = {name: document[name] for name in ("need", "offer")}
    return _open("capacity_requests", wanted, by) or begin(
        "capacity_requests", by, actor=need.actor_id, place=need.place, document=document
    )


@transaction.atomic
def deliver(document: Document, by: Account) -> models.Version:
    """The draft of the commitment by which an accepted request is delivered."""
    request = models.CapacityRequest.objects.select_for_update().get(slug=document["origin_source"])
    return _open("commitments", {"origin_source": request.slug}, by) or begin(
        "commitments", by, actor=document["lead"], place=document["place"], document=document
    )


def _open(kind: str, wanted: dict[str, str], by: Account) -> models.Version | None:
    """The open version of a kind that the account may read and that says something."""
    mine = visible_versions(by).filter(kind=kind, status__in=[each.value for each in OPEN])
    return mine.filter(**{f"document__{name}": each for name, each in wanted.items()}).first()
