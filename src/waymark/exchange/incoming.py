"""What somebody brings in from outside, before it is taken in: changes, faults by cell, conflicts.

A reader of workbooks or lists makes these values; a page or a command shows them, lets a person
decide, and takes all of them in or none. Nothing here writes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from waymark.reading import Value
from waymark.words import Sentence

Document = dict[str, Any]
MINE, THEIRS = "mine", "theirs"


class Told(Value):
    """A sentence that can be kept: its message and the words in its places.

    Where ``plural`` is given, the field ``count`` decides between the two.
    """

    message: str
    plural: str | None = None
    fields: dict[str, int | str | Told] = Field(default_factory=dict)

    @property
    def sentence(self) -> Sentence:
        """The same, to be said in any language."""
        fields = {
            name: value.sentence if isinstance(value, Told) else value
            for name, value in self.fields.items()
        }
        return Sentence(self.message, plural=self.plural, **fields)

    def __str__(self) -> str:
        return self.sentence.text()


def told(message: str, **fields: object) -> Told:
    """A sentence with its fields as text; ``message`` is marked with ``N_`` where it is written."""
    return Told(message=message, fields={name: str(value) for name, value in fields.items()})


def told_of(sentence: Sentence) -> Told:
    """A sentence as one that can be kept, with the sentences in it."""
    fields = {
        name: told_of(value)
        if isinstance(value, Sentence)
        else value
        if isinstance(value, int)
        else str(value)
        for name, value in sentence.fields.items()
    }
    return Told(message=sentence.message, plural=sentence.plural, fields=fields)


def plainly(text: str) -> Told:
    """A text that is said as it stands, in English."""
    return told("{said}", said=text)


class CellFault(Value):
    """What is wrong in one cell, row or sheet: where it is (``Steps!B7``), and the remedy."""

    cell: str
    problem: Told
    remedy: Told

    def __str__(self) -> str:
        return f"{self.cell}: {self.problem} {self.remedy}".strip()


class Difference(Value):
    """One cell that changes a field: what stood, what will stand, as text.

    ``path`` leads to the field in a document: its name, or table, row and name.
    """

    path: tuple[str, ...]
    cell: str
    before: str
    after: str


class Conflict(Value):
    """A field on which file and register differ and a person decides which of the two counts.

    ``base`` is what stood when the file was written: both changed it since. It is None where that
    is not known. ``value`` is what stands in the file, as a document holds it.
    """

    path: tuple[str, ...]
    cell: str
    base: str | None
    mine: str
    theirs: str
    value: Any = None

    @property
    def name(self) -> str:
        """The path as one word, by which a choice is named."""
        return ".".join(self.path)


class Change(Value):
    """A document that is to be kept, and what it is to be kept over.

    ``subject`` is the identifier; for something new it may be empty, and one is given later.
    ``document`` is the whole document with every change that nobody contests; fields in conflict
    stand in it as they do in the register. ``base`` is the document as it stood in the register
    when this was worked out, None for something new: whoever applies this refuses if it differs by
    then. ``cells`` names the cell of each field that the file holds, by its dotted path.
    """

    kind: str
    subject: str
    document: Document
    base: Document | None = None
    cells: dict[str, str] = Field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    def decided(self, choices: Mapping[str, str]) -> Change:
        """The change with a person's choices, by the names of its conflicts.

        Conflicts without a choice stay.
        """
        document = self.document
        left = []
        for conflict in self.conflicts:
            choice = choices.get(conflict.name)
            if choice == MINE:
                document = with_field(document, conflict.path, conflict.value)
            elif choice != THEIRS:
                left.append(conflict)
        return self.model_copy(update={"document": document, "conflicts": tuple(left)})

    def cell_of(self, field: str) -> str:
        """The cell that holds a field, or the nearest that there is; empty where none is."""
        parts = field.split(".")
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            if name in self.cells:
                return self.cells[name]
        within = (cell for name, cell in self.cells.items() if name.startswith(f"{parts[0]}."))
        return next(within, next(iter(self.cells.values()), ""))


class Incoming(Value):
    """Everything that one file brings: where it is from, changes, faults, and what is to be known.

    Where there is a fault, nothing of it may be taken in.
    """

    source: str
    changes: tuple[Change, ...] = ()
    faults: tuple[CellFault, ...] = ()
    notes: tuple[Told, ...] = ()

    @property
    def conflicts(self) -> list[tuple[int, Conflict]]:
        """Every conflict with the number of its change."""
        return [
            (number, conflict)
            for number, change in enumerate(self.changes)
            for conflict in change.conflicts
        ]

    def with_faults(self, more: Iterable[CellFault]) -> Incoming:
        """The same with further faults."""
        found = list(self.faults)
        found += [each for each in more if each not in self.faults]
        return self.model_copy(update={"faults": tuple(found)})

    def decided(self, choices: Mapping[int, Mapping[str, str]]) -> Incoming:
        """The same with a person's choices, by number of the change and name of the conflict."""
        changes = tuple(
            change.decided(choices.get(number, {})) for number, change in enumerate(self.changes)
        )
        return self.model_copy(update={"changes": changes})


def with_field(document: Document, path: tuple[str, ...], value: object) -> Document:
    """A document with one field set; an empty value takes the field away."""
    if len(path) == 1:
        rest = {name: held for name, held in document.items() if name != path[0]}
        if value in (None, "", [], False):
            return rest
        return {**document, path[0]: value}
    table, row, name = path
    rows = [
        with_field(each, (name,), value) if row_key(each) == row else each
        for each in document.get(table) or ()
    ]
    return {**document, table: rows}


def field_of(document: Document, where: str) -> str:
    """A place in a document, such as ``steps.2.due``, with the row's key instead of its number."""
    parts = where.split(".")
    if len(parts) < 2 or not parts[1].isdigit():
        return where
    rows = document.get(parts[0]) or []
    number = int(parts[1])
    if number >= len(rows):
        return parts[0]
    return ".".join([parts[0], row_key(rows[number]), *parts[2:]])


def row_key(row: Mapping[str, Any]) -> str:
    """What tells a row inside a document apart: its identifier, else all that it says."""
    return str(row.get("id") or " ".join(str(row[name]) for name in sorted(row)))
