"""Read the tables of transactions and budgets that the IATI registry hands out, and pack them.

Amounts come in US dollars as the registry converted them; the day is not in the file, the year is.
Every column is used, listed as ignored, or an error. Nothing is dropped: what is odd is counted by
reason in ``readings.yaml``. A starter and a whole registry go the same way.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from waymark.exceptions import DefinitionError, WaymarkError
from waymark.exchange.registry.packing import Source, Tell, pack_tables
from waymark.exchange.registry.reading import load_meanings
from waymark.finance.evidence import MONEY
from waymark.indicators.releases import Reading, Release, load_releases

READINGS = "readings.yaml"


def pack(source: Path, release: Release, target: Path, folder: Path = MONEY) -> Reading:
    """Read the table of a release and write it as Parquet of ours, with its reading returned."""
    with tempfile.TemporaryDirectory() as room:
        made = Path(room)
        sources = [Source(source, release.id, release)]
        (found,) = pack_tables(sources, load_meanings(folder), made, made)
        target.write_bytes((made / f"{release.id}.parquet").read_bytes())
    return found


def bring_in(files: Sequence[Path], folder: Path, tell: Tell = lambda _: None) -> list[Reading]:
    """Import files of the registry into a folder of money, all or none; returns their readings.

    The folder then holds these files and no others. What it held before stays until everything was
    read. Raises ``DefinitionError`` for a file that is wrong or a folder that holds something else.
    """
    sources = [Source(path, _named(path)) for path in files]
    _check(sources, folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as room:
            return _make(sources, folder, Path(room), tell)
    except OSError as error:
        problem = f"the folder cannot be written: {error.strerror}."
        raise DefinitionError(folder, problem, "Name another folder.") from None


def _make(sources: Sequence[Source], folder: Path, room: Path, tell: Tell) -> list[Reading]:
    """Make the folder beside its place, and put it there when it is whole."""
    meanings = load_meanings()
    made = room / "made"
    (made / "releases").mkdir(parents=True)
    found = pack_tables(sources, meanings, room, made, tell)
    for source in sources:
        release = {
            "id": source.release,
            **meanings.forms.release.model_dump(),
            "released": "not known",
            "file": source.path.name,
            "used": [],
        }
        _write_yaml(made / "releases" / f"{source.release}.yaml", release)
    write_readings(made, found)
    _put(made, folder, room / "before")
    return found


def _named(path: Path) -> str:
    """The name of a file as that of a release."""
    return re.sub(r"[^a-z0-9]+", "-", path.stem.casefold()).strip("-") or "money"


def _check(sources: Sequence[Source], folder: Path) -> None:
    names = [source.release for source in sources]
    for source in sources:
        if names.count(source.release) > 1:
            problem = f"several files would be kept as '{source.release}'."
            raise DefinitionError(source.path, problem, "Name each file once, or rename one.")
    if folder.is_file():
        raise DefinitionError(folder, "this is a file.", "Name a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / READINGS).is_file():
        problem = "the folder holds something other than imported money."
        raise DefinitionError(folder, problem, "Name another folder, which need not exist yet.")


def _put(made: Path, folder: Path, before: Path) -> None:
    """Put a new folder in the place of an older one; the older one comes back if that fails."""
    there = folder.exists()
    if there:
        folder.rename(before)
    try:
        made.rename(folder)
    except OSError:
        if there:
            before.rename(folder)
        raise


def write_readings(folder: Path, found: Sequence[Reading], note: str = "") -> None:
    """Keep what was found in each release beside its rows."""
    content = {"readings": [reading.model_dump() for reading in found]}
    _write_yaml(folder / READINGS, content, note)


def _write_yaml(path: Path, content: object, note: str = "") -> None:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    path.write_text(note + text, encoding="utf-8")


def main(folder: Path, target: Path = MONEY) -> None:
    """Pack every release of money, and say what was odd."""
    readings = []
    for release in load_releases(target).values():
        reading = pack(folder / release.file, release, target / f"{release.id}.parquet")
        readings.append(reading)
        print(f"{release.id}: {reading.rows} rows")
        for reason, rows in reading.changed.items():
            print(f"    {rows}: {reason}")
    write_readings(target, readings, "# Written by script/pack-figures.\n")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except WaymarkError as error:
        sys.exit(f"pack-figures: {error}")
