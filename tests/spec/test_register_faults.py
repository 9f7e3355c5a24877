"""What is wrong in a package is named with its file, its line, its column and a remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.examples import FULL_REGISTER, example_commitment, example_partner, example_step
from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError
from waymark.exchange.register_package import package_files, read_package, write_package
from waymark.indicators.series import Series
from waymark.plans.forums import load_forums
from waymark.plans.register import Register

Read = Callable[[Path], Register]
FILES = list(package_files(Register()))


@pytest.fixture(scope="module")
def read(framework: Framework, series: dict[str, Series]) -> Read:
    forums = load_forums()
    return lambda folder: read_package(folder, framework, forums, series)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The full example as a package."""
    write_package(FULL_REGISTER, tmp_path)
    return tmp_path


STEP = "example,first,=1+1,2027-06-30,,1000,false,"
PARTNER = "example,example-ngo,advises"
WRONG = [  # in which file, what is replaced by what; the place and the problem; the remedy
    # identifiers
    (
        "mandates: example-unit-gcm-7-b-ke-30 => example-ministry-gcm-15-ken",
        "line 3, column id: twice",
        "Line 2",
    ),
    (f"steps: {STEP} => {STEP}\n{STEP}", "line 3, column id: first", "Line 2"),
    (f"partners: {PARTNER} => {PARTNER}\n{PARTNER}", "line 3, column role: example-ngo", "Line 2"),
    ("rounds: example-round => Example Round", "line 2, column id: Example Round", ""),
    # references
    (
        "commitments: KEN,example-ministry => KEN,example-minstry",
        "line 2, column lead: example-minstry",
        "Did you mean example-ministry",
    ),
    ("commitments: en,KEN, => en,KE-32,", "line 2, column place: KE-32", "Did you mean KE-3"),
    ("commitments: reason,plan, => reason,plam,", "line 2, column plan: plam", "Did you mean plan"),
    (
        "commitments: imrf-2026,practice, => imrf-2026,nothing,",
        "line 2, column practice: nothing",
        "Enter it first",
    ),
    ("commitments: imrf-2026 => imrf-2027", "line 2, column forum: imrf-2027", "imrf-2026"),
    (
        "commitments: gcm:15.b gcr => gcm:15.z gcr",
        "line 2, column provisions: gcm:15.z",
        "gcm:15.b",
    ),
    ("commitments: children women => children man", "line 2, column groups: man", "women"),
    ("commitments: ,health, => ,wealth,", "line 2, column needs: wealth", "health"),
    ("commitments: transit entry => transit exit", "line 2, column stages: exit", "entry"),
    (
        "commitments: SG_REG_BRTH => SG_REG_BIRTH",
        "line 2, column series: SG_REG_BIRTH",
        "SG_REG_BRTH",
    ),
    (
        "partners: example-unit => example-units",
        "line 3, column actor: example-units",
        "example-unit",
    ),
    (
        "partners: example,example-unit => exempel,example-unit",
        "line 3, column commitment: exempel",
        "commitments.csv",
    ),
    (
        "steps: example,second => exempel,second",
        "line 3, column commitment: exempel",
        "commitments.csv",
    ),
    ("steps: imrf-2030 => imrf-2031", "line 3, column forum: imrf-2031", "imrf-2030"),
    (
        "reports: r0,example,first => r0,example,fifth",
        "line 4, column step: fifth",
        "first, second, third",
    ),
    (
        "reports: r0,example,first => r0,bare,first",
        "line 4, column step: first",
        "Leave 'step' empty",
    ),
    (
        "reports: r0,example,first,example-ministry => r0,example,first,nobody",
        "line 4, column by: nobody",
        "Enter it",
    ),
    ("reports: r2,example => r2,nothing", "line 3, column commitment: nothing", "Enter it"),
    (
        "assessments: ,example-round, => ,example-ronud,",
        "line 2, column round: example-ronud",
        "example-round",
    ),
    ("mandates: gcm:7.b => gcm:77", "line 3, column provision: gcm:77", "look like"),
    ("plans: ,plan, => ,city-plan,", "line 3, column parent: one comes back", "the one above"),
    (
        "actors: example-ministry,E => example-ministri,E",
        "line 3, column parent: there is no actor 'example-ministry'",
        "example-ministri",
    ),
    ("localities: ,KEN => ,KE-31", "line 2, column parent: one comes back", "the one above"),
    # money
    (
        "flows: ,KEN,,not-known,example, => ,XKX,,not-known,example,",
        "line 2, column place: XKX",
        "",
    ),
    (
        "flows: not-known,example, => not-known,exampel,",
        "line 2, column commitment: exampel",
        "example",
    ),
    (
        "flows: 2028-06-30,example-ngo => 2028-06-30,example-ogn",
        "line 3, column provider: example-ogn",
        "example-ngo",
    ),
    ("flows: gcm:15.b gcm:7 => gcm:15.b gcm:77", "line 3, column provisions: gcm:77", "look like"),
    ("flows: women children => women giants", "line 3, column groups: giants", "Known"),
    ("flows: ,window, => ,widow,", "line 4, column onward_of: widow", "window"),
    (
        "flows: women children,, => women children,aside,",
        "line 3, column onward_of: one comes to it again",
        "came before",
    ),
    ("flows: 1000.00 => a lot", "line 2, column amount: a lot", "Correct"),
    ("flows: 1000.00 => ", "line 2, column amount: 'amount' is missing", "Correct"),
    ("flows: 1000.00 => 1000.005", "line 2, column amount: decimal places", "Correct"),
    ("flows: USD => dollar", "line 2, column currency: DOLLAR", "Correct"),
    ("flows: ,15190, => ,migration,", "line 3, column sector: migration", "Correct"),
    ("flows: ,2026,2026-07-01 => ,2025,2026-07-01", "line 3: the day lies in 2026", "Correct"),
    (
        'flows: ,,example-ngo,"a => ,,example-nog,"a',
        "line 3, column by: example-nog",
        "example-ngo",
    ),
    (
        "rates: EUR,2027 => EUR,2026",
        "line 2, column currency: EUR stands more than once for 2026",
        "best source",
    ),
    ("rates: 0.8 => 0", "line 2, column per_usd: 0", "Correct"),
    ("deflators: made up => ", "line 2, column source: 'source' is missing", "Correct"),
    # values
    ("steps: 2027-06-30,,1000 => 30/06/2027,,1000", "line 2, column due: 30/06/2027", "Correct"),
    ("steps: 2027-06-30,,1000 => 2027-02-30,,1000", "line 2, column due: 2027-02-30", "Correct"),
    ("steps: ,imrf-2030 => 2030-01-01,imrf-2030", "line 3: due on a date or at a forum", "Correct"),
    ("steps: ,1000, => ,a thousand,", "line 2, column value: a thousand", "Correct"),
    ("steps: ,1000, => ,1e999999,", "line 2, column value: 1e999999", "Correct"),
    ("commitments: 99.50 => NaN", "line 2, column target: NaN", "Correct"),
    ("commitments: 99.50 => 1e-999", "line 2, column target: 1e-999", "Correct"),
    ("commitments: ,2020, => ,20200,", "line 2, column baseline_year: 20200", "Correct"),
    ("commitments: under-way => underway", "line 2, column status: underway", "Correct"),
    ("actors: women youth => women,youth", "line 2: cells", "quote a cell"),
    ("actors: ,en, => ,xx,", "line 2, column language: xx", "Correct"),
    (
        "practices: https://example.org/a?b=c,d => javascript:x",
        "line 2, column evidence: javascript:x",
        "Correct",
    ),
    ("reports: 2027-06-30 => 2027-07-02", "line 2: later than the day of the report", "Correct"),
    ("consultations: ,2017, => ,,", "line 2, column year: 'year' is missing", "Correct"),
    # capacity
    (
        "capacity_requests: example-need, => example-ned,",
        "line 2, column need: no need for capacity 'example-ned'",
        "Did you mean example-need",
    ),
    (
        "capacity_requests: bare-need,bare-offer => bare-need,nothing-at-all",
        "line 6, column offer: no offer of capacity",
        "Enter it first",
    ),
    (
        "capacity_offers: KEN 014 => KEN 0141",
        "line 2, column places",
        "Correct",
    ),
    (
        "capacity_offers: KEN 014 => KEN 999",
        "line 2, column places: no place '999'",
        "Enter it first",
    ),
    (
        "capacity_requests: bare-need,bare-offer => bare-need,example-offer",
        "line 6, column offer: the need 'bare-need' cannot ask",
        "another kind",
    ),
    ("capacity_offers: sw pt => sw xx", "line 2, column languages: no such language", "Correct"),
    ("capacity_offers: 2028-02-28 => 2025-02-28", "line 2: ends before it starts", "Correct"),
    ("capacity_needs: cost-shared => costly", "line 2, column terms: costly", "Correct"),
    ("capacity_requests: 2026-03-01 => 2026-01-01", "line 2: earlier than 'asked'", "Correct"),
    (
        "commitments: capacity-request,example-request => capacity-request,example-requests",
        "line 7, column origin_source: no request for capacity",
        "Did you mean example-request",
    ),
    # headers
    ("protectors: provision, => ", "line 1: column provision is missing", "The columns are"),
    (
        "protectors: provision, => provisions,",
        "line 1: column provision is missing",
        "The columns are",
    ),
    (
        "protectors: ,source => ,source,colour",
        "line 1: column colour is not known",
        "The columns are",
    ),
    (
        "protectors: ,source => ,source,source",
        "line 1: column source is there twice",
        "The columns are",
    ),
    ("steps: commitment, => ", "line 1: column commitment is missing", "The columns are"),
]


