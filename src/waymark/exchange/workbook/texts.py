"""How much text a cell of a workbook can hold."""

from __future__ import annotations

from waymark.exchange.workbooks import escaped

LONGEST_CELL = 32_767  # characters, of which those beyond U+FFFF count twice


def fits(text: str) -> bool:
    """Whether a cell can store a text, as it is written into the file."""
    return len(escaped(text).encode("utf-16-le")) // 2 <= LONGEST_CELL
