"""Laws of the attacker: bounds hold in every world, and what is called wide can really vary."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from waymark.exceptions import WaymarkError
from waymark.firewall.counts import search
from waymark.firewall.counts.attacker import System, intervals, narrow
from waymark.firewall.counts.knowledge import apart
from waymark.firewall.counts.neighbourhoods import ends
from waymark.firewall.counts.programme import Stopwatch
from waymark.firewall.counts.worlds import Worlds

MOST = 3  # people in an atom of a small system
SECONDS = 60.0
UNHURRIED = settings(max_examples=40, deadline=None)


@st.composite
def small(draw: st.DrawFn) -> tuple[System, csr_array, np.ndarray]:
    """A system small enough to try every world, some sums to ask for, and a true world."""
    atoms = draw(st.integers(2, 5))
    world = np.array(draw(st.lists(st.integers(0, MOST), min_size=atoms, max_size=atoms)), float)
    line = st.lists(st.integers(0, 1), min_size=atoms, max_size=atoms)
    rows = np.array(draw(st.lists(line, min_size=1, max_size=6)), float)
    slack = st.integers(0, 2)
    down = np.array([draw(slack) for _ in rows], float)
    up = np.array([draw(slack) for _ in rows], float)
    asked = st.lists(st.integers(-1, 1), min_size=atoms, max_size=atoms)
    questions = np.array(draw(st.lists(asked, min_size=1, max_size=4)), float)
    sums = rows @ world
    system = System(csr_array(rows), sums - down, sums + up, np.full(atoms, float(MOST)))
    return system, csr_array(questions), world


def worlds(system: System) -> np.ndarray:
    """Every world of whole people that fits, one a line."""
    atoms = system.rows.shape[1]
    everything = np.array(list(itertools.product(range(MOST + 1), repeat=atoms)), float)
    sums = (system.rows @ everything.T).T
    fits = ((sums >= system.low) & (sums <= system.high)).all(axis=1)
    return everything[fits]


@given(small())
@UNHURRIED
def test_bounds_hold_in_every_world(drawn):
    system, questions, _ = drawn
    values = (questions @ worlds(system).T).T
    found = intervals(system, questions, seconds=SECONDS)
    assert found.exact.all()
    assert (found.low <= values.min(axis=0) + 1e-6).all()
    assert (found.high >= values.max(axis=0) - 1e-6).all()


@given(small())
@UNHURRIED
def test_bounds_are_those_of_the_plain_linear_programme(drawn):
    """Merging, propagating and dividing lose nothing and add nothing."""
    system, questions, _ = drawn
    found = intervals(system, questions, seconds=SECONDS)
    rows = system.rows.toarray()
    for line, question in enumerate(questions.toarray()):
        for sign, bound in ((1, found.low[line]), (-1, found.high[line])):
            plain = linprog(
                sign * question,
                A_ub=np.vstack([rows, -rows]),
                b_ub=np.concatenate([system.high, -system.low]),
                bounds=[(0, MOST)] * rows.shape[1],
            )
            assert sign * plain.fun == pytest.approx(bound, abs=1e-6)


@given(small(), st.integers(1, 6), st.booleans())
@UNHURRIED
def test_narrow_is_what_trying_every_world_finds(drawn, width, informed):
    """Whole people decide, not fractions; and the true counts change nothing but the speed."""
    system, questions, world = drawn
    values = (questions @ worlds(system).T).T
    expected = np.flatnonzero(values.max(axis=0) - values.min(axis=0) < width - 1)
    found = narrow(
        system, questions, width=width, seconds=SECONDS, known=world if informed else None
    )
    assert found.undecided.size == 0
    assert found.questions.tolist() == expected.tolist()


@given(small(), st.integers(1, 6))
@UNHURRIED
def test_the_ways_of_large_systems_find_the_same(drawn, width):
    """Made worlds and neighbourhoods, on systems where every world can be tried."""
    system, questions, world = drawn
    values = (questions @ worlds(system).T).T
    expected = np.flatnonzero(values.max(axis=0) - values.min(axis=0) < width - 1).tolist()
    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        changed.setattr(search, "LARGE", 1)
        changed.setattr(search, "MANY", 1)
        changed.setattr(search, "NEAR", (1, 2))  # so that most atoms are outside
        found = narrow(system, questions, width=width, seconds=SECONDS, known=world)
    assert set(found.questions.tolist()) <= set(expected)
    assert set(expected) <= {*found.questions.tolist(), *found.undecided.tolist()}


@given(small(), st.randoms(use_true_random=False))
@UNHURRIED
def test_a_made_world_fits_everything_that_was_published(drawn, random):
    system, questions, world = drawn
    parts = apart(system, questions)
    number = parts.parts.shape[0]
    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        changed.setattr("waymark.firewall.counts.worlds.PASSES", random.choice((0, 1, 300)))
        made = Worlds(parts, parts.moved(world)).one(
            np.arange(number),
            np.array([random.uniform(-3, 6) for _ in range(number)]),
            np.array([random.random() < 0.5 for _ in range(number)]),
        )
    if made is not None:
        sums = parts.system.rows @ made
        assert (sums >= parts.system.low).all()
        assert (sums <= parts.system.high).all()
        assert (made == np.rint(made)).all()
        assert (made >= parts.bounds.lower).all()
        assert (made <= parts.bounds.upper).all()


@given(small(), st.randoms(use_true_random=False))
@UNHURRIED
def test_a_neighbourhood_is_too_narrow_inside_and_too_wide_outside(drawn, random):
    """With the others as they are a sum varies no more, with the others let loose no less."""
    system, questions, world = drawn
    parts = apart(system, questions)
    fits, true = worlds_of(parts), parts.moved(world)
    for part, line in enumerate(parts.parts.toarray()):
        asked = np.flatnonzero(line)
        others = [at for at in range(len(line)) if line[at] == 0 and random.random() < 0.4]
        atoms = np.union1d(asked, np.array(others, dtype=np.int64))
        values = fits @ line
        inner = [each.value for each in ends(parts, part, atoms, true, Stopwatch(SECONDS))]
        outer = [each.value for each in ends(parts, part, atoms, None, Stopwatch(SECONDS))]
        assert outer[0] - 1e-6 <= values.min() <= inner[0] + 1e-6
        assert outer[1] + 1e-6 >= values.max() >= inner[1] - 1e-6


def worlds_of(parts) -> np.ndarray:
    """Every world of the merged atoms."""
    ends = [range(int(low), int(high) + 1) for low, high in zip(*bounds_of(parts), strict=True)]
    everything = np.array(list(itertools.product(*ends)), float)
    sums = (parts.system.rows @ everything.T).T
    return everything[((sums >= parts.system.low) & (sums <= parts.system.high)).all(axis=1)]


def bounds_of(parts):
    return parts.bounds.lower, parts.bounds.upper


@given(small(), st.integers(0, 5), st.integers(1, 3))
@UNHURRIED
def test_figures_that_contradict_one_another_are_refused(drawn, row, more):
    system, questions, _ = drawn
    row %= system.rows.shape[0]
    most = float(system.rows.toarray()[row].sum() * MOST)
    low, high = system.low.copy(), system.high.copy()
    low[row] = high[row] = most + more  # more people than there are places
    with pytest.raises(WaymarkError, match="contradict"):
        intervals(System(system.rows, low, high, system.most), questions, seconds=SECONDS)
