"""Bodies with keys, agreements and consents, as the tests of sealed notes need them.

Passphrases and receipts are stretched at little cost here; one test goes the whole way.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from waymark.firewall.audits.network import Known
from waymark.firewall.domain import FirewallError, load_domain
from waymark.firewall.sealed import envelopes
from waymark.firewall.sealed.agreements import Agreement, Agreements
from waymark.firewall.sealed.consent import Consent, Consents, Explained
from waymark.firewall.sealed.keys import Card, KeyPair
from waymark.firewall.sealed.notes import Note
from waymark.firewall.sealed.policy import Policy, proved
from waymark.firewall.sealed.receipts import new_receipt, read_receipt
from waymark.firewall.sealed.sealing import consent_to, open_note, seal
from waymark.firewall.sealed.secrecy import Cost
from waymark.firewall.sharing.routes import load_routes
from waymark.firewall.sharing.rules import MODEL_RULES, load_rules

TODAY, LAST = date(2026, 11, 25), date(2026, 12, 9)
CREATED, EXPIRES = date(2026, 11, 1), date(2027, 2, 1)
CHEAP = Cost(passes=1, memory=32, lanes=1)
REGISTER_KEY = bytes(range(32))
MARKER = "".join(
    secrets.choice("abcdefghkmnp") for _ in range(20)
)  # found nowhere but where this process put it
NOTE = Note(
    need="health",
    purpose="health-care",
    language="prs",
    reach=f"ask at the desk for {MARKER}",
    text=f"Fever since Monday.\n{MARKER}",
)


@lru_cache
def model_policy() -> Policy:
    domain = load_domain()
    return proved(load_rules(MODEL_RULES, domain), domain, load_routes(), TODAY)


def body(name: str, kind: str = "health", duty: Known = Known.NO, **others: date) -> KeyPair:
    """The keys of a body of any kind, also of one for which `make_key` makes none."""
    signing, mlkem, x25519 = (
        Ed25519PrivateKey.generate(),
        MLKEM768PrivateKey.generate(),
        X25519PrivateKey.generate(),
    )
    card = Card(
        name=name,
        kind=kind,
        role="intake",
        place="Port quarter",
        duty_to_report=duty,
        created=others.get("created", CREATED),
        expires=others.get("expires", EXPIRES),
        signing=text(signing.public_key().public_bytes_raw()),
        mlkem768=text(mlkem.public_key().public_bytes_raw()),
        x25519=text(x25519.public_key().public_bytes_raw()),
    )
    signed = card.model_copy(update={"signature": text(signing.sign(card.signed_part))})
    PARTS[signed.fingerprint] = (mlkem, x25519)
    return KeyPair(signed, signing, MLKEM768X25519PrivateKey(mlkem, x25519))


PARTS: dict[str, tuple[MLKEM768PrivateKey, X25519PrivateKey]] = {}  # of a key, by fingerprint


def text(content: bytes) -> str:
    return b64encode(content).decode()


SHELTER = body("Shelter at the gate", "shelter")
CLINIC = body("Clinic of the port")
LAWYERS = body("Lawyers' desk", "legal-aid")


def agreement(card: Card, duty: Known = Known.NO, barred: Known = Known.YES) -> Agreement:
    return Agreement(
        key=card.fingerprint,
        name=card.name,
        kind=card.kind,
        duty_to_report=duty,
        bars_passing_on=barred,
        basis="Referral protocol",
        evidence="Letter of 1 February 2026",
        since=date(2026, 3, 3),
    )


def agreements(*bodies: KeyPair) -> Agreements:
    return Agreements(agreements=tuple(agreement(each.card) for each in bodies))


def consent(card: Card, note: Note = NOTE, **changed: object) -> Consent:
    """A consent to all that a note carries."""
    asked = {
        "purpose": note.purpose,
        "data": note.data,
        "since": TODAY,
        "until": LAST,
        "language": "prs",
        "explained": Explained.INTERPRETED,
        "policy": model_policy(),
    }
    return consent_to(card, **{**asked, **changed})  # type: ignore[arg-type]


def forced_consent(card: Card, note: Note = NOTE) -> Consent:
    """A consent as no one can give it: whatever its recipient is."""
    return Consent(
        id="0" * 32,
        key=card.fingerprint,
        recipient=card.name,
        purpose=note.purpose,
        data=note.data,
        since=TODAY,
        until=LAST,
        language="prs",
        explained=Explained.SPOKEN,
        policy=model_policy().digest,
    )


def register(folder: Path, name: str = "consents.sqlite") -> Consents:
    return Consents(folder / name, REGISTER_KEY, CHEAP, make=True)


def sealed(
    folder: Path,
    *recipients: KeyPair,
    note: Note = NOTE,
    sender: KeyPair = SHELTER,
    **changed: date,
) -> bytes:
    """A note, sealed with everything in order."""
    consents = register(folder)
    given = [consent(each.card, note) for each in recipients]
    consents.give(tuple(given), read_receipt(new_receipt()))
    delivered: list[bytes] = []
    seal(
        note,
        sender,
        [each.card for each in recipients],
        policy=model_policy(),
        agreements=agreements(*recipients),
        consents=consents,
        given=[each.id for each in given],
        on=changed.get("on", TODAY),
        expires=changed.get("expires", LAST),
        deliver=delivered.append,
    )
    return delivered[0]


def is_open(slot: bytes, key: KeyPair) -> bool:
    """Whether a slot of an envelope is for a key."""
    try:
        envelopes.SUITE.decrypt(slot, key.receiving, info=envelopes.SLOT_LABEL)
    except InvalidTag:
        return False
    return True


def refusal(content: bytes, key: KeyPair, on: date = TODAY, **how: object) -> str:
    """What somebody is told who cannot open a note."""
    with pytest.raises(FirewallError) as refused:
        open_note(content, key, on, **how)  # type: ignore[arg-type]
    return str(refused.value)


NOT_OPENED = refusal(b"", CLINIC)


def attempt(
    consents: Consents,
    given: Sequence[Consent],
    note: Note = NOTE,
    recipients: Sequence[KeyPair] = (CLINIC,),
    **changed: object,
) -> bytes:
    """Seal a note under some consents; what was delivered."""
    delivered: list[bytes] = []
    asked = {
        "policy": model_policy(),
        "agreements": agreements(*recipients),
        "consents": consents,
        "given": [each.id for each in given],
        "on": TODAY,
        "expires": LAST,
        "deliver": delivered.append,
    }
    seal(note, SHELTER, [each.card for each in recipients], **{**asked, **changed})  # type: ignore[arg-type]
    return delivered[0] if delivered else b""
