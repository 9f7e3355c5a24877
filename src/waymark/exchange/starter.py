"""Read the starter figures: one reader for the raw file of each producer.

Every column of a raw file is used, listed as ignored, or an error; rows that name no place or no
series of ours are counted by reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from waymark.compact.places import Place
from waymark.exceptions import DefinitionError
from waymark.indicators.observations import TOTAL, Missing, Nature, Observation
from waymark.indicators.releases import Release
from waymark.indicators.series import Series
from waymark.reading import read_rows

Raw = tuple[int, dict[str, str]]  # line and cells
NATURES = {
    "C": Nature.COUNTRY,
    "CA": Nature.ADJUSTED,
    "E": Nature.ESTIMATED,
    "M": Nature.MODELLED,
    "G": Nature.GLOBAL,
    "_X": Nature.NOT_STATED,
}
SEXES = {"": TOTAL, "_T": TOTAL, "F": "F", "M": "M", "female": "F", "male": "M"}


@dataclass
class Source:
    """A raw file being read: what it yields and what is left out of it, by reason."""

    path: Path
    release: Release
    places: dict[str, Place]
    series: dict[str, Series]
    left_out: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    rows: int = 0

    def place(self, code: str) -> str | None:
        """Our identifier for a place of the file; None, and counted, for one not in our list."""
        found = self.places.get(code) or self.places.get(code.zfill(3))
        if found is not None:
            return found.id
        reason = f"{code}: not in the UN standard list of places"
        if code in self.release.odd_places:
            reason = f"{code}: {self.release.odd_places[code]}"
        self.left_out[reason] += 1
        return None

    def number(self, line: int, column: str, text: str) -> float:
        """A cell as a number, or an error at its place."""
        try:
            return float(text)
        except ValueError:
            remedy = "Correct the cell, or map it in the release definition."
            raise DefinitionError(
                self.path, f"'{text}' is no number.", remedy, line=line, column=f"column {column}"
            ) from None


def _raw(source: Source) -> Iterator[Raw]:
    for line, row in read_rows(source.path, [*source.release.used, *source.release.ignored]):
        source.rows += 1
        yield line, row


def _global_sdg(source: Source) -> Iterator[Observation]:
    for line, row in _raw(source):
        code = row["seriesCode"]
        if code not in source.series:
            source.left_out[f"{code}: not defined as a series"] += 1
            continue
        place = source.place(row["geoAreaCode"])
        if place is None:
            continue
        value = source.number(line, "value", row["value"]) if row["value"] else None
        missing = Missing.PRESENT if row["value"] else Missing.NOT_APPLICABLE
        yield Observation(
            series=code,
            place=place,
            year=int(row["timePeriod"]),
            period=row["timePeriod"],
            value=value,
            missing=missing,
            nature=NATURES[row["natureCode"]],
            sex=SEXES[row["sexCode"]],
            age=row["ageCode"] or TOTAL,
            migration_status=row["migratoryStatusCode"] or TOTAL,
            policy_domain=_domain(row["policyDomainsCode"]),
            release=source.release.id,
            row=line,
        )


def _sdg_10_7(source: Source) -> Iterator[Observation]:
    for line, row in _raw(source):
        place = source.place(row["geo_area"])
        if place is None:
            continue
        if row["series"] not in source.series:
            source.left_out[f"{row['series']}: not defined as a series"] += 1
            continue
        present = row["value"] != "N"
        yield Observation(
            series=row["series"],
            place=place,
            year=int(row["year"]),
            period=row["year"],
            value=source.number(line, "value", row["value"]) if present else None,
            missing=Missing.PRESENT if present else Missing.NOT_APPLICABLE,
            nature=NATURES[row["nature"].upper()],
            policy_domain=_domain(row["policy_domains"]),
            release=source.release.id,
            row=line,
        )


def _domain(code: str) -> str:
    return TOTAL if code.upper() in ("", "ALLDOMAINS") else code.upper()


def _migrant_stock(source: Source) -> Iterator[Observation]:
    sums: dict[tuple[str, int], dict[str, float]] = {}
    for line, row in _raw(source):
        place = source.place(row["iso3_destination"])
        if place is None:
            continue
        year, sex = int(row["year"]), SEXES[row["sex"]]
        value = source.number(line, "migrants", row["migrants"])
        sums.setdefault((place, year), {})[sex] = value
        yield _estimate(source, "DESA_STOCK", place, year, value, sex=sex, row=line)
    for (place, year), parts in sums.items():
        if set(parts) == {"F", "M"}:  # a total only where both parts are there
            yield _estimate(source, "DESA_STOCK", place, year, sum(parts.values()))


def _migrant_pairs(source: Source) -> Iterator[Observation]:
    """Sums over sex of origin by destination, and the sum over destinations of each origin."""
    query = 'select geo, "from", t, sum(n) n from read_parquet(?) group by all order by all'
    from_origin: Counter[tuple[str, int]] = Counter()
    for destination, origin, year, migrants in duckdb.execute(query, [str(source.path)]).fetchall():
        source.rows += 1
        there, here = source.place(destination), source.place(origin)
        if here is None:
            continue
        from_origin[here, year] += int(migrants)  # wherever they live, also outside our list
        if there is not None and year >= NEWEST_PAIRS:
            yield _estimate(source, "DESA_ORIGINS", there, year, float(migrants), counterpart=here)
    for (place, year), migrants in from_origin.items():
        yield _estimate(source, "DESA_EMIGRANTS", place, year, float(migrants))


NEWEST_PAIRS = 2020  # older pairs stay in the raw file; totals by origin are kept for all years


def _estimate(
    source: Source,
    code: str,
    place: str,
    year: int,
    value: float,
    *,
    sex: str = TOTAL,
    counterpart: str = TOTAL,
    row: int = 0,
) -> Observation:
    return Observation(
        series=code,
        place=place,
        year=year,
        period=str(year),
        value=value,
        nature=Nature.ESTIMATED,
        sex=sex,
        counterpart=counterpart,
        release=source.release.id,
        row=row,
    )


def _unhcr(side: str, column: str) -> Callable[[Source], Iterator[Observation]]:
    def read(source: Source) -> Iterator[Observation]:
        wanted = {name: f"UNHCR_{name.upper()}_{side}" for name in source.release.used[2:]}
        for line, row in _raw(source):
            place = source.place(row[column])
            if place is None:
                continue
            for name, code in wanted.items():
                yield Observation(
                    series=code,
                    place=place,
                    year=int(row["year"]),
                    period=row["year"],
                    value=source.number(line, name, row[name]) if row[name] else None,
                    missing=Missing.PRESENT if row[name] else Missing.UNKNOWN,
                    release=source.release.id,
                    row=line,
                )

    return read


def _missing_migrants(source: Source) -> Iterator[Observation]:
    """People dead or missing by country and cause, and their sum over causes and routes."""
    by_cause: Counter[tuple[str, int, str]] = Counter()
    totals: Counter[tuple[str, int]] = Counter()
    for line, row in _raw(source):
        place = source.place(row["geo"])
        if place is None:
            continue
        dead = int(source.number(line, "dead", row["dead"]))
        by_cause[place, int(row["year"]), row["cause"]] += dead
        totals[place, int(row["year"])] += dead
    for (place, year, cause), dead in by_cause.items():
        yield replace(_counted(source, place, year, dead), cause=cause)
    for (place, year), dead in totals.items():
        yield _counted(source, place, year, dead)


def _counted(source: Source, place: str, year: int, dead: int) -> Observation:
    return Observation(
        series="IOM_MISSING_MIGRANTS",
        place=place,
        year=year,
        period=str(year),
        value=float(dead),
        nature=Nature.GLOBAL,
        release=source.release.id,
    )


def _corridors(source: Source) -> Iterator[Observation]:
    for line, row in _raw(source):
        sending, receiving = source.place(row["sending"]), source.place(row["receiving"])
        if sending is None or receiving is None:
            continue
        cost = source.number(line, "v", row["v"])
        yield Observation(
            series="WB_REMITTANCE_CORRIDOR",
            place=sending,
            year=int(row["quarter"][:4]),
            period=row["quarter"],
            value=cost,
            nature=Nature.GLOBAL,
            counterpart=receiving,
            release=source.release.id,
            row=line,
        )


def _development(source: Source) -> Iterator[Observation]:
    for line, row in _raw(source):
        code = f"WB_{row['var'].upper()}"
        if code not in source.series:
            source.left_out[f"{row['var']}: not defined as a series"] += 1
            continue
        if int(row["t"]) < OLDEST:
            source.left_out[f"before {OLDEST}"] += 1
            continue
        place = source.place(row["geo"])
        if place is None:
            continue
        yield Observation(
            series=code,
            place=place,
            year=int(row["t"]),
            period=row["t"],
            value=source.number(line, "v", row["v"]) if row["v"] else None,
            missing=Missing.PRESENT if row["v"] else Missing.UNKNOWN,
            release=source.release.id,
            row=line,
        )


OLDEST = 1990
READERS: dict[str, Callable[[Source], Iterator[Observation]]] = {
    "unsd-sdg-2019q3": _global_sdg,
    "unsd-sdg-10-7-2020": _sdg_10_7,
    "desa-stock-2024": _migrant_stock,
    "desa-pairs-2024": _migrant_pairs,
    "unhcr-asylum-2025": _unhcr("ASYLUM", "coa_iso"),
    "unhcr-origin-2025": _unhcr("ORIGIN", "coo_iso"),
    "iom-missing-migrants-2025": _missing_migrants,
    "wb-remittance-prices-2020": _corridors,
    "wb-development-2023": _development,
}
