"""Two people agree on each change of a place's arrangements; the audit runs on each."""

from __future__ import annotations

import re

import pytest

from tests.web.arrangements import (
    BODIES,
    BROKEN,
    HOLDS,
    NOT_KNOWN,
    newest,
    page,
    proposed,
    settled,
)
from tests.web.people import account, client
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.firewall.models import Proposal


def test_arrangements_become_public_when_a_second_person_confirms_them() -> None:
    assert proposed().status_code == 302
    found = newest(Proposal)
    assert (found.state, found.answer, found.base) == ("proposed", "yes", "")
    assert client(None).get("/en/firewall/place/KEN/").status_code == 404
    assert "1 proposal waits for you" in page(client("region"), "/en/work/")
    assert "proposal waits for you" not in page(client("coordinator"), "/en/work/")
    assert settled("region", found.pk, "confirmed").status_code == 302
    public = client(None).get("/en/firewall/place/KEN/").content.decode()
    assert "Holds" in public
    assert "Two people agreed on this" in public
    assert "Example coordinator" not in public  # people are not shown to readers
    assert "Example region" not in public
    assert "Kenya" in page(client(None), "/en/firewall/")
    kept = client(None).get("/en/work/bodies/of/KEN/arrangements.yaml").content.decode()
    assert proposed(text=kept).status_code == 422  # it is what stands already
    assert not list(breaks())


def test_the_second_person_sees_what_differs_and_what_it_does_to_the_wall() -> None:
    proposed()
    settled("region", newest(Proposal).pk, "confirmed")
    changed = BROKEN.replace("Example health ministry", "Example ministry of health")
    proposed("region", changed)
    shown = page(client("coordinator"), f"{BODIES}{newest(Proposal).pk}/")
    assert "With this proposal: Broken" in shown
    assert "As it stood: Holds" in shown
    assert "<del>Example health ministry</del> <ins>Example ministry of health</ins>" in shown
    assert re.search(r'memorandum</bdi> <span class="mark">new</span>', shown)
    assert "billing" not in shown.split("What it changes")[1].split("What the audit finds")[0]
    settled("coordinator", newest(Proposal).pk, "confirmed")
    proposed("coordinator", HOLDS)
    shown = page(client("region"), f"{BODIES}{newest(Proposal).pk}/")
    assert re.search(r'memorandum</bdi> <span class="mark">gone</span>', shown)


def test_nobody_decides_on_their_own() -> None:
    proposed()
    found = newest(Proposal)
    for to in ("confirmed", "refused"):
        assert settled("coordinator", found.pk, to, "Because.").status_code == 409
    found.refresh_from_db()
    assert found.state == "proposed"
    assert "Confirm" not in page(client("coordinator"), f"{BODIES}{found.pk}/")
    assert settled("coordinator", found.pk, "withdrawn").status_code == 302
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("withdrawn", None)


def test_a_refusal_needs_a_reason_and_is_kept() -> None:
    proposed(text=NOT_KNOWN)
    found = newest(Proposal)
    assert found.answer == "not-known"
    assert settled("steward", found.pk, "refused").status_code == 409
    assert settled("steward", found.pk, "refused", "Give the new evidence.").status_code == 302
    history = page(client("coordinator"), f"{BODIES}of/KEN/")
    assert "Give the new evidence." in history
    assert "Not shown to hold" in history
    assert settled("region", found.pk, "confirmed").status_code == 409  # it is settled
    assert client(None).get("/en/firewall/place/KEN/").status_code == 404


def test_one_proposal_of_a_place_waits_at_a_time() -> None:
    proposed()
    response = proposed("region", BROKEN)
    assert response.status_code == 422
    assert "waits already" in response.content.decode()
    assert "memorandum" in response.content.decode()  # nothing is lost
    assert Proposal.objects.count() == 1


def test_what_rests_on_replaced_arrangements_cannot_be_confirmed() -> None:
    proposed()
    first = newest(Proposal)
    settled("region", first.pk, "confirmed")
    proposed(text=BROKEN)
    stale = newest(Proposal)
    Proposal.objects.filter(pk=first.pk).update(digest="0" * 64)  # as if another was confirmed
    shown = page(client("region"), f"{BODIES}{stale.pk}/")
    assert "cannot be confirmed any more" in shown
    assert settled("region", stale.pk, "confirmed").status_code == 409
    assert settled("region", stale.pk, "refused", "It is old.").status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": " "}, "Say why"),
        ({"text": HOLDS.replace("place: KEN", "place: MEX")}, "speaks of MEX, not of KEN"),
        ({"text": HOLDS.replace("kind: health", "kind: police")}, "names no service"),
        ({"text": "bodies: ["}, "pasted.yaml, line"),
        ({"text": ""}, "Choose a file"),
        ({"reason": "x" * 5000}, "at most 4,000 letters"),
    ],
)
def test_a_wrong_proposal_is_refused_and_nothing_is_written(
    given: dict[str, str], said: str
) -> None:
    events = Event.objects.count()
    response = proposed(**given)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Event.objects.count() == events
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("place", ["", "XXX", "MEX", "002"])
def test_nobody_proposes_for_a_place_out_of_reach(place: str) -> None:
    assert proposed("county", place=place).status_code == 403
    assert proposed("steward", place="nowhere").status_code == 422


def test_arrangements_that_were_changed_in_the_database_are_not_shown_as_agreed() -> None:
    proposed(text=BROKEN)
    found = newest(Proposal)
    settled("region", found.pk, "confirmed")
    found.document["arrangements"] = found.document["arrangements"][:1]
    Proposal.objects.filter(pk=found.pk).update(document=found.document)
    response = client(None).get("/en/firewall/place/KEN/")
    assert response.status_code == 400
    assert "changed outside this site" in response.content.decode()


def test_every_step_of_a_change_is_recorded() -> None:
    proposed()
    settled("region", newest(Proposal).pk, "confirmed")
    events = Event.objects.filter(kind="arrangements", subject="KEN").order_by("number")
    assert [event.verb for event in events] == ["proposed", "confirmed"]
    assert [event.account for event in events] == [
        account("coordinator").pk,
        account("region").pk,
    ]
    assert events[1].document == newest(Proposal).document
    assert events[1].details["answer"] == "yes"
