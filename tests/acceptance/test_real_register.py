"""A real register: what four States accepted in the Universal Periodic Review, from file to review.

The texts of the recommendations are not ours: tests look at counts and at our own sentences.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STATES = {"MEX": 21, "DEU": 31, "ITA": 64, "QAT": 41}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def register(home: Path, shared: Path) -> Path:
    file = shared / "texts" / "upr" / "upr_recommendations_migration.csv"
    chosen = [part for state in STATES for part in ("--country", state)]
    waymark(home, "register", "import-upr", str(file), *chosen)
    waymark(home, "register", "dump", str(home / "dump"))
    return home / "dump"


def waymark(home: Path, *arguments: str, **more: str) -> str:
    rest = {name: value for name, value in os.environ.items() if name != "WAYMARK_DATABASE"}
    return subprocess.run(
        [sys.executable, "-m", "waymark.cli.main", *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**rest, "WAYMARK_HOME": str(home), **more},
    ).stdout


def commitments(register: Path) -> list[dict[str, str]]:
    with (register / "commitments.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_accepted_recommendation_is_a_proposal_for_a_person(register: Path) -> None:
    found = commitments(register)
    for state, accepted in STATES.items():
        ours = [each for each in found if each["place"] == state]
        assert len(ours) == accepted
        assert {each["proposed"] for each in ours} == {"true"}
        assert {each["lead"] for each in ours} == {f"{state.lower()}-government"}
        assert {each["due"] for each in ours} == {""}  # nobody named a date, so there is none
        assert all("Universal Periodic Review" in each["origin_source"] for each in ours)


def test_importing_again_leaves_what_people_have_done(
    home: Path, register: Path, shared: Path
) -> None:
    file = shared / "texts" / "upr" / "upr_recommendations_migration.csv"
    rows = commitments(register)
    rows[0]["proposed"] = "false"
    changed = home / "changed"
    changed.mkdir()
    for path in register.iterdir():
        (changed / path.name).write_bytes(path.read_bytes())
    with (changed / "commitments.csv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert "commitments: 1 added or replaced" in waymark(home, "register", "load", str(changed))
    again = waymark(home, "register", "import-upr", str(file), "--country", rows[0]["place"])
    assert "Nothing differs" in again


@pytest.mark.parametrize("state", STATES)
def test_the_review_tells_of_it(home: Path, register: Path, state: str) -> None:
    told = waymark(home, "review", "--place", state, WAYMARK_REGISTER=str(register))
    assert f"The register holds {STATES[state]} commitments" in told
    assert "a rule proposed the provisions, and nobody has confirmed them" in told
    assert "Commitments without any step due by" in told
    output = home / f"{state}.json"
    waymark(
        home,
        *("review", "--place", state, "--format", "json", "--output", str(output)),
        WAYMARK_REGISTER=str(register),
    )
    found = json.loads(output.read_text(encoding="utf-8"))
    planned = next(each for each in found["sections"] if each["kind"] == "planned")
    assert len(planned["findings"][0]["commitments"]) == STATES[state]


def test_the_review_on_paper_is_made_of_it(home: Path, register: Path) -> None:
    output = home / "mexico.pdf"
    waymark(
        home,
        *("review", "--place", "MEX", "--format", "pdf", "--output", str(output)),
        WAYMARK_REGISTER=str(register),
    )
    assert output.read_bytes().startswith(b"%PDF-")
    assert output.stat().st_size > 20_000
