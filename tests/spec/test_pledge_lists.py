"""A list of pledges becomes a register: whole, by its references, or every fault by its cell.

Every pledge here is made up for the test.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError
from waymark.exchange.pledges.files import read_source
from waymark.exchange.pledges.lists import Reading, Surroundings, read_list
from waymark.exchange.pledges.mappings import PledgeMapping, read_mapping
from waymark.exchange.pledges.references import slug_of
from waymark.exchange.register_package import STARTER, read_package, write_package
from waymark.exchange.source_tables import FaultsError
from waymark.indicators.series import Series
from waymark.plans.forums import load_forums
from waymark.plans.proposals import load_proposal_rules
from waymark.plans.register import Register

HEADER = "Ref,Pledge,Country,Lead,Objectives,Due,Step,Step due,Partners,Amount,Year,Said,On\n"
MAPPING: dict[str, Any] = {
    "title": "Made-up list",
    "prefix": "list",
    "dates": ["YYYY-MM-DD", "DD.MM.YYYY", "YYYY"],
    "decimal": ",",
    "columns": {
        "Ref": "reference",
        "Pledge": "commitments.what",
        "Country": {"field": "commitments.place", "values": {"Here": "KEN"}},
        "Lead": "commitments.lead",
        "Objectives": {"field": "commitments.provisions", "separator": ";"},
        "Due": "commitments.due",
        "Step": "steps.what",
        "Step due": "steps.due",
        "Partners": {"field": "partners.actor", "separator": ";"},
        "Amount": "flows.amount",
        "Year": "flows.year",
        "Said": "reports.text",
        "On": "reports.reported",
    },
    "constants": {
        "commitments.origin": "pledge",
        "actors.kind": "ministry",
        "actors.level": "national",
        "partners.role": "implements",
        "flows.kind": "cost",
        "flows.currency": "KES",
        "reports.outcome": "partly-met",
    },
}


@pytest.fixture(scope="module")
def around(framework: Framework, series: dict[str, Series]) -> Surroundings:
    forums = load_forums()
    starter = read_package(STARTER, framework, forums, series)
    return Surroundings(framework, forums, series, load_proposal_rules(framework), starter)


def read(around: Surroundings, rows: str, header: str = HEADER, **changes: Any) -> Reading:
    mapping = PledgeMapping.model_validate({**MAPPING, **changes})
    return read_list(read_source(f"{header}{rows}".encode(), "list.csv"), mapping, around)


def joined(around: Surroundings, register: Register) -> Surroundings:
    return Surroundings(around.framework, around.forums, around.series, around.rules, register)


def faults(reading: Reading) -> list[str]:
    return [str(fault) for fault in reading.faults]


FULL = (
    "1,Made up: a,Here,Ministry A,GCM 7; 8,2028,A step,31.12.2026,M B;iom,"
    '"1.000,50",2027,Ok,2026-03-01\n'
)


def test_a_row_becomes_a_commitment_and_what_hangs_on_it(around: Surroundings) -> None:
    reading = read(around, FULL)
    assert faults(reading) == []
    made = reading.register.commitments["list-1"]
    assert (made.what, made.place, made.due) == ("Made up: a", "KEN", date(2028, 12, 31))
    assert (made.provisions, made.proposed) == (("gcm:7", "gcm:8"), False)
    assert made.origin_source == "Made-up list, 1"
    assert [(step.id, step.due) for step in made.steps] == [("s1", date(2026, 12, 31))]
    assert [part.actor for part in made.partners] == ["ken-m-b", "iom"]
    flow = reading.register.flows["list-1-cost-2027"]
    assert (flow.amount, flow.currency, flow.place) == (Decimal("1000.50"), "KES", "KEN")
    report = reading.register.reports["list-1-r20260301"]
    assert (report.by, report.text) == ("ken-ministry-a", "Ok")
    assert reading.register.actors["ken-ministry-a"].source == "Made-up list"
    assert (reading.added["actors"], reading.added["commitments"]) == (2, 1)


def test_a_list_read_again_changes_nothing(around: Surroundings) -> None:
    first = read(around, FULL)
    again = read(joined(around, first.register), FULL)
    assert again.register == first.register
    assert not any(again.added.values())
    assert not any(again.changed.values())


def test_a_newer_list_changes_what_it_says_and_keeps_the_rest(around: Surroundings) -> None:
    first = read(around, FULL).register
    person = first.commitments["list-1"].model_copy(update={"needs": ("health",), "plan": None})
    held = Register(**{**vars(first), "commitments": {"list-1": person}})
    newer = FULL.replace("Made up: a", "Made up: b").replace("31.12.2026", "2027-06-30")
    newer = newer.replace("2028", "").replace("2026-03-01", "2026-09-01")
    reading = read(joined(around, held), newer)
    made = reading.register.commitments["list-1"]
    assert (made.what, made.needs, made.due) == ("Made up: b", ("health",), date(2028, 12, 31))
    assert [(step.id, step.due) for step in made.steps] == [("s1", date(2027, 6, 30))]
    assert sorted(reading.register.reports) == ["list-1-r20260301", "list-1-r20260901"]


def test_what_a_list_no_longer_has_stays_and_is_said(around: Surroundings) -> None:
    first = read(around, FULL).register
    reading = read(joined(around, first), FULL.replace("1,", "2,", 1))
    assert set(reading.register.commitments) == {"list-1", "list-2"}
    assert reading.absent == ("list-1",)
    assert "no longer in the list" in " ".join(said.text() for said in reading.said)


def test_rows_with_one_reference_are_one_pledge(around: Surroundings) -> None:
    rows = "1,Made up,KEN,,,,One,2026-12-31,,,,,\n1,,KEN,,,,Two,2027-12-31,,,,,\n"
    reading = read(around, rows)
    steps = reading.register.commitments["list-1"].steps
    assert [(step.id, step.what) for step in steps] == [("s1", "One"), ("s2", "Two")]
    disagree = read(around, rows.replace("1,,KEN", "1,Other,KEN"))
    assert "list.csv, B3, column 'Pledge': row 2 says something else of '1'." in faults(disagree)[0]


def test_rules_propose_where_the_list_is_silent(around: Surroundings) -> None:
    rows = "1,Made up: migrants are not detained,KEN,,,,,,,,,,\n"
    reading = read(around, rows)
    made = reading.register.commitments["list-1"]
    assert "gcm:13" in {each.split(".")[0] for each in made.provisions}
    assert made.proposed
    assert reading.proposed == ("list-1",)
    assert not read(around, rows, propose=False).register.commitments["list-1"].provisions
    confirmed = made.model_copy(update={"provisions": ("gcm:7",), "proposed": False})
    held = Register(**{**vars(reading.register), "commitments": {"list-1": confirmed}})
    again = read(joined(around, held), rows).register.commitments["list-1"]
    assert (again.provisions, again.proposed) == (("gcm:7",), False)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",x,KEN,,,,,,,,,,", "A2, column 'Ref': the row has no reference."),
        ("1,Made up,Nowhere,,,,,,,,,,", "C2, column 'Country': 'Nowhere' is no place"),
        ("1,Made up,KEN,,99,,,,,,,,", "E2, column 'Objectives': '99' is no provision"),
        ("1,Made up,KEN,,,12/2028,,,,,,,", "F2, column 'Due': '12/2028': it is no date"),
        ("1,Made up,KEN,,,31.02.2028,,,,,,,", "F2, column 'Due': '31.02.2028': no calendar"),
        ("1,Made up,KEN,,,,A step,,,,,,", "row 2: a step is due on a date or at a forum"),
        ("1,Made up,KEN,,,,,,,1.5,2027,,", "J2, column 'Amount': '1.5' is no number."),
        ("1,Made up,KEN,,,,,,,5,27,,", "K2, column 'Year': '27' is no year."),
        ("1,Made up,KEN,A,,,,,,,,Ok,2026", "M2, column 'On': '2026': a day is wanted"),
        ("1,Made up,KEN,,,,,,,,,Ok,2026-01-01", "L2, column 'Said': a report says who reports"),
        ("1,Write to a@example.org,KEN,,,,,,,,,,", "B2, column 'Pledge': it holds an e-mail"),
        ("1,ab,KEN,,,,,,,,,,", "B2, column 'Pledge': 'ab': value should have at least 3"),
        ("1,Made up,KE-99,,,,,,,,,,", "C2, column 'Country': there is no place 'KE-99'."),
    ],
)
def test_each_fault_has_its_cell_and_nothing_is_taken_in(
    around: Surroundings, row: str, said: str
) -> None:
    reading = read(around, f"{row}\n")
    assert any(said in fault for fault in faults(reading)), faults(reading)
    assert all(fault.remedy for fault in reading.faults)


def test_all_faults_are_said_not_only_the_first(around: Surroundings) -> None:
    rows = "1,Made up,Nowhere,,99,,,,,,,,\n2,Made up,KEN,,,x,,,,,,,\n"
    assert [fault.address for fault in read(around, rows).faults] == ["C2", "E2", "F3"]


def test_every_column_is_used_or_ignored(around: Surroundings) -> None:
    header = HEADER.replace("Year", "Years").replace("On\n", "On,Mail\n")
    said = faults(read(around, "1,Made up,KEN,,,,,,,,,,,\n", header))
    assert any(
        "K1, column 'Years': the column is neither used nor ignored" in each for each in said
    )
    assert any("N1, column 'Mail': the column is neither used" in each for each in said)
    assert any("there is no column 'Year'" in each for each in said)
    fine = read(
        around,
        "1,Made up,KEN,,,,,,,,,,,a@b.org\n",
        HEADER.replace("On\n", "On,Mail\n"),
        ignored=["Mail"],
    )
    assert faults(fine) == []


def test_an_unknown_word_of_a_closed_list_is_refused(around: Surroundings) -> None:
    columns = {
        **MAPPING["columns"],
        "Said": {"field": "commitments.status", "values": {"begun": "under-way"}},
    }
    columns.pop("On")
    header = HEADER.replace(",On", "")
    fine = read(around, "1,Made up,KEN,,,,,,,,,begun\n", header, columns=columns)
    assert fine.register.commitments["list-1"].status == "under-way"
    reading = read(around, "1,Made up,KEN,,,,,,,,,ended\n", header, columns=columns)
    assert "Say under 'values' of this column what 'ended' stands for" in faults(reading)[0]
    assert "not-started, under-way, done, dropped" in faults(reading)[0]


def test_a_date_of_two_forms_is_refused(around: Surroundings) -> None:
    reading = read(
        around, "1,Made up,KEN,,,03/04/2027,,,,,,,\n", dates=["DD/MM/YYYY", "MM/DD/YYYY"]
    )
    assert "it may be 2027-04-03 or 2027-03-04" in faults(reading)[0]
    same = read(around, "1,Made up,KEN,,,04/04/2027,,,,,,,\n", dates=["DD/MM/YYYY", "MM/DD/YYYY"])
    assert faults(same) == []


def test_an_organisation_is_found_or_said_to_be_missing(around: Surroundings) -> None:
    constants = {key: value for key, value in MAPPING["constants"].items() if "actors" not in key}
    name = "International Organization for Migration"
    found = read(around, f"1,Made up,KEN,{name.upper()},,,,,,,,,\n", constants=constants)
    assert found.register.commitments["list-1"].lead == "iom"
    missing = read(around, "1,Made up,KEN,Ministry A,,,,,,,,,\n", constants=constants)
    assert "D2, column 'Lead': the register has no organisation 'Ministry A'." in faults(missing)[0]
    assert "actors.kind, actors.level" in faults(missing)[0]


def test_references_that_meet_in_one_identifier_are_refused(around: Surroundings) -> None:
    rows = "A 1,Made up,KEN,,,,,,,,,,\nA-1,Made up,KEN,,,,,,,,,,\n"
    assert "A3, column 'Ref': 'A-1' gives the identifier of row 2." in faults(read(around, rows))[0]


@pytest.mark.parametrize(
    ("reference", "slug"),
    [
        ("P 12/A", "x-p-12-a"),
        ("Écoles", "x-ecoles"),
        ("007", "x-007"),
        ("٧", "x-015ef630ee"),
        ("-", "x-3973e022e9"),
    ],
)
def test_a_reference_has_one_identifier(reference: str, slug: str) -> None:
    assert slug_of("x", reference) == slug
    assert len(slug_of("x" * 40, reference * 60)) <= 80


def test_a_sheet_of_a_workbook_is_a_list(around: Surroundings) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Pledges"
    sheet.append(HEADER.strip().split(","))
    sheet.append([7, "Made up", "KEN", None, 7, date(2028, 1, 31), None, None, None, 2.5, 2027])
    hidden = book.create_sheet("Notes")
    hidden.sheet_state = "hidden"
    kept = BytesIO()
    book.save(kept)
    mapping = PledgeMapping.model_validate(MAPPING)
    reading = read_list(read_source(kept.getvalue(), "list.xlsx"), mapping, around)
    assert faults(reading) == []
    made = reading.register.commitments["list-7"]
    assert (made.due, made.provisions) == (date(2028, 1, 31), ("gcm:7",))
    assert reading.register.flows["list-7-cost-2027"].amount == Decimal("2.5")
    sheet["B2"] = "=1+1"
    hidden.sheet_state = "visible"
    kept = BytesIO()
    book.save(kept)
    with pytest.raises(FaultsError, match="Pledges, Notes"):
        read_source(kept.getvalue(), "list.xlsx")
    table = read_source(kept.getvalue(), "list.xlsx", sheet="Pledges")
    assert (
        "list.xlsx, Pledges!B2, column 'Pledge': This is a formula"
        in faults(read_list(table, mapping, around))[0]
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"columns": {"A": "reference"}}, "nothing fills 'commitments.what'"),
        ({"columns": {"A": "commitments.what"}}, "one column is the 'reference'"),
        ({"columns": {"A": "commitments.id"}}, "the fields of commitments are: what"),
        ({"columns": {"A": "people.name"}}, "begins with one of: commitments"),
        ({"columns": {"A": "commitments.2.what"}}, "only steps, partners"),
        ({"columns": {"A": {"field": "reference", "separator": ";"}}}, "takes one value"),
        ({"columns": {"A": {"field": "steps.what", "values": {"x": "?"}}}}, "say what 'x' stands"),
        ({"constants": {"commitments.origin": "?"}}, "fill in what is still a '?'"),
        ({"dates": ["DD.MM.YY"]}, "a form of dates is such as"),
        ({"decimal": ";"}, "decimal"),
        ({"ignored": ["Ref"]}, "the column 'Ref' is there twice"),
        ({"encoding": "ebcdic"}, "encoding"),
        ({"unknown": 1}, "'unknown' is not a known field"),
    ],
)
def test_a_mapping_is_strict(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(yaml.safe_dump({**MAPPING, **change}), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_mapping(path)
    assert said in str(caught.value)


def test_what_is_read_is_a_package(around: Surroundings, tmp_path: Path) -> None:
    register = read(around, FULL).register
    write_package(register, tmp_path)
    again = read_package(tmp_path, around.framework, around.forums, dict.fromkeys(around.series))
    assert again == register
