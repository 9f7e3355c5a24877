"""Workbooks that went through a real LibreOffice: nothing changes but what a person changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.office import Office
from tests.offline import Edited, contents_of, documents_of
from waymark.exchange.incoming import Incoming
from waymark.exchange.workbook.comparing import compare
from waymark.exchange.workbook.reading import read_workbook
from waymark.exchange.workbook.writing import write_workbook
from waymark.plans.actors import Actor
from waymark.plans.commitments import Commitment, Partner, Step
from waymark.plans.register import Register

NASTY = (
    "=1+1",
    "+49 30 1234",
    "-5",
    "@import",
    "'quoted'",
    "_x0041_ _x005F_",
    "007",
    "1e5",
    "2026-05-01",
    "TRUE",
    "#REF!",
    'a "quoted" word; a, b\ttab',
    "مرحبا 123 (أ)",
    "e\u0301 é ﬁ 𝔘 👩‍👩‍👧",
    "first line\nsecond line",
    "<b>&amp;</b>",
    "\u202emirrored\u202c",
)
FIGURES = ("0.1", "-8.6507", "1E+9", "123456789012345678901234567890", "1.50", "0", "3")
DAYS = ("1900-01-01", "1900-02-28", "1900-03-01", "1969-12-31", "2028-02-29", "2100-12-31")


def nasty_register() -> Register:
    """Everything that a spreadsheet likes to mend."""
    actor = Actor(id="actor", name="Example", kind="ministry", level="national", place="KEN")
    values = {}
    for number, text in enumerate((*NASTY, "x" * 5000, "ж" * 5000)):
        figure, day = FIGURES[number % len(FIGURES)], DAYS[number % len(DAYS)]
        values[f"c{number}"] = Commitment(
            id=f"c{number}",
            what=f"{text[:4990]}…",
            place=("014", "KEN", "001")[number % 3],
            lead="actor",
            origin="other",
            origin_source=text,
            provisions=("gcm:7", "sdg:10.7"),
            groups=("children",),
            due=day,
            target=figure,
            baseline_year=1900 + number,
            proposed=number % 2 == 0,
            partners=(Partner(actor="actor", role="advises"),),
            steps=(Step(id="1", what=" ".join(text.split())[:300], due=day, value=figure),),
        )
    return Register(actors={"actor": actor}, commitments=values)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


def compared(content: bytes, register: Register, language: str = "en") -> Incoming:
    lists = contents_of(register, language).lists
    return compare(read_workbook(content, "w.xlsx", lists), documents_of(register), "workbook")


def told(found: Incoming) -> list[str]:
    return [
        *map(str, (*found.faults, *found.notes)),
        *(str(each) for change in found.changes for each in change.differences),
        *(str(each) for change in found.changes for each in change.conflicts),
    ]


def test_what_libreoffice_saves_again_says_the_same(office: Office, tmp_path: Path) -> None:
    register = nasty_register()
    file = tmp_path / "rows.xlsx"
    file.write_bytes(write_workbook(contents_of(register)))
    assert told(compared(file.read_bytes(), register)) == []
    again = office.converted(file, "xlsx")
    assert told(compared(again.read_bytes(), register)) == []
    ods = office.converted(file, "ods")
    back = office.converted(ods, "xlsx")
    assert told(compared(back.read_bytes(), register)) == []


def test_what_is_typed_in_libreoffice_is_what_changes(office: Office, tmp_path: Path) -> None:
    register = nasty_register()
    content = write_workbook(contents_of(register))
    file = tmp_path / "rows.xlsx"
    file.write_bytes(content)
    book = Edited(content)

    def cell(key: str, column: str) -> tuple[str, str]:
        sheet, _, place = book.put("commitments", key, column, None).partition("!")
        return sheet, place

    office.edited(
        file,
        [
            (*cell("c0", "what"), "=Not a formula"),
            (*cell("c1", "due"), "2027-06-30"),
            (*cell("c2", "target"), "12.5"),
            (*cell("c3", "place"), "KEN"),
            (*cell("c4", "groups"), "women children"),
            (*cell("c6", "proposed"), "no"),
        ],
    )
    found = compared(file.read_bytes(), register)
    assert [str(each) for each in found.faults] == []
    assert {(c.subject, d.path, d.after) for c in found.changes for d in c.differences} == {
        ("c0", ("what",), "=Not a formula"),
        ("c1", ("due",), "2027-06-30"),
        ("c2", ("target",), "12.5"),
        ("c3", ("place",), "KEN"),
        ("c4", ("groups",), "women children"),
        ("c6", ("proposed",), ""),
    }
