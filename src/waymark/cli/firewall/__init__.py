"""``waymark firewall``: keep services apart from immigration enforcement, and show it."""

from __future__ import annotations

import click

from waymark.cli.groups import Named, NamedCommands

HERE = "waymark.cli.firewall"
COMMANDS = {
    "adopt": Named(f"{HERE}.rules:adopt_rules", "Write the model rules to a file of yours."),
    "audit": Named(
        f"{HERE}.audit:audit_arrangements", "Audit a place: does anything lead to enforcement?"
    ),
    "check": Named(f"{HERE}.rules:check_request", "Answer one request, with its rule."),
    "consent": Named(f"{HERE}.consent:consent", "What a person agrees to."),
    "headline": Named(
        f"{HERE}.headline:protect_headlines", "Protect headline counts, and their budget."
    ),
    "keys": Named(f"{HERE}.keys:keys", "Keys to seal and open notes with."),
    "open": Named(f"{HERE}.open:open_sealed", "Open a sealed note, and record it."),
    "prove": Named(f"{HERE}.rules:prove_rules", "Prove rules over every request there is."),
    "release": Named(f"{HERE}.release:release_counts", "Turn records into counts to publish."),
    "seal": Named(f"{HERE}.seal:seal", "Seal a minimal note to named services."),
}


@click.group(cls=NamedCommands, named=COMMANDS)
def firewall() -> None:
    """Keep services apart from immigration enforcement, and show that they are."""
