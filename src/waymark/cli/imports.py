"""``waymark import``: take in what other software of follow-up exports."""

from __future__ import annotations

from pathlib import Path

import click

from waymark.cli.packages import into_option, keep, standing
from waymark.cli.pledges import refuse, tell
from waymark.cli.printing import language_option
from waymark.cli.review import register_option
from waymark.compact.loading import load_framework
from waymark.exchange.impact_oss.register import ImpactMapping, read_impact
from waymark.exchange.impact_oss.tables import read_folder
from waymark.exchange.pledges.lists import Surroundings
from waymark.exchange.source_tables import FaultsError
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.plans.proposals import load_proposal_rules
from waymark.reading import read_yaml


@click.group("import")
def imports() -> None:
    """Take in what other software of follow-up exports."""


@imports.command("impact-oss")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--mapping",
    "mapping_file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="What its categories are, and the place; see docs/reference/imports.md.",
)
@into_option
@register_option
@click.option("--check", is_flag=True, help="Say what would change, and write nothing.")
@language_option
def impact_oss(
    folder: Path,
    mapping_file: Path,
    into: Path,
    register_folder: Path,
    check: bool,
    language: str,
) -> None:
    """Take in the lists of IMPACT OSS: recommendations, actions, indicators, progress reports.

    Columns and files about people are never read, and are named.

    \b
    Example:
      waymark import impact-oss downloads --mapping impact.yaml --into our-register
    """
    mapping = read_yaml(mapping_file, ImpactMapping)
    framework, forums, series = load_framework(), load_forums(), load_series()
    rules = load_proposal_rules(framework)
    register = standing(into, register_folder, framework, forums, series)
    around = Surroundings(framework, forums, series, rules, register)
    try:
        reading = read_impact(read_folder(folder), mapping, around)
    except FaultsError as error:
        refuse(error.faults)
    for said in reading.said:
        click.echo(said.text(language))
    if reading.faults:
        refuse(reading.faults)
    if not check:
        keep(reading.register, into)
    tell(reading.readings, into, check)
