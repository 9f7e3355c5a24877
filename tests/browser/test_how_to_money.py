"""How to read the money, followed literally in a real browser on a phone, without scripts."""

from __future__ import annotations

import pytest

from tests.browser.test_how_to import do, steps_of

pytestmark = pytest.mark.browser


def test_the_how_to_works_as_it_is_written(browser, site: str) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": 360, "height": 780}, java_script_enabled=False)
    context.set_default_timeout(180_000)
    tab = context.new_page()
    steps = list(steps_of("read-the-money.md"))
    assert len(steps) == 39
    for step in steps:
        try:
            do(tab, site, step)
        except Exception as error:
            pytest.fail(f"“{step}” at {tab.url}: {error}")
    context.close()
