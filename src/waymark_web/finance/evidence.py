"""The reported money that the site reads, and which sectors serve what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from waymark.finance.evidence import MoneyEvidence, open_money
from waymark.finance.funding import reports_of
from waymark_web import store


@lru_cache(maxsize=1)
def money() -> MoneyEvidence:
    """The reported money."""
    return open_money()


@lru_cache(maxsize=1)
def serves() -> Mapping[str, str]:
    """By sector, the provision or the instrument that it serves."""
    return reports_of(money(), store.framework(), ()).serves
