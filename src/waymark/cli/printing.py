"""How the commands print: rich at a terminal, plain for pipes, CSV and JSON for files."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from typing import Any

import click

FORMATS = ("text", "csv", "json")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How to print: a table to read, or CSV or JSON for another program.",
)
language_option = click.option(
    "--language",
    type=click.Choice(("ar", "zh", "en", "fr", "ru", "es")),
    default="en",
    show_default=True,
    help="The language of labels; what is not translated falls back to English.",
)

linked_form_option = click.option(
    "--format",
    "form",
    type=click.Choice(("turtle", "json-ld")),
    default="turtle",
    show_default=True,
    help="How to write the graph.",
)
base_option = click.option(
    "--base",
    required=True,
    help="The address of the site under which everything is named.",
)


def show_rows(rows: Sequence[dict[str, Any]], form: str, *, title: str = "") -> None:
    """Print rows that share their columns, in the form asked for."""
    if form == "json":
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2, default=str))
    elif form == "csv":
        click.echo(as_csv(rows), nl=False)
    else:
        _table(rows, title)


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as CSV with a header line; a missing value is an empty cell."""
    lines = io.StringIO()
    if rows:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return lines.getvalue()


def _table(rows: Sequence[dict[str, Any]], title: str) -> None:
    if not rows:
        click.echo("Nothing to show.")
        return
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("  ".join(f"{name}: {_cell(value)}" for name, value in row.items()))
        return
    from rich.console import Console  # a pipe does not wait for what draws tables
    from rich.table import Table

    table = Table(*rows[0], title=title or None, title_justify="left", header_style="bold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
