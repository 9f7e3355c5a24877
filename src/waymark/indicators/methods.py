"""The registry of methods: each named, versioned, with its source and its thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from waymark.exceptions import NotFoundError
from waymark.indicators import open_sdg, unsd
from waymark.indicators.progress import OPEN_SDG, UNSD, Case, Judgement
from waymark.words import Sentence


@dataclass(frozen=True, slots=True)
class Method:
    """A named, versioned way to judge progress."""

    id: str
    title: Sentence
    source: str
    judge: Callable[[Case], Judgement]
    thresholds: tuple[Sentence, ...] = ()


METHODS = {
    UNSD: Method(
        UNSD,
        Sentence("UN Statistics Division, SDG progress chart, technical note of 2023"),
        "EUSTAT-DES/site, _pages/en/metodologia.md, commit 74e6a31",
        unsd.judge,
        unsd.THRESHOLDS,
    ),
    OPEN_SDG: Method(
        OPEN_SDG,
        Sentence("Open SDG 2.4.0, method of Statistics Canada"),
        "open-sdg/open-sdg, docs/progress-methodology.md; sdg-build, ProgressMeasure",
        open_sdg.judge,
        open_sdg.THRESHOLDS,
    ),
}
DEFAULT_METHOD = UNSD  # for global comparability; the other stands beside it


def judge(case: Case, method: str) -> Judgement:
    """What one method says of a case."""
    found = METHODS.get(method)
    if found is None:
        remedy = f"The methods are: {', '.join(METHODS)}."
        raise NotFoundError(f"There is no method '{method}'.", remedy)
    return found.judge(case)


def judge_all(case: Case) -> tuple[Judgement, ...]:
    """One judgement by each method, in the order of the registry."""
    return tuple(method.judge(case) for method in METHODS.values())
