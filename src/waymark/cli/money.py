"""Where the commands read money: the reports that ship, and a user's flows and rates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from waymark.cli.reported import reported_money
from waymark.compact.framework import Framework
from waymark.compact.places import Place
from waymark.finance.currencies import read_prices
from waymark.finance.funding import Finances, fundings, read_flows, reports_of
from waymark.plans.register import Register

_file = click.Path(dir_okay=False, path_type=Path)
flows_option = click.option(
    "--flows", type=_file, help="A CSV file of flows: costs, commitments and payments."
)
rates_option = click.option(
    "--rates", type=_file, help="A CSV file of exchange rates: currency, year, per_usd, source."
)


def finances(
    register: Register,
    framework: Framework,
    place: Place,
    flows: Path | None,
    rates: Path | None,
    as_of: date,
) -> Finances:
    """The money of a place and of the places within it."""
    places = {place.id, *(inner.id for inner in framework.within(place))}
    reports = reports_of(reported_money(), framework, places)
    if flows is None:
        return Finances(reports=reports)
    found = read_flows(flows, register, framework)
    paid = fundings(register, framework, found, read_prices(rates), as_of.year)
    return Finances(paid, reports)
