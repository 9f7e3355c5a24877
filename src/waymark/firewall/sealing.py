"""Seal a minimal note to named recipients, where the proved rules permit it and the person agreed.

There is one way in: the table of rules that was proved answers for each recipient and each kind of
data, and what is not known counts as a no. Sealing asks nothing else and can be told nothing else.
Expiry binds honest programs; what ends a note for good is the end of the recipient's key.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from waymark.firewall import envelopes
from waymark.firewall.agreements import Agreements
from waymark.firewall.arrangements import Known
from waymark.firewall.consent import Consent, Consents, new_id
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
from waymark.firewall.keys import Card, KeyPair
from waymark.firewall.notes import Note, decoded
from waymark.firewall.proof import Certificate, certify, gatekeeper
from waymark.firewall.routes import Routes
from waymark.firewall.rules import Gatekeeper, RuleSet, decide
from waymark.firewall.secrecy import Secret, canonical
from waymark.reading import Value

STATUS = "not-known"  # nobody is asked for it, and no rule may read it
MOST_DAYS = 90  # that a note may be opened
USUAL_DAYS = 14
SIGNATURE_BYTES = 64
SIGNATURE_LABEL = b"waymark sealed note 1: signature"
BARRED = {Known.YES: True, Known.NO: False, Known.NOT_KNOWN: None}


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


def proved(
    rules: RuleSet, domain: Domain, routes: Routes, on: date, certificate: Certificate | None = None
) -> Policy:
    """The policy of rules: proved here and now, and the same as a certificate where one is given.

    Raises ``FirewallError`` for rules that break a theorem.
    """
    made = certify(rules, domain, routes, on)
    return Policy(domain, rules, made, gatekeeper(rules, domain, certificate or made))


class Sender(Value):
    """Who signed a note, as its key says."""

    key: str
    name: str
    kind: str
    signing: str


class Terms(Value):
    """What a note is bound to; sealed with it, so that none of it can be changed or exchanged.

    ``sender`` is absent where the person wrote it; ``consents`` are in the order of the
    ``recipients``, and empty where the person wrote it.
    """

    form: Literal["waymark sealed note 1"] = "waymark sealed note 1"
    note: str
    sender: Sender | None
    recipients: tuple[str, ...]
    consents: tuple[str, ...]
    purpose: str
    policy: str
    sealed: date
    expires: date


@dataclass(frozen=True, repr=False)
class Opened:
    """A note that was opened, its terms, and whether its sender is one that the opener knows."""

    note: Note
    terms: Terms
    sender_known: Known

    def __repr__(self) -> str:
        return "Opened(...)"


def seal(
    note: Note,
    sender: KeyPair,
    recipients: Sequence[Card],
    *,
    policy: Policy,
    agreements: Agreements,
    consents: Consents,
    given: Sequence[str],
    on: date,
    expires: date,
    deliver: Callable[[bytes], None],
) -> Terms:
    """Seal a note of a body and deliver it, under consents that nobody withdrew.

    ``given`` are identifiers of consents, one for each recipient. ``deliver`` gets the sealed bytes
    while the consents are locked: a withdrawal comes before, and nothing is delivered, or after.
    """
    _check_periods([sender.card, *recipients], on, expires)
    with consents.held(tuple(given)) as held:
        chosen: list[Consent] = []
        for card in recipients:
            consent = next(
                (
                    each
                    for each in held.consents.values()
                    if each.covers(card.fingerprint, note.purpose, note.data, policy.digest, on)
                    and expires <= each.until
                ),
                None,
            )
            agreement = agreements.with_(card, on)
            facts = {
                CONSENT: True if consent else None,
                AGREEMENT: True if agreement else None,
                ONWARD_BARRED: BARRED[agreement.bars_passing_on] if agreement else None,
                DUTY: _duty(card, agreement.duty_to_report if agreement else Known.NOT_KNOWN),
            }
            ask(policy, sender.card.kind, card.kind, note, facts)
            if consent is None:  # a policy that needs none is no reason to do without
                raise _no_consent()
            chosen.append(consent)
        terms = _terms(note, sender.card, recipients, policy, on, expires, chosen)
        sealed = _sealed(note, terms, sender, recipients)
        for consent in chosen:
            held.enter(consent, on)
        deliver(sealed)
    return terms


def seal_own(
    note: Note, recipients: Sequence[Card], *, policy: Policy, on: date, expires: date
) -> bytes:
    """A note that the person writes themself: unsigned, and consented to by being written."""
    _check_periods(recipients, on, expires)
    for card in recipients:
        ask(
            policy, PERSON, card.kind, note, {CONSENT: True, DUTY: _duty(card, card.duty_to_report)}
        )
    terms = _terms(note, None, recipients, policy, on, expires, ())
    return _sealed(note, terms, None, recipients)


def open_note(
    content: bytes,
    key: KeyPair,
    on: date,
    *,
    sender: Card | None = None,
    consents: Consents | None = None,
    is_first: Callable[[Terms], bool] | None = None,
) -> Opened:
    """Open a note that is sealed to a key, or refuse it; one answer for every fault.

    With ``sender`` it must be signed by this key; with ``consents`` (where the recipient can see
    the register) the consent must still stand; ``is_first`` says whether it was not opened before.
    """
    try:
        start, body = envelopes.opened(content, key.receiving)
    except envelopes.NotOpenedError:
        raise _not_opened() from None
    with body:
        note, terms = _read(start, body)
    if key.card.fingerprint not in terms.recipients:
        raise _not_opened()
    if sender is not None and (terms.sender is None or terms.sender != _sender(sender)):
        raise _not_opened()
    if not terms.sealed <= on <= terms.expires:
        problem = f"This note could be opened until {terms.expires.isoformat()}, and no longer."
        raise FirewallError(problem, "Ask the sender for a new one, if the person still agrees.")
    if consents is not None and not _stands(terms, key.card, note, consents, on):
        raise _not_opened()
    if is_first is not None and not is_first(terms):
        raise _not_opened()
    return Opened(note, terms, Known.YES if sender else Known.NOT_KNOWN)


def ask(
    policy: Policy, sender: str, recipient: str, note: Note, facts: dict[str, bool | None]
) -> None:
    """Ask the proved table for each kind of data in a note, or raise with the rule's reason."""
    for data in note.data:
        in_order = tuple(facts.get(fact.id) for fact in policy.domain.facts)
        request = Request(sender, recipient, note.purpose, STATUS, data, in_order)
        if policy.gate.permits(request):
            continue
        found = decide(policy.rules, policy.domain, request)
        unknown = [
            each.label.en
            for each in policy.domain.facts
            if each.id in facts and each.id in found.not_known
        ]
        reason = found.reason.text()
        if unknown:
            reason += f" Not known, and taken as the worse answer: {'; '.join(unknown)}."
        remedy = "Nothing is sealed, and nothing overrides this; see docs/how-to/seal-a-note.md."
        raise FirewallError(f"A note for {note.purpose} may not go there. {reason}", remedy)


