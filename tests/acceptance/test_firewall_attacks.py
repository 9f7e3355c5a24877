"""Attacks on real-form microdata: the usual suppression falls, our releases do not.

The attacker reads what is published and nothing else. The data hold neither clinics nor providers;
``benchmarks.attacks`` draws them by a fixed seed. It prints the same attacks on larger tables.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.attacks import (
    PAIR,
    People,
    austria,
    averaged,
    by_difference,
    by_programme,
    census,
    exact,
    hidden,
    knowledge,
    neighbours_in_age,
    release,
    released,
    shuffled,
    truth,
)

from waymark.firewall.counts.disclosure import LEAST_PEOPLE

USUAL_EXACTLY = 4  # of 305 cells of countries and occupations, November 2026


@pytest.fixture(scope="module")
def people(shared: Path) -> People:
    assert (shared / "microdata").is_dir()
    return census().by("born-in", "occupation")


def test_the_usual_suppression_gives_small_cells_away(people):
    tables = [exact(people, columns) for columns in people.margins]
    asked = hidden(tables, people.sizes)
    found = by_programme(knowledge(tables, people.sizes), asked, truth(people))
    print(f"{found.exactly} of {found.protected} suppressed counts found exactly")
    assert found.undecided == 0
    assert found.narrowly >= found.exactly == USUAL_EXACTLY


def test_three_columns_with_all_their_totals_give_every_small_cell_away(shared):
    people = austria()
    tables = [exact(people, columns) for columns in people.margins]
    asked = hidden(tables, people.sizes)
    found = by_programme(knowledge(tables, people.sizes), asked, truth(people))
    assert found.exactly == found.protected == 108


def test_what_the_attack_finds_is_true(people):
    """A bound that leaves one number out of reach would make the attack look stronger."""
    tables = [exact(people, columns) for columns in people.margins]
    assert knowledge(tables, people.sizes).holds(truth(people))


def test_of_our_release_the_programme_finds_nothing(people):
    tables = released(release(people, people.margins))
    asked = hidden(tables, people.sizes)
    system = knowledge(tables, people.sizes)
    assert system.holds(truth(people))
    found = by_programme(system, asked, truth(people))
    assert found.protected > 100
    assert (found.exactly, found.narrowly, found.undecided) == (0, 0, 0)


def test_the_difference_of_two_usual_tables_is_the_few_between(shared):
    people = neighbours_in_age()
    found = by_difference(people, [exact(people, columns) for columns in PAIR])
    assert found.exactly == found.protected > 0


def test_the_difference_of_two_of_ours_says_nothing(shared):
    people = neighbours_in_age()
    found = by_difference(people, released(release(people, PAIR)))
    assert found.protected > 0
    assert (found.exactly, found.narrowly, found.undecided) == (0, 0, 0)


def test_averaging_finds_counts_behind_fresh_noise(shared):
    counts = austria().counts(("region", "activity")).reshape(-1)
    counts = counts[counts >= LEAST_PEOPLE]
    assert averaged(counts, np.random.default_rng(3)) == counts.size


def test_our_figures_are_the_same_whenever_they_are_asked_for(shared):
    """So there is nothing to average: neither the order of rows nor the form of a table matters."""
    people = austria().by("region", "activity")
    first = release(people, [("region", "activity")]).tables[0]
    second = release(shuffled(people), [("activity", "region"), ("region",)]).tables[0]
    turned = np.array(second.figures, dtype=object).reshape(second.form.shape).T.reshape(-1)
    assert list(first.figures) == turned.tolist()
