"""The desk in a real browser: accessible in English and Arabic, and by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.accessibility import DESK as WIDE
from tests.browser.accessibility import PHONE, faults, overflows
from tests.browser.conftest import put_back, waymark

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
PEOPLE = """
import django; django.setup()
from waymark_web.accounts.models import Account, Membership
from waymark_web.plans import writes
from waymark.plans.procedure import VersionStatus
account = Account.objects.create_user("all@example.org", "correct horse battery", name="Example")
for role, actor, place in (
    ("contributor", "example-ministry", ""),
    ("assessor", "example-union", ""),
    ("coordinator", "", "KEN"),
    ("steward", "", ""),
    ("administrator", "", ""),
):
    Membership.objects.create(account=account, role=role, actor=actor, place=place)
def begin(kind, subject=""):
    return writes.begin(kind, account, actor="example-ministry", place="KEN", subject=subject)
draft = begin("commitments")
sent = begin("commitments", "example-contracts")
document = {**sent.document, "what": "Give everybody a contract."}
sent = writes.save(sent.pk, document, sent.edits, account)
sent = writes.move(sent.pk, VersionStatus.SUBMITTED, account, edits=sent.edits)
writes.comment(sent.pk, "A comment.", account)
assert (draft.pk, sent.pk) == (1, 2)
"""
DESK = [
    "work/",
    "work/new/commitments/",
    "work/new/rounds/",
    "work/new/reports/?commitment=example-contracts",
    "work/edit/commitments/example-contracts/",
    "work/version/1/",
    "work/version/2/",
    "work/version/2/compare/",
    "work/history/commitments/example-contracts/",
    "work/many/",
    "work/people/",
    "work/audit/?verify",
    "account/2fa/",
    "account/2fa/totp/activate/",
    "account/password/change/",
    "commitment/example-contracts/",
    "commitments/",
]
BEFORE = ["account/login/", "account/password/reset/", "account/logout/"]


@pytest.fixture(scope="module")
def desk(browser: Any, home: Path, site: str) -> Iterator[Any]:
    """A browser in which somebody with every role is signed in."""
    put_back(home, PEOPLE)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    sign_in(context.new_page(), site)
    yield context
    context.close()


def sign_in(tab: Any, site: str) -> None:
    tab.goto(f"{site}/en/account/login/")
    tab.get_by_label("Mail address").fill("all@example.org")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.wait_for_url("**/work/")


def unfold(tab: Any) -> None:
    """Open what is folded, so that it is looked at too."""
    tab.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")


@pytest.fixture(scope="module")
def tab(desk: Any) -> Iterator[Any]:
    """One tab that looks at many pages, one after the other."""
    tab = desk.new_page()
    yield tab
    tab.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("page", [*DESK, *BEFORE])
def test_a_page_of_the_desk_is_accessible_and_nothing_is_cut_off(
    tab: Any, site: str, page: str, language: str
) -> None:
    tab.set_viewport_size({"width": WIDE, "height": 900})
    response = tab.goto(f"{site}/{language}/{page}")
    assert response.status == 200
    unfold(tab)
    assert not faults(tab, language)
    assert not overflows(tab, PHONE)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_in_a_form_with_mistakes(tab: Any, site: str, language: str) -> None:
    tab.set_viewport_size({"width": WIDE, "height": 900})
    tab.goto(f"{site}/{language}/work/version/1/")
    tab.locator("button[value=submit]").click()
    tab.locator(".error.summary").wait_for()
    assert not faults(tab, language)


def tab_to(tab: Any, wanted: str, most: int = 400) -> None:
    """Press Tab until the control with a name or an id has the focus."""
    for _ in range(most):
        tab.keyboard.press("Tab")
        focused = tab.evaluate(
            "[document.activeElement.id, document.activeElement.name,"
            " document.activeElement.value, document.activeElement.innerText]"
        )
        if wanted in focused:
            return
    pytest.fail(f"Tab does not reach {wanted}")


def test_the_keyboard_alone_enters_and_submits_a_commitment(desk: Any, site: str) -> None:
    tab = desk.new_page()
    tab.goto(f"{site}/en/work/new/commitments/")
    tab_to(tab, "n-actor")
    tab.keyboard.type("example-ministry")
    tab_to(tab, "Begin")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/work/version/*/")
    tab_to(tab, "f-what")
    tab.keyboard.type("Pay wages that were kept back, by the keyboard alone.")
    tab_to(tab, "f-due")
    tab.keyboard.type("12312028")
    tab_to(tab, "Objectives that it serves: 0 chosen")
    tab.keyboard.press("Enter")
    tab_to(tab, "gcm:6")
    tab.keyboard.press("Space")
    tab_to(tab, "f-origin")
    tab.keyboard.type("nat")
    tab_to(tab, "submit")
    tab.keyboard.press("Enter")
    tab.get_by_text("It is now submitted.").wait_for()
    tab_to(tab, "Publish")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/commitment/*/")
    assert "by the keyboard alone" in tab.locator("h1").inner_text()
    assert "2028-12-31" in tab.locator("main").inner_text()
    tab.close()


def test_every_control_of_every_form_is_reached_by_tab(desk: Any, site: str) -> None:
    for page in ("work/version/1/", "work/people/", "work/many/", "account/password/change/"):
        tab = desk.new_page()
        tab.goto(f"{site}/en/{page}")
        unfold(tab)
        count = tab.evaluate(
            """() => { const all = [...document.querySelectorAll(
                'main input:not([type=hidden]), main select, main textarea, main button')]
                .filter(e => e.tabIndex >= 0 && !e.disabled);
                all.forEach((e, i) => e.dataset.number = i); return all.length; }"""
        )
        tab.locator("#content").focus()
        reached = set()
        for _ in range(count * 3 + 40):
            tab.keyboard.press("Tab")
            number = tab.evaluate("document.activeElement.dataset.number")
            if number is not None:
                reached.add(int(number))
        assert reached == set(range(count)), page
        tab.close()


def test_a_draft_keeps_itself_and_warns_of_another(desk: Any, site: str) -> None:
    one, other = desk.new_page(), desk.new_page()
    for tab in (one, other):
        tab.goto(f"{site}/en/work/version/1/")
    one.locator("#f-what").press_sequentially("Words of one")
    one.get_by_text("Kept at").wait_for(timeout=15_000)
    other.locator("#f-what").press_sequentially("Words of the other")
    other.get_by_text("Somebody else has saved").wait_for(timeout=15_000)
    other.get_by_role("button", name="Keep the draft", exact=True).click()
    other.get_by_role("heading", name="Two people wrote at once").wait_for()
    assert not faults(other)
    assert other.locator("#f-what").input_value() == "Words of the other"
    for tab in (one, other):
        tab.close()


def test_a_second_factor_can_be_set_up(desk: Any, site: str) -> None:
    """Passkeys by a real authenticator that the browser plays."""
    tab = desk.new_page()
    devtools = tab.context.new_cdp_session(tab)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    tab.goto(f"{site}/en/account/2fa/webauthn/add/")
    if "reauthenticate" in tab.url:
        tab.locator("main input[type=password]").fill(PASSWORD)
        tab.locator("main button[type=submit]").last.click()
        tab.wait_for_url("**/webauthn/add/**")
    tab.locator("main input[name=name]").fill("Example key")
    passwordless = tab.locator("main input[name=passwordless]")
    if passwordless.count():
        passwordless.check()
    tab.locator("main button[type=submit], main button#mfa_webauthn_add").last.click()
    tab.get_by_text("Security key added.").wait_for()
    tab.goto(f"{site}/en/account/2fa/webauthn/")
    assert "Example key" in tab.locator("main").inner_text()
    tab.close()


def test_the_record_holds_after_all_that(home: Path, desk: Any) -> None:
    assert "events" in waymark(home, "audit", "verify")