def may_be_named(policy: Policy, sender: str, card: Card, purpose: str) -> bool:
    """Whether a consent can name a recipient at all: some request with every fact at its best."""
    if policy.domain.kind(card.kind).role is not Role.SERVICE:
        return False
    best = {CONSENT: True, AGREEMENT: True, ONWARD_BARRED: True}
    best[DUTY] = card.duty_to_report is not Known.NO
    facts = tuple(best.get(fact.id) for fact in policy.domain.facts)
    return policy.gate.permits(
        Request(sender, card.kind, purpose, STATUS, "need-note", facts)
    ) or policy.gate.permits(Request(PERSON, card.kind, purpose, STATUS, "need-note", facts))


def _duty(card: Card, found: Known) -> bool | None:
    """Whether a recipient must report: a yes of either counts; a no only of both."""
    said = {card.duty_to_report, found}
    if Known.YES in said:
        return True
    return False if said == {Known.NO} else None


def _check_periods(cards: Sequence[Card], on: date, expires: date) -> None:
    names = [card.fingerprint for card in cards]
    if len(set(names)) != len(names):
        raise FirewallError("The same key is there twice.", "Name each recipient once.")
    if not on <= expires <= on + timedelta(MOST_DAYS):
        problem = f"A note can be opened for 0 to {MOST_DAYS} days."
        raise FirewallError(problem, "Choose another day of expiry.")
    for card in cards:
        if not card.in_force(on) or not card.in_force(expires):
            problem = f"The key {card.fingerprint} is not in force until {expires.isoformat()}."
            remedy = "Choose an earlier expiry, or ask the body for its new key."
            raise FirewallError(problem, remedy)


