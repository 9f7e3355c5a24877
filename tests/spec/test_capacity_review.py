"""What a review tells of capacity, in every form, and the commands that list it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.conftest import AS_OF
from tests.examples import (
    example_actor,
    example_need,
    example_offer,
    example_register,
    example_request,
)
from waymark.cli.main import waymark
from waymark.coverage.standing import Standing
from waymark.exchange.register_package import write_package
from waymark.plans.forums import load_forums
from waymark.plans.fulfilment import Capacity
from waymark.plans.register import Register
from waymark.plans.vocabulary import CapacityKind, Decision
from waymark.reviews.document import as_json, as_pdf, as_text
from waymark.reviews.findings import FindingKind
from waymark.reviews.review import Review, review

FORUMS = load_forums()
NEEDS = [
    example_need("lacking", kind=CapacityKind.DATA, provisions=("gcm:1",)),
    example_need("offered", provisions=("gcm:15.b",), place="KEN"),
    example_need("asked", provisions=("gcm:15.c",)),
    example_need("late", ends="2026-10"),
    example_need("promised"),
    example_need("closed", closed=AS_OF, closed_because="An example"),
    example_need("elsewhere", place="MEX"),
]
REQUESTS = [
    example_request("r1", need="asked"),
    example_request("r2", Decision.ACCEPTED, need="late"),
    example_request("r3", Decision.ACCEPTED, need="promised"),
]
HELD = example_register(
    actors=[example_actor(), example_actor("example-ngo")],
    capacity_needs=NEEDS,
    capacity_offers=[example_offer()],
    capacity_requests=REQUESTS,
)


def reviewed(stands: Standing, place: str, register: Register = HELD) -> Review:
    capacity = Capacity(register, stands.framework, FORUMS, AS_OF)
    here = stands.framework.place(place)
    return review(stands, here, FORUMS["imrf-2030"], None, capacity)


@pytest.mark.parametrize(("place", "all_of_them"), [("KEN", 5), ("002", 5), ("001", 6)])
def test_unmet_needs_are_counted_in_a_place_and_around_it(
    stands: Standing, place: str, all_of_them: int
) -> None:
    (found,) = reviewed(stands, place).of_kind(FindingKind.CAPACITY)
    unmet = all_of_them - 1
    assert found.sentence.text().startswith(f"The register holds {all_of_them} needs for capacity")
    assert found.sentence.text().endswith(f"Met: 0; accepted: 1; unmet: {unmet}.")
    assert found.details[0].text() == (
        f"Unmet without an offer that fits: 1; with one that nobody asked for: {unmet - 3}; "
        "asked for and not accepted: 1; accepted and not delivered in time: 1."
    )
    assert found.details[1].text() == f"Unmet by kind: training: {unmet - 1} and data: 1."
    assert found.provisions == ("gcm:1", "gcm:15")
    assert set(found.capacity_needs) >= {"lacking", "offered", "asked", "late"}
    assert not {"promised", "closed"} & set(found.capacity_needs)


def test_broken_promises_are_named_first(stands: Standing) -> None:
    (found,) = reviewed(stands, "KEN").of_kind(FindingKind.CAPACITY)
    named = [each.text() for each in found.details[2:-1]]
    assert [each.rpartition("): ")[2] for each in named] == [
        "accepted, not delivered in time.",
        "no offer fits.",
        "asked for, not accepted.",
        "an offer fits, nobody asked.",
    ]
    assert all("(Example ministry)" in each for each in named)
    assert found.details[-1].text() == "5 of them are made up, to show how the register works."


def test_where_nobody_entered_a_need_nothing_is_said(stands: Standing) -> None:
    closed = example_register(actors=[example_actor()], capacity_needs=[NEEDS[5]])
    for place, register in (("DEU", HELD), ("KEN", Register()), ("KEN", closed)):
        assert reviewed(stands, place, register).of_kind(FindingKind.CAPACITY) == []


def test_every_form_of_the_review_holds_it(stands: Standing) -> None:
    made = reviewed(stands, "KEN")
    text = as_text(made, stands.framework, "en")
    assert "What is lacking to do it" in text
    assert "gcm:1 gcm:15 lacking offered asked late]" in text
    found = json.loads(as_json(made, stands.framework, "en"))
    (section,) = [each for each in found["sections"] if each["kind"] == "capacity"]
    assert section["findings"][0]["capacity_needs"] == ["lacking", "offered", "asked", "late"]
    assert as_pdf(made, stands.framework, "en").startswith(b"%PDF-")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_package(HELD, tmp_path)
    return tmp_path


def listed(folder: Path, *arguments: str, form: str = "json") -> Any:
    given = ["--register", str(folder), "--as-of", AS_OF.isoformat(), "--format", form]
    result = CliRunner().invoke(waymark, ["capacity", *arguments, *given])
    assert result.exit_code == 0, result.output
    return json.loads(result.output) if form == "json" else result.output


def test_matches_are_listed_with_their_reasons(folder: Path) -> None:
    (row,) = listed(folder, "matches", "--need", "offered")
    assert (row["need"], row["offer"], row["for"]) == (
        "offered",
        "example-offer",
        ["It covers World."],
    )
    assert len(row["not_known"]) == 7
    assert listed(folder, "matches", "--need", "lacking") == []
    assert [row["need"] for row in listed(folder, "matches", "--place", "MEX")] == ["elsewhere"]
    assert len(listed(folder, "matches", "--offer", "example-offer")) == 5
    assert "It covers World." in listed(folder, "matches", form="csv")
    assert "not known" in listed(folder, "matches", form="text").replace("not_known", "not known")


def test_needs_are_listed_with_what_became_of_them(folder: Path) -> None:
    states = {row["need"]: row["state"] for row in listed(folder, "needs")}
    assert states == {
        "lacking": "no-offer",
        "offered": "offered",
        "asked": "asked",
        "late": "late",
        "promised": "promised",
        "closed": "closed",
        "elsewhere": "offered",
    }
    unmet = listed(folder, "needs", "--place", "KEN", "--unmet")
    assert [row["need"] for row in unmet] == ["lacking", "offered", "asked", "late"]


@pytest.mark.parametrize("option", ["need", "offer"])
def test_what_is_not_in_the_register_is_said_with_a_remedy(folder: Path, option: str) -> None:
    arguments = ["capacity", "matches", f"--{option}", "nothing", "--register", str(folder)]
    result = CliRunner().invoke(waymark, arguments)
    assert result.exit_code == 1
    assert f"There is no {option} 'nothing' in the register." in str(result.exception)
