"""Tables of the IATI registry: what is odd is kept and counted, what is wrong says where."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from waymark.exceptions import DefinitionError
from waymark.exchange.iati_tables import pack
from waymark.exchange.registry.reading import load_meanings
from waymark.finance.choices import Choice
from waymark.finance.evidence import MONEY, open_money
from waymark.finance.reported import Reported
from waymark.finance.sums import Measure, counted
from waymark.indicators.releases import load_releases
from waymark.plans.flows import FlowKind

RELEASE = load_releases(MONEY)["iati-migration-2021"]
ROW = {
    **dict.fromkeys((*RELEASE.used, *RELEASE.ignored), ""),
    "IATI Identifier": "XX-1",
    "Transaction Type": "3 - Disbursement",
    "Recipient Country": "KE - Kenya",
    "Sector": "15190 - Migration",
    "Reporting Organisation": "A ministry [XX-A]",
    "Provider Organisation": "A ministry [XX-A]",
    "Receiver Organisation": "IOM",
    "Multi Country": "0",
    "calendar_year": 2020,
    "value_usd": 10.125,
    "source_file": "KE.xlsx",
}


def table(tmp_path: Path, *rows: dict[str, object]) -> Path:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.Table.from_pylist([{**ROW, **row} for row in rows]), path)
    return path


def read(tmp_path: Path, *rows: dict[str, object]) -> tuple[list[Reported], dict[str, int]]:
    """The rows as packed and opened again, and what was odd in them."""
    store = tmp_path / "store"
    store.mkdir()
    found = pack(table(tmp_path, *rows), RELEASE, store / f"{RELEASE.id}.parquet")
    assert found.rows == len(rows)
    return open_money(store).rows(), found.changed


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    ((row,), _) = read(tmp_path, {})
    assert (row.kind, row.amount, row.year) == (FlowKind.DISBURSEMENT, Decimal("10.13"), 2020)
    assert (row.place, row.sector, row.row) == ("KEN", "15190", 1)
    assert (row.provider, row.receiver, row.receiver_name) == ("XX-A", "XM-DAC-47066", "IOM")
    assert (row.places_share, row.day, row.earmarking) == (1, None, "not-known")


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (0.005, "0.01"),
        (-0.005, "-0.01"),
        (0.004999999999999999, "0.00"),
        (1.005, "1.01"),  # as a spreadsheet does, not as the binary number lies
        (2.675, "2.68"),
        (1e-05, "0.00"),
        (5e-324, "0.00"),
        (1e15, "1000000000000000.00"),
        (9999999999999998.0, "9999999999999998.00"),
        (1590358.89098973, "1590358.89"),
    ],
)
def test_an_amount_is_rounded_half_away_from_zero(tmp_path: Path, value: float, cents: str) -> None:
    ((row,), _) = read(tmp_path, {"value_usd": value})
    assert row.amount == Decimal(cents)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("International Organisation for Migration [47066]", "XM-DAC-47066"),
        ("IOM – International Organization for Migration  [47066]", "XM-DAC-47066"),
        ("[XM-DAC-47066]", "XM-DAC-47066"),
        ("united nations children's fund", "XM-DAC-41122"),
        ("UNICEF ; International Organization for Migration (IOM) [XM-DAC-47066]", ""),
        ("Some association", ""),
        ("", ""),
    ],
)
def test_an_organisation_is_known_by_its_identifier(name: str, identifier: str) -> None:
    assert load_meanings().organisation(name) == identifier


def test_odd_rows_are_kept_and_counted_by_reason(tmp_path: Path) -> None:
    rows, odd = read(
        tmp_path,
        {"value_usd": -5.0},
        {"Recipient Country": "", "source_file": "budget-NA.xlsx"},
        {"Recipient Country": "", "source_file": "KE.xlsx"},
        {"Recipient Country": "XK - Kosovo"},
        {"value_usd": -5.0},
    )
    assert [row.place for row in rows] == ["KEN", "NAM", "", "", "KEN"]
    assert [row.duplicate_of for row in rows] == [None, None, None, None, 1]
    assert counted(rows)[4].measure is Measure.DUPLICATE
    assert odd["no recipient: no place of ours"] == 1
    assert odd["XK: no place of ours"] == 1
    assert sum("negative" in reason for reason in odd) == 1


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"Transaction Type": "12 - Pledge"}, "line 2, column Transaction Type: '12' is no type"),
        ({"value_usd": None}, "line 2, column value_usd: there is no amount"),
        ({"value_usd": float("nan")}, "there is no amount"),
        ({"value_usd": 1e300}, "there is no amount"),
        ({"calendar_year": None}, "column calendar_year: 'None' is no year"),
        ({"calendar_year": 20}, "'20' is no year"),
    ],
)
def test_a_row_that_is_wrong_stops_the_reading(
    tmp_path: Path, cells: dict[str, object], says: str
) -> None:
    with pytest.raises(DefinitionError, match=says):
        read(tmp_path, {}, cells)


def test_the_first_fault_is_named(tmp_path: Path) -> None:
    bad = {"value_usd": None}
    with pytest.raises(DefinitionError, match="line 2, column calendar_year"):
        read(tmp_path, {}, {"calendar_year": 20}, bad)


def test_another_table_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "packed.parquet"
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"value": [1]}), path)
    with pytest.raises(DefinitionError, match="is missing"):
        pack(path, RELEASE, target)
    with pytest.raises(DefinitionError, match="the column new is not known"):
        pack(table(tmp_path, {"new": "x"}), RELEASE, target)
    with pytest.raises(DefinitionError, match="the column Sector holds int64"):
        pack(table(tmp_path, {"Sector": 15190}), RELEASE, target)
    with pytest.raises(DefinitionError, match="the column value_usd holds string"):
        pack(table(tmp_path, {"value_usd": "ten"}), RELEASE, target)
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(DefinitionError, match="not a whole Parquet file"):
        pack(path, RELEASE, target)
    assert not target.exists()


def test_a_damaged_page_is_no_traceback(tmp_path: Path) -> None:
    path = table(tmp_path, *({"Title": f"title {n}"} for n in range(5_000)))
    whole = bytearray(path.read_bytes())
    whole[100:4_000] = b"\xff" * 3_900
    path.write_bytes(whole)
    with pytest.raises(DefinitionError, match="not a whole Parquet file"):
        pack(path, RELEASE, tmp_path / "packed.parquet")


def test_signs_in_a_name_mean_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "it's [a] *?"
    folder.mkdir()
    assert [row.place for row in read(folder, {})[0]] == ["KEN"]


def test_what_is_packed_is_counted_as_the_rule_says(tmp_path: Path) -> None:
    paid = {"Receiver Organisation": "Council [XX-B]"}
    spent = {
        "Transaction Type": "4 - Expenditure",
        "Reporting Organisation": "Council [XX-B]",
        "Provider Organisation": "Council [XX-B]",
        "Receiver Organisation": "",
    }
    rows, _ = read(tmp_path, paid, spent, paid, {**paid, "Recipient Country": ""})
    measures = [each.measure for each in open_money(tmp_path / "store").counted(Choice())]
    assert measures == [each.measure for each in counted(rows)]
    assert measures == [Measure.PASSED_ON, Measure.SPENT, Measure.DUPLICATE, Measure.SPENT]


def test_a_store_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="there is no money here"):
        open_money(tmp_path)
    (tmp_path / "a.parquet").write_bytes(b"nothing")
    with pytest.raises(DefinitionError, match="not a whole Parquet file"):
        open_money(tmp_path)
    pq.write_table(pa.table({"kind": ["cost"]}), tmp_path / "a.parquet")
    with pytest.raises(DefinitionError, match="amount, currency"):
        open_money(tmp_path)


def test_files_that_were_not_counted_together_are_not_summed(tmp_path: Path) -> None:
    read(tmp_path, {})
    store = tmp_path / "store"
    (store / "second.parquet").write_bytes((store / f"{RELEASE.id}.parquet").read_bytes())
    with pytest.raises(DefinitionError, match="not counted together"):
        open_money(store)
