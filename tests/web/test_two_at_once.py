"""The same button pressed twice, in one moment or one after the other: it counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from tests.offline import Edited
from tests.web.people import account, begun, client
from waymark.exchange.incoming import Change, Incoming
from waymark.plans.procedure import VersionStatus
from waymark_web import store
from waymark_web.exchange import list_writes, writes
from waymark_web.exchange.models import Waiting
from waymark_web.plans import models, request_writes
from waymark_web.plans import writes as edits

LIST = SimpleUploadedFile("pledges.csv", b"Ref,Pledge\n1,Example\n")


def brought_in() -> Waiting:
    """A workbook with a new row, whose identifier the register is to give."""
    by = client("contributor")
    book = Edited(by.get("/en/work/workbook/rows.xlsx").content)
    book.add("commitments", what="Example: ten desks", place="KEN", origin="other",
             provisions="gcm:6", status="not-started")  # fmt: skip
    by.post("/en/work/workbook/", {"file": SimpleUploadedFile("rows.xlsx", book.saved())})
    return Waiting.objects.get()


def test_a_file_is_kept_once_however_often_the_button_is_pressed() -> None:
    first, second = brought_in(), Waiting.objects.get()
    found = Incoming.model_validate(first.content)
    writes.apply(found, account("contributor"), waiting=first)
    with pytest.raises(writes.DecidedError):
        writes.apply(found, account("contributor"), waiting=second)
    assert models.Version.objects.count() == 1


def test_whoever_presses_second_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = brought_in()
    apply = writes.apply

    def after_another_press(*given: Any, **more: Any) -> Any:
        apply(*given, **more)
        return apply(*given, **more)

    monkeypatch.setattr(writes, "apply", after_another_press)
    page = client("contributor").post(
        f"/en/work/incoming/{waiting.token}/", {"action": "keep"}, follow=True
    )
    assert page.redirect_chain[-1][0] == "/en/work/"
    assert "It was decided on this file already." in page.content.decode()
    assert models.Version.objects.count() == 1


def test_a_list_that_was_given_up_in_another_window_stays_given_up() -> None:
    client("contributor").post("/en/work/pledge-list/", {"file": LIST})
    waiting = Waiting.objects.get()
    Waiting.objects.all().delete()
    list_writes.remember(waiting, {"title": "x"})
    assert not Waiting.objects.exists()


def test_the_address_of_a_list_is_none_of_a_preview() -> None:
    LIST.seek(0)
    client("contributor").post("/en/work/pledge-list/", {"file": LIST})
    token = Waiting.objects.get().token
    for ask in (client("contributor").get, client("contributor").post):
        assert ask(f"/en/work/incoming/{token}/").status_code == 404


def test_a_request_is_begun_once_however_often_it_is_asked() -> None:
    models.CapacityRequest.objects.all().delete()
    document = {
        "need": "example-need",
        "offer": "example-offer",
        "asked": store.today().isoformat(),
        "language": "en",
    }
    found = {request_writes.ask(document, account("contributor")).pk for _ in range(2)}
    assert len(found) == models.Version.objects.count() == 1


def a_draft() -> models.Version:
    return begun(client("contributor"), "commitments", actor="example-ministry", place="KEN")


def deeds() -> dict[str, Callable[[], object]]:
    """Everything by which two may write on the same rows, ready to be done."""
    author, decider = account("contributor"), account("coordinator")
    draft, given_up, sent = a_draft(), a_draft(), a_draft()
    models.Version.objects.filter(pk=sent.pk).update(status="submitted")
    change = Change(kind="commitments", subject="", document={"place": "KEN"})
    many = ["example-contracts"], {"status": "done"}, decider, "A reason."
    request = {"need": "example-need", "offer": "example-offer"}
    return {
        "begin": lambda: edits.begin(
            "commitments", author, actor="", place="", subject="example-contracts"
        ),
        "save": lambda: edits.save(draft.pk, {"what": "Words"}, draft.edits, author),
        "move": lambda: edits.move(
            sent.pk, VersionStatus.RETURNED, decider, edits=sent.edits, reason="A reason."
        ),
        "comment": lambda: edits.comment(draft.pk, "A word.", author),
        "discard": lambda: edits.discard(given_up.pk, author),
        "edit many": lambda: edits.edit_many(*many),
        "try a file": lambda: writes.tried(Incoming(source="x", changes=(change,)), author),
        "take a file": lambda: writes.apply(Incoming(source="x"), author),
        "ask": lambda: request_writes.ask(request, author),
    }


@pytest.mark.parametrize("deed", ["begin", "save", "move", "comment", "discard", "edit many",
                                  "try a file", "take a file", "ask"])  # fmt: skip
def test_who_writes_takes_the_end_of_the_chain_before_any_row(deed: str) -> None:
    done = deeds()[deed]
    with CaptureQueriesContext(connection) as asked:
        done()
    told = [each["sql"] for each in asked if not each["sql"].startswith("SAVEPOINT")]
    assert '"audit_head"' in told[0]
    assert ("FOR UPDATE" in told[0]) is connection.features.has_select_for_update


def test_a_busy_register_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    version = a_draft()
    monkeypatch.setattr("waymark_web.plans.writes.record", busy)
    by = client("contributor")
    response = by.post(f"/en/work/version/{version.pk}/comment/", {"text": "A word."})
    assert response.status_code == 503
    assert "Try again in a moment." in response.content.decode()
    assert not version.comments.exists()
