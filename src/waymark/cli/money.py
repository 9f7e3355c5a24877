"""Where the commands find money: the reports that ship, and the flows of the register."""

from __future__ import annotations

from datetime import date

from waymark.cli.reported import reported_money
from waymark.compact.framework import Framework
from waymark.compact.places import Place
from waymark.finance.funding import Finances, fundings, reports_of
from waymark.plans.register import Register


def finances(register: Register, framework: Framework, place: Place, as_of: date) -> Finances:
    """The money of a place and of the places within it."""
    places = {place.id, *(inner.id for inner in framework.within(place))}
    return Finances(
        fundings(register, framework, as_of.year),
        reports_of(reported_money(), framework, places),
    )
