"""``waymark iati register``: take activities into a register."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from waymark.cli.iati import FILE, iati, reading_bar
from waymark.cli.packages import into_option, keep, standing
from waymark.cli.pledges import refuse, tell
from waymark.cli.printing import language_option
from waymark.cli.review import as_of_option, day, register_option
from waymark.compact.loading import load_framework
from waymark.exceptions import WaymarkError
from waymark.exchange.iati.commitments import Taking
from waymark.exchange.iati.taking_in import kinds_of, load_recipients, read_register
from waymark.exchange.pledges.lists import Surroundings
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.plans.proposals import load_proposal_rules


@iati.command("register")
@click.argument("file", type=FILE)
@click.option("--place", required=True, help="Take in what is for this place (KEN) or inside it.")
@into_option
@register_option
@click.option("--own", default="", help="The publisher whose identifiers in front are taken off.")
@click.option(
    "--kind",
    multiple=True,
    help="What a type of organisations is here: 10=ministry. May be given several times.",
)
@as_of_option
@click.option("--check", is_flag=True, help="Say what would change, and write nothing.")
@language_option
def register(
    file: Path,
    place: str,
    into: Path,
    register_folder: Path,
    own: str,
    kind: tuple[str, ...],
    as_of: datetime | None,
    check: bool,
    language: str,
) -> None:
    """Take activities into a register: commitments, steps, reports, money, organisations.

    What a register has no field for is counted, and said.

    \b
    Example:
      waymark iati register activities.xml --place KEN --kind 10=ministry --into our-register
    """
    framework, forums, series = load_framework(), load_forums(), load_series()
    try:
        kinds = kinds_of(kind)
    except ValueError as error:
        raise WaymarkError(f"--kind: {error}.", "Write it again.") from None
    taking = Taking(framework, framework.place(place), load_recipients(), own, kinds)
    held = standing(into, register_folder, framework, forums, series)
    around = Surroundings(framework, forums, series, load_proposal_rules(framework), held)
    with reading_bar((file,)) as seen:
        reading = read_register(file, taking, around, series, day(as_of), seen=seen)
    for said in reading.said:
        click.echo(said.text(language))
    if reading.faults:
        refuse(reading.faults)
    if not check:
        keep(reading.register, into)
    tell((reading,), into, check)
