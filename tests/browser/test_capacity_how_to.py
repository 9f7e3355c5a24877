"""The how-to on capacity, followed literally in a real browser, each part by whom it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import put_back
from tests.browser.test_how_to import FOLDER, do

pytestmark = pytest.mark.browser
PEOPLE = """
import django; django.setup()
from waymark_web.accounts.models import Account, Membership
for email, role, actor, place in (
    ("nadia@example.org", "contributor", "example-ministry", ""),
    ("omar@example.org", "contributor", "example-association", ""),
    ("cora@example.org", "coordinator", "", "001"),
):
    account = Account.objects.create_user(email, "correct horse battery", name=email)
    Membership.objects.create(account=account, role=role, actor=actor, place=place)
"""
PARTS = {  # who follows the parts of each chapter: its contributor, then the coordinator
    "Enter a need": "nadia",
    "Offer capacity": "omar",
    "Ask for it": "nadia",
    "Answer it": "omar",
    "Say how it will be delivered": "omar",
    "Report on the delivery": "nadia",
}
SIGN_IN = (
    "Go to `/en/account/login/`",
    "Fill **Mail address** with `{}@example.org`",
    "Fill **Password** with `correct horse battery`",
    "Press **Sign in**",
)


def parts() -> Iterator[tuple[str, list[str]]]:
    """Each list of steps, with the account that follows it."""
    text = (FOLDER / "match-capacity.md").read_text(encoding="utf-8")
    for chapter in text.split("\n## ")[1:]:
        title = chapter.splitlines()[0]
        lists = re.findall(r"(?:^\d+\. .*\n)+", chapter, re.M)
        for who, steps in zip((PARTS[title], "cora"), lists, strict=True):
            yield who, re.findall(r"^\d+\. (.*)$", steps, re.M)


@pytest.fixture(scope="module")
def home(home: Path, scripts: bool) -> Path:
    """With scripts and without, people begin with the same register."""
    put_back(home, PEOPLE)
    return home


def test_the_how_to_on_capacity_works_as_it_is_written(  # type: ignore[no-untyped-def]
    browser, site: str, scripts: bool
) -> None:
    tabs: dict[str, Any] = {}
    for who, steps in parts():
        if who not in tabs:
            size = {"width": 360, "height": 780}
            context = browser.new_context(viewport=size, java_script_enabled=scripts)
            context.set_default_timeout(60_000)
            tabs[who] = context.new_page()
            if not steps[0].startswith("Go to `/en/account/login/`"):
                steps = [*(f"{step.format(who)}." for step in SIGN_IN), *steps]
        for step in steps:
            try:
                do(tabs[who], site, step)
            except Exception as error:
                pytest.fail(f"{who}, “{step}” at {tabs[who].url}: {error}")
    for tab in tabs.values():
        tab.context.close()
