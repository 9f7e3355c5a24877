"""IMPACT OSS into a register: accepted recommendations as commitments, actions as their steps.

An action that can be no step (no day, too long, linked to no recommendation that was accepted)
becomes a commitment of its own. References are kept, so that a folder that is read again changes
what it brought before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from waymark.exchange.impact_oss.links import Links, links_of
from waymark.exchange.impact_oss.tables import PAST, USED, Entry, Folder, ImpactFile, Kind, titles
from waymark.exchange.pledges.dates import DateError, DateForm, read_date
from waymark.exchange.pledges.lists import Reading, Surroundings, read_list
from waymark.exchange.pledges.mappings import LISTS, Columns, PledgeMapping
from waymark.exchange.pledges.references import slug_of
from waymark.exchange.pledges.rows import Part, Pledge
from waymark.exchange.source_tables import CellFault, SourceRow, SourceTable, shown
from waymark.plans.vocabulary import Language, Line, PlaceRef, Slug
from waymark.reading import Value
from waymark.words import Sentence, count_phrase

ORIGINS = {Kind.RECOMMENDATIONS: "recommendation", Kind.ACTIONS: "national-plan"}
FIXED = {"title": "commitments.what"}
OF_ACTIONS = {"target_date": "commitments.due", "outcome": "commitments.result_statement"}
REFERENCE = "reference"
MOMENTS = ("%Y%m%d-%H%M%S", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")


class ImpactMapping(Value):
    """What an installation's own categories fill, and where it is.

    ``categories`` are its columns of categories by their names in the header, as in the mapping of
    a pledge list. ``outcome`` is what its progress reports say of a step, since their files do
    not; without it they are left out.
    """

    title: Line
    prefix: Annotated[Slug, Field(max_length=30)]
    place: PlaceRef
    language: Language = "en"
    illustrative: bool = False
    dates: tuple[DateForm, ...] = (DateForm.parse("YYYY-MM-DD"),)
    categories: Columns = Field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    constants: Mapping[str, str] = {}
    outcome: Literal["partly-met", "not-met"] | None = None


@dataclass(frozen=True)
class ImpactReading:
    """The register that a folder makes, what is wrong, and what is to be said of it."""

    register: Any
    faults: tuple[CellFault, ...]
    said: tuple[Sentence, ...]
    readings: tuple[Reading, ...]


def read_impact(folder: Folder, mapping: ImpactMapping, around: Surroundings) -> ImpactReading:
    """Read a folder of IMPACT OSS against what stands already."""
    faults = [*folder.faults, *_categories(folder, mapping)]
    links = links_of(folder, faults)
    readings: list[Reading] = []
    more = _More(folder, mapping, links, faults)
    for kind, entries in ((Kind.RECOMMENDATIONS, links.accepted), (Kind.ACTIONS, links.alone)):
        file = folder.files.get(kind)
        if file is not None and file.entries:
            reading = read_list(
                _table(file, entries, mapping, faults),
                _mapping(file, mapping),
                around,
                more.steps if kind is Kind.RECOMMENDATIONS else more.recommended,
            )
            around = replace(around, register=reading.register)
            readings.append(reading)
    said = (*_said(folder, links, mapping, more), *(s for each in readings for s in each.said))
    every = (*faults, *(fault for each in readings for fault in each.faults))
    return ImpactReading(around.register, every, said, tuple(readings))


def _categories(folder: Folder, mapping: ImpactMapping) -> Iterator[CellFault]:
    """Each column of categories is used or ignored; each that is named is there."""
    named = {*mapping.categories, *mapping.ignored}
    there: set[str] = set()
    for kind, file in folder.files.items():
        there |= set(file.table.header)
        row = file.table.header_row
        for name in file.categories if kind in ORIGINS else ():
            if name not in named:
                problem = "the column is neither used nor ignored."
                remedy = "Add it under 'categories' or 'ignored' in the mapping."
                yield file.table.fault(problem, remedy, row, name)
        if kind is Kind.RECOMMENDATIONS and "accepted" not in file.table.header:
            problem = "there is no column 'accepted'; only what a State accepted is its promise."
            yield file.table.fault(problem, "Download the list again with this column.", row)
    for name in sorted(named - there):
        problem = f"no file has the column '{shown(name)}', which it names."
        yield CellFault("the mapping", problem, "Correct the name, or take it out.")


def _mapping(file: ImpactFile, mapping: ImpactMapping) -> PledgeMapping:
    """The mapping of one file, as if it were a list of pledges."""
    fields = {**FIXED, **(OF_ACTIONS if file.kind is Kind.ACTIONS else {})}
    header = [REFERENCE, *(name for name in file.table.header if name != REFERENCE)]
    columns: dict[str, object] = {REFERENCE: REFERENCE}
    columns |= {name: to for name, to in fields.items() if name in header}
    for name, column in mapping.categories.items():
        if name in header:
            several = column.field.sort in LISTS or column.field.kind == "partners"
            columns[name] = column.model_copy(update={"separator": "\n" if several else ""})
    return PledgeMapping.model_validate(
        {
            "title": f"{mapping.title} ({file.kind.value})",
            "prefix": mapping.prefix if file.kind is Kind.RECOMMENDATIONS else _own(mapping),
            "language": mapping.language,
            "illustrative": mapping.illustrative,
            "dates": mapping.dates,
            "columns": columns,
            "ignored": [name for name in header if name not in columns],
            "constants": {
                "commitments.place": mapping.place,
                "commitments.origin": ORIGINS[file.kind],
                **mapping.constants,
            },
        }
    )


def _own(mapping: ImpactMapping) -> str:
    return f"{mapping.prefix}-action"


def _table(
    file: ImpactFile, entries: Iterable[Entry], mapping: ImpactMapping, faults: list[CellFault]
) -> SourceTable:
    """The chosen entries as a table, with a column of references, and categories by title."""
    table = file.table
    header = [name for name in table.header if name != REFERENCE]
    places = [table.places[table.header.index(name)] for name in header]
    at = table.header.index(REFERENCE if REFERENCE in table.header else "id")
    rows = []
    for entry in entries:
        cells = {name: entry.cells.get(name, "") for name in header}
        for name, column in mapping.categories.items():
            if cells.get(name):
                found = titles(cells[name])
                cells[name] = "\n".join(found)
                several = column.field.sort in LISTS or column.field.kind == "partners"
                if len(found) > 1 and not several:
                    problem = f"it holds {len(found)} categories; '{column.field}' takes one."
                    remedy = "Map the column to 'partners.actor', or choose one in the file."
                    faults.append(table.fault(problem, remedy, entry.row, name))
        rows.append(SourceRow(entry.row, (entry.reference, *(cells[name] for name in header))))
    return SourceTable(
        table.file,
        (REFERENCE, *header),
        (table.places[at], *places),
        table.header_row,
        tuple(rows),
        said=table.said,
    )


class _More:
    """What other files say of the pledges: steps, reports, and which recommendation it is for."""

    def __init__(
        self, folder: Folder, mapping: ImpactMapping, links: Links, faults: list[CellFault]
    ) -> None:
        self.folder = folder
        self.mapping = mapping
        self.links = links
        self.faults = faults
        self.untold: set[str] = set()

    def steps(self, pledges: list[Pledge]) -> None:
        """The actions of a recommendation as its steps, with the reports on them."""
        for pledge in pledges:
            for action in self.links.steps.get(pledge.reference, ()):
                step = slug_of("action", action.reference)
                due = self._due(action)
                if due is not None:
                    values = {"id": step, "what": action.cells["title"], "due": due}
                    pledge.parts.append(Part("steps", pledge.row, values))
                    self._reports(pledge, action, step)

    def recommended(self, pledges: list[Pledge]) -> None:
        """An action of its own names the recommendations that it is for."""
        by_reference = {each.reference: each for each in self.links.alone}
        for pledge in pledges:
            action = by_reference[pledge.reference]
            served = self.links.recommended.get(action.reference, ())
            if served:
                names = ", ".join(each.reference for each in served)
                source = f"{self.mapping.title} ({Kind.ACTIONS.value}), {action.reference}"
                pledge.commitment.values["origin_source"] = f"{source}; for {names}"
            self._reports(pledge, action, None)

    def _due(self, action: Entry) -> date | None:
        given = action.cells["target_date"]
        try:
            return read_date(given, self.mapping.dates, self.mapping.language, by_then=True)
        except DateError as error:
            table = self.folder.files[Kind.ACTIONS].table
            remedy = "Correct it, or add its form under 'dates' in the mapping."
            problem = f"'{shown(given)}': {error}."
            fault = table.fault(problem, remedy, action.row, "target_date")
            if fault not in self.faults:
                self.faults.append(fault)
            return None

    def _reports(self, pledge: Pledge, action: Entry, step: str | None) -> None:
        for report in self.links.reports.get(action.reference, ()):
            reported = _moment(report.cells.get("created_at", ""))
            if reported is None or self.mapping.outcome is None:
                self.untold.add(report.reference)
                continue
            words = (report.cells["title"], report.cells.get("description", ""))
            address = report.cells.get("document_url", "")
            values: dict[str, Any] = {
                "outcome": self.mapping.outcome,
                "reported": reported,
                "text": "\n\n".join(filter(None, words)),
                "evidence": address if address.startswith(("http://", "https://")) else "",
            }
            if step is not None:
                values["step"] = step
            pledge.parts.append(Part("reports", pledge.row, values))


def _moment(given: str) -> date | None:
    """The day of a moment as a download or a database writes it."""
    for form in MOMENTS:
        try:
            return datetime.strptime(given, form).date()
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(given).date()
    except ValueError:
        return None


def _said(folder: Folder, links: Links, mapping: ImpactMapping, more: _More) -> Iterator[Sentence]:
    people = sorted({name for file in folder.files.values() for name in file.people})
    if people or folder.left:
        names = ", ".join([*folder.left, *people])
        yield Sentence("About people, and never read: {names}.", names=names)
    past = {
        name
        for file in folder.files.values()
        for name in file.table.header
        if name in PAST - USED[file.kind] and any(each.cells.get(name) for each in file.entries)
    }
    if past:
        yield Sentence(
            "Read past, since a register has no field for it: {names}.",
            names=", ".join(sorted(past)),
        )
    counts = (
        (
            links.noted,
            "{count} recommendation was noted, not accepted: no promise, left out.",
            "{count} recommendations were noted, not accepted: no promise, left out.",
        ),
        (
            links.hidden,
            "{count} entry is a draft or private there: left out.",
            "{count} entries are drafts or private there: left out.",
        ),
        (
            len(links.alone),
            "{count} action can be no step, and is a commitment of its own.",
            "{count} actions can be no steps, and are commitments of their own.",
        ),
        (
            len(more.untold),
            "{count} progress report is left out: its day or its outcome is not known.",
            "{count} progress reports are left out: their day or their outcome is not known.",
        ),
    )
    for count, one, many in counts:
        if count:
            yield count_phrase(one, many, count)
