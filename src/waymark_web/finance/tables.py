"""Tables of money as pages show them: cells that know their question, and shares of a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from waymark.finance.choices import Sum
from waymark.finance.constant import ConstantSum
from waymark.finance.sums import Measure
from waymark.words import N_, Sentence
from waymark_web.finance.asked import Asked

ALWAYS = (Measure.SPENT, Measure.SECURED, Measure.PLANNED, Measure.RECEIVED)
ASIDE = frozenset({Measure.PASSED_ON, Measure.DUPLICATE})  # what is not counted, and known
HEADS = {
    Measure.SPENT: N_("spent"),
    Measure.SECURED: N_("committed"),
    Measure.PLANNED: N_("planned"),
    Measure.RECEIVED: N_("received"),
    Measure.COST: N_("cost"),
    Measure.PLEDGED: N_("pledged"),
    Measure.PASSED_ON: N_("passed on"),
    Measure.DUPLICATE: N_("reported twice"),
}


@dataclass(frozen=True)
class Cell:
    """A sum, and the question to which its rows answer; without an amount, why it is not known."""

    amount: Decimal | None
    rows: int
    asked: Asked
    because: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is of, and a cell for each measure; None where nothing is."""

    key: tuple[str | int, ...]
    currency: str
    cells: dict[Measure, Cell]

    def amount(self, measure: Measure) -> Decimal:
        """A sum to sort by: what is not known comes where 0 would."""
        cell = self.cells.get(measure)
        return (cell.amount if cell else None) or Decimal(0)

    def known(self, measure: Measure) -> Decimal | None:
        """A sum; None where it is not known."""
        cell = self.cells.get(measure)
        return cell.amount if cell else None


@dataclass(frozen=True)
class Table:
    """Lines under measures; the columns of the four chief measures always stand."""

    lines: tuple[Line, ...]
    totals: tuple[Line, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The columns."""
        found = {measure for line in self.lines for measure in line.cells}
        return (*ALWAYS, *(each for each in Measure if each in found and each not in ALWAYS))

    @property
    def currency(self) -> str | None:
        """The currency, where all of it is in one; its column is then left out."""
        found = {line.currency for line in self.lines}
        return found.pop() if len(found) == 1 else None

    @property
    def heads(self) -> list[tuple[Sentence, Sentence]]:
        """The head of each column, and what it means."""
        return [(Sentence(HEADS[each]), each.label) for each in self.measures]


Narrowed = Callable[[Asked, tuple[str | int, ...]], Asked]


def table_of(sums: Iterable[Sum | ConstantSum], asked: Asked, narrowed: Narrowed) -> Table:
    """Sums as a table; ``narrowed`` gives the question behind the line of a key."""
    lines: dict[tuple[tuple[str | int, ...], str], Line] = {}
    wholes: defaultdict[str, dict[Measure, list[Sum | ConstantSum]]] = defaultdict(dict)
    for each in sums:
        line = lines.setdefault((each.group, each.currency), Line(each.group, each.currency, {}))
        question = narrowed(asked, each.group).but(measure=each.measure, currency=each.currency)
        because = each.because if isinstance(each, ConstantSum) else ()
        line.cells[each.measure] = Cell(each.amount, each.rows, question, because)
        wholes[each.currency].setdefault(each.measure, []).append(each)
    totals = [
        Line((), currency, {measure: _whole(found, asked) for measure, found in by.items()})
        for currency, by in sorted(wholes.items())
    ]
    return Table(tuple(line for _, line in sorted(lines.items(), key=_in_order)), tuple(totals))


def _in_order(each: tuple[tuple[tuple[str | int, ...], str], Line]) -> tuple[str, ...]:
    (key, currency), _ = each
    return (*map(str, key), currency)


def _whole(found: list[Sum | ConstantSum], asked: Asked) -> Cell:
    one = found[0]
    question = asked.but(measure=one.measure, currency=one.currency)
    amount = together(each.amount for each in found)
    return Cell(amount, sum(each.rows for each in found), question)


def together(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of some amounts; not known where one of them is not."""
    found = list(amounts)
    known = [each for each in found if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(found) else None


def shares(amounts: Iterable[Decimal | None]) -> list[Fraction | None]:
    """Each part of the whole; not known where a part is not, or where something was taken back, or
    where all is nothing."""
    found = list(amounts)
    known = [each for each in found if each is not None]
    whole = sum(known, Decimal(0))
    if whole <= 0 or len(known) < len(found) or any(each < 0 for each in known):
        return [None for _ in found]
    return [Fraction(each) / Fraction(whole) for each in known]
