"""Laws of a release: noise bounded, cells consistent, nothing small, nothing true in any file."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clinics import Folder, Row
from waymark.exchange.released_figures import as_csv, as_text
from waymark.firewall.counts.disclosure import (
    LEAST_FIGURE,
    LEAST_WIDTH,
    MOST_HIDDEN,
    NOISE_BOUND,
    RefusedError,
    load_disclosure,
)
from waymark.firewall.counts.ledger import WITHHELD
from waymark.firewall.counts.perturbation import KEY_SPACE, noise_table

DISCLOSURE = load_disclosure()
GENTLE = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = ("district", "sex", "age")
VALUES = {"district": ["North", "South"], "sex": ["female", "male"], "age": ["0-17", "18+"]}
FORMS = [[], ["district"], ["sex"], ["age"], ["district", "sex"], ["sex", "age"], [*NAMES]]
counts = st.lists(
    st.one_of(st.integers(0, 24), st.integers(0, 200)), min_size=8, max_size=8
).filter(lambda numbers: sum(numbers) >= 40)
tables = st.lists(st.sampled_from(FORMS), min_size=1, max_size=4, unique_by=tuple)


def people(numbers: list[int], start: int) -> list[Row]:
    """So many people in each combination of district, sex and age, one visit each."""
    rows: list[Row] = []
    for number, (district, sex, age) in zip(numbers, product(*VALUES.values()), strict=True):
        for _ in range(number):
            at = len(rows)
            who = (f"P{start + at}", f"{district} {at % 7}", f"body {at % 5}")
            rows.append((*who, district, sex, age, "general", "2026-Q1"))
    for at, district in enumerate(VALUES["district"] * 7):  # every area has its sites
        who = (f"Q{at}", f"{district} {at // 2}", f"body {at // 2 % 5}")
        rows.append((*who, district, "female", "0-17", "general", "2026-Q1"))
    return rows


def cells(made: object) -> dict[frozenset[tuple[str, str]], int | str]:
    return {
        frozenset(table.form.cell(at).items()): figure
        for table in made.document.tables  # type: ignore[attr-defined]
        for at, figure in enumerate(table.figures)
    }


def true(rows: list[Row], cell: frozenset[tuple[str, str]]) -> int:
    place = {"district": 3, "sex": 4, "age": 5}
    return len({row[0] for row in rows if all(row[place[name]] == value for name, value in cell)})


@GENTLE
@given(counts, tables, st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_a_release_keeps_its_laws(
    numbers: list[int], forms: list[list[str]], start: int, random: object
) -> None:
    rows = people(numbers, start)
    with TemporaryDirectory() as home:
        folder = Folder(Path(home), rows)
        try:
            made = folder.prepare(forms)
        except RefusedError:
            return
        found = cells(made)
        for cell, figure in found.items():
            if figure != WITHHELD:
                assert int(figure) >= LEAST_FIGURE, "nothing small"
                assert abs(int(figure) - true(rows, cell)) <= NOISE_BOUND, "bounded"
                assert true(rows, cell) >= 10
        shuffled = rows[:]
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        other = Path(home) / "other"
        other.mkdir()
        turned = [list(reversed(form)) for form in reversed(forms)]
        again = cells(Folder(other, shuffled).prepare(turned))
        assert again == found, "neither the order of rows nor the layout of tables matters"


@GENTLE
@given(counts, st.sampled_from(FORMS), st.sampled_from(FORMS), st.integers(0, 10**6))
def test_a_figure_never_changes_from_one_release_to_the_next(
    numbers: list[int], one: list[str], two: list[str], start: int
) -> None:
    """Alone or after another release: a cell has the same figure, or is withheld."""
    with TemporaryDirectory() as home:
        folder = Folder(Path(home), people(numbers, start))
        alone = cells(folder.prepare([two]))
        folder.release([one])
        try:
            after = cells(folder.prepare([two]))
        except RefusedError:
            return
        assert all(figure in (alone[cell], WITHHELD) for cell, figure in after.items())


def possible(system: list[tuple[list[int], float, float]], atoms: int, question: list[int]) -> int:
    """How many values in a row an attacker cannot rule out, by HiGHS over whole people."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix = np.zeros((len(system), atoms))
    for at, (row, _, _) in enumerate(system):
        matrix[at, row] = 1
    low, high = (np.array([each[side] for each in system]) for side in (1, 2))
    aim = np.zeros(atoms)
    aim[question] = 1
    within = LinearConstraint(matrix, low, high)
    whole = {"integrality": np.ones(atoms), "bounds": Bounds(0, np.inf), "constraints": within}
    assert milp(np.zeros(atoms), **whole).success, "some world fits the figures"
    ends = []
    for sign in (1, -1):
        solved = milp(sign * aim, **whole)
        if solved.status in (3, 4):  # without end: a world fits, so it is not impossible
            return 10**9
        assert solved.success, solved.message
        ends.append(sign * solved.fun)
    return round(ends[1] - ends[0]) + 1


