"""The how-tos, followed literally in a real browser: each numbered step is read and done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import put_back

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parents[2] / "docs" / "how-to"
STEP = re.compile(r"^\d+\. (.*)$", re.M)
PEOPLE = """
import django; django.setup()
from waymark_web.accounts.models import Account, Membership
for email, role, actor, place in (
    ("carl@example.org", "contributor", "example-ministry", ""),
    ("asha@example.org", "assessor", "example-union", ""),
    ("cora@example.org", "coordinator", "", "KEN"),
):
    account = Account.objects.create_user(email, "correct horse battery", name=email)
    Membership.objects.create(account=account, role=role, actor=actor, place=place)
"""


def go(tab: Any, site: str, path: str) -> None:
    tab.goto(f"{site}{path}")


def follow(tab: Any, site: str, name: str) -> None:
    links = tab.locator("main").get_by_role("link", name=re.compile(f"^{re.escape(name)}( |$)"))
    links.first.click()


def press(tab: Any, site: str, name: str) -> None:
    tab.locator("main").get_by_role("button", name=name, exact=True).locator(
        "visible=true"
    ).first.click()


def fill(tab: Any, site: str, label: str, value: str) -> None:
    tab.get_by_label(label, exact=True).locator("visible=true").first.fill(value)


def choose(tab: Any, site: str, value: str, label: str) -> None:
    tab.get_by_label(label, exact=True).locator("visible=true").first.select_option(label=value)


def tick(tab: Any, site: str, label: str) -> None:
    tab.get_by_label(label, exact=True).first.check()


def unfold(tab: Any, site: str, name: str) -> None:
    tab.locator("summary", has_text=name).first.click()


def read(tab: Any, site: str, text: str) -> None:
    tab.get_by_text(text).first.wait_for(timeout=10_000)


SENTENCES = {
    r"Go to `([^`]+)`": go,
    r"Follow \*\*(.+)\*\*": follow,
    r"Press \*\*([^*]+)\*\*": press,
    r"Fill \*\*([^*]+)\*\* with `([^`]+)`": fill,
    r"Choose `([^`]+)` in \*\*([^*]+)\*\*": choose,
    r"Tick \*\*([^*]+)\*\*": tick,
    r"Unfold \*\*([^*]+)\*\*": unfold,
    r"The page says `([^`]+)`": read,
}


def steps_of(name: str) -> Iterator[str]:
    yield from STEP.findall((FOLDER / name).read_text(encoding="utf-8"))


def do(tab: Any, site: str, step: str) -> None:
    """Do one step; a sentence that is not understood is an error of the how-to."""
    for pattern, deed in SENTENCES.items():
        found = re.fullmatch(f"{pattern}\\.", step)
        if found:
            deed(tab, site, *found.groups())
            tab.wait_for_load_state()
            return
    pytest.fail(f"not understood: {step}")


@pytest.fixture(scope="module")
def home(home: Path, scripts: bool) -> Path:
    """With scripts and without, people begin with the same register."""
    put_back(home, PEOPLE)
    return home


def test_the_how_tos_work_as_they_are_written(  # type: ignore[no-untyped-def]
    browser, site: str, scripts: bool
) -> None:
    for name in ("contribute.md", "assess.md", "coordinate.md"):
        context = browser.new_context(
            viewport={"width": 360, "height": 780}, java_script_enabled=scripts
        )
        context.set_default_timeout(15_000)
        tab = context.new_page()
        for step in steps_of(name):
            try:
                do(tab, site, step)
            except Exception as error:
                pytest.fail(f"{name}, “{step}” at {tab.url}: {error}")
        context.close()
