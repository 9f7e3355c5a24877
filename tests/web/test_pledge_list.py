"""A list of pledges sent on the site: its columns said, previewed by cell, kept whole or not."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.people import client, move
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.exchange.models import Waiting
from waymark_web.plans import models

LIST = (
    "Ref;Pledge;Country;Lead;Objectives;Target groups;Deadline;Status;Step;Step due;E-mail\n"
    "A1;Example: a desk at every border;Kenya;Example Ministry of Labour;GCM 7 | 15.b;Children;"
    "31.12.2028;begun;Example: ten desks;30.06.2027;x@example.org\n"
    "A2;Example: a law on recruitment fees;Kenya;Ministry of Work;;;2028;begun;;;\n"
)
SAID = {
    "title": "Example list",
    "prefix": "example",
    "language": "en",
    "decimal": ".",
    "dates": "DD.MM.YYYY, YYYY",
    "propose": "on",
    "field-0": "reference",
    "field-1": "commitments.what",
    "field-2": "commitments.place",
    "field-3": "commitments.lead",
    "word-3-0": "Ministry of Work",
    "value-3-0": "example-ministry",
    "field-4": "commitments.provisions",
    "separator-4": "|",
    "field-5": "commitments.groups",
    "word-5-0": "Children",
    "value-5-0": "children",
    "field-6": "commitments.due",
    "field-7": "commitments.status",
    "word-7-0": "begun",
    "value-7-0": "under-way",
    "field-8": "steps.what",
    "field-9": "steps.due",
    "field-10": "",
    "constant-commitments.origin": "pledge",
}


def sent(by: Client, content: str = LIST, mapping: str = "", **more: str) -> Any:
    files: dict[str, Any] = {"file": SimpleUploadedFile("pledges.csv", content.encode())}
    if mapping:
        files["mapping"] = SimpleUploadedFile("pledges.yaml", mapping.encode())
    return by.post("/en/work/pledge-list/", {**files, **more}, follow=True)


def answered(by: Client, page: Any, action: str = "look", **changes: str) -> Any:
    return by.post(address(page), {**SAID, **changes, "action": action}, follow=True)


def address(response: Any) -> str:
    chain = response.redirect_chain
    return str(chain[-1][0]) if chain else str(response.request["PATH_INFO"])


def told(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


def kept(by: Client, response: Any, **more: str) -> Any:
    return by.post(address(response), {"action": "keep", **more}, follow=True)


def test_a_list_is_sent_said_looked_at_and_published() -> None:
    carl, cora = client("contributor"), client("coordinator")
    page = sent(carl)
    assert "The list has 2 rows." in told(page)
    assert 'value="reference" selected' in page.content.decode()
    assert "x@example.org" in told(page)  # shown to its sender, who leaves it out
    seen = answered(carl, page)
    assert "The file changes 2 entries. 2 are new." in told(seen), told(seen)
    assert "B2" in told(seen)
    assert not re.search("<(ins|del)>", seen.content.decode()), "nothing stood there before"
    assert not models.Version.objects.exists()
    assert "Drafts kept from the file: 2." in told(kept(carl, seen, submit="on"))
    version = models.Version.objects.get(subject="example-a1")
    assert version.status == "submitted"
    assert version.document["provisions"] == ["gcm:7", "gcm:15.b"]
    assert move(cora, version, "published").status_code == 302
    row = models.Commitment.objects.get(slug="example-a1")
    assert row.steps.get().due.isoformat() == "2027-06-30"
    assert row.origin_source == "Example list, A1"
    assert not Waiting.objects.exists()
    assert Event.objects.filter(verb="brought in").count() == 1
    assert not list(breaks())


def test_a_list_sent_again_changes_and_never_doubles() -> None:
    carl = client("contributor")
    kept(carl, answered(carl, sent(carl)))
    same = answered(carl, sent(carl))
    assert "The file changes nothing." in told(same)
    newer = answered(carl, sent(carl, LIST.replace("ten desks", "twenty desks")))
    assert "The file changes 1 entry." in told(newer)
    assert "D" not in told(newer) or "I2" in told(newer)
    kept(carl, newer)
    assert models.Version.objects.filter(subject__startswith="example-a").count() == 2
    steps = models.Version.objects.get(subject="example-a1").document["steps"]
    assert [(step["id"], step["what"]) for step in steps][-1][1] == "Example: ten desks"


def test_words_of_closed_lists_are_asked_for() -> None:
    carl = client("contributor")
    page = sent(carl)
    asked = answered(carl, page, **{"value-7-0": "", "value-3-0": ""})
    assert asked.status_code == 422
    assert "Say what the marked words stand for" in told(asked), told(asked)
    assert "“ begun ” stands for" in told(asked)
    assert "“ Ministry of Work ” stands for" in told(asked)
    summary = re.findall(r'<li><a href="#(value-[\d-]+)"', asked.content.decode())
    assert summary == ["value-3-0", "value-7-0"]
    assert all(f'id="{each}"' in asked.content.decode() for each in summary)
    assert "The file changes 2 entries." in told(answered(carl, page))


def test_a_mapping_is_downloaded_and_used_again() -> None:
    carl = client("contributor")
    page = sent(carl)
    response = carl.post(address(page), {**SAID, "action": "download"})
    assert response["Content-Disposition"] == 'attachment; filename="pledges.yaml"'
    text = response.content.decode()
    assert yaml.safe_load(text)["columns"]["Lead"]["values"] == {
        "Ministry of Work": "example-ministry"
    }
    again = sent(carl, mapping=text)
    assert 'value="steps.what" selected' in again.content.decode()
    assert "The file changes 2 entries." in told(answered(carl, again))


def test_faults_are_by_cell_and_nothing_is_kept() -> None:
    carl = client("contributor")
    wrong = LIST.replace("31.12.2028", "31.02.2028").replace("GCM 7", "GCM 99")
    seen = answered(carl, sent(carl, wrong), **{"word-4-0": "", "value-4-0": "", "field-4": ""})
    assert "G2 : Deadline: '31.02.2028': no calendar has this day." in told(seen), told(seen)
    assert "Keep all as drafts" not in told(seen)
    assert "Go on with the list" in told(seen)
    assert carl.post(address(seen), {"action": "keep"}).status_code == 422
    assert not models.Version.objects.exists()
    assert Waiting.objects.filter(source="pledge-list-file").exists()


def test_an_organisation_that_is_not_there_is_asked_for() -> None:
    carl = client("contributor")
    seen = answered(carl, sent(carl), **{"value-3-0": "Ministry of Nothing"})
    assert "the register has no organisation 'Ministry of Nothing'" in told(seen)
    assert "enter it in the register first" in told(seen)


def test_reports_of_new_commitments_wait() -> None:
    carl = client("contributor")
    content = "Ref,Pledge,Said,On\nB1,Example: a desk,Example: begun,2026-01-31\n"
    said = {
        **{key: value for key, value in SAID.items() if not re.match("field|word|value|sep", key)},
        "field-0": "reference",
        "field-1": "commitments.what",
        "field-2": "reports.text",
        "field-3": "reports.reported",
        "dates": "YYYY-MM-DD",
        "constant-commitments.place": "KEN",
        "constant-commitments.lead": "example-ministry",
        "constant-reports.outcome": "partly-met",
    }
    page = sent(carl, content)
    seen = carl.post(address(page), {**said, "action": "look"}, follow=True)
    assert "Reports and money of new commitments or steps: 1" in told(seen), told(seen)
    kept(carl, seen, submit="on")
    move(client("coordinator"), models.Version.objects.get(), "published")
    page = sent(carl, content)
    seen = carl.post(address(page), {**said, "action": "look"}, follow=True)
    assert "The file changes 1 entry." in told(seen)
    assert "Drafts kept from the file: 1." in told(kept(carl, seen))
    assert models.Version.objects.get(kind="reports").document["text"] == "Example: begun"


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 50, b"PK\x03\x04broken", b'a,"b\n', b"\xff\xfe\x00", b"a,a\n1,2\n", b"\x81"],
)
def test_a_file_that_is_no_list_is_refused_with_words(content: bytes) -> None:
    carl = client("contributor")
    file = SimpleUploadedFile("list.csv", content)
    response = carl.post("/en/work/pledge-list/", {"file": file})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


@pytest.mark.parametrize("mapping", ["[", "a: 1", "\x00", "title: x\ntitle: y", "x" * 300_000])
def test_a_mapping_that_is_none_is_refused_with_words(mapping: str) -> None:
    response = sent(client("contributor"), mapping=mapping)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_answers_that_make_no_mapping_are_refused_with_words() -> None:
    carl = client("contributor")
    page = sent(carl)
    for wrong in ({"field-0": ""}, {"field-1": "nonsense"}, {"dates": "DD.MM.YY"}, {"prefix": "É"}):
        response = answered(carl, page, **wrong)
        assert response.status_code == 422, wrong
        assert 'role="alert"' in response.content.decode()


def test_letters_that_nobody_sees_do_no_harm() -> None:
    carl = client("contributor")
    page = sent(carl, LIST.replace("begun", "be\x07gun").replace("31.12.2028", "\x0731"))
    nasty = {"title": "A\x00", "value-7-0": "\x00", "word-7-0": "be\x07gun", "sheet": "\x00"}
    assert answered(carl, page, **nasty).status_code in (200, 422)
    seen = answered(carl, page, **{"field-7": "", "word-7-0": ""})
    assert "G2 : Deadline" in told(seen)
    assert sent(carl, sheet="\x00").status_code in (200, 422)


def test_a_list_is_its_senders_alone_and_not_for_long() -> None:
    carl = client("contributor")
    page = address(sent(carl))
    assert client("colleague").get(page).status_code == 404
    assert client("reader").get("/en/work/pledge-list/").status_code == 403
    assert client("assessor").get("/en/work/pledge-list/").status_code == 403
    assert carl.get("/ar/work/pledge-list/").status_code == 200
    Waiting.objects.update(created="2020-01-01T00:00:00Z")
    assert carl.get(page).status_code == 404


def test_nothing_is_kept_when_its_sender_says_so() -> None:
    carl = client("contributor")
    carl.post(address(sent(carl)), {"action": "forget"})
    assert not Waiting.objects.exists()
