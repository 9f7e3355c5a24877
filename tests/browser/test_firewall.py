"""The firewall in a real browser: accessible, nothing cut off, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.accessibility import DESK, PHONE, faults, overflows
from tests.browser.conftest import put_back
from tests.browser.test_desk import tab_to, unfold
from tests.clinics import released
from tests.web.arrangements import BROKEN, HOLDS

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
PEOPLE = """
import django; django.setup()
from waymark_web.accounts.models import Account, Membership
for name, role, actor, place in (
    ("cora", "coordinator", "", "KEN"),
    ("ben", "coordinator", "", "KEN"),
    ("carl", "contributor", "example-ministry", ""),
):
    account = Account.objects.create_user(f"{name}@example.org", "correct horse battery", name=name)
    Membership.objects.create(account=account, role=role, actor=actor, place=place)
"""
BUSY = f"""{PEOPLE}
from waymark.firewall.procedure import ProposalState, Verdict
from waymark_web.firewall import uploads, writes
cora, ben, carl = Account.objects.order_by("pk")
stands = writes.propose(uploads.network_in([], {HOLDS!r}), "KEN", "The first.", cora)
writes.settle(stands.pk, ProposalState.CONFIRMED, because="", by=ben)
writes.propose(uploads.network_in([], {BROKEN!r}), "KEN", "A memorandum.", cora)
for end in (b"", b" "):
    counts = {released()!r} + end
    of = {{"actor": "example-ministry", "place": ""}}
    made = writes.file_release(counts, "Counts", "A review.", carl, **of)
for reviewer in (cora, ben):
    writes.review(made.pk, Verdict.RELEASE, "Recomputed.", reviewer)
"""
PAGES = [
    "firewall/",
    "firewall/case/nhs-home-office/",
    "firewall/case/utilities-four-hops/",
    "firewall/place/KEN/",
    "firewall/audit/?example",
    "firewall/rules/?from=person&to=health&for=health-care&data=need-note&consent=yes",
    "firewall/threats/",
    "firewall/counts/",
    "work/bodies/",
    "work/bodies/2/",
    "work/bodies/of/KEN/",
    "work/releases/",
    "work/releases/1/",
]


@pytest.fixture(scope="module")
def home(home: Path) -> Path:
    put_back(home, BUSY)
    return home


@pytest.fixture(scope="module")
def tab(browser: Any, site: str) -> Iterator[Any]:
    """One tab in which a coordinator is signed in, and looks at many pages."""
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{site}/en/account/login/")
    tab.get_by_label("Mail address").fill("ben@example.org")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.wait_for_url("**/work/")
    yield tab
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_accessible_and_nothing_is_cut_off(
    tab: Any, site: str, page: str, language: str
) -> None:
    tab.set_viewport_size({"width": DESK, "height": 900})
    assert tab.goto(f"{site}/{language}/{page}").status == 200
    unfold(tab)
    assert not faults(tab, language)
    assert not overflows(tab, DESK, PHONE)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("text", ["bodies: [{id: a, name: b, kind: hospital}]", BROKEN])
def test_the_answer_to_what_is_sent_is_accessible(
    browser: Any, site: str, language: str, text: str
) -> None:
    """An audit, and a form with a mistake: by a reader without an account and without scripts."""
    context = browser.new_context(viewport={"width": 360, "height": 780})
    tab = context.new_page()
    tab.goto(f"{site}/{language}/firewall/audit/")
    tab.locator("#text").fill(text)
    tab.locator("main form button").first.click()
    tab.locator(".error.summary, .chain").first.wait_for()
    assert not faults(tab, language)
    assert not overflows(tab, PHONE)
    assert not context.cookies()
    context.close()


def test_the_chain_is_drawn_towards_the_end_of_the_line(browser: Any, site: str) -> None:
    """From left to right in English; the picture is mirrored in Arabic, and neither is blank."""
    tab = browser.new_page()
    drawn = {}
    for language in ("en", "ar"):
        tab.goto(f"{site}/{language}/firewall/case/nhs-home-office/")
        picture = tab.locator("figure.picture img")
        assert picture.evaluate("each => each.naturalWidth") > 100
        drawn[language] = picture.get_attribute("src")
    tab.close()
    assert drawn["en"] != drawn["ar"]


def test_the_keyboard_alone_audits_a_text(browser: Any, site: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{site}/en/firewall/audit/?example")
    tab_to(tab, "text")
    tab_to(tab, "Audit it")
    tab.keyboard.press("Enter")
    tab.get_by_text("Broken: services from which").first.wait_for()
    tab_to(tab, "Get the JSON")
    tab.close()


def test_a_pdf_is_had_of_what_was_sent(browser: Any, site: str) -> None:
    context = browser.new_context(accept_downloads=True)
    tab = context.new_page()
    tab.goto(f"{site}/en/firewall/audit/?example")
    tab.get_by_role("button", name="Audit it").click()
    form = tab.locator("main form").first.evaluate(
        "form => Object.fromEntries(new FormData(form).entries())"
    )
    response = tab.request.post(f"{site}/en/firewall/audit/", multipart={**form, "format": "pdf"})
    assert response.body().startswith(b"%PDF-")
    context.close()
