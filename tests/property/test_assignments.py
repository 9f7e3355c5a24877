"""Laws of who pays for what, against a solver that is not ours."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from waymark.finance.assignments import Assignment, Key

SOURCES: list[Key] = [(f"s{number}", 2027) for number in range(6)]
NEEDS: list[Key] = [(f"n{number}", 2027) for number in range(8)]
amounts = st.integers(0, 30)
reaches = st.sets(st.sampled_from(SOURCES)).map(lambda each: tuple(sorted(each)))


def _most(money: dict[Key, int], reach: dict[Key, tuple[Key, ...]], wanted: dict[Key, int]) -> int:
    """How much of what is wanted the sources can pay together, by SciPy's maximum flow."""
    nodes = [None, *money, *reach, ...]
    at = {node: number for number, node in enumerate(nodes)}
    held = np.zeros((len(nodes), len(nodes)), dtype=np.int32)
    for source, amount in money.items():
        held[0, at[source]] = amount
    for need, found in reach.items():
        held[at[need], -1] = wanted[need]
        for source in found:
            held[at[source], at[need]] = money[source]
    return int(maximum_flow(csr_array(held), 0, len(nodes) - 1).flow_value)


@settings(max_examples=60, deadline=None)  # the solver is slow to load
@given(
    st.fixed_dictionaries(dict.fromkeys(SOURCES, amounts)),
    st.fixed_dictionaries(dict.fromkeys(NEEDS, reaches)),
    st.lists(st.tuples(st.sampled_from(NEEDS), amounts), max_size=14),
)
def test_each_gets_all_that_any_way_of_paying_leaves_it(
    money: dict[Key, int], reach: dict[Key, tuple[Key, ...]], gifts: list[tuple[Key, int]]
) -> None:
    assignment = Assignment(money, reach)
    given = dict.fromkeys(NEEDS, 0)
    for need, amount in gifts:
        before = sum(given.values())
        got = assignment.give(need, amount)
        assert got == _most(money, reach, {**given, need: given[need] + amount}) - before
        given[need] += got
    parts = assignment.parts()
    for need in NEEDS:
        assert sum(parts.get(need, {}).values()) == given[need]
        assert set(parts.get(need, {})) <= set(reach[need])
    for source in SOURCES:
        paid = sum(each.get(source, 0) for each in parts.values())
        assert paid + assignment.left[source] == money[source]