@GENTLE
@given(counts, tables, st.integers(0, 10**6))
def test_another_solver_finds_no_withheld_cell_pinned(
    numbers: list[int], forms: list[list[str]], start: int
) -> None:
    """The attack, written a second time with another engine, knowing why each cell is withheld."""
    rows = people(numbers, start)
    with TemporaryDirectory() as home:
        try:
            found = cells(Folder(Path(home), rows).prepare(forms))
        except RefusedError:
            return
    kinds = list(product(*VALUES.values()))
    inside = {
        cell: [
            at
            for at, kind in enumerate(kinds)
            if all(dict(zip(NAMES, kind, strict=True))[name] == value for name, value in cell)
        ]
        for cell in found
    }
    system = []
    for cell, figure in found.items():
        if figure != WITHHELD:
            low, high = int(figure) - NOISE_BOUND, int(figure) + NOISE_BOUND
            system.append((inside[cell], float(low), float(high)))
        elif true(rows, cell) < 10:
            system.append((inside[cell], 0.0, float(MOST_HIDDEN)))
    for cell, figure in found.items():
        if figure == WITHHELD:
            assert possible(system, len(kinds), inside[cell]) >= LEAST_WIDTH
    shown = {cell: figure for cell, figure in found.items() if figure != WITHHELD}
    for outer, inner in product(shown, shown):
        rest = [at for at in inside[outer] if at not in inside[inner]]
        if inner > outer and rest and int(shown[outer]) - int(shown[inner]) < 20:
            assert possible(system, len(kinds), rest) >= LEAST_WIDTH


@GENTLE
@given(st.lists(st.integers(1000, 9000), min_size=8, max_size=8, unique=True), st.integers(0, 99))
def test_no_true_count_is_in_any_output(numbers: list[int], start: int) -> None:
    """Counts so large that they do not occur by chance: none is printed, but where noise is 0."""
    numbers = [number // 8 + 300 for number in numbers]
    rows = people(numbers, start)
    with TemporaryDirectory() as home:
        folder = Folder(Path(home), rows)
        made = folder.prepare([["district", "sex", "age"]])
        ledger = folder.path / "seen"
        ledger.write_text(made.entry.model_dump_json() if made.entry else "", encoding="utf-8")
        texts = [
            made.document.as_json().decode(),
            as_csv(made.document, DISCLOSURE).decode(),
            as_text(made.document),
            ledger.read_text(encoding="utf-8"),
        ]
    texts = [
        re.sub(r"between [\d,]+ and [\d,]+", lambda said: said[0].replace(",", ""), text)
        for text in texts
    ]
    digests = re.compile(r"[0-9a-f]{64}|\d+/\d+")
    words = {word for text in texts for word in re.findall(r"\d+", digests.sub("", text))}
    allowed: set[str] = set()
    for figure in cells(made).values():
        if figure != WITHHELD:
            allowed |= {str(int(figure) + by) for by in (-NOISE_BOUND, 0, NOISE_BOUND)}
    for cell in cells(made):
        count = true(rows, cell)
        assert str(count) not in words - allowed
    assert json.loads(texts[0])["tables"]


@GENTLE
@given(st.lists(st.integers(0, KEY_SPACE - 1), min_size=1, max_size=50))
def test_noise_depends_on_the_sum_of_keys_alone(keys: list[int]) -> None:
    table = noise_table()
    one = table.noise(np.array([sum(keys)]))
    two = table.noise(np.array([sum(reversed(keys)) % KEY_SPACE]))
    assert one == two
    assert abs(int(one[0])) <= NOISE_BOUND


@pytest.mark.parametrize("bound", range(1, 12))
def test_the_mean_of_every_table_is_exactly_zero(bound: int) -> None:
    assert noise_table(bound, max(1, bound * (bound + 1) // 5)).mean == Fraction(0)
