"""What a specification may ask for, and which records may be read: rules before any count."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.clinics import COLUMNS, HEADER, Folder, visits, write_visits
from waymark.exceptions import WaymarkError
from waymark.firewall.counts.disclosure import load_disclosure

DISCLOSURE = load_disclosure()
TABLES = [[], ["district"], ["district", "sex"], ["sex", "age"]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def refused(folder: Folder, tables: list[list[str]], **changes: object) -> str:
    result = folder.run(tables, **changes)
    assert result.exit_code != 0, result.output
    assert result.exception is not None
    assert isinstance(result.exception, WaymarkError | SystemExit), repr(result.exception)
    assert not (folder.path / "out").exists()
    assert not folder.ledger.exists()
    return str(result.exception) + result.stderr


KINDS_THAT_PROTECT = [kind.id for kind in DISCLOSURE.kinds if kind.role != "tabulate"]


@pytest.mark.parametrize("kind", [k for k in KINDS_THAT_PROTECT if k not in ("site", "provider")])
def test_no_table_by_what_is_protected(folder: Folder, kind: str) -> None:
    """Whatever is in the file: the rule is answered before the file is opened."""
    (folder.path / "visits.csv").unlink()
    columns = {**COLUMNS, "extra": {"kind": kind}}
    assert refused(folder, [["extra"]], columns=columns)


@pytest.mark.parametrize("table", [["clinic"], ["provider"], ["district", "clinic"]])
def test_no_table_by_site_or_provider(folder: Folder, table: list[str]) -> None:
    assert "no table may be broken down" in refused(folder, [table])


@pytest.mark.parametrize(
    "name",
    ["status", "immigrationStatus", "visa_type", "Passports", "billing-code", "nationality",
     "clinic", "weekday", "notes", "PAYER", "permits"],
)  # fmt: skip
def test_a_name_that_gives_a_column_away_is_refused_under_any_kind(
    folder: Folder, name: str
) -> None:
    columns = {k: v for k, v in COLUMNS.items() if k != "clinic"}
    columns |= {"where": {"kind": "site"}, name: {"kind": "group"}}
    assert "(D6" in refused(folder, [[name]], columns=columns)


@pytest.mark.parametrize(
    ("changes", "tables", "said"),
    [
        ({"columns": {**COLUMNS, "age": {"kind": "years"}}}, [["sex"]], "no kind of column"),
        ({"columns": {k: v for k, v in COLUMNS.items() if k != "clinic"}}, [["sex"]], "0 columns"),
        ({"columns": {**COLUMNS, "age": {"kind": "site"}}}, [["sex"]], "2 columns"),
        ({"columns": {**COLUMNS, "age": {"kind": "other"}}}, [["sex"]], "no reason"),
        ({"columns": {**COLUMNS, "age": {"kind": "people"}}}, [["sex"]], "does not belong"),
        ({"ignored": ["sex"]}, [["age"]], "both declared and ignored"),
        ({}, [["region"]], "no declared column"),
        ({}, [["sex", "sex"]], "twice"),
        ({}, [["sex", "age"], ["age", "sex"]], "same columns"),
        ({}, [["district", "sex", "age", "service", "quarter", "region"]], "6 dimensions"),
        ({"records": ""}, [["sex"]], "name one source"),
        ({"counts": "counts.csv"}, [["sex"]], "name one source"),
        ({}, [], "tables"),
        ({"population": "Clinics 2026"}, [["sex"]], "population"),
        ({"period": "2026-03-05"}, [["sex"]], "period"),
        ({"surprise": "yes"}, [["sex"]], "surprise"),
        ({"records": "elsewhere.csv"}, [["sex"]], "the file is missing"),
    ],
)  # fmt: skip
def test_a_specification_that_breaks_a_rule(
    folder: Folder, changes: dict[str, object], tables: list[list[str]], said: str
) -> None:
    if any("region" in table for table in tables) and "6" in said:
        changes = {"columns": {**COLUMNS, "region": {"kind": "need"}}}
    assert said in refused(folder, tables, **changes)


@pytest.mark.parametrize(
    "day",
    ["2026-03-05", "5.3.2026", "03/05/26", "20260305", "5 March 2026", "March 5, 2026",
     "2026-03-05T10:15", "Monday", "fri", "10:30", "2026-W10", "2026-064"],
)  # fmt: skip
def test_values_that_look_like_a_day_are_refused_in_any_column(folder: Folder, day: str) -> None:
    """One such value is enough, and it is not repeated in the error."""
    folder.rewrite("service", lambda number, row: day if number == 700 else row[6])
    said = refused(folder, [["service"]])
    assert "(D8)" in said
    assert day not in said


@pytest.mark.parametrize("value", ["0-17", "18 to 29", "65+", "District 12", "2026", "general"])
def test_values_that_do_not_look_like_a_day_pass(folder: Folder, value: str) -> None:
    folder.rewrite("service", lambda number, row: value if number % 2 else row[6])
    assert folder.prepare([["service"]]).document.cells > 1


def test_a_period_is_a_year_or_a_part_of_one(folder: Folder) -> None:
    folder.rewrite("quarter", lambda number, row: "first week")
    assert "no year, half-year, quarter or month" in refused(folder, [["quarter"]])


def test_a_column_that_tells_the_site_is_refused(folder: Folder) -> None:
    folder.rewrite("service", lambda number, row: f"door {row[1]}")
    assert "belongs to one site" in refused(folder, [["service"]])


def test_a_column_that_tells_the_provider_is_refused(folder: Folder) -> None:
    folder.rewrite("service", lambda number, row: f"funder {row[2]}")
    assert "belongs to one provider" in refused(folder, [["service"]])


def test_an_area_with_few_sites_is_refused_and_named(folder: Folder) -> None:
    folder.rewrite(
        "district",
        lambda number, row: "Hamlet" if row[1] in ("North 1", "North 2") else row[3],
    )
    assert "fewer than 3 sites: Hamlet" in refused(folder, [["district"]])


def test_many_or_long_values_are_refused(folder: Folder) -> None:
    folder.rewrite("service", lambda number, row: f"case {number}")
    assert "(D9)" in refused(folder, [["service"]])
    folder.rewrite("service", lambda number, row: "she said that " * 9 if number == 3 else "x")
    said = refused(folder, [["service"]])
    assert "(D9)" in said
    assert "she said" not in said


def test_an_undeclared_column_is_an_error_unless_it_is_ignored(folder: Folder) -> None:
    rows = [(*row, "words about Amal") for row in visits()]
    write_visits(folder.path / "visits.csv", rows, (*HEADER, "notes"))
    said = refused(folder, [["sex"]])
    assert "does not know: notes" in said
    assert "Amal" not in said
    assert folder.run([["sex"]], ignored=["notes"]).exit_code == 0


@pytest.mark.parametrize("column", ["person", "clinic", "provider"])
def test_an_empty_guard_is_an_error_with_its_line(folder: Folder, column: str) -> None:
    place = HEADER.index(column)
    folder.rewrite(column, lambda number, row: "  " if number == 40 else row[place])
    said = refused(folder, [["sex"]])
    assert f"visits.csv, line 42, column {column}" in said


def test_an_empty_cell_of_a_dimension_is_an_answer_of_its_own(folder: Folder) -> None:
    folder.rewrite("sex", lambda number, row: "" if number % 3 else row[4])
    document = folder.prepare([["sex"]]).document
    assert "not known" in document.tables[0].columns[0].values


BAD_FILES = {
    "empty": b"",
    "no text": b"\x00\x01\x02" * 100,
    "Latin-1": ",".join(HEADER).encode() + "\nP1,a,b,S\xe3o,f,0,g,2026\n".encode("latin-1"),
    "only a header": ",".join(HEADER).encode() + b"\n",
    "short row": ",".join(HEADER).encode() + b"\nSecret Name,a,b\n",
    "long row": ",".join(HEADER).encode() + b"\nSecret Name" + b",a" * 20 + b"\n",
    "open quote": ",".join(HEADER).encode() + b'\n"Secret Name,a,b\n',
    "column twice": b"person,person,clinic\nSecret Name,b,c\n",
    "other header": b"a,b\n1,2\n",
    "UTF-16": ",".join(HEADER).encode("utf-16"),
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
@pytest.mark.parametrize("name", ["visits.csv", "visits.parquet"])
def test_any_bytes_end_in_a_clean_message(folder: Folder, content: bytes, name: str) -> None:
    (folder.path / name).write_bytes(content)
    said = refused(folder, [["sex"]], records=name)
    assert name in said
    assert "Secret Name" not in said


def test_parquet_and_csv_give_the_same_release(folder: Folder) -> None:
    rows = visits()
    columns = dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))
    pq.write_table(pa.table(columns), folder.path / "visits.parquet")
    one = folder.prepare(TABLES).document
    two = folder.prepare(TABLES, records="visits.parquet").document
    assert one.digest == two.digest


def test_byte_order_mark_and_line_ends_of_windows_are_read(folder: Folder) -> None:
    expected = folder.prepare(TABLES).document
    path = folder.path / "visits.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )
    assert folder.prepare(TABLES).document == expected
