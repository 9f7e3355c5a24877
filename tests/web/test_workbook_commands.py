"""The commands of workbooks: on a register package, and on the register of the site."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.offline import Edited
from tests.web.example import example_register
from waymark.cli.main import waymark
from waymark.exceptions import WaymarkError
from waymark.exchange.register_package import package_files, write_package
from waymark_web.audit.chain import breaks
from waymark_web.plans import models

CONTRACTS = "example-contracts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_package(example_register(), tmp_path / "package")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(waymark, ["register", "workbook", *map(str, arguments)])


def edited(file: Path, column: str, value: object) -> None:
    book = Edited(file.read_bytes())
    book.put("commitments", CONTRACTS, column, value)
    file.write_bytes(book.saved())


def test_a_package_goes_out_and_comes_back(folder: Path) -> None:
    file, package = folder / "rows.xlsx", folder / "package"
    assert "entries are in" in run("write", file, "--register", package, "--language", "ar").output
    same = run("take-in", file, "--register", package)
    assert "The workbook changes nothing." in same.output
    edited(file, "due", datetime(2029, 1, 31))
    seen = run("compare", file, "--register", package)
    assert seen.exit_code == 0
    assert "'2028-12-31' -> '2029-01-31'" in seen.output
    before = package_files(example_register())
    assert run("take-in", file, "--register", package).exit_code == 0
    changed = {
        each.name for each in package.iterdir() if before[each.name] != each.read_text("utf-8")
    }
    assert changed == {"commitments.csv"}


def test_what_is_wrong_is_told_by_cell_and_nothing_is_written(folder: Path) -> None:
    file, package = folder / "rows.xlsx", folder / "package"
    run("write", file, "--register", package)
    before = {each.name: each.read_bytes() for each in package.iterdir()}
    edited(file, "due", "soon")
    seen = run("take-in", file, "--register", package)
    assert seen.exit_code == 1
    assert "Commitment!" in seen.output
    assert "'soon' is not a date." in seen.output
    run("write", file, "--register", package)
    edited(file, "lead", "nobody-knows")
    refused = run("take-in", file, "--register", package)
    assert isinstance(refused.exception, WaymarkError)
    assert "Commitment!E" in str(refused.exception)
    assert "there is no actor 'nobody-knows'" in str(refused.exception)
    assert {each.name: each.read_bytes() for each in package.iterdir()} == before


def test_a_conflict_is_decided_by_who_takes_it_in(folder: Path) -> None:
    file = folder / "rows.xlsx"
    assert run("write", file, "--place", "KEN").exit_code == 0
    edited(file, "result_statement", "What we say.")
    models.Commitment.objects.filter(slug=CONTRACTS).update(result_statement="What they say.")
    refused = run("take-in", file)
    assert isinstance(refused.exception, WaymarkError)
    assert "1 cells were changed here and in the register" in str(refused.exception)
    assert "conflict" in refused.output
    assert run("take-in", file, "--theirs").exit_code == 0
    row = models.Commitment.objects.get(slug=CONTRACTS)
    assert row.result_statement == "What they say."
    assert run("take-in", file, "--mine").exit_code == 0
    row.refresh_from_db()
    assert row.result_statement == "What we say."
    assert row.steps.count() == 3
    assert not list(breaks())
