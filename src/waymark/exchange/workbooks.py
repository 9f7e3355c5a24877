"""Workbooks (XLSX) from anybody, opened safely: sheets, rows and cells within stated limits.

A workbook is a stream here: nothing of it is built up as a whole but its shared texts, for a reader
that builds a tree can be made to fill the memory by a file of a few bytes. Formulas, errors and
days that do not exist are faults of their cell, never values; macros and links to other files are
neither run nor followed. The form is that of ECMA-376, transitional and strict.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.exchange.spreadsheets.cells import Cell, Fault, Row, Value, column_letter, escaped
from waymark.exchange.spreadsheets.parts import (
    Contents,
    Formats,
    Limits,
    Part,
    PartError,
    Relation,
    Styles,
    Texts,
    read_relations,
)
from waymark.exchange.spreadsheets.rows import Rows
from waymark.words import N_, Sentence

__all__ = [
    "REGISTRY",
    "UPLOAD",
    "Cell",
    "Fault",
    "Limits",
    "Row",
    "Sheet",
    "Value",
    "Workbook",
    "column_letter",
    "escaped",
    "open_workbook",
]

MB = 1_000_000
UPLOAD = Limits(
    packed=20 * MB, unpacked=100 * MB, rows=100_000, columns=500, elements=5_000_000, texts=500_000
)
REGISTRY = Limits(  # a country or more, as the registry of IATI hands them out
    packed=300 * MB,
    unpacked=3_000 * MB,
    rows=1_048_576,
    columns=100,
    elements=100_000_000,
    texts=2_000_000,
)
_SAVE = "Save it as an Excel workbook (.xlsx) and try again."
_AGAIN = "Open it in a spreadsheet, save it as an Excel workbook (.xlsx) and try again."
_SMALLER = "Remove what is not needed in it, or divide it."
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook. ``hidden`` is true where a spreadsheet does not show it."""

    book: Workbook
    name: str
    hidden: bool
    path: str

    def rows(self) -> Iterator[Row]:
        """The rows that are not blank, from above; each has the cells that are not blank.

        Raises ``DefinitionError`` where the sheet is broken or passes a limit. The rows before it
        have been handed out by then, so apply nothing before the last row was read.
        """
        book = self.book
        limits = book.archive.limits
        part = Rows(self.name, limits, book.formats, book.texts, book.contents.since_1904)
        try:
            for chunk in book.archive.chunks(self.path):
                part.feed(chunk)
                yield from part.taken()
            part.feed(b"", last=True)
            yield from part.taken()
        except PartError as error:
            place = f"{self.name}!{error.place}" if error.place else self.name
            raise book.archive.fault(error.problem, error.remedy or _AGAIN, place) from None


@dataclass(frozen=True)
class Workbook:
    """A workbook within its limits."""

    archive: Archive

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets with cells, in the workbook's order, hidden ones among them."""
        found = []
        for name, relation, hidden in self.contents.sheets:
            leads = self._relations.get(relation)
            if leads is None or leads.outside or leads.target not in self.archive.parts:
                raise self.archive.fault(f"the sheet '{name}' is missing.", _AGAIN)
            if leads.kind == "worksheet":
                found.append(Sheet(self, name, hidden, leads.target))
        if not found:
            raise self.archive.fault("there is no sheet in this workbook.", _AGAIN)
        return tuple(found)

    def sheet(self, name: str) -> Sheet:
        """The sheet of a name, whatever its case; raises ``DefinitionError`` without it."""
        for each in self.sheets:
            if each.name.casefold() == name.casefold():
                return each
        there = ", ".join(each.name for each in self.sheets)
        raise self.archive.fault(f"there is no sheet '{name}'.", f"The sheets are: {there}.")

    @cached_property
    def remarks(self) -> tuple[Sentence, ...]:
        """What is there and is not shown, not run or not followed."""
        hidden = [each.name for each in self.sheets if each.hidden]
        read = {each.name for each in self.sheets}
        others = [each.name for each in self.contents.sheets if each.name not in read]
        found = []
        if hidden:
            found.append(Sentence(N_("Hidden sheets: {names}."), names=hidden))
        if others:
            found.append(Sentence(N_("Sheets without cells, not read: {names}."), names=others))
        if any(path.endswith("vbaproject.bin") or "/macrosheets/" in path for path in self._paths):
            found.append(Sentence(N_("There are macros in this workbook; they are not run.")))
        if any("/externallinks/" in path for path in self._paths):
            found.append(Sentence(N_("It refers to other files; they are not looked at.")))
        return tuple(found)

    @cached_property
    def contents(self) -> Contents:
        """The list of sheets, and whether days are counted from 1904."""
        contents = Contents(self.archive.limits)
        self._read(contents, self._main)
        return contents

    @cached_property
    def formats(self) -> Formats:
        """Which styles show days."""
        styles = Styles(self.archive.limits)
        self._read(styles, self._of_kind("styles"))
        return styles.formats

    @cached_property
    def texts(self) -> list[str | None]:
        """The texts that cells share; None for one that is too long."""
        texts = Texts(self.archive.limits)
        self._read(texts, self._of_kind("sharedStrings"))
        return texts.found

    @property
    def _paths(self) -> Mapping[str, str]:
        return self.archive.parts

    @cached_property
    def _main(self) -> str:
        for relation in self._related("").values():
            if relation.kind == "officeDocument" and relation.target in self._paths:
                if relation.target.endswith(".bin"):
                    break
                return relation.target
        raise self.archive.fault("this is no Excel workbook (.xlsx).", _SAVE)

    @cached_property
    def _relations(self) -> dict[str, Relation]:
        return self._related(self._main)

    def _related(self, of: str) -> dict[str, Relation]:
        folder, name = posixpath.split(of)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self._paths:
            return {}
        try:
            return read_relations(self.archive.chunks(path), of, self.archive.limits)
        except PartError as error:
            raise self.archive.fault(f"{path}: {error.problem}", error.remedy or _AGAIN) from None

    def _of_kind(self, kind: str) -> str:
        found = (each.target for each in self._relations.values() if each.kind == kind)
        return next((path for path in found if path in self._paths), "")

    def _read(self, part: Part, path: str) -> None:
        if not path:
            return
        try:
            part.read(self.archive.chunks(path))
        except PartError as error:
            raise self.archive.fault(f"{path}: {error.problem}", error.remedy or _AGAIN) from None


