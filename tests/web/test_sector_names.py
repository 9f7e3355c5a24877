"""Names of sectors on pages, in files and in the API, each marked with its language."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.reading import file_of, shown

NAME = "Facilitation of orderly, safe, regular and responsible migration and mobility"
FRENCH = "Faciliter la migration et la mobilité de façon ordonnée, sans danger, régulière et"


@pytest.fixture(scope="module")
def reader() -> Client:
    return Client(HTTP_HOST="localhost")


@pytest.mark.parametrize(
    "page",
    [
        "place/TUN/money/",
        "money/rows/?place=TUN&sector=15190",
        "provision/gcm:15/money/",
    ],
)
def test_a_sector_stands_with_its_name_in_the_language_of_that_name(
    reader: Client, page: str
) -> None:
    coded = '<bdi class="code" dir="ltr">15190</bdi> '
    assert f"{coded}{NAME}" in shown(reader, f"/en/{page}")
    assert f"{coded}{FRENCH}" in shown(reader, f"/fr/{page}")
    assert f'{coded}<span lang="en" dir="ltr">{NAME}</span>' in shown(reader, f"/ar/{page}")


def test_the_choice_of_sectors_names_them(reader: Client) -> None:
    page = shown(reader, "/ar/place/TUN/money/")
    assert f'<option value="15190" lang="en" dir="ltr">15190 {NAME} (' in page


def test_a_code_without_a_name_stands_alone(reader: Client) -> None:
    page = shown(reader, "/en/place/TUN/money/?sector=12261")
    assert '<bdi class="code" dir="ltr">12261</bdi>' in page


def test_the_rows_that_are_taken_along_have_the_name(reader: Client) -> None:
    rows = file_of(reader, "/en/money/rows/?place=TUN&sector=15190&format=csv")
    assert rows
    assert {row["sector_name"] for row in rows} == {NAME}


def test_programs_are_told_the_names_with_their_source(reader: Client) -> None:
    held = {each["code"]: each for each in reader.get("/api/v1/sectors").json()}
    assert held["15190"]["name"]["en"] == NAME
    assert "OECD" in held["15190"]["source"]
