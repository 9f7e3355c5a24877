"""Counts are released by two reviewers, neither of whom sees what the other says."""

from __future__ import annotations

import re

import pytest

from tests.web.arrangements import (
    COUNTS,
    RELEASES,
    filed,
    newest,
    page,
    verdict,
)
from tests.web.people import client
from waymark.firewall.procedure import (
    Verdict,
    outcome,
)
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.firewall.models import Release


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
        (b'{"title": "Example", "cells": [{"people": 3}]}', "release.json"),
        (COUNTS.replace(b'"2026"', b'"2027"'), "changed after its release"),
        (b'{"a": "' + b"x" * 4_000_000 + b'"}', "at most 4 megabytes"),
    ],
)
def test_a_wrong_file_is_refused(content: bytes, said: str) -> None:
    response = filed(content=content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Example counts of clinics" in response.content.decode()  # nothing is lost
    assert not Release.objects.exists()
