"""The CSV files of IMPACT OSS: what each column is, which are about people, what links to what.

Its lists are downloaded with a column for each attribute, one for each kind of category, and
``connected_…`` columns whose cells name others by title and reference, one a line. Its templates
have machine names in brackets: ``Title [database:title]``. Columns about people are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.exchange.csv_tables import read_csv
from waymark.exchange.pledges.files import read_bytes
from waymark.exchange.source_tables import CellFault, Content, SourceTable, shown

MACHINE = re.compile(r"\[(?:database:(?P<name>\w+)|rel:(?P<rel>[^\]|]+)(?:\|[^\]]*)?)\]\s*$")
STAMP = re.compile(r"[_-]\d{8}-\d{6}$")  # of the moment of the download
LISTED = re.compile(r"^- ", re.MULTILINE)
WARNED = re.compile(r"\s*\[(?:draft|private|draft/private)\]$")
NAMED = re.compile(r"^(?P<title>.*?)\s*\[(?P<reference>[^\[\]]*)\]$", re.DOTALL)
HINTED = re.compile(r"(required|optional)\b.*:", re.IGNORECASE)
PEOPLE = frozenset(
    [
        "created_by",
        "created_by_id",
        "updated_by",
        "updated_by_id",
        "manager",
        "manager_id",
        "user",
        "user_id",
        "users",
        "user_name",
        "email",
        "last_modified_user_id",
        "assigned_user",
        "relationship_updated_by_id",
    ]
)
PAST = frozenset(  # read past: how IMPACT OSS keeps its rows, or what a register has no field for
    [
        "updated_at",
        "created_at",
        "is_archive",
        "is_current",
        "is_official",
        "framework_id",
        "framework",
        "frameworks",
        "support_level",
        "notify",
        "public_api",
        "relationship_updated_at",
        "document_public",
        "parent_id",
        "frequency_months",
        "repeat",
        "start_date",
        "end_date",
        "due_date_id",
        "description",
        "response",
        "indicator_summary",
        "target_date_comment",
        "code",
    ]
)


class Kind(StrEnum):
    """The files that are read, by what they list."""

    RECOMMENDATIONS = "recommendations"
    ACTIONS = "actions"
    INDICATORS = "indicators"
    REPORTS = "progress_reports"


NAMES = {  # of files, without their stamp, and of what a link leads to
    "recommendations": Kind.RECOMMENDATIONS,
    "recommendation": Kind.RECOMMENDATIONS,
    "actions": Kind.ACTIONS,
    "action": Kind.ACTIONS,
    "measures": Kind.ACTIONS,
    "measure": Kind.ACTIONS,
    "indicators": Kind.INDICATORS,
    "indicator": Kind.INDICATORS,
    "progress_reports": Kind.REPORTS,
    "reports": Kind.REPORTS,
}
LEFT = frozenset({"users", "user_roles", "roles", "user_categories", "pages", "bookmarks"})
_COMMON = frozenset({"id", "reference", "title", "draft", "private"})
USED: Mapping[Kind, frozenset[str]] = {
    Kind.RECOMMENDATIONS: _COMMON | {"accepted"},
    Kind.ACTIONS: _COMMON | {"target_date", "outcome"},
    Kind.INDICATORS: _COMMON,
    Kind.REPORTS: _COMMON | {"description", "indicator_id", "document_url", "created_at"},
}


@dataclass(frozen=True)
class Entry:
    """A row of a file: its reference, its cells by machine name, and what it is linked with."""

    row: int
    reference: str
    cells: Mapping[str, str]
    links: Mapping[Kind, tuple[str, ...]]

    @property
    def is_public(self) -> bool:
        """Whether IMPACT OSS shows it to everybody."""
        return not any(is_true(self.cells.get(name, "")) for name in ("draft", "private"))


@dataclass(frozen=True)
class ImpactFile:
    """A file of one kind: its table under machine names, its entries, its category columns."""

    kind: Kind
    table: SourceTable
    entries: tuple[Entry, ...]
    categories: tuple[str, ...]
    people: tuple[str, ...]


@dataclass
class Folder:
    """The files of a folder, by kind, what was left out of it, and what is wrong."""

    files: dict[Kind, ImpactFile] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)


def read_folder(folder: Path) -> Folder:
    """The CSV files of a folder; a file that is none of the known kinds is a fault."""
    if not folder.is_dir():
        raise DefinitionError(folder, "there is no such folder.", "Name the folder of the files.")
    found = Folder()
    for path in sorted(folder.glob("*.csv")):
        stem = STAMP.sub("", path.stem).casefold()
        if stem in LEFT:
            found.left.append(path.name)
            continue
        kind = NAMES.get(re.sub(r"_\d+$", "", stem))
        if kind is None or kind in found.files:
            problem = "a file of this kind is there twice." if kind else "the file is not known."
            remedy = f"Name files as IMPACT OSS does: {', '.join(Kind)}; take out the others."
            found.faults.append(CellFault(path.name, problem, remedy))
            continue
        found.files[kind] = _file(
            kind, read_csv(read_bytes(path), path.name, skip=_is_hint), found.faults
        )
    if Kind.RECOMMENDATIONS not in found.files and Kind.ACTIONS not in found.files:
        remedy = "Download the lists of recommendations and actions as CSV into it."
        problem = "there are neither recommendations nor actions in it."
        found.faults.append(CellFault(folder.name, problem, remedy))
    return found


def is_true(cell: str) -> bool:
    """Whether a cell says yes."""
    return cell.strip().casefold() in ("true", "t", "1", "yes")


def titles(cell: str) -> list[str]:
    """What a cell of categories lists: the titles, without short names and marks."""
    lines = LISTED.sub("", cell).splitlines() if LISTED.match(cell) else [cell]
    plain = (NAMED.sub(r"\g<title>", WARNED.sub("", line.strip())) for line in lines)
    return [each for each in plain if each]


def references(cell: str) -> list[str]:
    """What a ``connected_…`` cell names: the references in brackets at the end of each line."""
    found = []
    for line in re.split(r"\n(?=- )", cell) if LISTED.match(cell) else [cell]:
        named = NAMED.match(WARNED.sub("", line.strip()))
        if named and named["reference"].strip():
            found.append(named["reference"].strip())
    return found


def _file(kind: Kind, table: SourceTable, faults: list[CellFault]) -> ImpactFile:
    names = [_machine(name) for name in table.header]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        problem = f"two columns are '{twice[0]}'."
        remedy = "Take one of them out."
        faults.append(table.fault(problem, remedy, table.header_row))
    table = SourceTable(
        table.file, tuple(names), table.places, table.header_row, table.rows, "", table.said
    )
    people = tuple(name for name in names if name in PEOPLE or "user" in name or "email" in name)
    links = {
        name: to for name in names if name not in people and (to := _leads_to(name)) is not None
    }
    known = {*USED[kind], *people, *PAST, *links}
    if "title" not in names or not {"id", "reference"} & set(names):
        problem = "there is no 'title', or neither 'id' nor 'reference'."
        remedy = "Download the list again with these columns."
        faults.append(table.fault(problem, remedy, table.header_row))
        return ImpactFile(kind, table, (), (), people)
    entries = tuple(_entries(table, names, links, people, faults))
    categories = tuple(name for name in names if name not in known)
    return ImpactFile(kind, table, entries, categories, people)


def _entries(
    table: SourceTable,
    names: list[str],
    links: Mapping[str, Kind],
    people: tuple[str, ...],
    faults: list[CellFault],
) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for row in table.rows:
        cells = {
            name: _plain(cell)
            for name, cell in zip(names, row.cells, strict=True)
            if name not in people
        }
        reference = cells.get("reference") or cells.get("id", "")
        if not reference or reference in seen:
            problem = "the row has neither an id nor a reference."
            if reference:
                problem = f"the reference '{shown(reference)}' stands in row {seen[reference]} too."
            remedy = "Give each row a reference of its own; links go by it."
            faults.append(table.fault(problem, remedy, row.number))
            continue
        seen[reference] = row.number
        linked: dict[Kind, tuple[str, ...]] = {}
        for name, to in links.items():
            apart = references if name.startswith("connected_") or "[" in cells[name] else _commas
            linked[to] = (*linked.get(to, ()), *apart(cells[name]))
        yield Entry(row.number, reference, cells, linked)


def _machine(name: str) -> str:
    found = MACHINE.search(name)
    if found:
        return found["name"] or f"rel_{found['rel']}"
    return name.strip()


def _leads_to(name: str) -> Kind | None:
    """To what a column of links leads; it may name a framework, as ``connected_un_actions``."""
    if not name.startswith(("connected_", "rel_")) and name != "indicator_id":
        return None
    words = re.split(r"[^a-z]+", name.casefold())
    return next((NAMES[word] for word in words if word in NAMES), None)


def _is_hint(cells: tuple[Content, ...]) -> bool:
    """The second row of a template says what each column wants."""
    filled = [str(cell) for cell in cells if cell]
    return bool(filled) and all(map(HINTED.match, filled[:2]))


def _plain(cell: object) -> str:
    """A cell as it was before its download: a quote in front of a plus is none of the text."""
    text = "" if cell is None else str(cell).strip()
    return text[1:] if text.startswith("'+") else text


def _commas(cell: str) -> list[str]:
    return [each.strip() for each in cell.split(",") if each.strip()]
