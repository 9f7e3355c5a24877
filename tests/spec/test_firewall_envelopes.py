"""Attacks on sealed notes, and their format read by a program that shares no code with ours."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.sealed import (
    CLINIC,
    LAST,
    LAWYERS,
    NOT_OPENED,
    NOTE,
    PARTS,
    SHELTER,
    TODAY,
    body,
    model_policy,
    refusal,
    sealed,
    text,
)
from waymark.exceptions import DefinitionError
from waymark.firewall.audits.network import Known
from waymark.firewall.domain import FirewallError
from waymark.firewall.sealed import envelopes
from waymark.firewall.sealed.keys import (
    KeyPair,
    check_card,
)
from waymark.firewall.sealed.openings import Openings
from waymark.firewall.sealed.sealing import open_note, seal_own
from waymark.firewall.sealed.secrecy import Secret
from waymark.firewall.sealed.terms import packed, unpacked

# Who wrote it.


def test_a_note_that_another_key_signed_is_not_taken_for_the_senders(tmp_path):
    impostor = body(SHELTER.card.name, "shelter")
    content = sealed(tmp_path, CLINIC, sender=impostor)
    assert open_note(content, CLINIC, TODAY).sender_known is Known.NOT_KNOWN
    assert refusal(content, CLINIC, sender=SHELTER.card) == NOT_OPENED


def rewrapped(content: bytes, reader: KeyPair, recipients: list[KeyPair], change) -> bytes:
    """What a dishonest recipient can make of a note that they could open."""
    start, inside = envelopes.opened(content, reader.receiving)
    note, terms = unpacked(inside, start)
    signature = bytes(inside[:64])

    def again(start: bytes) -> Secret:
        made = packed(note, change(terms), None, start)
        made[:64] = signature
        return made

    return envelopes.sealed([each.card.receiving for each in recipients], again)


@pytest.mark.parametrize(
    "change",
    [
        lambda terms: terms,
        lambda terms: terms.model_copy(update={"recipients": (LAWYERS.card.fingerprint,)}),
        lambda terms: terms.model_copy(update={"expires": date(2036, 1, 1)}),
        lambda terms: terms.model_copy(update={"purpose": "support"}),
        lambda terms: terms.model_copy(update={"policy": "0" * 64}),
        lambda terms: terms.model_copy(update={"consents": ("0" * 32,)}),
    ],
    ids=["as it is", "recipients", "expiry", "purpose", "policy", "consent"],
)
def test_a_recipient_cannot_pass_a_note_on_under_the_senders_name(tmp_path, change):
    """The signature covers terms, note and slots: in another envelope it is none."""
    content = sealed(tmp_path, CLINIC)
    for target in (LAWYERS, CLINIC):
        made = rewrapped(content, CLINIC, [target], change)
        assert refusal(made, target) == NOT_OPENED


def test_an_unsigned_note_carries_no_consents_and_no_signature():
    content = seal_own(NOTE, [CLINIC.card], policy=model_policy(), on=TODAY, expires=LAST)
    same = rewrapped(content, CLINIC, [CLINIC], lambda terms: terms)
    assert open_note(same, CLINIC, TODAY).note == NOTE  # nobody signed it, nobody vouches for it
    claimed = rewrapped(
        content, CLINIC, [CLINIC], lambda terms: terms.model_copy(update={"consents": ("1",)})
    )
    assert refusal(claimed, CLINIC) == NOT_OPENED


def test_a_note_for_others_is_refused_though_the_key_fits(tmp_path):
    """Who is not named in the terms does not read, even where somebody made them a slot."""
    content = seal_own(NOTE, [CLINIC.card], policy=model_policy(), on=TODAY, expires=LAST)
    made = rewrapped(content, CLINIC, [CLINIC, LAWYERS], lambda terms: terms)
    assert open_note(made, CLINIC, TODAY).note == NOTE
    assert refusal(made, LAWYERS) == NOT_OPENED


# Attacks on the bytes: see also tests/property/test_firewall_sealing.py.


def test_slots_and_bodies_cannot_be_exchanged(tmp_path):
    one, two = sealed(tmp_path, CLINIC, SHELTER, sender=LAWYERS), sealed(tmp_path, CLINIC)
    first, size = len(envelopes.HEADER), envelopes.SLOT_BYTES
    slots = [one[first + at * size : first + (at + 1) * size] for at in range(envelopes.SLOTS)]
    others = [two[first + at * size : first + (at + 1) * size] for at in range(envelopes.SLOTS)]
    rest, start = one[envelopes.SLOTS_END :], one[:first]
    for at in range(envelopes.SLOTS):
        for made in (
            [*slots[:at], others[at], *slots[at + 1 :]],
            [*slots[at:], *slots[:at]] if at else [*reversed(slots)],
            [*slots[:at], slots[at - 1], *slots[at + 1 :]],
        ):
            assert refusal(start + b"".join(made) + rest, CLINIC) == NOT_OPENED
    assert refusal(one[: envelopes.BODY_AT] + two[envelopes.BODY_AT :], CLINIC) == NOT_OPENED
    assert refusal(one[: envelopes.SLOTS_END] + two[envelopes.SLOTS_END :], CLINIC) == NOT_OPENED


def test_a_note_that_was_opened_before_is_refused_where_this_is_asked(tmp_path):
    content = sealed(tmp_path, CLINIC)
    first = Openings(tmp_path / "opened.sqlite").first_on(TODAY)
    assert open_note(content, CLINIC, TODAY, is_first=first).note == NOTE
    assert refusal(content, CLINIC, is_first=first) == NOT_OPENED
    another = Openings(tmp_path / "opened.sqlite").first_on(TODAY + timedelta(1))
    assert refusal(content, CLINIC, is_first=another) == NOT_OPENED


def test_a_classical_envelope_is_refused(tmp_path):
    """Nobody can bargain the post-quantum half away: not in the slots, the version or the keys."""
    x25519 = X25519PrivateKey.generate()
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    content_key = bytes(range(32))
    slot = suite.encrypt(content_key, x25519.public_key(), info=envelopes.SLOT_LABEL)
    for padded in (slot, slot.ljust(envelopes.SLOT_BYTES, b"\0"), slot.rjust(1168, b"\0")):
        opening = envelopes.HEADER + padded * envelopes.SLOTS
        key, commitment = envelopes._derived(Secret(content_key), opening)
        inside = packed(NOTE, open_note(sealed(tmp_path, CLINIC), CLINIC, TODAY).terms, None, b"")
        filled = bytes(inside).ljust(envelopes.ROOM, b"\0")
        made = opening + commitment + AESGCM(key).encrypt(bytes(12), filled, envelopes.HEADER)
        assert refusal(made, CLINIC) == NOT_OPENED
    whole = sealed(tmp_path, CLINIC)
    for version in (b"waymark\x00", b"waymark\x02", b"WAYMARK\x01"):
        assert refusal(version + whole[8:], CLINIC) == NOT_OPENED
    for half in ({"mlkem768": ""}, {"mlkem768": CLINIC.card.x25519}, {"x25519": text(bytes(32))}):
        changed = CLINIC.card.model_copy(update=half)
        signed = text(CLINIC.signing.sign(changed.signed_part))
        with pytest.raises(DefinitionError, match="damaged or was changed"):
            check_card(changed.model_copy(update={"signature": signed}), "card")


def test_an_envelope_without_a_key_opens_nothing():
    """Were a missing content key taken as zeros, everybody's key would open this one."""
    opening = envelopes.HEADER + bytes(envelopes.SLOTS * envelopes.SLOT_BYTES)
    key, commitment = envelopes._derived(Secret(32), opening)
    made = opening + commitment
    made += AESGCM(key).encrypt(bytes(12), bytes(envelopes.ROOM), envelopes.HEADER)
    with pytest.raises(envelopes.NotOpenedError):
        envelopes.opened(made, CLINIC.receiving)


