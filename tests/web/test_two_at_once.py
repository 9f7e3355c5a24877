"""The same button pressed twice, in one moment or one after the other: it counts once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.offline import Edited
from tests.web.people import account, client
from waymark.exchange.incoming import Incoming
from waymark_web import store
from waymark_web.exchange import list_writes, writes
from waymark_web.exchange.models import Waiting
from waymark_web.plans import models, request_writes

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
