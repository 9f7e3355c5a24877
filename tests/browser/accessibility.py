"""Whether a page is accessible, and whether it fits its window."""

from __future__ import annotations

from typing import Any

from axe_playwright_python import sync_playwright as axe

DESK, PHONE = 1280, 360  # pixels


def faults(tab: Any, language: str = "en") -> str:
    """What the checker finds in a page, in its words; nothing if all is well.

    It measures contrast in English alone. It passes over joined Arabic letters, and colours follow
    no language and no direction: tests/spec/test_contrast.py holds that.
    """
    contrast = {"rules": {"color-contrast": {"enabled": language == "en"}}}
    found = axe.Axe().run(tab, options={"resultTypes": ["violations"], **contrast})
    return str(found.generate_report()) if found.response["violations"] else ""


def overflows(tab: Any, *widths: int) -> dict[int, int]:
    """The widths, of those that a window is given, in which the page is wider than the window."""
    shown = {}
    for width in widths:
        tab.set_viewport_size({"width": width, "height": 800})
        shown[width] = tab.evaluate("document.documentElement.scrollWidth")
    return {width: wide for width, wide in shown.items() if wide > width}
