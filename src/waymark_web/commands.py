"""The commands of the register, which ``waymark`` shows beside those of the library.

Django is set up when a command runs, so that the help of all commands stays quick.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from waymark_web.exchange.commands import workbook

P = ParamSpec("P")
R = TypeVar("R")


def with_the_register(command: Callable[P, R]) -> Callable[P, R]:
    """Set Django up and bring the tables up to date before a command runs."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        set_up()
        from waymark_web.preparing import prepare

        prepare()
        return command(*args, **kwargs)

    return wrapped


def set_up() -> None:
    """Django with the site's settings."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark_web.settings")
    django.setup()


@click.group()
def register() -> None:
    """Keep the register: who does what, by when, answered to whom.

    \b
    Examples:
      waymark register administrator ada@example.org --name "Ada Example"
      waymark register dump my-register/
      waymark register load my-register/
      waymark register import-upr recommendations.csv --country MEX
    """


@register.command()
def prepare() -> None:
    """Make or update the tables of the register; a new one gets the checked facts that ship.

    \b
    Example:
      waymark register prepare
    """
    set_up()
    from waymark_web.preparing import prepare as make

    make()
    click.echo("The register is ready.")


@register.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@with_the_register
def load(folder: Path) -> None:
    """Take in a folder of CSV files: all of it, or nothing if anything is wrong.

    What is new is added, what differs is replaced, the rest stays.

    \b
    Example:
      waymark register load my-register/
    """
    from waymark.exchange.register_package import read_package
    from waymark_web import store

    _load(read_package(folder, store.framework(), store.forums(), store.series()))


@register.command("import-upr")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--country", multiple=True, help="A State by its code; may be given several times.")
@with_the_register
def import_upr(file: Path, country: tuple[str, ...]) -> None:
    """Take in the recommendations of the Universal Periodic Review that States have accepted.

    Rules propose what each of them serves; a person confirms it. What was taken in before stays.

    \b
    Example:
      waymark register import-upr recommendations.csv --country MEX --country DEU
    """
    from waymark.exchange.upr import as_register, read_recommendations
    from waymark.plans.proposals import load_proposal_rules
    from waymark_web import store

    framework = store.framework()
    wanted = [framework.place(each).id for each in country]
    rules = load_proposal_rules(framework)
    found = as_register(read_recommendations(file), framework, rules, countries=wanted)
    _load(found, replace=False)


@register.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_the_register
def dump(folder: Path) -> None:
    """Write the published register as CSV files with their datapackage.json.

    \b
    Example:
      waymark register dump my-register/
    """
    from waymark.exceptions import WaymarkError
    from waymark.exchange.register_package import write_package
    from waymark_web.plans.rows import register_of

    found = register_of()
    try:
        write_package(found, folder)
    except OSError as error:
        raise WaymarkError(
            f"{folder} cannot be written: {error.strerror}.", "Choose another folder."
        ) from None
    click.echo(f"{len(found):,} entries are in {folder}.")


@register.command()
@click.argument("email")
@click.option("--name", help="The name that colleagues will see.")
@click.option("--address", default="http://localhost:8018", show_default=True)
@with_the_register
def administrator(email: str, name: str | None, address: str) -> None:
    """Invite an administrator; the link that is shown works once, for two weeks.

    \b
    Example:
      waymark register administrator ada@example.org --name "Ada Example"
    """
    from waymark.plans.procedure import Role
    from waymark_web.accounts.invitations import invite

    _, secret = invite(email, Role.ADMINISTRATOR, by=None, name=name or "")
    click.echo("Open this address to choose a password:")
    click.echo(f"{address}/en/invitation/{secret}/")


@register.command()
@click.option("--address", default="http://localhost:8018", show_default=True)
@with_the_register
def remind(address: str) -> None:
    """Send each contributor one mail about what is due, late or returned; run it every day.

    Nobody gets more than one such mail in seven days.

    \b
    Example:
      waymark register remind --address https://waymark.example.org
    """
    from waymark_web import store
    from waymark_web.plans.reminders import remind as send

    click.echo(f"{send(store.today(), address)} mails were sent.")


register.add_command(workbook)


@click.group()
def audit() -> None:
    """Check the record of everything that was done.

    \b
    Example:
      waymark audit verify
    """


@audit.command()
@with_the_register
def verify() -> None:
    """Find every event that was changed, removed or moved; the exit code is 1 if there is one.

    Keep the last line somewhere else: it shows later that the record was not written anew.

    \b
    Example:
      waymark audit verify
    """
    from waymark_web.audit.chain import breaks
    from waymark_web.audit.models import Head

    found = list(breaks())
    for each in found:
        click.echo(each)
    head = Head.objects.filter(pk=1).first()
    if head is not None:
        click.echo(f"{head.number:,} events; the last one has the hash {head.hash}")
    if found:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_the_register
def backup(file: Path) -> None:
    """Write the whole register, its people and its record into one file, as of this moment.

    It holds personal data: keep it as you keep the database.

    \b
    Example:
      waymark backup waymark-2026-11-24.zip
    """
    from waymark_web.backup import backup as write

    with _progress() as progress:
        rows = write(file, progress)
    click.echo(f"{rows:,} rows are in {file}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Lose what is in this register now.")
def restore(file: Path, replace: bool) -> None:
    """Put a backup back: all of it, or nothing if anything is wrong with it.

    \b
    Example:
      waymark restore waymark-2026-11-24.zip
    """
    set_up()
    from django.core.management import call_command

    from waymark_web.backup import restore as put_back

    call_command("migrate", verbosity=0, interactive=False)
    with _progress() as progress:
        rows = put_back(file, replace=replace, progress=progress)
    click.echo(f"{rows:,} rows are back. Everybody signs in again.")


def _load(register: object, *, replace: bool = True) -> None:
    from waymark_web.plans.published import load as take_in

    with _progress() as progress:
        counts = take_in(register, replace=replace, progress=progress)  # type: ignore[arg-type]
    for kind, count in counts.items():
        click.echo(f"{kind}: {count:,} added or replaced")
    if not counts:
        click.echo("Nothing differs from what is in the register.")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each kind of thing, on a terminal."""
    from rich.progress import Progress, TaskID

    with Progress(transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(kind: str, done: int, total: int) -> None:
            if kind not in tasks:
                tasks[kind] = bars.add_task(kind, total=total)
            bars.update(tasks[kind], completed=done)

        yield progress
