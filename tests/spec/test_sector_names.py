"""Names of sectors: every sector of the shipped rows has the name that the OECD gives it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from waymark.cli.main import waymark
from waymark.finance.choices import By, Choice
from waymark.finance.evidence import open_money
from waymark.finance.sectors import sector_names


def test_every_sector_of_the_shipped_rows_has_a_name_in_both_languages_of_the_oecd() -> None:
    there = {str(each.group[0]) for each in open_money().sums(Choice(), [By.SECTOR])} - {""}
    found = sector_names()
    assert set(found.names) == there
    assert {frozenset(name.root) for name in found.names.values()} == {frozenset({"en", "fr"})}


def test_a_name_says_its_language_and_a_code_without_one_has_none() -> None:
    name = sector_names().name("24050")
    assert name is not None
    assert name.said("ar") == ("Remittance facilitation, promotion and optimisation", "en")
    assert name.said("fr").text.startswith("Facilitation, promotion")
    assert sector_names().name("12261") is None


def test_the_command_says_them_beside_the_code() -> None:
    given = ["finance", "place", "143", "--rows", "--sector", "24050", "--format", "json"]
    done = CliRunner().invoke(waymark, given)
    assert done.exit_code == 0
    rows = json.loads(done.output)
    assert [each["sector_name"].split()[0] for each in rows] == ["Remittance"] * 4
