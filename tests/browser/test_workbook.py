"""The how-to of workbooks, followed literally: a real browser, and a real LibreOffice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import put_back
from tests.browser.test_how_to import PEOPLE, SENTENCES, steps_of
from tests.office import Office, Typed

pytestmark = pytest.mark.browser


class Follower:
    """Somebody who follows the steps: with a tab, a folder of downloads, and a spreadsheet."""

    def __init__(self, tab: Any, site: str, office: Office, folder: Path) -> None:
        self.tab, self.site, self.office, self.folder = tab, site, office, folder
        self.file = folder / "rows.xlsx"
        self.typed: list[Typed] = []

    def download(self, button: str) -> None:
        with self.tab.expect_download() as started:
            self.tab.get_by_role("button", name=button, exact=True).click()
        started.value.save_as(self.file)

    def type(self, text: str, cell: str, sheet: str) -> None:
        self.typed.append((sheet, cell, text))

    def save(self) -> None:
        self.office.edited(self.file, self.typed)
        self.typed = []

    def send(self, label: str) -> None:
        self.tab.get_by_label(label, exact=True).set_input_files(self.file)

    def do(self, step: str) -> None:
        own = {
            r"Press \*\*(.+)\*\*; a file is downloaded": self.download,
            r"In LibreOffice, type `(.+)` into the cell `(\w+)` of the sheet `(.+)`": self.type,
            r"Save the file in LibreOffice as XLSX": self.save,
            r"Choose your file in \*\*(.+)\*\*": self.send,
        }
        for pattern, deed in own.items():
            found = re.fullmatch(f"{pattern}\\.", step)
            if found:
                deed(*found.groups())
                self.tab.wait_for_load_state()
                return
        for pattern, page_deed in SENTENCES.items():
            found = re.fullmatch(f"{pattern}\\.", step)
            if found:
                page_deed(self.tab, self.site, *found.groups())
                self.tab.wait_for_load_state()
                return
        pytest.fail(f"not understood: {step}")


@pytest.fixture(scope="module")
def home(home: Path) -> Path:
    put_back(home, PEOPLE)
    return home


def test_the_how_to_works_as_it_is_written(browser: Any, site: str, tmp_path: Path) -> None:
    office = Office(tmp_path)
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, java_script_enabled=False, accept_downloads=True
    )
    context.set_default_timeout(20_000)
    follower = Follower(context.new_page(), site, office, tmp_path)
    for step in steps_of("work-offline-with-a-workbook.md"):
        try:
            follower.do(step)
        except Exception as error:
            pytest.fail(f"“{step}” at {follower.tab.url}: {error}")
        wide = follower.tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{follower.tab.url} is {wide} px wide after “{step}”"
    context.close()
