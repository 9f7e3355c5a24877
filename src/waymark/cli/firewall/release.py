"""``waymark firewall release``."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import click

from waymark.cli.firewall.rules import BROKEN
from waymark.cli.printing import language_option
from waymark.cli.review import as_of_option, day
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.exchange.released_figures import as_csv, as_text, write_parquet
from waymark.firewall.counts.disclosure import Disclosure, RefusedError, load_disclosure
from waymark.firewall.counts.ledger import locked, read_ledger
from waymark.firewall.counts.perturbation import Secret
from waymark.firewall.counts.release import Release, prepare
from waymark.firewall.counts.specification import read_specification

STAGED = ".waymark-release-"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
MOST_SECRET = 4096  # bytes: more is some other file


@click.command("release")
@click.argument("specification", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--ledger",
    "ledger_file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file with every earlier release; made if it is not there.",
)
@click.option(
    "--secret-file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with 32 or more random bytes that nobody else can read.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="A new folder for the release.  [default: POPULATION-NUMBER]",
)
@click.option("--check", is_flag=True, help="Do everything except writing anything.")
@click.option(
    "--seconds",
    type=click.IntRange(1, 86400),
    default=600,
    show_default=True,
    help="How long the audit may take; what is undecided then counts as unsafe.",
)
@as_of_option
@language_option
def release_counts(
    specification: Path,
    ledger_file: Path,
    secret_file: Path,
    output: Path | None,
    check: bool,
    seconds: int,
    as_of: datetime | None,
    language: str,
) -> None:
    """Turn records into counts that can be published, and refuse those that tell too much.

    SPECIFICATION is a YAML file that declares every column and every table. The release is held
    against all earlier releases in the ledger. Ends with 3 where it is refused.

    \b
    Example:
      waymark firewall release clinics.yaml --ledger ledger.jsonl --secret-file secret.key
    """
    disclosure = load_disclosure()
    wanted = read_specification(specification, disclosure)
    secret = read_secret(secret_file)
    try:
        with locked(ledger_file):
            ledger = read_ledger(ledger_file)
            made = prepare(
                specification,
                wanted,
                ledger,
                secret,
                day=day(as_of).isoformat(),
                seconds=seconds,
                say=lambda line: click.echo(line, err=True),
            )
            document = made.document
            if not check:
                target = output or Path(f"{document.population}-{document.number}")
                staged = stage(document, disclosure, target)
                try:
                    if made.entry is not None:
                        ledger.append(made.entry)
                except BaseException:
                    shutil.rmtree(staged, ignore_errors=True)
                    raise
                staged.rename(target)
    except RefusedError as refusal:
        click.echo(f"Refused. {refusal}", err=True)
        sys.exit(BROKEN)
    click.echo(as_text(document, language), nl=False)
    click.echo("Checked; nothing is written." if check else f"Written: {target}")


def read_secret(path: Path) -> Secret:
    """The secret in a file that nobody else can read."""
    try:
        if path.stat().st_mode & OTHERS:
            problem = "others on this machine can read it."
            raise DefinitionError(path, problem, f"Make a new one, or: chmod 600 {path.name}")
        with path.open("rb") as file:
            content = file.read(MOST_SECRET + 1)
    except FileNotFoundError:
        remedy = "Make one with: (umask 077; head -c 32 /dev/urandom > secret.key)"
        raise DefinitionError(path, "the file of the secret is missing.", remedy) from None
    except OSError as error:
        problem = f"the file of the secret cannot be read: {error.strerror}."
        raise DefinitionError(path, problem, "Name a file of your own.") from None
    if len(content) > MOST_SECRET:
        raise DefinitionError(path, "this is too long for a secret.", "Name another file.")
    return Secret(content)


def stage(document: Release, disclosure: Disclosure, target: Path) -> Path:
    """Write the whole release, on disk, into a hidden folder beside the one that it becomes.

    What an earlier run has left there is removed: it never reached the ledger, or can be made
    again from it.
    """
    if target.exists():
        raise WaymarkError(f"{target} is there already.", "Name a new folder with --output.")
    parent, prefix = target.absolute().parent, f"{STAGED}{target.name}-"
    folder: Path | None = None
    try:
        for left in parent.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        _write(document, disclosure, folder)
        folder.chmod(0o755)
    except OSError as error:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        remedy = "Choose another --output."
        raise WaymarkError(f"{target} cannot be written: {error.strerror}.", remedy) from None
    return folder


def _write(document: Release, disclosure: Disclosure, folder: Path) -> None:
    (folder / "release.json").write_bytes(document.as_json())
    (folder / "figures.csv").write_bytes(as_csv(document, disclosure))
    (folder / "report.txt").write_text(as_text(document), encoding="utf-8")
    write_parquet(document, disclosure, folder / "figures.parquet")
    for path in (*sorted(folder.iterdir()), folder):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
