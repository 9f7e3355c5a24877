"""The bytes of a sealed note: always as many, whatever is in it and whoever may open it.

A fresh content key encrypts the body. Each recipient has a slot, in which that key is sealed to
them (HPKE with ML-KEM-768 and X25519 together); slots that nobody needs are sealed to keys that
are thrown away, and look like the others. Everything but the version is encrypted.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from waymark.firewall.sealed.secrecy import KEY_BYTES, Secret

HEADER = b"waymark\x01"  # one version, one suite: there is nothing to bargain down to
SLOTS = 4
TAG_BYTES = 16
SLOT_BYTES = 1120 + KEY_BYTES + TAG_BYTES  # encapsulated keys, content key, tag
SLOTS_END = len(HEADER) + SLOTS * SLOT_BYTES
BODY_AT = SLOTS_END + KEY_BYTES
ROOM = 4096  # of the body, filled up with zeros
SIZE = BODY_AT + ROOM + TAG_BYTES
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SLOT_LABEL = b"waymark sealed note 1: slot"
BODY_LABEL = b"waymark sealed note 1: body"
NONCE = bytes(12)  # each key encrypts one body, and never another


class NotOpenedError(Exception):
    """Bytes that this key does not open: never says why."""


def sealed(
    recipients: Sequence[MLKEM768X25519PublicKey], body_after: Callable[[bytes], Secret]
) -> bytes:
    """The bytes that each of the recipients can open.

    ``body_after`` gives the body when it knows the start of the envelope, so that a signature in
    the body can cover the slots. The body is wiped here.
    """
    if not 1 <= len(recipients) <= SLOTS:
        raise ValueError(f"an envelope has 1 to {SLOTS} recipients")
    keys = [*recipients, *(_nobody() for _ in range(SLOTS - len(recipients)))]
    secrets.SystemRandom().shuffle(keys)  # the place of a slot says nothing
    with Secret(secrets.token_bytes(KEY_BYTES)) as content_key:
        slots = (SUITE.encrypt(content_key, key, info=SLOT_LABEL) for key in keys)
        opening = HEADER + b"".join(slots)
        body_key, commitment = _derived(content_key, opening)
    start = opening + commitment
    with body_key, body_after(start) as body, Secret(ROOM) as filled:
        if len(body) > ROOM:
            raise ValueError(f"a body has at most {ROOM} bytes")
        memoryview(filled)[: len(body)] = body
        return start + AESGCM(body_key).encrypt(NONCE, filled, HEADER)


def opened(content: bytes, key: MLKEM768X25519PrivateKey) -> tuple[bytes, Secret]:
    """The start of an envelope, which a signature covers, and its body; else ``NotOpenedError``.

    All slots are tried, also after the right one.
    """
    if len(content) != SIZE or not content.startswith(HEADER):
        raise NotOpenedError
    start, body = content[:BODY_AT], Secret(ROOM)
    with _content_key(content, key) as content_key:
        body_key, commitment = _derived(content_key, content[:SLOTS_END])
    with body_key:
        try:
            if not hmac.compare_digest(commitment, content[SLOTS_END:BODY_AT]):
                raise NotOpenedError
            AESGCM(body_key).decrypt_into(NONCE, content[BODY_AT:], HEADER, body)
        except (InvalidTag, NotOpenedError):
            body.wipe()  # the cipher leaves in it what it could not vouch for
            raise NotOpenedError from None
    return start, body


def _content_key(content: bytes, key: MLKEM768X25519PrivateKey) -> Secret:
    """The key that one of the slots holds; else one that opens nothing, and that nobody knows."""
    found = Secret(secrets.token_bytes(KEY_BYTES))
    for at in range(len(HEADER), SLOTS_END, SLOT_BYTES):
        with suppress(InvalidTag):
            held = SUITE.decrypt(content[at : at + SLOT_BYTES], key, info=SLOT_LABEL)
            if len(held) == KEY_BYTES:
                found[:] = held
    return found


def _derived(content_key: Secret, opening: bytes) -> tuple[Secret, bytes]:
    """The key of the body and a commitment to it, both bound to the header and to every slot."""
    with Secret(2 * KEY_BYTES) as both:
        HKDF(hashes.SHA256(), len(both), salt=None, info=BODY_LABEL + opening).derive_into(
            content_key, both
        )
        view = memoryview(both)
        return Secret(view[:KEY_BYTES]), bytes(view[KEY_BYTES:])


def _nobody() -> MLKEM768X25519PublicKey:
    """A key that nobody has: its private part is dropped at once."""
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    return MLKEM768X25519PrivateKey(mlkem, x25519).public_key()
