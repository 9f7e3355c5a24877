"""Pages in a real browser: accessible, nothing cut off, on a phone and a desk, both directions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.accessibility import DESK, PHONE, faults, overflows

pytestmark = pytest.mark.browser
PAGES = [
    "",
    "places/",
    "place/KEN/",
    "place/002/",
    "groups/",
    "group/children/",
    "promises/",
    "instrument/gcm/",
    "provision/gcm:15/",
    "provision/gcm:15.b/",
    "sources/",
    "indicators/",
    "indicator/DESA_STOCK/",
    "indicator/SM_POP_REFG_OR/SYR/",
    "search/?q=health",
    "register/",
    "commitments/",
    "commitment/example-contracts/",
    "plan/example-plan/",
    "actors/",
    "actor/example-ministry/",
    "forum/imrf-2026/",
    "mandates/",
    "roles/?place=KEN",
    "compare/?a=KEN&b=MEX",
    "money/",
    "money/gaps/",
    "money/gaps/?place=KEN&provision=gcm:6&first=2025&sort=-gap",
    "money/facility/?add=50000",
    "money/flows/?place=LBN",
    "money/rows/?place=TUN&measure=spent&year=2020",
    "place/TUN/money/",
    "place/001/money/",
    "place/NRU/money/",
    "provision/gcm:20/money/",
    "reviews/",
    "review/KEN/imrf-2026/",
    "place/XXX/",
]


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[Any]:
    """One tab that looks at many pages, one after the other."""
    tab = browser.new_page()
    yield tab
    tab.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_accessible_and_nothing_is_cut_off(
    tab: Any, site: str, page: str, language: str
) -> None:
    tab.set_viewport_size({"width": DESK, "height": 900})
    tab.goto(f"{site}/{language}/{page}")
    assert not faults(tab, language)
    assert not overflows(tab, DESK, PHONE)


def test_a_page_is_read_without_scripts(browser, site: str) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site}/en/")
    assert tab.locator("table.rungs tbody tr").count() == 23
    tab.locator("table.rungs a").nth(14).click()
    assert "basic services" in tab.locator("h1").inner_text()
    context.close()


def test_the_keyboard_reaches_the_content_first(browser, site: str) -> None:  # type: ignore[no-untyped-def]
    tab = browser.new_page()
    tab.goto(f"{site}/en/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"
    tab.close()


def test_the_ladder_is_mirrored_in_arabic(browser, site: str) -> None:  # type: ignore[no-untyped-def]
    places = {}
    for language in ("en", "ar"):
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.goto(f"{site}/{language}/place/KEN/")
        cells = tab.locator("table.rungs tbody tr").first.locator("td")
        places[language] = [cells.nth(0).bounding_box()["x"], cells.nth(5).bounding_box()["x"]]
        tab.close()
    assert places["en"][0] < places["en"][1]
    assert places["ar"][0] > places["ar"][1]
