"""``waymark iati``: read, write and check the activities that publishers report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from waymark.cli.printing import format_option, language_option, show_rows
from waymark.cli.review import as_of_option, day
from waymark.compact.loading import load_framework
from waymark.exceptions import WaymarkError
from waymark.exchange.iati.activities import Narrative, Organisation
from waymark.exchange.iati.parsing import Seen
from waymark.exchange.iati.register import Publication
from waymark.exchange.iati.remarks import Kind
from waymark.exchange.iati.schema import breaches, find_schema
from waymark.exchange.iati.tables import import_files
from waymark.exchange.iati.writing import write_activities
from waymark.exchange.register_package import read_package
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums

BROKEN = 3  # the command's end where the answer is no
MOST_SHOWN = 100
PREFIX = "remark: "
TABLES = ("activities", "money", "results")
FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
schema_option = click.option(
    "--schema",
    type=FOLDER,
    envvar="WAYMARK_IATI_SCHEMA",
    help="The folder of the official schemas 2.03.  [default: beside the file]",
)


@click.group()
def iati() -> None:
    """Read, write and check IATI activities (2.03)."""


@iati.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--output", required=True, type=FOLDER, help="A new folder for the tables.")
@as_of_option
@language_option
@format_option
def read(
    files: tuple[Path, ...], output: Path, as_of: datetime | None, language: str, form: str
) -> None:
    """Put activities into tables: activities, money, results, and remarks on what is odd.

    \b
    Example:
      waymark iati read activities.xml --output tables
    """
    with reading_bar(files) as seen:
        counts = import_files(files, output, day(as_of), seen, language)
    rows = [{"table": name, "rows": counts[name]} for name in TABLES]
    rows += [
        {"table": f"remarks.csv: {kind}", "rows": counts[f"{PREFIX}{kind}"]}
        for kind in Kind
        if counts[f"{PREFIX}{kind}"]
    ]
    show_rows(rows, form, title=str(output))


@iati.command()
@click.argument("package", type=FOLDER)
@click.option("--reporting-org", required=True, help="The publisher's identifier, XM-DAC-47066.")
@click.option("--reporting-type", required=True, help="Its kind in IATI's list, such as 40.")
@click.option("--reporting-name", required=True, help="Its name.")
@click.option("--output", required=True, type=FILE, help="The file to write.")
@click.option("--place", help="Only what is done in this place (KEN) and inside it.")
@language_option
def write(
    package: Path,
    reporting_org: str,
    reporting_type: str,
    reporting_name: str,
    output: Path,
    place: str | None,
    language: str,
) -> None:
    """Write the commitments of a register package, with their money, as activities.

    What is left out is said, and why.

    \b
    Example:
      waymark iati write register --reporting-org XM-EXAMPLE-1 --reporting-type 10 \\
        --reporting-name "Ministry of Example" --output activities.xml
    """
    for name, value in (
        ("--reporting-org", reporting_org),
        ("--reporting-type", reporting_type),
        ("--reporting-name", reporting_name),
    ):
        if not value.strip() or not value.isprintable():
            raise WaymarkError(f"{name} is empty or cannot be shown.", "Write it again.")
    framework, forums, series = load_framework(), load_forums(), load_series()
    register = read_package(package, framework, forums, series)
    if place:
        register = register.of_place(framework, framework.place(place).id)
    reporter = Organisation(
        reporting_org.strip(), reporting_type.strip(), (Narrative(reporting_name.strip(), "en"),)
    )
    publication = Publication(reporter, register, framework, forums, series)
    left_out = publication.left_out()
    for each in left_out:
        click.echo(f"Left out: {each.id}: {each.reason.text(language)}", err=True)
    of_money = publication.money_left_out()
    for each in of_money:
        click.echo(f"Left out: the money {each.id}: {each.reason.text(language)}", err=True)
    if len(left_out) == len(register.commitments):
        remedy = "Enter commitments with a lead and a date; see docs/how-to/publish-to-iati.md."
        raise WaymarkError("There is no commitment that can be written.", remedy)
    count = write_activities(publication.activities(), output)
    click.echo(f"Written: {output}, {count} activities; left out: {len(left_out)}.")
    if register.flows:
        rows = len(register.flows) - len(of_money)
        click.echo(f"Of {len(register.flows)} rows of money, {rows} are written.")


@iati.command()
@click.argument("file", type=FILE)
@schema_option
@format_option
def check(file: Path, schema: Path | None, form: str) -> None:
    """Hold a file against the official schema; ends with 3 where it departs from it.

    \b
    Example:
      waymark iati check activities.xml --schema schema-2.03
    """
    with reading_bar((file,)) as seen:
        found = breaches(file, schema or find_schema(file), seen)
        first = list(islice(found, MOST_SHOWN))
        more = sum(1 for _ in found)
    if not first:
        click.echo(f"{file.name} is valid against the schema.", err=form != "text")
        return
    show_rows(
        [{"line": each.line, "activity": each.activity, "problem": each.problem} for each in first],
        form,
    )
    if more:
        click.echo(f"And {more} more.", err=True)
    raise click.exceptions.Exit(BROKEN)


@contextmanager
def reading_bar(files: tuple[Path, ...]) -> Iterator[Seen]:
    """A bar at a terminal, over the bytes of all files; nothing elsewhere."""
    total = sum(each.stat().st_size for each in files if each.is_file())
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("Reading", total=total)
        yield lambda count: progress.advance(task, count)
