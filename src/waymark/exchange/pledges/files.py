"""A pledge list as its file was handed over: CSV, or a sheet of a workbook."""

from __future__ import annotations

from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.exchange.csv_tables import LARGEST, Delimiter, Encoding, read_csv
from waymark.exchange.source_tables import SourceTable

WORKBOOK = b"PK\x03\x04"  # how every workbook begins


def read_source(
    content: bytes,
    file: str,
    *,
    encoding: Encoding | None = None,
    delimiter: Delimiter | None = None,
    sheet: str | None = None,
    header_row: int = 1,
) -> SourceTable:
    """The table in a file, be it CSV or a workbook; a ``FaultsError`` says what is wrong."""
    return read_csv(content, file, encoding=encoding, delimiter=delimiter, header_row=header_row)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, up to one more than a list may have."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        remedy = "Check that it is a file that you may read."
        problem = f"the file cannot be read: {error.strerror}."
        raise DefinitionError(path, problem, remedy) from None
