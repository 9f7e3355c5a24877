"""What IATI files say of themselves: reasons and remedies that can be translated."""

from __future__ import annotations

import gettext
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.examples import example_actor, example_commitment, example_flow
from waymark import words
from waymark.cli.main import waymark
from waymark.compact.framework import Framework
from waymark.exchange.iati.activities import Narrative, Organisation
from waymark.exchange.iati.register import Publication
from waymark.exchange.iati.remarks import REMEDIES, Kind
from waymark.exchange.register_package import write_package
from waymark.plans.flows import FlowKind
from waymark.plans.register import Register

GIVEN = {"illustrative": False, "lead": "example-ministry", "due": date(2028, 1, 1)}
PUBLISHER = ("--reporting-org", "X", "--reporting-type", "10", "--reporting-name", "Example")
REPORTER = Organisation("XM-EXAMPLE-1", "10", (Narrative("Example ministry", "en"),))


class Bracketed(gettext.NullTranslations):
    """A catalogue in which every message is translated: it stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"


@pytest.fixture(autouse=True)
def _catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"en": gettext.NullTranslations(), "fr": Bracketed()}
    monkeypatch.setattr(words, "_catalogue", found.__getitem__)


@pytest.fixture
def register() -> Register:
    """One of each that is left out: commitments, and money of one that is not."""
    held = [
        example_commitment("kept", **GIVEN),
        example_commitment("made-up", **GIVEN | {"illustrative": True}),
        example_commitment("no-date", **GIVEN | {"due": None}),
        example_commitment("nobody", **GIVEN | {"lead": None}),
    ]
    pay, day = FlowKind.DISBURSEMENT, date(2026, 5, 6)
    flows = [
        example_flow(FlowKind.COST, "10", "cost", commitment="kept"),
        example_flow(pay, "10", "no-day", commitment="kept", day=None),
        example_flow(pay, "10", "illustrative", commitment="kept", day=day, illustrative=True),
        example_flow(pay, "10", "pool", commitment=None, day=day),
        example_flow(pay, "10", "of-nobody", commitment="nobody", day=day),
    ]
    return Register(
        actors={"example-ministry": example_actor()},
        commitments={each.id: each for each in held},
        flows={each.id: each for each in flows},
    )


def test_every_reason_can_be_said_in_every_language(
    framework: Framework, register: Register
) -> None:
    found = Publication(REPORTER, register, framework, {}, {})
    left_out = [*found.left_out(), *found.money_left_out()]
    assert len(left_out) == 3 + 5
    for each in left_out:
        assert each.reason.said("fr") == (f"[{each.reason.text()}]", "fr"), each.id


def test_the_command_says_the_reasons_in_the_language_that_is_asked_for(
    tmp_path: Path, register: Register
) -> None:
    write_package(register, tmp_path / "package")
    given = [str(tmp_path / "package"), *PUBLISHER, "--output", str(tmp_path / "a.xml")]
    command = ["iati", "write", *given, "--language", "fr"]
    result = CliRunner().invoke(waymark, command, catch_exceptions=False)
    assert "Left out: the money cost: [IATI has no place for a cost.]" in result.output
    assert "Left out: nobody: [it has no lead, " in result.output


def test_remedies_are_written_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "activities.xml"
    path.write_text(
        "<iati-activities><iati-activity><iati-identifier>A-1</iati-identifier>"
        "<secret-fund/></iati-activity></iati-activities>"
    )
    given = [str(path), "--output", str(tmp_path / "tables"), "--language", "fr"]
    CliRunner().invoke(waymark, ["iati", "read", *given], catch_exceptions=False)
    remarks = (tmp_path / "tables/remarks.csv").read_text()
    assert f"[{REMEDIES[Kind.UNKNOWN_ELEMENT]}]" in remarks
