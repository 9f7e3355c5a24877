"""Recommendations of the Universal Periodic Review: read strictly, and kept as commitments.

Every recommendation here is made up for the test.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError, NotFoundError
from waymark.exchange.place_names import FILE as NAMES
from waymark.exchange.place_names import load_place_names
from waymark.exchange.register_package import read_package, write_package
from waymark.exchange.upr import Response, as_register, read_recommendations
from waymark.plans.proposals import ProposalRules, load_proposal_rules
from waymark.plans.register import Register, faults
from waymark.plans.rules import broken_rules, circumstances
from waymark.plans.vocabulary import ActorKind, Origin, Status

HEADER = "To,From,Text,Response,Action,Issue,Session"
ROWS = [
    'Mexico,Norway,"Detain no migrants, ever.",Accepted,5,"Detention,Migrants",5',
    "Mexico,Chad,Paint the harbour green.,Noted,4,Other,5",
    "Swaziland,Mexico,Ratify the Palermo Protocol.,Accepted,5,International instruments,05",
    "Mexico,Turkey,Teach migrants to swim.,Accepted,4,,5",
    "Mexico,Holy See,Stop human trafficking.,Accepted,4,Trafficking,17",
    'COTE D’IVOIRE,St Kitts & Nevis,"Welcome\nrefugees.",Accepted,3,Asylum-seekers - refugees,6',
]


@pytest.fixture(scope="module")
def rules(framework: Framework) -> ProposalRules:
    return load_proposal_rules(framework)


def written(folder: Path, *rows: str, header: str = HEADER, ending: str = "\n") -> Path:
    path = folder / "recommendations.csv"
    path.write_text(ending.join((header, *rows, "")), encoding="utf-8", newline="")
    return path


@pytest.fixture
def register(framework: Framework, rules: ProposalRules, tmp_path: Path) -> Register:
    return as_register(read_recommendations(written(tmp_path, *ROWS)), framework, rules)


def test_a_recommendation_is_read_as_it_stands(tmp_path: Path) -> None:
    first, second, *_ = read_recommendations(written(tmp_path, *ROWS))
    assert (first.to, first.by, first.session, first.action) == ("Mexico", "Norway", 5, 5)
    assert first.text == "Detain no migrants, ever."
    assert first.issues == ("Detention", "Migrants")
    assert (first.response, second.response) == (Response.ACCEPTED, Response.NOTED)
    assert (first.file.name, first.line, second.line) == ("recommendations.csv", 2, 3)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    plain = read_recommendations(written(tmp_path, *ROWS[:5]))
    path = written(tmp_path, *ROWS[:5], header=f"\ufeff{HEADER}", ending="\r\n")
    assert read_recommendations(path) == plain


def test_what_was_accepted_becomes_commitments_of_the_state(register: Register) -> None:
    assert list(register.commitments) == [
        "mex-upr-05-001",
        "swz-upr-05-001",
        "mex-upr-05-003",  # the second was noted, not accepted; it keeps its number
        "mex-upr-17-001",
        "civ-upr-06-001",
    ]
    first = register.commitments["mex-upr-05-001"]
    assert first.what == "Detain no migrants, ever."
    assert (first.place, first.lead, first.language) == ("MEX", "mex-government", "en")
    assert first.origin is Origin.RECOMMENDATION
    assert first.origin_source == "Universal Periodic Review, session 5, recommended by Norway"
    assert first.status is Status.NOT_STARTED
    assert (first.due, first.steps, first.partners, first.plan) == (None, (), (), None)


def test_what_the_rules_propose_waits_for_a_person(register: Register) -> None:
    first = register.commitments["mex-upr-05-001"]
    assert "gcm:13" in first.provisions
    assert first.needs == ("alternatives-to-detention",)
    assert all(each.proposed for each in register.commitments.values())


def test_the_state_itself_leads(register: Register) -> None:
    assert list(register.actors) == ["mex-government", "swz-government", "civ-government"]
    mexico = register.actors["mex-government"]
    assert (mexico.name, mexico.kind, mexico.place) == ("Government of Mexico", "state", "MEX")
    assert mexico.kind is ActorKind.STATE
    assert mexico.level == "national"


def test_an_earlier_name_finds_the_state(register: Register) -> None:
    assert register.actors["swz-government"].name == "Government of Eswatini"
    sources = [each.origin_source for each in register.commitments.values()]
    assert [source.split("recommended by ")[1] for source in sources] == [
        "Norway",
        "Mexico",
        "Türkiye",
        "Holy See",
        "Saint Kitts and Nevis",
    ]


def test_the_register_is_sound_but_for_what_a_person_must_add(
    register: Register, framework: Framework
) -> None:
    assert list(faults(register, framework, {}, ())) == []
    for each in register.commitments.values():
        around = circumstances(each, register, framework, {}, date(2026, 11, 23))
        broken = {rule.id for rule in broken_rules(each, around)}
        assert broken - {"P11"} == {"P3", "P5", "P6", "P9"}


def test_the_register_goes_out_and_in_again_as_a_package(
    register: Register, framework: Framework, tmp_path: Path
) -> None:
    write_package(register, tmp_path / "package")
    assert read_package(tmp_path / "package", framework, {}, {}) == register


def test_some_states_alone_keep_their_numbers(
    register: Register, framework: Framework, rules: ProposalRules, tmp_path: Path
) -> None:
    found = read_recommendations(written(tmp_path, *ROWS))
    kept = as_register(found, framework, rules, countries=["mex"])
    assert list(kept.actors) == ["mex-government"]
    assert kept.commitments == {
        key: each for key, each in register.commitments.items() if each.place == "MEX"
    }
    in_africa = as_register(found, framework, rules, countries=["002"])
    assert list(in_africa.actors) == ["swz-government", "civ-government"]
    with pytest.raises(NotFoundError, match="There is no place 'XYZ'"):
        as_register(found, framework, rules, countries=["XYZ"])


@pytest.mark.parametrize(
    ("rows", "line", "column", "problem"),
    [
        ([ROWS[0], "Mexico,Chad,Paint it.,Accepted,4,Other,zero"], 3, "Session", "'zero'"),
        (["Mexico,Chad,Paint it.,Accepted,4,Other,0"], 2, "Session", "greater than or equal"),
        (["Mexico,Chad,Paint it.,Accepted,4,Other,100"], 2, "Session", "less than or equal"),
        (["Mexico,Chad,Paint it.,Accepted,4,Other,"], 2, "Session", "''"),
        (["Mexico,Chad,Paint it.,Accepted,6,Other,4"], 2, "Action", "less than or equal"),
        (["Mexico,Chad,Paint it.,Perhaps,4,Other,4"], 2, "Response", "'Accepted' or 'Noted'"),
        (["Mexico,Chad,,Accepted,4,Other,4"], 2, "Text", "at least 3"),
        ([",Chad,Paint it.,Accepted,4,Other,4"], 2, "To", "at least 1"),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_its_place(
    rows: list[str], line: int, column: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(DefinitionError, match=problem) as caught:
        read_recommendations(written(tmp_path, *rows))
    assert (caught.value.line, caught.value.column) == (line, f"column {column}")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (HEADER.replace(",Session", ""), "the column Session is missing"),
        (f"{HEADER},Colour", "the column Colour is not known"),
        (HEADER.replace("From", "To"), "the column From is missing"),
        ("", "the column To, From"),
    ],
)
def test_other_columns_are_refused(header: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=problem) as caught:
        read_recommendations(written(tmp_path, header=header))
    assert caught.value.line == 1
    assert "The columns are: To, From, Text" in caught.value.remedy


def test_a_file_without_recommendations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="there is no recommendation in it"):
        read_recommendations(written(tmp_path))
    with pytest.raises(DefinitionError, match="the file is missing"):
        read_recommendations(tmp_path / "nowhere.csv")


def test_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "recommendations.csv"
    path.write_bytes(f"{HEADER}\n{ROWS[2]}\nCôte".encode("latin-1"))
    with pytest.raises(DefinitionError, match="not UTF-8") as caught:
        read_recommendations(path)
    assert (caught.value.line, caught.value.remedy) == (3, "Save the file as UTF-8.")


@pytest.mark.parametrize(
    ("row", "column", "remedy"),
    [
        ("Mexicoo,Chad,Paint it.,Accepted,4,Other,4", "To", "Did you mean Mexico"),
        ("Mexico,Atlantis,Paint it.,Noted,4,Other,4", "From", f"add it to {NAMES}"),
    ],
)
def test_a_name_that_nobody_knows_is_refused_with_its_line(
    row: str, column: str, remedy: str, framework: Framework, rules: ProposalRules, tmp_path: Path
) -> None:
    found = read_recommendations(written(tmp_path, ROWS[0], row))
    with pytest.raises(DefinitionError, match="no State that we know") as caught:
        as_register(found, framework, rules)
    assert (caught.value.line, caught.value.column) == (3, f"column {column}")
    assert remedy in caught.value.remedy


# Names of places


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kenya", "KEN"),
        ("  kenya ", "KEN"),
        ("Côte d'Ivoire", "CIV"),
        ("cote d’ivoire", "CIV"),
        ("Antigua & Barbuda", "ATG"),
        ("Guinea Bissau", "GNB"),
        ("Cape Verde", "CPV"),
        ("Macedonia FYR", "MKD"),
        ("Republic of Congo", "COG"),
        ("Democratic Republic of Congo", "COD"),
        ("DPR Korea", "PRK"),
        ("Palestine", "PSE"),
    ],
)
def test_a_place_is_found_by_any_of_its_names(name: str, code: str, framework: Framework) -> None:
    found = load_place_names(framework).find(name)
    assert found is not None
    assert found.id == code


def test_part_of_a_name_is_not_enough(framework: Framework) -> None:
    names = load_place_names(framework)
    assert [names.find(name) for name in ("Korea", "Guinea-", "Congo Republic", "")] == [
        None,
        framework.place("GIN"),
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("XYZ: [Atlantis]", "there is no place 'XYZ'"),
        ("KEN: [Chad]", "'Chad' is a name of TCD already"),
        ("KEN: [Republic of Kenya]\nTCD: [republic of kenya]", "is a name of KEN already"),
        ("KEN: Kenia", "tuple"),
    ],
)
def test_a_name_stands_for_one_place(
    text: str, problem: str, framework: Framework, tmp_path: Path
) -> None:
    (tmp_path / NAMES).write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=problem) as caught:
        load_place_names(framework, tmp_path)
    assert caught.value.line == text.count("\n") + 1
