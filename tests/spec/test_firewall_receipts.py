"""Receipts: hard to guess, easy to read, and the same answer for all that open nothing."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import sqlite3
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sealed import CHEAP, CLINIC, NOTE, REGISTER_KEY, consent, register, sealed
from waymark.exceptions import DefinitionError
from waymark.firewall.domain import FirewallError
from waymark.firewall.sealed import consent as consent_module
from waymark.firewall.sealed import receipts, secrecy
from waymark.firewall.sealed.consent import Consents, History
from waymark.firewall.sealed.receipts import BITS, LENGTH, SYMBOLS, new_receipt, read_receipt, tag
from waymark.firewall.sealed.secrecy import COST, Secret, stretched

MANY = 6_400
BYTES = re.compile(r"[xX]'[0-9a-fA-F]*'")  # how SQLite writes the values of a statement


def given_under(folder, receipt: str) -> Consents:
    consents = register(folder)
    consents.give((consent(CLINIC.card),), read_receipt(receipt))
    return consents


# Guessing.


def test_a_receipt_has_at_least_100_bits():
    assert BITS == 130
    plain = new_receipt().replace("-", "")
    assert len(plain) == LENGTH == 28
    assert set(plain) <= set(SYMBOLS)
    assert not set("ILOU") & set(SYMBOLS)


def test_no_symbol_is_likelier_at_any_place():
    """Chi-squared over 31 degrees of freedom; a fair receipt fails once in about 10^8 runs."""
    found = [new_receipt().replace("-", "") for _ in range(MANY)]
    assert len(set(found)) == MANY
    for at in range(LENGTH):
        counts = Counter(receipt[at] for receipt in found)
        chi = sum((counts[symbol] - MANY / 32) ** 2 / (MANY / 32) for symbol in SYMBOLS)
        assert chi < 106, f"place {at}"
        entropy = -sum(n / MANY * math.log2(n / MANY) for n in counts.values())
        assert entropy > 4.98, f"place {at}"


def test_neighbouring_symbols_do_not_depend_on_each_other():
    pairs: Counter[str] = Counter()
    for _ in range(MANY):
        plain = new_receipt().replace("-", "")
        pairs.update(plain[at : at + 2] for at in range(LENGTH - 1))
    expected = MANY * (LENGTH - 1) / 1024
    chi = sum((pairs[a + b] - expected) ** 2 / expected for a in SYMBOLS for b in SYMBOLS)
    assert 780 < chi < 1300, "1,023 degrees of freedom"


def test_a_guess_costs_the_work_of_the_slow_hash():
    assert (COST.passes, COST.memory, COST.lanes) == (3, 65_536, 4)


def test_the_slow_hash_is_argon2id_as_another_program_computes_it():
    from argon2.low_level import Type, hash_secret_raw

    for cost in (CHEAP, COST):
        theirs = hash_secret_raw(
            b"secret", bytes(16), cost.passes, cost.memory, cost.lanes, 32, Type.ID
        )
        assert bytes(stretched(b"secret", bytes(16), cost)) == theirs


# Reading.


@given(st.data())
def test_a_receipt_is_read_as_people_write_it(data):
    receipt = new_receipt()
    written = receipt if data.draw(st.booleans()) else receipt.lower()
    written = written.replace("-", data.draw(st.sampled_from(["", " ", "-", " - ", "\n"])))
    for right, wrong in (("0", "Oo"), ("1", "IiLl")):
        written = written.replace(right, data.draw(st.sampled_from([right, *wrong])))
    assert read_receipt(f"  {written}\t") == read_receipt(receipt)


def test_every_one_or_two_mistaken_symbols_are_found():
    """All single mistakes and all swaps of two symbols, and every pair of places."""
    plain = new_receipt().replace("-", "")
    wrong = set()
    for at, symbol in enumerate(plain):
        wrong |= {plain[:at] + other + plain[at + 1 :] for other in SYMBOLS if other != symbol}
    for one, two in combinations(range(LENGTH), 2):
        swapped = list(plain)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        wrong.add("".join(swapped))
        for shift in (1, 7, 30):
            moved = list(plain)
            for at in (one, two):
                moved[at] = SYMBOLS[(SYMBOLS.index(plain[at]) + shift) % 32]
            wrong.add("".join(moved))
    wrong.discard(plain)
    for each in wrong:
        with pytest.raises(FirewallError):
            read_receipt(each)


@given(st.text(max_size=60))
def test_what_is_no_receipt_is_refused_without_showing_it(written):
    """One in 1,024 of the right form is a receipt, which opens nothing; the rest are refused."""
    said = ""
    try:
        assert len(read_receipt(written)) == LENGTH
    except FirewallError as refused:
        said = str(refused)
    assert said in ("", NOT_A_RECEIPT)


NOT_A_RECEIPT = (
    "This is not a receipt, or a symbol in it is wrong. "
    "Compare its 28 symbols with what you were given."
)


# What is kept of it.


def test_the_register_holds_no_receipt_and_no_plain_hash_of_one(tmp_path):
    """Neither as text, nor as bytes, nor hashed as somebody could try out."""
    receipt = new_receipt()
    plain = receipt.replace("-", "")
    consents = given_under(tmp_path, receipt)
    consents.history(read_receipt(receipt))
    consents.withdraw(read_receipt(receipt))
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert held
    for form in (receipt, plain, plain.lower(), receipt.lower()):
        assert form.encode() not in held
        for name in sorted(hashlib.algorithms_guaranteed - {"shake_128", "shake_256"}):
            for made in (
                hashlib.new(name, form.encode()).digest(),
                hmac.digest(REGISTER_KEY, form.encode(), "sha256"),
            ):
                assert made not in held, name
                assert made.hex().encode() not in held, name


def test_a_tag_depends_on_the_receipt_the_salt_the_key_and_the_cost():
    one, two = read_receipt(new_receipt()), read_receipt(new_receipt())
    made = {
        tag(one, bytes(16), REGISTER_KEY, CHEAP),
        tag(two, bytes(16), REGISTER_KEY, CHEAP),
        tag(one, bytes(15) + b"1", REGISTER_KEY, CHEAP),
        tag(one, bytes(16), bytes(32), CHEAP),
        tag(one, bytes(16), REGISTER_KEY),
    }
    assert len(made) == 5
    assert tag(one, bytes(16), REGISTER_KEY, CHEAP) in made


def test_a_register_with_another_key_says_so(tmp_path):
    """Else a withdrawal would be answered, and would end nothing."""
    register(tmp_path)
    with pytest.raises(DefinitionError, match="not of this register"):
        Consents(tmp_path / "consents.sqlite", bytes(32), CHEAP)


# One answer.


def test_unknown_withdrawn_and_duress_receipts_answer_alike(tmp_path):
    mine, duress, withdrawn = new_receipt(), new_receipt(), new_receipt()
    consents = given_under(tmp_path, mine)
    consents.give((), read_receipt(duress))
    consents.give((consent(CLINIC.card),), read_receipt(withdrawn))
    assert consents.withdraw(read_receipt(withdrawn)) is None
    assert consents.withdraw(read_receipt(new_receipt())) is None
    for receipt in (duress, withdrawn, new_receipt()):
        assert consents.history(read_receipt(receipt)) == History()
    assert consents.history(read_receipt(mine)).consents


def test_a_duress_receipt_looks_like_any_other(tmp_path):
    """In the register it is a case as others are: no column tells that it was made to be shown."""
    mine, duress = new_receipt(), new_receipt()
    consents = given_under(tmp_path, mine)
    consents.give((), read_receipt(duress))
    with sqlite3.connect(consents.path) as database:
        rows = database.execute("SELECT * FROM cases WHERE NOT withdrawn").fetchall()
        order = database.execute("SELECT tag FROM cases").fetchall()
    assert len(rows) == 2
    assert {len(row[0]) for row in rows} == {32}
    assert {row[1:2] for row in rows} == {(0,)}
    assert order == sorted(order), "by tag: the order in which cases came is kept nowhere"


def steps(consents: Consents, receipt: str, act: str, monkeypatch) -> list[str]:
    """Every step of one look-up: statements, slow hashes, comparisons, changed rows."""
    done: list[str] = []
    plain_connect, compare, slow = sqlite3.connect, hmac.compare_digest, secrecy.stretched

    def connect(*given, **named):
        found = plain_connect(*given, **named)
        found.set_trace_callback(lambda said: done.append(BYTES.sub("?", said)))
        return found

    with monkeypatch.context() as patched:
        patched.setattr(consent_module.sqlite3, "connect", connect)
        patched.setattr(
            consent_module.hmac,
            "compare_digest",
            lambda a, b: done.append(f"compare {len(a)} {len(b)}") or compare(a, b),
        )
        patched.setattr(
            receipts, "stretched", lambda *given: done.append("slow hash") or slow(*given)
        )
        getattr(consents, act)(read_receipt(receipt))
    return done


@pytest.mark.parametrize("act", ["history", "withdraw"])
def test_every_receipt_takes_the_same_steps(tmp_path, monkeypatch, act):
    mine, duress, withdrawn = new_receipt(), new_receipt(), new_receipt()
    consents = given_under(tmp_path, mine)
    consents.give((), read_receipt(duress))
    consents.give((consent(CLINIC.card),), read_receipt(withdrawn))
    consents.withdraw(read_receipt(withdrawn))
    done = [
        steps(consents, receipt, act, monkeypatch)
        for receipt in (new_receipt(), duress, withdrawn, new_receipt(), mine)
    ]
    assert done[0].count("slow hash") == 1
    assert done[0].count("compare 32 32") == 1
    assert all(each == done[0] for each in done)


def test_a_withdrawal_changes_one_row_whether_or_not_the_receipt_is_known(tmp_path):
    mine = new_receipt()
    consents = given_under(tmp_path, mine)
    for receipt in (mine, new_receipt(), mine):
        with sqlite3.connect(consents.path) as database:
            before = set(database.execute("SELECT tag, stir FROM cases"))
        consents.withdraw(read_receipt(receipt))
        with sqlite3.connect(consents.path) as database:
            after = set(database.execute("SELECT tag, stir FROM cases"))
        assert len(before - after) == 1


def test_what_was_sent_stands_in_the_history_without_the_note(tmp_path):
    receipt = new_receipt()
    consents = register(tmp_path)
    sealed(tmp_path, CLINIC)  # under a receipt of its own
    consents.give((consent(CLINIC.card),), read_receipt(receipt))
    assert consents.history(read_receipt(receipt)).entries == ()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert CLINIC.card.name.encode() in held
    assert NOTE.reach.encode() not in held
    assert b"Monday" not in held


def test_a_receipt_in_memory_is_wiped():
    with read_receipt(new_receipt()) as receipt:
        assert any(receipt)
        assert isinstance(receipt, Secret)
    assert receipt == bytes(LENGTH)
