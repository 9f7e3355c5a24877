"""Who gives, on how few it hangs, and how far the givers decide on what it is spent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from waymark.finance.flows import Earmarking
from waymark.finance.sums import Measure
from waymark.words import N_, Sentence
from waymark_web.finance.asked import Asked
from waymark_web.finance.names import plain_name
from waymark_web.finance.reported import sums
from waymark_web.finance.tables import HEADS, Cell, Line, Table, shares, table_of

MOST_GIVERS = 10
FLEXIBLE = (Earmarking.UNEARMARKED, Earmarking.SOFTLY_EARMARKED)


@dataclass(frozen=True)
class Part:
    """One part of the money: what it is called, its sum, its share where that can be said."""

    name: Sentence | str
    cell: Cell
    share: Fraction | None


@dataclass(frozen=True)
class Parts:
    """The parts of the money in one measure and currency, with what they show in a sentence.

    ``others`` counts the parts that are too many to be shown; ``sentence`` is None where nothing
    can be said.
    """

    measure: Measure
    currency: str
    rows: tuple[Part, ...]
    others: int
    sentence: Sentence | None

    @property
    def head(self) -> Sentence:
        """What was measured, as the head of a column."""
        return Sentence(HEADS[self.measure])


def givers_of(asked: Asked) -> list[Parts]:
    """The providers in each currency, the largest first."""
    table = table_of(sums(asked, "provider"), asked, lambda one, key: one.but(provider=key[0]))
    found = []
    for measure, lines in _by_currency(table):
        lines.sort(key=lambda line: (-line.amount(measure), line.key))
        parts = _parts(measure, lines, lambda line: plain_name(str(line.key[0]), line.names[0]))
        rest = max(0, len(parts) - MOST_GIVERS)
        found.append(
            Parts(measure, lines[0].currency, parts[:MOST_GIVERS], rest, _concentration(parts))
        )
    return found


def freedom_of(asked: Asked) -> list[Parts]:
    """How far the money is earmarked, in each currency; what is not known is a share of its own."""
    table = table_of(sums(asked, "earmarking"), asked, lambda one, key: one.but(earmarking=key[0]))
    order = list(Earmarking)
    found = []
    for measure, lines in _by_currency(table):
        lines.sort(key=lambda line: order.index(Earmarking(line.key[0])))
        parts = _parts(measure, lines, lambda line: Earmarking(line.key[0]).label)
        found.append(Parts(measure, lines[0].currency, parts, 0, _freedom(lines, parts)))
    return found


def _by_currency(table: Table) -> Iterator[tuple[Measure, list[Line]]]:
    """The lines of each currency in what was spent, or else in what was committed."""
    for currency in sorted({line.currency for line in table.lines}):
        lines = [line for line in table.lines if line.currency == currency]
        for measure in (Measure.SPENT, Measure.SECURED):
            chosen = [line for line in lines if measure in line.cells]
            if chosen:
                yield measure, chosen
                break


def _parts(
    measure: Measure, lines: list[Line], name: Callable[[Line], Sentence | str]
) -> tuple[Part, ...]:
    found = shares(line.amount(measure) for line in lines)
    return tuple(
        Part(name(line), line.cells[measure], share)
        for line, share in zip(lines, found, strict=True)
    )


def _concentration(parts: tuple[Part, ...]) -> Sentence | None:
    known = [part.share for part in parts if part.share is not None]
    if not known:
        return None
    return Sentence(
        N_(
            "The largest of {count} providers, {name}, gave {share} % of it. The Herfindahl "
            "index is {index}, where 1 is a single provider."
        ),
        count=len(known),
        name=str(parts[0].name),
        share=known[0] * 100,
        index=sum((share**2 for share in known), Fraction(0)),
    )


def _freedom(lines: list[Line], parts: tuple[Part, ...]) -> Sentence | None:
    by = {Earmarking(line.key[0]): part.share for line, part in zip(lines, parts, strict=True)}
    if not by or None in by.values():
        return None
    shares_of = {kind: 100 * (by.get(kind) or Fraction(0)) for kind in Earmarking}
    flexible = sum((shares_of[kind] for kind in FLEXIBLE), Fraction(0))
    unknown = shares_of[Earmarking.NOT_KNOWN]
    return Sentence(
        N_("Flexible: {flexible} %. Earmarked: {earmarked} %. Not known: {unknown} %."),
        flexible=flexible,
        earmarked=100 - flexible - unknown,
        unknown=unknown,
    )
