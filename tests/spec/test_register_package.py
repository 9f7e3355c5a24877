"""A register leaves as a package and comes back the same, and the package describes itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.examples import FULL_REGISTER
from waymark.compact.framework import Framework
from waymark.compact.places import Level
from waymark.exchange.register_package import (
    INSIDE,
    STARTER,
    descriptor,
    package_files,
    read_package,
    write_package,
)
from waymark.indicators.series import Series
from waymark.plans.forums import load_forums
from waymark.plans.register import KINDS, Register
from waymark.plans.vocabulary import (
    Origin,
    PartnerRole,
    ResultKind,
    Status,
)

Read = Callable[[Path], Register]
FILES = [*(f"{kind}.csv" for kind in (*KINDS, *INSIDE)), "datapackage.json"]


@pytest.fixture(scope="module")
def read(framework: Framework, series: dict[str, Series]) -> Read:
    forums = load_forums()
    return lambda folder: read_package(folder, framework, forums, series)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The full example as a package."""
    write_package(FULL_REGISTER, tmp_path)
    return tmp_path


def test_what_is_written_is_read_the_same_in_the_same_order(read: Read, folder: Path) -> None:
    back = read(folder)
    assert back == FULL_REGISTER
    for kind in KINDS:
        assert list(back.of_kind(kind)) == list(FULL_REGISTER.of_kind(kind))
    assert package_files(back) == package_files(FULL_REGISTER)


def test_the_example_holds_something_of_every_kind() -> None:
    assert all(FULL_REGISTER.of_kind(kind) for kind in KINDS)
    assert all(getattr(FULL_REGISTER.commitments["example"], name) for name in INSIDE)


def test_an_empty_register_is_headers_alone(read: Read, tmp_path: Path) -> None:
    write_package(Register(), tmp_path / "new" / "folder")
    assert read(tmp_path / "new" / "folder") == Register()
    assert (tmp_path / "new/folder/partners.csv").read_text() == "commitment,actor,role\n"


def test_a_package_written_over_another_leaves_nothing_of_it(read: Read, folder: Path) -> None:
    write_package(Register(), folder)
    assert read(folder) == Register()


def test_a_kind_without_a_file_is_empty(read: Read, folder: Path) -> None:
    (folder / "consultations.csv").unlink()
    assert read(folder).consultations == {}


def test_a_package_saved_by_a_spreadsheet_is_read_the_same(read: Read, folder: Path) -> None:
    for path in folder.glob("*.csv"):
        rows = [row[::-1] for row in csv.reader(io.StringIO(path.read_text("utf-8")))]
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
        path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    assert read(folder) == FULL_REGISTER


def test_the_register_that_ships_is_a_package(read: Read) -> None:
    assert isinstance(read(STARTER), Register)


def test_a_package_holds_these_files(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)


def test_the_description_lists_every_file_with_the_columns_of_its_header(folder: Path) -> None:
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert described == descriptor()
    assert [each["path"] for each in described["resources"]] == FILES[:-1]
    for resource in described["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
        assert [each["name"] for each in resource["schema"]["fields"]] == reader.fieldnames
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys), resource["name"]
        for field in resource["schema"]["fields"]:
            check_cells(field, [row[field["name"]] for row in rows])


def check_cells(field: dict[str, Any], cells: list[str]) -> None:
    """The cells of a column are what the description says of them."""
    constraints = field.get("constraints", {})
    assert not constraints.get("required") or all(cells), field["name"]
    read_as: dict[str, Callable[[str], object]] = {
        "string": str,
        "date": date.fromisoformat,
        "number": Decimal,
        "integer": int,
        "boolean": {"true": True, "false": False}.__getitem__,
    }
    for cell in filter(None, cells):
        read_as[field["type"]](cell)
        assert cell in constraints.get("enum", [cell]), field["name"]


@pytest.mark.parametrize(
    ("table", "column", "kind", "required", "choices"),
    [
        ("commitments", "id", "string", True, None),
        ("commitments", "due", "date", False, None),
        ("commitments", "target", "number", False, None),
        ("commitments", "baseline_year", "integer", False, None),
        ("commitments", "proposed", "boolean", False, None),
        ("commitments", "provisions", "string", False, None),
        ("commitments", "status", "string", False, list(Status)),
        ("commitments", "result", "string", False, list(ResultKind)),
        ("commitments", "origin", "string", True, list(Origin)),
        ("actors", "led_by", "string", False, None),
        ("actors", "level", "string", True, list(Level)),
        ("reports", "reported", "date", True, None),
        ("consultations", "year", "integer", True, None),
        ("steps", "commitment", "string", True, None),
        ("steps", "value", "number", False, None),
        ("partners", "role", "string", True, list(PartnerRole)),
    ],
)
def test_the_description_tells_types_and_choices(
    table: str, column: str, kind: str, required: bool, choices: list[str] | None
) -> None:
    (resource,) = (each for each in descriptor()["resources"] if each["name"] == table)
    (field,) = (each for each in resource["schema"]["fields"] if each["name"] == column)
    assert field["type"] == kind
    assert field.get("constraints", {}).get("required", False) is required
    assert field.get("constraints", {}).get("enum") == choices
