"""``waymark review`` and ``waymark serve``."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from waymark.cli.figures import figures
from waymark.cli.money import finances
from waymark.cli.printing import language_option
from waymark.compact.loading import load_framework
from waymark.coverage.ladder import Ladder
from waymark.coverage.standing import standing
from waymark.exceptions import WaymarkError
from waymark.exchange.register_package import STARTER, read_package
from waymark.indicators.changes import COMPACT_BASELINE, Change
from waymark.indicators.series import load_series
from waymark.plans.forums import Forum, forum, load_forums, next_forum
from waymark.plans.fulfilment import Capacity
from waymark.plans.tallies import tallies
from waymark.reviews.document import MARKS, as_json, as_pdf, as_text
from waymark.reviews.findings import FindingKind
from waymark.reviews.follow_up import follow_up
from waymark.reviews.review import Review
from waymark.reviews.review import review as make_review
from waymark.words import rounded

DEFAULT_PLACE = "MEX"  # origin, transit and destination, with figures for most series
DEFAULT_PORT = 8018
COLOURS = {
    FindingKind.BETTER: "green",
    FindingKind.WORSE: "dark_orange3",
    FindingKind.PROMISE: "cyan",
}
as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day from which to look, such as 2026-05-05.  [default: today]",
)
baseline_option = click.option(
    "--baseline",
    type=click.IntRange(1990, 2100),
    default=COMPACT_BASELINE,
    show_default=True,
    help="The year from which change is measured: 2018 for the Compact, 2015 for the SDGs.",
)
register_option = click.option(
    "--register",
    "register_folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=STARTER,
    envvar="WAYMARK_REGISTER",
    help="A register package, as `waymark register dump` writes.  [default: the facts that ship]",
)
port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="The port of the site.",
)


def day(given: datetime | None) -> date:
    """The day asked for, or today: the only clock of the commands."""
    return given.date() if given else date.today()


@click.command()
@click.option(
    "--place",
    default=DEFAULT_PLACE,
    show_default=True,
    help="An ISO 3166 alpha-3 code (KEN), or an M49 code of a region (002) or the world (001).",
)
@click.option("--forum", "forum_id", help="A forum, such as imrf-2026.  [default: the next one]")
@as_of_option
@baseline_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "pdf"]),
    default="text",
    show_default=True,
    help="A summary to read, the whole review as JSON, or a PDF.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
@language_option
@click.option(
    "--serve/--no-serve", "serving", default=False, help="Then show the site on this machine."
)
@register_option
@port_option
def review(
    place: str,
    forum_id: str | None,
    as_of: datetime | None,
    baseline: int,
    form: str,
    output: Path | None,
    language: str,
    serving: bool,
    register_folder: Path,
    port: int,
) -> None:
    """Review a place: what it promised, planned and delivered, what is measured, what changed.

    \b
    Examples:
      waymark review --place KEN
      waymark review --place 150 --forum imrf-2026 --as-of 2026-05-05
      waymark review --place HUN --format pdf --output hungary.pdf
    """
    framework = load_framework()
    found = framework.place(place)
    forums = load_forums()
    since = day(as_of)
    convened = forum(forums, forum_id) if forum_id else _next(forums, since)
    series = load_series()
    register = read_package(register_folder, framework, forums, series)
    stands = standing(
        framework,
        series,
        figures(),
        as_of=since,
        baseline=baseline,
        place=found,
        tallies=tallies(register, framework, forums, since),
        finances=finances(register, framework, found, since),
    )
    made = make_review(
        stands,
        found,
        convened,
        follow_up(register, framework, forums, found, convened, since),
        Capacity(register, framework, forums, since),
    )
    if form == "pdf":
        write_file(
            as_pdf(made, framework, language),
            output or Path(f"waymark-{found.id}-{convened.id}.pdf"),
        )
    elif form == "json":
        print_or_write(as_json(made, framework, language), output)
    elif output or not sys.stdout.isatty():
        print_or_write(as_text(made, framework, language), output)
    else:
        _show(made, language)
        _show_ladder(made.ladders, {p.id: p.name.said(language).text for p in framework.objectives})
    if serving:
        _serve(port, f"/{language}/review/{found.id}/{convened.id}/")


@click.command()
@port_option
def serve(port: int) -> None:
    """Show the site on this machine; stop it with Ctrl-C.

    \b
    Example:
      waymark serve --port 9000
    """
    _serve(port, "/")


def _next(forums: dict[str, Forum], as_of: date) -> Forum:
    return next_forum(forums, as_of, "gcm") or list(forums.values())[-1]


def _show(made: Review, language: str) -> None:
    console = Console(highlight=False)
    title = f"{made.place.name.said(language)}: {made.forum.label.said(language)}"
    console.print(f"\n[bold]{escape(title)}[/bold]")
    console.print(escape(made.answer.text(language)), "\n")
    for change in made.facts:
        console.print(f"  {escape(_fact(change, language))}", style="dim")
    for kind in FindingKind:
        for found in made.of_kind(kind):
            label = f"[{COLOURS.get(kind, 'bold')}]{escape(kind.label.text(language))}[/]"
            console.print(f"\n{label}  {escape(found.sentence.text(language))}")
            for detail in found.details:
                console.print(f"    {escape(detail.text(language))}", style="dim")


def _show_ladder(ladders: tuple[Ladder, ...], names: dict[str, str]) -> None:
    console = Console(highlight=False)
    console.print("\n[bold]promised planned funded delivered measured changed[/bold]")
    for each in ladders:
        marks = " ".join(MARKS[rung.answer] for rung in each.rungs)
        console.print(f"{marks}  {escape(each.provision)}  {escape(names[each.provision])}")
    console.print("■ yes  ◧ partly  □ no  · not known\n", style="dim")


def _fact(change: Change, language: str) -> str:
    name, unit = change.series.name.said(language), change.series.unit.said(language)
    if change.latest is None or change.latest.value is None:
        return f"{name}: -"
    return f"{name}: {rounded(change.latest.value, language)} {unit} ({change.latest.year})"


def print_or_write(text: str, output: Path | None) -> None:
    """Print a text, or write it to a file where one is named."""
    if output is None:
        click.echo(text)
    else:
        write_file(text.encode(), output)


def write_file(content: bytes, output: Path) -> None:
    """Write a file, or say why it cannot be written."""
    try:
        output.write_bytes(content)
    except OSError as error:
        remedy = "Choose another --output."
        raise WaymarkError(f"{output} cannot be written: {error.strerror}.", remedy) from None
    click.echo(f"Written: {output}")


def _serve(port: int, page: str) -> None:
    """Hand this process over to the site, which is another package."""
    arguments = [sys.executable, "-m", "waymark_web", "--port", str(port), "--page", page]
    sys.stdout.flush()
    os.execv(sys.executable, arguments)
