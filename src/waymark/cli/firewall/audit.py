"""``waymark firewall audit``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from waymark.cli.firewall.rules import BROKEN
from waymark.cli.printing import language_option
from waymark.cli.review import as_of_option, day, print_or_write, write_file
from waymark.compact.answers import Answer
from waymark.firewall.arrangements import read_holdings
from waymark.firewall.audit import audit
from waymark.firewall.domain import load_domain
from waymark.firewall.report import as_json, as_pdf, as_text


@click.command("audit")
@click.argument("arrangements", type=click.Path(path_type=Path))
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
    arrangements: Path, as_of: datetime | None, form: str, output: Path | None, language: str
) -> None:
    """Audit a place's sharing arrangements: does anything lead from a service to enforcement?

    ARRANGEMENTS is a YAML file, or a folder with bodies.csv and arrangements.csv. The command ends
    with 3 where the wall is broken or not shown to hold.

    \b
    Example:
      waymark firewall audit our-country.yaml --format pdf --output for-parliament.pdf
    """
    domain = load_domain()
    found = audit(read_holdings(arrangements, domain), domain, day(as_of))
    if form == "pdf":
        write_file(as_pdf(found, language), output or Path(f"{arrangements.stem}-audit.pdf"))
    else:
        print_or_write((as_json if form == "json" else as_text)(found, language), output)
    if found.answer is not Answer.YES:
        sys.exit(BROKEN)
