"""What is written, held against the official schema of IATI 2.03."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.iati_activities import EXAMPLE, activities
from tests.property.registers import FORUMS, FRAMEWORK, registers
from waymark.cli.main import waymark
from waymark.exchange.iati.activities import Narrative, Organisation
from waymark.exchange.iati.reading import read_activities
from waymark.exchange.iati.register import Publication
from waymark.exchange.iati.schema import SCHEMA, breaches
from waymark.exchange.iati.writing import write_activities
from waymark.indicators.series import load_series
from waymark.plans.register import Register

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "publish-to-iati.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SERIES = load_series()
REPORTER = Organisation("XM-EXAMPLE-1", "10", (Narrative("Example ministry", "en"),))


@pytest.fixture(scope="module")
def schema(shared: Path) -> Path:
    return shared / "iati" / "schema-2.03"


def fault(path: Path, schema: Path) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.activity, each.problem) for each in breaches(path, schema)]


def with_lead_and_date(register: Register) -> Register:
    """Every commitment with what the standard demands, so that most are written."""
    lead = next(iter(register.actors), None)
    change = {"lead": lead, "due": date(2028, 1, 1), "illustrative": False}
    made = {each.id: each.model_copy(update=change) for each in register.commitments.values()}
    return replace(register, commitments=made)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given=st.lists(activities, min_size=1, max_size=2))
def test_whatever_is_written_is_valid(given, tmp_path, schema):
    path = tmp_path / "activities.xml"
    write_activities(given, path)
    assert fault(path, schema) == []


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(register=registers().map(with_lead_and_date))
def test_any_register_is_written_valid_and_read_back(register, tmp_path, schema):
    publication = Publication(REPORTER, register, FRAMEWORK, FORUMS, SERIES)
    made = list(publication.activities())
    assert len(made) + len(publication.left_out()) == len(register.commitments)
    if made:
        path = tmp_path / "register.xml"
        write_activities(made, path)
        assert fault(path, schema) == []
        found = [each.activity for each in read_activities(path, date(2026, 11, 25))]
        assert found == made


def test_a_fault_is_named_with_its_line_and_activity(tmp_path, schema):
    path = tmp_path / "activities.xml"
    write_activities([EXAMPLE, EXAMPLE], path)
    text = path.read_text(encoding="utf-8")
    first, second = text.rsplit('<activity-status code="2"/>', 1)
    path.write_text(f"{first}<activity-status/>{second}", encoding="utf-8")
    ((line, activity, problem),) = fault(path, schema)
    assert text.splitlines()[line - 1].strip() == '<activity-status code="2"/>'
    assert activity == EXAMPLE.id
    assert "'code' is required" in problem


def test_a_root_without_version_is_not_valid(tmp_path, schema):
    path = tmp_path / "activities.xml"
    write_activities([EXAMPLE], path)
    path.write_text(path.read_text(encoding="utf-8").replace(' version="2.03"', ""))
    assert "'version' is required" in fault(path, schema)[0][2]


def test_the_command_ends_with_3_where_a_file_is_not_valid(tmp_path, schema):
    path = tmp_path / "activities.xml"
    write_activities([EXAMPLE], path)
    check = ["iati", "check", str(path), "--schema", str(schema)]
    assert CliRunner().invoke(waymark, check).exit_code == 0
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("<title>", "<titel>", 1)
        .replace("</title>", "</titel>", 1)
    )
    result = CliRunner().invoke(waymark, check)
    assert result.exit_code == 3
    assert "titel" in result.output


def test_the_schema_is_found_beside_the_file(tmp_path, schema):
    path = tmp_path / "activities.xml"
    write_activities([EXAMPLE], path)
    (tmp_path / "schema-2.03").mkdir()
    for each in schema.glob("*.xsd"):
        (tmp_path / "schema-2.03" / each.name).write_bytes(each.read_bytes())
    assert CliRunner().invoke(waymark, ["iati", "check", str(path)]).exit_code == 0
    (tmp_path / "schema-2.03" / SCHEMA).write_text("<html/>")
    result = CliRunner().invoke(waymark, ["iati", "check", str(path)])
    assert "the schema cannot be used" in str(result.exception)


def test_the_how_to_does_what_it_says(tmp_path, schema):
    """Every block of the page in an empty folder, into which the schemas were put as it says."""
    shutil.copytree(schema, tmp_path / "schema-2.03")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = ""
    for kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "text":
            assert said == block
            continue
        done = subprocess.run(
            ["sh", "-c", block],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )
        said = done.stdout
    table = str(tmp_path / "tables" / "results.parquet")
    rows = duckdb.execute(
        "SELECT role, value FROM read_parquet(?) WHERE value <> '' ORDER BY value", [table]
    ).fetchall()
    assert rows == [("baseline", "67"), ("target", "80"), ("target", "95")]
