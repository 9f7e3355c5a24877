"""Capacity on the site: the board, who may say what of a request, and what both sides tell."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.web.people import account, begun, client, move, save
from waymark.compact.answers import Answer
from waymark_web import store
from waymark_web.plans import models
from waymark_web.plans.reminders import lines_for
from waymark_web.plans.rows import register_of

YESTERDAY = (date.today() - timedelta(days=1)).isoformat()
NEXT_WEEK = (date.today() + timedelta(days=7)).isoformat()  # also past midnight
REQUEST = "example-request"


def page(path: str, who: str | None = None) -> str:
    response = client(who).get(f"/en/{path}")
    assert response.status_code == 200, path
    return str(response.content.decode())


def rows_of(query: str) -> list[dict[str, str]]:
    response = client(None).get(f"/en/capacity/?format=csv&{query}")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def answer_of(who: str, side: str, slug: str = REQUEST) -> models.Version:
    """The draft that a side begins of a published request."""
    path = f"/en/work/edit/capacity_requests/{slug}/?actor={side}"
    response = client(who).post(path)
    assert response.status_code == 302, response.content.decode()[-800:]
    return models.Version.objects.get(pk=int(response.headers["Location"].split("/")[-2]))


def settled(who: str, side: str, by: str, **given: str) -> Any:
    """What becomes of an answer that a side submits and a coordinator publishes."""
    version = answer_of(who, side)
    response = save(client(who), version, "submit", **given)
    if response.status_code == 302:
        response = move(client(by), version, "published")
    return response


def accepted() -> None:
    given = {"decision": "accepted", "decided": YESTERDAY}
    response = settled("stranger", "example-association", "elsewhere", **given)
    assert response.headers["Location"] == f"/en/capacity/request/{REQUEST}/"


def test_the_board_shows_each_need_with_what_became_of_it() -> None:
    found = {row["id"]: row for row in rows_of("")}
    assert found["example-need"]["state"] == "asked"
    assert found["example-need"]["matches"] == "example-offer"
    assert found["example-need-of-data"]["state"] == "no-offer"
    assert "1 of them without any offer that fits" in page("capacity/")


QUESTIONS = {
    "place=KEN": ["example-need", "example-need-of-data"],
    "place=KE-30&kind=data": ["example-need-of-data"],
    "place=MEX": [],
    "provision=gcm:6": ["example-need"],
    "provision=gcm:7": [],
    "group=migrant-workers": ["example-need"],
    "actor=example-city": ["example-need-of-data"],
    "without=offer": ["example-need-of-data"],
    "without=request": ["example-need-of-data"],
    "without=acceptance": ["example-need", "example-need-of-data"],
    "without=delivery&kind=training": ["example-need"],
    "state=asked": ["example-need"],
    "state=closed": [],
    "q=LABOUR inspectors": ["example-need"],
}


@pytest.mark.parametrize("query", QUESTIONS)
def test_the_board_answers_a_question(query: str) -> None:
    assert [row["id"] for row in rows_of(query)] == QUESTIONS[query]
    page(f"capacity/?{query}")


def test_offers_are_found_where_they_are_to_be_had() -> None:
    def offers(query: str) -> list[str]:
        address = f"/en/capacity/?format=json&of=offers&{query}"
        return [each["id"] for each in json.loads(client(None).get(address).content)]

    assert offers("place=KEN") == ["example-offer"]
    assert offers("place=MEX&provision=gcm:6") == ["example-offer", "example-offer-elsewhere"]
    assert offers("kind=data") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("kind=magic", 400),
        ("state=happy", 400),
        ("without=luck", 400),
        ("place=XXX", 404),
        ("format=exe", 404),
        ("page=99&offers=x", 200),
        ("q=%00&provision=%00", 200),
        ("page=²", 200),
        ("provision=<script>", 200),
    ],
)
def test_a_hostile_question_has_an_answer_or_a_remedy(query: str, status: int) -> None:
    response = client(None).get(f"/en/capacity/?{query}")
    assert response.status_code == status
    assert b"<script>" not in response.content


@pytest.mark.parametrize("path", ["need/none/", "offer/none/", "request/none/"])
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert client(None).get(f"/en/capacity/{path}").status_code == 404


def test_a_need_shows_why_an_offer_fits_and_why_another_does_not() -> None:
    text = page("capacity/need/example-need/")
    match = store.capacity(store.today()).standings["example-need"].matches[0]
    for sentence in match.answering(*Answer):
        assert sentence.text() in text
    assert "It does not cover the place of the need." in text
    assert "Ask for it" not in text
    assert "Ask for it" in page("capacity/need/example-need/", "contributor")
    assert "Labour inspectors" in page("capacity/offer/example-offer/")


def test_a_need_is_published_and_asked_for_by_its_own_side() -> None:
    contributor = client("contributor")
    version = begun(contributor, "capacity_needs", actor="example-ministry", place="KEN")
    given = {"what": "A second example need.", "kind": "training", "languages": ["es", "pt"]}
    assert save(contributor, version, "submit", **given).status_code == 302
    response = move(client("coordinator"), version, "published")
    slug = version.subject
    assert response.headers["Location"] == f"/en/capacity/need/{slug}/"
    assert models.CapacityNeed.objects.get(slug=slug).languages == "es pt"
    asking = f"/en/capacity/need/{slug}/ask/example-offer/"
    assert client("stranger").post(asking).status_code == 403
    first, second = contributor.post(asking), contributor.post(asking)
    assert first.headers["Location"] == second.headers["Location"], "one draft, not two"
    draft = models.Version.objects.get(kind="capacity_requests", document__need=slug)
    assert (draft.actor, draft.place) == ("example-ministry", "KEN")
    assert "has-decision" not in page(f"work/version/{draft.pk}/", "contributor")
    save(contributor, draft, "submit", message="We ask for a seat.")
    move(client("coordinator"), draft, "published")
    assert "Waits for an answer." in page(f"capacity/request/{draft.subject}/")
    assert contributor.post(asking).headers["Location"].endswith(f"/request/{draft.subject}/")
    assert draft.subject in page("work/", "stranger")


def test_an_offer_that_does_not_fit_cannot_be_asked_for() -> None:
    path = "/en/capacity/need/example-need/ask/example-offer-elsewhere/"
    response = client("contributor").post(path)
    assert response.status_code == 400
    assert "It does not cover the place of the need." in response.content.decode()


REFUSED = [  # who, for which side, what is said: the reason for which it is refused
    ("contributor", "example-ministry", {"decision": "accepted"}, "Your side withdraws"),
    ("contributor", "example-ministry", {"decision": "declined"}, "Your side withdraws"),
    ("contributor", "example-ministry", {"decision": ""}, "Your side withdraws"),
    ("stranger", "example-association", {"decision": "withdrawn"}, "Your side accepts"),
    ("stranger", "example-association", {"decision": ""}, "Your side accepts"),
    ("stranger", "example-association", {"message": "Other words."}, "cannot be changed"),
    ("stranger", "example-association", {"asked": "2026-01-01"}, "cannot be changed"),
    ("stranger", "example-association", {"decided": NEXT_WEEK}, "not in the future"),
]


@pytest.mark.parametrize(("who", "side", "given", "reason"), REFUSED)
def test_each_side_has_its_own_say(who: str, side: str, given: dict[str, str], reason: str) -> None:
    said = {"decision": "accepted", "decided": YESTERDAY, "decided_because": "A reason.", **given}
    if not said["decision"]:
        said |= {"decided": "", "decided_because": ""}
    version = answer_of(who, side)
    response = save(client(who), version, "submit", **said)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert models.CapacityRequest.objects.get(slug=REQUEST).decision is None


@pytest.mark.parametrize("who", ["contributor", "coordinator", "county", "assessor", None])
def test_nobody_but_the_offering_side_begins_an_answer(who: str | None) -> None:
    """Whoever names the other side without a role in it is refused; its own it may write for."""
    path = f"/en/work/edit/capacity_requests/{REQUEST}/?actor=example-association"
    response = client(who).post(path)
    assert response.status_code == 403 or "/account/login/" in response.headers["Location"]
    assert not models.Version.objects.filter(kind="capacity_requests").exists()


def test_the_form_of_an_answer_asks_for_the_answer_alone() -> None:
    version = answer_of("stranger", "example-association")
    text = page(f"work/version/{version.pk}/", "stranger")
    assert "has-decision" in text
    assert "has-message" not in text
    assert "Labour inspectors" in text
    assert "A course on contracts" in text
    assert 'value="declined"' in text
    assert 'value="withdrawn"' not in text


def test_who_is_asked_is_reminded_until_it_answers() -> None:
    lines = lines_for(account("stranger"), date.today())
    assert any(each.startswith("Asked of you on 2026-02-01: A course") for each in lines)
    assert not any(
        "Asked of you" in each for each in lines_for(account("contributor"), date.today())
    )
    accepted()
    assert not any("Asked of you" in each for each in lines_for(account("stranger"), date.today()))


def test_while_one_side_writes_the_other_waits() -> None:
    answer_of("stranger", "example-association")
    path = f"/en/work/edit/capacity_requests/{REQUEST}/?actor=example-ministry"
    response = client("contributor").post(path)
    assert response.status_code == 400
    assert "The other side is writing on this request." in response.content.decode()


def test_a_request_is_accepted_and_delivered_and_both_sides_tell() -> None:
    accepted()
    path = f"/en/capacity/request/{REQUEST}/deliver/"
    assert client("contributor").post(path).status_code == 403
    giving = client("stranger")
    first, second = giving.post(path), giving.post(path)
    assert first.headers["Location"] == second.headers["Location"]
    draft = models.Version.objects.get(kind="commitments", document__origin_source=REQUEST)
    assert draft.document["partners"] == [{"actor": "example-ministry", "role": "monitors"}]
    steps = {"steps-0-what": "Hold the first course", "steps-0-due": "2026-05-01"}
    save(giving, draft, "submit", **steps)
    assert move(client("coordinator"), draft, "published").status_code == 302
    assert REQUEST in page(f"commitment/{draft.subject}/")
    assert "accepted and not delivered in time" in page(f"capacity/request/{REQUEST}/").lower()
    reported = {"step": "s1", "reported": YESTERDAY, "met_on": "2026-04-30"}
    told = (
        ("stranger", "example-association", "met"),
        ("contributor", "example-ministry", "not-met"),
    )
    for who, actor, outcome in told:
        report = begun(client(who), "reports", commitment=draft.subject, actor=actor)
        words = {**reported, "outcome": outcome, "text": f"So says {actor}."}
        save(client(who), report, "submit", **words)
        move(client("coordinator"), report, "published")
    cells = page(f"capacity/request/{REQUEST}/").split("<td>")
    theirs = next(n for n, cell in enumerate(cells) if "So says example-association." in cell)
    mine = next(n for n, cell in enumerate(cells) if "So says example-ministry." in cell)
    assert mine == theirs + 1, "side by side"


def test_an_offer_serves_no_more_requests_than_it_can() -> None:
    models.CapacityOffer.objects.filter(slug="example-offer").update(times=1)
    need = models.CapacityNeed.objects.get(slug="example-need")
    models.CapacityRequest.objects.create(
        slug="another",
        need=need,
        offer_id="example-offer",
        asked="2026-02-01",
        language="en",
        decision="accepted",
        decided="2026-02-02",
    )
    given = {"decision": "accepted", "decided": YESTERDAY}
    response = settled("stranger", "example-association", "elsewhere", **given)
    assert response.status_code == 422
    assert "2 requests are accepted, and it can serve 1" in response.content.decode()


def test_a_need_keeps_its_kind_while_a_request_joins_it_to_an_offer() -> None:
    response = client("contributor").post("/en/work/edit/capacity_needs/example-need/")
    version = models.Version.objects.get(pk=int(response.headers["Location"].split("/")[-2]))
    response = save(client("contributor"), version, "submit", kind="staff")
    assert response.status_code == 422
    assert "It is of another kind." in response.content.decode()


def test_what_the_asking_side_withdraws_is_withdrawn() -> None:
    accepted()
    given = {"decision": "withdrawn", "decided": YESTERDAY, "decided_because": "We found another."}
    settled("contributor", "example-ministry", "coordinator", **given)
    text = page(f"capacity/request/{REQUEST}/", "stranger")
    assert "Withdrawn." in text
    assert "Answer it" not in text
    again = {"decision": "accepted", "decided": YESTERDAY, "decided_because": ""}
    response = settled("stranger", "example-association", "elsewhere", **again)
    assert response.status_code == 422
    assert "The request was withdrawn." in response.content.decode()


def test_a_request_begins_at_a_need() -> None:
    for ask in (client("contributor").get, client("contributor").post):
        response = ask("/en/work/new/capacity_requests/")
        assert response.status_code == 400
        assert "A request begins at a need." in response.content.decode()


def test_the_review_and_the_place_name_unmet_needs() -> None:
    for address in ("place/KEN/", "review/KEN/imrf-2030/", "review/002/imrf-2030/"):
        text = page(address)
        assert "2 needs for capacity" in text
        assert "/en/capacity/need/example-need-of-data/" in text
    assert "needs for capacity of" not in page("review/MEX/imrf-2030/")
    found = json.loads(client(None).get("/en/review/KEN/imrf-2030/review.json").content)
    section = next(each for each in found["sections"] if each["kind"] == "capacity")
    assert section["findings"][0]["capacity_needs"] == ["example-need", "example-need-of-data"]
    assert client(None).get("/en/review/KEN/imrf-2030/review.pdf").content.startswith(b"%PDF-")


def test_the_program_interface_holds_capacity() -> None:
    listed = client(None).get("/api/v1/capacity_needs").json()
    assert "example-need" in [each["id"] for each in listed["items"]]
    request = client(None).get(f"/api/v1/capacity_requests/{REQUEST}").json()
    assert (request["need"], request["offer"]) == ("example-need", "example-offer")


def test_rows_and_values_are_the_same() -> None:
    from tests.web.example import example_register

    held, given = register_of(), example_register()
    for kind in ("capacity_needs", "capacity_offers", "capacity_requests"):
        assert held.of_kind(kind) == given.of_kind(kind)
