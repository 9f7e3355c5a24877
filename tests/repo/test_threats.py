"""The list of threats: all of them, each held by tests that exist, and printed as it stands.

``python -m tests.repo.test_threats`` prints the table for ``docs/explanation/threats.md``.
"""

from __future__ import annotations

import re

import pytest

from tests.repo.tracked import ROOT, tracked
from waymark.firewall.domain import FOLDER
from waymark.firewall.threats import HOW_MANY, Threat, load_threats

THREATS = load_threats()
PAGE = ROOT / "docs" / "explanation" / "threats.md"


def table() -> str:
    """The threats as a table: number, threat, what remains."""
    rows = [f"| {each.id} | {each.threat.en} | {each.remains.en} |" for each in THREATS]
    return "\n".join(("| | what can go wrong | what remains |", "|---|---|---|", *rows))


def test_every_threat_is_there_once() -> None:
    assert [each.id for each in THREATS] == list(range(1, HOW_MANY + 1))


@pytest.mark.parametrize("threat", THREATS, ids=lambda each: str(each.id))
def test_what_tests_a_threat_exists(threat: Threat) -> None:
    assert threat.tested_by
    for named in threat.tested_by:
        path, _, test = named.partition("::")
        assert ROOT / path in tracked(), f"{named} does not exist"
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {test or 'test_'}", text, re.M), f"{named} does not exist"


@pytest.mark.parametrize("threat", THREATS, ids=lambda each: str(each.id))
def test_a_case_that_a_threat_names_ships(threat: Threat) -> None:
    for name in threat.cases:
        assert FOLDER / "cases" / f"{name}.yaml" in tracked()


def test_the_page_prints_the_list_as_it_stands() -> None:
    command = "python -m tests.repo.test_threats"
    assert table() in PAGE.read_text(encoding="utf-8"), f"print it anew with {command}"


if __name__ == "__main__":
    print(table())
