"""CSV as it comes: which encoding, which sign between cells, and no harm from what is broken.

What a file does not say is found out by looking at all of it, and said, so that a person can look.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import islice

from waymark.exchange.source_tables import (
    CellFault,
    Content,
    FaultsError,
    SourceTable,
    table_of,
)
from waymark.words import N_, Sentence

LARGEST = 32 << 20  # bytes of a list
MOST_ROWS = 100_000
SAMPLE = 60  # rows that are looked at to find what parts the cells
SAMPLE_LETTERS = 200_000
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
FIRST_LINE = re.compile(r"\ufeff?sep=(.)\r?\n")  # how Excel says what parts the cells


class Encoding(StrEnum):
    """The encodings that a list may be declared to have."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1250 = "windows-1250"
    WINDOWS_1251 = "windows-1251"
    WINDOWS_1252 = "windows-1252"
    WINDOWS_1256 = "windows-1256"
    ISO_8859_1 = "iso-8859-1"
    ISO_8859_15 = "iso-8859-15"
    GB18030 = "gb18030"


class Delimiter(StrEnum):
    """What may part the cells of a row."""

    COMMA = ","
    SEMICOLON = ";"
    TAB = "\t"
    BAR = "|"


SIGNS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("bar")}


def read_csv(
    content: bytes,
    file: str,
    *,
    encoding: Encoding | None = None,
    delimiter: Delimiter | None = None,
    header_row: int = 1,
    skip: Callable[[tuple[Content, ...]], bool] = lambda cells: False,
) -> SourceTable:
    """A CSV file as a table; what it does not declare is found out, and said.

    Raises a ``FaultsError`` with row and column for what cannot be read.
    """
    if len(content) > LARGEST:
        problem = f"the file has more than {LARGEST >> 20} MB."
        raise FaultsError([CellFault(file, problem, "Split it, or take out what is not needed.")])
    text, said = _decoded(content, file, encoding)
    told = FIRST_LINE.match(text)
    if told and told[1] in SIGNS:
        text, delimiter = text[told.end() :], delimiter or Delimiter(told[1])
    if delimiter is None:
        delimiter = _likely(text, header_row)
        sign = Sentence(SIGNS[delimiter])
        said = (*said, Sentence("The sign between cells looks like a {sign}.", sign=sign))
    return table_of(file, _records(text, file, delimiter), header_row, said=said, skip=skip)


def _decoded(
    content: bytes, file: str, declared: Encoding | None
) -> tuple[str, tuple[Sentence, ...]]:
    mark = next((codec for start, codec in MARKS.items() if content.startswith(start)), None)
    if declared is not None:
        codec = "utf-8-sig" if declared is Encoding.UTF_8 else str(declared)
        return _text(content, codec, file, "Correct 'encoding' in the mapping."), ()
    if mark is not None:
        return _text(content, mark, file, "Save the file as UTF-8."), ()
    wide = _wide(content)
    if wide is not None:
        said = Sentence("It has no mark of its encoding, and looks like {encoding}.", encoding=wide)
        return _text(content, wide, file, "Save the file as UTF-8."), (said,)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        remedy = "Save the file as UTF-8, or say 'encoding' in the mapping."
        text = _text(content, "windows-1252", file, remedy)
    words = next((found[0] for found in re.finditer(r"\w*[^\x00-\x7f]\w*", text)), "")
    return text, (
        Sentence(
            "It is not UTF-8, and was read as Windows-1252: “{words}”. "
            "If that is wrong, say its encoding.",
            words=words[:40],
        ),
    )


def _text(content: bytes, codec: str, file: str, remedy: str) -> str:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        problem = f"this is not {codec.removesuffix('-sig').upper()} text (line {row})."
        raise FaultsError([CellFault(file, problem, remedy)]) from None
    return text


def _wide(content: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of Latin text is nothing."""
    start = content[:4000]
    if len(start) < 4 or len(content) % 2:
        return None
    zeros = [start[side::2].count(0) / (len(start) // 2) for side in (0, 1)]
    if max(zeros) < 0.4 or min(zeros) > 0.1:
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _likely(text: str, header_row: int) -> Delimiter:
    """The sign that makes rows as long as the header, and the header longest."""
    sample = text[:SAMPLE_LETTERS]
    best, likely = (0.0, 0), Delimiter.COMMA
    for sign in Delimiter:
        counts = _counts(sample, sign, header_row, whole=len(sample) == len(text))
        if not counts or counts[0] < 2:
            continue
        as_long = sum(1 for each in counts if each == counts[0]) / len(counts)
        best, likely = max((best, likely), ((as_long, counts[0]), sign))
    return likely


def _counts(sample: str, sign: Delimiter, header_row: int, *, whole: bool) -> list[int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=sign)
    try:
        rows = list(islice(reader, header_row - 1 + SAMPLE))
    except csv.Error:
        return []
    counts = [len(row) for row in rows[header_row - 1 :] if any(map(str.strip, row))]
    return counts if whole or len(counts) < 2 else counts[:-1]  # the last one may be cut off


def _records(text: str, file: str, delimiter: Delimiter) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS:
                problem = f"there are more than {MOST_ROWS:,} rows."
                raise FaultsError([CellFault(file, problem, "Split the list.")])
            if any("\x00" in cell for cell in cells):
                problem = "the row holds a NUL, which is no letter."
                raise FaultsError(
                    [CellFault(file, problem, "Save the file as CSV again.", "", number)]
                )
            yield number, tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        said = str(error).rstrip(".")
        if "field larger" in said:
            said = f"a cell has more than {csv.field_size_limit():,} letters"
        remedy = f"Check the quotation marks about line {reader.line_num} of the file."
        raise FaultsError([CellFault(file, f"{said}.", remedy, "", number + 1)]) from None
