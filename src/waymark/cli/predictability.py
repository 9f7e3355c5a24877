"""``waymark finance predictability``: whether promised money came, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from waymark.cli.printing import format_option, show_rows
from waymark.cli.reported import reported_money
from waymark.cli.review import as_of_option, day, register_option
from waymark.compact.loading import load_framework
from waymark.exchange.register_package import read_package
from waymark.finance.choices import By, Choice
from waymark.finance.currencies import prices_of
from waymark.finance.evidence import MONEY
from waymark.finance.predictability import Found, of_flows, of_years
from waymark.finance.promises import GROUPS, last_whole_year, summed, year_by_year
from waymark.indicators.releases import load_releases
from waymark.indicators.series import load_series
from waymark.plans.flows import Flow
from waymark.plans.forums import load_forums

BY: Mapping[str, Callable[[Flow], str]] = {
    "provider": lambda flow: flow.giver,
    "commitment": lambda flow: flow.commitment or "none named",
    "place": lambda flow: flow.place,
}


@click.command()
@click.argument("place", required=False)
@click.option("--sector", help="Only this sector, such as 15190.  [default: every sector]")
@click.option(
    "--by",
    type=click.Choice(tuple(BY)),
    default="provider",
    show_default=True,
    help="For whom to say it; reports of a place know no commitments.",
)
@click.option("--years", "each_year", is_flag=True, help="Show every year.")
@register_option
@as_of_option
@format_option
def predictability(
    place: str | None,
    sector: str | None,
    by: str,
    each_year: bool,
    register_folder: Path,
    as_of: datetime | None,
    form: str,
) -> None:
    """Show how much of what was promised was paid, in its year and at all, and how late.

    With a place, from what organisations reported of it; without, from the flows of the register.

    \b
    Examples:
      waymark finance predictability TUN --sector 15190
      waymark finance predictability --register my-register/ --by commitment --years
    """
    until = day(as_of).year - 1
    names: dict[str, str] = {}
    if place is not None:
        if by == "commitment":
            raise click.UsageError("Reports know no commitments: leave out PLACE, or --by.")
        found, names, until = _of_place(place, sector, by, until)
    else:
        framework = load_framework()
        register = read_package(register_folder, framework, load_forums(), load_series())
        flows = [each for each in register.flows.values() if sector in (None, each.sector)]
        found = of_flows(flows, prices_of(register), BY[by], until)
    rows: list[dict[str, Any]] = []
    for (key, promise, currency), kept in sorted(found.items()):
        first = {by: names.get(key, key) or None, "promise": promise.value, "currency": currency}
        if each_year:
            rows += [{**first, **each} for each in year_by_year(kept)]
        else:
            why = [each.text() for each in kept.because] or ""
            rows.append({**first, **summed(kept, until), "why_not_known": why})
    show_rows(rows, form)


def _of_place(
    place: str, sector: str | None, by: str, until: int
) -> tuple[Found[str], dict[str, str], int]:
    """From the reports of a place, up to the last year that their releases cover whole."""
    where = load_framework().place(place).id
    choice = Choice(places=(where,), sectors=None if sector is None else (sector,))
    money = reported_money()
    named = [str(each.group[0]) for each in money.sums(choice, [By.RELEASE])]
    until = last_whole_year(named, load_releases(MONEY), until)
    names = money.names(choice, By.PROVIDER) if by == "provider" else {}
    sums = money.sums(choice, GROUPS)
    return of_years(sums, lambda giver: where if by == "place" else giver, until), names, until
