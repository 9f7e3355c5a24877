"""A first mapping, guessed from a list's names and cells, for a person to look at and confirm.

A guess is never used by itself: a draft says ``confirmed: no``, and what could not be guessed is
a ``?`` that the reader refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.exchange.pledges.cells import MAIL, CellError, CellReader
from waymark.exchange.pledges.dates import DateForm
from waymark.exchange.pledges.mappings import OPEN, PledgeMapping, mapping_text
from waymark.exchange.pledges.references import slug_of
from waymark.exchange.pledges.targets import (
    REFERENCE,
    SEVERAL,
    FieldName,
    Sort,
    Target,
)
from waymark.exchange.source_tables import Content, SourceTable, shown
from waymark.exchange.spreadsheets.cells import Fault
from waymark.plans.vocabulary import Named
from waymark.reading import Value, read_yaml
from waymark.words import LANGUAGES, folded

FILE = "column-names.yaml"
MOST_WORDS = 40  # different words of a column that stand for values of a list
MOST_EXAMPLES = 3
SEPARATORS = (";", "|", "\n", ",")
FORMS = tuple(
    map(
        DateForm.parse,
        (
            "YYYY-MM-DD",
            "DD.MM.YYYY",
            "DD/MM/YYYY",
            "MM/DD/YYYY",
            "DD MONTH YYYY",
            "MONTH YYYY",
            "MM/YYYY",
            "YYYY",
        ),
    )
)
LISTED = (Sort.PROVISIONS, Sort.TAGS, Sort.CHOICES)
CHOSEN = (Sort.CHOICE, Sort.CHOICES, Sort.TAGS, Sort.PROVISIONS, Sort.PLACE)


class ColumnNames(Value):
    """The form of ``column-names.yaml``."""

    personal: tuple[str, ...]
    fields: Mapping[FieldName, tuple[str, ...]]


@dataclass
class Draft:
    """What was guessed: the mapping as plain values, and a note for each column."""

    mapping: dict[str, object]
    notes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The draft as a YAML file."""
        return mapping_text(self.mapping, self.notes)


def draft_mapping(table: SourceTable, framework: Framework, folder: Path = DEFINITIONS) -> str:
    """A draft of the mapping of a list, as a YAML file with notes."""
    return draft_of(table, framework, folder).text


def draft_of(table: SourceTable, framework: Framework, folder: Path = DEFINITIONS) -> Draft:
    """What can be guessed of a list."""
    return _Drafting(table, framework, read_yaml(folder / FILE, ColumnNames)).draft()


