"""``waymark firewall keys``: make, show and retire the keys of a body."""

from __future__ import annotations

import os
import secrets
from datetime import date, timedelta
from pathlib import Path

import click

from waymark.cli.firewall.secrecy import (
    keep_out_of_dumps,
    passphrase,
    passphrase_option,
    write_private,
)
from waymark.cli.printing import format_option, show_rows
from waymark.exceptions import WaymarkError
from waymark.firewall.audits.network import Known
from waymark.firewall.domain import load_domain
from waymark.firewall.sealed.keys import (
    MOST_DAYS,
    USUAL_DAYS,
    Card,
    make_key,
    read_card,
    read_locked,
)


@click.group("keys")
def keys() -> None:
    """Keys to seal and open notes with: a card to hand out, a private file to keep."""


@keys.command("make")
@click.argument("basename", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="The name of the body, as people know it.")
@click.option("--kind", required=True, help="What kind of service it is: health, shelter, ...")
@click.option("--role", required=True, help="Who opens notes there: intake, nurses, ...")
@click.option("--place", required=True, help="Where it works.")
@click.option(
    "--duty-to-report",
    type=click.Choice([known.value for known in Known]),
    default=Known.NOT_KNOWN.value,
    show_default=True,
    help="Whether the law obliges it to report people; nothing is sealed to it unless this is no.",
)
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=USUAL_DAYS,
    show_default=True,
    help="How long the key serves.",
)
@passphrase_option
def make(
    basename: Path,
    name: str,
    kind: str,
    role: str,
    place: str,
    duty_to_report: str,
    days: int,
    passphrase_file: Path | None,
) -> None:
    """Make a key for one period: BASENAME.public.json and BASENAME.private.json.

    \b
    Example:
      waymark firewall keys make clinic --name "Clinic of the port" --kind health \\
        --role nurses --place "Port quarter" --duty-to-report no
    """
    keep_out_of_dumps()
    today = date.today()
    with passphrase(passphrase_file, confirm=True) as given:
        card, locked = make_key(
            name=name,
            kind=kind,
            role=role,
            place=place,
            duty_to_report=Known(duty_to_report),
            created=today,
            expires=today + timedelta(days),
            domain=load_domain(),
            passphrase=given,
        )
    public, private = (
        basename.with_name(f"{basename.name}.{part}.json") for part in ("public", "private")
    )
    write_private(card.model_dump_json(indent=2).encode() + b"\n", public)
    try:
        write_private(locked.model_dump_json(indent=2).encode() + b"\n", private)
    except WaymarkError:
        public.unlink()
        raise
    click.echo(f"Written: {public}\nWritten: {private}")
    click.echo(f"Fingerprint: {card.fingerprint}")
    if card.duty_to_report is not Known.NO:
        click.echo("Nobody can seal a note to it: it is not known to be free of a duty to report.")


@keys.command("show")
@click.argument("cards", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@format_option
def show(cards: tuple[Path, ...], form: str) -> None:
    """Show whose public keys these are, and their fingerprints, to compare by telephone.

    \b
    Example:
      waymark firewall keys show clinic.public.json
    """
    rows = [_row(read_card(path)) for path in cards]
    if form != "text":
        show_rows(rows, form)
        return
    for row in rows:  # a table would break the fingerprint, which people read aloud
        click.echo("\n".join(f"{name + ':':<16}{value}" for name, value in row.items()))
        click.echo()


def _row(card: Card) -> dict[str, str]:
    return {
        "name": card.name,
        "kind": card.kind,
        "role": card.role,
        "place": card.place,
        "duty to report": card.duty_to_report.value,
        "from": card.created.isoformat(),
        "until": card.expires.isoformat(),
        "in force": "yes" if card.in_force(date.today()) else "no",
        "fingerprint": card.fingerprint,
    }


@keys.command("retire")
@click.argument("private", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask again.")
def retire(private: Path, yes: bool) -> None:
    """Destroy a private key: whatever was sealed to it alone can never be opened again.

    No passphrase is needed. The file is overwritten and removed; copies of it elsewhere, and what
    a disk keeps of its own, stay locked under the passphrase and are yours to destroy.

    \b
    Example:
      waymark firewall keys retire clinic.private.json
    """
    card = read_locked(private).card
    if not yes:
        click.confirm(f"Destroy the key {card.fingerprint} of {card.name}?", abort=True, err=True)
    try:
        with private.open("r+b", buffering=0) as file:
            file.write(secrets.token_bytes(private.stat().st_size))
            os.fsync(file.fileno())
        private.unlink()
    except OSError as error:
        problem = f"{private} cannot be destroyed: {error.strerror}."
        raise WaymarkError(problem, "Check that you may write it.") from None
    click.echo(f"Destroyed: the private key {card.fingerprint}")
