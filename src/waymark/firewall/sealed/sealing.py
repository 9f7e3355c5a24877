"""Seal a minimal note to named recipients, where the proved rules permit it and the person agreed.

There is one way in: the table of rules that was proved answers for each recipient and each kind of
data, and what is not known counts as a no. Sealing asks nothing else and can be told nothing else.
Expiry binds honest programs; what ends a note for good is the end of the recipients' keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import ValidationError

from waymark.firewall.audits.network import Known
from waymark.firewall.domain import PERSON, FirewallError
from waymark.firewall.sealed import envelopes
from waymark.firewall.sealed.agreements import Agreements
from waymark.firewall.sealed.consent import Consent, Consents, Explained, Held, new_id
from waymark.firewall.sealed.keys import Card, KeyPair, check_card
from waymark.firewall.sealed.notes import Note
from waymark.firewall.sealed.policy import Policy, ask, facts_of_body, facts_of_person, may_be_named
from waymark.firewall.sealed.terms import Terms, packed, sender_of, unpacked

MOST_DAYS, USUAL_DAYS = 90, 14  # that a note may be opened
MOST_DAYS_OF_CONSENT, USUAL_DAYS_OF_CONSENT = 180, 30


@dataclass(frozen=True, repr=False)
class Opened:
    """A note that was opened, its terms, and whether it is of a sender that the opener named."""

    note: Note
    terms: Terms
    sender_known: Known

    def __repr__(self) -> str:
        return "Opened(...)"


def consent_to(
    card: Card,
    *,
    purpose: str,
    data: tuple[str, ...],
    since: date,
    until: date,
    language: str,
    explained: Explained,
    policy: Policy,
) -> Consent:
    """A consent to one recipient for one purpose, if a consent can name it at all."""
    check_card(card, card.name)
    if not may_be_named(policy, card, purpose, data):
        problem = f"A consent cannot name {card.name} ({card.kind}) for {purpose}."
        remedy = "It names a service that has no duty to report, and what a minimal note carries."
        raise FirewallError(problem, remedy)
    if until - since > timedelta(MOST_DAYS_OF_CONSENT):
        problem = f"A consent holds for at most {MOST_DAYS_OF_CONSENT} days."
        raise FirewallError(problem, "Choose a shorter time, and ask again.")
    try:
        return Consent(
            id=new_id(),
            key=card.fingerprint,
            recipient=card.name,
            purpose=purpose,
            data=data,
            since=since,
            until=until,
            language=language,
            explained=explained,
            policy=policy.digest,
        )
    except ValidationError as error:
        field = (error.errors()[0]["loc"] or ("period",))[0]
        remedy = "See docs/reference/sealed-notes.md."
        raise FirewallError(f"The {field} of the consent cannot be used.", remedy) from None


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
    _check(recipients, on, expires)
    if not sender.card.in_force(on):
        raise FirewallError("The sender's key is not in force.", "Make a new key.")
    with consents.held(tuple(given)) as held:
        chosen = []
        for card in recipients:
            consent = _consent(held, card, note, policy, on, expires)
            facts = facts_of_body(card, agreements.with_(card, on), agreed_to=consent is not None)
            ask(policy, sender.card.kind, card, note.purpose, note.data, facts)
            if consent is None:  # rules that ask for none are no reason to do without
                problem = "There is no consent of the person to this."
                raise FirewallError(problem, "Ask them; see docs/how-to/seal-a-note.md.")
            chosen.append(consent)
        terms = _terms(note, recipients, policy, on, expires, sender.card, chosen)
        content = _sealed(note, terms, sender, recipients)
        for consent in chosen:
            held.enter(consent, on)
        deliver(content)
    return terms


def seal_own(
    note: Note, recipients: Sequence[Card], *, policy: Policy, on: date, expires: date
) -> bytes:
    """A note that the person writes themself: unsigned, and consented to by being written."""
    _check(recipients, on, expires)
    for card in recipients:
        ask(policy, PERSON, card, note.purpose, note.data, facts_of_person(card))
    terms = _terms(note, recipients, policy, on, expires)
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
    """Open a note that is sealed to a key, or refuse it; one answer for every fault but expiry.

    With ``sender`` it must be signed by this key; with ``consents`` (where the recipient can see
    the register) the consent must still stand; ``is_first`` says whether it was not opened before.
    """
    try:
        start, body = envelopes.opened(content, key.receiving)
        with body:
            note, terms = unpacked(body, start)
    except (envelopes.NotOpenedError, ValueError):
        raise _not_opened() from None
    named = key.card.fingerprint in terms.recipients
    if not named or (sender is not None and terms.sender != sender_of(sender)):
        raise _not_opened()
    if not terms.sealed <= on <= terms.expires:
        problem = f"This note could be opened until {terms.expires.isoformat()}, and no longer."
        raise FirewallError(problem, "Ask the sender for a new one, if the person still agrees.")
    if consents is not None and not _stands(terms, key.card, note, consents, on):
        raise _not_opened()
    if is_first is not None and not is_first(terms):
        raise _not_opened()
    return Opened(note, terms, Known.YES if sender else Known.NOT_KNOWN)


def _check(recipients: Sequence[Card], on: date, expires: date) -> None:
    names = [card.fingerprint for card in recipients]
    if not 1 <= len(names) <= envelopes.SLOTS or len(set(names)) != len(names):
        problem = f"A note has 1 to {envelopes.SLOTS} recipients, each named once."
        raise FirewallError(problem, "Name fewer, or write two notes.")
    if not on <= expires <= on + timedelta(MOST_DAYS):
        problem = f"A note can be opened for 0 to {MOST_DAYS} days."
        raise FirewallError(problem, "Choose another day of expiry.")
    for card in recipients:
        check_card(card, card.name)
        if not card.in_force(on) or not card.in_force(expires):
            problem = f"The key of {card.name} is not in force until {expires.isoformat()}."
            remedy = "Choose an earlier expiry, or ask the body for its new key."
            raise FirewallError(problem, remedy)


def _consent(
    held: Held, card: Card, note: Note, policy: Policy, on: date, expires: date
) -> Consent | None:
    """The consent to this recipient, for all that is in the note, until it expires."""
    for each in held.consents.values():
        asked = (card.fingerprint, note.purpose, note.data, policy.digest)
        if each.covers(*asked, on) and each.covers(*asked, expires):
            return each
    return None


def _terms(
    note: Note,
    recipients: Sequence[Card],
    policy: Policy,
    on: date,
    expires: date,
    sender: Card | None = None,
    consents: Sequence[Consent] = (),
) -> Terms:
    return Terms(
        note=new_id(),
        sender=None if sender is None else sender_of(sender),
        recipients=tuple(card.fingerprint for card in recipients),
        consents=tuple(consent.id for consent in consents),
        purpose=note.purpose,
        policy=policy.digest,
        sealed=on,
        expires=expires,
    )


def _sealed(note: Note, terms: Terms, sender: KeyPair | None, recipients: Sequence[Card]) -> bytes:
    signing = None if sender is None else sender.signing
    keys = [card.receiving for card in recipients]
    return envelopes.sealed(keys, lambda start: packed(note, terms, signing, start))


def _stands(terms: Terms, card: Card, note: Note, consents: Consents, on: date) -> bool:
    """Whether the consent for this recipient is still there."""
    given = terms.consents[terms.recipients.index(card.fingerprint)] if terms.consents else ""
    with consents.held((given,)) as held:
        return any(
            each.covers(card.fingerprint, note.purpose, note.data, terms.policy, on)
            for each in held.consents.values()
        )


def _not_opened() -> FirewallError:
    """The one answer to whatever cannot be opened."""
    remedy = (
        "It is not for this key, was changed, was opened before, or the person no longer agrees: "
        "ask its sender."
    )
    return FirewallError("This note cannot be opened.", remedy)
