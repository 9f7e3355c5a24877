"""Cell-key perturbation: noise that is bounded, unbiased, and the same for the same people.

Each person has a secret key; the sum of the keys of those in a cell is the key of the cell, and
looks up its noise. The same people get the same figure in every table, so that asking again or in
another order tells nothing new. Nobody can compute a key without the secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from waymark.firewall.counts.disclosure import LEAST_SECRET, NOISE_BOUND, NOISE_VARIANCE
from waymark.firewall.domain import FirewallError

KEY_BITS = 20  # sums of up to 2**33 such keys are exact in double precision
KEY_SPACE = 1 << KEY_BITS
AT_ONCE = 1 << 18  # identifiers
BLOCK = 64  # bytes: the block of SHA-256
CLOSE = 1e-13  # where Newton's steps end
Keys = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Secret:
    """What keys are made from. Its bytes are in no ``repr``, error or file that we write."""

    _content: bytes

    def __post_init__(self) -> None:
        if len(self._content) < LEAST_SECRET or len(set(self._content)) < LEAST_SECRET // 4:
            raise FirewallError(
                f"The secret is too short or too plain: it needs {LEAST_SECRET} random bytes.",
                "Make one with: (umask 077; head -c 32 /dev/urandom > secret.key)",
            )

    def __repr__(self) -> str:
        return "Secret(...)"

    def mark(self, *parts: str) -> str:
        """A keyed hash: shows later that something is the same, and nothing else."""
        text = json.dumps(parts, ensure_ascii=False).encode()
        return hmac.digest(self._content, text, "sha256").hex()

    def record_keys(self, people: pa.Array) -> Keys:
        """The key of each person: HMAC-SHA256 of the identifier, cut to the key space.

        Both pads are hashed once, not for each person; a test holds this against Python's own.
        """
        padded = self._content
        if len(padded) > BLOCK:
            padded = hashlib.sha256(padded).digest()
        padded = padded.ljust(BLOCK, b"\0")
        inner, outer = (
            hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C)
        )
        cut = bytearray()
        for start in range(0, len(people), AT_ONCE):
            for identifier in people.slice(start, AT_ONCE).cast(pa.binary()).to_pylist():
                first, second = inner.copy(), outer.copy()
                first.update(identifier)
                second.update(first.digest())
                cut += second.digest()[:4]
        return np.frombuffer(cut, dtype=">u4").astype(np.int64) >> (32 - KEY_BITS)

    def cell_key(self, population: str, cell: Mapping[str, str]) -> int:
        """The key of a cell of which only the count is known: made of its description."""
        described = json.dumps(sorted(cell.items()), ensure_ascii=False)
        return int(self.mark("cell", population, described)[: KEY_BITS // 4], 16)


@dataclass(frozen=True)
class NoiseTable:
    """How many of the keys add how much: ``slots[d + bound]`` keys of all add ``d``."""

    bound: int
    slots: tuple[int, ...]

    @property
    def mean(self) -> Fraction:
        """The mean of the noise, exactly."""
        return self._moment(1)

    @property
    def variance(self) -> Fraction:
        """The variance of the noise, exactly."""
        return self._moment(2) - self.mean**2

    def _moment(self, order: int) -> Fraction:
        total = sum(at**order * slots for at, slots in self.steps)
        return Fraction(total, sum(self.slots))

    @property
    def steps(self) -> Iterable[tuple[int, int]]:
        """Each noise with its number of keys."""
        return zip(range(-self.bound, self.bound + 1), self.slots, strict=True)

    @property
    def digest(self) -> str:
        """The hash of the table."""
        return hashlib.sha256(json.dumps([self.bound, *self.slots]).encode()).hexdigest()

    @cached_property
    def of_key(self) -> npt.NDArray[np.int8]:
        """The noise of every key."""
        noise = np.arange(-self.bound, self.bound + 1, dtype=np.int8)
        return np.repeat(noise, self.slots)

    def noise(self, keys: Keys) -> npt.NDArray[np.int64]:
        """The noise of cells, by the sums of their keys."""
        return self.of_key[keys % KEY_SPACE].astype(np.int64)


@lru_cache(maxsize=4)
def noise_table(bound: int = NOISE_BOUND, variance: int = NOISE_VARIANCE) -> NoiseTable:
    """The least presuming noise with a bound, mean zero and a variance: of greatest entropy.

    Its weights are exp(a d + b d^2). After they are cut into whole slots of the key space, both
    halves hold the same slots, so that the mean is zero exactly.
    """
    weights = _greatest_entropy(bound, variance)
    half = [round(weight * KEY_SPACE) for weight in weights[bound + 1 :]]
    middle = KEY_SPACE - 2 * sum(half)
    return NoiseTable(bound, (*reversed(half), middle, *half))


def _greatest_entropy(bound: int, variance: float) -> list[float]:
    """The weights, by Newton's method on the two multipliers."""
    at = np.arange(-bound, bound + 1, dtype=np.float64)
    powers = np.stack([at, at**2])
    multipliers = np.array([0.0, -1.0 / (2 * variance)])
    for _ in range(100):
        weights = np.exp(multipliers @ powers)
        weights /= weights.sum()
        means = powers @ weights
        off = np.array([0.0, variance]) - means
        if np.abs(off).max() < CLOSE:
            break
        spread = (powers * weights) @ powers.T - np.outer(means, means)
        multipliers = multipliers + np.linalg.solve(spread, off)
    found: list[float] = weights.tolist()
    return found
