"""``waymark coverage``: the ladder of a place, and who is promised what."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from waymark.cli.figures import figures
from waymark.cli.money import finances
from waymark.cli.printing import format_option, language_option, show_rows
from waymark.cli.review import as_of_option, baseline_option, day, register_option
from waymark.compact.loading import load_framework
from waymark.coverage.overlap import cells
from waymark.coverage.standing import standing
from waymark.exchange.register_package import read_package
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.plans.tallies import tallies


@click.command()
@click.option("--place", help="Show the ladder of this place (KEN, 002, 001).")
@click.option("--group", help="Show what the Compacts promise this group, such as children.")
@as_of_option
@baseline_option
@register_option
@language_option
@format_option
def coverage(
    place: str | None,
    group: str | None,
    as_of: datetime | None,
    baseline: int,
    register_folder: Path,
    language: str,
    form: str,
) -> None:
    """Show where a place stands on each objective, or what each group is promised.

    \b
    Examples:
      waymark coverage --place KEN
      waymark coverage --place 001 --format csv
      waymark coverage --group children
    """
    framework = load_framework()
    if place is None:
        rows = [
            {
                "group": cell.group,
                "need": cell.need,
                "reach": cell.reach,
                "by_name": [provision.id for provision in cell.by_name],
                "for_everyone": [provision.id for provision in cell.for_everyone],
            }
            for cell in cells(framework)
            if group in (None, cell.group)
        ]
        if not rows:
            known = ", ".join(framework.groups)
            raise click.BadParameter(f"'{group}' is not one of: {known}", param_hint="--group")
        show_rows(rows, form)
        return
    found = framework.place(place)
    forums, series = load_forums(), load_series()
    register = read_package(register_folder, framework, forums, series)
    stands = standing(
        framework,
        series,
        figures(),
        as_of=day(as_of),
        baseline=baseline,
        place=found,
        tallies=tallies(register, framework, forums, day(as_of)),
        finances=finances(register, framework, found, day(as_of)),
    )
    ladders = [
        {
            "objective": each.provision,
            "name": framework.provisions[each.provision].name.said(language).text,
            **{rung.rung: rung.answer for rung in each.rungs},
        }
        for each in stands.ladders(found)
    ]
    show_rows(ladders, form)
