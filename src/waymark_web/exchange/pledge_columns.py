"""The form in which a person says what each column of a list is: questions, and answers back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from waymark.exchange.pledges.cells import CellReader
from waymark.exchange.pledges.drafts import unread_words
from waymark.exchange.pledges.mappings import OPEN, PledgeMapping
from waymark.exchange.pledges.targets import (
    KINDS,
    REFERENCE,
    Sort,
    Target,
    fields_of,
    parse,
)
from waymark.exchange.source_tables import SourceTable, shown
from waymark.exchange.spreadsheets.cells import Fault
from waymark.words import N_, Sentence, folded
from waymark_web import store
from waymark_web.languages import language
from waymark_web.plans import models
from waymark_web.plans.fields import FIELDS, PARTNER_FIELDS, STEP_FIELDS
from waymark_web.plans.lists import place_choices

Mapping = dict[str, Any]
MOST_EXAMPLES = 3
MOST_WORDS = 40
MOST_LETTERS = 300
ASKED = {**FIELDS, "steps": STEP_FIELDS, "partners": PARTNER_FIELDS}
GROUPS = {
    "commitments": N_("The commitment"),
    "actors": N_("The organization that leads"),
    "steps": N_("A step"),
    "partners": N_("A partner"),
    "reports": N_("A report"),
    "flows": N_("Money"),
}
NUMBERED = {"steps": 4}  # how many of a kind a row may hold in the form; a file may say more
CONSTANTS = (
    "commitments.place",
    "commitments.origin",
    "commitments.lead",
    "partners.role",
    "reports.outcome",
    "reports.reported",
    "flows.kind",
    "flows.currency",
    "flows.year",
)
SEPARATORS = ((";", ";"), ("|", "|"), (",", ","), ("\n", N_("a line of its own")))
UNSET = ("", OPEN)


@dataclass
class Word:
    """A word of a column, and what it stands for."""

    word: str
    chosen: str
    choices: list[tuple[str, str]]


@dataclass
class ColumnQuestion:
    """A column of the list: what it may fill, what its words stand for."""

    number: int
    name: str
    examples: list[str]
    chosen: str
    separator: str = ""
    takes_several: bool = False
    is_actor: bool = False
    words: list[Word] = field(default_factory=list)
    unread: int = 0


@dataclass
class Constant:
    """What holds where a row says nothing."""

    name: str
    label: str
    value: str
    choices: list[tuple[str, str]]


def columns(table: SourceTable, mapping: Mapping) -> list[ColumnQuestion]:
    """A question for each column, filled with what the mapping says so far."""
    reader = CellReader(_whole(mapping), store.framework())
    known = _Known()
    return [
        _question(number, name, table, mapping["columns"].get(name) or {}, reader, known)
        for number, name in enumerate(table.header)
    ]


def targets() -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields that a column may fill, in groups, by their names in the forms."""
    said = language()
    found = [("", [(REFERENCE, Sentence(N_("Reference: it tells the pledges apart")).text(said))])]
    for kind in KINDS:
        group = Sentence(GROUPS[kind]).text(said)
        options = []
        for number in range(1, NUMBERED.get(kind, 1) + 1):
            told = f"{group} {number}" if number > 1 else group
            for name in fields_of(kind):
                label = label_of(kind, name, said)
                shown_as = label if kind == "commitments" else f"{told}: {label}"
                options.append((str(Target(kind, name, number)), shown_as))
        found.append((group, options))
    return found


def label_of(kind: str, name: str, said: str) -> str:
    """What the forms call a field; its own name where they do not ask for it."""
    for each in ASKED.get(kind, ()):
        if each.name == name:
            return Sentence(each.label).text(said)
    return name.replace("_", " ")


def constants(mapping: Mapping) -> list[Constant]:
    """What may be the same in every row, as far as the columns leave it open."""
    said = language()
    kinds = {str(each.get("field", "")).partition(".")[0] for each in mapping["columns"].values()}
    known = _Known()
    asked = []
    for name in CONSTANTS:
        kind, _, fieldname = name.partition(".")
        if kind in kinds or kind == "commitments":
            target = parse(name)
            choices = known.choices(target) if isinstance(target, Target) else []
            value = mapping["constants"].get(name, "")
            label = label_of(kind, fieldname, said)
            if kind != "commitments":
                label = f"{Sentence(GROUPS[kind]).text(said)}: {label}"
            asked.append(Constant(name, label, "" if value in UNSET else value, choices))
    return asked


