"""``waymark finance``: the money of a place, who gives to whom, and the gaps of commitments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from waymark.cli.facility import facility, rules
from waymark.cli.groups import Named, NamedCommands
from waymark.cli.predictability import predictability
from waymark.cli.printing import format_option, show_rows
from waymark.cli.reported import money_option, reported_money
from waymark.cli.review import as_of_option, day, register_option
from waymark.compact.loading import load_framework
from waymark.exchange.register_package import read_package
from waymark.finance.choices import By, Choice, Sum
from waymark.finance.constant import ConstantSum, by_year, sums_in_prices_of
from waymark.finance.currencies import prices_of
from waymark.finance.funding import moneys_of
from waymark.finance.sectors import sector_names
from waymark.finance.sums import Counted, Measure
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.plans.register import Register
from waymark.words import Sentence

sector_option = click.option(
    "--sector", help="Only this sector, such as 15190 (migration).  [default: every sector]"
)

prices_option = click.option(
    "--prices",
    "kind",
    type=click.Choice(("current", "constant")),
    default="current",
    show_default=True,
    help="In the prices of each year, or in those of --base by the deflators of the register.",
)
base_year_option = click.option(
    "--base", type=click.IntRange(1900, 2100), help="The year whose prices are constant."
)


COMMANDS = {
    "import": Named("waymark.cli.registry:import_money", "Bring in what the IATI registry has.")
}


@click.group(cls=NamedCommands, named=COMMANDS)
def finance() -> None:
    """Show money: what was reported for places, and what commitments cost and lack."""


for command in (facility, rules, predictability):
    finance.add_command(command)


@finance.command()
@click.argument("place")
@sector_option
@click.option("--rows", "each_row", is_flag=True, help="Show every row, and what it adds to.")
@prices_option
@base_year_option
@register_option
@money_option
@format_option
def place(
    place: str,
    sector: str | None,
    each_row: bool,
    kind: str,
    base: int | None,
    register_folder: Path,
    folder: Path | None,
    form: str,
) -> None:
    """Show the money reported for a State, an area or a region as such, by year.

    \b
    Examples:
      waymark finance place TUN --sector 15190
      waymark finance place LBN --rows --format csv
      waymark finance place LBN --prices constant --base 2020 --register my-register/
    """
    base = _base(kind, base)
    choice, money = _choice(place, sector), reported_money(folder)
    if each_row:
        if base is not None:
            raise click.UsageError("Rows stand as they were reported: leave out --prices.")
        show_rows([_row(each) for each in money.counted(choice)], form)
        return
    sums = money.sums(choice, [By.YEAR])
    measures = [one for one in Measure if any(each.measure is one for each in sums)]
    found: Sequence[Sum | ConstantSum] = sums
    if base is not None:
        prices = prices_of(_register(register_folder))
        found = sums_in_prices_of(base, sums, prices, lambda each: int(each.group[0]))
    show_rows(_by_year(found, measures, base), form)


def _by_year(
    sums: Sequence[Sum | ConstantSum], measures: list[Measure], base: int | None
) -> list[dict[str, Any]]:
    """A line for each year and currency: every measure, and why it is not known."""
    shown = []
    for year, currency in sorted({(each.group[0], each.currency) for each in sums}):
        here = [each for each in sums if (each.group[0], each.currency) == (year, currency)]
        amounts = {each.measure: each.amount for each in here}
        because = [one for each in here if isinstance(each, ConstantSum) for one in each.because]
        shown.append(
            {
                "year": year,
                "currency": currency,
                **({} if base is None else {"prices_of": base}),
                **{one.value: amounts.get(one) for one in measures},
                **({} if base is None else {"why_not_known": _why(because)}),
                "rows": sum(each.rows for each in here),
            }
        )
    return shown


def _why(because: Iterable[Sentence]) -> str:
    return " ".join(dict.fromkeys(each.text() for each in because))


def _base(kind: str, base: int | None) -> int | None:
    """The year of constant prices; None for current ones."""
    if (kind == "constant") != (base is not None):
        raise click.UsageError("Constant prices need a year: --prices constant --base YEAR.")
    return base


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
@register_option
@prices_option
@base_year_option
@as_of_option
@format_option
def gaps(
    register_folder: Path, kind: str, base: int | None, as_of: datetime | None, form: str
) -> None:
    """Show what each commitment costs, has secured, has spent and lacks, by year.

    \b
    Examples:
      waymark finance gaps --register my-register/
      waymark finance gaps --register my-register/ --prices constant --base 2026
    """
    base = _base(kind, base)
    register = _register(register_folder)
    prices = prices_of(register)
    shown = []
    for identifier, money in sorted(moneys_of(register.flows.values(), prices).items()):
        for year, one, because in by_year(money, prices, base):
            shown.append(
                {
                    "commitment": identifier,
                    "year": year,
                    "currency": money.currency,
                    **({} if base is None else {"prices_of": base}),
                    "cost": one.cost,
                    "secured": one.secured,
                    "spent": one.spent,
                    "gap": one.gap,
                    "years_ahead": None if money.because else money.ahead(day(as_of).year),
                    "flows": [flow.id for flow in money.flows],
                    "why_not_known": because.text() if because else "",
                }
            )
    show_rows(shown, form)


def _register(folder: Path) -> Register:
    return read_package(folder, load_framework(), load_forums(), load_series())


def _choice(place: str, sector: str | None) -> Choice:
    found = load_framework().place(place)
    return Choice(places=(found.id,), sectors=None if sector is None else (sector,))


def _row(each: Counted) -> dict[str, Any]:
    row = each.row
    name = sector_names().name(row.sector)
    return {
        "release": row.release,
        "row": row.row,
        "year": row.year,
        "kind": row.kind.value,
        "adds_to": each.measure.value,
        "amount": row.amount,
        "currency": row.currency,
        "sector": row.sector or None,
        "sector_name": name.en if name else None,
        "reporter": row.reporter_name or None,
        "provider": row.provider_name or None,
        "receiver": row.receiver_name or None,
        "activity": row.activity,
        "title": row.title,
    }
