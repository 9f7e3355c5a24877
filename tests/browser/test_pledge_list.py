"""The how-to of pledge lists, followed literally in a real browser, without scripts, on a phone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import put_back
from tests.browser.test_how_to import FOLDER, PEOPLE, SENTENCES, steps_of

pytestmark = pytest.mark.browser
PAGE = "bring-your-pledge-list.md"
LIST = re.compile(r"^cat > (\S+) <<'END'\n(.*?)^END$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def home(home: Path) -> Path:
    put_back(home, PEOPLE)
    return home


def do(step: str, tab: Any, site: str, file: Path) -> None:
    sending = re.fullmatch(r"Choose your file in \*\*(.+)\*\*\.", step)
    if sending:
        tab.get_by_label(sending[1], exact=True).set_input_files(file)
        return
    for pattern, deed in SENTENCES.items():
        found = re.fullmatch(f"{pattern}\\.", step)
        if found:
            deed(tab, site, *found.groups())
            tab.wait_for_load_state()
            return
    pytest.fail(f"not understood: {step}")


def test_the_how_to_works_as_it_is_written(browser: Any, site: str, tmp_path: Path) -> None:
    found = LIST.search((FOLDER / PAGE).read_text(encoding="utf-8"))
    assert found
    file = tmp_path / found[1]
    file.write_text(found[2], encoding="utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 780}, java_script_enabled=False)
    context.set_default_timeout(60_000)
    tab = context.new_page()
    for step in steps_of(PAGE):
        try:
            do(step, tab, site, file)
        except Exception as error:
            pytest.fail(f"“{step}” at {tab.url}: {error}")
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{tab.url} is {wide} px wide after “{step}”"
    context.close()
