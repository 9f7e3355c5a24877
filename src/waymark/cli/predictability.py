"""``waymark finance predictability``: whether promised money came, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from waymark.cli.printing import format_option, show_rows
from waymark.cli.reported import reported_money
from waymark.cli.review import as_of_option, day, register_option
from waymark.compact.loading import load_framework
from waymark.exchange.register_package import read_package
from waymark.finance.currencies import prices_of
from waymark.finance.evidence import MONEY, Reported
from waymark.finance.predictability import Found, Kept, of_flows, of_reports
from waymark.finance.sums import counted
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
            rows += [{**first, **each} for each in _by_year(kept)]
        else:
            rows.append({**first, **_summed(kept, until)})
    show_rows(rows, form)


def _of_place(
    place: str, sector: str | None, by: str, until: int
) -> tuple[Found[str], dict[str, str], int]:
    """From the reports of a place, up to the last year that their releases cover whole."""
    where = load_framework().place(place).id
    every = counted(reported_money().rows([where]))
    rows = [each for each in every if sector in (None, each.row.sector)]
    releases = load_releases(MONEY)
    known = [releases[each] for each in {each.row.release for each in rows} if each in releases]
    cut = [year for release in known for year in release.incomplete_years]
    until = min([until, *(year - 1 for year in cut)])

    def key(row: Reported) -> str:
        return row.place if by == "place" else row.provider or row.provider_name

    names = {key(each.row): each.row.provider_name for each in rows if by == "provider"}
    return of_reports(rows, key, until), names, until


def _by_year(kept: Kept) -> list[dict[str, Any]]:
    """Each year; what cannot be judged is not known."""
    return [
        {
            "year": year,
            "promised": one.promised,
            "judged": one.judged,
            "paid": one.paid if one.judged or one.paid else None,
            "paid_of_it_in_year": one.in_year if one.judged else None,
        }
        for year, one in kept.years.items()
    ]


def _summed(kept: Kept, until: int) -> dict[str, Any]:
    return {
        "promised": kept.promised,
        "judged": kept.judged,
        "share_paid_in_year": _short(kept.share_in_year),
        "lag_in_years": _short(kept.lag),
        "outstanding": kept.outstanding,
        "paid_beyond": kept.beyond if kept.judged else None,
        "judged_until": until,
        "years_ahead_with_promises": list(kept.ahead(until)),
        "why_not_known": [each.text() for each in kept.because] or "",
    }


def _short(exact: Fraction | None) -> float | None:
    return None if exact is None else float(round(exact, 4))
