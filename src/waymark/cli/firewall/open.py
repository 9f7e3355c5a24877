"""``waymark firewall open``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import yaml

from waymark.cli.firewall.secrecy import (
    consents_key_option,
    give_out,
    keep_out_of_dumps,
    passphrase_option,
    read_bytes,
    register,
    unlocked,
)
from waymark.firewall.sealed.envelopes import SIZE
from waymark.firewall.sealed.keys import read_card
from waymark.firewall.sealed.notes import FIELDS
from waymark.firewall.sealed.openings import Openings
from waymark.firewall.sealed.sealing import Opened, open_note


@click.command("open")
@click.argument("sealed", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Your private key.",
)
@click.option(
    "--sender",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The public key of the body that must have signed it.",
)
@click.option(
    "--consents",
    "consents_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The register of consents, where you can see it: the consent must still stand.",
)
@consents_key_option
@click.option(
    "--once",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that remembers which notes were opened: a copy is refused.",
)
@passphrase_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("-"),
    help="A new file for the note in clear.  [default: the standard output]",
)
def open_sealed(
    sealed: Path,
    key: Path,
    sender: Path | None,
    consents_file: Path | None,
    consents_key: Path | None,
    once: Path | None,
    passphrase_file: Path | None,
    output: Path,
) -> None:
    """Open the sealed note in the file SEALED (or - to read it) with your private key.

    \b
    Example:
      waymark firewall open note.sealed --key clinic.private.json --sender shelter.public.json
    """
    keep_out_of_dumps()
    today = date.today()
    content = read_bytes(sealed, SIZE)
    found = open_note(
        content,
        unlocked(key, passphrase_file),
        today,
        sender=None if sender is None else read_card(sender),
        consents=None if consents_file is None else register(consents_file, consents_key),
        is_first=None if once is None else Openings(once).first_on(today),
    )
    give_out(_shown(found).encode(), output)


def _shown(found: Opened) -> str:
    """The note in the form in which notes are written, under what is known of it."""
    terms = found.terms
    if terms.sender is None:
        sender = "the person, unsigned"
    else:
        known = "" if found.sender_known == "yes" else " (not compared with a key that you have)"
        sender = f"{terms.sender.name}, {terms.sender.kind}, key {terms.sender.key}{known}"
    said = {name: getattr(found.note, name) for name in FIELDS if getattr(found.note, name)}
    return (
        f"# From: {sender}\n"
        f"# Sealed on {terms.sealed.isoformat()}; open until {terms.expires.isoformat()}\n"
        + yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1000)
    )
