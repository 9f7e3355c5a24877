"""What ships: every release of figures and of money, what was read from it, and its file."""

from __future__ import annotations

from pathlib import Path

from waymark.finance.evidence import MONEY
from waymark.indicators.evidence import FIGURES
from waymark.indicators.releases import Reading, Release, load_readings, load_releases


def shipped_releases() -> dict[str, Release]:
    """The releases by identifier, those of figures first."""
    return {**load_releases(), **load_releases(MONEY)}


def shipped_readings() -> dict[str, Reading]:
    """What packing found in each of them."""
    return {**load_readings(), **load_readings(MONEY)}


def shipped_file(release: str) -> Path:
    """The Parquet file of a release; whether it is there is for who opens it to find out."""
    money = MONEY / f"{release}.parquet"
    return money if money.exists() else FIGURES / f"{release}.parquet"
