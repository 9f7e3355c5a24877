"""The record of events: whatever is done to it afterwards is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.models import F

from tests.web.people import begun, client, save
from waymark_web.audit.chain import breaks, record
from waymark_web.audit.models import Event, Head


@pytest.fixture(autouse=True)
def busy(db: None) -> None:
    contributor = client("contributor")
    version = begun(contributor, "commitments", actor="example-ministry", place="KEN")
    for number in range(4):
        save(contributor, version, what=f"Words {number}")


def newest() -> int:
    return Event.objects.latest("number").number


def change(**fields: object) -> Callable[[], object]:
    return lambda: Event.objects.filter(number=newest() - 2).update(**fields)


def remove(back: int) -> Callable[[], object]:
    return lambda: Event.objects.filter(number=newest() - back).delete()


def reorder() -> None:
    one, other, free = newest() - 2, newest() - 1, newest() + 100
    Event.objects.filter(number=one).update(number=free)
    Event.objects.filter(number=other).update(number=one)
    Event.objects.filter(number=free).update(number=other)


def renumber() -> None:
    last = newest()
    Event.objects.filter(number=last - 2).delete()
    for number in (last - 1, last):
        Event.objects.filter(number=number).update(number=F("number") - 1)


def forge() -> None:
    last = Event.objects.get(number=newest())
    Event.objects.create(
        number=last.number + 1,
        at=last.at,
        verb="published",
        kind="commitments",
        subject="x",
        previous=last.hash,
        hash="0" * 64,
    )


def cut_the_end() -> None:
    Event.objects.filter(number=newest()).delete()
    Head.objects.update(number=F("number") - 1)


TAMPERING = {
    "document": change(document={"what": "Other words"}),
    "who": change(account=99),
    "for whom": change(actor="somebody-else"),
    "what was done": change(verb="published"),
    "of what": change(subject="another"),
    "details": change(details={"reason": "none"}),
    "when": lambda: change(at=Event.objects.earliest("at").at)(),
    "previous": change(previous="0" * 64),
    "one removed": remove(2),
    "the last removed": remove(0),
    "the end cut off": cut_the_end,
    "two exchanged": reorder,
    "one removed and the rest renumbered": renumber,
    "one forged": forge,
    "the first removed": lambda: Event.objects.filter(number=1).delete(),
}


def test_a_record_that_nobody_touched_holds() -> None:
    assert newest() > 5
    assert list(breaks()) == []


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found(how: str) -> None:
    TAMPERING[how]()
    assert list(breaks())


def test_an_event_needs_the_transaction_of_what_it_records(db: None) -> None:
    assert transaction.get_connection().in_atomic_block
    event = record("tried", "things", "one", reason="ß العربية")
    event.refresh_from_db()
    assert list(breaks()) == []


def test_what_a_coordinator_sees_of_it() -> None:
    page = client("steward").get("/en/work/audit/?verify").content.decode()
    assert "The record holds" in page
    TAMPERING["document"]()
    page = client("steward").get("/en/work/audit/?verify").content.decode()
    assert "was changed after it was written" in page
