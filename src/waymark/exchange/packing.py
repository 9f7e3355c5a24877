"""Pack figures: raw files into typed Parquet that ships (``script/pack-figures``).

What is left out or changed is counted by reason in ``readings.yaml``. Nothing is written unless
every file was read.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from dataclasses import astuple, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from waymark.compact.loading import load_framework
from waymark.compact.places import Place
from waymark.exceptions import WaymarkError
from waymark.exchange.starter import READERS, Source
from waymark.indicators.derived import by_series, derive
from waymark.indicators.evidence import FIGURES
from waymark.indicators.observations import COLUMNS, TOTAL, Missing, Observation
from waymark.indicators.releases import Release, load_releases
from waymark.indicators.series import Series, load_series

SCHEMA = pa.schema(
    [
        (
            name,
            {"value": pa.float64(), "year": pa.int32(), "row": pa.int32()}.get(name, pa.string()),
        )
        if name not in ("headline", "incomplete")
        else (name, pa.bool_())
        for name in COLUMNS
    ]
)


def pack(
    folder: Path,
    target: Path,
    releases: dict[str, Release],
    series: dict[str, Series],
    places: dict[str, Place],
) -> list[dict[str, object]]:
    """Read every raw file below ``folder``; write figures and readings to ``target``."""
    by_code = {**places, **{place.m49: place for place in places.values()}}
    packed: dict[str, list[Observation]] = {}
    readings: list[dict[str, object]] = []
    for identifier, release in releases.items():
        source = Source(folder / release.file, release, by_code, series)
        figures = _marked(source, list(READERS[identifier](source)))
        packed[identifier] = figures
        readings.append(_reading(source, figures))
    everything = by_series(each for figures in packed.values() for each in figures)
    packed["derived"] = [
        each for one in series.values() for each in derive(one, everything) if each.place in places
    ]
    target.mkdir(parents=True, exist_ok=True)
    for identifier, figures in packed.items():
        write_figures(target / f"{identifier}.parquet", figures)
    text = yaml.safe_dump({"readings": readings}, sort_keys=False, allow_unicode=True)
    (target / "readings.yaml").write_text(
        "# Written by script/pack-figures.\n" + text, encoding="utf-8"
    )
    return readings


def write_figures(path: Path, figures: list[Observation]) -> None:
    """Write figures as Parquet, sorted so that they compress well."""
    ordered = sorted(
        figures, key=lambda each: (each.series, each.place, each.period, astuple(each)[5:15])
    )
    columns = zip(*(astuple(each) for each in ordered), strict=True)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, SCHEMA.types, strict=True)]
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=SCHEMA), path, compression="zstd", compression_level=19
    )


def _reading(source: Source, figures: list[Observation]) -> dict[str, object]:
    years = [each.year for each in figures]
    return {
        "release": source.release.id,
        "sha256": hashlib.sha256(source.path.read_bytes()).hexdigest(),
        "rows": source.rows,
        "figures": len(figures),
        "first_year": min(years),
        "last_year": max(years),
        "left_out": dict(sorted(source.left_out.items())),
        "changed": dict(sorted(source.changed.items())),
    }


def _marked(source: Source, figures: list[Observation]) -> list[Observation]:
    """The figures without ambiguous or impossible ones, the headline of each year marked."""
    figures = [_zero_or_missing(source, each) for each in figures]
    keys = Counter(_key(each) for each in figures)
    kept = []
    for each in figures:
        if keys[_key(each)] > 1:
            source.left_out[f"{each.series}: several figures for one breakdown"] += 1
        elif not source.series[each.series].can_be(each.value):
            source.left_out[f"{each.series}: outside its natural limits"] += 1
        else:
            kept.append(each)
    ranks = [_rank(each, source.series[each.series]) for each in kept]
    best = _best(kept, ranks)
    return [
        replace(
            each,
            headline=rank is not None and best[each.series, each.place] == rank,
            incomplete=each.year in source.release.incomplete_years,
        )
        for each, rank in zip(kept, ranks, strict=True)
    ]


def _best(
    figures: list[Observation], ranks: list[tuple[int, ...] | None]
) -> dict[tuple[str, str], tuple[int, ...]]:
    """One breakdown for all years of a series in a place: two ages make no trend.

    The first in the order of preference that has two years with a figure; where none has, the
    first that has one.
    """
    years: dict[tuple[str, str], dict[tuple[int, ...], set[int]]] = {}
    for each, rank in zip(figures, ranks, strict=True):
        if rank is not None:
            of_place = years.setdefault((each.series, each.place), {})
            found = of_place.setdefault(rank, set())
            if each.value is not None:
                found.add(each.year)
    return {
        key: min(of_place, key=lambda rank: (-min(len(of_place[rank]), 2), rank))
        for key, of_place in years.items()
    }


def _zero_or_missing(source: Source, each: Observation) -> Observation:
    """The figure, or a missing one where its producer writes 0 for what nobody reported."""
    if each.value == 0 and source.series[each.series].zero_is_missing:
        source.changed[f"{each.series}: 0 taken as missing"] += 1
        return replace(each, value=None, missing=Missing.UNKNOWN)
    return each


def _rank(each: Observation, series: Series) -> tuple[int, ...] | None:
    """How well a figure stands for its series (smaller is better); None where it cannot."""
    if not set(each.breakdown) <= set(series.headline):
        return None
    rank = []
    for dimension, wanted in series.headline.items():
        code = getattr(each, dimension)
        if code not in wanted and code != TOTAL:
            return None
        rank.append(wanted.index(code) if code in wanted else len(wanted))
    return tuple(rank)


def _key(each: Observation) -> tuple[object, ...]:
    return (each.series, each.place, each.period, *sorted(each.breakdown.items()))


def main(folder: Path, target: Path = FIGURES) -> None:
    """Pack, and say what was read and what was left out."""
    places = dict(load_framework().places)
    for reading in pack(folder, target, load_releases(), load_series(), places):
        print(f"{reading['release']}: {reading['rows']} rows, {reading['figures']} figures")
        for reason, rows in reading["left_out"].items():  # type: ignore[attr-defined]
            print(f"    left out: {rows} ({reason})")
        for reason, rows in reading["changed"].items():  # type: ignore[attr-defined]
            print(f"    changed: {rows} ({reason})")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except WaymarkError as error:
        sys.exit(f"pack-figures: {error}")
