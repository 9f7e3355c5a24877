"""The noise: bounded, unbiased, of a stated variance, and the same for the same people."""

from __future__ import annotations

import hmac
from fractions import Fraction
from math import log

import numpy as np
import pyarrow as pa
import pytest

from waymark.exceptions import WaymarkError
from waymark.firewall.counts.disclosure import (
    LEAST_FIGURE,
    LEAST_PEOPLE,
    NOISE_BOUND,
    NOISE_VARIANCE,
)
from waymark.firewall.counts.perturbation import (
    KEY_BITS,
    KEY_SPACE,
    NoiseTable,
    Secret,
    noise_table,
)

SECRET = bytes(range(32))
TABLE = noise_table()


def test_every_key_has_a_noise_within_the_bound() -> None:
    assert sum(TABLE.slots) == KEY_SPACE == len(TABLE.of_key)
    assert (TABLE.of_key.min(), TABLE.of_key.max()) == (-NOISE_BOUND, NOISE_BOUND)
    assert all(slots > 0 for slots in TABLE.slots), "each noise can occur"


def test_the_mean_is_zero_exactly() -> None:
    assert TABLE.mean == Fraction(0)
    assert int(TABLE.of_key.astype(np.int64).sum()) == 0


def test_the_variance_is_stated_exactly() -> None:
    exact = Fraction(int((TABLE.of_key.astype(np.int64) ** 2).sum()), KEY_SPACE)
    assert TABLE.variance == exact == Fraction(3145731, 524288)
    assert abs(TABLE.variance - NOISE_VARIANCE) < Fraction(1, 10_000)


def entropy(table: NoiseTable) -> float:
    shares = [slots / KEY_SPACE for slots in table.slots]
    return -sum(share * log(share) for share in shares)


def test_no_noise_of_that_bound_mean_and_variance_presumes_less() -> None:
    """Any change of the table that keeps all three lowers its entropy."""
    step = KEY_SPACE // 1000
    kept = ((1, -3, 3, -1), (1, -2, 0, 2, -1))  # moments 0, 1 and 2 of these are zero
    for change in kept:
        assert all(sum(c * at**m for at, c in enumerate(change)) == 0 for m in (0, 1, 2))
        for start in range(len(TABLE.slots) - len(change) + 1):
            for sign in (1, -1):
                slots = list(TABLE.slots)
                for at, by in enumerate(change):
                    slots[start + at] += sign * by * step
                assert entropy(NoiseTable(NOISE_BOUND, tuple(slots))) < entropy(TABLE)


@pytest.mark.parametrize("bound", [2, 3, 5, 9])
def test_other_bounds_are_unbiased_too(bound: int) -> None:
    table = noise_table(bound, bound)
    assert table.mean == 0
    assert abs(table.variance - bound) < Fraction(1, 1000)


def test_published_figures_leave_eleven_true_counts() -> None:
    """Published are true counts from 10 on whose figure is 15 or more."""
    noises = range(-NOISE_BOUND, NOISE_BOUND + 1)
    possible: dict[int, set[int]] = {}
    for true in range(200):
        for noise in noises:
            if true >= LEAST_PEOPLE and true + noise >= LEAST_FIGURE:
                possible.setdefault(true + noise, set()).add(true)
    assert min(possible) == LEAST_FIGURE
    assert all(len(counts) == 11 for figure, counts in possible.items() if figure < 190)
    naive = {true for true in range(LEAST_PEOPLE, 30) for noise in noises if true + noise == 5}
    assert naive == {10}, "publishing on the true count alone would pin a figure of 5"


def test_record_keys_are_those_of_pythons_own_hmac() -> None:
    people = ["P1", "", "é", "عائشة", "x" * 500]
    for content in (SECRET, bytes(range(200))):
        keys = Secret(content).record_keys(pa.array(people))
        expected = [
            int.from_bytes(hmac.digest(content, each.encode(), "sha256")[:4], "big")
            >> (32 - KEY_BITS)
            for each in people
        ]
        assert keys.tolist() == expected


def test_another_secret_makes_other_keys() -> None:
    people = pa.array([str(number) for number in range(1000)])
    one, two = (Secret(SECRET[n:] + SECRET[:n]).record_keys(people) for n in (0, 1))
    assert (one == two).sum() < 5


def test_keys_spread_noise_as_the_table_says() -> None:
    """A million sums of keys: each noise as often as its slots, within five standard errors."""
    number = 1_000_000
    people = pa.array([str(at) for at in range(3 * 1000)])
    keys = Secret(SECRET).record_keys(people).reshape(3, 1000)
    sums = (keys[0][:, None] + keys[1][None, :]).reshape(-1)
    noise = TABLE.noise(sums)
    for value, slots in TABLE.steps:
        share = slots / KEY_SPACE
        # sums of 2,000 keys are not independent: the error is that of the fewer keys
        assert abs((noise == value).mean() - share) < 5 * (share / 1000) ** 0.5
    assert len(noise) == number


def test_a_cell_without_people_has_a_key_of_its_description() -> None:
    secret = Secret(SECRET)
    key = secret.cell_key("clinics", {"sex": "F", "district": "North"})
    assert key == secret.cell_key("clinics", {"district": "North", "sex": "F"})
    assert 0 <= key < KEY_SPACE
    assert key != secret.cell_key("clinics-2", {"district": "North", "sex": "F"})
    assert key != secret.cell_key("clinics", {"district": "North,sex", "": "F"})


@pytest.mark.parametrize("content", [b"", b"short", b"a" * 64])
def test_a_poor_secret_is_refused(content: bytes) -> None:
    with pytest.raises(WaymarkError, match="32 random bytes"):
        Secret(content)


def test_a_secret_is_in_no_repr() -> None:
    assert repr(Secret(SECRET)) == "Secret(...)"
