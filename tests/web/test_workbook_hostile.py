"""Whatever is sent in place of a workbook: a page that says what is wrong, nothing is kept."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from tests.offline import Edited
from tests.web.people import client
from tests.workbooks import packed, sheet_of
from waymark_web.exchange.models import Waiting
from waymark_web.plans import models

LONG = 10  # seconds, far more than any of these needs


def along() -> Edited:
    return Edited(client("contributor").get("/en/work/workbook/rows.xlsx").content)


def formulas() -> bytes:
    book = along()
    book.put("commitments", "example-contracts", "what", '=HYPERLINK("https://example.org")')
    return book.saved()


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 80_000_000)
    return held.getvalue()


def many_rows() -> bytes:
    return packed(sheet_of("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"))


def entities() -> bytes:
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    return packed(laughs + sheet_of("<row><c><v>&b;</v></c></row>"))


def with_macros() -> bytes:
    book = along()
    book.put("commitments", "example-contracts", "what", "Something harmless.")
    held = io.BytesIO(book.saved())
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    return held.getvalue()


def somebody_elses() -> bytes:
    book = Workbook()
    book.active.append(["pledge", "who"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


SENT: dict[str, tuple[Callable[[], bytes], str]] = {
    "formulas": (formulas, "This is a formula"),
    "a bomb": (bomb, "unpacked"),
    "a cell at the far end": (many_rows, ""),
    "entities": (entities, ""),
    "another's workbook": (somebody_elses, "no sheet of it has the hashtags"),
    "a list of values": (lambda: b"id,what\n1,x\n", "this is no Excel workbook"),
    "an older workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "older Excel file"),
    "the half of a workbook": (lambda: along().saved()[:9000], "not a whole workbook"),
    "nothing": (lambda: b"", "Choose a file first."),
    "too much": (lambda: b"PK" + b"\0" * 5_000_001, "at most 5 megabytes"),
}


@pytest.mark.parametrize(("made", "said"), SENT.values(), ids=SENT)
def test_what_is_no_good_workbook_is_said_to_be_none(made: Callable[[], bytes], said: str) -> None:
    content = made()
    started = time.monotonic()
    file = SimpleUploadedFile("rows.xlsx", content)
    response = client("contributor").post("/en/work/workbook/", {"file": file}, follow=True)
    assert time.monotonic() - started < LONG
    text = response.content.decode()
    assert response.status_code in (200, 422)
    assert 'class="error summary"' in text
    assert said in text
    assert "Traceback" not in text
    assert "Keep all as drafts" not in text
    assert not models.Version.objects.exists()
    assert sum(len(each.content["changes"]) for each in Waiting.objects.all()) <= 1


def test_macros_are_not_run_and_not_kept() -> None:
    file = SimpleUploadedFile("rows.xlsm", with_macros())
    response = client("contributor").post("/en/work/workbook/", {"file": file}, follow=True)
    text = response.content.decode()
    assert "The file changes 1 entry." in text
    assert "There are macros in this workbook; they are not run." in text


def test_a_name_is_made_harmless() -> None:
    file = SimpleUploadedFile("x\u202eslx.<b>.xlsx", along().saved())
    response = client("contributor").post("/en/work/workbook/", {"file": file}, follow=True)
    assert response.status_code == 200
    assert "\u202e" not in response.content.decode()
    assert "<b>" not in response.content.decode()
