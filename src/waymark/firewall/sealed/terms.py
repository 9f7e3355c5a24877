"""What a sealed note is bound to, and how it lies beside the note inside the seal.

The body of an envelope is a signature, two lengths, the terms and the note. The signature is
inside, so that only recipients learn who wrote; it covers the slots, so that it fits no other
envelope.
"""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from waymark.firewall.domain import FirewallError
from waymark.firewall.sealed.keys import Card, Words
from waymark.firewall.sealed.notes import Note, decoded
from waymark.firewall.sealed.secrecy import Secret, canonical
from waymark.reading import Value

SIGNATURE_BYTES, LENGTH_BYTES = 64, 2
PARTS_AT = SIGNATURE_BYTES + 2 * LENGTH_BYTES
SIGNATURE_LABEL = b"waymark sealed note 1: signature"


class Sender(Value):
    """Who signed a note, as its key says."""

    key: str
    name: Words
    kind: Words
    signing: str


class Terms(Value):
    """What a note is bound to; sealed with it, so that none of it can be changed or exchanged.

    ``sender`` is absent where the person wrote the note; then there are no ``consents`` either.
    Else there is one for each of the ``recipients``, in their order.
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

    def __repr__(self) -> str:
        return "Terms(...)"

    __str__ = __repr__


def sender_of(card: Card) -> Sender:
    """What terms say of a sender."""
    return Sender(key=card.fingerprint, name=card.name, kind=card.kind, signing=card.signing)


def packed(note: Note, terms: Terms, signing: Ed25519PrivateKey | None, start: bytes) -> Secret:
    """The body: terms and note, signed for one envelope; zeros for the signature of nobody."""
    parts = [canonical(terms.model_dump(mode="json")), note.encoded()]
    lengths = [len(part).to_bytes(LENGTH_BYTES, "big") for part in parts]
    signature = bytes(SIGNATURE_BYTES)
    if signing is not None:
        with Secret.joined(SIGNATURE_LABEL, start, *lengths, *parts) as signed:
            signature = signing.sign(signed)
    return Secret.joined(signature, *lengths, *parts)


def unpacked(body: Secret, start: bytes) -> tuple[Note, Terms]:
    """The note and the terms of a body, whole and signed by the sender that they name.

    Anything else is a ``ValueError`` that says nothing.
    """
    with memoryview(body) as view:
        lengths = [
            int.from_bytes(view[at : at + LENGTH_BYTES], "big")
            for at in range(SIGNATURE_BYTES, PARTS_AT, LENGTH_BYTES)
        ]
        note_at, end = PARTS_AT + lengths[0], PARTS_AT + sum(lengths)
        if end > len(body) or any(view[end:]):
            raise ValueError
        try:
            terms = Terms.model_validate_json(bytes(view[PARTS_AT:note_at]))
            note = decoded(bytes(view[note_at:end]))
            with Secret.joined(SIGNATURE_LABEL, start, view[SIGNATURE_BYTES:end]) as signed:
                _check(terms, bytes(view[:SIGNATURE_BYTES]), signed)
        except (ValueError, TypeError, RecursionError, InvalidSignature, FirewallError):
            raise ValueError from None
    if note.purpose != terms.purpose:
        raise ValueError
    return note, terms


def _check(terms: Terms, signature: bytes, signed: Secret) -> None:
    if terms.sender is None:
        if any(signature) or terms.consents:
            raise ValueError
        return
    if len(terms.consents) != len(terms.recipients):
        raise ValueError
    key = b64decode(terms.sender.signing, validate=True)
    Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
