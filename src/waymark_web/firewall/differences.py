"""What a proposal changes in a place's arrangements: body by body, arrangement by arrangement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from waymark.words import N_, Sentence

Document = dict[str, Any]
Pieces = list[tuple[str, str]]  # a mark (= - +) and a text, as lists of differences show them
LISTS = {"bodies": N_("Body"), "arrangements": N_("Arrangement")}
FIELDS = {
    "id": N_("Identifier"),
    "title": N_("Title"),
    "place": N_("Place"),
    "source": N_("Source"),
    "note": N_("Note"),
    "illustrative": N_("Made up"),
    "name": N_("Name"),
    "kind": N_("Kind"),
    "service": N_("People go to it"),
    "holds": N_("Holds"),
    "jurisdiction": N_("Jurisdiction"),
    "parent": N_("Parent body"),
    "parent_reads": N_("The parent body can see it"),
    "processors": N_("Processors"),
    "duty_to_report": N_("Duty to report"),
    "duty_basis": N_("Basis of the duty"),
    "evidence": N_("Evidence"),
    "evidence_date": N_("Day of the evidence"),
    "evidence_until": N_("Evidence counts until"),
    "controller_since": N_("Controlled by somebody else since"),
    "sender": N_("From"),
    "recipient": N_("To"),
    "ground": N_("Ground"),
    "data": N_("Data"),
    "purpose": N_("Purpose"),
    "basis": N_("Basis"),
    "since": N_("Since"),
    "until": N_("Until"),
    "passes": N_("It does pass"),
    "changed_by": N_("Who can change it"),
}


@dataclass(frozen=True)
class Change:
    """Something new, changed or gone, and what differs in it."""

    what: Sentence
    name: str
    mark: str  # + new, - gone, = changed
    fields: tuple[tuple[Sentence | str, Pieces], ...]


def changes(old: Document, new: Document) -> Iterator[Change]:
    """Every difference between two networks, as documents."""
    top = _fields(_without_lists(old), _without_lists(new))
    if top:
        yield Change(Sentence("About this file"), "", "=", top)
    for name, label in LISTS.items():
        before = {each["id"]: each for each in old.get(name, ())}
        after = {each["id"]: each for each in new.get(name, ())}
        for identifier in {**before, **after}:
            was, becomes = before.get(identifier, {}), after.get(identifier, {})
            fields = _fields(was, becomes)
            if fields:
                mark = "+" if not was else "-" if not becomes else "="
                yield Change(Sentence(label), identifier, mark, fields)


def _without_lists(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in LISTS}


def _fields(old: Document, new: Document) -> tuple[tuple[Sentence | str, Pieces], ...]:
    found = []
    for name in {**old, **new}:
        before, after = _text(old.get(name)), _text(new.get(name))
        if before != after and name != "id":
            pieces = [(mark, text) for mark, text in (("-", before), ("+", after)) if text]
            found.append((Sentence(FIELDS[name]) if name in FIELDS else name, pieces))
    return tuple(found)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
