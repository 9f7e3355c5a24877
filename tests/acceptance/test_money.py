"""The money that ships is what the raw table says, by a second way of counting: SQL."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb

from waymark.exchange.iati_tables import bring_in, pack
from waymark.finance.choices import By, Choice
from waymark.finance.evidence import MONEY, open_money
from waymark.finance.sums import Measure, counted, totals
from waymark.indicators.releases import Readings, load_releases
from waymark.plans.flows import FlowKind
from waymark.reading import read_rows, read_yaml

RELEASE = load_releases(MONEY)["iati-migration-2021"]
KINDS = {
    FlowKind.INCOMING: "1",
    FlowKind.COMMITMENT: "2",
    FlowKind.DISBURSEMENT: "3",
    FlowKind.EXPENDITURE: "4",
    FlowKind.BUDGET: "b",
}
BY_HAND = """
    select split_part("Recipient Country", ' - ', 1), "Transaction Type"[1], calendar_year,
           count(*), sum(cast(round(cast(cast(value_usd as varchar) as decimal(38, 12)), 2)
                              as decimal(18, 2)))
    from read_parquet(?) group by all
"""


def test_every_place_kind_and_year_adds_up_as_in_the_raw_table(shared: Path) -> None:
    recipients = {
        row["code"]: row["place"]
        for _, row in read_rows(MONEY / "recipients.csv", ["code", "place", "means"])
    }
    raw = duckdb.execute(BY_HAND, [str(shared / "starter" / RELEASE.file)]).fetchall()
    found: dict[tuple[str, FlowKind, int], tuple[int, Decimal]] = {}
    for row in open_money().rows():
        key = row.place, row.kind, row.year
        number, amount = found.get(key, (0, Decimal(0)))
        found[key] = number + 1, amount + row.amount
    compared = 0
    for code, kind, year, number, amount in raw:
        place = recipients[code or "NA"]
        if place:
            key = place, next(k for k, short in KINDS.items() if short == kind), year
            assert found[key] == (number, amount)
            compared += 1
    assert compared == 2000


def test_packing_again_gives_what_ships(shared: Path, tmp_path: Path) -> None:
    reading = pack(shared / "starter" / RELEASE.file, RELEASE, tmp_path / f"{RELEASE.id}.parquet")
    (shipped,) = read_yaml(MONEY / "readings.yaml", Readings).readings
    assert reading == shipped
    assert open_money(tmp_path).rows() == open_money().rows()


def test_what_is_passed_on_is_shown_beside(shared: Path) -> None:
    found = totals(counted(open_money().rows()), lambda row: row.place)
    passed = {key[0]: len(t.rows) for key, t in found.items() if key[1] is Measure.PASSED_ON}
    assert passed == {"142": 2, "LBN": 2, "LKA": 6}


MOLDOVA = """
    select "Transaction Type"[1], calendar_year, count(*),
           sum(cast(round(cast(cast(value_usd as varchar) as decimal(38, 12)), 2)
                    as decimal(18, 2)))
    from read_parquet(?) where source_file = 'MD.xlsx' group by all
"""


def test_a_workbook_of_the_registry_adds_up_to_its_rows_in_the_table(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "iati"
    (reading,) = bring_in([folder / "transactions_MD.xlsx"], tmp_path / "money")
    assert (reading.rows, reading.first_year, reading.last_year) == (23_400, 1997, 2022)
    money = open_money(tmp_path / "money")
    found: dict[tuple[str, int], tuple[int, Decimal]] = {}
    for each in money.sums(Choice(places=("MDA",)), [By.KIND, By.YEAR]):
        kind, year = each.group
        rows, amount = found.get((str(kind), int(year)), (0, Decimal(0)))
        found[str(kind), int(year)] = rows + each.rows, amount + each.amount
    names = {short: kind.value for kind, short in KINDS.items()}
    raw = duckdb.execute(MOLDOVA, [str(folder / "transactions.parquet")]).fetchall()
    assert found == {(names[kind], year): (rows, sum_) for kind, year, rows, sum_ in raw}
