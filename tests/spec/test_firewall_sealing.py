"""Sealed notes: who can open one, what opens nothing, and that nobody can be told to seal more."""

from __future__ import annotations

import hashlib
import hmac
import inspect
import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.sealed import (
    CHEAP,
    CLINIC,
    CREATED,
    EXPIRES,
    LAST,
    LAWYERS,
    NOTE,
    PARTS,
    SHELTER,
    TODAY,
    agreement,
    agreements,
    body,
    consent,
    forced_consent,
    model_policy,
    register,
    sealed,
    text,
)
from waymark.exceptions import DefinitionError
from waymark.firewall import envelopes, sealing
from waymark.firewall.agreements import Agreements
from waymark.firewall.arrangements import Known
from waymark.firewall.domain import FirewallError, Role, load_domain
from waymark.firewall.keys import (
    KeyPair,
    check_card,
    make_key,
    read_card,
    read_locked,
    unlock,
)
from waymark.firewall.notes import Note
from waymark.firewall.openings import Openings
from waymark.firewall.receipts import new_receipt, read_receipt
from waymark.firewall.sealing import open_note, seal, seal_own
from waymark.firewall.secrecy import Secret
from waymark.firewall.terms import packed, unpacked

DOMAIN = load_domain()
KINDS = {kind.id: kind.role for kind in DOMAIN.kinds}
PASSPHRASE = b"six words that do not match"


def refusal(content: bytes, key: KeyPair, on: date = TODAY, **how: object) -> str:
    with pytest.raises(FirewallError) as refused:
        open_note(content, key, on, **how)  # type: ignore[arg-type]
    return str(refused.value)


NOT_OPENED = refusal(b"", CLINIC)


def test_a_note_opens_for_each_recipient_and_for_nobody_else(tmp_path):
    others = [body(f"Clinic {at}") for at in range(3)]
    for count in range(1, 5):
        recipients = [CLINIC, *others][:count]
        content = sealed(tmp_path, *recipients)
        for each in recipients:
            found = open_note(content, each, TODAY, sender=SHELTER.card)
            assert found.note == NOTE
            assert found.sender_known is Known.YES
            assert found.terms.recipients == tuple(one.card.fingerprint for one in recipients)
        assert refusal(content, LAWYERS) == NOT_OPENED
        assert refusal(content, SHELTER) == NOT_OPENED


def test_every_sealed_note_has_the_same_size(tmp_path):
    """Neither what is in it nor how many may open it shows from outside."""
    least = Note(need="health", purpose="health-care", language="ar")
    most = replace(NOTE, stage="before-departure", reach="🜁" * 160, text="🜁" * 400)
    longest = body("🜁" * 80, "labour-inspection")
    others = [body("🜁" * 80) for _ in range(4)]
    sizes = {len(sealed(tmp_path, CLINIC, note=least)), len(sealed(tmp_path, CLINIC, note=most))}
    sizes.add(len(sealed(tmp_path, *others, note=most, sender=longest)))
    assert sizes == {envelopes.SIZE}


def test_nothing_but_the_version_is_in_clear(tmp_path):
    """Two notes share no run of bytes but the header: no name, no day and no key is outside."""
    one, two = (sealed(tmp_path, CLINIC) for _ in range(2))
    runs = {one[at : at + 9] for at in range(len(one) - 8)}
    assert not any(two[at : at + 9] in runs for at in range(len(two) - 8))
    assert one[:8] == two[:8] == b"waymark\x01"


def test_the_place_of_a_slot_says_nothing():
    """Over some notes the recipient's slot is not always the same."""
    places = set()
    for _ in range(40):
        content = seal_own(NOTE, [CLINIC.card], policy=model_policy(), on=TODAY, expires=LAST)
        for at in range(envelopes.SLOTS):
            start = len(envelopes.HEADER) + at * envelopes.SLOT_BYTES
            slot = content[start : start + envelopes.SLOT_BYTES]
            try:
                envelopes.SUITE.decrypt(slot, CLINIC.receiving, info=envelopes.SLOT_LABEL)
            except Exception:
                continue
            places.add(at)
    assert len(places) > 1


