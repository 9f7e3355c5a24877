"""Releases: which raw file a figure was read from, under which licence, and what was left out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import DefinitionError
from waymark.reading import Value, line_of, read_yaml
from waymark.words import Label

Hash = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class LeftOut(Value):
    """Rows of a raw file that were not taken over, and why."""

    rows: int
    reason: Label


class Release(Value):
    """One raw file as its producer released it.

    ``used`` and ``ignored`` together name every column; a file with other columns is refused.
    ``incomplete_years`` are years that the release does not cover whole. ``odd_places`` are codes
    of the file that name no place of ours, each with what it stands for.
    """

    id: str
    title: Label
    producer: str
    released: str
    licence: str
    attribution: str
    file: str
    used: tuple[str, ...]
    ignored: dict[str, str] = Field(default_factory=dict)
    incomplete_years: tuple[int, ...] = ()
    odd_places: dict[str, str] = Field(default_factory=dict)
    note: Label | None = None


class Reading(Value):
    """What packing found in a raw file: kept beside the figures, never edited by hand."""

    release: str
    sha256: Hash
    rows: int
    figures: int
    first_year: int
    last_year: int
    left_out: dict[str, int]
    changed: dict[str, int]


class Readings(Value):
    """The form of ``readings.yaml``, beside the files of Parquet."""

    readings: tuple[Reading, ...]


def load_releases(folder: Path = DEFINITIONS) -> dict[str, Release]:
    """Every release by identifier; the file's name is the identifier."""
    found: dict[str, Release] = {}
    for path in sorted((folder / "releases").glob("*.yaml")):
        release = read_yaml(path, Release)
        if release.id != path.stem:
            problem = f"the release is '{release.id}', the file '{path.stem}'."
            line = line_of(path, release.id)
            raise DefinitionError(path, problem, "Give both the same name.", line=line)
        found[release.id] = release
    return found


def load_readings(folder: Path = DEFINITIONS / "figures") -> dict[str, Reading]:
    """What was read from each release, by release."""
    readings = read_yaml(folder / "readings.yaml", Readings).readings
    return {reading.release: reading for reading in readings}
