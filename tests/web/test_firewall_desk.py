"""Two people for each change of a place's arrangements; two blinded reviewers for each release."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from tests.web.arrangements import BROKEN, HOLDS, NOT_KNOWN
from tests.web.people import account, client
from waymark.firewall.procedure import (
    MOVES,
    Part,
    ProposalState,
    ReleaseState,
    Verdict,
    outcome,
    why_not,
)
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.firewall import writes
from waymark_web.firewall.models import Proposal, Release
from waymark_web.plans.writes import RefusedError

BODIES = "/en/work/bodies/"
RELEASES = "/en/work/releases/"
COUNTS = json.dumps({"title": "Example counts", "cells": [{"area": "A", "people": 120}]}).encode()


def proposed(by: str = "coordinator", text: str = HOLDS, place: str = "KEN", **more: Any) -> Any:
    given = {"place": place, "text": text, "reason": "Published this week.", **more}
    return client(by).post(BODIES, given)


def settled(by: str, pk: int, to: str, because: str = "") -> Any:
    return client(by).post(f"{BODIES}{pk}/settle/", {"to": to, "because": because})


def newest(table: type[Any]) -> Any:
    return table.objects.order_by("-pk").first()


def page(by: Client, address: str) -> str:
    return str(by.get(address).content.decode())


# Arrangements


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
    assert found.digest in public
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


# Releases


def filed(by: str = "contributor", content: bytes = COUNTS, **given: Any) -> Any:
    file = SimpleUploadedFile("release.json", content)
    told = {"title": "Example counts of clinics", "purpose": "For the review.", **given}
    told.setdefault("actor", "example-ministry" if by == "contributor" else "")
    return client(by).post(RELEASES, {**told, "file": file})


def verdict(by: str, pk: int, say: Verdict, because: str = "I recomputed it.") -> Any:
    given = {"verdict": say.value, "because": because}
    return client(by).post(f"{RELEASES}{pk}/review/", given)


def test_counts_are_public_when_two_others_say_yes() -> None:
    assert filed().status_code == 302
    found = newest(Release)
    assert found.place == "KEN"
    assert bytes(found.content) == COUNTS
    file = f"/en/firewall/counts/{found.pk}/release.json"
    for reviewer in ("coordinator", "steward"):
        assert client(None).get(file).status_code == 302  # to the sign-in
        assert client("stranger").get(file).status_code == 403
        assert client(reviewer).get(file).content == COUNTS
        assert verdict(reviewer, found.pk, Verdict.RELEASE).status_code == 302
    assert client(None).get(file).content == COUNTS
    shown = page(client(None), "/en/firewall/counts/")
    assert "Example counts of clinics" in shown
    assert found.sha256 in shown
    for name in ("contributor", "coordinator", "steward"):
        assert f"Example {name}" not in shown


@pytest.mark.parametrize("first", Verdict)
@pytest.mark.parametrize("second", Verdict)
def test_two_verdicts_settle_it(first: Verdict, second: Verdict) -> None:
    filed()
    found = newest(Release)
    verdict("region", found.pk, first)
    found.refresh_from_db()
    assert found.state == "filed"
    verdict("coordinator", found.pk, second)
    found.refresh_from_db()
    assert found.state == outcome(first, second)
    assert (found.state == "released") is (first is second is Verdict.RELEASE)
    public = client(None).get(f"/en/firewall/counts/{found.pk}/release.json")
    assert public.status_code == (200 if found.state == "released" else 302)


def addresses(pk: int) -> list[str]:
    """Every address that might tell something of a release."""
    return [
        "/en/work/",
        "/ar/work/",
        RELEASES,
        f"{RELEASES}{pk}/",
        f"/en/firewall/counts/{pk}/release.json",
        "/en/firewall/counts/",
        "/en/firewall/",
        "/en/work/audit/",
        "/en/work/audit/?verify",
        f"/en/work/history/releases/{pk}/",
        "/en/work/people/",
        "/api/v1/actors",
        f"/api/v1/releases/{pk}",
        "/en/search/?q=Example",
    ]


def everything_seen(by: str, pk: int) -> dict[str, tuple[int, str]]:
    """All that somebody reads anywhere, without the secrets of forms."""
    browser = client(by)
    seen = {}
    for address in addresses(pk):
        response = browser.get(address)
        text = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)
        seen[address] = (response.status_code, text.decode())
    return seen


@pytest.mark.parametrize("say", Verdict)
@pytest.mark.parametrize("watcher", ["coordinator", "region", "steward", "contributor", "stranger"])
def test_nothing_anywhere_differs_when_another_gives_a_verdict(watcher: str, say: Verdict) -> None:
    """Neither a page, a list, a history, the record nor the API tells that or how one decided."""
    filed()
    found = newest(Release)
    reviewer = "coordinator" if watcher != "coordinator" else "region"
    client(reviewer)
    everything_seen(watcher, found.pk)  # whatever a first visit does is done
    before = everything_seen(watcher, found.pk)
    events = Event.objects.count()
    assert verdict(reviewer, found.pk, say, "A secret reason.").status_code == 302
    assert everything_seen(watcher, found.pk) == before
    assert Event.objects.count() == events


def test_a_wrong_attempt_tells_nothing_of_the_other() -> None:
    """Who reviews second gets the answers that who reviews first gets."""
    answers = []
    for others in (0, 1):
        filed(content=COUNTS + b" \n"[others : others + 1])
        found = newest(Release)
        if others:
            verdict("region", found.pk, Verdict.HOLD)
        told = []
        for given in ({}, {"verdict": "maybe"}, {"verdict": "release", "because": " "}):
            response = client("steward").post(f"{RELEASES}{found.pk}/review/", given)
            text = re.sub(r'value="\w{64}"|\d\d:\d\d', "", response.content.decode())
            text = text.replace(found.sha256, "").replace(f"/{found.pk}/", "/")
            told.append((response.status_code, text))
        answers.append(told)
    assert [status for status, _ in answers[0]] == [422, 422, 409]
    assert [status for status, _ in answers[1]] == [422, 422, 409]
    assert answers[0] == answers[1]


def test_one_sees_ones_own_verdict_and_then_both() -> None:
    filed()
    found = newest(Release)
    verdict("region", found.pk, Verdict.HOLD, "One clinic alone.")
    mine = page(client("region"), f"{RELEASES}{found.pk}/")
    assert "One clinic alone." in mine
    assert "Give my verdict" not in mine
    assert verdict("region", found.pk, Verdict.RELEASE).status_code == 409  # not twice
    verdict("coordinator", found.pk, Verdict.RELEASE, "Looks safe.")
    for watcher in ("region", "coordinator", "contributor"):
        both = page(client(watcher), f"{RELEASES}{found.pk}/")
        assert "One clinic alone." in both
        assert "Looks safe." in both
    verbs = Event.objects.filter(kind="releases").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["filed", "reviewed", "reviewed", "refused"]
    assert not list(breaks())


def test_nobody_reviews_what_they_filed() -> None:
    filed("coordinator", place="KEN")
    found = newest(Release)
    assert verdict("coordinator", found.pk, Verdict.RELEASE).status_code == 409
    assert "Give my verdict" not in page(client("coordinator"), f"{RELEASES}{found.pk}/")
    for by in ("contributor", "reader", "assessor", "elsewhere", "county", "administrator"):
        assert verdict(by, found.pk, Verdict.RELEASE).status_code == 403
    found.refresh_from_db()
    assert found.first_by is None


def test_what_is_withdrawn_shows_no_verdict_and_can_be_filed_again() -> None:
    filed()
    found = newest(Release)
    verdict("region", found.pk, Verdict.HOLD, "A secret reason.")
    assert client("region").post(f"{RELEASES}{found.pk}/withdraw/").status_code == 409
    assert client("contributor").post(f"{RELEASES}{found.pk}/withdraw/").status_code == 302
    for watcher in ("contributor", "coordinator", "steward"):
        assert "A secret reason." not in page(client(watcher), f"{RELEASES}{found.pk}/")
    assert verdict("steward", found.pk, Verdict.HOLD).status_code == 409
    assert filed().status_code == 302


def test_the_same_counts_are_decided_on_once() -> None:
    filed()
    response = filed("coordinator", place="KEN")
    assert response.status_code == 422
    assert "decided on once" in response.content.decode()
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose the file"),
        (b"[1, 2]", "one object"),
        (b"{}", "one object"),
        (b'{"a": 1', "Line 1"),
        (b'{"a":\n NaN}', "no JSON"),
        (b'"\xff"', "UTF-8"),
        (b"[" * 100_000, "no JSON"),
        (b'{"a": ' * 70 + b"1" + b"}" * 70, "too deeply"),
        (b'{"a": "' + b"x" * 4_000_000 + b'"}', "at most 4 megabytes"),
    ],
)
def test_a_wrong_file_is_refused(content: bytes, said: str) -> None:
    response = filed(content=content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Example counts of clinics" in response.content.decode()  # nothing is lost
    assert not Release.objects.exists()


# The procedure, and the database that holds it


@pytest.mark.parametrize("states", [ProposalState, ReleaseState])
def test_every_move_by_every_part(states: Any) -> None:
    for old in states:
        for new in states:
            for part in Part:
                allowed = MOVES.get((old, new)) is part
                assert (why_not(old, new, part) is None) is allowed
    assert why_not(ProposalState.REFUSED, ReleaseState.RELEASED, Part.OTHER) is not None


def test_a_release_needs_two_yeses() -> None:
    for first in (None, *Verdict):
        for second in (None, *Verdict):
            found = outcome(first, second)
            assert (found is ReleaseState.FILED) is (None in (first, second))
            assert (found is ReleaseState.RELEASED) is (first is second is Verdict.RELEASE)


A, B, C = "contributor", "coordinator", "steward"
FORGED = {
    "decided by who proposed": (Proposal, {"state": "confirmed", "decided_by": A, "decided_at": 1}),
    "confirmed by nobody": (Proposal, {"state": "confirmed"}),
    "decided and waiting": (Proposal, {"decided_by": B, "decided_at": 1}),
    "an unknown state": (Proposal, {"state": "other"}),
    "released without verdicts": (Release, {"state": "released"}),
    "released by one": (Release, {"state": "released", "first": (B, "release")}),
    "reviewed by who filed": (Release, {"first": (A, "release")}),
    "reviewed second by who filed": (Release, {"first": (B, "hold"), "second": (A, "hold")}),
    "one reviewer twice": (
        Release,
        {"state": "released", "first": (B, "release"), "second": (B, "release")},
    ),
    "released against a no": (
        Release,
        {"state": "released", "first": (B, "hold"), "second": (C, "release")},
    ),
    "refused against two yeses": (
        Release,
        {"state": "refused", "first": (B, "release"), "second": (C, "release")},
    ),
    "two verdicts and still open": (
        Release,
        {"state": "filed", "first": (B, "release"), "second": (C, "release")},
    ),
    "a verdict of nobody": (Release, {"first_verdict": "release"}),
    "a second without a first": (Release, {"second": (C, "hold")}),
}


@pytest.mark.parametrize("forged", FORGED)
def test_the_database_refuses_what_the_procedure_refuses(forged: str) -> None:
    from django.utils import timezone

    table, wanted = FORGED[forged]
    if table is Proposal:
        proposed(text=HOLDS)
        Proposal.objects.update(proposed_by=account(A))
    else:
        filed()
    row = newest(table)
    fields: dict[str, Any] = {}
    for name, value in wanted.items():
        if name in ("first", "second"):
            by, say = value
            fields |= {f"{name}_by": account(by), f"{name}_verdict": say}
            fields[f"{name}_at"] = timezone.now()
        elif name == "decided_by":
            fields[name] = account(value)
        else:
            fields[name] = timezone.now() if value == 1 else value
    with pytest.raises(IntegrityError), transaction.atomic():
        table.objects.filter(pk=row.pk).update(**fields)


def test_two_reviews_by_one_person_at_once_are_one() -> None:
    filed()
    found = newest(Release)
    writes.review(found.pk, Verdict.RELEASE, "Once.", account("region"))
    with pytest.raises(RefusedError):
        writes.review(found.pk, Verdict.RELEASE, "Twice.", account("region"))
