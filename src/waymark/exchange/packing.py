"""``script/pack-figures``: read the raw files of a folder and write what ships."""

from __future__ import annotations

import sys
from pathlib import Path

from waymark.compact.loading import load_framework
from waymark.exceptions import WaymarkError
from waymark.exchange.starter import pack
from waymark.indicators.evidence import FIGURES
from waymark.indicators.releases import load_releases
from waymark.indicators.series import load_series


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
