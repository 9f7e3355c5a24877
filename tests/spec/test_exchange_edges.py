"""What files and machines do at their edges: noise in numbers, odd names, a full disk."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.workbooks import packed, sheet_of
from waymark.cli.main import waymark
from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError
from waymark.exchange.impact_oss.tables import read_folder
from waymark.exchange.pledges.cells import CellReader
from waymark.exchange.pledges.files import read_source
from waymark.exchange.pledges.mappings import PledgeMapping, mapping_in
from waymark.exchange.pledges.targets import Target
from waymark.exchange.registry.forms import load_forms
from waymark.exchange.registry.tables import open_table
from waymark.exchange.workbooks import open_workbook

FULL, UNREADABLE = Path("/dev/full"), Path("/proc/self/mem")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [  # what a spreadsheet stores (17 digits), and what it shows (15)
        ("1234.0999999999999", Decimal("1234.1")),
        ("1.1000000000000001", Decimal("1.1")),
        ("99.999999999999996", 100),
        ("0.25", Decimal("0.25")),
        ("-0.29999999999999999", Decimal("-0.3")),
        ("123456789012.34", Decimal("123456789012.34")),
    ],
)
def test_the_noise_in_a_number_of_a_spreadsheet_is_no_part_of_it(
    stored: str, shown: object
) -> None:
    names = "".join(f'<c t="inlineStr"><is><t>{each}</t></is></c>' for each in ("Ref", "Amount"))
    rows = f"<row>{names}</row><row><c><v>7</v></c><c><v>{stored}</v></c></row>"
    (row,) = read_source(packed(sheet_of(rows)), "list.xlsx").rows
    assert row.cells[1] == shown
    assert type(row.cells[1]) is type(shown)


@pytest.mark.parametrize("name", ["ل" * 200 + ".yaml", "a/b.yaml", "..", "/etc/mapping.yaml"])
def test_a_mapping_may_have_any_name(name: str) -> None:
    with pytest.raises(DefinitionError, match="'prefix' is missing"):
        mapping_in(b"title: Made up\n", name)


def test_a_row_of_names_lies_somewhere_below_the_top(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Ref,Pledge\nL-1,Made up\n", encoding="utf-8")
    for given in ("-100", "0", "1001"):
        found = CliRunner().invoke(
            waymark, ["pledges", "draft-mapping", str(path), "--header", given]
        )
        assert found.exit_code == 2, found.output
        assert "1<=x<=1000" in found.output


def test_a_column_of_links_between_people_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "recommendations.csv").write_text(
        "id,reference,title,accepted,connected_user_actions\n1,R-1,Made up,true,Jo Nobody [A-1]\n",
        encoding="utf-8",
    )
    found = read_folder(tmp_path)
    (file,) = found.files.values()
    assert file.people == ("connected_user_actions",)
    assert not any(entry.links for entry in file.entries)
    assert not found.faults


@pytest.mark.skipif(not UNREADABLE.exists(), reason="no such file on this system")
def test_a_file_that_cannot_be_read_is_not_said_to_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="mem: the file cannot be read"):
        open_table(UNREADABLE, load_forms(), tmp_path)


@pytest.mark.skipif(not FULL.exists(), reason="no such device on this system")
def test_a_full_disk_is_said_in_a_line() -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}
    with FULL.open("w") as full:
        ended = subprocess.run(  # the output of a process is what fills up
            [sys.executable, "-m", "waymark.cli.main", "finance", "rules"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith("waymark: the output cannot be written: No space left")
    assert "Traceback" not in ended.stderr


def test_a_damaged_archive_is_broken_whether_it_is_read_as_a_file_or_as_bytes(
    tmp_path: Path,
) -> None:
    whole = packed(sheet_of("<row><c><v>7</v></c></row>"))
    start = int.from_bytes(whole[-6:-2], "little") + 5_000  # parts begin before the file does
    damaged = whole[:-6] + start.to_bytes(4, "little") + whole[-2:]
    path = tmp_path / "list.xlsx"
    path.write_bytes(damaged)
    for source in (damaged, path):
        with pytest.raises(DefinitionError, match="broken"):
            open_workbook(source, "list.xlsx")


@pytest.mark.parametrize(
    ("written", "decimal", "amount"),
    [
        ("١٬٢٣٤٫٥٠", ".", "1234.50"),
        ("١٬٢٣٤٫٥٠", ",", "1234.50"),
        ("٢٥٠", ".", "250.00"),
        ("1.234,50", ",", "1234.50"),
    ],
)
def test_an_amount_may_be_written_in_the_digits_of_its_language(
    framework: Framework, written: str, decimal: str, amount: str
) -> None:
    mapping = PledgeMapping.model_validate(
        {
            "title": "Made up",
            "prefix": "list",
            "decimal": decimal,
            "columns": {"Ref": "reference", "What": "commitments.what"},
            "constants": {"commitments.place": "KEN", "commitments.origin": "pledge"},
        }
    )
    (read,) = CellReader(mapping, framework).read(written, Target("flows", "amount"))
    assert read == Decimal(amount)
