"""Atoms: the finest groups of people that the tables of a population tell apart.

Every cell of every table is a sum of atoms. Whoever has one value in each column belongs to one
combination of values; columns of one kind (district and region) take the combinations that occur,
all others are crossed, for nobody outside knows which combinations are empty. A person whose rows
differ is counted in several cells and forms an atom with the people who are in the same cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from waymark.firewall.counts.disclosure import MOST_ATOMS
from waymark.firewall.counts.knowledge import Numbers
from waymark.firewall.counts.records import Codes, Column
from waymark.firewall.counts.specification import OTHER
from waymark.firewall.counts.tabulation import Form, ReadyCounts, Tabulator
from waymark.firewall.domain import FirewallError

PRINT_SEED = 20181210  # any: equal sets of combinations get equal prints whatever it is


@dataclass(frozen=True)
class Atoms:
    """The cells of all tables, one after the other, as sums of atoms; and how many people are in
    each atom, where that is known."""

    cells: csr_array
    known: Numbers | None = field(repr=False)


def atoms_of(source: Tabulator | ReadyCounts, forms: Sequence[Form]) -> Atoms:
    """The atoms that the tables of a population tell apart."""
    names = sorted({name for form in forms for name in form.names})
    if isinstance(source, ReadyCounts):
        sizes = {each.name: len(each.values) for form in forms for each in form.dimensions}
        codes = _crossed([{name: np.arange(sizes[name])} for name in names])
        return Atoms(_stacked(forms, codes, _length(codes), ()), None)
    records = source.records
    clusters = [_observed(group) for group in _related(records.columns[name] for name in names)]
    codes = _crossed([tuples for tuples, _ in clusters])
    length = _length(codes)
    combination = np.zeros(records.rows, dtype=np.int64)
    for tuples, place in clusters:
        combination = combination * _length(tuples) + place
    several: list[tuple[Codes, int]] = []
    if source.one_row_each:
        singles: Codes = np.bincount(combination, minlength=length)
    else:
        singles, several = _people(records.people, combination, length)
    cells = _stacked(forms, codes, length, [each for each, _ in several])
    known = np.concatenate([singles, [count for _, count in several]])
    return Atoms(cells, known.astype(np.float64))


def _related(columns: Iterable[Column]) -> list[list[Column]]:
    """Columns of one kind together."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.name if column.kind == OTHER else f"/{column.kind}", []).append(
            column
        )
    return list(groups.values())


def _observed(columns: Sequence[Column]) -> tuple[dict[str, Codes], Codes]:
    """The combinations of values that occur in related columns, and the one of each row."""
    if len(columns) == 1:
        (column,) = columns
        return {column.name: np.arange(len(column.values))}, column.codes
    mixed = np.zeros_like(columns[0].codes)
    for column in columns:
        mixed = mixed * len(column.values) + column.codes
    found, place = np.unique(mixed, return_inverse=True)
    codes = np.unravel_index(found, [len(column.values) for column in columns])
    return {it.name: each for it, each in zip(columns, codes, strict=True)}, place.reshape(-1)


def _length(codes: dict[str, Codes]) -> int:
    return len(next(iter(codes.values()))) if codes else 1


def _crossed(clusters: Sequence[dict[str, Codes]]) -> dict[str, Codes]:
    """Every choice of one combination from each cluster, the last one fastest."""
    lengths = [_length(cluster) for cluster in clusters]
    total = 1
    for length in lengths:
        total *= length
    if total > MOST_ATOMS:
        raise FirewallError(
            f"All tables of this population together tell {total:,} groups of people apart.",
            f"More than {MOST_ATOMS:,} cannot be audited: release by fewer columns, or group "
            "their values.",
        )
    places = np.unravel_index(np.arange(total), lengths) if lengths else ()
    return {
        name: codes[place]
        for cluster, place in zip(clusters, places, strict=True)
        for name, codes in cluster.items()
    }


def _people(
    people: Codes, combination: Codes, length: int
) -> tuple[Codes, list[tuple[Codes, int]]]:
    """How many people have each combination alone; and each set of several, with its people."""
    pairs = np.unique(people * length + combination)
    person, combination = pairs // length, pairs % length
    starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]])
    sizes = np.diff(np.r_[starts, len(person)])
    singles = np.bincount(combination[starts[sizes == 1]], minlength=length)
    if (sizes == 1).all():
        return singles, []
    draws = np.random.default_rng(PRINT_SEED).integers(1, 2**63, size=(2, length), dtype=np.uint64)
    prints = np.stack([np.add.reduceat(draw[combination], starts) for draw in draws], axis=1)
    several = np.flatnonzero(sizes > 1)
    _, first, counts = np.unique(prints[several], axis=0, return_index=True, return_counts=True)
    if len(first) + length > MOST_ATOMS:
        raise FirewallError(
            f"The people fall into {len(first):,} different sets of cells.",
            "That is too many to audit: release by fewer columns in which people have several "
            "values, such as the service or the month.",
        )
    chosen = several[first].tolist()
    sets = [combination[starts[at] : starts[at] + sizes[at]] for at in chosen]
    return singles, list(zip(sets, counts.tolist(), strict=True))


def _stacked(
    forms: Sequence[Form], codes: dict[str, Codes], length: int, several: Sequence[Codes]
) -> csr_array:
    """The cells of all tables over the combinations and the sets of several combinations."""
    combination = np.concatenate([np.arange(length), *several])
    sizes = [len(each) for each in several]
    atom = np.concatenate([np.arange(length), np.repeat(np.arange(len(sizes)) + length, sizes)])
    shape = length + len(sizes)
    found = []
    for form in forms:
        cell = form.cell_of(codes, length)[combination]
        pairs = np.unique(cell * shape + atom)
        ones = np.ones(len(pairs))
        found.append(coo_array((ones, (pairs // shape, pairs % shape)), (form.size, shape)).tocsr())
    return csr_array(vstack(found, format="csr"))
