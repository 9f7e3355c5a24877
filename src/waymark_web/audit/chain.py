"""Writing to the chain of events, and verifying it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark_web.audit.models import Event, Head

START = "0" * 64
PUBLISHING = frozenset({"published", "edited with others", "loaded", "confirmed"})
FIELDS = (
    "number",
    "account",
    "actor",
    "verb",
    "kind",
    "subject",
    "document",
    "details",
    "previous",
)


@contextmanager
def writing() -> Iterator[None]:
    """A transaction of whoever changes the register; one waits until another has ended.

    The end of the chain is taken first, before any row. Taken last, as ``record`` does, two who
    each hold a row that the other wants would wait for each other for ever.
    """
    with transaction.atomic():
        Head.objects.select_for_update().filter(pk=1).first()
        yield


def record(
    verb: str,
    kind: str,
    subject: str,
    *,
    account: int = 0,
    actor: str = "",
    document: dict[str, Any] | None = None,
    **details: Any,
) -> Event:
    """Add an event at the end of the chain, in the transaction of what it records."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of what happened")
    head, _ = Head.objects.get_or_create(pk=1, defaults={"hash": START})
    head = Head.objects.select_for_update().get(pk=head.pk)
    event = Event(
        number=head.number + 1,
        at=timezone.now(),
        account=account,
        actor=actor,
        verb=verb,
        kind=kind,
        subject=subject,
        document=document,
        details=details,
        previous=head.hash,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    head.number, head.hash = event.number, event.hash
    if verb in PUBLISHING:
        head.published = event.number
    head.save()
    return event


def hash_of(event: Event) -> str:
    """The SHA-256 of everything that an event says, and of the event before it."""
    told = {name: getattr(event, name) for name in FIELDS}
    told["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    plain = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def breaks() -> Iterator[str]:
    """Every place at which the chain does not hold, in words."""
    previous, number = START, 0
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        number += 1
        if event.number != number:
            yield f"Event {number} is missing: the next one is {event.number}."
            number = event.number
        if event.previous != previous:
            yield f"Event {event.number} does not follow the event before it."
        if hash_of(event) != event.hash:
            yield f"Event {event.number} was changed after it was written."
        previous = event.hash
    head = Head.objects.filter(pk=1).first()
    kept = (head.number, head.hash) if head else (0, START)
    if kept != (number, previous):
        yield f"The record ends at event {number}, but {kept[0]} events were written."
