"""``waymark firewall seal``."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from waymark.cli.firewall.secrecy import (
    certificate_option,
    consents_key_option,
    consents_option,
    give_out,
    keep_out_of_dumps,
    passphrase_option,
    policy,
    read_bytes,
    register,
    rules_option,
    unlocked,
)
from waymark.firewall.domain import load_domain
from waymark.firewall.sealed.agreements import read_agreements
from waymark.firewall.sealed.keys import read_card
from waymark.firewall.sealed.notes import MOST_BYTES, read_note
from waymark.firewall.sealed.sealing import MOST_DAYS, USUAL_DAYS
from waymark.firewall.sealed.sealing import seal as seal_note


@click.command("seal")
@click.argument("note", type=click.Path(path_type=Path))
@click.option(
    "--sender",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Your private key.",
)
@click.option(
    "--to",
    "recipients",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    multiple=True,
    help="The public key of a recipient; may be given up to four times.",
)
@click.option(
    "--agreements",
    "agreements_file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="What you agreed with whom.",
)
@consents_option
@consents_key_option
@click.option(
    "--consent",
    "given",
    required=True,
    multiple=True,
    help="The identifier of the person's consent, one for each recipient.",
)
@click.option(
    "--days",
    type=click.IntRange(0, MOST_DAYS),
    default=USUAL_DAYS,
    show_default=True,
    help="For how many days it may be opened.",
)
@rules_option
@certificate_option
@passphrase_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="A new file for the sealed note, or - for the standard output.",
)
def seal(
    note: Path,
    sender: Path,
    recipients: tuple[Path, ...],
    agreements_file: Path,
    consents_file: Path,
    consents_key: Path | None,
    given: tuple[str, ...],
    days: int,
    rules_file: Path,
    certificate: Path | None,
    passphrase_file: Path | None,
    output: Path,
) -> None:
    """Seal the minimal note in the file NOTE (or - to read it) to named recipients.

    The proved rules answer whether it may go there, and nothing overrides them.

    \b
    Example:
      waymark firewall seal - --sender shelter.private.json --to clinic.public.json \\
        --agreements agreements.yaml --consents consents.sqlite --consent 5f0c... \\
        --output note.sealed
    """
    keep_out_of_dumps()
    today = date.today()
    domain = load_domain()
    cards = [read_card(path) for path in recipients]
    agreements = read_agreements(agreements_file, domain)
    said = read_note(read_bytes(note, MOST_BYTES), note.name)
    rules = policy(rules_file, certificate)
    consents = register(consents_file, consents_key)
    terms = seal_note(
        said,
        unlocked(sender, passphrase_file),
        cards,
        policy=rules,
        agreements=agreements,
        consents=consents,
        given=given,
        on=today,
        expires=today + timedelta(days),
        deliver=lambda content: give_out(content, output),
    )
    names = ", ".join(card.name for card in cards)
    click.echo(f"Sealed to {names}; may be opened until {terms.expires.isoformat()}.", err=True)
