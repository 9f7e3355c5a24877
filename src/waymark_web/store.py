"""What the site knows, loaded once in a process: definitions, figures, what follows from them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.conf import settings

from waymark.compact.framework import Framework
from waymark.compact.loading import load_framework
from waymark.compact.places import Place
from waymark.coverage.ladder import Ladder
from waymark.coverage.standing import Standing, standing
from waymark.indicators.changes import COMPACT_BASELINE
from waymark.indicators.evidence import Evidence, open_evidence
from waymark.indicators.series import Series, load_series
from waymark.plans.forums import Forum, load_forums


@lru_cache(maxsize=1)
def framework() -> Framework:
    """The definitions that ship."""
    return load_framework()


@lru_cache(maxsize=1)
def series() -> dict[str, Series]:
    """The series' definitions, by code."""
    return load_series()


@lru_cache(maxsize=1)
def forums() -> dict[str, Forum]:
    """The review forums, in order of time."""
    return load_forums()


@lru_cache(maxsize=1)
def evidence() -> Evidence:
    """The figures."""
    return open_evidence(engine=settings.EVIDENCE_ENGINE)


@lru_cache(maxsize=4)
def standing_on(as_of: date, baseline: int = COMPACT_BASELINE) -> Standing:
    """Where every place stands on a day: read once, then shared by all pages."""
    return standing(framework(), series(), evidence(), as_of=as_of, baseline=baseline)


@lru_cache(maxsize=512)
def ladders(place: Place, as_of: date) -> tuple[Ladder, ...]:
    """The ladder of every objective in a place."""
    return standing_on(as_of).ladders(place)


def today() -> date:
    """The day of the reader: the site's only clock."""
    return date.today()
