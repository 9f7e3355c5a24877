"""The parts of a workbook, read as streams: its sheets, texts, formats and relations.

A part with a document type declaration (which could hide entities), with one word of more than a
megabyte, nested deeper than a workbook is, or with more elements than the limits is refused.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from waymark.exchange.spreadsheets.cells import unescaped

Attributes = dict[str, str]
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
READ = (
    "row",
    "c",
    "v",
    "f",
    "is",
    "t",
    "rPh",
    "si",
    "sheet",
    "workbookPr",
    "numFmt",
    "cellXfs",
    "xf",
)
TAGS = {f"{space} {tag}": tag for space in MAIN for tag in READ}  # what matters here
DEEPEST = 40
LONGEST_WORD = 1_000_000  # bytes of one tag with its attributes, or of one comment


class PartError(Exception):
    """What is wrong with a part, where in it, and the remedy; said in full by the workbook."""

    def __init__(self, problem: str, remedy: str = "", place: str = "") -> None:
        self.problem, self.remedy, self.place = problem, remedy, place
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be.

    ``packed`` and ``unpacked`` count bytes, ``ratio`` how many times larger it may be unpacked,
    ``parts`` files in the archive, ``rows`` and ``columns`` the last ones with a value,
    ``elements`` all elements of one part, ``texts`` the texts that cells share, ``text`` the
    characters of a cell (32,767 is the most that spreadsheets take).
    """

    packed: int
    unpacked: int
    rows: int
    columns: int
    elements: int
    texts: int
    text: int = 32_767
    ratio: int = 250
    parts: int = 2_000


class Part:
    """A part being read: feeds what arrives to ``begin``, ``end`` and ``take``, within limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._elements = self._depth = self._fed = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, chunk: bytes, last: bool = False) -> None:
        """Read on."""
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            message = expat.errors.messages.get(error.code, "broken")
            raise PartError(f"it is broken in line {error.lineno} ({message}).") from None
        except (ValueError, LookupError):  # an encoding that nobody knows
            raise PartError("it is in an unknown encoding.") from None
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > LONGEST_WORD + len(chunk):
            raise PartError("one tag in it is longer than a million bytes.")

    def read(self, chunks: Iterable[bytes]) -> None:
        """Read the whole part."""
        for chunk in chunks:
            self.feed(chunk)
        self.feed(b"", last=True)

    def listen(self, take: bool) -> None:
        """Whether text is handed to ``take``."""
        self._parser.CharacterDataHandler = self.take if take else None

    def begin(self, tag: str, attributes: Attributes) -> None:
        """An element of a workbook begins."""
        raise NotImplementedError

    def end(self, tag: str) -> None:
        """An element of a workbook ends."""

    def take(self, text: str) -> None:
        """A piece of text."""

    def _begin(self, name: str, attributes: Attributes) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > self.limits.elements:
            raise PartError(f"it has more than {self.limits.elements:,} elements.", _DIVIDE)
        if self._depth > DEEPEST:
            raise PartError("it is nested too deeply.")
        tag = TAGS.get(name)
        if tag is not None:
            self.begin(tag, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        tag = TAGS.get(name)
        if tag is not None:
            self.end(tag)

    def _refuse(self, *_: object) -> None:
        raise PartError("it declares a document type, which no spreadsheet does.")


_DIVIDE = "Divide the workbook into smaller ones."


class Relation(NamedTuple):
    """Where a relation of a part leads: its kind, and the part or outside address."""

    kind: str
    target: str
    outside: bool


class _Relations(Part):
    def __init__(self, limits: Limits, of: str) -> None:
        super().__init__(limits)
        self.found: dict[str, Relation] = {}
        self._folder = posixpath.dirname(of)
        self._parser.StartElementHandler = self._relation

    def _relation(self, name: str, attributes: Attributes) -> None:
        self._begin(name, attributes)
        if name.rpartition(" ")[2] == "Relationship":
            target = attributes.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            outside = attributes.get("TargetMode") == "External"
            self.found[attributes.get("Id", "")] = Relation(kind, path.lower(), outside)


def read_relations(chunks: Iterable[bytes], of: str, limits: Limits) -> dict[str, Relation]:
    """The relations of a part by identifier; targets are whole paths in lower case."""
    part = _Relations(limits, of)
    part.read(chunks)
    return part.found


class GivenSheet(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


class Contents(Part):
    """What the workbook says of itself: its sheets, and from which year days are counted."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.sheets: list[GivenSheet] = []
        self.since_1904 = False

    def begin(self, tag: str, attributes: Attributes) -> None:
        """Note a sheet, or the year."""
        if tag == "sheet":
            relation = next((attributes[key] for key in _IDS if key in attributes), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append(GivenSheet(attributes.get("name", ""), relation, hidden))
        elif tag == "workbookPr":
            self.since_1904 = attributes.get("date1904", "") in ("1", "true", "on")


_IDS = tuple(f"{space} id" for space in RELATIONS)


class Texts(Part):
    """The texts that cells share; None for one that is too long. Readings of signs are left out."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.found: list[str | None] = []
        self._pieces: list[str] = []
        self._length = self._aside = 0

    def begin(self, tag: str, attributes: Attributes) -> None:
        """A text begins, or a part of it."""
        if tag == "si":
            self._pieces, self._length = [], 0
        elif tag == "rPh":
            self._aside += 1
        elif tag == "t" and not self._aside:
            self.listen(True)

    def end(self, tag: str) -> None:
        """A text ends, or a part of it."""
        if tag == "t":
            self.listen(False)
        elif tag == "rPh":
            self._aside -= 1
        elif tag == "si":
            if len(self.found) >= self.limits.texts:
                raise PartError(f"it holds more than {self.limits.texts:,} texts.", _DIVIDE)
            long = self._length > self.limits.text
            self.found.append(None if long else unescaped("".join(self._pieces)))

    def take(self, text: str) -> None:
        """A piece of a text."""
        self._length += len(text)
        if self._length <= self.limits.text:
            self._pieces.append(text)


@dataclass
class Formats:
    """Which styles of cells show a day, and which a time that is none."""

    days: set[int] = field(default_factory=set)
    times: set[int] = field(default_factory=set)


class Styles(Part):
    """The formats of cells, of which only those of days matter."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.formats = Formats()
        self._codes: dict[int, str] = dict(BUILTIN_FORMATS)
        self._count = 0
        self._in_cells = False

    def begin(self, tag: str, attributes: Attributes) -> None:
        """Note a format, or a style that uses one."""
        if tag == "numFmt":
            self._codes[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")[:500]
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            code = self._codes.get(whole(attributes.get("numFmtId")), "General")
            if is_timedelta_format(code):
                self.formats.times.add(self._count)
            elif is_date_format(code):
                self.formats.days.add(self._count)
            self._count += 1

    def end(self, tag: str) -> None:
        """The styles of cells end."""
        if tag == "cellXfs":
            self._in_cells = False


def whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
