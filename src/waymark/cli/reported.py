"""The reported money that the commands read: what ships, or a folder that was imported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from waymark.cli.printing import format_option, show_rows
from waymark.exchange.iati_tables import bring_in
from waymark.exchange.registry.packing import STEPS, Tell
from waymark.finance.evidence import MONEY, MoneyEvidence, open_money

SETTING = "WAYMARK_MONEY"  # a folder of imported money
FILE = click.Path(dir_okay=False, path_type=Path)
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


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--into", "folder", required=True, type=FOLDER, help="The folder of money to make.")
@format_option
def import_money(files: tuple[Path, ...], folder: Path, form: str) -> None:
    """Import tables (Parquet) and country workbooks (XLSX) of the IATI registry, all or none.

    The folder then holds these files and no others. Name it with --money, or in the setting
    WAYMARK_MONEY, and commands and site read it in place of what ships.

    \b
    Example:
      waymark finance import transactions.parquet --into money
      waymark finance place KEN --money money
    """
    with _progress(len(files)) as tell:
        found = bring_in(files, folder, tell)
    shown: list[dict[str, object]] = []
    for reading in found:
        shown.append({"file": reading.release, "what": "rows", "rows": reading.rows})
        for reason, rows in reading.changed.items():
            shown.append({"file": reading.release, "what": reason, "rows": rows})
    show_rows(shown, form, title=str(folder))


@contextmanager
def _progress(files: int) -> Iterator[Tell]:
    """A bar at a terminal; elsewhere nothing."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("Importing", total=files * STEPS)
        last = ""

        def tell(step: str) -> None:
            nonlocal last
            counts = step.endswith("rows")  # within a step
            progress.update(bar, description=step, advance=0 if counts or not last else 1)
            last = last if counts else step

        yield tell
