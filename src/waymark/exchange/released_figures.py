"""A release of counts as figures: Waymark's observations as Parquet, a table with the error stated.

What has a column in an observation goes there: area, period, sex, age group, country of birth.
Other columns, such as a service, make a series of their own for each value. A withheld cell is a
figure that is missing because it is withheld; it is never zero and never blank.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.exchange.packing import write_figures
from waymark.firewall.counts.disclosure import Disclosure
from waymark.firewall.counts.ledger import WITHHELD
from waymark.firewall.counts.release import Release
from waymark.firewall.counts.tabulation import described
from waymark.indicators.observations import COLUMNS, TOTAL, Missing, Nature, Observation
from waymark.words import Sentence

SEXES = {"f": "F", "female": "F", "women": "F", "m": "M", "male": "M", "men": "M"}
ERROR_COLUMNS = ("low", "high", "standard_error", "says")
YEAR = re.compile(r"^\d{4}$")
Row = tuple[Observation, dict[str, str]]


def observations(release: Release, disclosure: Disclosure) -> list[Observation]:
    """Every cell of a release as an observation."""
    return [figure for figure, _ in _rows(release, disclosure)]


def _rows(release: Release, disclosure: Disclosure) -> Iterator[Row]:
    codes: dict[str, str] = {}
    for table in release.tables:
        kinds = {each.name: each.kind for each in table.form.dimensions}
        for at, figure in enumerate(table.figures):
            cell = table.form.cell(at)
            found = _observation(release, cell, kinds, figure, disclosure)
            own = described(
                {k: v for k, v in cell.items() if not disclosure.kind(kinds[k]).dimension}
            )
            if codes.setdefault(found.series, own) != own:
                raise DefinitionError(
                    "release",
                    f"two breakdowns would both be the series {found.series}: {codes[found.series]}"
                    f"; {own}.",
                    "Give their values names that differ in their letters or digits.",
                )
            yield found, cell


def _observation(
    release: Release,
    cell: dict[str, str],
    kinds: dict[str, str],
    figure: int | str,
    disclosure: Disclosure,
) -> Observation:
    found = {"place": release.place, "period": release.period}
    suffix = ""
    for name, value in cell.items():
        dimension = disclosure.kind(kinds[name]).dimension
        if dimension:
            found[dimension] = SEXES.get(value.casefold(), value) if dimension == "sex" else value
        else:
            suffix += f"_{_code(name)}_{_code(value)}"
    broken_down = found.keys() - {"place", "period"}
    withheld = figure == WITHHELD
    return Observation(
        series=release.series + suffix,
        year=int(found["period"][:4]) if found["period"][:4].isdecimal() else _year(release),
        value=None if withheld else float(figure),
        missing=Missing.WITHHELD if withheld else Missing.PRESENT,
        nature=Nature.ESTIMATED,
        release=f"{release.population}.{release.number}",
        headline=not broken_down and YEAR.match(found["period"]) is not None,
        **found,  # type: ignore[arg-type]
    )


def _year(release: Release) -> int:
    return int(release.period[:4])


def _code(value: str) -> str:
    return re.sub(r"\W+", "_", value.upper()).strip("_") or "X"


def as_csv(release: Release, disclosure: Disclosure) -> bytes:
    """The figures with their breakdown as the source names it, and the error of each."""
    names = list(dict.fromkeys(n for table in release.tables for n in table.form.names))
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([*COLUMNS, *(f"by_{name}" for name in names), *ERROR_COLUMNS])
    bound, error = release.method.noise_bound, math.sqrt(release.method.variance)
    for figure, cell in _rows(release, disclosure):
        columns = [getattr(figure, column) for column in COLUMNS]
        breakdown = [cell.get(name, TOTAL) for name in names]
        if figure.value is None:
            columns[COLUMNS.index("value")] = WITHHELD
            stated = [WITHHELD, WITHHELD, WITHHELD, Missing.WITHHELD.label.text()]
        else:
            value = int(figure.value)
            columns[COLUMNS.index("value")] = value
            stated = [
                str(value - bound),
                str(value + bound),
                f"{error:.2f}",
                _says(value, bound).text(),
            ]
        writer.writerow([*columns, *breakdown, *stated])
    return lines.getvalue().encode()


def _says(value: int, bound: int) -> Sentence:
    return Sentence("between {low} and {high}", low=value - bound, high=value + bound)


def write_parquet(release: Release, disclosure: Disclosure, path: Path) -> None:
    """The figures in the very form of those that ship with Waymark."""
    write_figures(path, observations(release, disclosure))


def as_text(release: Release, language: str = "en") -> str:
    """What was released and how to read it, short."""
    method = release.method
    sentences = [
        Sentence(
            "Release {number} of '{population}', {day}.",
            number=str(release.number),
            population=release.population,
            day=release.day,
        ),
        Sentence(
            "Each figure is the true count of people, give or take at most {bound}. The error has "
            "the mean 0 and a standard error of {error}; the same people have the same error in "
            "every table.",
            bound=method.noise_bound,
            error=round(math.sqrt(method.variance), 2),
        ),
        Sentence(
            "A cell is withheld where there are fewer than {people} people, {sites} sites or "
            "{providers} providers, where one site or provider holds more than {share} % of it, "
            "where the figure would be below {least}, or to protect another cell. Withheld is not "
            "zero.",
            people=method.least_people,
            sites=method.least_sites,
            providers=method.least_providers,
            share=80,
            least=method.least_figure,
        ),
        Sentence(
            "Figures near {least} are a little too high on average, because lower ones are not "
            "published. Rounding or adding up figures adds up their errors.",
            least=method.least_figure,
        ),
        Sentence(
            "{withheld} of {all} cells are withheld to protect people.",
            withheld=release.withheld,
            all=release.cells,
        ),
    ]
    tables = [
        Sentence(
            "By {columns}: {withheld} of {all} withheld.",
            columns=list(table.form.names) or Sentence("nothing, the total"),
            withheld=table.figures.count(WITHHELD),
            all=len(table.figures),
        )
        for table in release.tables
    ]
    lines = [release.title.said(language).text, ""]
    lines += [sentence.text(language) for sentence in sentences]
    lines += [f"- {sentence.text(language)}" for sentence in tables]
    lines += ["", f"SHA-256 {release.digest}"]
    return "\n".join(lines) + "\n"