# Who may be sealed to: the proved table alone answers.


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_decides_and_nothing_else(tmp_path, kind):
    """For every kind of recipient, purpose and answer on a duty, an agreement and passing on."""
    consents = register(tmp_path)
    purposes = DOMAIN.dimensions["for"]
    for purpose, duty in product(purposes, Known):
        recipient = body("Body", kind, duty)
        note = Note(need="health", purpose=purpose, language="ar", reach="at the desk")
        given = forced_consent(recipient.card, note).model_copy(update={"id": f"{purpose}{duty}"})
        consents.give((given,), read_receipt(new_receipt()))
        for own_duty, barred in ((Known.NO, Known.YES), (duty, Known.NO), (Known.NOT_KNOWN, duty)):
            held = Agreements(agreements=(agreement(recipient.card, own_duty, barred),))
            for agreed in (held, Agreements(agreements=())):
                known = agreed.agreements[0] if agreed.agreements else None
                facts = {
                    "consent": True,
                    "agreement": known is not None,
                    "onward-barred": known is not None and barred is Known.YES,
                    "duty-to-report": not (known and duty is own_duty is Known.NO),
                    "danger-to-life": False,
                }
                policy = model_policy()
                expected = all(
                    policy.gate.permits(policy.request("shelter", kind, purpose, data, facts))
                    for data in note.data
                )
                delivered: list[bytes] = []
                try:
                    seal(
                        note,
                        SHELTER,
                        [recipient.card],
                        policy=policy,
                        agreements=agreed,
                        consents=consents,
                        given=[given.id],
                        on=TODAY,
                        expires=LAST,
                        deliver=delivered.append,
                    )
                except FirewallError:
                    assert not expected
                assert bool(delivered) is expected
                open_to = KINDS[kind] in (Role.SERVICE, Role.PERSON)
                if not open_to or duty is not Known.NO:
                    assert not delivered


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_writes_to_services_without_a_duty_and_to_nobody_else(kind):
    for duty in Known:
        recipient = body("Body", kind, duty)
        if KINDS[kind] is Role.SERVICE and duty is Known.NO:
            content = seal_own(
                NOTE, [recipient.card], policy=model_policy(), on=TODAY, expires=LAST
            )
            found = open_note(content, recipient, TODAY)
            assert (found.note, found.terms.sender) == (NOTE, None)
            assert found.sender_known is Known.NOT_KNOWN
            assert refusal(content, recipient, sender=SHELTER.card) == NOT_OPENED
        else:
            with pytest.raises(FirewallError, match="Nothing may be sealed"):
                seal_own(NOTE, [recipient.card], policy=model_policy(), on=TODAY, expires=LAST)


def test_one_recipient_who_may_not_spoils_it_for_all(tmp_path):
    bound = body("Inspectors", "labour-inspection", Known.YES)
    consents = register(tmp_path)
    given = [consent(CLINIC.card), forced_consent(bound.card)]
    consents.give(tuple(given), read_receipt(new_receipt()))
    delivered: list[bytes] = []
    with pytest.raises(FirewallError, match="M11"):
        seal(
            NOTE,
            SHELTER,
            [CLINIC.card, bound.card],
            policy=model_policy(),
            agreements=agreements(CLINIC, bound),
            consents=consents,
            given=[each.id for each in given],
            on=TODAY,
            expires=LAST,
            deliver=delivered.append,
        )
    assert delivered == []


def test_sealing_takes_no_argument_that_could_open_the_wall():
    """A new argument of the two ways to seal has to be defended here."""
    assert set(inspect.signature(seal).parameters) == {
        "note", "sender", "recipients", "policy", "agreements", "consents", "given", "on",
        "expires", "deliver",
    }  # fmt: skip
    assert set(inspect.signature(seal_own).parameters) == {
        "note", "recipients", "policy", "on", "expires",
    }  # fmt: skip