def _terms(
    note: Note,
    sender: Card | None,
    recipients: Sequence[Card],
    policy: Policy,
    on: date,
    expires: date,
    consents: Sequence[Consent],
) -> Terms:
    if not 1 <= len(recipients) <= envelopes.SLOTS:
        problem = f"A note has 1 to {envelopes.SLOTS} recipients."
        raise FirewallError(problem, "Name fewer, or write two notes.")
    return Terms(
        note=new_id(),
        sender=None if sender is None else _sender(sender),
        recipients=tuple(card.fingerprint for card in recipients),
        consents=tuple(consent.id for consent in consents),
        purpose=note.purpose,
        policy=policy.digest,
        sealed=on,
        expires=expires,
    )


def _sender(card: Card) -> Sender:
    return Sender(key=card.fingerprint, name=card.name, kind=card.kind, signing=card.signing)


def _sealed(note: Note, terms: Terms, sender: KeyPair | None, recipients: Sequence[Card]) -> bytes:
    parts = [canonical(terms.model_dump(mode="json")), note.encoded()]
    lengths = b"".join(len(part).to_bytes(2, "big") for part in parts)

    def body(start: bytes) -> Secret:
        with Secret(lengths + b"".join(parts)) as said:
            if sender is None:
                return Secret(bytes(SIGNATURE_BYTES) + said)
            with Secret(SIGNATURE_LABEL + start + said) as signed:
                return Secret(sender.signing.sign(signed) + said)

    return envelopes.sealed([card.receiving for card in recipients], body)


def _read(start: bytes, body: Secret) -> tuple[Note, Terms]:
    """The note and the terms of a body that was opened; anything else is refused."""
    view = memoryview(body)
    at = SIGNATURE_BYTES + 4
    first, second = (int.from_bytes(view[at - 4 + 2 * n : at - 2 + 2 * n], "big") for n in (0, 1))
    end = at + first + second
    if end > len(body) or any(view[end:]):
        raise _not_opened()
    try:
        terms = Terms.model_validate_json(bytes(view[at : at + first]))
        note = decoded(bytes(view[at + first : end]))
        if terms.sender is None:
            if any(view[:SIGNATURE_BYTES]):
                raise ValueError("a signature of nobody")
        else:
            with Secret(SIGNATURE_LABEL + start) as signed:
                signed += view[SIGNATURE_BYTES:end]
                public = Ed25519PublicKey.from_public_bytes(b64decode(terms.sender.signing))
                public.verify(bytes(view[:SIGNATURE_BYTES]), signed)
    except (ValueError, TypeError, RecursionError, InvalidSignature, FirewallError):
        raise _not_opened() from None
    if note.purpose != terms.purpose:
        raise _not_opened()
    return note, terms


def _stands(terms: Terms, card: Card, note: Note, consents: Consents, on: date) -> bool:
    """Whether the consent for this recipient is still there."""
    place = terms.recipients.index(card.fingerprint)
    if place >= len(terms.consents):
        return False
    with consents.held((terms.consents[place],)) as held:
        return any(
            each.covers(card.fingerprint, note.purpose, note.data, terms.policy, on)
            for each in held.consents.values()
        )


def _no_consent() -> FirewallError:
    problem = "There is no consent of the person to this."
    return FirewallError(problem, "Ask them; see docs/how-to/seal-a-note.md.")


def _not_opened() -> FirewallError:
    """The one answer to whatever cannot be opened."""
    return FirewallError(
        "This note cannot be opened.",
        "It is not for this key, was changed, was opened before, or the person no longer agrees: "
        "ask its sender.",
    )
