"""The proved rules as sealing asks them: one table, no second way, a no for what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from waymark.firewall.audits.network import Known
from waymark.firewall.domain import (
    AGREEMENT,
    CONSENT,
    DUTY,
    ONWARD_BARRED,
    PERSON,
    Domain,
    FirewallError,
    Request,
    Role,
)
from waymark.firewall.sealed.agreements import Agreement
from waymark.firewall.sealed.keys import Card
from waymark.firewall.sharing.proof import Certificate, certify, gatekeeper
from waymark.firewall.sharing.routes import Routes
from waymark.firewall.sharing.rules import Gatekeeper, RuleSet, decide

STATUS = "not-known"  # nobody is asked for it, and no rule may read it
Facts = Mapping[str, bool | None]


@dataclass(frozen=True)
class Policy:
    """Rules that were proved, and the gatekeeper that answers from their table."""

    domain: Domain
    rules: RuleSet
    certificate: Certificate
    gate: Gatekeeper

    @property
    def digest(self) -> str:
        """The hash of the table: consents and notes are bound to it."""
        return self.certificate.table

    def request(
        self, sender: str, recipient: str, purpose: str, data: str, facts: Facts
    ) -> Request:
        """A request, with not known for each fact that is not given."""
        in_order = tuple(facts.get(fact.id) for fact in self.domain.facts)
        return Request(sender, recipient, purpose, STATUS, data, in_order)


def proved(
    rules: RuleSet, domain: Domain, routes: Routes, on: date, certificate: Certificate | None = None
) -> Policy:
    """The policy of rules: proved here and now, and the same as a certificate where one is given.

    Raises ``FirewallError`` for rules that break a theorem.
    """
    made = certify(rules, domain, routes, on)
    return Policy(domain, rules, made, gatekeeper(rules, domain, routes, certificate or made))


def facts_of_body(card: Card, agreement: Agreement | None, *, agreed_to: bool) -> Facts:
    """What is known where a body sends: from the person's consent, the agreement and the key.

    Of a duty to report, a yes of the recipient or of the sender counts; a no only if both say it.
    """
    barred = agreement.bars_passing_on if agreement else Known.NOT_KNOWN
    duty = {card.duty_to_report, agreement.duty_to_report if agreement else Known.NOT_KNOWN}
    return {
        CONSENT: True if agreed_to else None,
        AGREEMENT: True if agreement else None,
        ONWARD_BARRED: _yes_or_no(barred),
        DUTY: Known.YES in duty or (False if duty == {Known.NO} else None),
    }


def facts_of_person(card: Card) -> Facts:
    """What is known where the person writes: they agree, and the key says what the body must do."""
    return {CONSENT: True, DUTY: _yes_or_no(card.duty_to_report)}


def _yes_or_no(known: Known) -> bool | None:
    return None if known is Known.NOT_KNOWN else known is Known.YES


def ask(
    policy: Policy, sender: str, card: Card, purpose: str, data: tuple[str, ...], facts: Facts
) -> None:
    """Ask the table for each kind of data, or raise ``FirewallError`` with the rule's reason."""
    for each in data:
        request = policy.request(sender, card.kind, purpose, each, facts)
        if policy.gate.permits(request):
            continue
        found = decide(policy.rules, policy.domain, request)
        unknown = [
            fact.label.en
            for fact in policy.domain.facts
            if fact.id in facts and fact.id in found.not_known
        ]
        reason = found.reason.text()
        if unknown:
            reason += f" Not known, and taken as the worse answer: {'; '.join(unknown)}."
        problem = f"Nothing may be sealed to {card.name} ({card.kind}) for {purpose}. {reason}"
        raise FirewallError(problem, "Nothing overrides this; see docs/how-to/seal-a-note.md.")


def may_be_named(policy: Policy, card: Card, purpose: str, data: tuple[str, ...]) -> bool:
    """Whether a consent can name a recipient at all: with everything else as good as can be.

    Only services can be named, and only for what a minimal note carries.
    """
    if policy.domain.kind(card.kind).role is not Role.SERVICE:
        return False
    minimal = {each.id for each in policy.domain.data if each.minimal}
    best = {CONSENT: True, AGREEMENT: True, ONWARD_BARRED: True}
    facts = {**best, DUTY: card.duty_to_report is not Known.NO}
    senders = [each.id for each in policy.domain.kinds if each.role is Role.SERVICE]
    return all(
        each in minimal
        and any(
            policy.gate.permits(policy.request(sender, card.kind, purpose, each, facts))
            for sender in [PERSON, *senders]
        )
        for each in data
    )
