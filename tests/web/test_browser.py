"""Pages in a real browser: accessible, nothing cut off, on a phone and a desk, both directions."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

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
    "reviews/",
    "review/KEN/imrf-2026/",
    "place/XXX/",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str | None:
    """The browser that there is: named by WAYMARK_CHROMIUM, or found."""
    named = os.environ.get("WAYMARK_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MAC if Path(MAC).exists() else None)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "waymark_web", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    path = chromium()
    if path is None:
        message = "no Chromium was found; set WAYMARK_CHROMIUM, or install it"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        found.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(browser, site: str, page: str, language: str) -> None:  # type: ignore[no-untyped-def]
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.goto(f"{site}/{language}/{page}")
    found = axe.Axe().run(tab)
    tab.close()
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_cut_off(  # type: ignore[no-untyped-def]
    browser, site: str, page: str, language: str, width: int
) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(f"{site}/{language}/{page}")
    wide = tab.evaluate("document.documentElement.scrollWidth")
    tab.close()
    assert wide <= width


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