def test_opening_does_the_same_work_wherever_the_slot_is(tmp_path, monkeypatch):
    """All slots are tried for recipients and strangers, and secrets are compared in equal time."""
    calls: list[str] = []

    class Counting:
        def decrypt(self, *given, **named):
            calls.append("slot")
            return hpke_suite.decrypt(*given, **named)

    hpke_suite, compare = envelopes.SUITE, hmac.compare_digest
    content = sealed(tmp_path, CLINIC)
    monkeypatch.setattr(envelopes, "SUITE", Counting())
    monkeypatch.setattr(
        envelopes.hmac, "compare_digest", lambda a, b: calls.append("compare") or compare(a, b)
    )
    for key in (CLINIC, LAWYERS, SHELTER):
        calls.clear()
        try:
            open_note(content, key, TODAY)
        except FirewallError:
            assert key is not CLINIC
        assert calls == ["slot"] * envelopes.SLOTS + ["compare"]


# The format, read by a program that shares no code with ours.


def test_the_format_is_as_documented(tmp_path):
    """X-Wing, HPKE (RFC 9180) and the layout of docs/reference/sealed-notes.md, by hand."""
    content = sealed(tmp_path, CLINIC, other := body("Another clinic"))
    for reader in (CLINIC, other):
        opening, commitment = content[:4680], content[4680:4712]
        found = [
            key
            for at in range(8, 4680, 1168)
            if (key := hpke_open(content[at : at + 1168], reader)) is not None
        ]
        assert len(found) == 1
        both = hkdf(found[0], b"waymark sealed note 1: body" + opening, 64)
        assert both[32:] == commitment
        inside = AESGCM(both[:32]).decrypt(bytes(12), content[4712:], b"waymark\x01")
        assert len(inside) == 4096
        terms_length, note_length = (int.from_bytes(inside[at : at + 2], "big") for at in (64, 66))
        end = 68 + terms_length + note_length
        terms = json.loads(inside[68 : 68 + terms_length])
        note = json.loads(inside[68 + terms_length : end])
        assert inside[end:] == bytes(4096 - end)
        assert note == {
            "need": NOTE.need,
            "stage": "",
            "purpose": NOTE.purpose,
            "reach": NOTE.reach,
            "language": NOTE.language,
            "text": NOTE.text,
        }
        assert set(terms) == {
            "form", "note", "sender", "recipients", "consents", "purpose", "policy", "sealed",
            "expires",
        }  # fmt: skip
        signed = b"waymark sealed note 1: signature" + content[:4712] + inside[64:end]
        Ed25519PublicKey.from_public_bytes(SHELTER.signing.public_key().public_bytes_raw()).verify(
            inside[:64], signed
        )


