"""A pledge list into a register: all of it, or a list of everything that is wrong with it.

A reference becomes an identifier, so that a list that is read again changes what it brought before
instead of doubling it. What the list does not speak of stays as people have made it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from waymark.compact.framework import Framework
from waymark.exchange.pledges.cells import CellError, CellReader
from waymark.exchange.pledges.hanging import Hanging
from waymark.exchange.pledges.mappings import PledgeMapping
from waymark.exchange.pledges.organisations import Organisations
from waymark.exchange.pledges.references import slug_of
from waymark.exchange.pledges.rows import Cell, Part, Pledge, PledgeRows
from waymark.exchange.pledges.targets import ACTORS, KINDS
from waymark.exchange.source_tables import CellFault, SourceTable, shown
from waymark.plans.forums import Forum
from waymark.plans.proposals import LISTS, ProposalRules, propose
from waymark.plans.register import Register, faults
from waymark.reading import Value, problem_of
from waymark.words import Sentence, count_phrase

WRITTEN = ("actors", "commitments", "reports", "flows")  # in the order in which they refer
Origins = dict[tuple[str, str], Part]


@dataclass(frozen=True)
class Surroundings:
    """What a list is read against: the framework, and the register that it joins."""

    framework: Framework
    forums: Mapping[str, Forum]
    series: Iterable[str]
    rules: ProposalRules
    register: Register = field(default_factory=Register)


@dataclass(frozen=True)
class Reading:
    """What a list would make of the register; nothing of it holds while there are faults.

    ``added``, ``changed`` and ``same`` count by kind what the list speaks of; ``proposed`` are the
    commitments whose provisions the rules proposed; ``absent`` those that an earlier reading
    brought and this list no longer has: they stay.
    """

    register: Register
    faults: tuple[CellFault, ...]
    said: tuple[Sentence, ...]
    touched: Mapping[str, tuple[str, ...]]
    added: Counter[str]
    changed: Counter[str]
    proposed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    origins: Mapping[tuple[str, str], Part] | None = None


def join_pledges(
    rows: PledgeRows, pledges: list[Pledge], reader: CellReader, around: Surroundings
) -> Reading:
    """Pledges, from wherever they were read, into the register that they join."""
    return _Lists(rows, pledges, reader, around).reading()


def read_list(
    table: SourceTable,
    mapping: PledgeMapping,
    around: Surroundings,
    more: Callable[[list[Pledge]], None] = lambda pledges: None,
) -> Reading:
    """Read a list by its mapping against what stands already.

    ``more`` adds to the pledges what other files say of them.
    """
    reader = CellReader(mapping, around.framework)
    rows = PledgeRows(table, mapping, reader)
    pledges = rows.pledges()
    more(pledges)
    return join_pledges(rows, pledges, reader, around)


class _Lists:
    """Turns the pledges of a list into values of the register."""

    def __init__(
        self, rows: PledgeRows, pledges: list[Pledge], reader: CellReader, around: Surroundings
    ) -> None:
        self.rows = rows
        self.pledges = pledges
        self.mapping = rows.mapping
        self.around = around
        self.organisations = Organisations(around.register.actors, self.mapping, reader)
        self.made: dict[str, dict[str, Value]] = {kind: {} for kind in WRITTEN}
        self.origins: Origins = {}
        self.proposed: list[str] = []
        self.hanging = Hanging(around.register, self.mapping)

    def reading(self) -> Reading:
        wrong = {fault.row for fault in self.rows.faults}
        seen: dict[str, Pledge] = {}
        for pledge in self.pledges:
            slug = pledge.slug or slug_of(self.mapping.prefix, pledge.reference)
            if slug in seen:
                problem = (
                    f"'{shown(pledge.reference)}' gives the identifier of row {seen[slug].row}."
                )
                remedy = "Tell the two references apart by letters or digits."
                self.rows.fault(CellError(problem, remedy), (pledge.row, self.mapping.reference))
                continue
            seen[slug] = pledge
            if not wrong & {part.row for part in (pledge.commitment, *pledge.parts)}:
                self._pledge(slug, pledge)
        register = self._joined()
        if not self.rows.faults:
            self._check(register)
        return self._result(register, set(seen))

    def _pledge(self, slug: str, pledge: Pledge) -> None:
        values = pledge.commitment.values
        before = self.around.register.commitments.get(slug)
        for name, value in pledge.commitment.otherwise.items():
            if before is None or getattr(before, name) in (None, "", ()):
                values.setdefault(name, value)
        lead = values.get("lead")
        place = str(values.get("place") or (before.place if before else ""))
        known = True
        for part in (pledge.commitment, *pledge.parts):
            for name in ACTORS:
                if name in part.values:
                    given = part.values[name]
                    of_lead = pledge.lead if given == lead else None
                    about = pledge.organisations.get(given, of_lead)
                    known = self._organisation(part, name, place, about) and known
        if known:
            self._hanging(slug, pledge, self._commitment(slug, pledge))

    def _organisation(self, part: Part, name: str, place: str, about: Part | None) -> bool:
        """Put the identifier of an organisation where its name stood; whether there is one."""
        try:
            actor, is_new = self.organisations.find(part.values[name], place, about)
        except CellError as error:
            self.rows.fault(error, part.cell(name))
            return False
        part.values[name] = actor.id
        if is_new:
            self.made["actors"][actor.id] = actor
            self.origins["actors", actor.id] = Part("actors", part.row, {}, {"": part.cell(name)})
        return True

    def _commitment(self, slug: str, pledge: Pledge) -> Mapping[str, Any]:
        before = self.around.register.commitments.get(slug)
        base = before.model_dump() if before else {}
        given = dict(pledge.commitment.values)
        source = f"{self.mapping.title}, {pledge.reference}"
        document = {
            "language": self.mapping.language,
            "illustrative": self.mapping.illustrative,
            **base,
            **given,
            "id": slug,
            "origin_source": given.get("origin_source", source),
            **({"origin_source": base["origin_source"]} if base and pledge.slug else {}),
        }
        document["partners"] = [part.values for part in pledge.of_kind("partners")] or base.get(
            "partners", ()
        )
        document["steps"] = _steps(pledge.of_kind("steps"), base.get("steps", ()))
        self._propose(slug, document, given, confirmed=bool(before and not before.proposed))
        self._validated("commitments", document, pledge.commitment, pledge)
        return document

    def _propose(
        self, slug: str, document: dict[str, Any], given: Mapping[str, Any], *, confirmed: bool
    ) -> None:
        """What the rules propose stands only where neither the list nor a person has spoken."""
        if given.get("provisions"):
            document["proposed"] = False
        elif self.mapping.propose and not confirmed:
            proposal = propose(str(document.get("what", "")), (), self.around.rules)
            found = {name: getattr(proposal, name) for name in LISTS if not given.get(name)}
            document |= found
            document["proposed"] = any(found.values())
            if document["proposed"]:
                self.proposed.append(slug)

    def _hanging(self, slug: str, pledge: Pledge, commitment: Mapping[str, Any]) -> None:
        for kind in WRITTEN[2:]:
            for part in pledge.of_kind(kind):
                try:
                    document = self.hanging.document(part, slug, commitment, pledge.reference)
                except CellError as error:
                    self.rows.fault(error, part.cell("text", "reported"))
                else:
                    if document is not None:
                        self._validated(kind, document, part)

    def _validated(
        self, kind: str, document: dict[str, Any], part: Part, pledge: Pledge | None = None
    ) -> None:
        identifier = str(document["id"])
        self.origins[kind, identifier] = part
        for held in (*pledge.of_kind("partners"), *pledge.of_kind("steps")) if pledge else ():
            inner = held.values.get("actor" if held.kind == "partners" else "id")
            self.origins.setdefault((held.kind, f"{identifier} {inner}"), held)
        try:
            self.made[kind][identifier] = KINDS[kind].model_validate(document)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                where, inside = each["loc"], part
                if pledge and len(where) > 1 and where[0] in ("partners", "steps"):
                    parts, at = pledge.of_kind(str(where[0])), int(where[1])
                    inside = parts[at] if at < len(parts) else part
                    where = where[2:]
                remedy = "Correct the cell, or the mapping."
                self.rows.fault(CellError(f"{problem_of(each)}.", remedy), inside.cell(*where))

    def _joined(self) -> Register:
        register = self.around.register
        joined: dict[str, Any] = {
            kind: {**register.of_kind(kind), **made} for kind, made in self.made.items()
        }
        return replace(register, **joined)

    def _check(self, register: Register) -> None:
        """References that lead nowhere, in what this list speaks of."""
        around = self.around
        for fault in faults(register, around.framework, around.forums, around.series):
            part = self.origins.get((fault.kind, fault.id))
            if part is not None:
                cell: Cell = part.cell(fault.field, "")
                self.rows.fault(CellError(f"{fault.problem}.", fault.remedy), cell)

    def _result(self, register: Register, spoken: set[str]) -> Reading:
        before = self.around.register
        added: Counter[str] = Counter()
        changed: Counter[str] = Counter()
        for kind, made in self.made.items():
            known = before.of_kind(kind)
            added[kind] = sum(1 for each in made if each not in known)
            changed[kind] = sum(1 for each in made if each in known and known[each] != made[each])
        source = re.compile(rf"{re.escape(self.mapping.title)}, ")
        absent = [
            each.id
            for each in before.commitments.values()
            if each.id not in spoken and source.match(each.origin_source)
        ]
        ordered = sorted(self.rows.faults, key=lambda each: (each.row or 0, each.column or 0))
        return Reading(
            register,
            tuple(ordered),
            (*self.rows.table.said, *(() if ordered else self._said(len(absent)))),
            {kind: tuple(made) for kind, made in self.made.items()},
            added,
            changed,
            tuple(self.proposed),
            tuple(absent),
            self.origins,
        )

    def _said(self, absent: int) -> Iterable[Sentence]:
        if self.proposed:
            yield count_phrase(
                "The rules proposed provisions for {count} commitment; a person confirms them.",
                "The rules proposed provisions for {count} commitments; a person confirms them.",
                len(self.proposed),
            )
        if absent:
            yield count_phrase(
                "{count} commitment that it brought before is no longer in the list; it stays.",
                "{count} commitments that it brought before are no longer in the list; they stay.",
                absent,
            )


def _steps(parts: list[Part], before: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The steps of a list with identifiers: those that stood there keep theirs, by their words.

    A step that the list no longer has stays, since reports may speak of it.
    """
    old = list(before)
    if not parts:
        return old
    names = {" ".join(str(step["what"]).split()): step for step in old}
    taken = {str(step["id"]) for step in old}
    taken |= {str(part.values["id"]) for part in parts if "id" in part.values}
    known = {str(step["id"]): step for step in old}
    made: list[Mapping[str, Any]] = []
    for part in parts:
        what = " ".join(str(part.values.get("what", "")).split())
        stood = known.get(str(part.values.get("id"))) or names.get(what) or {}
        identifier = part.values.get("id") or stood.get("id") or _free(taken)
        taken.add(str(identifier))
        part.values["id"] = identifier
        made.append({**_due(stood, part.values), **part.values})
    there = {step["id"] for step in made}
    return [*made, *(step for step in old if step["id"] not in there)]


def _due(stood: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What stood of a step, without the day or forum that the list now says otherwise."""
    moved = "due" in given or "forum" in given
    return {
        name: value for name, value in stood.items() if not (moved and name in ("due", "forum"))
    }


def _free(taken: set[str]) -> str:
    return next(f"s{number}" for number in range(1, 10_000) if f"s{number}" not in taken)
