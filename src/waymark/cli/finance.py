"""``waymark finance``: the money of a place, who gives to whom, and the gaps of commitments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from waymark.cli.facility import facility, rules
from waymark.cli.predictability import predictability
from waymark.cli.printing import format_option, show_rows
from waymark.cli.review import as_of_option, day, register_option
from waymark.compact.loading import load_framework
from waymark.exchange.register_package import read_package
from waymark.finance.constant import in_prices_of
from waymark.finance.currencies import Prices, prices_of
from waymark.finance.evidence import open_money
from waymark.finance.funding import CommitmentMoney, Money, moneys_of
from waymark.finance.sums import Counted, Measure, Total, concentration, counted, totals
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.plans.register import Register

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


@click.group()
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
@format_option
def place(
    place: str,
    sector: str | None,
    each_row: bool,
    kind: str,
    base: int | None,
    register_folder: Path,
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
    rows = _rows(place, sector)
    if each_row:
        if base is not None:
            raise click.UsageError("Rows stand as they were reported: leave out --prices.")
        show_rows([_row(each) for each in rows], form)
        return
    prices = prices_of(_register(register_folder)) if base is not None else Prices()
    found = totals(rows, lambda row: row.year)
    measures = [one for one in Measure if any(key[1] is one for key in found)]
    shown = []
    for year, currency in sorted({(key[0], key[2]) for key in found}):
        sums = {one: found.get((year, one, currency)) for one in measures}
        shown.append(
            {
                "year": year,
                "currency": currency,
                **_in_prices(sums, prices, currency, year, base),
                "rows": sum(len(total.rows) for total in sums.values() if total),
            }
        )
    show_rows(shown, form)


def _base(kind: str, base: int | None) -> int | None:
    """The year of constant prices; None for current ones."""
    if (kind == "constant") != (base is not None):
        raise click.UsageError("Constant prices need a year: --prices constant --base YEAR.")
    return base


def _in_prices(
    sums: dict[Measure, Total | None], prices: Prices, currency: str, year: int, base: int | None
) -> dict[str, Any]:
    """The sums by measure, in constant prices where a base is given, or why they are not known."""
    amounts = {each.value: total.amount if total else None for each, total in sums.items()}
    if base is None:
        return amounts
    level = prices.constant(Decimal(1), currency, year, base)
    constant = {
        name: None if amount is None else prices.constant(amount, currency, year, base).rounded
        for name, amount in amounts.items()
    }
    because = level.because.text() if level.because else ""
    return {"prices_of": base, **constant, "why_not_known": because}


@finance.command()
@click.argument("place")
@sector_option
@format_option
def flows(place: str, sector: str | None, form: str) -> None:
    """Show who gave how much to whom in a place, the largest first.

    \b
    Example:
      waymark finance flows TUN --sector 15190
    """
    rows = _rows(place, sector)
    chosen = [each for each in rows if each.measure in (Measure.SPENT, Measure.SECURED)]
    found = totals(chosen, lambda row: (row.provider_name, row.receiver_name))
    ordered = sorted(found.items(), key=lambda each: (-each[1].amount, each[0]))
    show_rows(
        [
            {
                "provider": provider or None,
                "receiver": receiver or None,
                "measure": measure.value,
                "currency": currency,
                "amount": total.amount,
                "rows": len(total.rows),
            }
            for ((provider, receiver), measure, currency), total in ordered
        ],
        form,
    )
    largest = concentration(chosen, Measure.SPENT)
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
        because = money.because.text() if money.because else None
        for year, one, unknown in _years(money, prices, base):
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
                    "years_ahead": None if because else money.ahead(day(as_of).year),
                    "flows": [flow.id for flow in money.flows],
                    "why_not_known": because or unknown,
                }
            )
    show_rows(shown, form)


def _years(
    money: CommitmentMoney, prices: Prices, base: int | None
) -> list[tuple[int | None, Money, str]]:
    """Each year's money and why it is not known; one line without a year where there is none."""
    if not money.years:
        return [(None, Money(), "")]
    if base is None:
        return [(year, one, "") for year, one in sorted(money.years.items())]
    constant = in_prices_of(base, money, prices)
    return [
        (
            year,
            constant.years.get(year, Money()),
            constant.because[year].text() if year in constant.because else "",
        )
        for year in sorted(money.years)
    ]


def _register(folder: Path) -> Register:
    return read_package(folder, load_framework(), load_forums(), load_series())


def _rows(place: str, sector: str | None) -> list[Counted]:
    """The rows of a place as counted; the sector is chosen after, for counting needs all rows."""
    found = load_framework().place(place)
    rows: Iterable[Counted] = counted(open_money().rows([found.id]))
    return [each for each in rows if sector in (None, each.row.sector)]


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
