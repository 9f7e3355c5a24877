"""The attacker: works out from published figures what a sum of people can be at least and at most.

Nothing here is secret: who holds the published tables can run the same programmes. So whether a
release is refused tells no more than the tables tell. The true figures may be given by the
defender, to show quickly that a sum can vary; they decide whether an answer comes in time, never
which one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from waymark.firewall.counts.knowledge import Indices, Numbers, Parts, System, apart
from waymark.firewall.counts.programme import Stopwatch
from waymark.firewall.counts.search import Search
from waymark.firewall.domain import FirewallError

__all__ = ["Intervals", "Narrow", "System", "intervals", "narrow"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Intervals:
    """What each question can be; where ``exact`` is false the bounds were not found in time."""

    low: Numbers
    high: Numbers
    exact: Flags


@dataclass(frozen=True, eq=False)
class Narrow:
    """Questions with fewer possible values than the width, and those not decided in time."""

    questions: Indices
    undecided: Indices


def intervals(
    system: System, questions: csr_array, *, seconds: float, known: Numbers | None = None
) -> Intervals:
    """The least and the most that each sum of atoms can be, by linear programmes.

    The bounds hold for whole people too, but whole people may be pinned more narrowly.
    """
    parts = apart(system, csr_array(questions))
    search = Search(parts, Stopwatch(seconds))
    unsolved = np.array([not search.solve(part) for part in range(parts.parts.shape[0])])
    exact = (parts.questions @ unsolved.astype(np.float64)) == 0
    low, high = parts.questions @ search.low, parts.questions @ search.high
    return Intervals(low, high, exact)


def narrow(
    system: System,
    questions: csr_array,
    *,
    width: int,
    seconds: float,
    known: Numbers | None = None,
) -> Narrow:
    """Which sums of atoms an attacker pins to fewer than ``width`` neighbouring whole values."""
    watch = Stopwatch(seconds)
    parts = apart(system, csr_array(questions))
    search = Search(parts, watch, width)
    if known is not None:
        search.imagine(_world(system, known, parts))
    found: list[int] = []
    undecided: list[int] = []
    for question in np.flatnonzero(~search.certified()).tolist():
        answer = search.is_narrow(question)
        if answer is None:
            undecided.append(question)
        elif answer:
            found.append(question)
    return Narrow(np.array(found, dtype=np.int64), np.array(undecided, dtype=np.int64))


def _world(system: System, known: Numbers, parts: Parts) -> Numbers:
    """The true counts, once it is sure that they fit what was published."""
    if not system.holds(known):
        raise FirewallError(
            "The true counts do not fit the figures that are said to be published of them.",
            "Check the error stated for each figure, and that all are of the same records.",
        )
    return parts.moved(known)
