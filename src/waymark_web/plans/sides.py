"""Who speaks for what is entered; of a request, which of its two sides may say what.

The asking side asks and withdraws. The offering side accepts or declines, and changes nothing of
what was asked.
"""

from __future__ import annotations

from typing import Any

from waymark.exceptions import WaymarkError
from waymark.plans.capacity import CapacityRequest
from waymark.plans.vocabulary import Decision
from waymark_web import store
from waymark_web.plans import models
from waymark_web.plans.asking import Field
from waymark_web.plans.capacity_rows import sides
from waymark_web.plans.checks import InvalidError, checked
from waymark_web.plans.fields import FIELDS
from waymark_web.plans.published import published_value

SPEAKS = {  # the field that says who speaks, which its author cannot choose
    "reports": "by",
    "assessments": "by",
    "flows": "by",
    "protectors": "actor",
    "capacity_needs": "actor",
    "capacity_offers": "actor",
}
ANSWER = ("decision", "decided", "decided_because")
DECISIONS = {True: (Decision.WITHDRAWN,), False: (Decision.ACCEPTED, Decision.DECLINED)}


def asks(version: models.Version) -> bool:
    """Whether a version of a request is written by the side that asks."""
    request = CapacityRequest.model_construct(**version.document)
    return version.actor == next(iter(sides(request)))


def questions_of(version: models.Version) -> tuple[Field, ...]:
    """The questions of a form that concern the side that writes a version."""
    fields = FIELDS[version.kind]
    if version.kind != "capacity_requests":
        return fields
    answers = version.base > 0 or not asks(version)
    return tuple(each for each in fields if (each.name in ANSWER) is answers)


def begun_from(published: Any) -> dict[str, Any]:
    """What a new version of something published begins with; an answer is of today."""
    document: dict[str, Any] = published.model_dump(mode="json")
    if isinstance(published, CapacityRequest) and published.decided is None:
        document["decided"] = store.today().isoformat()
    return document


def checked_of(version: models.Version) -> Any:
    """The document of a version as a value; ``InvalidError`` where it is none, or where the side
    that wrote it has no say in what it changes."""
    if version.kind == "capacity_requests":
        offer = version.document.get("offer")
        models.CapacityOffer.objects.select_for_update().filter(slug=offer).first()
    value = checked(version.kind, version.document)
    if isinstance(value, CapacityRequest):
        _check_side(version, value)
    return value


def own(found: models.Version, actor: str) -> models.Version:
    """An open version of a request, unless the other side has begun it."""
    if found.kind == "capacity_requests" and found.actor != actor:
        raise WaymarkError(
            "The other side is writing on this request.",
            "Wait until that is published or given up, and begin then.",
        )
    return found


def _check_side(version: models.Version, value: CapacityRequest) -> None:
    before = published_value("capacity_requests", value.id)
    asking = asks(version)
    if value.asked > store.today() or (value.decided or value.asked) > store.today():
        raise InvalidError({"decided": ["The day of a request or an answer is not in the future."]})
    if before is None:
        if (version.actor, version.place) != next(iter(sides(value).items())):
            raise InvalidError({"need": ["Only the side that has the need asks for it."]})
        if value.decision is not None:
            raise InvalidError({"decision": ["A request is published first, and then answered."]})
        return
    mine = value.model_dump(exclude=set(ANSWER)) == before.model_dump(exclude=set(ANSWER))
    if not mine:
        raise InvalidError({"__all__": ["What was asked cannot be changed any more."]})
    if value.decision not in DECISIONS[asking]:
        said = "accepts or declines" if not asking else "withdraws"
        raise InvalidError({"decision": [f"Your side {said}; the rest is for the other side."]})
    if not asking and before.decision is Decision.WITHDRAWN:
        raise InvalidError({"decision": ["The request was withdrawn."]})
