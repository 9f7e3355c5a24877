"""Read the tables of transactions and budgets that the IATI registry hands out, and pack them.

Amounts come in US dollars as the registry converted them; the day is not in the file, the year is.
Every column is used, listed as ignored, or an error. Nothing is dropped: what is odd is counted by
reason in ``readings.yaml``.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from pydantic import RootModel

from waymark.exceptions import DefinitionError, WaymarkError
from waymark.finance.evidence import COLUMNS, MONEY, Reported
from waymark.indicators.releases import Release, load_releases
from waymark.plans.flows import FlowKind
from waymark.reading import Value, read_table, read_yaml

KINDS = {
    "1": FlowKind.INCOMING,
    "2": FlowKind.COMMITMENT,
    "3": FlowKind.DISBURSEMENT,
    "4": FlowKind.EXPENDITURE,
    "11": FlowKind.INCOMING_COMMITMENT,
    "budget": FlowKind.BUDGET,
}
TYPES = {
    "amount": pa.decimal128(18, 2),
    "places_share": pa.decimal128(9, 6),
    "year": pa.int32(),
    "row": pa.int32(),
    "duplicate_of": pa.int32(),
    "day": pa.date32(),
    "ends": pa.date32(),
    "humanitarian": pa.bool_(),
}
SCHEMA = pa.schema([(name, TYPES.get(name, pa.string())) for name in COLUMNS])
REFERENCE = re.compile(r"\[([^\[\]]+)\]\s*$")
CHANNEL = re.compile(r"^\d{5}$")
CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 16
BATCH = 50_000


class Recipient(Value):
    """A row of ``recipients.csv``: a code of IATI, our place or none, and what the code means."""

    code: str
    place: str = ""
    means: str


class Organisations(RootModel[dict[str, tuple[str, ...]]]):
    """Names under which organisations appear without their identifier, by identifier."""


@dataclass
class Reader:
    """A table being read: how it maps to ours, and what was odd in it, by reason."""

    path: Path
    release: Release
    places: Mapping[str, str]
    names: Mapping[str, str]
    odd: Counter[str] = field(default_factory=Counter)
    seen: dict[tuple[object, ...], int] = field(default_factory=dict)

    def rows(self) -> Iterator[Reported]:
        """Every row of the table, marked where it repeats an earlier one; memory by the batch."""
        number = 0
        for batch in self._table().iter_batches(batch_size=BATCH):
            for cells in batch.to_pylist():
                number += 1
                yield self._marked(self._row(number, cells), cells)

    def _table(self) -> pq.ParquetFile:
        try:
            table = pq.ParquetFile(self.path)
        except (pa.ArrowException, OSError):
            remedy = "Fetch it again; the reader takes Parquet as the registry's tables are kept."
            raise DefinitionError(self.path, "this is not a whole Parquet file.", remedy) from None
        wanted = {*self.release.used, *self.release.ignored}
        given = set(table.schema_arrow.names)
        for problem, names in (("is missing", wanted - given), ("is not known", given - wanted)):
            if names:
                remedy = f"The columns are: {', '.join(sorted(wanted))}."
                listed = ", ".join(sorted(names))
                raise DefinitionError(self.path, f"the column {listed} {problem}.", remedy)
        return table

    def _row(self, number: int, cells: Mapping[str, Any]) -> Reported:
        reporter = cells["Reporting Organisation"] or ""
        provider = cells["Provider Organisation"] or ""
        receiver = cells["Receiver Organisation"] or ""
        return Reported(
            kind=self._kind(number, _code(cells["Transaction Type"])),
            amount=self._amount(number, cells["value_usd"]),
            currency="USD",
            year=self._year(number, cells["calendar_year"]),
            place=self._place(cells),
            row=number,
            reporter=self.organisation(reporter),
            reporter_name=_plain(reporter),
            provider=self.organisation(provider),
            provider_name=_plain(provider),
            provider_type=_code(cells["Provider Organisation Type"]),
            receiver=self.organisation(receiver),
            receiver_name=_plain(receiver),
            receiver_type=_code(cells["Receiver Organisation Type"]),
            places_share=Decimal(1) if cells["Multi Country"] == "0" else None,
            sector=_code(cells["Sector"]),
            aid_type=_code(cells["Aid Type"]),
            finance_type=_code(cells["Finance Type"]),
            activity=_plain(cells["IATI Identifier"] or ""),
            title=_plain(cells["Title"] or ""),
            release=self.release.id,
        )

    def organisation(self, name: str) -> str:
        """The identifier of an organisation; empty where there is none, or where there are several.

        A channel code of the OECD (47066) is the same as XM-DAC-47066.
        """
        if ";" in name:
            self.odd["several organisations in one cell: taken as not known"] += 1
            return ""
        found = REFERENCE.search(name)
        if found is None:
            return self.names.get(_folded(name), "")
        code = found[1].strip()
        return f"XM-DAC-{code}" if CHANNEL.match(code) else code

    def _place(self, cells: Mapping[str, Any]) -> str:
        code = _code(cells["Recipient Country"])
        if not code and str(cells["source_file"]).removeprefix("budget-") == "NA.xlsx":
            self.odd["NA was read as nothing: it is Namibia, by the name of its file"] += 1
            code = "NA"
        place = self.places.get(code, "")
        if not place:
            self.odd[f"{code or 'no recipient'}: no place of ours"] += 1
        return place

    def _kind(self, number: int, code: str) -> FlowKind:
        if code in KINDS:
            return KINDS[code]
        remedy = "The reader knows types 1, 2, 3, 4, 11 and budget; leave other rows out."
        raise self._fault(number, "Transaction Type", f"'{code}' is no type of ours", remedy)

    def _amount(self, number: int, value: object) -> Decimal:
        if not isinstance(value, int | float) or value != value or abs(value) >= LARGEST:
            remedy = "Correct the amount; a missing one cannot be taken for 0."
            raise self._fault(number, "value_usd", "there is no amount", remedy)
        exact = Decimal(repr(float(value)))
        cents = exact.quantize(CENT, ROUND_HALF_UP)
        if cents != exact:
            self.odd["rounded to the cent"] += 1
        if cents < 0:
            self.odd["negative: kept, it takes back an earlier amount"] += 1
        return cents

    def _year(self, number: int, value: object) -> int:
        if not isinstance(value, int) or not 1900 <= value <= 2100:
            remedy = "Correct the year; it lies between 1900 and 2100."
            raise self._fault(number, "calendar_year", f"'{value}' is no year", remedy)
        return value

    def _fault(self, number: int, column: str, problem: str, remedy: str) -> DefinitionError:
        return DefinitionError(
            self.path, f"{problem}.", remedy, line=number, column=f"column {column}"
        )

    def _marked(self, row: Reported, cells: Mapping[str, Any]) -> Reported:
        key = tuple(cells.values())
        first = self.seen.setdefault(key, row.row)
        if first == row.row:
            return row
        self.odd["the same in every column as an earlier row: kept, marked, not counted"] += 1
        return replace(row, duplicate_of=first)


def _code(cell: object) -> str:
    return str(cell or "").split(" - ")[0].strip()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _folded(name: str) -> str:
    return " ".join(re.sub(r"\W+", " ", name).casefold().split())


def open_table(path: Path, release: Release, folder: Path = MONEY) -> Reader:
    """A reader with the recipients and the names of organisations that a folder defines."""
    recipients = {
        each.code: each.place for each in read_table(folder / "recipients.csv", Recipient)
    }
    organisations = read_yaml(folder / "organisations.yaml", Organisations).root
    names = {_folded(name): code for code, found in organisations.items() for name in found}
    return Reader(path, release, recipients, names)


def pack(source: Path, release: Release, target: Path, folder: Path = MONEY) -> dict[str, object]:
    """Read a table and write it as Parquet of ours; returns what was found, for the reading."""
    table = open_table(source, release, folder)
    rows = list(table.rows())
    columns = [[getattr(row, name) for row in rows] for name in COLUMNS]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, SCHEMA.types, strict=True)]
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=SCHEMA),
        target,
        compression="zstd",
        compression_level=19,
    )
    years = [row.year for row in rows]
    return {
        "release": release.id,
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "rows": len(rows),
        "figures": len(rows),
        "first_year": min(years, default=0),
        "last_year": max(years, default=0),
        "left_out": {},
        "changed": dict(sorted(table.odd.items())),
    }


def main(folder: Path, target: Path = MONEY) -> None:
    """Pack every release of money, and say what was odd."""
    readings = []
    for release in load_releases(target).values():
        reading = pack(folder / release.file, release, target / f"{release.id}.parquet")
        readings.append(reading)
        print(f"{release.id}: {reading['rows']} rows")
        for reason, rows in reading["changed"].items():  # type: ignore[attr-defined]
            print(f"    {rows}: {reason}")
    text = yaml.safe_dump({"readings": readings}, sort_keys=False, allow_unicode=True)
    (target / "readings.yaml").write_text(
        "# Written by script/pack-figures.\n" + text, encoding="utf-8"
    )


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except WaymarkError as error:
        sys.exit(f"pack-figures: {error}")
