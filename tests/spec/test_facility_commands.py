"""The commands on facility, predictability and constant prices: what they print and refuse."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.pools import FLEXIBLE, commitment, flow, lacking, register
from waymark.cli.main import waymark
from waymark.exceptions import WaymarkError
from waymark.exchange.register_package import write_package
from waymark.plans.flows import Flow
from waymark.plans.prices import Deflator

LEVELS = {
    f"usd-{year}": Deflator(
        id=f"usd-{year}", currency="USD", year=year, level=Decimal(level), source="a test"
    )
    for year, level in ((2026, 100), (2027, 125))
}
HELD = replace(
    register(
        [commitment("homes", origin_source="a test"), commitment("visas", "LBN", origin="other")],
        lacking("homes", "100"),
        lacking("homes", "80", year=2028),
        lacking("visas", "70", None),
        flow("a", "pledge", "120", provider_name="A", **FLEXIBLE),
        flow("b", "pledge", "7", provider_name="B"),
        flow("p", "pledge", "9", provider_name="C", year=2024, earmarking="earmarked"),
        flow("q", "disbursement", "6", provider_name="C", year=2025, earmarking="earmarked"),
    ),
    deflators=LEVELS,
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("register")
    write_package(HELD, folder)
    return str(folder)


def run(*words: str) -> str:
    ended = CliRunner().invoke(waymark, ["finance", *words], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.output


def table(*words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(*words, "--format", "csv"))))


def test_a_proposal_as_text_says_what_it_is(package: str) -> None:
    printed = run("facility", "--register", package, "--window", "2027")
    assert printed.startswith("This is a proposal by stated rules, never a decision.")
    assert (
        "2027, USD: pool 120.00, known gaps 100.00, proposed 100.00, still missing 0.00." in printed
    )
    assert "source: A: 001  amount: 20.00" in printed
    assert "7.00 USD: How far it is earmarked is not known." in printed


def test_a_proposal_as_a_table_and_as_a_document_says_the_same(package: str) -> None:
    words = ("facility", "--register", package, "--window", "2027-2028", "--carry-over")
    rows = table(*words)
    found = json.loads(run(*words, "--format", "json"))
    assert [row["what"] for row in rows] == (
        ["proposed"] * 2 + ["part"] * 2 + ["missing", "left-out"] + ["not-known"] * 2
    )
    assert [row["amount"] for row in rows][:2] == ["100.00", "20.00"]
    assert [each["amount"] for each in found["proposed"]] == ["100.00", "20.00"]
    assert found["proposed"][1]["parts"] == [{"source": "A: 001", "year": 2027, "amount": "20.00"}]
    assert "never a decision" in found["caveat"]
    assert set(found["rules"]) == {"largest-gap", "earmark-respected", "carry-over"}
    assert [each["pool"] for each in found["years"]] == ["120.00", "0.00"]


def test_only_the_commitments_of_a_place(package: str) -> None:
    words = ("facility", "--register", package, "--window", "2027", "--place", "LBN")
    rows = table(*words, "--unreported-is-unsecured")
    assert [row["commitment"] for row in rows if row["what"] == "proposed"] == ["visas"]


def _file(folder: Path, *flows: Flow) -> str:
    write_package(replace(HELD, flows={each.id: each for each in flows}), folder)
    return str(folder / "flows.csv")


def test_what_if_shows_the_changes_in_every_form(package: str, tmp_path: Path) -> None:
    given = _file(tmp_path, flow("a", "pledge", "30", provider_name="A", **FLEXIBLE))
    words = ("facility", "--register", package, "--window", "2027", "--what-if", given)
    assert "proposed_before: 100.00  proposed_after: 30.00" in run(*words)
    (row,) = [row for row in table(*words) if row["what"] == "change"]
    assert (row["amount"], row["gap_after"]) == ("-70.00", "70.00")
    found = json.loads(run(*words, "--format", "json"))
    assert found["proposed"][0]["amount"] == "100.00"
    assert found["what_if"]["proposed"][0]["amount"] == "30.00"
    assert found["what_if"]["changes"][0]["commitment"] == "homes"


@pytest.mark.parametrize(
    ("flows", "says"),
    [
        ((flow("z", "pledge", "1", provider="nobody"),), "there is no actor 'nobody'"),
        (
            (flow("a", "pledge", "1"), flow("z", "cost", "1", commitment="roads")),
            "flows.csv, line 3, column commitment: z: there is no commitment 'roads'",
        ),
    ],
)
def test_a_wrong_file_of_what_if_is_refused_with_its_place(
    package: str, tmp_path: Path, flows: tuple[Flow, ...], says: str
) -> None:
    given = _file(tmp_path, *flows)
    with pytest.raises(WaymarkError, match=says):
        run("facility", "--register", package, "--window", "2027", "--what-if", given)


def test_a_row_of_what_if_stands_once(package: str, tmp_path: Path) -> None:
    path = Path(_file(tmp_path, flow("z", "pledge", "1")))
    header, row = path.read_text().splitlines()
    path.write_text(f"{header}\n{row}\n{row}\n")
    with pytest.raises(WaymarkError, match="line 3, column id: 'z' is there twice"):
        run("facility", "--register", package, "--what-if", str(path))
    path.write_text(f"{header}\n{row.replace('1.00', 'one')}\n")
    with pytest.raises(WaymarkError, match="line 2, column amount"):
        run("facility", "--register", package, "--what-if", str(path))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("facility", "--window", "2027-20"), "no window of years"),
        (("facility", "--window", "2028-2027"), "1 to 30 years"),
        (("facility", "--floor", "-5"), "no amount"),
        (("facility", "--cap", "1.005"), "no amount"),
        (("facility", "--currency", "dollars"), "currency"),
        (("place", "TUN", "--prices", "constant"), "--base YEAR"),
        (("place", "TUN", "--base", "2020"), "--base YEAR"),
        (("predictability", "TUN", "--by", "commitment"), "know no commitments"),
    ],
)
def test_what_cannot_be_asked_is_said(words: tuple[str, ...], says: str) -> None:
    ended = CliRunner().invoke(waymark, ["finance", *words])
    assert ended.exit_code == 2
    assert says in ended.output


def test_the_rules_are_listed_with_their_sentences() -> None:
    rows = table("rules")
    assert {row["rule"] for row in rows if row["kind"] == "share"} >= {"largest-gap", "equal-share"}
    assert all(row["sentence"].endswith(".") for row in rows)
    assert table("rules", "--language", "ar")[0]["label"] != rows[0]["label"]


def test_predictability_of_the_register_by_provider_and_by_year(package: str) -> None:
    words = ("predictability", "--register", package, "--as-of", "2026-11-27")
    rows = {row["provider"]: row for row in table(*words)}
    assert (rows["C"]["share_paid_in_year"], rows["C"]["lag_in_years"]) == ("0.0", "1.0")
    assert (rows["C"]["outstanding"], rows["A"]["outstanding"]) == ("3.00", "")
    by_year = [row for row in table(*words, "--years") if row["provider"] == "C"]
    assert [(row["year"], row["promised"], row["paid"]) for row in by_year] == [
        ("2024", "9.00", "0.00"),
        ("2025", "0.00", "6.00"),
    ]


def test_predictability_of_a_place_stops_before_the_years_that_are_cut_off() -> None:
    rows = table("predictability", "TUN", "--sector", "15190", "--as-of", "2026-11-27")
    assert {row["judged_until"] for row in rows} == {"2020"}
    assert all(0 <= float(row["share_paid_in_year"] or 0) <= 1 for row in rows)


def test_gaps_in_constant_prices_and_a_missing_level_is_said(package: str) -> None:
    rows = table("gaps", "--register", package, "--prices", "constant", "--base", "2026")
    found = {(row["commitment"], row["year"]): row for row in rows}
    assert found["homes", "2027"]["cost"] == found["homes", "2027"]["gap"] == "80.00"
    missing = found["homes", "2028"]
    assert (missing["cost"], missing["gap"]) == ("", "")
    assert missing["why_not_known"] == "The price level of USD in 2028 is not known."


def test_reports_of_a_place_in_constant_prices(tmp_path: Path) -> None:
    levels = {
        f"usd-{year}": Deflator(
            id=f"usd-{year}", currency="USD", year=year, level=Decimal(level), source="a test"
        )
        for year, level in ((2019, 50), (2020, 100))
    }
    write_package(replace(HELD, deflators=levels), tmp_path)
    plain = {row["year"]: row for row in table("place", "TUN")}
    words = ("place", "TUN", "--prices", "constant", "--base", "2020", "--register", str(tmp_path))
    constant = {row["year"]: row for row in table(*words)}
    assert constant["2020"]["spent"] == plain["2020"]["spent"]
    assert Decimal(constant["2019"]["spent"]) == 2 * Decimal(plain["2019"]["spent"])
    assert constant["2018"]["spent"] == ""
    assert constant["2018"]["why_not_known"] == "The price level of USD in 2018 is not known."
