"""The firewall in a real browser: accessible, nothing cut off, by keyboard, as the how-to says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python import sync_playwright as axe

from tests.browser.conftest import made_home, serving, waymark_python
from tests.browser.test_desk import tab_to, unfold
from tests.browser.test_how_to import SENTENCES, do, steps_of
from tests.clinics import released
from tests.web.arrangements import BROKEN, HOLDS

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
HOW_TO = "keep-the-bodies.md"
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
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made_home(tmp_path_factory.mktemp("home"))
    waymark_python(folder, BUSY)
    return folder


@pytest.fixture(scope="module")
def desk(browser: Any, site: str) -> Iterator[Any]:
    """A browser in which a coordinator is signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(f"{site}/en/account/login/")
    tab.get_by_label("Mail address").fill("ben@example.org")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.wait_for_url("**/work/")
    tab.close()
    yield context
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_accessible_and_nothing_is_cut_off(
    desk: Any, site: str, page: str, language: str
) -> None:
    tab = desk.new_page()
    assert tab.goto(f"{site}/{language}/{page}").status == 200
    unfold(tab)
    found = axe.Axe().run(tab)
    widths = {}
    for width in (1280, 360):
        tab.set_viewport_size({"width": width, "height": 800})
        widths[width] = tab.evaluate("document.documentElement.scrollWidth")
    tab.close()
    assert not found.response["violations"], found.generate_report()
    assert all(shown <= width for width, shown in widths.items()), widths


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
    found = axe.Axe().run(tab)
    wide = tab.evaluate("document.documentElement.scrollWidth")
    assert not context.cookies()
    context.close()
    assert not found.response["violations"], found.generate_report()
    assert wide <= 360


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


def take(tab: Any, site: str, file: str, label: str) -> None:
    """A file of the repository, or a release of counts as the command writes it."""
    content: Any = ROOT / file
    if not content.exists():
        content = {"name": file, "mimeType": "application/json", "buffer": released()}
    tab.get_by_label(label, exact=True).set_input_files(content)


def test_the_how_to_works_as_it_is_written(
    browser: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step by step, on a phone, without scripts, in a register in which nothing happened yet."""
    folder = made_home(tmp_path_factory.mktemp("how-to"))
    waymark_python(folder, PEOPLE)
    monkeypatch.setitem(SENTENCES, r"Take the file `([^`]+)` in \*\*([^*]+)\*\*", take)
    phone = {"viewport": {"width": 360, "height": 780}, "java_script_enabled": False}
    with serving(folder) as site:
        context = browser.new_context(**phone)
        context.set_default_timeout(15_000)
        tab = context.new_page()
        for step in steps_of(HOW_TO):
            try:
                do(tab, site, step)
            except Exception as error:
                pytest.fail(f"“{step}” at {tab.url}: {error}")
        context.close()
