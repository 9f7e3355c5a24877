"""Rows taken along as a workbook and sent back: previewed, decided on, kept whole or not at all."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.offline import Edited
from tests.web.people import begun, client, move, save
from waymark.exchange.workbook.reading import LIMITS
from waymark.plans.commitments import MOST_PARTNERS, MOST_STEPS
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.exchange.models import Waiting
from waymark_web.exchange.own_rows import MOST_ROWS
from waymark_web.plans import models

CONTRACTS = "example-contracts"
NEW_WORDS = "Give every domestic worker who leaves a written contract in two languages."


def taken_along(by: Client, language: str = "en", **query: str) -> Edited:
    response = by.get(f"/{language}/work/workbook/rows.xlsx", query)
    assert response.status_code == 200, response.content.decode()[-2000:]
    assert "attachment" in response.headers["Content-Disposition"]
    return Edited(response.content)


def sent(by: Client, content: bytes, name: str = "rows.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return by.post("/en/work/workbook/", {"file": file}, follow=True)


def address(response: Any) -> str:
    return str(response.redirect_chain[-1][0])


def told(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


def kept(by: Client, response: Any, **choices: str) -> Any:
    return by.post(address(response), {"action": "keep", **choices}, follow=True)


def test_an_edited_row_becomes_a_draft_that_is_published_as_any() -> None:
    carl, cora = client("contributor"), client("coordinator")
    book = taken_along(carl)
    cell = book.put("commitments", CONTRACTS, "what", NEW_WORDS)
    book.put("commitments", CONTRACTS, "due", "2029-01-31")
    seen = sent(carl, book.saved())
    assert "The file changes 1 entry." in told(seen)
    assert cell in told(seen)
    assert "<del>2028-12-31</del><ins>2029-01-31</ins>" in seen.content.decode()  # as one
    assert "<ins>two" in seen.content.decode()
    assert not models.Version.objects.filter(subject=CONTRACTS).exists()  # nothing kept yet
    assert "Drafts kept from the file: 1." in told(kept(carl, seen))
    version = models.Version.objects.get(subject=CONTRACTS)
    assert (version.status, version.document["what"]) == ("draft", NEW_WORDS)
    assert save(carl, version, "submit").status_code == 302
    assert move(cora, version, "published").status_code == 302
    row = models.Commitment.objects.get(slug=CONTRACTS)
    assert row.what == NEW_WORDS
    assert row.steps.count() == 3
    assert Event.objects.filter(verb="brought in").count() == 1
    assert not list(breaks())
    assert not Waiting.objects.exists()


def test_an_unchanged_workbook_changes_nothing() -> None:
    for who in ("contributor", "assessor", "coordinator", "county"):
        by = client(who)
        seen = sent(by, taken_along(by).saved())
        assert "The file changes nothing." in told(seen)
        assert "to mend" not in told(seen)


def test_everybody_gets_the_rows_that_are_theirs() -> None:
    carl = taken_along(client("contributor"))
    assert carl.line("commitments", CONTRACTS)
    with pytest.raises(KeyError):
        carl.line("commitments", "example-clinic")  # the county's
    with pytest.raises(KeyError):
        carl.sheet("actors")  # defined by coordinators
    cora = taken_along(client("coordinator"))
    assert cora.line("commitments", "example-clinic")
    assert cora.line("actors", "example-city")
    county = taken_along(client("coordinator"), place="KE-30")
    with pytest.raises(KeyError):
        county.line("commitments", CONTRACTS)
    asha = taken_along(client("assessor"))
    assert asha.line("assessments", "example-assessment-1")
    assert client("reader").get("/en/work/workbook/rows.xlsx").status_code == 403


def test_all_or_nothing() -> None:
    carl = client("contributor")
    book = taken_along(carl)
    book.put("commitments", CONTRACTS, "what", NEW_WORDS)
    wrong = [
        book.put("commitments", CONTRACTS, "due", "31/12"),
        book.put("steps", (CONTRACTS, "s1"), "due", "04/05/2027"),
        book.put("reports", "example-report-1", "outcome", "splendid"),
    ]
    seen = sent(carl, book.saved())
    for cell in wrong:
        assert cell in told(seen)
    assert "may be 2027-04-05 or 2027-05-04" in told(seen)
    assert "Keep all as drafts" not in told(seen)
    assert carl.post(address(seen), {"action": "keep"}).status_code == 422
    assert not models.Version.objects.exists()


def test_what_the_register_finds_is_told_by_cell() -> None:
    carl = client("contributor")
    book = taken_along(carl)
    cells = [
        book.put("commitments", CONTRACTS, "lead", "example-ministri"),
        book.put("steps", (CONTRACTS, "s3"), "forum", "imrf-2026"),  # and a date: one too many
    ]
    seen = told(sent(carl, book.saved()))
    assert cells[1] in seen
    book = taken_along(carl)
    cell = book.put("commitments", CONTRACTS, "lead", "example-ministri")
    seen = told(sent(carl, book.saved()))
    assert f"{cell} : there is no actor 'example-ministri'. Did you mean" in seen
    assert "Keep all as drafts" not in seen


def test_both_changed_it_and_a_person_decides() -> None:
    carl, cora = client("contributor"), client("coordinator")
    book = taken_along(carl)
    book.put("commitments", CONTRACTS, "what", NEW_WORDS)
    version = begun_over(cora, CONTRACTS)
    save(cora, version, "submit", what="Give every worker a contract.", result_statement="A law.")
    assert move(cora, version, "published").status_code == 302
    seen = sent(carl, book.saved())
    assert "Both of you changed this." in told(seen)
    assert "Give every worker a contract." in told(seen)
    undecided = kept(carl, seen)
    assert undecided.status_code == 422
    assert "Choose which of the two counts." in told(undecided)
    name = re.findall(r'name="(choice-[^"]+)"', seen.content.decode())[0]
    assert kept(carl, seen, **{name: "mine"}).status_code == 200
    mine = models.Version.objects.get(subject=CONTRACTS, status="draft")
    assert mine.document["what"] == NEW_WORDS
    assert mine.document["result_statement"] == "A law."  # theirs is not lost


def begun_over(by: Client, subject: str) -> models.Version:
    assert by.post(f"/en/work/edit/commitments/{subject}/").status_code == 302
    return models.Version.objects.get(subject=subject, status="draft")


def test_new_rows_with_new_steps() -> None:
    carl = client("contributor")
    book = taken_along(carl)
    book.add(
        "commitments",
        id="example-hotline",
        what="Open a hotline for workers.",
        place="KEN",
        lead="Example Ministry of Labour",
        origin="national-plan",
        provisions="gcm:6",
    )
    book.add("commitments", what="Print the contract.", place="KEN", origin="other")
    book.add("steps", commitment="example-hotline", what="Rent a line", due="2027-05-31")
    book.add("partners", commitment="example-hotline", actor="example-union", role="advises")
    seen = sent(carl, book.saved())
    assert "The file changes 2 entries. 2 are new." in told(seen)
    assert "Drafts kept from the file: 2." in told(kept(carl, seen, submit="on"))
    version = models.Version.objects.get(subject="example-hotline")
    assert version.status == "submitted"
    assert version.document["lead"] == "example-ministry"
    assert version.document["steps"] == [{"id": "s1", "what": "Rent a line", "due": "2027-05-31"}]
    assert version.document["partners"] == [{"actor": "example-union", "role": "advises"}]
    other = models.Version.objects.exclude(pk=version.pk).get()
    assert other.actor == "example-ministry"


def test_nobody_changes_what_is_not_theirs() -> None:
    book = taken_along(client("coordinator"))
    book.put("commitments", "example-clinic", "what", "Close the clinic.")
    carl = client("contributor")
    seen = sent(carl, book.saved())
    assert "You may not change this." in told(seen)
    assert carl.post(address(seen), {"action": "keep"}).status_code == 422
    assert not models.Version.objects.exists()


def test_a_preview_is_seen_by_its_sender_alone_and_not_for_long() -> None:
    carl = client("contributor")
    book = taken_along(carl)
    book.put("commitments", CONTRACTS, "what", NEW_WORDS)
    page = address(sent(carl, book.saved()))
    assert client("colleague").get(page).status_code == 404
    assert client("steward").get(page).status_code == 404
    Waiting.objects.update(created="2020-01-01T00:00:00Z")
    assert carl.get(page).status_code == 404
    sent(client("colleague"), book.saved())
    assert Waiting.objects.count() == 1


def test_what_was_changed_since_the_preview_is_not_overwritten() -> None:
    carl, colleague = client("contributor"), client("colleague")
    book = taken_along(carl)
    book.put("commitments", CONTRACTS, "what", NEW_WORDS)
    seen = sent(carl, book.saved())
    version = begun_over(colleague, CONTRACTS)
    save(colleague, version, result_statement="Something else.")
    refused = kept(carl, seen)
    assert refused.status_code == 422
    assert "changed in the register since" in told(refused)
    version.refresh_from_db()
    assert version.document["what"] != NEW_WORDS


def test_an_open_draft_is_taken_along_and_written_on() -> None:
    carl = client("contributor")
    version = begun(carl, "commitments", actor="example-ministry", place="KEN")
    save(carl, version, what="Half a thought", origin="other")
    book = taken_along(carl)
    book.put("commitments", version.subject, "what", "A whole thought")
    assert "Drafts kept from the file: 1." in told(kept(carl, sent(carl, book.saved())))
    version.refresh_from_db()
    assert version.document["what"] == "A whole thought"
    save(carl, version, "submit")
    book = taken_along(carl)
    book.put("commitments", version.subject, "what", "Another thought")
    seen = sent(carl, book.saved())
    assert "can be changed once it is returned" in told(seen)


def test_the_largest_workbook_that_is_written_can_be_read() -> None:
    inside = MOST_ROWS * (MOST_STEPS + MOST_PARTNERS)
    assert MOST_ROWS + inside < LIMITS.rows  # the rows of the base, which has one for each row


def test_given_up_is_forgotten() -> None:
    carl = client("contributor")
    book = taken_along(carl)
    book.put("commitments", CONTRACTS, "what", NEW_WORDS)
    seen = sent(carl, book.saved())
    given_up = carl.post(address(seen), {"action": "give-up"}, follow=True)
    assert "Nothing of the file was kept." in told(given_up)
    assert not Waiting.objects.exists()
    assert not models.Version.objects.exists()


def test_a_workbook_in_arabic_comes_back_the_same() -> None:
    carl = client("contributor")
    book = taken_along(carl, "ar")
    assert all(sheet.sheet_view.rightToLeft for sheet in book.book.worksheets[:3])
    assert "The file changes nothing." in told(sent(carl, book.saved()))


@pytest.mark.parametrize("who", ["contributor", "coordinator"])
def test_a_new_row_may_say_anything(who: str) -> None:
    """Places and organisations that nobody knows, identifiers that are none: faults of cells."""
    by = client(who)
    book = taken_along(by)
    long = "x" * 400
    good = {"what": "Do something.", "place": "KEN", "origin": "other"}
    book.add("commitments", **{**good, "place": "Nairobi and around"})
    book.add("commitments", **good, lead=long)
    book.add("commitments", **good, lead="nobody-knows")
    book.add("commitments", **good, id=long)
    book.add("commitments", **good, id="Öffnen!")
    book.add("reports", commitment=long, outcome="met", reported="2026-01-01")
    seen = sent(by, book.saved())
    assert seen.status_code == 200
    text = told(seen)
    assert int(re.findall(r"(\d+) cells to mend", text)[0]) >= 6  # one for each row at least
    assert "Öffnen!' cannot be an identifier. Write small letters" in text
    assert "there is no actor 'nobody-knows'" in text
    assert "Keep all as drafts" not in text
