"""The reported money that the commands read: what ships, or a folder that was imported."""

from __future__ import annotations

import os
from pathlib import Path

import click

from waymark.finance.evidence import MONEY, MoneyEvidence, open_money

SETTING = "WAYMARK_MONEY"  # a folder of imported money
FOLDER = click.Path(file_okay=False, path_type=Path)
money_option = click.option(
    "--money",
    "folder",
    type=FOLDER,
    envvar=SETTING,
    help="A folder of imported money.  [default: what ships]",
)


def reported_money(folder: Path | None = None) -> MoneyEvidence:
    """The money of a folder, else of the one that the setting names, else what ships."""
    return open_money(folder or Path(os.environ.get(SETTING) or MONEY))
