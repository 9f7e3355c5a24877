"""Money on paper, on a phone and from right to left: nothing is cut, units stand below units."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser
PAPER = 680  # px: A4 less its margins, at 96 px to the inch
WIDE = [
    "commitment/example-contracts/money/",
    "money/facility/?add=50000&first=2026",
    "money/flows/?place=LBN",
    "money/rows/?place=TUN&measure=spent&year=2020",
    "place/TUN/money/",
    "place/KEN/money/",
]
CUT = """() => [...document.querySelectorAll(".wide")]
    .filter(each => each.scrollWidth > each.clientWidth + 1)
    .map(each => each.getAttribute("aria-label") || each.getAttribute("aria-labelledby"))"""
CAPTIONS = """() => [...document.querySelectorAll(".wide caption")]
    .map(each => each.getBoundingClientRect())
    .filter(box => box.left < 0 || box.right > innerWidth).length"""
ENDS = """() => [...document.querySelector("table.short").querySelectorAll("td:nth-child(2) bdi")]
    .map(each => Math.round(each.getBoundingClientRect().right))"""


@pytest.mark.parametrize("page", WIDE)
def test_a_table_is_whole_on_paper(browser: Any, site: str, page: str) -> None:
    tab = browser.new_page(viewport={"width": PAPER, "height": 900})
    tab.set_default_timeout(180_000)
    tab.emulate_media(media="print")
    for language in ("en", "ar"):
        tab.goto(f"{site}/{language}/{page}")
        assert tab.locator(".wide").count()
        assert tab.evaluate(CUT) == [], language
    tab.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_caption_is_whole_on_a_phone(browser: Any, site: str, language: str) -> None:
    tab = browser.new_page(viewport={"width": 360, "height": 780})
    tab.set_default_timeout(180_000)
    tab.goto(f"{site}/{language}/place/TUN/money/")
    assert tab.locator(".wide caption").count() > 2
    assert tab.evaluate(CUT), "or the phone would not be narrow enough to try it"
    assert tab.evaluate(CAPTIONS) == 0
    tab.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_units_stand_below_units(browser: Any, site: str, language: str) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(180_000)
    tab.goto(f"{site}/{language}/place/TUN/money/")
    ends = tab.evaluate(ENDS)
    assert len(ends) > 4
    assert len(set(ends)) == 1
    tab.close()