@pytest.mark.parametrize("count", [0, 5])
def test_a_note_has_one_to_four_recipients(count):
    cards = [body(f"Clinic {at}").card for at in range(count)]
    with pytest.raises(FirewallError, match="1 to 4 recipients"):
        seal_own(NOTE, cards, policy=model_policy(), on=TODAY, expires=LAST)
    twice = [CLINIC.card, CLINIC.card]
    with pytest.raises(FirewallError, match="each named once"):
        seal_own(NOTE, twice, policy=model_policy(), on=TODAY, expires=LAST)


# When.


def test_a_note_opens_from_its_day_until_its_last_day(tmp_path):
    content = sealed(tmp_path, CLINIC)
    assert open_note(content, CLINIC, TODAY).note == NOTE
    assert open_note(content, CLINIC, LAST).note == NOTE
    late = refusal(content, CLINIC, LAST + timedelta(1))
    assert "until 2026-12-09, and no longer" in late
    assert refusal(content, CLINIC, TODAY - timedelta(1)) == late


def test_who_is_no_recipient_does_not_learn_that_a_note_expired(tmp_path):
    content = sealed(tmp_path, CLINIC)
    assert refusal(content, LAWYERS, LAST + timedelta(1)) == NOT_OPENED


@pytest.mark.parametrize(
    ("on", "expires", "period", "said"),
    [
        (TODAY, TODAY + timedelta(91), (CREATED, EXPIRES + timedelta(99)), "0 to 90 days"),
        (TODAY, TODAY - timedelta(1), (CREATED, EXPIRES), "0 to 90 days"),
        (TODAY, LAST, (CREATED, LAST - timedelta(1)), "not in force"),
        (TODAY, LAST, (TODAY + timedelta(1), EXPIRES), "not in force"),
    ],
)
def test_a_note_and_the_keys_have_their_time(on, expires, period, said):
    late = body("Clinic", created=period[0], expires=period[1])
    with pytest.raises(FirewallError, match=said):
        seal_own(NOTE, [late.card], policy=model_policy(), on=on, expires=expires)


def test_a_body_cannot_seal_with_a_key_of_last_year(tmp_path):
    old = body("Shelter", "shelter", expires=TODAY - timedelta(1))
    with pytest.raises(FirewallError, match="sender's key is not in force"):
        sealed(tmp_path, CLINIC, sender=old)


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


# Keys.


def made_key(**changed: object):
    asked = {
        "name": "Clinic",
        "kind": "health",
        "role": "nurses",
        "place": "Port",
        "duty_to_report": Known.NO,
        "created": CREATED,
        "expires": EXPIRES,
        "domain": DOMAIN,
        "passphrase": bytearray(PASSPHRASE),
        "cost": CHEAP,
    }
    return make_key(**{**asked, **changed})  # type: ignore[arg-type]


def test_a_private_key_opens_with_its_passphrase_alone(tmp_path):
    """With the cost that ships: nothing here is cheaper than in use."""
    given = {"name": "Clinic", "kind": "health", "role": "nurses", "place": "Port"}
    card, locked = make_key(
        **given,
        duty_to_report=Known.NO,
        created=CREATED,
        expires=EXPIRES,
        domain=DOMAIN,
        passphrase=PASSPHRASE,
    )
    assert (locked.passes, locked.memory, locked.lanes) == (3, 65_536, 4)
    pair = unlock(locked, PASSPHRASE)
    assert pair.card == card
    content = seal_own(NOTE, [card], policy=model_policy(), on=TODAY, expires=LAST)
    assert open_note(content, pair, TODAY).note == NOTE
    with pytest.raises(FirewallError, match="passphrase or the file is wrong"):
        unlock(locked, b"six words that do not watch")


def test_a_private_file_that_was_changed_answers_as_a_wrong_passphrase():
    card, locked = made_key()
    with pytest.raises(FirewallError) as wrong:
        unlock(locked, b"another passphrase")
    other, _ = made_key(name="Another")
    for change in (
        {"card": other},
        {"card": card.model_copy(update={"duty_to_report": Known.YES})},
        {"passes": 2},
        {"memory": 16},
        {"lanes": 2},
        {"passes": 10**9},
        {"salt": text(bytes(16))},
        {"nonce": text(bytes(12))},
        {"sealed": text(bytes(144))},
        {"sealed": ""},
        {"salt": "not base64!"},
    ):
        with pytest.raises(FirewallError) as refused:
            unlock(locked.model_copy(update=change), PASSPHRASE)
        assert str(refused.value) == str(wrong.value), change


