"""The commands of workbooks: write one, compare one, take one in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from waymark.exchange.incoming import Incoming
    from waymark.plans.register import Register

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
OF = click.option(
    "--register", "folder", type=FOLDER, help="A register package, instead of the site's register."
)


@click.group()
def workbook() -> None:
    """A register as a workbook (XLSX) that people edit offline.

    \b
    Examples:
      waymark register workbook write rows.xlsx --place KEN
      waymark register workbook compare rows.xlsx
      waymark register workbook take-in rows.xlsx
    """


@workbook.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@OF
@click.option("--place", help="Only the commitments of a State or area, and what hangs on them.")
@click.option("--language", default="en", show_default=True, help="In which the heads are written.")
def write(file: Path, folder: Path | None, place: str | None, language: str) -> None:
    """Write a register, or the published one of the site, as a workbook.

    \b
    Example:
      waymark register workbook write rows.xlsx --place KEN --language ar
    """
    from waymark.exceptions import WaymarkError
    from waymark.exchange.workbook.choices import names_in
    from waymark.exchange.workbook.columns import sheets_of
    from waymark.exchange.workbook.contents import Contents
    from waymark.exchange.workbook.writing import write_workbook
    from waymark.words import LANGUAGES

    if language not in LANGUAGES:
        raise WaymarkError(
            f"'{language}' is not one of the languages.", f"Use one of: {', '.join(LANGUAGES)}."
        )
    register = _register(folder)
    from waymark_web import store
    from waymark_web.exchange.wording import lists_of, wording

    held = register.of_place(store.framework(), place.upper()) if place else register
    contents = Contents(
        sheets=tuple(sheets_of()),
        documents=_documents(held),
        lists=lists_of(names_in(register), language),
        wording=wording(language),
        day=store.today(),
    )
    try:
        file.write_bytes(write_workbook(contents))
    except OSError as error:
        raise WaymarkError(
            f"{file} cannot be written: {error.strerror}.", "Choose another folder."
        ) from None
    click.echo(f"{len(held):,} entries are in {file}.")


@workbook.command()
@click.argument("file", type=FILE)
@OF
def compare(file: Path, folder: Path | None) -> None:
    """Say what a workbook changes in a register; the exit code is 1 if something in it is wrong.

    \b
    Example:
      waymark register workbook compare rows.xlsx --register my-register/
    """
    _show(_compared(file, _register(folder)))


@workbook.command("take-in")
@click.argument("file", type=FILE)
@OF
@click.option("--mine", "choice", flag_value="mine", help="In a conflict, the workbook counts.")
@click.option("--theirs", "choice", flag_value="theirs", help="In a conflict, the register counts.")
def take_in(file: Path, folder: Path | None, choice: str | None) -> None:
    """Take a workbook in: all of it, or nothing if anything is wrong.

    What it changes is published at once, as with `waymark register load`. Where the register was
    changed too since the workbook was written, say which of the two counts.

    \b
    Example:
      waymark register workbook take-in rows.xlsx --theirs
    """
    from waymark.exceptions import WaymarkError
    from waymark.exchange.register_package import write_package

    register = _register(folder)
    found = _compared(file, register)
    if choice:
        found = found.decided(
            {
                number: {each.name: choice for each in change.conflicts}
                for number, change in enumerate(found.changes)
            }
        )
    _show(found)
    if found.conflicts:
        raise WaymarkError(
            f"{len(found.conflicts)} cells were changed here and in the register.",
            "Say --mine or --theirs; nothing was taken in.",
        )
    changed = _changed(found, register)
    if folder is not None:
        write_package(changed, folder)
    else:
        from waymark_web.plans.published import load

        load(changed)
    click.echo(f"{len(found.changes):,} entries were taken in.")


def _register(folder: Path | None) -> Register:
    from waymark_web.commands import set_up

    set_up()
    from waymark.exchange.register_package import read_package
    from waymark_web import store

    if folder is not None:
        return read_package(folder, store.framework(), store.forums(), store.series())
    from waymark_web.plans.rows import register_of
    from waymark_web.preparing import prepare

    prepare()
    return register_of()


def _documents(register: Register) -> dict[str, dict[str, dict[str, object]]]:
    from waymark.plans.register import KINDS

    return {
        kind: {key: each.model_dump(mode="json") for key, each in register.of_kind(kind).items()}
        for kind in KINDS
    }


def _compared(file: Path, register: Register) -> Incoming:
    from waymark.exchange.workbook.choices import names_in
    from waymark.exchange.workbook.comparing import compare as compared
    from waymark.exchange.workbook.reading import read_workbook
    from waymark_web.exchange.wording import lists_of

    rows = read_workbook(file.read_bytes(), file.name, lists_of(names_in(register), "en"))
    return compared(rows, _documents(register), "workbook")


def _changed(found: Incoming, register: Register) -> Register:
    """A register with the changes of a workbook, checked as a whole; faults name their cells."""
    from waymark.exceptions import WaymarkError
    from waymark.exchange.workbook.changed import changed_register
    from waymark_web import store

    changed, faults = changed_register(
        found, register, store.framework(), store.forums(), store.series()
    )
    if faults:
        said = "\n".join(str(each) for each in faults)
        raise WaymarkError(said, "Mend these cells; nothing was taken in.")
    return changed


def _show(found: Incoming) -> None:
    for change in found.changes:
        click.echo(f"{change.kind} {change.subject or '(new)'}")
        for each in change.differences:
            click.echo(f"  {'.'.join(each.path)} ({each.cell}): {each.before!r} -> {each.after!r}")
        for each in change.conflicts:
            click.echo(
                f"  {'.'.join(each.path)} ({each.cell}): conflict; it was {each.base!r}, "
                f"the workbook says {each.mine!r}, the register {each.theirs!r}"
            )
    for note in found.notes:
        click.echo(str(note))
    if not found.changes:
        click.echo("The workbook changes nothing.")
    if found.faults:
        for fault in found.faults:
            click.echo(str(fault), err=True)
        raise click.exceptions.Exit(1)
