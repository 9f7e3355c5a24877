"""``waymark firewall``: keep services apart from immigration enforcement, and show it."""

from __future__ import annotations

import click

from waymark.cli.firewall.audit import audit_arrangements
from waymark.cli.firewall.consent import consent
from waymark.cli.firewall.headline import protect_headlines
from waymark.cli.firewall.keys import keys
from waymark.cli.firewall.open import open_sealed
from waymark.cli.firewall.release import release_counts
from waymark.cli.firewall.rules import adopt_rules, check_request, prove_rules
from waymark.cli.firewall.seal import seal

COMMANDS: tuple[click.Command, ...] = (
    audit_arrangements,
    adopt_rules,
    prove_rules,
    check_request,
    release_counts,
    keys,
    consent,
    seal,
    open_sealed,
    protect_headlines,
)


@click.group()
def firewall() -> None:
    """Keep services apart from immigration enforcement, and show that they are."""


for command in COMMANDS:
    firewall.add_command(command)
