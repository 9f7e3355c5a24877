"""Secrets in buffers that are wiped after use, and the one slow hash that guards them.

Python cannot wipe everything: text (``str``) and ``bytes`` that it copied stay in memory until
something else is written there. What can be wiped is held in a ``Secret`` and is zero after use.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import TracebackType

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from waymark.firewall.domain import FirewallError

KEY_BYTES = 32
SALT_BYTES = 16


class Secret(bytearray):
    """Bytes that become zero when the ``with`` block ends, and that no ``repr`` shows."""

    def __enter__(self) -> Secret:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return f"Secret of {len(self)} bytes"

    __str__ = __repr__

    @classmethod
    def joined(cls, *parts: bytes | bytearray | memoryview) -> Secret:
        """Some bytes one after another, without copies in between."""
        whole = cls(sum(len(part) for part in parts))
        view, at = memoryview(whole), 0
        for part in parts:
            view[at : at + len(part)] = part
            at += len(part)
        return whole

    def wipe(self) -> None:
        """Overwrite every byte where it lies."""
        self[:] = bytes(len(self))


@dataclass(frozen=True)
class Cost:
    """How much work Argon2id does: passes, memory in KiB, and lanes.

    The limits keep a file that somebody else wrote from taking all memory or all day.
    """

    passes: int
    memory: int
    lanes: int

    def __post_init__(self) -> None:
        if not (1 <= self.passes <= 20 and 1 <= self.lanes <= 16):
            raise ValueError("passes are 1 to 20, lanes 1 to 16")
        if not 8 * self.lanes <= self.memory <= 1_048_576:
            raise ValueError("memory is at least 8 KiB a lane and at most 1 GiB")


COST = Cost(passes=3, memory=65_536, lanes=4)  # RFC 9106, the second recommended choice


def stretched(secret: bytes | bytearray, salt: bytes, cost: Cost = COST) -> Secret:
    """A key of 32 bytes from a passphrase or a receipt, slow to compute on purpose."""
    key = Secret(KEY_BYTES)
    work = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    )
    try:
        work.derive_into(secret, key)  # type: ignore[arg-type]  # takes any buffer
    except MemoryError:
        key.wipe()
        remedy = "Close other programs, or use a machine with more memory."
        raise FirewallError("There is not enough memory to check a secret.", remedy) from None
    return key


def canonical(said: object) -> bytes:
    """JSON with one spelling: sorted, without blanks, in UTF-8; what is signed and bound."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()
