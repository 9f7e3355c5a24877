"""Workbooks from anybody: what a cell holds is read exactly, what is hostile is refused."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.workbooks import CONTENTS, SHEET, packed, sheet_of
from waymark.exceptions import DefinitionError
from waymark.exchange.workbooks import UPLOAD, Cell, Workbook, column_letter, open_workbook


def written(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells(book: Workbook) -> dict[str, Cell]:
    return {cell.address: cell for sheet in book.sheets for row in sheet.rows() for cell in row}


def values(source: bytes) -> dict[str, object]:
    return {address: cell.value for address, cell in cells(open_workbook(source)).items()}


def only(xml: str, **parts: str) -> Cell:
    """The one cell of a sheet with this row."""
    (cell,) = cells(open_workbook(packed(sheet_of(f"<row>{xml}</row>"), **parts))).values()
    return cell


def test_each_kind_of_value_is_read_as_what_it_is() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    sheet.append(["text", 7, 1594.52, True, date(2026, 5, 31), datetime(2026, 5, 31), None, "007"])
    sheet["C3"] = -5
    assert values(written(book)) == {
        "Data!A1": "text",
        "Data!B1": 7,
        "Data!C1": Decimal("1594.52"),
        "Data!D1": True,
        "Data!E1": date(2026, 5, 31),
        "Data!F1": date(2026, 5, 31),
        "Data!H1": "007",
        "Data!C3": -5,
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Decimal("0.1")),
        ("2021", 2021),
        ("2021.0", 2021),
        ("1E3", 1000),
        ("-1.5e-2", Decimal("-0.015")),
        ("123456789012345678", Decimal("123456789012345678")),
        ("3.3000000000000003", Decimal("3.3000000000000003")),
    ],
)
def test_numbers_are_exact(text: str, value: object) -> None:
    found = only(f"<c><v>{text}</v></c>").value
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["NaN", "INF", "1e9999", "١٢", "0x10", "1_000", "1" * 500, "--1"])
def test_what_is_no_number_is_a_fault_of_its_cell(text: str) -> None:
    cell = only(f"<c><v>{text}</v></c>")
    assert cell.value is None
    with pytest.raises(DefinitionError, match=r"list\.xlsx, Data!A1: This number cannot be read"):
        cell.checked("list.xlsx")


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        ("<c><f>1+1</f><v>2</v></c>", "This is a formula"),
        ('<c t="str"><f>A2</f><v>x</v></c>', "This is a formula"),
        ('<c><f t="shared" si="0"/></c>', "This is a formula"),
        ('<c t="e"><v>#REF!</v></c>', "holds an error"),
        ('<c t="s"><v>9</v></c>', "of an unknown kind"),
        ('<c t="s"><v>-1</v></c>', "of an unknown kind"),
        ('<c t="b"><v>2</v></c>', "of an unknown kind"),
        ('<c t="new"><v>2</v></c>', "of an unknown kind"),
        ('<c t="d"><v>2026-02-30</v></c>', "formatted as a date and is none"),
        ('<c t="d"><v>2026-05-31T10:00</v></c>', "holds a time of the day"),
        (f'<c t="inlineStr"><is><t>{"x" * 32_768}</t></is></c>', "longer than a cell may hold"),
    ],
)
def test_what_cannot_be_taken_says_why(xml: str, says: str) -> None:
    cell = only(xml)
    assert cell.value is None
    assert cell.fault is not None
    assert says in cell.fault.problem.text()
    assert cell.fault.remedy.text()


DAYS = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<numFmts><numFmt numFmtId="200" formatCode="[h]:mm"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/></cellXfs></styleSheet>'
)


@pytest.mark.parametrize(
    ("number", "since_1900", "since_1904"),
    [
        ("0", None, date(1904, 1, 1)),
        ("1", date(1900, 1, 1), date(1904, 1, 2)),
        ("59", date(1900, 2, 28), date(1904, 2, 29)),
        ("60", None, date(1904, 3, 1)),
        ("61", date(1900, 3, 1), date(1904, 3, 2)),
        ("46173", date(2026, 5, 31), date(2030, 6, 1)),
        ("2958465", date(9999, 12, 31), None),
        ("2958466", None, None),
        ("-1", None, None),
        ("46173.5", None, None),
    ],
)
def test_days_are_counted_from_the_year_that_the_workbook_says(
    number: str, since_1900: date | None, since_1904: date | None
) -> None:
    cell = f'<c s="1"><v>{number}</v></c>'
    assert only(cell, **{"xl/styles.xml": DAYS}).value == since_1900
    mac = CONTENTS.replace("<workbookPr/>", '<workbookPr date1904="1"/>')
    assert only(cell, **{"xl/styles.xml": DAYS, "xl/workbook.xml": mac}).value == since_1904


def test_a_duration_is_no_day() -> None:
    assert only('<c s="2"><v>2</v></c>', **{"xl/styles.xml": DAYS}).fault is not None


def test_a_workbook_of_a_macintosh_is_read_like_any() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = date(2026, 5, 31)
    assert values(written(book)) == {"Sheet!A1": date(2026, 5, 31)}


def test_texts_in_pieces_are_whole_and_readings_of_signs_are_left_out() -> None:
    texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><r><t>one </t></r><r><t>two</t></r></si>"
        "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si><t>a_x000A_b</t></si></sst>"
    )
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>'
    found = values(packed(sheet_of(row), **{"xl/sharedStrings.xml": texts}))
    assert list(found.values()) == ["one two", "東京", "a\nb"]


def test_blank_rows_and_cells_are_passed_over() -> None:
    blank = "<row/>" * 50_000 + '<row><c s="0"/><c t="s"/><c t="inlineStr"><is><t/></is></c></row>'
    source = packed(sheet_of(f'{blank}<row r="1048576"/>'))
    (sheet,) = open_workbook(source).sheets
    assert list(sheet.rows()) == []


def test_a_wrong_dimension_changes_nothing() -> None:
    xml = sheet_of("<row><c><v>1</v></c></row>").replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    assert list(values(packed(xml)).values()) == [1]


def test_what_is_not_shown_not_run_or_not_followed_is_said() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Secret").sheet_state = "hidden"
    book.create_sheet("Deeper").sheet_state = "veryHidden"
    book.create_chartsheet("Chart")
    with zipfile.ZipFile(file := io.BytesIO(written(book)), "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<x/>")
    found = open_workbook(file.getvalue())
    assert [(each.name, each.hidden) for each in found.sheets] == [
        ("Sheet", False),
        ("Secret", True),
        ("Deeper", True),
    ]
    said = " ".join(each.text() for each in found.remarks)
    for words in ("Secret", "Deeper", "Chart", "macros", "other files"):
        assert words in said


def test_a_hidden_row_says_so() -> None:
    source = packed(sheet_of('<row hidden="1"><c><v>1</v></c></row><row><c><v>2</v></c></row>'))
    rows = list(open_workbook(source).sheets[0].rows())
    assert [row.hidden for row in rows] == [True, False]
    assert [cell and cell.value for row in rows for cell in [row.get("A")]] == [1, 2]


def test_the_strict_form_and_prefixes_are_read_too() -> None:
    xml = sheet_of("<row><c><v>1</v></c></row>").replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    assert list(values(packed(xml)).values()) == [1]
    prefixed = SHEET.replace("{rows}", "<x:row><x:c><x:v>1</x:v></x:c></x:row>")
    prefixed = prefixed.replace("xmlns=", "xmlns:x=").replace("<worksheet", "<x:worksheet")
    prefixed = prefixed.replace("sheetData", "x:sheetData").replace("</work", "</x:work")
    assert list(values(packed(prefixed)).values()) == [1]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", "this is no Excel workbook"),
        (b"name,amount\nx,1\n", "whatever its name"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "older Excel file"),
        (b"PK\x03\x04 and no more", "not a whole workbook"),
        (packed(sheet_of(""))[:-30], "not a whole workbook"),
        (packed("<worksheet"), "it is broken in line 1"),
        (packed(sheet_of("").replace("</worksheet>", "")), "it is broken in line"),
        (packed(sheet_of('<row r="2"/><row r="1"/>')), "rows are out of order"),
        (packed(sheet_of('<row r="1048577"/>')), "rows are out of order"),
        (packed(sheet_of('<row r="99999999999999999999"/>')), "rows are out of order"),
        (packed(sheet_of('<row><c r="B1"/><c r="A1"/></row>')), "cells are out of order"),
        (packed(sheet_of('<row><c r="A9"/></row>')), "cells are out of order"),
        (packed(sheet_of('<row r="7"><c r="XFD7"><v>1</v></c></row>')), "Data!XFD7: it goes beyon"),
        (packed(sheet_of('<row r="100001"><c><v>1</v></c></row>')), "Data!A100001: it goes beyond"),
        (packed(sheet_of("<x>" * 50 + "</x>" * 50)), "nested too deeply"),
        (packed(sheet_of(f'<x y="{"z" * 3_000_000}"/>')), "one tag in it is longer"),
        (packed("<!DOCTYPE x [<!ENTITY a 'b'>]>" + sheet_of("")), "declares a document type"),
        (packed("<?xml version='1.0' encoding='klingon'?>" + sheet_of("")), "unknown encoding"),
        (packed(sheet_of(""), **{"xl/workbook.xml": "<workbook/>"}), "there is no sheet in"),
        (packed(sheet_of(""), **{"xl/_rels/workbook.xml.rels": "<x/>"}), "the sheet 'Data' is mis"),
        (packed(sheet_of(""), **{"_rels/.rels": "<x/>"}), "this is no Excel workbook"),
        (packed(sheet_of(""), **{"XL/WORKBOOK.xml": "<x/>"}), "two parts of it have the same"),
        (packed(sheet_of(""), **{f"x{n}": "" for n in range(2_000)}), "more than 2,000 parts"),
    ],
)
def test_what_is_broken_or_hostile_is_refused_with_a_remedy(source: bytes, says: str) -> None:
    with pytest.raises(DefinitionError, match=says) as error:
        cells(open_workbook(source, "list.xlsx"))
    assert str(error.value).startswith("list.xlsx")
    assert error.value.remedy


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    for zeros, says in ((200_000_000, "are taken"), (20_000_000, "times as large")):
        source = packed(sheet_of(""), **{"xl/bomb.xml": "0" * zeros})
        assert len(source) < 300_000
        with pytest.raises(DefinitionError, match=says):
            open_workbook(source)


def test_a_size_that_lies_gives_no_more_than_it_said() -> None:
    source = packed(sheet_of("<row><c><v>1</v></c></row>" + " " * 5_000))
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = source.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little"))
    assert lying != source
    with pytest.raises(DefinitionError, match=r"is broken"):
        cells(open_workbook(lying))


def test_limits_hold_for_elements_texts_and_bytes() -> None:
    source = packed(sheet_of("<row/>" * 1_000))
    with pytest.raises(DefinitionError, match="more than 500 elements"):
        cells(open_workbook(source, limits=replace(UPLOAD, elements=500)))
    with pytest.raises(DefinitionError, match="bytes; 100 are taken"):
        open_workbook(source, limits=replace(UPLOAD, packed=100))
    texts = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + "<si/>" * 20
    source = packed(sheet_of(""), **{"xl/sharedStrings.xml": f"{texts}</sst>"})
    with pytest.raises(DefinitionError, match="more than 10 texts"):
        cells(open_workbook(source, limits=replace(UPLOAD, texts=10)))


def test_a_file_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(packed(sheet_of("<row><c><v>1</v></c></row>")))
    assert values(path.read_bytes()) == {a: c.value for a, c in cells(open_workbook(path)).items()}
    with pytest.raises(DefinitionError, match=r"no\.xlsx: the file cannot be read: No such file"):
        open_workbook(tmp_path / "no.xlsx")
    with pytest.raises(DefinitionError, match="the file cannot be read"):
        open_workbook(tmp_path)


def test_a_sheet_is_found_by_name() -> None:
    book = open_workbook(packed(sheet_of("")))
    assert book.sheet("data") == book.sheets[0]
    with pytest.raises(DefinitionError, match=r"no sheet 'Other'\. The sheets are: Data"):
        book.sheet("Other")


def test_columns_have_letters() -> None:
    assert [column_letter(n) for n in (1, 26, 27, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
