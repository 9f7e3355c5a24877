"""Beginning a request for capacity, or its delivery: once, however often the button is pressed.

Whoever presses it again goes on with the draft that there is; of two presses in one moment, the
second waits for the first.
"""

from __future__ import annotations

from typing import Any

from waymark.plans.procedure import OPEN
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import visible_versions
from waymark_web.audit.chain import writing
from waymark_web.plans import models
from waymark_web.plans.writes import begin

Document = dict[str, Any]


@writing()
def ask(document: Document, by: Account) -> models.Version:
    """The draft of a request of a need for an offer."""
    wanted = {name: document[name] for name in ("need", "offer")}
    return _open("capacity_requests", wanted, by) or begin(
        "capacity_requests", by, actor="", place="", document=document
    )


@writing()
def deliver(document: Document, by: Account) -> models.Version:
    """The draft of the commitment by which an accepted request is delivered."""
    wanted = {"origin_source": document["origin_source"]}
    return _open("commitments", wanted, by) or begin(
        "commitments", by, actor=document["lead"], place=document["place"], document=document
    )


def _open(kind: str, wanted: dict[str, str], by: Account) -> models.Version | None:
    """The open version of a kind that the account may read and that says something."""
    mine = visible_versions(by).filter(kind=kind, status__in=[each.value for each in OPEN])
    return mine.filter(**{f"document__{name}": each for name, each in wanted.items()}).first()
