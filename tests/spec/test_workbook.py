"""What people do to a workbook, and what is understood of it: cell by cell, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests.offline import Edited, contents_of, documents_of, written
from tests.web.example import example_register
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.exchange.incoming import Incoming
from waymark.exchange.workbook.comparing import compare
from waymark.exchange.workbook.contents import Wording
from waymark.exchange.workbook.reading import read_workbook
from waymark.exchange.workbook.writing import write_workbook
from waymark.plans.register import Register
from waymark.words import Sentence

CONTRACTS = "example-contracts"
REGISTER = example_register()
LISTS = contents_of(REGISTER).lists


@pytest.fixture(scope="module")
def content() -> bytes:
    return written(REGISTER)


@pytest.fixture
def book(content: bytes) -> Edited:
    return Edited(content)


def compared(content: bytes, now: Any = None) -> Incoming:
    rows = read_workbook(content, "rows.xlsx", LISTS)
    return compare(rows, documents_of(REGISTER) if now is None else now, "workbook")


def after(found: Incoming) -> dict[str, str]:
    return {
        f"{change.subject} {'.'.join(each.path)}": each.after
        for change in found.changes
        for each in change.differences
    }


def faults(found: Incoming) -> list[str]:
    return [str(each) for each in found.faults]


UNDERSTOOD = {  # column, what is typed, what is meant
    "a day": ("due", datetime(2027, 6, 30), "2027-06-30"),
    "a day as text": ("due", " 2027-6-30 ", "2027-06-30"),
    "a day of one reading": ("due", "30.06.2027", "2027-06-30"),
    "a day in Arabic digits": ("due", "٢٠٢٧-٠٦-٣٠", "2027-06-30"),
    "a day the same both ways": ("due", "7/7/2027", "2027-07-07"),
    "a number as text": ("target", " 12.50 ", "12.50"),
    "a number with a decimal comma": ("target", "12,5", "12.5"),
    "a number with blanks": ("target", "1\u00a0200", "1200"),
    "a negative number": ("target", -3, "-3"),
    "a year as a number": ("baseline_year", 2020, "2020"),
    "a name alone": ("lead", "example union of domestic workers", "example-union"),
    "an identifier alone": ("lead", "example-union", "example-union"),
    "a name of a closed list": ("status", "Done", "done"),
    "a region as a number": ("place", 14, "014"),
    "yes in French": ("proposed", "Oui", "true"),
    "a cross": ("proposed", "x", "true"),
    "words with commas": ("provisions", "gcm:6, gcm:7;gcm:8", "gcm:6 gcm:7 gcm:8"),
    "a formula as text": ("what", "'=Do it", "'=Do it"),
}


@pytest.mark.parametrize(("column", "typed", "meant"), UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_what_people_type_is_understood(
    book: Edited, column: str, typed: object, meant: str
) -> None:
    book.put("commitments", CONTRACTS, column, typed)
    found = compared(book.saved())
    assert faults(found) == []
    assert after(found) == {f"{CONTRACTS} {column}": meant}


REFUSED = {  # column, what is typed, what is said
    "a formula": ("what", "=1+1", "This is a formula"),
    "a link to another file": ("what", "=[1]Sheet1!A1", "This is a formula"),
    "a day of two readings": ("due", "04/05/2027", "may be 2027-04-05 or 2027-05-04"),
    "no day": ("due", "next spring", "is not a date. Write it as 2026-11-23."),
    "the 30 February": ("due", "2027-02-30", "is not a date"),
    "thousands or decimals": ("target", "1,200", "is not a number"),
    "no number": ("target", "many", "is not a number"),
    "half a year": ("baseline_year", 2020.5, "is not a whole number"),
    "none of the list": ("status", "nearly", "is not one of the list. Choose one of:"),
    "neither yes nor no": ("proposed", "perhaps", "is neither yes nor no"),
    "a letter that nobody sees": ("what", "a\u2028b", "cannot be shown"),
}


@pytest.mark.parametrize(("column", "typed", "said"), REFUSED.values(), ids=REFUSED)
def test_what_means_nothing_is_refused_by_cell(
    book: Edited, column: str, typed: object, said: str
) -> None:
    cell = book.put("commitments", CONTRACTS, column, typed)
    found = compared(book.saved())
    assert found.changes == ()
    (fault,) = faults(found)
    assert fault.startswith(f"{cell}: ")
    assert said in fault


def test_all_faults_are_told(book: Edited) -> None:
    cells = {
        book.put("commitments", CONTRACTS, "due", "soon"),
        book.put("commitments", "example-clinic", "status", "soon"),
        book.put("steps", (CONTRACTS, "s1"), "due", "soon"),
        book.put("actors", "example-city", "level", "soon"),
    }
    assert {each.cell for each in compared(book.saved()).faults} == cells


def test_columns_and_rows_may_be_moved(book: Edited) -> None:
    sheet = book.sheet("commitments")
    for row in sheet.iter_rows():  # the first column goes to the end
        values = [cell.value for cell in row]
        for cell, value in zip(row, [*values[1:], values[0]], strict=True):
            cell.value = value
    sheet.move_range(f"A3:{sheet.dimensions.split(':')[1]}", rows=4)
    assert compared(book.saved()) == Incoming(source="workbook")


def test_a_column_that_was_deleted_says_nothing(book: Edited) -> None:
    book.sheet("commitments").delete_cols(book.column("commitments", "what"))
    assert compared(book.saved()) == Incoming(source="workbook")


def test_the_key_column_must_stay(book: Edited) -> None:
    book.sheet("commitments").delete_cols(1)
    found = compared(book.saved())
    assert "The column with the hashtag #meta+id+of_commitments is missing." in faults(found)[0]


def test_sheets_may_be_renamed_and_notes_written_beside(book: Edited) -> None:
    sheet = book.sheet("commitments")
    sheet.title = "Zusagen"
    sheet.cell(3, sheet.max_column + 1, "ask Ada")
    found = compared(book.saved())
    assert found.changes == ()
    assert "Columns without a hashtag are not read" in str(found.notes[0])
    assert "Zusagen" in str(found.notes[0])


def test_a_row_that_is_missing_stays_in_the_register(book: Edited) -> None:
    sheet = book.sheet("steps")
    sheet.delete_rows(book.line("steps", CONTRACTS, "s2"))
    found = compared(book.saved())
    assert found.changes == ()
    assert str(found.notes[0]).endswith("any more: 1. They stay in the register.")


def test_a_row_goes_where_its_column_says_so(book: Edited) -> None:
    cell = book.put("steps", (CONTRACTS, "s2"), "remove", "yes")
    (change,) = compared(book.saved()).changes
    assert [step["id"] for step in change.document["steps"]] == ["s1", "s3"]
    assert change.differences[0].cell == cell


def test_new_steps_get_numbers_that_are_free(book: Edited) -> None:
    for what in ("Print it", "Hand it out"):
        book.add("steps", commitment=CONTRACTS, what=what, due=datetime(2027, 1, 31))
    (change,) = compared(book.saved()).changes
    assert [step["id"] for step in change.document["steps"]] == ["s1", "s2", "s3", "s4", "s5"]


def test_an_identifier_stands_once(book: Edited) -> None:
    line = book.add("commitments", id=CONTRACTS, what="Something else", place="KEN", origin="other")
    (fault,) = compared(book.saved()).faults
    assert fault.cell == f"commitments!A{line}"
    assert "'example-contracts' is there twice." in str(fault)


def test_a_row_that_others_removed_is_told_if_somebody_worked_on_it(book: Edited) -> None:
    now = documents_of(REGISTER)
    del now["practices"]["example-practice"]
    assert compared(book.saved(), now).faults == ()
    book.put("practices", "example-practice", "title", "Another title")
    (fault,) = faults(compared(book.saved(), now))
    assert "'example-practice' is no longer among your rows." in fault


def test_a_step_that_others_changed_and_one_that_they_added(book: Edited) -> None:
    now = documents_of(REGISTER)
    steps = now["commitments"][CONTRACTS]["steps"]
    steps[0]["what"] = "Draft the contract with the union"
    steps.append({"id": "s9", "what": "Theirs", "due": "2028-01-01"})
    book.put("steps", (CONTRACTS, "s1"), "due", datetime(2025, 7, 31))
    (change,) = compared(book.saved(), now).changes
    first, *_, last = change.document["steps"]
    assert (first["what"], first["due"]) == ("Draft the contract with the union", "2025-07-31")
    assert last["id"] == "s9"
    assert change.conflicts == ()


def test_without_its_base_every_difference_is_asked(book: Edited) -> None:
    book.book.security.lockStructure = False
    del book.book["base"]
    book.put("commitments", CONTRACTS, "due", datetime(2027, 6, 30))
    (change,) = compared(book.saved()).changes
    assert change.differences == ()
    assert [each.path for each in change.conflicts] == [("due",)]
    assert change.decided({"due": "mine"}).document["due"] == "2027-06-30"
    assert change.decided({"due": "theirs"}).document["due"] == "2028-12-31"
    assert change.decided({"due": "perhaps"}).conflicts == change.conflicts


def test_what_is_not_known_to_the_register_any_more_is_left(content: bytes) -> None:
    """A register that has lost a column or a kind reads an older workbook without a word on it."""
    book = Edited(content)
    sheet = book.sheet("commitments")
    column = sheet.max_column + 1
    sheet.cell(2, column, "#meta+of_old")
    sheet.cell(3, column, "old")
    assert compared(book.saved()).changes == ()


def test_the_same_contents_make_the_same_bytes(content: bytes) -> None:
    assert written(REGISTER) == content


def test_keys_are_locked_and_the_rest_is_open(book: Edited) -> None:
    sheet = book.sheet("commitments")
    assert sheet.protection.sheet
    assert not sheet.protection.password
    line = book.line("commitments", CONTRACTS)
    locked = {
        name: sheet.cell(line, book.column("commitments", name)).protection.locked
        for name in ("id", "what", "due", "status")
    }
    assert locked == {"id": True, "what": False, "due": False, "status": False}
    assert sheet.freeze_panes == "B3"


def test_cells_offer_lists_and_help() -> None:
    wording = Wording(helps={("commitments", "what"): Sentence("Say who does what, for whom.")})
    book = Edited(write_workbook(replace(contents_of(REGISTER), wording=wording)))
    sheet = book.sheet("commitments")
    rules = {str(each.sqref).split(":")[0]: each for each in sheet.data_validations.dataValidation}
    status, what = (
        rules[sheet.cell(3, book.column("commitments", name)).coordinate]
        for name in ("status", "what")
    )
    assert status.errorStyle == "stop"
    _, _, place = str(status.formula1).partition("!")
    offered = [cell[0].value for cell in book.book["lists"][place]]
    assert offered == ["not started [not-started]", "under way [under-way]", "done", "dropped"]
    assert what.prompt == "Say who does what, for whom."


def test_nothing_in_it_is_a_formula() -> None:
    named = documents_of(REGISTER)
    named["commitments"][CONTRACTS]["what"] = "=HYPERLINK(1)"
    book = Edited(write_workbook(replace(contents_of(REGISTER), documents=named)))
    kinds = {cell.data_type for sheet in book.book for row in sheet for cell in row}
    assert "f" not in kinds


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    named = documents_of(REGISTER)
    named["assessments"]["example-assessment-1"]["links"] = [
        "https://example.org/" + "x" * 400
    ] * 99
    with pytest.raises(WaymarkError, match="holds at most 32,767 characters"):
        write_workbook(replace(contents_of(REGISTER), documents=named))


def broken_mark(book: Edited) -> None:
    book.book["base"]["A1"] = "something else"


def newer_format(book: Edited) -> None:
    book.book["base"]["B1"] = "99"


def no_hashtags(book: Edited) -> None:
    for sheet in book.book:
        sheet.delete_rows(2)


@pytest.mark.parametrize("deed", [broken_mark, newer_format, no_hashtags])
def test_what_was_not_written_here_is_refused(book: Edited, deed: Callable[[Edited], None]) -> None:
    deed(book)
    with pytest.raises(DefinitionError) as refused:
        compared(book.saved())
    assert "rows.xlsx" in str(refused.value)
    assert refused.value.remedy


def test_a_sheet_twice_is_a_fault(book: Edited) -> None:
    book.book.copy_worksheet(book.sheet("commitments"))
    assert "There are two sheets for the same rows" in faults(compared(book.saved()))[0]


def test_days_counted_from_1904_are_the_same_days(book: Edited) -> None:
    book.book.epoch = datetime(1904, 1, 1)
    assert compared(book.saved()) == Incoming(source="workbook")


def test_an_empty_register_makes_a_workbook_to_be_filled() -> None:
    book = Edited(written(Register()))
    book.add("actors", id="new-actor", name="New", kind="media", level="national", place="KEN")
    (change,) = compared(book.saved(), {}).changes
    assert (change.base, change.document["name"]) == (None, "New")


def test_a_day_before_spreadsheets_agree_is_text() -> None:
    named = documents_of(REGISTER)
    named["commitments"][CONTRACTS]["due"] = date(1900, 1, 15).isoformat()
    content = write_workbook(replace(contents_of(REGISTER), documents=named))
    assert compared(content, named) == Incoming(source="workbook")
