"""What a page of money shows, to take along as CSV: exact amounts, and how many rows each has."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from waymark.finance.evidence import COLUMNS
from waymark.finance.sectors import sector_names
from waymark.finance.sums import Counted
from waymark.words import Sentence
from waymark_web import store
from waymark_web.finance.tables import Table
from waymark_web.languages import language
from waymark_web.plans.exports import safe_cell


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def as_file(rows: Iterable[Sequence[object]], name: str) -> HttpResponseBase:
    """Rows as a CSV file, sent while they are made."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"  # Excel then reads it as UTF-8
        for row in rows:
            yield writer.writerow(["" if cell is None else safe_cell(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="waymark-{name}.csv"'
    return response


def why(because: Iterable[Sentence]) -> str:
    """Why something is not known, as a cell of a file."""
    said = language()
    return " ".join(dict.fromkeys(each.text(said) for each in because))


def as_csv(
    table: Table, keys: tuple[str, ...], name: str, base: int | None = None
) -> HttpResponseBase:
    """A table of sums: one line for each key, measure and currency.

    In constant prices it says of which year they are, and why an amount is not known.
    """

    def lines() -> Iterator[Sequence[object]]:
        prices = () if base is None else ("prices_of", "why_not_known")
        yield (*keys, "measure", "currency", "amount", "rows", *prices)
        for line in table.lines:
            for measure in table.measures:
                cell = line.cells.get(measure)
                if cell:
                    rest = () if base is None else (base, why(cell.because))
                    yield (*line.key, measure.value, line.currency, cell.amount, cell.rows, *rest)

    return as_file(lines(), name)


def rows_as_csv(rows: Iterable[Counted], name: str, base: int | None = None) -> HttpResponseBase:
    """Rows as they were reported, each with what it adds to, and what its sector is called.

    For a base year, each also has its amount in the prices of that year, or why it is not known.
    """
    names, said, prices = sector_names(), language(), store.prices()
    columns = () if base is None else ("prices_of", "constant_amount", "why_not_known")

    def lines() -> Iterator[Sequence[object]]:
        yield (*COLUMNS, "adds_to", "sector_name", *columns)
        for row, measure in rows:
            name = names.name(row.sector)
            called = name.said(said).text if name else None
            rest: tuple[object, ...] = ()
            if base is not None:
                found = prices.constant(row.amount, row.currency, row.year, base)
                rest = base, found.rounded, why([found.because] if found.because else [])
            yield (*(getattr(row, column) for column in COLUMNS), measure.value, called, *rest)

    return as_file(lines(), name)
