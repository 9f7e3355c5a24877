"""Money is imported whole or not at all, from tables and workbooks, in four languages."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.spec.test_iati_tables import ROW
from waymark.cli.main import waymark
from waymark.exceptions import DefinitionError
from waymark.exchange.iati_tables import bring_in
from waymark.exchange.registry.forms import load_forms
from waymark.finance.choices import By, Choice
from waymark.finance.evidence import open_money
from waymark.finance.sums import Measure, counted
from waymark.indicators.releases import Readings, load_releases
from waymark.reading import read_yaml
from waymark_web import store

FORMS = load_forms()
EARLY = [  # the header of the workbooks of July 2021
    *("IATI Identifier", "Title", "Reporting Organisation", "Reporting Organisation Type"),
    *("Aid Type", "Finance Type", "Provider Organisation", "Provider Organisation Type"),
    *("Receiver Organisation", "Receiver Organisation Type", "Transaction Type"),
    *("Recipient Country", "Multi Country", "Sector Category", "Sector", "COVID 19"),
    *("Calendar Year", "Calendar Quarter", "Value (USD)"),
]
LATER = {  # those since October 2021, in the order of the workbook
    "en": "IATI Identifier|Title|Reporting Organisation Group|Reporting Organisation|Reporting "
    "Organisation Type|Aid Type|Finance Type|Flow Type|Provider Organisation|Provider Organisation "
    "Type|Receiver Organisation|Receiver Organisation Type|Transaction Type|Recipient Country or "
    "Region|Multi Country|Sector Category|Sector|Humanitarian|Calendar Year|Calendar Quarter|"
    "Calendar Year and Quarter|URL|Value (USD)|Value (EUR)|Value (Local currrency)",
    "fr": "Identifiant de l’IITA|Titre|Groupe d’organisme déclarant|Organisme déclarant|Type "
    "d’organisme déclarant|Type d’aide|Type de financement|Type de flux|Organisme prestataire|Type "
    "d’organisme prestataire|Organisme bénéficiaire|Type d’organisme bénéficiaire|Type de "
    "transaction|Pays ou région bénéficiaire|Multipays|Catégorie de secteur|Secteur|Humanitaire|"
    "Année civile|Trimestre civil|Année et trimestre civils|URL|Valeur (USD)|Valeur (EUR)|Valeur "
    "(Monnaie locale)",
}
CELLS = ["XX-1", "A  title", "A ministry [XX-A]", "10 - Government", "C01 - Project", "110 - Grant"]
CELLS += ["A ministry [XX-A]", "10 - Government", "IOM", "", "3 - Disbursement", "KE - Kenya", 0]
CELLS += ["150 - Government", "15190 - Migration", 0, 2020, "Q1", 10.125]


def workbook(path: Path, header: list[str], *rows: list[object], sheet: str = "Data") -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in (header, *rows):
        book.active.append(row)
    book.save(path)
    return path


def table(path: Path, *rows: dict[str, object]) -> Path:
    pq.write_table(pa.Table.from_pylist([{**ROW, **row} for row in rows]), path)
    return path


def test_a_workbook_of_the_registry_is_read_like_its_table(tmp_path: Path) -> None:
    path = workbook(tmp_path / "KE.xlsx", EARLY, CELLS, [*CELLS[:-1], "-5.5"])
    (reading,) = bring_in([path], tmp_path / "money")
    first, second = open_money(tmp_path / "money").rows()
    assert (first.amount, first.year, first.row) == (Decimal("10.13"), 2020, 1)
    assert (first.place, first.sector, first.receiver) == ("KEN", "15190", "XM-DAC-47066")
    assert (first.title, first.places_share, first.release) == ("A title", 1, "ke")
    assert (second.amount, second.row) == (Decimal("-5.50"), 2)
    assert (reading.rows, reading.first_year, reading.last_year) == (2, 2020, 2020)


@pytest.mark.parametrize("language", LATER)
def test_the_later_workbooks_are_read_in_other_languages(tmp_path: Path, language: str) -> None:
    empty = dict(zip(("en", "fr"), FORMS.no_data, strict=False))[language]
    group, provider = "GB - United Kingdom", "FCDO [GB-GOV-1]"
    row: list[object] = ["GB-1", "Works", group, provider, "10 - Gouvernement", "C01 - Projet"]
    row += ["110 - Don", "10 - APD", provider, empty, empty, empty, "4 - Dépenses", "LR - Libéria"]
    row += [0, "150 - État", "15110 - Politiques", 1, 2010, "Q2", "2010 Q2", "https://example.org"]
    row += [1696.34080081509, 1433.44668040046, 0]
    path = workbook(tmp_path / "LR.xlsx", LATER[language].split("|"), row)
    bring_in([path], tmp_path / "money")
    (found,) = open_money(tmp_path / "money").rows()
    assert (found.place, found.kind.value, found.amount) == (
        "LBR",
        "expenditure",
        Decimal("1696.34"),
    )
    assert (found.provider, found.provider_type, found.receiver_name) == ("GB-GOV-1", "", "")
    assert found.humanitarian is True


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("Value (USD)", None, "KE.xlsx, Data!S3: there is no amount"),
        ("Value (USD)", "ten", "KE.xlsx, Data!S3: 'ten' is no number"),
        ("Value (USD)", "=1+1", "KE.xlsx, Data!S3: This is a formula"),
        ("Value (USD)", True, "'True' is no number"),
        ("Value (USD)", 1e17, "Data!S3: the amount is too large"),
        ("Calendar Year", 20, "Data!Q3: '20' is no year"),
        ("Calendar Year", 2020.5, "Data!Q3: '2020.5' is no year"),
        ("Calendar Year", date(2020, 1, 1), "Data!Q3: '2020-01-01' is no year"),
        ("Transaction Type", "12 - Pledge", "Data!K3: '12' is no type of ours"),
        ("Title", "=HYPERLINK(1)", "Data!B3: This is a formula"),
    ],
)
def test_a_cell_that_is_wrong_is_named(
    tmp_path: Path, column: str, value: object, says: str
) -> None:
    wrong: list[object] = [*CELLS]
    wrong[EARLY.index(column)] = value
    path = workbook(tmp_path / "KE.xlsx", EARLY, CELLS, wrong)
    with pytest.raises(DefinitionError, match=says.replace("(", r"\(")) as error:
        bring_in([path], tmp_path / "money")
    assert error.value.remedy
    assert [each.name for each in tmp_path.iterdir()] == ["KE.xlsx"]  # nothing is left behind


def test_a_row_keeps_its_place_in_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in ((3, EARLY), (5, CELLS), (9, CELLS)):
        for column, value in enumerate(row, start=2):
            sheet.cell(number, column).value = value
    book.create_sheet("Notes").append(["how to read this"])
    book.create_sheet("Old").append(EARLY)
    book["Old"].sheet_state = "hidden"
    book.save(tmp_path / "KE.xlsx")
    (reading,) = bring_in([tmp_path / "KE.xlsx"], tmp_path / "money")
    rows = open_money(tmp_path / "money").rows()
    assert [(row.row, row.duplicate_of) for row in rows] == [(2, None), (6, 2)]
    assert any("Notes" in reason for reason in reading.changed)
    assert any("Hidden sheets: Old" in reason for reason in reading.changed)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (EARLY[:-1], "the column Value .USD. is missing"),
        ([*EARLY, "More"], "the column More is not known"),
        ([*EARLY, "title "], "the column title is there twice"),
        (["name", "amount"], "no sheet has the columns"),
    ],
)
def test_another_workbook_is_refused(tmp_path: Path, header: list[str], says: str) -> None:
    path = workbook(tmp_path / "KE.xlsx", header, CELLS[: len(header)])
    with pytest.raises(DefinitionError, match=says):
        bring_in([path], tmp_path / "money")


def test_a_value_beside_the_table_and_two_sheets_of_money_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "KE.xlsx", EARLY, [*CELLS, "aside"])
    with pytest.raises(DefinitionError, match="Data!T2: there is a value beside the table"):
        bring_in([path], tmp_path / "money")
    book = openpyxl.load_workbook(workbook(path, EARLY, CELLS))
    book.create_sheet("More").append(EARLY)
    book.save(path)
    with pytest.raises(DefinitionError, match="several sheets hold money: Data, More"):
        bring_in([path], tmp_path / "money")


def test_rows_of_several_files_count_once(tmp_path: Path) -> None:
    whole = table(
        tmp_path / "all.parquet",
        {"Title": "A title", "value_usd": 10.124, "Reporting Organisation Type": "10 - G"},
        {"Title": "Other", "value_usd": 10.124},
        {"Title": "Other", "value_usd": 10.124},
    )
    header = [*EARLY]
    cells = [str(ROW.get(name, "")) for name in header[:-3]]
    cells[header.index("Title")], cells[header.index("Reporting Organisation Type")] = (
        "A title",
        "10 - G",
    )
    book = workbook(
        tmp_path / "KE.xlsx", header, [*cells, 2020, "", 10.12], [*cells, 2020, "Q4", 10.12]
    )
    readings = bring_in([whole, book], tmp_path / "money")
    rows = open_money(tmp_path / "money").rows()
    assert [(row.release, row.row, row.duplicate_of, row.duplicate_in) for row in rows] == [
        ("all", 1, None, ""),
        ("all", 2, None, ""),
        ("all", 3, 2, ""),
        ("ke", 1, 1, "all"),
        ("ke", 2, None, ""),
    ]
    assert any("a row of another file" in reason for reason in readings[1].changed)
    measures = [each.measure for each in open_money(tmp_path / "money").counted(Choice())]
    assert measures == [each.measure for each in counted(rows)]
    assert measures.count(Measure.DUPLICATE) == 2


def test_what_is_passed_on_is_decided_over_all_files(tmp_path: Path) -> None:
    paid = table(tmp_path / "a.parquet", {"Receiver Organisation": "Council [XX-B]"})
    council = {"Reporting Organisation": "Council [XX-B]", "Receiver Organisation": ""}
    spent = table(tmp_path / "b.parquet", {**council, "Transaction Type": "4 - Expenditure"})
    for files, measure in (([paid], Measure.SPENT), ([paid, spent], Measure.PASSED_ON)):
        bring_in(files, tmp_path / "money")
        assert open_money(tmp_path / "money").counted(Choice())[0].measure is measure


def test_a_second_import_is_the_same_and_a_failed_one_changes_nothing(tmp_path: Path) -> None:
    path, folder = table(tmp_path / "Some Table.parquet", {}, {}), tmp_path / "money"

    def content() -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in folder.rglob("*") if each.is_file()}

    assert bring_in([path], folder) == bring_in([path], folder)
    before = content()
    bring_in([path], folder)
    assert content() == before
    (tmp_path / "bad.parquet").write_bytes(b"PAR1")
    with pytest.raises(DefinitionError, match="not a whole Parquet file"):
        bring_in([path, tmp_path / "bad.parquet"], folder)
    assert content() == before
    assert set(load_releases(folder)) == {"some-table"}
    assert {each.name for each in tmp_path.iterdir()} == {
        "Some Table.parquet",
        "bad.parquet",
        "money",
    }


def test_folders_and_names_that_would_lose_something_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "a.parquet", {})
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(DefinitionError, match="something other than imported money"):
        bring_in([path], tmp_path / "mine")
    with pytest.raises(DefinitionError, match="this is a file"):
        bring_in([path], path)
    with pytest.raises(DefinitionError, match="the folder cannot be written: "):
        bring_in([path], path / "inside")
    with pytest.raises(DefinitionError, match="several files would be kept as 'a'"):
        bring_in([path, tmp_path / "A.parquet"], tmp_path / "money")
    with pytest.raises(DefinitionError, match="the file is missing"):
        bring_in([tmp_path / "no.parquet"], tmp_path / "money")
    (tmp_path / "list.csv").write_text("a,b\n")
    with pytest.raises(DefinitionError, match="neither a Parquet file nor a workbook"):
        bring_in([tmp_path / "list.csv"], tmp_path / "money")


def test_commands_read_the_folder_that_is_named(tmp_path: Path) -> None:
    path, folder = table(tmp_path / "a.parquet", {}, {"value_usd": -1.0}), tmp_path / "money"
    run = CliRunner()
    done = run.invoke(waymark, ["finance", "import", str(path), "--into", str(folder)])
    assert "negative: kept, it takes back an earlier amount" in done.output
    for extra, env in ((["--money", str(folder)], {}), ([], {"WAYMARK_MONEY": str(folder)})):
        arguments = ["finance", "place", "KEN", "--format", "json", *extra]
        (year,) = json.loads(run.invoke(waymark, arguments, env=env).output)
        assert (year["spent"], year["rows"]) == ("9.13", 2)
    arguments = ["review", "--place", "KEN", "--as-of", "2021-05-05", "--format", "json"]
    said = run.invoke(waymark, arguments, env={"WAYMARK_MONEY": str(folder)}).output
    assert "9 spent, not known committed" in said
    missing = run.invoke(waymark, ["finance", "place", "KEN", "--money", str(tmp_path / "no")])
    assert "there is no money here" in str(missing.exception)


def test_the_words_of_the_forms_mean_one_thing_each() -> None:
    names = [name for names in FORMS.columns.values() for name in names]
    names += [name for each in FORMS.ignored for name in each.names]
    assert len(FORMS.used) + len(FORMS.past) == len(names) == len({*FORMS.used, *FORMS.past})
    assert FORMS.used["value (usd)"] == "value"


def test_readings_are_kept(tmp_path: Path) -> None:
    found = bring_in([table(tmp_path / "a.parquet", {})], tmp_path / "money")
    kept = read_yaml(tmp_path / "money" / "readings.yaml", Readings)
    assert list(kept.readings) == found


def test_the_site_reads_the_folder_of_the_setting(tmp_path, settings):
    bring_in([table(tmp_path / "a.parquet", {})], tmp_path / "money")
    shipped = settings.MONEY
    try:
        settings.MONEY = tmp_path / "money"
        store.money.cache_clear()
        assert [row.release for row in store.money().rows()] == ["a"]
    finally:
        settings.MONEY = shipped
        store.money.cache_clear()


def test_many_threads_get_the_same_answers(tmp_path: Path) -> None:
    bring_in([table(tmp_path / "a.parquet", *[{}] * 50)], tmp_path / "money")
    money = open_money(tmp_path / "money")

    def ask(_: int) -> tuple[object, object]:
        return money.sums(Choice(), [By.YEAR]), money.counted(Choice(), 10, 10)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(20)))
    assert answers == [ask(0)] * 20
