"""``waymark pledges``: bring a list of pledges, as CSV or a workbook, into a register."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import NoReturn

import click

from waymark.cli.packages import into_option, keep, standing
from waymark.cli.printing import language_option
from waymark.cli.review import register_option
from waymark.compact.loading import DEFINITIONS, load_framework
from waymark.exceptions import WaymarkError
from waymark.exchange.pledges.drafts import draft_mapping
from waymark.exchange.pledges.files import read_bytes, read_source
from waymark.exchange.pledges.lists import WRITTEN, Reading, Surroundings, read_list
from waymark.exchange.pledges.mappings import read_mapping
from waymark.exchange.source_tables import CellFault, FaultsError
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.plans.proposals import load_proposal_rules

EXAMPLE = DEFINITIONS / "examples"
MOST_SHOWN = 200
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def pledges() -> None:
    """Bring a list of pledges into a register, by a mapping that says what its columns are."""


@pledges.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def example(folder: Path) -> None:
    """Write a made-up list and its mapping into a folder, to try the other commands.

    \b
    Example:
      waymark pledges example try-it
    """
    there = [path.name for path in EXAMPLE.iterdir() if (folder / path.name).exists()]
    if there:
        raise WaymarkError(f"{folder / there[0]} is there already.", "Name another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(EXAMPLE.iterdir()):
            shutil.copyfile(path, folder / path.name)
            click.echo(f"Written: {folder / path.name}")
    except OSError as error:
        remedy = "Choose another folder."
        raise WaymarkError(f"{folder} cannot be written: {error.strerror}.", remedy) from None


@pledges.command("draft-mapping")
@click.argument("file", type=FILE)
@click.option("--output", type=FILE, help="Write the mapping to this file.  [default: print it]")
@click.option("--sheet", help="The sheet of a workbook.  [default: the only one]")
@click.option(
    "--header",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="The row with the columns' names.",
)
def draft(file: Path, output: Path | None, sheet: str | None, header: int) -> None:
    """Guess a mapping from a list; a person looks at each guess, and confirms it in the file.

    \b
    Example:
      waymark pledges draft-mapping pledges.csv --output pledges.yaml
    """
    table = read_source(read_bytes(file), file.name, sheet=sheet, header_row=header)
    text = draft_mapping(table, load_framework())
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise WaymarkError(f"{output} is there already.", "Name another file.")
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        remedy = "Choose another --output."
        raise WaymarkError(f"{output} cannot be written: {error.strerror}.", remedy) from None
    click.echo(f"Written: {output}. Look at each line, then write 'confirmed: yes'.")


@pledges.command()
@click.argument("file", type=FILE)
@click.option(
    "--mapping", "mapping_file", required=True, type=FILE, help="The mapping of the list."
)
@into_option
@register_option
@click.option("--check", is_flag=True, help="Say what would change, and write nothing.")
@language_option
def read(
    file: Path,
    mapping_file: Path,
    into: Path,
    register_folder: Path,
    check: bool,
    language: str,
) -> None:
    """Read a list into a register package: all of it, or nothing and every fault by its cell.

    A list that is read again changes what it brought before. What it does not speak of stays.

    \b
    Example:
      waymark pledges read pledges.csv --mapping pledges.yaml --into our-register
    """
    mapping = read_mapping(mapping_file)
    framework, forums, series = load_framework(), load_forums(), load_series()
    rules = load_proposal_rules(framework)
    register = standing(into, register_folder, framework, forums, series)
    try:
        table = read_source(
            read_bytes(file),
            file.name,
            encoding=mapping.encoding,
            delimiter=mapping.delimiter,
            sheet=mapping.sheet,
            header_row=mapping.header,
        )
    except FaultsError as error:
        refuse(error.faults)
    reading = read_list(table, mapping, Surroundings(framework, forums, series, rules, register))
    for said in reading.said:
        click.echo(said.text(language))
    if reading.faults:
        refuse(reading.faults)
    if not check:
        keep(reading.register, into)
    tell((reading,), into, check)


def refuse(faults: tuple[CellFault, ...]) -> NoReturn:
    """Say every fault, and that nothing was taken in."""
    for fault in faults[:MOST_SHOWN]:
        click.echo(str(fault), err=True)
    if len(faults) > MOST_SHOWN:
        click.echo(f"And {len(faults) - MOST_SHOWN:,} more.", err=True)
    problem = "There is 1 fault." if len(faults) == 1 else f"There are {len(faults):,} faults."
    raise WaymarkError(problem, "Nothing was taken in; mend them, and read the list again.")


def tell(readings: tuple[Reading, ...], into: Path, check: bool) -> None:
    """What was added and changed, by kind."""
    added = sum((each.added for each in readings), Counter[str]())
    changed = sum((each.changed for each in readings), Counter[str]())
    for kind in WRITTEN:
        if added[kind] or changed[kind]:
            click.echo(f"{kind}: {added[kind]:,} added, {changed[kind]:,} changed")
    if not (added or changed):
        click.echo("Nothing differs from what is there.")
    click.echo("Nothing was written: this was a check." if check else f"Written: {into}")
