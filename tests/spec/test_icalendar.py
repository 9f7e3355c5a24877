"""The calendar of steps: what another program reads from it."""

from __future__ import annotations

from datetime import date

from icalendar import Calendar

from tests.web.example import example_register
from waymark.exchange.icalendar import calendar_of
from waymark.plans.forums import load_forums

AS_OF = date(2026, 11, 24)


def read(language: str = "en", as_of: date = AS_OF) -> list[dict[str, object]]:
    found = calendar_of(
        "Kenya",
        example_register().commitments.values(),
        load_forums(),
        host="waymark.example.org",
        as_of=as_of,
        language=language,
    )
    return [
        {
            "uid": str(event["uid"]),
            "summary": str(event["summary"]),
            "first": event["dtstart"].dt,
            "after": event["dtend"].dt,
        }
        for event in Calendar.from_ical(found).walk("VEVENT")
    ]


def test_each_step_is_a_whole_day_on_which_it_is_due() -> None:
    events = {event["uid"]: event for event in read()}
    draft = events["example-contracts/s1@waymark.example.org"]
    assert draft["summary"] == "Step due: Draft the contract"
    assert (draft["first"], draft["after"]) == (date(2025, 6, 30), date(2025, 7, 1))


def test_a_step_due_at_a_forum_is_on_its_last_day_and_the_forum_is_there() -> None:
    events = {event["uid"]: event for event in read()}
    assert events["example-contracts/s2@waymark.example.org"]["first"] == date(2026, 5, 8)
    forum = events["imrf-2026@waymark.example.org"]
    assert (forum["first"], forum["after"]) == (date(2026, 5, 5), date(2026, 5, 9))


def test_identifiers_stay_so_that_a_calendar_updates_them() -> None:
    later = read(as_of=date(2027, 1, 1))
    assert [event["uid"] for event in later] == [event["uid"] for event in read()]


def test_it_speaks_the_readers_language() -> None:
    assert any("خطوة مستحقة" in str(event["summary"]) for event in read("ar"))
