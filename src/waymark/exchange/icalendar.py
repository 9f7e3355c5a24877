"""Steps and rounds as a calendar that a phone or an office can subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from waymark.compact.dates import last_day
from waymark.plans.commitments import Commitment
from waymark.plans.forums import Forum
from waymark.plans.timeline import due_on
from waymark.words import Sentence

PRODUCT = "-//Waymark//Follow-up and review//EN"


def calendar_of(
    title: str,
    commitments: Iterable[Commitment],
    forums: Mapping[str, Forum],
    *,
    host: str,
    as_of: date,
    language: str,
) -> bytes:
    """Every step that was not dropped, on its day, and every forum at which one is due.

    ``host`` makes the identifiers of events unique in the world; they stay the same from one
    download to the next, so that a calendar updates them. ``as_of`` is the stamp of the download.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", title)
    stamp = datetime.combine(as_of, time(), UTC)
    named: dict[str, Forum] = {}
    for commitment in commitments:
        for step in commitment.steps:
            if step.dropped:
                continue
            if step.forum is not None:
                named[step.forum] = forums[step.forum]
            due = due_on(step, forums)
            about = Sentence("Step due: {what}", what=step.what).text(language)
            made.add_component(
                _event(f"{commitment.id}/{step.id}@{host}", about, due, due, stamp, commitment.what)
            )
    for forum in named.values():
        start = _first_day(forum.starts)
        end = last_day(forum.ends)
        made.add_component(
            _event(f"{forum.id}@{host}", forum.label.said(language).text, start, end, stamp, "")
        )
    return bytes(made.to_ical())


def _event(
    identifier: str, summary: str, first: date, last: date, stamp: datetime, description: str
) -> Event:
    event = Event()
    event.add("uid", identifier)
    event.add("dtstamp", stamp)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))  # the day after the last, as RFC 5545 counts
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    if description:
        event.add("description", description)
    return event


def _first_day(partial: str) -> date:
    parts = [int(part) for part in partial.split("-")]
    return date(parts[0], *([*parts[1:], 1, 1])[:2])
