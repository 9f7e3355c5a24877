"""``waymark finance import``: bring in what the IATI registry hands out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from waymark.cli.printing import format_option, show_rows
from waymark.cli.reported import FOLDER
from waymark.exchange.iati_tables import bring_in
from waymark.exchange.registry.packing import STEPS, Tell

FILE = click.Path(dir_okay=False, path_type=Path)


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
