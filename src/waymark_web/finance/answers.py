"""Is it paid for: the first sentence of a page of money, from what was reported."""

from __future__ import annotations

from waymark.finance.funding import Funding
from waymark.finance.sums import Measure
from waymark.words import N_, Names, Sentence
from waymark_web.finance.tables import Line, Table

NOBODY = N_("Not known: in these sectors, nobody reported any money for {place}.")
ONLY_PLANS = N_(
    "Not known: for {place}, only budgets, planned payments or money received were reported, and "
    "nothing that was committed or spent."
)
REPORTED = N_(
    "Not known: for {place}, {spent} were reported as spent and {secured} as committed, but "
    "nothing reported says how much is needed."
)

IN_SECTORS = N_(
    "Not known: in the sectors that serve it, {spent} were reported as spent and {secured} as "
    "committed, but nothing reported says how much is needed."
)
AS_A_WHOLE = N_(
    "Not known: no sector of the reports names it. For the agreement as a whole, {spent} were "
    "reported as spent and {secured} as committed."
)
NO_WORD = N_("Not known: no sector of the reports names it, and nobody reported money for it.")

OF_THEM_YES = N_("Yes, this year: each of the {count} commitments of the register is paid for.")
OF_THEM_PARTLY = N_("Partly. Commitments of the register, this year: {parts}.")
OF_THEM_NO = N_("No: this year, none of the {count} commitments of the register has any money.")
OF_THEM_NOT_KNOWN = N_("Not known. Commitments of the register, this year: {parts}.")
PARTS = (
    N_("{count} paid for"),
    N_("{count} partly paid for"),
    N_("{count} without money"),
    N_("{count} not known"),
)


def answer_from_reports(place: Names, table: Table) -> Sentence:
    """What reports alone say: never a yes, for nothing in them says what is needed."""
    if not table.lines:
        return Sentence(NOBODY, place=place)
    if not _given(table):
        return Sentence(ONLY_PLANS, place=place)
    return Sentence(REPORTED, place=place, **_said(table))


def answer_of_provision(table: Table, of_all: Table) -> Sentence:
    """What the reports of sectors say of a provision, or else of its agreement as a whole."""
    for message, found in ((IN_SECTORS, table), (AS_A_WHOLE, of_all)):
        if _given(found):
            return Sentence(message, **_said(found))
    return Sentence(NO_WORD)


def answer_from_register(funding: Funding) -> Sentence | None:
    """What the register says of this year; None where nobody entered money for any commitment."""
    if not funding.known:
        return None
    message = OF_THEM_NOT_KNOWN
    if funding.covered == funding.commitments:
        message = OF_THEM_YES
    elif funding.covered or funding.partly:
        message = OF_THEM_PARTLY
    elif funding.bare == funding.commitments:
        message = OF_THEM_NO
    unknown = funding.commitments - funding.known
    counts = (funding.covered, funding.partly, funding.bare, unknown)
    each = zip(PARTS, counts, strict=True)
    parts = [Sentence(part, count=count) for part, count in each if count]
    return Sentence(message, count=funding.commitments, parts=parts)


def _given(table: Table) -> list[Line]:
    return [line for line in table.totals if {Measure.SPENT, Measure.SECURED} & line.cells.keys()]


def _said(table: Table) -> dict[str, object]:
    given = _given(table)
    return {
        "spent": _amounts(given, Measure.SPENT),
        "secured": _amounts(given, Measure.SECURED),
    }


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
