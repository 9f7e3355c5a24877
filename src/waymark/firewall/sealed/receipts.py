"""Receipts: what a person keeps to see or withdraw what they agreed to, and nobody else has.

A receipt is 130 random bits in 26 symbols of Crockford's base 32, and two check symbols. The two
find every one or two mistaken symbols, so that a slip of the pen is never taken for another
person's receipt. Only a slow keyed hash of a receipt is ever stored.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from waymark.firewall.domain import FirewallError
from waymark.firewall.sealed.secrecy import COST, Cost, Secret, stretched

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U
MISREAD = str.maketrans("ILO", "110")
RANDOM_SYMBOLS, CHECK_SYMBOLS, GROUP = 26, 2, 4
BITS = 5 * RANDOM_SYMBOLS
LENGTH = RANDOM_SYMBOLS + CHECK_SYMBOLS
FIELD = 0b100101  # x^5 + x^2 + 1, over which the check symbols are computed


def new_receipt() -> str:
    """A receipt that nobody can guess, in groups of four symbols."""
    number = secrets.randbits(BITS)
    values = [number >> 5 * at & 31 for at in range(RANDOM_SYMBOLS)]
    return grouped(SYMBOLS[value] for value in [*values, *_checks(values)])


def read_receipt(written: str) -> Secret:
    """The symbols of a receipt as somebody wrote it: case, blanks and hyphens do not matter.

    Raises ``FirewallError`` where it cannot be a receipt; never shows what was written.
    """
    symbols = "".join(written.split()).replace("-", "").upper().translate(MISREAD)
    values = [SYMBOLS.find(symbol) for symbol in symbols]
    if (
        len(values) != LENGTH
        or min(values) < 0
        or _checks(values[:RANDOM_SYMBOLS])
        != (
            values[-2],
            values[-1],
        )
    ):
        problem = "This is not a receipt, or a symbol in it is wrong."
        raise FirewallError(problem, f"Compare its {LENGTH} symbols with what you were given.")
    return Secret(symbols.encode())


def tag(receipt: Secret, salt: bytes, key: bytes | bytearray, cost: Cost = COST) -> bytes:
    """What a register keeps of a receipt: a slow hash, under a key that lies elsewhere."""
    with stretched(receipt, salt, cost) as slow:
        return hmac.new(key, slow, hashlib.sha256).digest()


def grouped(symbols: Iterable[str]) -> str:
    """Symbols in groups of four, to read aloud and to compare."""
    text = "".join(symbols)
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def spelled(content: bytes) -> str:
    """Bytes (a whole number of fives) in symbols, in groups."""
    number = int.from_bytes(content, "big")
    count = len(content) * 8 // 5
    return grouped(SYMBOLS[number >> 5 * at & 31] for at in reversed(range(count)))


def _checks(values: list[int]) -> tuple[int, int]:
    """Two Reed-Solomon symbols: any two words differ in three places, so two faults are found."""
    first = second = 0
    for value in values:  # divide by (x - 1)(x - 2)
        carry = value ^ first
        first = second ^ _times(carry, 3)
        second = _times(carry, 2)
    return first, second


def _times(a: int, b: int) -> int:
    """The product in the field of 32 elements."""
    product = 0
    for at in range(5):
        if b >> at & 1:
            product ^= a << at
    for at in range(9, 4, -1):
        if product >> at & 1:
            product ^= FIELD << at - 5
    return product
