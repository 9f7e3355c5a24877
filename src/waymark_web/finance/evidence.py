"""Which sectors of the reported money serve what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from waymark.finance.funding import reports_of
from waymark_web import store


@lru_cache(maxsize=1)
def serves() -> Mapping[str, str]:
    """By sector, the provision or the instrument that it serves."""
    return reports_of(store.money(), store.framework(), ()).serves
