"""Where the commands read figures: one setting names the engine."""

from __future__ import annotations

import os

from waymark.indicators.evidence import Evidence, open_evidence

SETTING = "WAYMARK_ENGINE"  # duckdb, or the address of another engine


def figures() -> Evidence:
    """The figures in the engine that the setting names; DuckDB where it names none."""
    return open_evidence(engine=os.environ.get(SETTING) or "duckdb")
