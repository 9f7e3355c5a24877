"""Laws of workbooks: what was written is read the same, and any bytes are read or refused."""

from __future__ import annotations

import contextlib
import io
import random
from datetime import date
from decimal import Decimal

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbooks import packed, sheet_of
from waymark.exceptions import DefinitionError
from waymark.exchange.workbooks import escaped, open_workbook

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
days = st.dates(date(1900, 3, 1), date(9999, 12, 31))
values = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**14), 10**14), st.floats(-1e12, 1e12), days, texts
)


def read(source: bytes) -> dict[str, object]:
    book = open_workbook(source)
    return {
        cell.address: cell.value for sheet in book.sheets for row in sheet.rows() for cell in row
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(values, max_size=6), max_size=8))
def test_what_is_written_is_read_the_same(rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Data"
    expected: dict[str, object] = {}
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = book.active.cell(number, column)
            if isinstance(value, str):
                cell.value, cell.data_type = escaped(value), "s"
            else:
                cell.value = value
            if value is not None and value != "":
                exact = Decimal(f"{value:.16g}") if isinstance(value, float) else value
                expected[f"Data!{cell.coordinate}"] = exact
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == expected


GOOD = packed(
    sheet_of(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46173</v></c>'
        '<c r="C1" t="inlineStr"><is><t>x</t></is></c><c r="D1"><f>1</f><v>1</v></c></row>'
    ),
    **{
        "xl/sharedStrings.xml": '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006'
        '/main"><si><t>y</t></si></sst>'
    },
)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_damaged_workbook_is_read_or_refused(seed: int, damages: int) -> None:
    chance = random.Random(seed)
    damaged = bytearray(GOOD)
    for _ in range(damages):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    if chance.random() < 0.2:
        del damaged[chance.randrange(len(damaged)) :]
    try_to_read(bytes(damaged))


names = st.sampled_from(["row", "c", "v", "t", "f", "is", "r", "rPh", "x", "sheetData"])
attributes = st.dictionaries(
    st.sampled_from(["r", "s", "t", "si", "hidden"]),
    st.sampled_from(
        ["", "1", "A1", "B1", "ZZZZ1", "A0", "-1", "9" * 30, "s", "b", "d", "e", "inlineStr", "²"]
    ),
    max_size=3,
)
contents = st.sampled_from(["", "1", "-1", "1e999", "1e-999", "0.5", "²", "60", "x", "9" * 500])
elements = st.recursive(
    contents,
    lambda inner: st.builds(
        lambda name, given, parts: (
            f"<{name}"
            + "".join(f' {key}="{value}"' for key, value in given.items())
            + f">{''.join(parts)}</{name}>"
        ),
        names,
        attributes,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(st.lists(elements, max_size=5))
def test_any_elements_in_any_order_are_read_or_refused(found: list[str]) -> None:
    try_to_read(packed(sheet_of("".join(found))))


@settings(deadline=None)
@given(st.sampled_from(["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]), elements)
def test_any_part_is_read_or_refused(name: str, content: str) -> None:
    try_to_read(packed(sheet_of('<row><c s="1" t="s"><v>0</v></c></row>'), **{name: content}))


def try_to_read(source: bytes) -> None:
    with contextlib.suppress(DefinitionError):  # the one way to refuse, with place and remedy
        read(source)
