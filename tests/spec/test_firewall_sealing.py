"""Sealed notes: who can open one, what opens nothing, and that nobody can be told to seal more."""

from __future__ import annotations

import inspect
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from tests.sealed import (
    CLINIC,
    CREATED,
    EXPIRES,
    LAST,
    LAWYERS,
    NOT_OPENED,
    NOTE,
    SHELTER,
    TODAY,
    agreement,
    agreements,
    body,
    consent,
    forced_consent,
    is_open,
    model_policy,
    refusal,
    register,
    sealed,
)
from waymark.exceptions import DefinitionError
from waymark.firewall.audits.network import Known
from waymark.firewall.domain import FirewallError, Role, load_domain
from waymark.firewall.sealed import envelopes, sealing
from waymark.firewall.sealed.agreements import Agreements
from waymark.firewall.sealed.notes import Note, read_note
from waymark.firewall.sealed.receipts import new_receipt, read_receipt
from waymark.firewall.sealed.sealing import open_note, seal, seal_own

DOMAIN = load_domain()
KINDS = {kind.id: kind.role for kind in DOMAIN.kinds}


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
        starts = range(len(envelopes.HEADER), envelopes.SLOTS_END, envelopes.SLOT_BYTES)
        places |= {at for at in starts if is_open(content[at : at + envelopes.SLOT_BYTES], CLINIC)}
    assert len(places) > 1


# Who may be sealed to: the proved table alone answers.


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_decides_and_nothing_else(tmp_path, kind):
    """For every kind of recipient, purpose and answer on a duty, an agreement and passing on."""
    consents = register(tmp_path)
    asked = []
    for purpose, duty in product(DOMAIN.dimensions["for"], Known):
        recipient = body("Body", kind, duty)
        note = Note(need="health", purpose=purpose, language="ar", reach="at the desk")
        given = forced_consent(recipient.card, note).model_copy(update={"id": f"{purpose}{duty}"})
        asked.append((duty, recipient, note, given))
    consents.give(tuple(given for *_, given in asked), read_receipt(new_receipt()))
    for duty, recipient, note, given in asked:
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
                    policy.gate.permits(policy.request("shelter", kind, note.purpose, data, facts))
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


# The note.


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "there are no fields"),
        ("- health", "there are no fields"),
        ("need: health", "line 1"),
        ("need: health\npurpose: health-care", "'language' is missing"),
        ("need: [health]", "line 1: 'need' is not plain text"),
        ("need: health\nneed: health", "line 2: 'need' is there twice"),
        ("need: health\nstatus: irregular", "line 2: the note has no such field"),
        ("need: health\npassport: A1", "line 2: the note has no such field"),
        ("need: wealth", "line 1: 'need' is none of: identity"),
        ("purpose: immigration control", "line 1: 'purpose' is none of"),
        ("language: Arabic", "line 1: 'language' is not a code"),
        ("need: 'health", "line"),
        ("\udcff", "UTF-8"),
        ("x" * 20_000, "longer than"),
        ("need: &a [*a]", "line 1"),
        ("? {a: b}\n: c", "line 1: the note has no such field"),
    ],
)
def test_what_is_no_note_is_refused_at_its_line(written, said):
    with pytest.raises(DefinitionError) as refused:
        read_note(written.encode("utf-8", "surrogateescape"), "note.yaml")
    assert str(refused.value).startswith("note.yaml")
    if "line" not in said or ":" in said:
        assert said in str(refused.value)
    assert "irregular" not in str(refused.value)
    assert refused.value.remedy


def test_the_form_has_no_place_for_status_or_papers():
    """A new field of the note has to be defended here."""
    fields = [field.name for field in dataclass_fields(Note)]
    assert fields == ["need", "purpose", "language", "stage", "reach", "text"]
