"""The choice of prices on a page of money, and what a conversion rests on, as parts of a page."""

from __future__ import annotations

from typing import Any

from waymark.finance.conversions import Conversion
from waymark_web import store


def priced(base: int | None, rests_on: Conversion) -> dict[str, Any]:
    """What ``finance/base.html`` and ``finance/conversion.html`` show, and what links keep."""
    kept = "" if base is None else f"base={base}"
    return {
        "base": base,
        "bases": bases(base),
        "rests_on": rests_on,
        "kept": f"?{kept}" if kept else "",
        "and_kept": f"&{kept}" if kept else "",
    }


def bases(base: int | None) -> list[int]:
    """The years in whose prices something can be said, the newest first, and the one asked for."""
    known = {year for _, year in store.prices().deflators}
    return sorted(known | ({base} if base is not None else set()), reverse=True)
