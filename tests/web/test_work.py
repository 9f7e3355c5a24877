"""From a draft to what everybody reads: contributors, coordinators, assessors at their desks."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.people import account, begun, client, move, save
from waymark_web.accounts.models import Account, Invitation, Membership
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.plans import models
from waymark_web.plans.reminders import remind

WHAT = "Train labour inspectors to receive complaints of migrant workers."
COMPLETE = {
    "what": WHAT,
    "place": "KEN",
    "lead": "Example Ministry of Labour",
    "origin": "national-plan",
    "provisions": ["gcm:6"],
    "groups": ["migrant-workers"],
    "due": "2028-12-31",
    "result": "yes-or-no",
    "result_statement": "Every county has two trained inspectors.",
}
KENYA = {"actor": "example-ministry", "place": "KEN"}


def test_a_commitment_goes_from_draft_to_publication() -> None:
    contributor, coordinator, visitor = client("contributor"), client("coordinator"), client(None)
    version = begun(contributor, "commitments", **KENYA)
    assert save(contributor, version, what=WHAT).status_code == 302
    incomplete = save(contributor, version, "submit", place="KEN")
    assert incomplete.status_code == 422
    assert 'href="#f-origin"' in incomplete.content.decode()
    assert save(contributor, version, "submit", **COMPLETE).status_code == 302
    assert WHAT not in visitor.get("/en/commitments/").content.decode()
    assert move(coordinator, version, "returned").status_code == 409  # without a reason
    assert move(coordinator, version, "returned", "Say how many inspectors.").status_code == 302
    assert "Say how many inspectors." in contributor.get("/en/work/").content.decode()
    assert save(contributor, version, "submit", what=f"{WHAT} Two each.").status_code == 302
    published = move(coordinator, version, "published")
    assert published.headers["Location"] == f"/en/commitment/{version.subject}/"
    page = visitor.get(published.headers["Location"]).content.decode()
    assert f"{WHAT} Two each." in page
    assert "Example contributor" not in page  # people are not shown to readers
    row = models.Commitment.objects.get(slug=version.subject)
    assert (row.lead_id, row.country, row.status) == ("example-ministry", "KEN", "not-started")
    assert not list(breaks())


def test_steps_and_partners_are_added_row_by_row() -> None:
    contributor = client("contributor")
    version = begun(contributor, "commitments", **KENYA)
    first = {"steps-0-what": "Write the course", "steps-0-due": "2027-03-31"}
    response = save(contributor, version, "add-steps", **first)
    assert 'name="steps-2-what"' in response.content.decode()
    second = {**first, "steps-0-id": "s1", "steps-1-what": "Teach", "steps-1-forum": "imrf-2030"}
    partner = {
        "partners-0-actor": "Example Union of Domestic Workers",
        "partners-0-role": "advises",
    }
    save(contributor, version, **second, **partner)
    version.refresh_from_db()
    assert [step["id"] for step in version.document["steps"]] == ["s1", "s2"]
    assert version.document["partners"] == [{"actor": "example-union", "role": "advises"}]


def test_a_report_changes_what_a_step_shows() -> None:
    contributor, coordinator = client("contributor"), client("coordinator")
    page = "/en/commitment/example-contracts/"
    assert "no report" in client(None).get(page).content.decode()
    version = begun(
        contributor, "reports", commitment="example-contracts", actor="example-ministry"
    )
    given = {"step": "s2", "outcome": "met", "met_on": "2026-05-06", "reported": "2026-06-01"}
    assert save(contributor, version, "submit", **given).status_code == 302
    assert move(coordinator, version, "published").status_code == 302
    row = models.Commitment.objects.get(slug="example-contracts")
    assert row.open_from == date(2028, 6, 30)
    assert "no report" not in client(None).get(page).content.decode()


def test_who_has_no_part_cannot_report() -> None:
    stranger = client("stranger")
    given = {"commitment": "example-contracts", "actor": "example-association"}
    assert stranger.post("/en/work/new/reports/", given).status_code == 403


def test_an_assessment_stands_beside_the_governments_word() -> None:
    assessor, coordinator = client("assessor"), client("coordinator")
    version = begun(assessor, "assessments", commitment="example-contracts", actor="example-union")
    given = {"round": "example-round", "state": "not-started", "assessed": "2026-11-01"}
    assert save(assessor, version, "submit", **given, text="Nobody has it.").status_code == 302
    assert move(coordinator, version, "published").status_code == 302
    text = client(None).get("/en/commitment/example-contracts/").content.decode()
    assert "Nobody has it." in text
    assert "The government says: on course" in re.sub(r"<[^>]+>|[⁨⁩]", "", text)


def test_an_assessment_outside_its_round_is_refused(settings) -> None:
    models.Round.objects.filter(slug="example-round").update(closes=date(2026, 1, 31))
    assessor = client("assessor")
    version = begun(assessor, "assessments", commitment="example-contracts", actor="example-union")
    given = {"round": "example-round", "state": "behind", "assessed": "2026-11-01"}
    assert save(assessor, version, "submit", **given).status_code == 422


def test_who_speaks_cannot_be_forged() -> None:
    assessor = client("assessor")
    version = begun(assessor, "assessments", commitment="example-contracts", actor="example-union")
    save(assessor, version, by="example-ministry", commitment="example-clinic")
    version.refresh_from_db()
    assert version.document["by"] == "example-union"
    assert version.document["commitment"] == "example-contracts"


def test_two_people_who_write_at_once_lose_nothing() -> None:
    one, other = client("contributor"), client("colleague")
    version = begun(one, "commitments", **KENYA)
    seen = {"edits": version.edits, "has-what": "1", "action": "save"}
    address = f"/en/work/version/{version.pk}/"
    assert one.post(address, {**seen, "what": "The words of one."}).status_code == 302
    late = other.post(address, {**seen, "what": "The words of the other."})
    assert late.status_code == 409
    text = late.content.decode()
    assert "The words of the other." in text  # in the form, to go on with
    version.refresh_from_db()
    assert version.document["what"] == "The words of one."
    aside = Event.objects.get(verb="set aside")
    assert aside.document["what"] == "The words of the other."
    both = {**seen, "edits": version.edits, "what": "The words of both."}
    assert other.post(address, both).status_code == 302


def test_a_page_that_saves_itself_does_not_stand_in_its_own_way() -> None:
    contributor = client("contributor")
    version = begun(contributor, "commitments", **KENYA)
    address = f"/en/work/version/{version.pk}/"
    given = {"edits": version.edits, "page": "abc", "has-what": "1", "what": "First"}
    quiet = contributor.post(address, given, headers={"hx-request": "true"})
    assert 'id="edits" value="1"' in quiet.content.decode()
    assert contributor.post(address, {**given, "what": "First words"}).status_code == 302
    other = {**given, "page": "another", "what": "Elsewhere"}
    assert contributor.post(address, other).status_code == 409


def test_what_was_published_meanwhile_is_compared_first() -> None:
    contributor, coordinator = client("contributor"), client("coordinator")
    response = contributor.post("/en/work/edit/commitments/example-contracts/")
    version = models.Version.objects.get(pk=response.headers["Location"].split("/")[-2])
    save(contributor, version, "submit", result_statement="In seven languages.")
    row = models.Commitment.objects.get(slug="example-contracts")
    models.Commitment.objects.filter(pk=row.pk).update(version=5, result_statement="In ten.")
    response = move(coordinator, version, "published")
    assert response.headers["Location"].endswith("/compare/")
    page = coordinator.get(response.headers["Location"]).content.decode()
    assert "<del>ten" in page
    version.refresh_from_db()
    coordinator.post(response.headers["Location"], {"edits": version.edits})
    assert move(coordinator, version, "published").status_code == 302


def test_undo_makes_a_new_version() -> None:
    contributor, coordinator = client("contributor"), client("coordinator")
    old = models.Commitment.objects.get(slug="example-contracts").what
    for words in ("New words of the ministry.", "Newer words of the ministry."):
        response = contributor.post("/en/work/edit/commitments/example-contracts/")
        version = models.Version.objects.get(pk=response.headers["Location"].split("/")[-2])
        save(contributor, version, "submit", what=words)
        move(coordinator, version, "published")
    history = contributor.get("/en/work/history/commitments/example-contracts/").content.decode()
    assert "<ins>Newer" in history or "<ins>r" in history or "Newer" in history
    event = Event.objects.filter(verb="published", subject="example-contracts").earliest("number")
    response = contributor.post(f"/en/work/bring-back/{event.number}/")
    brought = models.Version.objects.get(pk=response.headers["Location"].split("/")[-2])
    assert brought.document["what"] == "New words of the ministry."
    assert brought.status == "draft"
    now = models.Commitment.objects.get(slug="example-contracts").what
    assert now == "Newer words of the ministry." != old


def test_many_are_changed_at_once_or_none() -> None:
    coordinator, region = client("elsewhere"), client("region")
    given = {"slug": ["example-proposal"], "confirm": "on", "why": "Looked at them.", "query": ""}
    assert coordinator.post("/en/work/many/", given).status_code == 302
    assert not models.Commitment.objects.get(slug="example-proposal").proposed
    both = {**given, "slug": ["example-proposal", "example-contracts"], "status": "done"}
    assert region.post("/en/work/many/", both).status_code == 403  # one of them lies elsewhere
    assert models.Commitment.objects.get(slug="example-contracts").status == "under-way"
    late = {**given, "due": "not a day"}
    assert coordinator.post("/en/work/many/", late).status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("report.pdf", b"%PDF-1.7 and so on", True),
        ("../../list.csv", "name;año".encode(), True),
        ("page.html", b"<script>alert(1)</script>", False),
        ("page.pdf", b"<script>alert(1)</script>", False),
        ("picture.svg", b"<svg onload=alert(1)>", False),
        ("empty.txt", b"", False),
        ("binary.txt", b"a\x00b", False),
        ("large.pdf", b"%PDF-" + b"x" * 5_000_000, False),
        ("macro.docx", b"PK\x03\x04 not a zip", False),
    ],
)
def test_files_are_bounded_and_checked(name: str, content: bytes, kept: bool) -> None:
    contributor = client("contributor")
    version = begun(contributor, "commitments", **KENYA)
    address = f"/en/work/version/{version.pk}/attach/"
    contributor.post(address, {"file": SimpleUploadedFile(name, content), "public": "on"})
    found = version.attachments.first()
    assert (found is not None) is kept
    if found is not None:
        assert "/" not in found.name
        assert client(None).get(f"/en/file/{found.pk}/").status_code == 404  # not published yet
        mine = contributor.get(f"/en/work/version/{version.pk}/file/{found.pk}/")
        assert mine.content == content
        assert mine.headers["Content-Disposition"].startswith("attachment")


def test_a_public_file_is_read_once_its_version_is_published() -> None:
    contributor, coordinator = client("contributor"), client("coordinator")
    version = begun(contributor, "commitments", **KENYA)
    address = f"/en/work/version/{version.pk}/attach/"
    for name, public in (("open.txt", {"public": "on"}), ("closed.txt", {})):
        contributor.post(address, {"file": SimpleUploadedFile(name, b"words"), **public})
    save(contributor, version, "submit", **COMPLETE)
    move(coordinator, version, "published")
    found = {each.name: each.pk for each in version.attachments.all()}
    assert client(None).get(f"/en/file/{found['open.txt']}/").status_code == 200
    assert client(None).get(f"/en/file/{found['closed.txt']}/").status_code == 404
    text = client(None).get(f"/en/commitment/{version.subject}/").content.decode()
    assert "open.txt" in text
    assert "closed.txt" not in text


def invited(by: str, **given: str) -> str | None:
    """Invite by the page; the address in the mail, or None where it was refused."""
    mail.outbox.clear()
    client(by).post("/en/work/people/", {"email": "new@example.org", **given})
    if not mail.outbox:
        return None
    return re.search(r"http://localhost(/\S+)", mail.outbox[0].body).group(1)  # type: ignore[union-attr]


def test_an_invitation_is_taken_up_once() -> None:
    address = invited("coordinator", role="contributor", actor="example-ministry")
    assert address is not None
    visitor = client(None)
    weak = visitor.post(address, {"name": "New", "password": "123456789012"})
    assert weak.status_code == 422
    given = {"name": "New Person", "password": "three calm blue words"}
    assert visitor.post(address, given).headers["Location"] == "/en/work/"
    assert visitor.get("/en/work/").status_code == 200
    assert client(None).post(address, given).status_code == 404
    held = Membership.objects.get(account__email="new@example.org")
    assert (held.role, held.actor) == ("contributor", "example-ministry")
    signed_in = client(None)
    login = {"login": "new@example.org", "password": "three calm blue words"}
    assert signed_in.post("/en/account/login/", login).headers["Location"] == "/en/work/"


def test_an_invitation_to_a_known_address_needs_its_owner() -> None:
    account("stranger")
    mail.outbox.clear()
    client("coordinator").post(
        "/en/work/people/",
        {"email": "stranger@example.org", "role": "contributor", "actor": "example-ministry"},
    )
    address = re.search(r"http://localhost(/\S+)", mail.outbox[0].body).group(1)  # type: ignore[union-attr]
    taken = {"name": "Thief", "password": "three calm blue words"}
    assert client(None).post(address, taken).status_code == 422
    assert client("contributor").post(address, taken).status_code == 422
    assert client("stranger").post(address, {}).status_code == 302


@pytest.mark.parametrize(
    ("by", "given"),
    [
        ("coordinator", {"role": "administrator"}),
        ("coordinator", {"role": "steward"}),
        ("coordinator", {"role": "coordinator", "place": "MEX"}),
        ("coordinator", {"role": "coordinator", "place": "MEX", "actor": "example-ministry"}),
        ("coordinator", {"role": "contributor", "actor": "example-association"}),
        ("coordinator", {"role": "contributor", "actor": "example-association", "place": "KEN"}),
        ("coordinator", {"role": "contributor"}),
        ("county", {"role": "contributor", "actor": "example-ministry"}),
        ("contributor", {"role": "reader", "actor": "example-ministry"}),
        ("steward", {"role": "reader", "actor": "example-ministry"}),
    ],
)
def test_nobody_gives_a_role_beyond_his_place(by: str, given: dict[str, str]) -> None:
    assert invited(by, **given) is None
    assert not Invitation.objects.exists()


def test_reminders_say_what_waits_once_a_week() -> None:
    account("contributor")
    mail.outbox.clear()
    assert remind(date(2026, 11, 24), "https://waymark.example.org") == 1
    body = mail.outbox[0].body
    assert "Late since 2026-05-08: Test it with a hundred workers" in body
    assert "https://waymark.example.org/en/work/" in body
    assert remind(date(2026, 11, 25), "https://waymark.example.org") == 0
    assert remind(date(2026, 12, 1), "https://waymark.example.org") == 1


def test_a_list_is_kept_under_an_address() -> None:
    contributor = client("contributor")
    query = "place=KEN&without=step"
    kept = contributor.post("/en/work/view/", {"title": "Kenia: sin pasos", "query": query})
    text = client(None).get(kept.headers["Location"]).content.decode()
    assert "Open the county clinic" in text
    assert "written contract" not in text
    assert (
        contributor.post("/en/work/view/", {"title": "x", "query": "without=y"}).status_code == 400
    )


def test_comments_stay_between_them() -> None:
    contributor, coordinator = client("contributor"), client("coordinator")
    version = begun(contributor, "commitments", **KENYA)
    address = f"/en/work/version/{version.pk}/comment/"
    coordinator.post(address, {"text": "How many counties?"})
    assert (
        "How many counties?" in contributor.get(f"/en/work/version/{version.pk}/").content.decode()
    )
    assert client("stranger").post(address, {"text": "Mine too"}).status_code == 404
    assert models.Comment.objects.count() == 1


def test_a_closed_account_has_no_roles() -> None:
    contributor = client("contributor")
    Account.objects.filter(email="contributor@example.org").update(is_active=False)
    assert contributor.get("/en/work/").status_code == 302


def test_a_step_that_was_reported_on_is_dropped_not_removed() -> None:
    contributor = client("contributor")
    response = contributor.post("/en/work/edit/commitments/example-contracts/")
    version = models.Version.objects.get(pk=response.headers["Location"].split("/")[-2])
    without = {"steps-0-id": "s2", "steps-0-what": "Test it", "steps-0-forum": "imrf-2026"}
    refused = save(contributor, version, "submit", **without)
    assert refused.status_code == 422
    assert "mark it as dropped" in refused.content.decode()


def test_who_is_signed_out_is_told_before_more_is_written() -> None:
    contributor = client("contributor")
    version = begun(contributor, "commitments", **KENYA)
    contributor.logout()
    address = f"/en/work/version/{version.pk}/"
    quiet = contributor.post(address, {"what": "x"}, headers={"hx-request": "true"})
    assert quiet.status_code == 401
    assert "signed out" in quiet.content.decode()
    assert contributor.post(address, {"what": "x"}).status_code == 302


def test_something_that_belongs_nowhere_cannot_be_begun() -> None:
    response = client("contributor").post("/en/work/new/plans/", {"actor": "example-ministry"})
    assert response.status_code == 400
    assert "Choose the place." in response.content.decode()
    assert client("contributor").get("/en/work/").status_code == 200