class _Drafting:
    def __init__(self, table: SourceTable, framework: Framework, names: ColumnNames) -> None:
        self.table = table
        self.framework = framework
        self.personal = {plain(name) for name in names.personal}
        self.names = {
            plain(name): target for target, known in names.fields.items() for name in known
        }
        self.taken: set[str] = set()
        self.columns: dict[str, dict[str, object]] = {}
        self.ignored: list[str] = []
        self.notes: dict[str, list[str]] = {}

    def draft(self) -> Draft:
        for name in self.table.header:
            self._column(name)
        if not any(each["field"] == REFERENCE for each in self.columns.values()):
            self._find_reference()
        stem = Path(self.table.file).stem
        mapping: dict[str, object] = {
            "title": " ".join(re.findall(r"\w+", stem.replace("_", " "))) or OPEN,
            "prefix": slug_of("", stem)[:40].strip("-") or "list",
            "confirmed": False,
            "language": "en",
        }
        if self.table.header_row > 1:
            mapping["header"] = self.table.header_row
        if self.table.sheet:
            mapping["sheet"] = self.table.sheet
        mapping["dates"] = [str(form) for form in self._forms()]
        mapping["decimal"] = self._point()
        mapping |= {"columns": self.columns, "ignored": self.ignored}
        mapping["constants"] = self._constants()
        self.notes[":title"] = ["The name of the list: it stands in the register as the origin."]
        self.notes[":prefix"] = ["Begins the identifiers; keep it when the list is read again."]
        self.notes[":confirmed"] = [
            "These are guesses. Look at each, then write yes. A ? is for you to fill."
        ]
        return Draft(mapping, self.notes)

    def _cells(self, name: str) -> list[Content]:
        at = self.table.header.index(name)
        cells = (row.cells[at] for row in self.table.rows)
        return [cell for cell in cells if cell not in (None, "") and not isinstance(cell, Fault)]

    def _column(self, name: str) -> None:
        cells = self._cells(name)
        examples = list(dict.fromkeys(map(shown, cells)))[:MOST_EXAMPLES]
        note = [f"such as: {' | '.join(examples)}"] if examples else ["no cell is filled"]
        if plain(name) in self.personal or any(MAIL.search(str(cell)) for cell in cells):
            self.ignored.append(name)
            self.notes[name] = ["looks like people's data, which the register never takes in"]
            return
        target = self._target(name)
        if target is None:
            self.ignored.append(name)
            self.notes[name] = [*note, "not guessed: say what it is under 'columns', or leave it"]
            return
        self.taken.add(str(target))
        self.columns[name] = self._guess(target, cells)
        self.notes[name] = note

    def _target(self, name: str) -> Target | None:
        words = plain(re.sub(r"\([^)]*\)", " ", name)).split() or plain(name).split()
        number = next((int(word) for word in words if word.isdigit()), 1)
        known = self.names.get(" ".join(words)) or self.names.get(
            " ".join(word for word in words if not word.isdigit())
        )
        if known is None:
            return None
        target = known
        if known.kind in SEVERAL and 1 <= number <= 20:
            target = Target(known.kind, known.field, number)
        return None if str(target) in self.taken else target

    def _guess(self, target: Target, cells: list[Content]) -> dict[str, object]:
        guess: dict[str, object] = {"field": str(target)}
        texts = [cell for cell in cells if isinstance(cell, str)]
        several = target.sort in LISTED or str(target) == "partners.actor"
        separator = next((s for s in SEPARATORS if any(s in text for text in texts)), "")
        if several and separator:
            guess["separator"] = separator
        words = unread_words(self._reader(), target, cells, separator if several else "")
        if words:
            guess["values"] = {word: self._meant(target, word) for word in words}
        return guess

    def _meant(self, target: Target, word: str) -> str:
        known: dict[str, str] = {}
        if target.choices is not None:
            known = _labels(target.choices)
        elif target.sort is Sort.TAGS:
            tags = {
                "groups": self.framework.groups,
                "needs": self.framework.needs,
                "stages": self.framework.stages,
            }[target.field]
            known = {
                folded(tag.label.said(language).text): tag.id
                for tag in tags.values()
                for language in LANGUAGES
            }
        return known.get(folded(word), OPEN)

    def _reader(self) -> CellReader:
        return CellReader(_BLANK, self.framework)

    def _find_reference(self) -> None:
        """A column that is filled in every row, and never with the same."""
        for name in self.table.header:
            cells = [shown(cell) for cell in self._cells(name)]
            free = name in self.ignored and "people" not in self.notes[name][0]
            if free and len(cells) == len(set(cells)) == len(self.table.rows) > 0:
                self.ignored.remove(name)
                self.columns[name] = {"field": REFERENCE}
                self.notes[name] = [self.notes[name][0], "every row has another: the reference?"]
                return
        self.notes[":columns"] = ["No column looks like the reference: one has to be."]

    def _forms(self) -> list[DateForm]:
        """The forms of dates that the list's cells have; all that fit, a person takes some out."""
        texts = [
            cell
            for name, guess in self.columns.items()
            if Target(*_split(str(guess["field"]))).sort is Sort.DATE
            for cell in self._cells(name)
            if isinstance(cell, str)
        ]
        fitting = {
            form: {text for text in texts if form.read(text, "en") is not None} for form in FORMS
        }
        chosen: list[DateForm] = []
        covered: set[str] = set()
        for form in sorted(FORMS, key=lambda form: -len(fitting[form])):
            if fitting[form] - covered:
                chosen.append(form)
                covered |= fitting[form]
        return chosen or [FORMS[0]]

    def _point(self) -> str:
        texts = [
            str(cell)
            for name, guess in self.columns.items()
            if Target(*_split(str(guess["field"]))).sort is Sort.NUMBER
            for cell in self._cells(name)
        ]
        return "," if any(re.search(r"\d,\d{1,2}$", text) for text in texts) else "."

    def _constants(self) -> dict[str, str]:
        fields = {str(guess["field"]) for guess in self.columns.values()}
        wanted = {
            "commitments.what": OPEN,
            "commitments.place": OPEN,
            "commitments.origin": "pledge",
        }
        kinds = {field.partition(".")[0] for field in fields}
        if fields & {"commitments.lead", "partners.actor"}:
            wanted |= {"actors.kind": OPEN, "actors.level": OPEN}
        if "partners" in kinds:
            wanted["partners.role"] = OPEN
        if "reports" in kinds:
            wanted |= {"reports.reported": OPEN, "reports.outcome": OPEN}
        if "flows" in kinds:
            wanted |= {"flows.kind": OPEN, "flows.currency": OPEN, "flows.year": OPEN}
        kept = {name: value for name, value in wanted.items() if name not in fields}
        if "partners" in kinds:  # a column speaks of the lead's kind; partners need theirs
            kept.setdefault("actors.kind", OPEN)
        return kept


def unread_words(
    reader: CellReader, target: Target, cells: Iterable[Content], separator: str
) -> list[str]:
    """The words of a column that are no value of its closed list themselves."""
    if target.sort not in CHOSEN:
        return []
    found: dict[str, None] = {}
    for cell in cells:
        if not isinstance(cell, str):
            continue
        for part in cell.split(separator) if separator else [cell]:
            word = " ".join(part.split())
            if not word.isprintable() or not word or word in found or len(found) >= MOST_WORDS:
                continue
            try:
                reader.read(word, target)
            except CellError:
                found[word] = None
    return list(found)


def plain(name: str) -> str:
    """A name of a column without case, accents and signs."""
    return " ".join(re.findall(r"[^\W_]+", folded(name)))


def _split(name: str) -> tuple[str, str, int]:
    if name == REFERENCE:
        return REFERENCE, REFERENCE, 1
    kind, *number, last = name.split(".")
    return kind, last, int(number[0]) if number else 1


def _labels(choices: type[StrEnum]) -> dict[str, str]:
    """The values of a closed list by their names in every language, and by their words."""
    found = {}
    for each in choices:
        found[folded(str(each).replace("-", " "))] = str(each)
        if isinstance(each, Named):
            for language in LANGUAGES:
                found[folded(each.label.text(language))] = str(each)
    return found


_BLANK = PledgeMapping.model_validate(
    {
        "title": "draft",
        "prefix": "draft",
        "columns": {"reference": "reference", "what": "commitments.what"},
        "constants": {"commitments.place": "001", "commitments.origin": "pledge"},
    }
)
