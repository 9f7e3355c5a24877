"""In whose name somebody writes: files and forms say it, the register decides whether it counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.offline import Edited
from tests.web.people import account, begun, client, move, save
from waymark_web.accounts.permissions import Action, may
from waymark_web.audit.models import Event
from waymark_web.plans import models
from waymark_web.plans.checks import InvalidError
from waymark_web.plans.sides import checked_of

ON_ANOTHERS = {"commitment": "example-contracts", "by": "example-association"}
ROWS: dict[str, dict[str, Any]] = {
    "reports": {**ON_ANOTHERS, "reported": "2026-01-01", "outcome": "met", "met_on": "2026-01-01"},
    "flows": {**ON_ANOTHERS, "kind": "cost", "amount": 100, "currency": "USD", "year": 2026,
              "place": "KEN", "earmarking": "not-known"},
    "capacity_requests": {"need": "example-need", "offer": "example-offer", "asked": "2026-01-02",
                          "language": "en"},
}  # fmt: skip


def kept(who: str, sheet: str, /, **row: Any) -> None:
    """Send a workbook with one more row, and press the button that keeps it as a draft."""
    by = client(who)
    book = Edited(by.get("/en/work/workbook/rows.xlsx").content)
    book.add(sheet, **row)
    file = SimpleUploadedFile("rows.xlsx", book.saved())
    address = by.post("/en/work/workbook/", {"file": file}).headers["Location"]
    by.post(address, {"action": "keep", "submit": "on"})


@pytest.mark.parametrize("identifier", ["", "an-identifier-of-my-own"])
@pytest.mark.parametrize("kind", ROWS)
def test_a_row_of_a_file_is_no_way_round_who_may_say_it(kind: str, identifier: str) -> None:
    kept("stranger", kind, id=identifier, **ROWS[kind])
    assert not models.Version.objects.exists()


def test_who_has_a_part_says_it_by_a_file_too() -> None:
    row = {**ROWS["reports"], "by": "example-ministry"}
    kept("contributor", "reports", id="an-identifier-of-my-own", **row)
    assert models.Version.objects.get().actor == "example-ministry"


def test_an_open_draft_is_begun_again_by_those_alone_who_may_write_on_it() -> None:
    kept("contributor", "reports", id="ours", **{**ROWS["reports"], "by": "example-ministry"})
    kept("stranger", "reports", id="ours", **ROWS["reports"])
    assert models.Version.objects.get().actor == "example-ministry"


def test_a_request_is_of_the_side_that_has_the_need_when_it_is_submitted() -> None:
    version = models.Version(
        kind="capacity_requests",
        subject="x",
        actor="example-association",
        place="MEX",
        document={"id": "x", **ROWS["capacity_requests"]},
    )
    with pytest.raises(InvalidError, match="Only the side that has the need"):
        checked_of(version)
    version.actor, version.place = "example-ministry", "KE-30"
    assert checked_of(version).need == "example-need"


@pytest.mark.parametrize("kind", ["capacity_offers", "protectors"])
def test_what_has_no_place_belongs_where_its_actor_is(kind: str) -> None:
    given = {"actor": "example-ministry", "place": "MEX"}
    assert client("elsewhere").post(f"/en/work/new/{kind}/", given).status_code == 403
    assert begun(client("contributor"), kind, **given).place == "KEN"


def test_who_decides_on_a_locality_is_where_it_lies() -> None:
    elsewhere = client("elsewhere")
    version = begun(elsewhere, "localities", actor="", place="MEX")
    models.Version.objects.filter(pk=version.pk).update(subject="KE-31")
    save(elsewhere, version, "submit", name="Example District", language="en", parent="KEN")
    assert move(elsewhere, version, "published").status_code == 403
    assert not models.Locality.objects.filter(slug="KE-31").exists()


@pytest.mark.parametrize(
    "given",
    [{"actor": "nobody-known", "place": "KEN"}, {"actor": "example-ministry", "place": "Q"}],
)
def test_nothing_begins_for_whom_or_where_the_register_does_not_know(given: dict[str, str]) -> None:
    assert client("coordinator").post("/en/work/new/flows/", given).status_code == 400


def answering() -> models.Version:
    """The draft of an answer, with a reason that is not published yet."""
    by, path = client("stranger"), "/en/work/edit/capacity_requests/example-request/"
    address = by.post(f"{path}?actor=example-association").headers["Location"]
    version = models.Version.objects.get(pk=int(address.split("/")[-2]))
    save(by, version, decision="declined", decided="2026-02-02", decided_because="secret words")
    return version


def test_neither_side_of_a_request_reads_the_drafts_of_the_other() -> None:
    version = answering()
    path = "/en/work/history/capacity_requests/example-request/"
    saved = Event.objects.filter(verb="saved").latest("number").number
    assert "secret words" in client("stranger").get(path).content.decode()
    for who in ("contributor", "coordinator"):
        page = client(who).get(path)
        assert page.status_code == 200
        assert "secret words" not in page.content.decode()
    client("stranger").post(f"/en/work/version/{version.pk}/discard/")
    assert client("contributor").post(f"/en/work/bring-back/{saved}/").status_code == 403
    assert not models.Version.objects.exists()


def test_both_sides_of_a_request_read_what_is_published_of_it() -> None:
    version = answering()
    save(client("stranger"), version, "submit")
    assert move(client("elsewhere"), version, "published").status_code == 302
    assert not may(account("contributor"), Action.READ_VERSION, actor="example-association")
    page = client("contributor").get("/en/work/history/capacity_requests/example-request/")
    assert "secret words" in page.content.decode()