def mapping_from(given: QueryDict, table: SourceTable, before: Mapping) -> Mapping:
    """What the form says, as a mapping; what it does not ask stays as it was."""
    mapping = dict(before)
    for name in ("title", "prefix", "language", "decimal"):
        if given.get(name):
            mapping[name] = given[name][:MOST_LETTERS].strip()
    for name in ("propose", "illustrative"):
        mapping[name] = name in given
    mapping["dates"] = [each.strip() for each in given.get("dates", "").split(",") if each.strip()]
    found: dict[str, Any] = {}
    for number, name in enumerate(table.header):
        chosen = given.get(f"field-{number}", "")[:MOST_LETTERS]
        if chosen:
            found[name] = _column(number, chosen, given)
    mapping["columns"] = found
    mapping["ignored"] = [name for name in table.header if name not in found]
    kept = {
        name: value
        for name, value in before["constants"].items()
        if name not in CONSTANTS and value not in UNSET
    }
    stated = {name: given.get(f"constant-{name}", "").strip()[:MOST_LETTERS] for name in CONSTANTS}
    mapping["constants"] = kept | {name: value for name, value in stated.items() if value}
    return mapping


def _column(number: int, chosen: str, given: QueryDict) -> dict[str, Any]:
    column: dict[str, Any] = {"field": chosen}
    separator = given.get(f"separator-{number}", "").replace("\r\n", "\n")
    try:
        several = takes_several(parse(chosen))
    except ValueError:
        several = False
    if separator and several:
        column["separator"] = separator[:5]
    values = {}
    for at in range(MOST_WORDS):
        word = given.get(f"word-{number}-{at}", "")
        value = given.get(f"value-{number}-{at}", "").strip()[:MOST_LETTERS]
        if word and value:
            values[word] = value
    if values:
        column["values"] = values
    return column


def takes_several(target: object) -> bool:
    """Whether a cell of a column may hold several values."""
    if not isinstance(target, Target) or target.kind == REFERENCE:
        return False
    return target.kind in ("steps", "partners") or target.sort in (
        Sort.PROVISIONS,
        Sort.TAGS,
        Sort.CHOICES,
    )


def _question(
    number: int,
    name: str,
    table: SourceTable,
    column: dict[str, Any],
    reader: CellReader,
    known: _Known,
) -> ColumnQuestion:
    cells = [row.cells[number] for row in table.rows]
    filled = [each for each in cells if each not in (None, "") and not isinstance(each, Fault)]
    examples = list(dict.fromkeys(map(shown, filled)))[:MOST_EXAMPLES]
    chosen, separator = str(column.get("field", "")), str(column.get("separator", ""))
    question = ColumnQuestion(number, name, examples, chosen, separator)
    try:
        target = parse(chosen)
    except ValueError:
        return question
    if not isinstance(target, Target) or target.kind == REFERENCE:
        return question
    question.takes_several = takes_several(target)
    question.is_actor = target.sort is Sort.ACTOR
    values: dict[str, str] = column.get("values", {})
    unread = unread_words(reader, target, filled, separator)
    if question.is_actor:
        unread = known.unknown_actors(filled, separator)
    words = list(dict.fromkeys([*values, *unread]))[:MOST_WORDS]
    choices = known.choices(target)
    for word in words:
        means = str(values.get(word, ""))
        question.words.append(Word(word, "" if means in UNSET else means, choices))
    question.unread = sum(not each.chosen for each in question.words)
    return question


class _Known:
    """The choices of closed lists by their names, looked up once a page."""

    def __init__(self) -> None:
        self.said = language()
        self._actors: set[str] | None = None

    def choices(self, target: Target) -> list[tuple[str, str]]:
        """What a word may stand for; nothing where it is typed."""
        framework = store.framework()
        if target.choices is not None:
            return [
                (str(each), each.label.text(self.said) if hasattr(each, "label") else str(each))
                for each in target.choices
            ]
        if target.sort is Sort.TAGS:
            tags = {
                "groups": framework.groups,
                "needs": framework.needs,
                "stages": framework.stages,
            }[target.field]
            return [(each.id, each.label.said(self.said).text) for each in tags.values()]
        if target.sort is Sort.PLACE:
            return place_choices()
        if target.sort is Sort.PROVISIONS:
            return [
                (each.id, f"{each.id} {each.name.said(self.said).text}")
                for each in framework.objectives
            ]
        return []

    def unknown_actors(self, cells: list[Any], separator: str) -> list[str]:
        """The organisations that the register does not have."""
        if self._actors is None:
            held = models.Actor.objects.values_list("slug", "name")
            self._actors = {each for slug, name in held for each in (slug, folded(name))}
        found: dict[str, None] = {}
        for cell in cells:
            text = str(cell)
            for part in text.split(separator) if separator else [text]:
                word = " ".join(part.split())
                if word and word not in self._actors and folded(word) not in self._actors:
                    found[word] = None
        return list(found)


def _whole(mapping: Mapping) -> PledgeMapping:
    """A mapping that can read words, whatever is still open in this one."""
    return PledgeMapping.model_validate(
        {
            "title": "list",
            "prefix": "list",
            "instrument": mapping.get("instrument", "gcm"),
            "columns": {"reference": REFERENCE, "what": "commitments.what"},
            "constants": {"commitments.place": "001", "commitments.origin": "pledge"},
        }
    )


def suggestions() -> Iterator[tuple[str, str]]:
    """Organisations to choose from where one is typed."""
    yield from models.Actor.objects.order_by("name").values_list("slug", "name")[:400]
