"""Laws of sealed notes: what goes in comes out, and nothing that was changed opens."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.sealed import (
    CLINIC,
    LAST,
    NOT_OPENED,
    NOTE,
    TODAY,
    body,
    is_open,
    model_policy,
    refusal,
)
from waymark.exceptions import DefinitionError
from waymark.firewall.domain import FirewallError, load_domain
from waymark.firewall.sealed import envelopes
from waymark.firewall.sealed.keys import read_card, read_locked
from waymark.firewall.sealed.notes import (
    FIELDS,
    MOST_LETTERS,
    Note,
    closed_list,
    decoded,
    read_note,
)
from waymark.firewall.sealed.sealing import open_note, seal_own
from waymark.firewall.sealed.secrecy import Secret
from waymark.firewall.sealed.terms import unpacked

OWN = ("health-care", "support", "legal-advice")
BODIES = [body(f"Clinic {at}") for at in range(4)]
SEALED = seal_own(NOTE, [CLINIC.card], policy=model_policy(), on=TODAY, expires=LAST)
OWN_SLOT = next(
    at
    for at in range(len(envelopes.HEADER), envelopes.SLOTS_END, envelopes.SLOT_BYTES)
    if is_open(SEALED[at : at + envelopes.SLOT_BYTES], CLINIC)
)
letters = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\u202d\u202e"
)


def notes(purposes=OWN) -> st.SearchStrategy[Note]:
    words = st.text(letters.filter(lambda letter: not letter.isdigit()), max_size=400)
    return st.builds(
        Note,
        need=st.sampled_from(closed_list("needs")),
        purpose=st.sampled_from(purposes),
        language=st.sampled_from(["ar", "prs", "en", "so"]),
        stage=st.sampled_from(["", *closed_list("stages")]),
        reach=st.text(letters, max_size=160),
        text=words,
    )


@given(notes(), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_what_is_sealed_is_what_is_opened(note, count):
    recipients = BODIES[:count]
    cards = [each.card for each in recipients]
    content = seal_own(note, cards, policy=model_policy(), on=TODAY, expires=LAST)
    assert len(content) == envelopes.SIZE
    for each in BODIES:
        if each in recipients:
            assert open_note(content, each, TODAY).note == note
        else:
            assert refusal(content, each) == NOT_OPENED


def test_a_change_of_any_byte_is_refused():
    """Every byte, each with another bit; of the slots that hold nobody's key, every eighth."""
    for at in range(len(SEALED)):
        in_slots = len(envelopes.HEADER) <= at < envelopes.SLOTS_END
        if in_slots and not OWN_SLOT <= at < OWN_SLOT + envelopes.SLOT_BYTES and at % 8:
            continue
        changed = bytearray(SEALED)
        changed[at] ^= 1 << at // 8 % 8
        with pytest.raises(envelopes.NotOpenedError):
            envelopes.opened(bytes(changed), CLINIC.receiving)
    for at in range(0, len(SEALED), 97):
        changed = bytearray(SEALED)
        changed[at] ^= 0x80
        assert refusal(bytes(changed), CLINIC) == NOT_OPENED


def test_a_note_that_was_cut_or_lengthened_is_refused():
    for length in range(len(SEALED)):
        assert refusal(SEALED[:length], CLINIC) == NOT_OPENED
    for more in (b"\0", SEALED[:1], SEALED):
        assert refusal(SEALED + more, CLINIC) == NOT_OPENED
        assert refusal(more + SEALED, CLINIC) == NOT_OPENED


@given(st.binary(max_size=200), st.booleans(), st.integers(0, envelopes.SIZE))
@settings(max_examples=200, deadline=None)
def test_any_bytes_get_the_one_answer(content, whole, at):
    if whole:
        content = (SEALED[:at] + content + SEALED[at + len(content) :])[: envelopes.SIZE]
        assume(content != SEALED)
    assert refusal(content, CLINIC) == NOT_OPENED