def hkdf(key: bytes, info: bytes, length: int, salt: bytes = bytes(32)) -> bytes:
    made = hmac.digest(salt, key, "sha256")
    return hkdf_expand(made, info, length)


def hkdf_expand(key: bytes, info: bytes, length: int) -> bytes:
    out, block = b"", b""
    while len(out) < length:
        block = hmac.digest(key, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:length]


def hpke_open(slot: bytes, reader: KeyPair) -> bytes | None:
    """One slot, opened by hand; None where it is not for the reader."""
    mlkem, x25519 = PARTS[reader.card.fingerprint]
    encapsulated, sealed_key = slot[:1120], slot[1120:]
    ours = x25519.public_key().public_bytes_raw()
    theirs = encapsulated[1088:]
    shared = hashlib.sha3_256(
        mlkem.decapsulate(encapsulated[:1088])
        + x25519.exchange(X25519PublicKey.from_public_bytes(theirs))
        + theirs
        + ours
        + bytes.fromhex("5c2e2f2f5e5c")  # the label of X-Wing
    ).digest()
    suite = b"HPKE" + bytes.fromhex("647a00010002")

    def extract(salt: bytes, label: bytes, key: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, "sha256")

    context = (
        b"\0"
        + extract(b"", b"psk_id_hash", b"")
        + extract(b"", b"info_hash", b"waymark sealed note 1: slot")
    )
    secret = extract(shared, b"secret", b"")
    key, nonce = (
        hkdf_expand(
            secret, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context, length
        )
        for label, length in ((b"key", 32), (b"base_nonce", 12))
    )
    try:
        return AESGCM(key).decrypt(nonce, sealed_key, b"")
    except Exception:
        return None