@pytest.mark.parametrize(("change", "expect", "remedy"), WRONG)
def test_what_is_wrong_is_named_with_its_place_and_a_remedy(
    read: Read, folder: Path, change: str, expect: str, remedy: str
) -> None:
    file, _, replaced = change.partition(": ")
    old, _, new = replaced.partition(" => ")
    path = folder / f"{file}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DefinitionError) as raised:
        read(folder)
    place, _, problem = expect.partition(": ")
    said = str(raised.value).removesuffix(raised.value.remedy)
    assert said.startswith(f"{file}.csv, {place}: ")
    assert problem in said
    assert remedy in raised.value.remedy
    assert raised.value.remedy


@pytest.mark.parametrize("name", [each for each in FILES if each.endswith(".csv")])
def test_an_empty_file_lacks_its_header(read: Read, folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with pytest.raises(
        DefinitionError, match=rf"{name}, line 1: the column .* is missing"
    ) as error:
        read(folder)
    assert "The columns are" in error.value.remedy


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256"])
def test_another_encoding_is_named(read: Read, folder: Path, encoding: str) -> None:
    path = folder / "actors.csv"
    path.write_text(path.read_text("utf-8"), encoding)
    with pytest.raises(DefinitionError, match=r"actors\.csv, line \d+: this is not UTF-8") as error:
        read(folder)
    assert error.value.remedy == "Save the file as UTF-8."


def test_a_table_that_is_not_of_a_package_is_named_with_those_that_are(
    read: Read, folder: Path
) -> None:
    (folder / "commitment.csv").write_text("id\n")
    (folder / "README.md").write_text("A note beside the tables is welcome.")
    with pytest.raises(DefinitionError, match=r"commitment\.csv: this file is not") as error:
        read(folder)
    assert all(name in error.value.remedy for name in FILES)


@pytest.mark.parametrize("name", ["nowhere", "actors.csv"])
def test_what_is_not_a_folder_is_named(read: Read, folder: Path, name: str) -> None:
    with pytest.raises(DefinitionError, match=rf"{name}: there is no such folder") as error:
        read(folder / name)
    assert error.value.remedy


def test_a_commitment_holds_a_step_and_a_partner_in_a_role_once() -> None:
    step, partner = example_step(), example_partner("example-ngo")
    with pytest.raises(ValidationError, match="the step first is there twice"):
        example_commitment(steps=(step, example_step("second"), step))
    with pytest.raises(
        ValidationError, match=r"the partner example-ngo \(advises\) is there twice"
    ):
        example_commitment(partners=(partner, partner))
