"""``waymark finance``: the money of a place, who gives to whom, and the gaps of commitments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from waymark.cli.money import flows_option, rates_option
from waymark.cli.printing import format_option, show_rows
from waymark.cli.reported import import_money, money_option, reported_money
from waymark.cli.review import as_of_option, day, register_option
from waymark.compact.loading import load_framework
from waymark.exchange.register_package import read_package
from waymark.finance.choices import By, Choice
from waymark.finance.currencies import read_prices
from waymark.finance.funding import Money, moneys_of, read_flows
from waymark.finance.sums import Counted, Measure, totals
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums

sector_option = click.option(
    "--sector", help="Only this sector, such as 15190 (migration).  [default: every sector]"
)


@click.group()
def finance() -> None:
    """Show money: what was reported for places, and what commitments cost and lack."""


finance.add_command(import_money)


@finance.command()
@click.argument("place")
@sector_option
@click.option("--rows", "each_row", is_flag=True, help="Show every row, and what it adds to.")
@money_option
@format_option
def place(place: str, sector: str | None, each_row: bool, folder: Path | None, form: str) -> None:
    """Show the money reported for a State, an area or a region as such, by year.

    \b
    Examples:
      waymark finance place TUN --sector 15190
      waymark finance place LBN --rows --format csv
    """
    rows = _rows(place, sector, folder)
    if each_row:
        show_rows([_row(each) for each in rows], form)
        return
    found = totals(rows, lambda row: row.year)
    measures = [one for one in Measure if any(key[1] is one for key in found)]
    shown = []
    for year, currency in sorted({(key[0], key[2]) for key in found}):
        sums = {one: found.get((year, one, currency)) for one in measures}
        shown.append(
            {
                "year": year,
                "currency": currency,
                **{one.value: total.amount if total else None for one, total in sums.items()},
                "rows": sum(len(total.rows) for total in sums.values() if total),
            }
        )
    show_rows(shown, form)


@finance.command()
@click.argument("place")
@sector_option
@money_option
@format_option
def flows(place: str, sector: str | None, folder: Path | None, form: str) -> None:
    """Show who gave how much to whom in a place, the largest first.

    \b
    Example:
      waymark finance flows TUN --sector 15190
    """
    choice = replace(_choice(place, sector), measures=(Measure.SPENT, Measure.SECURED))
    money = reported_money(folder)
    sums = money.sums(choice, [By.PROVIDER, By.RECEIVER])
    names = {by: money.names(choice, by) for by in (By.PROVIDER, By.RECEIVER)}
    show_rows(
        [
            {
                "provider": names[By.PROVIDER][str(each.group[0])] or None,
                "receiver": names[By.RECEIVER][str(each.group[1])] or None,
                "measure": each.measure.value,
                "currency": each.currency,
                "amount": each.amount,
                "rows": each.rows,
            }
            for each in sorted(sums, key=lambda each: (-each.amount, each.group))
        ],
        form,
    )
    largest = money.concentration(choice, Measure.SPENT)
    if largest is not None and form == "text":
        click.echo(
            f"Largest provider of what was spent: {largest.largest}, "
            f"{float(largest.share):.1%}; Herfindahl index {float(largest.herfindahl):.3f}."
        )


@finance.command()
@flows_option
@rates_option
@register_option
@as_of_option
@format_option
def gaps(
    flows: Path | None,
    rates: Path | None,
    register_folder: Path,
    as_of: datetime | None,
    form: str,
) -> None:
    """Show what each commitment costs, has secured, has spent and lacks, by year.

    \b
    Example:
      waymark finance gaps --register my-register --flows flows.csv --rates rates.csv
    """
    if flows is None:
        raise click.UsageError("Name a file of flows: --flows FILE.")
    framework = load_framework()
    register = read_package(register_folder, framework, load_forums(), load_series())
    moneys = moneys_of(read_flows(flows, register, framework), read_prices(rates))
    shown = []
    for identifier, money in sorted(moneys.items()):
        because = money.because.text() if money.because else None
        years: list[tuple[int | None, Money]] = [*sorted(money.years.items())]
        for year, one in years or [(None, Money())]:
            shown.append(
                {
                    "commitment": identifier,
                    "year": year,
                    "currency": money.currency,
                    "cost": one.cost,
                    "secured": one.secured,
                    "spent": one.spent,
                    "gap": one.gap,
                    "years_ahead": None if because else money.ahead(day(as_of).year),
                    "flows": [flow.id for flow in money.flows],
                    "why_not_known": because or "",
                }
            )
    show_rows(shown, form)


def _rows(place: str, sector: str | None, folder: Path | None) -> list[Counted]:
    return reported_money(folder).counted(_choice(place, sector))


def _choice(place: str, sector: str | None) -> Choice:
    found = load_framework().place(place)
    return Choice(places=(found.id,), sectors=None if sector is None else (sector,))


def _row(each: Counted) -> dict[str, Any]:
    row = each.row
    return {
        "release": row.release,
        "row": row.row,
        "year": row.year,
        "kind": row.kind.value,
        "adds_to": each.measure.value,
        "amount": row.amount,
        "currency": row.currency,
        "sector": row.sector or None,
        "reporter": row.reporter_name or None,
        "provider": row.provider_name or None,
        "receiver": row.receiver_name or None,
        "activity": row.activity,
        "title": row.title,
    }
