"""A first mapping is guessed from names and cells, and never used before a person has seen it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from waymark.cli.main import waymark
from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import DefinitionError
from waymark.exchange.pledges.drafts import draft_of
from waymark.exchange.pledges.files import read_source
from waymark.exchange.pledges.mappings import read_mapping

EXAMPLE = DEFINITIONS / "examples"


def guessed(framework: Framework, text: str) -> dict[str, str]:
    draft = draft_of(read_source(text.encode(), "list.csv"), framework).mapping
    columns = draft["columns"]
    assert isinstance(columns, dict)
    return {name: each["field"] for name, each in columns.items()}


@pytest.mark.parametrize(
    "header",
    [
        "Ref. no,Pledge,Country,Lead entity,Due date",
        "Référence,Engagement,Pays,Organisme responsable,Échéance",
        "Referencia,Compromiso,País,Entidad responsable,Plazo",
        "Номер,Обязательство,Страна,Ответственный,Срок",
        "المرجع,التعهد,البلد,الجهة المسؤولة,الموعد النهائي",
        "编号,承诺,国家,牵头机构,期限",
    ],
)
def test_names_are_known_in_six_languages(framework: Framework, header: str) -> None:
    fields = guessed(framework, f"{header}\n1,Made up,Kenya,A,2027-01-01\n")
    assert list(fields.values()) == [
        "reference",
        "commitments.what",
        "commitments.place",
        "commitments.lead",
        "commitments.due",
    ]


def test_columns_about_people_are_left_out(framework: Framework) -> None:
    text = "Ref,Pledge,Contact person,Address\n1,Made up,Jo,jo@example.org\n"
    draft = draft_of(read_source(text.encode(), "list.csv"), framework)
    assert draft.mapping["ignored"] == ["Contact person", "Address"]
    assert "Jo" not in draft.text
    assert "jo@example.org" not in draft.text


def test_a_reference_is_found_by_its_cells(framework: Framework) -> None:
    fields = guessed(framework, "Key,Pledge\nx1,Made up\nx2,Made up\n")
    assert fields["Key"] == "reference"


def test_what_is_not_clear_is_for_a_person(framework: Framework, tmp_path: Path) -> None:
    text = (
        "Ref;Pledge;Status;Target group\n1;Made up;en cours;Children;\n2;Made up;done;Everybody\n"
    )
    text = text.replace("Children;", "Children")
    draft = draft_of(read_source(text.encode(), "list.csv"), framework)
    columns = draft.mapping["columns"]
    assert isinstance(columns, dict)
    assert columns["Target group"]["values"] == {"Children": "children", "Everybody": "?"}
    path = tmp_path / "draft.yaml"
    path.write_text(draft.text, encoding="utf-8")
    with pytest.raises(DefinitionError, match="instead of"):
        read_mapping(path)
    path.write_text(draft.text.replace('"?"', "x"), encoding="utf-8")
    with pytest.raises(DefinitionError, match="nobody has confirmed"):
        read_mapping(path)


def test_the_draft_of_the_example_names_the_fields_of_its_mapping(framework: Framework) -> None:
    content = (EXAMPLE / "pledges.csv").read_bytes()
    draft = draft_of(read_source(content, "pledges.csv"), framework).mapping
    mapping = read_mapping(EXAMPLE / "pledges.yaml")
    columns = draft["columns"]
    assert isinstance(columns, dict)
    fields = {name: each["field"] for name, each in columns.items()}
    assert fields == {name: str(each.field) for name, each in mapping.columns.items()}
    assert draft["decimal"] == mapping.decimal
    assert draft["dates"] == [str(form) for form in mapping.dates]
    assert draft["ignored"] == list(mapping.ignored)


def test_the_example_says_that_it_is_made_up_and_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (
        "pledges example it",
        "pledges read it/pledges.csv --mapping it/pledges.yaml --into register",
    ):
        done = CliRunner().invoke(waymark, command.split())
        assert done.exit_code == 0, done.output
    assert "commitments: 4 added" in done.output
    again = CliRunner().invoke(waymark, ["pledges", "example", "it"])
    assert "is there already" in str(again.exception)
    rows = (EXAMPLE / "pledges.csv").read_text(encoding="utf-8").splitlines()
    assert "ILLUSTRATIVE" in rows[0]
    assert all("Illustrative" in row for row in rows[1:])
    assert yaml.safe_load((EXAMPLE / "pledges.yaml").read_text())["illustrative"] is True