@pytest.mark.parametrize("kind", [kind for kind, role in KINDS.items() if role is not Role.SERVICE])
def test_no_key_is_made_for_what_is_no_service(kind):
    with pytest.raises(FirewallError, match="Keys are for services"):
        made_key(kind=kind)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"passphrase": b"too short"}, "fewer than 12 characters"),
        ({"passphrase": "أحدعشرحرفاه".encode()}, "fewer than 12 characters"),
        ({"expires": CREATED + timedelta(367)}, "at most 366 days"),
        ({"expires": CREATED - timedelta(1)}, "at most 366 days"),
        ({"name": "Clinic\x1b[2J"}, "key's name"),
        ({"role": "\u202enurses"}, "key's role"),
        ({"place": " "}, "key's place"),
        ({"name": "x" * 81}, "key's name"),
        ({"kind": "nonsense"}, "'nonsense' is no kind of body"),
    ],
)
def test_a_key_is_refused_with_a_remedy(changed, said):
    with pytest.raises(FirewallError, match=said) as refused:
        made_key(**changed)
    assert refused.value.remedy


def test_the_fingerprint_covers_all_of_a_card():
    """A body that changes anything of itself, or its keys, is another recipient."""
    seen = {CLINIC.card.fingerprint}
    other = LAWYERS.card
    for field in type(other).model_fields:
        if field in ("form", "signature"):
            continue
        value = date(2026, 1, 1) if field in ("created", "expires") else getattr(other, field)
        value = Known.YES if field == "duty_to_report" else value
        value = "elsewhere" if field in ("role", "place") else value
        changed = CLINIC.card.model_copy(update={field: value})
        assert changed.fingerprint not in seen, field
        seen.add(changed.fingerprint)
        with pytest.raises(DefinitionError):
            check_card(changed, "card")
        with pytest.raises(DefinitionError, match="damaged or was changed"):
            seal_own(NOTE, [changed], policy=model_policy(), on=TODAY, expires=LAST)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"form": "x"}',
        b"\0" * 70_000,
        b"9" * 9000,
    ],
    ids=range(8),
)
def test_what_is_no_key_is_refused_with_a_remedy(tmp_path, content):
    path = tmp_path / "clinic.json"
    path.write_bytes(content)
    for read in (read_card, read_locked):
        with pytest.raises(DefinitionError, match=r"clinic\.json: this is no (public|private) key"):
            read(path)
        with pytest.raises(DefinitionError, match="cannot be read"):
            read(tmp_path / "nothing.json")
        with pytest.raises(DefinitionError, match="cannot be read"):
            read(tmp_path)


def test_nothing_confidential_shows_by_accident(tmp_path):
    """What a log or a traceback would show of our values."""
    _, locked = made_key()
    pair = unlock(locked, PASSPHRASE)
    found = open_note(sealed(tmp_path, CLINIC), CLINIC, TODAY)
    with Secret(b"secret") as secret:
        shown = f"{secret} {secret!r}"
    shown += f"{pair!r} {pair} {found!r} {found} {found.note!r} {found.note} {found.terms}"
    for hidden in ("secret'", NOTE.reach, "Monday", found.terms.note, "Shelter"):
        assert hidden not in shown


def test_sealing_asks_for_a_consent_even_where_rules_would_not(tmp_path, monkeypatch):
    """Were rules ever to permit without consent, a body still needs one."""
    monkeypatch.setattr(sealing, "ask", lambda *given: None)
    with pytest.raises(FirewallError, match="no consent of the person"):
        seal(
            NOTE,
            SHELTER,
            [CLINIC.card],
            policy=model_policy(),
            agreements=agreements(CLINIC),
            consents=register(tmp_path),
            given=["0" * 32],
            on=TODAY,
            expires=LAST,
            deliver=lambda content: pytest.fail("delivered"),
        )
