"""Workbooks that somebody has tampered with: a result, or a fault with a remedy, and never long."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.offline import Edited, contents_of, documents_of
from tests.web.example import example_register
from waymark.exceptions import WaymarkError
from waymark.exchange.incoming import Incoming
from waymark.exchange.workbook.columns import sheets_of
from waymark.exchange.workbook.comparing import compare
from waymark.exchange.workbook.reading import read_workbook
from waymark.exchange.workbook.writing import write_workbook

REGISTER = example_register()
NOW = documents_of(REGISTER)
LISTS = contents_of(REGISTER).lists
SHEETS = tuple(sheets_of(["commitments", "reports"]))
CONTENT = write_workbook(contents_of(REGISTER, sheets=SHEETS, lists={}))
UNHURRIED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
MANY = settings(max_examples=25, **UNHURRIED)
FEW = settings(max_examples=12, **UNHURRIED)  # each opens and saves a workbook
cells = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.dates(),
    st.sampled_from(["=1+1", "#REF!", "#meta+id+of_commitments", "#date+due", "yes", "s1"]),
)


def read(content: bytes) -> Incoming | None:
    refused = None
    try:
        rows = read_workbook(content, "rows.xlsx", LISTS)
    except WaymarkError as error:
        refused = error
    if refused is None:
        return compare(rows, NOW, "workbook")
    assert refused.problem
    assert refused.remedy
    return None


def checked(found: Incoming | None) -> None:
    if found is None:
        return
    assert Incoming.model_validate(found.model_dump(mode="json")) == found, "it can be kept"
    for fault in found.faults:
        assert fault.cell
        assert str(fault.problem)
    for change in found.changes:
        for each in (*change.differences, *change.conflicts):
            assert "!" in each.cell
        for choice in ("mine", "theirs"):
            choices = {each.name: choice for each in change.conflicts}
            assert not change.decided(choices).conflicts


@FEW
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["commitments", "steps", "partners", "reports", "base"]),
            st.integers(1, 12),
            st.integers(1, 30),
            cells,
        ),
        max_size=12,
    )
)
def test_any_cell_may_hold_anything(typed: list[tuple[str, int, int, Any]]) -> None:
    book = Edited(CONTENT)
    sheets = {name: book.book["base"] if name == "base" else book.sheet(name) for name, *_ in typed}
    for name, row, column, value in typed:
        sheets[name].cell(row, column).value = value
    checked(read(book.saved()))


@MANY
@given(st.data())
def test_a_part_may_be_broken_anywhere(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    part = parts[name]
    start = data.draw(st.integers(0, len(part)))
    end = data.draw(st.integers(start, min(len(part), start + 400)))
    parts[name] = part[:start] + data.draw(st.binary(max_size=20)) * 2 + part[end:]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    checked(read(held.getvalue()))


@MANY
@given(st.integers(0, len(CONTENT)), st.binary(max_size=30))
def test_a_file_may_be_cut_off_or_overwritten(at: int, put: bytes) -> None:
    checked(read(CONTENT[:at]))
    checked(read(CONTENT[:at] + put + CONTENT[at + len(put) :]))
