"""The how-to on the bodies of a State, followed literally in a real browser, on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import put_back
from tests.browser.test_firewall import PEOPLE
from tests.browser.test_how_to import SENTENCES, do, steps_of
from tests.clinics import released

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
HOW_TO = "keep-the-bodies.md"


@pytest.fixture(scope="module")
def home(home: Path) -> Path:
    """The home of a site on which nothing happened yet."""
    put_back(home, PEOPLE)
    return home


def take(tab: Any, site: str, file: str, label: str) -> None:
    """A file of the repository, or a release of counts as the command writes it."""
    content: Any = ROOT / file
    if not content.exists():
        content = {"name": file, "mimeType": "application/json", "buffer": released()}
    tab.get_by_label(label, exact=True).set_input_files(content)


def test_the_how_to_works_as_it_is_written(
    browser: Any, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step by step, without scripts."""
    monkeypatch.setitem(SENTENCES, r"Take the file `([^`]+)` in \*\*([^*]+)\*\*", take)
    phone = {"viewport": {"width": 360, "height": 780}, "java_script_enabled": False}
    context = browser.new_context(**phone)
    context.set_default_timeout(15_000)
    tab = context.new_page()
    for step in steps_of(HOW_TO):
        try:
            do(tab, site, step)
        except Exception as error:
            pytest.fail(f"“{step}” at {tab.url}: {error}")
    context.close()