@given(st.binary(max_size=600))
@settings(max_examples=300, deadline=None)
def test_whatever_a_sender_puts_inside_a_seal_is_refused_alike(inside):
    """A dishonest sender has the recipient's card, and may seal anything to it."""
    content = envelopes.sealed([CLINIC.card.receiving], lambda start: Secret(inside))
    assert refusal(content, CLINIC) == NOT_OPENED


@given(
    st.sampled_from([b'{"form":', b"null", b"[" * 500, b'"\\ud800"', b"{}", b"1" * 5000, b"\xff"]),
    st.binary(max_size=30),
)
@settings(deadline=None)
def test_terms_and_notes_of_another_form_are_refused(terms, note):
    inside = bytes(64) + len(terms).to_bytes(2, "big") + len(note).to_bytes(2, "big")
    with (
        Secret((inside + terms + note).ljust(envelopes.ROOM, b"\0")[: envelopes.ROOM]) as made,
        pytest.raises(ValueError, match=r"^$"),
    ):
        unpacked(made, b"")


# Notes and keys as files.

MARK = "zebraquilt"


@given(st.binary(max_size=300))
def test_any_file_is_a_note_or_an_error_that_shows_nothing(content):
    said = ""
    try:
        read_note(content + MARK.encode())
    except (DefinitionError, FirewallError) as error:
        said = str(error)
    assert MARK not in said
    assert len(said) < 600


LINES = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(FIELDS), st.text(string.ascii_letters, max_size=9)),
        st.one_of(
            st.sampled_from(["health", "health-care", "ar", "[a, b]", "{a: b}", "|", "&a x", "*a"]),
            st.text(string.printable, max_size=30),
        ),
    ),
    max_size=7,
)


@given(LINES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_lines_are_a_note_or_an_error_that_shows_nothing(lines):
    written = "".join(f"{field}: {value} {MARK}\n" for field, value in lines)
    said = ""
    try:
        read_note(written.encode("utf-8", "replace"))
    except (DefinitionError, FirewallError) as error:
        said = str(error)
    assert MARK not in said
    assert said or "need" in written


@given(notes(load_domain().dimensions["for"]))
def test_a_note_survives_its_own_encoding(note):
    assert decoded(note.encoded()) == note


@given(st.sampled_from(sorted(MOST_LETTERS)), st.integers(1, 30))
def test_a_field_has_its_length_and_not_a_letter_more(field, over):
    given_fields = {"need": "health", "purpose": "health-care", "language": "ar"}
    Note(**given_fields, **{field: "x" * MOST_LETTERS[field]})
    with pytest.raises(FirewallError, match="characters"):
        Note(**given_fields, **{field: "x" * (MOST_LETTERS[field] + over)})


@given(
    st.text("0123456789٠١٢٣٤٥٦٧٨٩", min_size=6, max_size=9), st.sampled_from(["", " ", "-", "."])
)
def test_a_text_with_the_number_of_a_paper_is_refused(digits, between):
    with pytest.raises(FirewallError, match="number of a document") as refused:
        Note("health", "health-care", "ar", text=f"passport A{between.join(digits)} of hers")
    assert digits not in str(refused.value)


@given(
    st.sampled_from("\0\x1b\x07\x9b\u202e\u202d\r\t"), st.sampled_from(["text", "reach", "need"])
)
def test_a_note_cannot_take_over_the_terminal(letter, field):
    given_fields = {"need": "health", "purpose": "health-care", "language": "ar"}
    with pytest.raises(FirewallError, match="cannot be shown"):
        Note(**{**given_fields, field: f"a{letter}b"})


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_file_is_a_key_or_an_error_that_shows_nothing(tmp_path, content):
    path = tmp_path / "key.json"
    path.write_bytes(content + MARK.encode())
    for read in (read_card, read_locked):
        with pytest.raises(DefinitionError) as refused:
            read(path)
        assert MARK not in str(refused.value)