@dataclass(frozen=True)
class Archive:
    """The packed file of a workbook, whose sizes were checked before anything was unpacked."""

    name: str
    source: Path | bytes
    limits: Limits

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """The names of the parts, by their names in lower case."""
        size = len(self.source) if isinstance(self.source, bytes) else self._size(self.source)
        if size > self.limits.packed:
            problem = f"it has {size:,} bytes; {self.limits.packed:,} are taken."
            raise self.fault(problem, _SMALLER)
        self._check_form()
        with self._opened() as archive:
            parts = archive.infolist()
        names = {part.filename.lower(): part.filename for part in parts}
        if len(names) < len(parts):
            raise self.fault("two parts of it have the same name.", _AGAIN)
        if len(parts) > self.limits.parts:
            raise self.fault(f"it has more than {self.limits.parts:,} parts.", _AGAIN)
        unpacked = sum(part.file_size for part in parts)
        if unpacked > self.limits.unpacked:
            problem = f"unpacked it has {unpacked:,} bytes; {self.limits.unpacked:,} are taken."
            raise self.fault(problem, _SMALLER)
        if unpacked > 10 * MB and unpacked > self.limits.ratio * size:
            problem = f"unpacked it is more than {self.limits.ratio} times as large."
            raise self.fault(problem, _AGAIN)
        for part in parts:
            if part.flag_bits & 1 or part.compress_type not in _PACKED:
                raise self.fault(f"its part {part.filename} is packed in an unusual way.", _AGAIN)
        return names

    def chunks(self, path: str) -> Iterator[bytes]:
        """A part, unpacked piece by piece; it never gives more bytes than were checked."""
        name = self.parts[path]
        try:
            with self._opened() as archive, archive.open(name) as part:
                while chunk := part.read(65_536):
                    yield chunk
        except (*_BROKEN, OSError):  # a file is asked for bytes before its beginning
            raise self.fault(f"its part {name} is broken.", _AGAIN) from None

    def fault(self, problem: str, remedy: str, place: str | None = None) -> DefinitionError:
        """What is wrong with the workbook, with the place in it and the remedy."""
        return DefinitionError(self.name, problem, remedy, column=place)

    def _size(self, path: Path) -> int:
        try:
            return path.stat().st_size
        except OSError as error:
            raise self._unreadable(error) from None

    def _check_form(self) -> None:
        try:
            first = self.source[:8] if isinstance(self.source, bytes) else _first(self.source)
        except OSError as error:
            raise self._unreadable(error) from None
        if first.startswith(b"\xd0\xcf\x11\xe0"):
            problem = "this is an older Excel file (.xls), or one with a password."
            raise self.fault(problem, "Save it as an Excel workbook (.xlsx) without a password.")
        if not first.startswith(b"PK"):
            raise self.fault("this is no Excel workbook (.xlsx), whatever its name.", _SAVE)

    def _opened(self) -> zipfile.ZipFile:
        try:
            source = io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source
            return zipfile.ZipFile(source)
        except OSError as error:
            raise self._unreadable(error) from None
        except _BROKEN:
            raise self.fault("this is not a whole workbook.", _SAVE) from None

    def _unreadable(self, error: OSError) -> DefinitionError:
        problem = f"the file cannot be read: {error.strerror}."
        return self.fault(problem, "Check that it is a file that you may read.")


_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _first(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def open_workbook(source: Path | bytes, name: str = "", limits: Limits = UPLOAD) -> Workbook:
    """A workbook from a file or its bytes; ``name`` is what errors call it.

    Raises ``DefinitionError`` with a remedy for what is no workbook, is broken, or passes the
    limits: an archive that unpacks to too much is refused before it is unpacked.
    """
    called = name or (source.name if isinstance(source, Path) else "workbook.xlsx")
    book = Workbook(Archive(called, source, limits))
    book.sheets  # noqa: B018 - read now, so that what is no workbook is refused here
    return book
