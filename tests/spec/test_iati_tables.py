"""Tables of the IATI registry: what is odd is kept and counted, what is wrong says where."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from waymark.exceptions import DefinitionError
from waymark.exchange.iati_tables import Reader, open_table, pack
from waymark.finance.evidence import MONEY, open_money
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


def table(tmp_path: Path, *rows: dict[str, object]) -> Reader:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.Table.from_pylist([{**ROW, **row} for row in rows]), path)
    return open_table(path, RELEASE)


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    (row,) = table(tmp_path, {}).rows()
    assert (row.kind, row.amount, row.year) == (FlowKind.DISBURSEMENT, Decimal("10.13"), 2020)
    assert (row.place, row.sector, row.row) == ("KEN", "15190", 1)
    assert (row.provider, row.receiver, row.receiver_name) == ("XX-A", "XM-DAC-47066", "IOM")
    assert (row.places_share, row.day, row.earmarking) == (1, None, "not-known")


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
def test_an_organisation_is_known_by_its_identifier(
    tmp_path: Path, name: str, identifier: str
) -> None:
    assert table(tmp_path, {}).organisation(name) == identifier


def test_odd_rows_are_kept_and_counted_by_reason(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        {"value_usd": -5.0},
        {"Recipient Country": "", "source_file": "budget-NA.xlsx"},
        {"Recipient Country": "", "source_file": "KE.xlsx"},
        {"Recipient Country": "XK - Kosovo"},
        {"value_usd": -5.0},
    )
    rows = list(found.rows())
    assert [row.place for row in rows] == ["KEN", "NAM", "", "", "KEN"]
    assert [row.duplicate_of for row in rows] == [None, None, None, None, 1]
    assert counted(rows)[4].measure is Measure.DUPLICATE
    assert found.odd["no recipient: no place of ours"] == 1
    assert found.odd["XK: no place of ours"] == 1
    assert sum("negative" in reason for reason in found.odd) == 1


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
        list(table(tmp_path, {}, cells).rows())


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"value": [1]}), path)
    with pytest.raises(DefinitionError, match="is missing"):
        list(open_table(path, RELEASE).rows())
    pq.write_table(pa.Table.from_pylist([{**ROW, "new": "x"}]), path)
    with pytest.raises(DefinitionError, match="the column new is not known"):
        list(open_table(path, RELEASE).rows())
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(DefinitionError, match="not a whole Parquet file"):
        list(open_table(path, RELEASE).rows())


def test_what_is_packed_reads_back_the_same(tmp_path: Path) -> None:
    read = table(tmp_path, {}, {"value_usd": -1.0}, {})
    (tmp_path / "store").mkdir()
    reading = pack(read.path, RELEASE, tmp_path / "store" / "a.parquet")
    assert reading["rows"] == 3
    assert open_money(tmp_path / "store").rows() == list(read.rows())


def test_a_store_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="there is no money here"):
        open_money(tmp_path)
    (tmp_path / "a.parquet").write_bytes(b"nothing")
    with pytest.raises(DefinitionError, match="not a whole Parquet file"):
        open_money(tmp_path)
    pq.write_table(pa.table({"kind": ["cost"]}), tmp_path / "a.parquet")
    with pytest.raises(DefinitionError, match="amount, currency"):
        open_money(tmp_path)
