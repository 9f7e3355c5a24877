"""``waymark indicators``: series and figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from waymark.cli.figures import figures
from waymark.cli.printing import format_option, language_option, show_rows
from waymark.cli.review import as_of_option, baseline_option, day
from waymark.compact.loading import load_framework
from waymark.exceptions import NotFoundError
from waymark.indicators.changes import Change, changes
from waymark.indicators.evidence import load_into
from waymark.indicators.observations import DIMENSIONS, Observation
from waymark.indicators.series import load_series, one_series


@click.group()
def indicators() -> None:
    """How change is measured: series, their figures and their progress."""


@indicators.command("list")
@language_option
@format_option
def list_series(language: str, form: str) -> None:
    """List every series, what it measures and how far it reaches.

    \b
    Example:
      waymark indicators list --format csv
    """
    extents = figures().extents()
    rows = []
    for one in load_series().values():
        extent = extents.get(one.code)
        rows.append(
            {
                "code": one.code,
                "name": one.name.said(language).text,
                "unit": one.unit.said(language).text,
                "better": one.direction,
                "places": extent.places if extent else 0,
                "first": extent.first if extent else None,
                "last": extent.last if extent else None,
                "measures": [measure.provision for measure in one.measures],
                "release": one.release,
            }
        )
    show_rows(rows, form)


@indicators.command()
@click.argument("engine")
def copy(engine: str) -> None:
    """Copy the figures into another engine; WAYMARK_ENGINE then makes every command ask it.

    \b
    Example:
      waymark indicators copy sqlite:///figures.sqlite
      WAYMARK_ENGINE=sqlite:///figures.sqlite waymark review --place KEN
    """
    click.echo(f"Copied {load_into(engine)} figures.")


@indicators.command()
@click.argument("code")
@click.option("--place", required=True, help="A place, such as KEN.")
@click.option("--progress", is_flag=True, help="Show how each method judges it, with the working.")
@as_of_option
@baseline_option
@language_option
@format_option
def show(
    code: str,
    place: str,
    progress: bool,
    as_of: datetime | None,
    baseline: int,
    language: str,
    form: str,
) -> None:
    """Show the figures of a series in a place, or how its progress is judged.

    \b
    Examples:
      waymark indicators show SM_POP_REFG_OR --place SYR
      waymark indicators show WM_REMITTANCE_COST_OUT --place ZAF --progress
    """
    series = load_series()
    one = one_series(series, code)
    found = load_framework().place(place)
    evidence = figures()
    if progress:
        judged = changes(evidence, {one.code: one}, baseline, day(as_of), {found.id})
        change = judged.get(found.id, {}).get(one.code)
        if change is None:
            raise NotFoundError(
                f"{one.code} has no figure for {found.name.en}.", "Try another place."
            )
        show_rows(_judgements(change, language), form, title=one.name.said(language).text)
        return
    rows = [_figure(each) for each in evidence.observations(one.code, found.id)]
    show_rows(rows, form, title=f"{one.name.said(language)} ({one.unit.said(language)})")


def _figure(each: Observation) -> dict[str, Any]:
    return {
        "period": each.period,
        "value": each.value,
        "missing": each.missing,
        **{dimension: getattr(each, dimension) for dimension in DIMENSIONS},
        "nature": each.nature,
        "release": each.release,
        "row": each.row,
    }


def _judgements(change: Change, language: str) -> list[dict[str, Any]]:
    return [
        {
            "method": each.method,
            "outcome": each.outcome,
            "measure": each.measure_name,
            "value": each.measure,
            "score": each.score,
            "working": [step.text(language) for step in each.working],
        }
        for each in change.judgements
    ]
