"""What IMPACT OSS exports is taken in with its links; nothing about people is ever read.

The files are made up, in the form in which its lists are downloaded: plain names in the first row,
or machine names in brackets; categories and links one a line, with references in brackets.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError
from waymark.exchange.impact_oss.register import ImpactMapping, ImpactReading, read_impact
from waymark.exchange.impact_oss.tables import read_folder, references, titles
from waymark.exchange.pledges.lists import Surroundings
from waymark.exchange.register_package import STARTER, read_package
from waymark.indicators.series import Series
from waymark.plans.forums import load_forums
from waymark.plans.proposals import load_proposal_rules

RECOMMENDATIONS = """id,reference,title,accepted,response,draft,created_by_id,updated_at,\
affected_persons,organisations,bodies,connected_actions
1,"138.12","Made up: register every birth",true,"Made up",false,Jo Nobody [4],2026,"- Children [CH]
- Migrants [MI]","Made-up Ministry of Records [IMR]","Made-up body","- Made up: open an office [7]
- Made up: amend the law [A-8]"
2,"138.13","Made up: migrants are not detained",true,"",false,,,,"- Made-up Ministry of the Interior
- Made-up Ministry of Records [IMR]","Made-up body","Made up: amend the law [A-8]"
3,"138.14","Made up: paint the harbour",false,"",false,,,,,,
4,"138.15","Made up: not yet public",true,"",true,,,,,,
"""
ACTIONS = """id,reference,title,target_date,outcome,description,draft,organisations,\
connected_recommendations,connected_indicators
7,,"Made up: open an office",2027-06-30,,"'+ more",false,"Made-up Ministry of Records [IMR]",\
"Made up: register every birth [138.12]","Made up: offices [I-1]"
8,A-8,"Made up: amend the law",2026-12-31,,,false,,,
9,A-9,"Made up: teach",,"Made up: taught",,false,,"- Made up: register every birth [138.12]
- Made up: paint the harbour [138.14]",
"""
INDICATORS = """id,reference,title,manager_id,frequency_months
3,I-1,"Made up: offices",Jo Nobody (jo@example.org) [4],12
"""
REPORTS = """id,indicator_id,title,description,document_url,document_public,draft,created_at
11,Made up: offices [3],"Made up: 12","Made up: of 40",https://example.org/a.pdf,true,false,20260115-090000
12,Made up: offices [3],"Made up: a draft",,,false,true,20260115-090000
"""
USERS = "id,name,email\n4,Jo Nobody,jo@example.org\n"
FILES = {
    "recommendations_20260301-101500.csv": RECOMMENDATIONS,
    "actions_20260301-101600.csv": ACTIONS,
    "indicators.csv": INDICATORS,
    "progress_reports.csv": REPORTS,
    "users.csv": USERS,
}
MAPPING: dict[str, Any] = {
    "title": "Made-up follow-up",
    "prefix": "ken",
    "place": "KEN",
    "outcome": "partly-met",
    "categories": {
        "affected_persons": {
            "field": "commitments.groups",
            "values": {"Children": "children", "Migrants": "general"},
        },
        "organisations": "partners.actor",
    },
    "ignored": ["bodies"],
    "constants": {
        "commitments.lead": "Made-up Government",
        "partners.role": "implements",
        "actors.kind": "ministry",
        "actors.level": "national",
    },
}


@pytest.fixture(scope="module")
def around(framework: Framework, series: dict[str, Series]) -> Surroundings:
    forums = load_forums()
    starter = read_package(STARTER, framework, forums, series)
    return Surroundings(framework, forums, series, load_proposal_rules(framework), starter)


def read(
    folder: Path, around: Surroundings, changes: dict[str, str] | None = None, **mapping: Any
) -> ImpactReading:
    for name, content in {**FILES, **(changes or {})}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return read_impact(
        read_folder(folder), ImpactMapping.model_validate({**MAPPING, **mapping}), around
    )


def test_recommendations_actions_and_reports_are_linked(
    around: Surroundings, tmp_path: Path
) -> None:
    reading = read(tmp_path, around)
    assert [str(fault) for fault in reading.faults] == []
    made = reading.register.commitments
    assert list(made) == ["ken-138-12", "ken-138-13", "ken-action-a-9"]
    first = made["ken-138-12"]
    assert first.origin == "recommendation"
    assert first.origin_source == "Made-up follow-up (recommendations), 138.12"
    assert first.groups == ("children", "general")
    assert [(step.id, step.due) for step in first.steps] == [
        ("action-7", date(2027, 6, 30)),
        ("action-a-8", date(2026, 12, 31)),
    ]
    assert [step.id for step in made["ken-138-13"].steps] == ["action-a-8"]
    assert len(made["ken-138-13"].partners) == 2
    report = reading.register.reports["ken-138-12-r20260115"]
    assert (report.step, report.outcome, report.reported) == (
        "action-7",
        "partly-met",
        date(2026, 1, 15),
    )
    assert report.evidence == "https://example.org/a.pdf"
    assert report.text == "Made up: 12\n\nMade up: of 40"


def test_an_action_that_can_be_no_step_is_a_commitment_and_keeps_its_links(
    around: Surroundings, tmp_path: Path
) -> None:
    own = read(tmp_path, around).register.commitments["ken-action-a-9"]
    assert own.origin == "national-plan"
    assert own.origin_source == "Made-up follow-up (actions), A-9; for 138.12, 138.14"
    assert own.result_statement == "Made up: taught"


def test_nothing_about_people_is_read_and_that_is_said(
    around: Surroundings, tmp_path: Path
) -> None:
    reading = read(tmp_path, around)
    said = " ".join(each.text() for each in reading.said)
    assert "About people, and never read: users.csv, created_by_id, manager_id." in said
    everything = repr(reading.register) + said + repr(reading.readings)
    assert "Nobody" not in everything
    assert "jo@example.org" not in everything


def test_what_is_left_out_is_said(around: Surroundings, tmp_path: Path) -> None:
    said = [each.text() for each in read(tmp_path, around, outcome=None).said]
    assert "1 recommendation was noted, not accepted: no promise, left out." in said
    assert "2 entries are drafts or private there: left out." in said
    assert any(each.startswith("1 progress report is left out") for each in said)
    assert any("description, document_public, frequency_months, response" in each for each in said)


def test_a_folder_read_again_changes_nothing(around: Surroundings, tmp_path: Path) -> None:
    first = read(tmp_path, around).register
    again = Surroundings(around.framework, around.forums, around.series, around.rules, first)
    second = read(tmp_path, again)
    assert second.register == first
    assert not any(sum(each.added.values()) for each in second.readings)


def test_templates_have_machine_names_in_brackets(around: Surroundings, tmp_path: Path) -> None:
    template = (
        "Reference [database:reference],Title [database:title],Accepted? [database:accepted],"
        "actions [rel:actions|reference],\n"
        "Required: text,Required: text,Optional: boolean,Optional: references,Hint\n"
        '138.12,Made up: register every birth,TRUE,"7,A-8",\n'
        "138.14,Made up: paint the harbour,FALSE,,\n"
    )
    for name in FILES:
        if name.startswith("recommendations"):
            reading = read(
                tmp_path, around, {name: template}, categories={}, ignored=["organisations"]
            )
    assert [str(fault) for fault in reading.faults] == []
    steps = reading.register.commitments["ken-138-12"].steps
    assert [step.id for step in steps] == ["action-7", "action-a-8"]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("recommendations_20260301-101500.csv", "[A-8]", "[A-99]", "it is linked with 'A-99'"),
        ("recommendations_20260301-101500.csv", "accepted", "acepted", "no column 'accepted'"),
        ("recommendations_20260301-101500.csv", "bodies", "body", "neither used nor ignored"),
        ("actions_20260301-101600.csv", "2027-06-30", "30/06/2027", "no date of the form"),
        ("actions_20260301-101600.csv", "9,A-9", "9,A-8", "stands in row 3 too"),
        ("indicators.csv", "title", "name", "there is no 'title'"),
        ("other.csv", "", "a,b\n1,2\n", "the file is not known"),
    ],
)
def test_each_fault_has_its_place(
    around: Surroundings, tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    content = FILES.get(name, "")
    changed = content.replace(old, new) if old else new
    reading = read(tmp_path, around, {name: changed})
    faults = [str(fault) for fault in reading.faults]
    assert any(said in fault for fault in faults), faults
    assert all(fault.remedy for fault in reading.faults)


def test_a_folder_without_lists_is_refused(around: Surroundings, tmp_path: Path) -> None:
    assert "neither recommendations nor actions" in str(read_folder(tmp_path).faults[0])
    with pytest.raises(DefinitionError, match="there is no such folder"):
        read_folder(tmp_path / "nowhere")


def test_a_category_that_takes_one_value_refuses_two(around: Surroundings, tmp_path: Path) -> None:
    categories = {**MAPPING["categories"], "organisations": "commitments.lead"}
    reading = read(tmp_path, around, categories=categories)
    assert any("takes one" in str(fault) for fault in reading.faults)


@pytest.mark.parametrize(
    ("cell", "named", "refer"),
    [
        ("A [x]", ["A"], ["x"]),
        ("- A [x]\n- B, c [y-1] [draft]", ["A", "B, c"], ["x", "y-1"]),
        ("A [b] c [x] [draft/private]", ["A [b] c"], ["x"]),
        ("A", ["A"], []),
        ("", [], []),
    ],
)
def test_cells_of_links_and_categories(cell: str, named: list[str], refer: list[str]) -> None:
    assert titles(cell) == named
    assert references(cell) == refer
