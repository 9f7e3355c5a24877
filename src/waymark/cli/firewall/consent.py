"""``waymark firewall consent``: what a person agreed to, kept and ended by receipt."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from waymark.cli.firewall.secrecy import (
    certificate_option,
    consents_key_option,
    consents_option,
    keep_out_of_dumps,
    policy,
    receipt,
    register,
    rules_option,
)
from waymark.cli.printing import language_option
from waymark.firewall.domain import load_domain
from waymark.firewall.sealed.consent import Explained
from waymark.firewall.sealed.keys import read_card
from waymark.firewall.sealed.receipts import new_receipt, read_receipt
from waymark.firewall.sealed.sealing import MOST_DAYS_OF_CONSENT, USUAL_DAYS_OF_CONSENT, consent_to
from waymark.words import Sentence

receipt_option = click.option(
    "--receipt-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with the receipt, or /dev/fd/3 for an open descriptor.  [default: asks]",
)


@click.group("consent")
def consent() -> None:
    """What a person agrees to: given for one recipient and one purpose, ended by receipt."""


@consent.command("give")
@click.option(
    "--to",
    "recipient",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The public key of the one recipient.",
)
@click.option("--for", "purpose", required=True, help="The one purpose, such as health-care.")
@click.option(
    "--data",
    multiple=True,
    required=True,
    help="need-note, contact, or both: may be given twice.",
)
@click.option(
    "--days",
    type=click.IntRange(0, MOST_DAYS_OF_CONSENT),
    default=USUAL_DAYS_OF_CONSENT,
    show_default=True,
    help="For how long.",
)
@click.option("--language", required=True, help="In which language it was explained: ar, prs, ...")
@click.option(
    "--explained",
    type=click.Choice([way.value for way in Explained]),
    required=True,
    help="How it was explained.",
)
@consents_option
@consents_key_option
@click.option("--same-case", is_flag=True, help="Add it to the case of a receipt that is there.")
@receipt_option
@rules_option
@certificate_option
def give(
    recipient: Path,
    purpose: str,
    data: tuple[str, ...],
    days: int,
    language: str,
    explained: str,
    consents_file: Path,
    consents_key: Path | None,
    same_case: bool,
    receipt_file: Path | None,
    rules_file: Path,
    certificate: Path | None,
) -> None:
    """Write down one consent, and print the receipts once: they are the person's, and kept nowhere.

    The second receipt is to be shown to somebody who forces the person: it opens an empty case.

    \b
    Example:
      waymark firewall consent give --to clinic.public.json --for health-care \\
        --data need-note --data contact --language ar --explained interpreted \\
        --consents consents.sqlite
    """
    keep_out_of_dumps()
    today = date.today()
    agreed = consent_to(
        read_card(recipient),
        purpose=purpose,
        data=data,
        since=today,
        until=today + timedelta(days),
        language=language,
        explained=Explained(explained),
        policy=policy(rules_file, certificate),
    )
    consents = register(consents_file, consents_key, make=True)
    if same_case:
        with receipt(receipt_file) as given:
            consents.give((agreed,), given)
    else:
        mine, duress = new_receipt(), new_receipt()
        for each, content in ((mine, (agreed,)), (duress, ())):
            with read_receipt(each) as given:
                consents.give(content, given)
        click.echo(f"Receipt: {mine}\nReceipt to show under duress: {duress}")
    click.echo(f"Consent: {agreed.id}")


@consent.command("withdraw")
@consents_option
@consents_key_option
@receipt_option
def withdraw(consents_file: Path, consents_key: Path | None, receipt_file: Path | None) -> None:
    """End everything that was given under a receipt. The answer is the same for every receipt.

    \b
    Example:
      waymark firewall consent withdraw --consents consents.sqlite
    """
    keep_out_of_dumps()
    with receipt(receipt_file) as given:
        register(consents_file, consents_key).withdraw(given)
    click.echo("Whatever was given under this receipt has ended.")


@consent.command("history")
@consents_option
@consents_key_option
@receipt_option
@language_option
def history(
    consents_file: Path, consents_key: Path | None, receipt_file: Path | None, language: str
) -> None:
    """Show what was agreed to under a receipt, and what was sent.

    \b
    Example:
      waymark firewall consent history --consents consents.sqlite
    """
    keep_out_of_dumps()
    with receipt(receipt_file) as given:
        found = register(consents_file, consents_key).history(given)
    domain = load_domain()
    sentences = [each.sentence(domain) for each in found.consents]
    sentences += [each.sentence(domain) for each in found.entries]
    for sentence in sentences:
        click.echo(sentence.text(language))
    if not found.consents and not found.entries:
        click.echo(Sentence("There is nothing under this receipt.").text(language))
