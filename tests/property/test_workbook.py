"""Laws of workbooks: nothing is lost on the way, and three sides make one as they should."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.offline import LONG_LISTS, contents_of, documents_of
from tests.property.registers import registers
from waymark.exchange.incoming import Incoming
from waymark.exchange.workbook.cells import UnreadableError, as_text, meant, same, shown
from waymark.exchange.workbook.columns import Form, sheets_of
from waymark.exchange.workbook.comparing import compare
from waymark.exchange.workbook.contents import Documents, Rows
from waymark.exchange.workbook.reading import read_workbook
from waymark.exchange.workbook.writing import write_workbook
from waymark.plans.register import KINDS, Register
from waymark.words import LANGUAGES

FEW = settings(
    max_examples=6,  # each writes a whole workbook and reads it
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
COMMITMENTS = tuple(sheets_of(["commitments"]))


def read_of(register: Register, documents: Documents, language: str = "en", **given: Any) -> Rows:
    whole = contents_of(register, language).lists
    few = {name: found for name, found in whole.items() if name not in LONG_LISTS}
    contents = contents_of(register, language, **{"documents": documents, "lists": few, **given})
    return read_workbook(write_workbook(contents), "register.xlsx", contents.lists)


def changed(incoming: Incoming) -> list[object]:
    return [
        *map(str, incoming.faults),
        *map(str, incoming.notes),
        *(each.differences + each.conflicts for each in incoming.changes),
    ]


@FEW
@given(registers(), st.sampled_from(LANGUAGES))
def test_what_is_written_is_read_the_same(register: Register, language: str) -> None:
    documents = documents_of(register)
    rows = read_of(register, documents, language, lists=contents_of(register, language).lists)
    assert changed(compare(rows, documents, "workbook")) == []


@FEW
@given(registers())
def test_a_workbook_alone_makes_the_register_again(register: Register) -> None:
    """Over an empty register, with nothing known of before, every row is a whole new document."""
    documents = documents_of(register)
    rows = read_of(register, documents)
    found = compare(Rows(rows.rows, {}), {}, "workbook")
    assert found.faults == ()
    made = {(each.kind, each.subject): each.document for each in found.changes}
    assert set(made) == {(kind, key) for kind in documents for key in documents[kind]}
    for (kind, key), document in made.items():
        assert KINDS[kind].model_validate({**document, "id": key}) == register.of_kind(kind)[key]


@FEW
@given(registers(), st.data())
def test_three_sides_make_one(register: Register, data: st.DataObject) -> None:
    """Each field of three arbitrary versions of a commitment, by the rule of three sides."""
    held = documents_of(register)["commitments"]
    if len(held) < 3:
        return
    versions = list(held.values())[:3]
    columns = COMMITMENTS[0].columns[1:]
    base, mine, theirs = ({**versions[0], "steps": [], "partners": []} for _ in range(3))
    for column in columns:
        for document in (base, mine, theirs):
            document[column.name] = data.draw(st.sampled_from(versions))[column.name]
    only = {"sheets": COMMITMENTS[:1]}
    before = read_of(register, {"commitments": {"x": base}}, **only)
    after = read_of(register, {"commitments": {"x": mine}}, **only)
    found = compare(Rows(after.rows, before.base), {"commitments": {"x": theirs}}, "workbook")
    change = found.changes[0] if found.changes else None
    merged = change.document if change else theirs
    contested = {each.path for each in change.conflicts} if change else set()
    for column in columns:
        was, here, there = (
            as_text(column, document[column.name]) for document in (base, mine, theirs)
        )
        if same(column, here, was) or same(column, here, there):
            expected, conflict = there, False
        elif same(column, there, was):
            expected, conflict = here, False
        else:
            expected, conflict = there, True
        assert same(column, as_text(column, merged.get(column.name)), expected)
        assert ((column.name,) in contested) is conflict


@FEW
@given(registers(), st.data())
def test_nothing_is_deleted_because_it_is_missing(register: Register, data: st.DataObject) -> None:
    documents = documents_of(register)
    rows = read_of(register, documents)
    kept = tuple(row for row in rows.rows if data.draw(st.booleans()))
    found = compare(Rows(kept, rows.base), documents, "workbook")
    assert [each for each in changed(found) if "stay in the register" not in str(each)] == []
    told = sum(int(each.fields["count"]) for each in found.notes)
    assert told == len(rows.rows) - len(kept)


@FEW
@given(registers(), st.randoms())
def test_the_order_of_rows_says_nothing(register: Register, chance: Random) -> None:
    documents = documents_of(register)
    rows = read_of(register, documents)
    moved = list(rows.rows)
    chance.shuffle(moved)
    assert changed(compare(Rows(tuple(moved), rows.base), documents, "workbook")) == []


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([column for sheet in sheets_of() for column in sheet.columns]),
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.dates(),
        st.text(max_size=60),
        st.from_regex(r"\d{1,4}[-/.,]\d{1,3}[-/.,]?\d{0,4}", fullmatch=True),
    ),
)
def test_a_cell_is_understood_or_refused_with_a_remedy(column: Any, cell: Any) -> None:
    lists = contents_of(Register()).lists
    refused = None
    try:
        text = meant(column, cell, lists)
    except UnreadableError as error:
        refused = error
        text = ""
    if refused is not None:
        assert str(refused.problem)
        assert str(refused.remedy)
        return
    again = meant(column, shown(column, text, lists, "en"), lists)
    assert same(column, again, text), "what was understood is shown so that it is understood again"


@given(st.dates(min_value=date(1900, 1, 1)))
def test_days_from_1900_on_come_back(day: Any) -> None:
    column = next(each for each in COMMITMENTS[0].columns if each.form is Form.DATE)
    assert meant(column, shown(column, day.isoformat(), {}, "en"), {}) == day.isoformat()
