"""The ledger of releases: every figure that was ever published of a population, in a chain.

One line of JSON for each release: its tables as they were published, keyed marks that show later
whether the records are still the same, and the hash of the line before. It holds no true count, no
key and no noise. Two releases cannot pass at once on the same old ledger: the file is locked.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from waymark.exceptions import DefinitionError
from waymark.firewall.counts.perturbation import Secret
from waymark.firewall.counts.tabulation import Dimension, Form
from waymark.reading import Value

BEGINNING = "0" * 64
WITHHELD = "withheld"  # in place of a figure
Figure = Annotated[int, Field(strict=True, ge=1)] | Literal["withheld"]


class PublishedTable(Value):
    """A table as published: figures of all combinations of values, the last column fastest."""

    columns: tuple[Dimension, ...]
    figures: tuple[Figure, ...]

    @model_validator(mode="after")
    def _whole(self) -> PublishedTable:
        for each in self.columns:
            if len(set(each.values)) != len(each.values) or not each.values:
                raise ValueError(f"the column {each.name} has no values, or one twice")
        if len(self.figures) != self.form.size:
            raise ValueError(f"{len(self.figures)} figures for {self.form.size} cells")
        return self

    @property
    def form(self) -> Form:
        """The form of the table."""
        return Form(self.columns)


class Entry(Value):
    """One release in the ledger; ``marks`` belong to the tables, in turn."""

    population: str
    number: int
    day: str
    noise: str
    secret: str
    tables: tuple[PublishedTable, ...]
    marks: tuple[str, ...]

    @model_validator(mode="after")
    def _as_many(self) -> Entry:
        if len(self.marks) != len(self.tables):
            raise ValueError("there are not as many marks as tables")
        return self


class _Line(Value):
    previous: str
    entry: Entry
    hash: str


class Ledger:
    """The entries of a ledger file, whole and in turn."""

    def __init__(self, path: Path, entries: tuple[Entry, ...], hashes: tuple[str, ...]) -> None:
        self.path = path
        self.entries = entries
        self.hashes = hashes

    @property
    def head(self) -> str:
        """The hash of the last line."""
        return self.hashes[-1] if self.hashes else BEGINNING

    def hash_of(self, entry: Entry) -> str:
        """The hash of the line of an entry."""
        return self.hashes[self.entries.index(entry)]

    def of(self, population: str) -> tuple[Entry, ...]:
        """The releases of a population."""
        return tuple(entry for entry in self.entries if entry.population == population)

    def check_secret(self, population: str, secret: Secret, noise: str) -> None:
        """A population keeps its secret and its noise table, or the same cell gets new noise."""
        for entry in self.of(population):
            if entry.secret != secret_mark(secret, population):
                problem = f"earlier releases of '{population}' were made with another secret."
                remedy = "Use that secret: two secrets would give one cell two figures."
                raise DefinitionError(self.path, problem, remedy)
            if entry.noise != noise:
                problem = f"earlier releases of '{population}' were made with another noise table."
                remedy = "Release it with the version of Waymark that made the first one."
                raise DefinitionError(self.path, problem, remedy)

    def append(self, entry: Entry) -> str:
        """Add an entry at the end of the file, on disk before this returns; gives its hash."""
        content = entry.model_dump(mode="json")
        own = line_hash(self.head, content)
        line = {"previous": self.head, "entry": content, "hash": own}
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        size = self.path.stat().st_size if self.path.exists() else 0
        number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):
                os.truncate(self.path, size)  # half a line would block every later release
            problem, remedy = f"it cannot be written: {error.strerror}.", "Nothing was released."
            raise DefinitionError(self.path, problem, remedy) from None
        self.entries, self.hashes = (*self.entries, entry), (*self.hashes, own)
        _remember(self.path, own)
        return own


def secret_mark(secret: Secret, population: str) -> str:
    """What shows later that the secret is the same."""
    return secret.mark("secret", population)


def line_hash(previous: str, content: Any) -> str:
    """The hash of a line: of what it says and of the line before."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def read_ledger(path: Path) -> Ledger:
    """The ledger in a file, every hash checked; an empty one where there is no file."""
    entries: list[Entry] = []
    hashes = [BEGINNING]
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        problem, remedy = f"it cannot be read: {error.strerror}.", "Name a file of your own."
        raise DefinitionError(path, problem, remedy) from None
    for number, raw in enumerate(content.splitlines(keepends=True), start=1):
        line, given = _line(path, number, raw)
        broken = line.previous != hashes[-1] or line.hash != line_hash(hashes[-1], given)
        earlier = sum(1 for each in entries if each.population == line.entry.population)
        if broken or line.entry.number != earlier + 1:
            problem = "the chain is broken: this line was changed, or one before it is missing."
            remedy = "Restore the ledger from a copy; do not release without it."
            raise DefinitionError(path, problem, remedy, line=number)
        entries.append(line.entry)
        hashes.append(line.hash)
    if _remembered(path) not in hashes:
        problem = "releases are missing at its end: it is an older copy of itself."
        remedy = "Restore the newest ledger; do not release without it."
        raise DefinitionError(path, problem, remedy)
    return Ledger(path, tuple(entries), tuple(hashes[1:]))


def _line(path: Path, number: int, raw: bytes) -> tuple[_Line, Any]:
    try:
        if not raw.endswith(b"\n"):
            raise ValueError("half a line")
        given = json.loads(raw)
        return _Line.model_validate_json(raw), given["entry"]
    except (ValueError, RecursionError, ValidationError):
        problem = "this is no whole line of a ledger."
        remedy = "Restore the ledger from a copy; do not release without it."
        raise DefinitionError(path, problem, remedy, line=number) from None


def _beside(path: Path) -> Path:
    """The file that keeps others waiting, and remembers the end of the ledger."""
    return path.with_name(path.name + ".lock")


def _remember(path: Path, head: str) -> None:
    with suppress(OSError):  # the ledger itself is written; this only finds older copies of it
        _beside(path).write_text(head, encoding="utf-8")


def _remembered(path: Path) -> str:
    try:
        return _beside(path).read_text(encoding="utf-8") or BEGINNING
    except (OSError, UnicodeDecodeError):
        return BEGINNING


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep every other release waiting that uses the same ledger, until this one has ended."""
    try:
        number = os.open(_beside(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        problem, remedy = f"it cannot be locked: {error.strerror}.", "Name a file of your own."
        raise DefinitionError(path, problem, remedy) from None
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
