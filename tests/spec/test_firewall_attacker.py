"""The attacker, on tables small enough to follow with a pencil, and on a classical one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array

from waymark.exceptions import WaymarkError
from waymark.firewall.counts.attacker import System, intervals, narrow
from waymark.firewall.counts.knowledge import apart
from waymark.firewall.counts.worlds import Worlds

SECONDS = 60.0


def known(
    rows: list[list[int]], low: list[float], high: list[float], most: float = np.inf
) -> System:
    matrix = csr_array(np.array(rows, float))
    return System(matrix, np.array(low, float), np.array(high, float), np.full(len(rows[0]), most))


def each_atom(system: System) -> csr_array:
    return csr_array(np.eye(system.rows.shape[1]))


def bounds(system: System) -> list[tuple[float, float]]:
    found = intervals(system, each_atom(system), seconds=SECONDS)
    assert found.exact.all()
    return [
        (round(low, 6), round(high, 6)) for low, high in zip(found.low, found.high, strict=True)
    ]


def test_one_suppressed_cell_is_the_total_minus_the_others():
    """Clinic by sex: 12 women, a suppressed number of men, 15 in all."""
    assert bounds(known([[1, 0], [1, 1]], [12, 15], [12, 15])) == [(12, 12), (3, 3)]


def test_two_suppressed_cells_protect_each_other():
    assert bounds(known([[1, 1]], [9], [9])) == [(0, 9), (0, 9)]


def test_a_bound_on_the_cells_narrows_them():
    """If suppression means 1 to 5, two of them that sum to 9 are 4 or 5."""
    assert bounds(known([[1, 1]], [9], [9], most=5)) == [(4, 5), (4, 5)]


def test_noise_on_the_total_widens_what_is_known():
    assert bounds(known([[1, 0], [1, 1]], [7, 10], [17, 20])) == [(7, 17), (0, 13)]


def test_what_no_figure_speaks_of_has_no_end():
    assert bounds(known([[1, 0]], [4], [4]))[1] == (0, np.inf)


def test_the_difference_of_two_tables_is_asked_like_any_sum():
    """Those under 16 and those under 15, each within 5: the 15-year-olds within 10."""
    system = known([[1, 0], [1, 1]], [95, 100], [105, 110])
    asked = csr_array(np.array([[0, 1], [-1, 1]], float))
    found = intervals(system, asked, seconds=SECONDS)
    assert (found.low[0], found.high[0]) == (0, 15)
    assert (found.low[1], found.high[1]) == (-105, -80)


def test_whole_people_can_be_pinned_where_fractions_vary():
    """No two of four cells hold more than one person: four halves, says the programme, or one."""
    pairs = [[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1]]
    system = known(pairs, [0] * 6, [1] * 6)
    everybody = csr_array(np.array([[1, 1, 1, 1]], float))
    found = intervals(system, everybody, seconds=SECONDS)
    assert found.high[0] == pytest.approx(2)
    assert narrow(system, everybody, width=3, seconds=SECONDS).questions.tolist() == [0]
    assert narrow(system, everybody, width=2, seconds=SECONDS).questions.tolist() == []


def test_a_width_of_ten_means_ten_possible_numbers():
    """0 to 8 are nine numbers, 0 to 9 are ten."""
    for total, expected in ((8, [0, 1]), (9, [])):
        system = known([[1, 1]], [total], [total])
        found = narrow(system, each_atom(system), width=10, seconds=SECONDS)
        assert found.questions.tolist() == expected


def test_without_time_nothing_is_called_safe():
    """What is not decided must count as unsafe, so it is named."""
    rows = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
    system = known(rows, [20] * 4, [20] * 4)
    found = narrow(system, each_atom(system), width=10, seconds=0.0)
    assert {*found.questions.tolist(), *found.undecided.tolist()} == {0, 1, 2, 3}
    assert not intervals(system, each_atom(system), seconds=0.0).exact.any()


def test_true_counts_that_do_not_fit_are_refused_without_being_told():
    system = known([[1, 1]], [9], [9])
    with pytest.raises(WaymarkError, match="do not fit") as raised:
        narrow(system, each_atom(system), width=2, seconds=SECONDS, known=np.array([4321.0, 1.0]))
    assert "4321" not in str(raised.value)


def test_a_world_that_does_not_fit_is_thrown_away(monkeypatch):
    """Whatever the search for worlds comes up with is held against every figure."""
    rows = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
    system = known(rows, [18] * 4, [22] * 4)
    parts = apart(system, each_atom(system))
    worlds = Worlds(parts, parts.moved(np.full(4, 10.0)))
    aims = (np.arange(4), np.array([15.0, 0, 0, 15.0]), np.array([True, False, False, True]))
    assert worlds.one(*aims) is not None
    monkeypatch.setattr(worlds, "_repaired", lambda point: np.array([40.0, 0, 0, 0]))
    assert worlds.one(*aims) is None


@pytest.mark.parametrize(
    ("rows", "low", "high"),
    [([[2, 1]], [1], [2]), ([[1, 1]], [1, 2], [2]), ([[1, 1]], [np.nan], [2])],
)
def test_a_system_checks_itself(rows, low, high):
    with pytest.raises(ValueError, match=r"row|bound"):
        known(rows, low, high)


@pytest.fixture(scope="module")
def classical() -> tuple[System, csr_array, np.ndarray]:
    """300 areas by 12 services with exact totals, and no word of cells of 1 to 9."""
    draws = np.random.default_rng(1)
    areas, services = draws.lognormal(0, 1.0, 300), draws.lognormal(0, 0.8, 12)
    counts = draws.poisson(40 * np.outer(areas, services)).astype(float)
    cells = np.arange(counts.size).reshape(counts.shape)
    small = (counts > 0) & (counts < 10)
    groups = [*cells, *cells.T, *([at] for at in cells[~small])]
    row = np.concatenate([[at] * len(group) for at, group in enumerate(groups)])
    shape = (len(groups), counts.size)
    rows = coo_array((np.ones(len(row)), (row, np.concatenate(groups))), shape).tocsr()
    sums = rows @ counts.reshape(-1)
    system = System(rows, sums, sums, np.full(counts.size, np.inf))
    asked = csr_array(np.eye(counts.size)[cells[small]])
    return system, asked, counts.reshape(-1)


def test_the_classical_table_with_suppression_alone_fails(classical):
    """Several hundred suppressed cells; some come out exactly, and the truth is never missed."""
    system, asked, counts = classical
    found = intervals(system, asked, seconds=SECONDS)
    assert found.exact.all()
    true = asked @ counts
    assert (found.low <= true + 1e-6).all()
    assert (found.high >= true - 1e-6).all()
    pinned = (found.high - found.low) < 0.5
    assert len(true) == 346
    assert pinned.sum() == 19


def test_the_defenders_knowledge_changes_no_verdict(classical):
    system, asked, counts = classical
    alone = narrow(system, asked, width=10, seconds=SECONDS)
    informed = narrow(system, asked, width=10, seconds=SECONDS, known=counts)
    assert alone.undecided.size == informed.undecided.size == 0
    assert alone.questions.tolist() == informed.questions.tolist() != []
