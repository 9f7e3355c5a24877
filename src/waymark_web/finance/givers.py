"""Who gives, on how few it hangs, and how far the givers decide on what it is spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from waymark.finance.choices import By
from waymark.finance.sums import Measure
from waymark.plans.flows import Earmarking
from waymark.words import N_, Sentence, count_phrase
from waymark_web.finance.asked import Asked
from waymark_web.finance.names import plain_name
from waymark_web.finance.reported import concentration, names, sums
from waymark_web.finance.tables import HEADS, Cell, Line, Table, shares, table_of, together

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

    ``others`` is all the parts that are too many to be shown; ``sentence`` is None where nothing
    can be said.
    """

    measure: Measure
    currency: str
    rows: tuple[Part, ...]
    others: Part | None
    sentence: Sentence | None

    @property
    def head(self) -> Sentence:
        """What was measured, as the head of a column."""
        return Sentence(HEADS[self.measure])


def givers_of(asked: Asked) -> list[Parts]:
    """The providers in each currency, the largest first; the rest of them as one."""
    table = table_of(sums(asked, By.PROVIDER), asked, lambda one, key: one.but(provider=key[0]))
    found = []
    for measure, lines in _by_currency(table):
        lines.sort(key=lambda line: (-line.amount(measure), line.key))
        keys = [str(line.key[0]) for line in lines]
        known = names(asked, By.PROVIDER, keys[:MOST_GIVERS])
        parts = _parts(measure, lines, [_named(line, known) for line in lines])
        currency = lines[0].currency
        found.append(
            Parts(
                measure,
                currency,
                parts[:MOST_GIVERS],
                _others(asked.but(measure=measure, currency=currency), parts, keys),
                _concentration(asked, measure, currency, known),
            )
        )
    return found


def _named(line: Line, known: Mapping[str, str]) -> str:
    """The name of the provider of a line."""
    key = str(line.key[0])
    return plain_name(key, known.get(key, ""))


def _others(asked: Asked, parts: tuple[Part, ...], keys: list[str]) -> Part | None:
    """All providers beyond the largest as one, with the question that leads to their rows."""
    rest = parts[MOST_GIVERS:]
    if not rest:
        return None
    amount = together(part.cell.amount for part in rest)
    question = asked.but(besides=tuple(sorted(keys[:MOST_GIVERS])))
    cell = Cell(amount, sum(part.cell.rows for part in rest), question)
    shares_of = [part.share for part in rest if part.share is not None]
    name = count_phrase("{count} other provider", "{count} other providers", len(rest))
    return Part(name, cell, sum(shares_of, Fraction(0)) if shares_of else None)


def freedom_of(asked: Asked) -> list[Parts]:
    """How far the money is earmarked, in each currency; what is not known is a share of its own."""
    table = table_of(sums(asked, By.EARMARKING), asked, lambda one, key: one.but(earmarking=key[0]))
    order = list(Earmarking)
    found = []
    for measure, lines in _by_currency(table):
        lines.sort(key=lambda line: order.index(Earmarking(line.key[0])))
        parts = _parts(measure, lines, [Earmarking(line.key[0]).label for line in lines])
        found.append(Parts(measure, lines[0].currency, parts, None, _freedom(lines, parts)))
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
    measure: Measure, lines: list[Line], called: Sequence[Sentence | str]
) -> tuple[Part, ...]:
    found = shares(line.known(measure) for line in lines)
    return tuple(
        Part(name, line.cells[measure], share)
        for name, line, share in zip(called, lines, found, strict=True)
    )


def _concentration(
    asked: Asked, measure: Measure, currency: str, known: Mapping[str, str]
) -> Sentence | None:
    found = concentration(asked, measure, currency)
    if found is None:
        return None
    return Sentence(
        N_(
            "The largest provider, {name}, gave {share} % of it. The Herfindahl index is {index}, "
            "where 1 is a single provider."
        ),
        name=plain_name(found.largest, known.get(found.largest, "")),
        share=found.share * 100,
        index=found.herfindahl,
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
