"""How to publish to IATI on the site, followed literally in a real browser on a phone."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.browser.conftest import put_back, waymark
from tests.browser.test_how_to import FOLDER, do, steps_of
from waymark.exchange.iati.reading import read_activities

pytestmark = pytest.mark.browser
MADE = re.compile(r"^```sh\n(mkdir our-register\n.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the site, which holds the small register of the how-to alone."""
    folder = tmp_path_factory.mktemp("home")
    text = (FOLDER / "publish-to-iati.md").read_text(encoding="utf-8")
    subprocess.run(["bash", "-euc", MADE.findall(text)[0]], check=True, cwd=folder)
    waymark(folder, "register", "load", str(folder / "our-register"))
    put_back(home, of=folder)
    return home


def test_the_file_is_taken_as_it_is_written(browser, site: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": 360, "height": 780}, java_script_enabled=False)
    context.set_default_timeout(60_000)
    tab = context.new_page()
    *steps, last = steps_of("publish-to-iati.md")
    assert len(steps) == 9
    for step in steps:
        try:
            do(tab, site, step)
        except Exception as error:
            pytest.fail(f"“{step}” at {tab.url}: {error}")
    with tab.expect_download() as download:
        do(tab, site, last)
    taken = tmp_path / "activities.xml"
    download.value.save_as(taken)
    context.close()
    ((activity),) = [each.activity for each in read_activities(taken, date(2026, 11, 27))]
    assert activity.id == "XM-EXAMPLE-1-births"
    assert len(activity.transactions) == 2
