"""Is it paid for: the first sentence of a page of money, from what was reported."""

from __future__ import annotations

from waymark.finance.sums import Measure
from waymark.words import N_, Names, Sentence
from waymark_web.finance.tables import Line, Table

NOBODY = N_("Not known: nobody reported any money for {place}.")
ONLY_PLANS = N_(
    "Not known: for {place}, only budgets, planned payments or money received were reported, and "
    "nothing that was committed or spent."
)
REPORTED = N_(
    "Not known: for {place}, {spent} were reported as spent and {secured} as committed, but "
    "nothing reported says how much is needed."
)


def answer_from_reports(place: Names, table: Table) -> Sentence:
    """What reports alone say: never a yes, for nothing in them says what is needed."""
    if not table.lines:
        return Sentence(NOBODY, place=place)
    given = [line for line in table.totals if {Measure.SPENT, Measure.SECURED} & line.cells.keys()]
    if not given:
        return Sentence(ONLY_PLANS, place=place)
    return Sentence(
        REPORTED,
        place=place,
        spent=_amounts(given, Measure.SPENT),
        secured=_amounts(given, Measure.SECURED),
    )


def _amounts(lines: list[Line], measure: Measure) -> object:
    found = [
        Sentence("{amount} {currency}", amount=round(cell.amount), currency=line.currency)
        for line in lines
        if (cell := line.cells.get(measure))
    ]
    return found or Sentence("nothing")


def years_of(table: Table) -> Sentence | None:
    """From when to when something was reported."""
    years = [int(line.key[0]) for line in table.lines]
    if not years:
        return None
    return Sentence(
        "Reports reach from {first} to {last}.", first=str(min(years)), last=str(max(years))
    )
