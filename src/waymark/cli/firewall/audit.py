"""``waymark firewall audit``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from waymark.cli.firewall.rules import BROKEN
from waymark.cli.printing import language_option
from waymark.cli.review import as_of_option, day, print_or_write, write_file
from waymark.compact.answers import Answer
from waymark.exceptions import WaymarkError
from waymark.firewall.audits.arrangements import Told, read_holdings
from waymark.firewall.audits.audit import audit
from waymark.firewall.audits.report import as_json, as_pdf, as_text
from waymark.firewall.domain import FOLDER, load_domain
from waymark.words import Sentence

EXAMPLE = FOLDER / "example.yaml"


@click.command("audit")
@click.argument("arrangements", type=click.Path(path_type=Path), required=False)
@click.option(
    "--write-example",
    "example",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file to start from, which is made up, and audit nothing.",
)
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "pdf")),
    default="text",
    show_default=True,
    help="Text to read, JSON for another program, or a PDF to hand on.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it."
)
@language_option
def audit_arrangements(
    arrangements: Path | None,
    example: Path | None,
    as_of: datetime | None,
    form: str,
    output: Path | None,
    language: str,
) -> None:
    """Audit a place's sharing arrangements: does anything lead from a service to enforcement?

    ARRANGEMENTS is a YAML file, or a folder with bodies.csv and arrangements.csv, or the same two
    in Parquet for large ones. The command ends with 3 where the wall is broken or not shown to
    hold.

    \b
    Examples:
      waymark firewall audit --write-example our-country.yaml
      waymark firewall audit our-country.yaml
      waymark firewall audit our-country.yaml --format pdf --output for-parliament.pdf
    """
    if example is not None:
        if example.exists():
            remedy = "Choose another name; what is there stays."
            raise WaymarkError(f"{example} is there already.", remedy)
        write_file(EXAMPLE.read_bytes(), example)
        return
    if arrangements is None:
        raise click.UsageError("Name a file or a folder, or use --write-example.")
    domain = load_domain()
    with _progress(language) as told:
        held = read_holdings(arrangements, domain, told=told)
        found = audit(held, domain, day(as_of), told)
    if form == "pdf":
        write_file(as_pdf(found, language), output or Path(f"{arrangements.stem}-audit.pdf"))
    else:
        print_or_write((as_json if form == "json" else as_text)(found, language), output)
    if found.answer is not Answer.YES:
        sys.exit(BROKEN)


@contextmanager
def _progress(language: str) -> Iterator[Told]:
    """Says what is being done, on one line of a terminal; into a pipe it says nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("") as status:

        def told(step: Sentence) -> None:
            status.update(f"{escape(step.text(language))} …")

        yield told
