"""``waymark firewall headline``."""

from __future__ import annotations

import os
import tempfile
from fractions import Fraction
from pathlib import Path

import click
from pydantic import Field, ValidationError

from waymark.cli.printing import as_csv
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.firewall.counts.ledger import locked
from waymark.firewall.counts.privacy import Budget, Headline, Spending, headlines, opendp
from waymark.reading import Value, read_table, read_text

MOST_PEOPLE = 10**15  # more than that is a slip of the keyboard


class Count(Value):
    """A row of the table of counts."""

    name: str = Field(min_length=1)
    count: int = Field(ge=0, le=MOST_PEOPLE)


class Share(click.ParamType[Fraction]):
    """A positive fraction: ``1/4`` or ``0.25``, kept exactly."""

    name = "fraction"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Fraction:
        """The fraction, or a complaint about what was written."""
        try:
            found = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            found = Fraction(0)
        if not 0 < found <= 100 or found.denominator > 10**9:
            self.fail(f"'{value}' is no fraction above 0, such as 1/4 or 0.25.", param, ctx)
        return found


@click.command("headline")
@click.argument("counts", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--population", required=True, help="Whom the counts are of: one name, always.")
@click.option("--year", required=True, type=click.IntRange(1900, 2200), help="Of which year.")
@click.option("--series", required=True, help="What the figures are called.")
@click.option("--epsilon", required=True, type=Share(), help="What all the figures together spend.")
@click.option(
    "--contribution",
    type=click.IntRange(1, 10**6),
    default=1,
    show_default=True,
    help="By how much one person can change all the counts together.",
)
@click.option(
    "--budget",
    "budget_file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of what was spent; made if it is not there.",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new CSV file for the protected figures.",
)
def protect_headlines(
    counts: Path,
    population: str,
    year: int,
    series: str,
    epsilon: Fraction,
    contribution: int,
    budget_file: Path,
    output: Path,
) -> None:
    """Protect headline counts with differential privacy, and keep account of what it spends.

    COUNTS is a CSV file with the columns name and count. What is spent is on disk before a figure
    is, so that no crash gives figures away for nothing.

    \b
    Example:
      waymark firewall headline counts.csv --population clinics --year 2026 \\
        --series WM_PEOPLE_SEEN --epsilon 1/4 --budget budget.json --output headline.csv
    """
    rows = read_table(counts, Count)
    names = [row.name for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        remedy = "Give each count a name of its own."
        raise DefinitionError(counts, f"the name '{twice[0]}' is there twice.", remedy)
    if output.exists():
        raise WaymarkError(f"{output} is there already.", "Name a new file with --output.")
    opendp()  # said before anything is spent
    spending = Spending(population=population, year=year, epsilon=epsilon, series=series)
    with locked(budget_file):
        budget = read_budget(budget_file).with_spending(spending)
        given = {row.name: row.count for row in rows}
        made = headlines(given, epsilon=epsilon, contribution=contribution)
        replace(budget_file, budget.model_dump_json(indent=2).encode() + b"\n")
        replace(output, as_csv([_row(it, spending) for it in made]).encode())
    left = budget.left(population, year)
    click.echo(f"Written: {output}")
    click.echo(f"Spent on {population} in {year}: {epsilon}; left: {left} of {budget.limit}.")


def _row(it: Headline, spending: Spending) -> dict[str, object]:
    return {
        "series": spending.series,
        "population": spending.population,
        "year": spending.year,
        "name": it.name,
        "figure": it.figure,
        "shown": it.shown,
        "at_least": max(0, it.figure - it.reach),
        "at_most": max(0, it.figure + it.reach),
        "confidence": f"{float(it.confidence):g}",
        "standard_error": f"{it.variance**0.5:.2f}",
        "epsilon_of_all_figures": str(it.epsilon),
    }


def read_budget(path: Path) -> Budget:
    """What was spent so far; nothing, where there is no file yet."""
    if not path.exists():
        return Budget()
    try:
        return Budget.model_validate_json(read_text(path))
    except (ValidationError, RecursionError):
        remedy = "Restore it from a copy: what was spent must not be forgotten."
        raise DefinitionError(path, "this is no budget that was kept.", remedy) from None


def replace(path: Path, content: bytes) -> None:
    """Write a file whole, on disk before this returns, or leave it as it was."""
    staged = ""
    try:
        number, staged = tempfile.mkstemp(prefix=".waymark-", dir=path.absolute().parent)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(staged).chmod(0o644)
        Path(staged).replace(path)
    except OSError as error:
        if staged:
            Path(staged).unlink(missing_ok=True)
        problem = f"{path} cannot be written: {error.strerror}."
        raise WaymarkError(problem, "Choose a folder in which you may write.") from None
