"""A file of IATI activities into a register: commitments, steps, reports, money, organisations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from waymark.compact.loading import DEFINITIONS
from waymark.exchange.iati.activities import Activity
from waymark.exchange.iati.commitments import NO_PLACE, Taking, pledge_of
from waymark.exchange.iati.money import add_money
from waymark.exchange.iati.parsing import Seen
from waymark.exchange.iati.progress import add_progress
from waymark.exchange.iati.reading import Found, read_activities
from waymark.exchange.pledges.cells import CellReader
from waymark.exchange.pledges.lists import Reading, Surroundings, join_pledges
from waymark.exchange.pledges.mappings import PledgeMapping
from waymark.exchange.pledges.rows import Pledge, PledgeRows
from waymark.exchange.registry.reading import Recipient
from waymark.exchange.source_tables import CellFault, SourceTable, shown
from waymark.indicators.series import Series
from waymark.plans.vocabulary import ActorKind
from waymark.reading import read_table
from waymark.words import Sentence, folded

PREFIX = "iati"
RECIPIENTS = DEFINITIONS / "finance" / "recipients.csv"


def load_recipients() -> dict[str, str]:
    """Our places by the codes of countries and regions that IATI uses."""
    return {each.code: each.place for each in read_table(RECIPIENTS, Recipient) if each.place}


def read_register(
    path: Path,
    taking: Taking,
    around: Surroundings,
    series: Mapping[str, Series],
    as_of: date,
    *,
    seen: Seen = lambda read: None,
) -> Reading:
    """The activities of a file read against what stands already.

    Raises a ``DefinitionError`` where the file is broken. What is left out is counted in
    ``taking.left``, and said.
    """
    faults: list[CellFault] = []
    taken: list[tuple[Activity, Pledge]] = []
    for found in _of_the_place(path, taking, as_of, seen, faults):
        pledge = pledge_of(found, taking)
        add_progress(found.activity, pledge, taking, series, around.forums, as_of)
        taken.append((found.activity, pledge))
    pledges = [pledge for _, pledge in taken]
    names = {each.name for each in around.register.actors.values()}
    names.update(name for pledge in pledges for name in pledge.organisations)
    known = {folded(name) for name in names}
    for activity, pledge in taken:
        add_money(activity, pledge, taking, known)
    table = SourceTable(path.name, ("reference",), (0,), 1, ())
    mapping = _mapping()
    reader = CellReader(mapping, around.framework)
    rows = PledgeRows(table, mapping, reader)
    for pledge in pledges:
        rows.complete(pledge)
    reading = join_pledges(rows, pledges, reader, around)
    return replace(
        reading,
        faults=(*faults, *dict.fromkeys(map(_by_line, reading.faults))),
        said=(*reading.said, *_said(taking)),
    )


def _of_the_place(
    path: Path, taking: Taking, as_of: date, seen: Seen, faults: list[CellFault]
) -> Iterator[Found]:
    """The activities for the place, each with an identifier of its own."""
    first: dict[str, int] = {}
    for found in read_activities(path, as_of, seen):
        if not taking.is_here(found.activity):
            taking.left[NO_PLACE] += 1
            continue
        problem = _why_not(found, first)
        if problem:
            remedy = "Ask its publisher to give each activity an identifier of its own."
            faults.append(CellFault(path.name, problem, remedy))
            continue
        first[found.activity.id] = found.line or 0
        yield found


def kinds_of(given: Iterable[str]) -> dict[str, ActorKind]:
    """What types of organisations are, from words such as ``10=ministry``."""
    found = {}
    for each in given:
        code, sign, kind = each.partition("=")
        if not sign or kind not in list(ActorKind):
            raise ValueError(
                f"'{each}' is not such as 10=ministry; the kinds are: {', '.join(ActorKind)}"
            )
        found[code.strip()] = ActorKind(kind)
    return found


def _why_not(found: Found, first: Mapping[str, int]) -> str:
    if not found.activity.id:
        return f"line {found.line}: the activity has no identifier."
    if found.activity.id in first:
        name = shown(found.activity.id)
        return f"line {found.line}: '{name}' stands in line {first[found.activity.id]} too."
    return ""


def _by_line(fault: CellFault) -> CellFault:
    """A fault by the line of its activity: XML has neither rows nor columns."""
    remedy = fault.remedy
    if "actors.kind" in remedy:
        remedy = "Say what its type is with --kind, such as --kind 10=ministry; or enter it first."
    return CellFault(fault.file, f"line {fault.row}: {fault.problem}", remedy)


def _said(taking: Taking) -> Iterable[Sentence]:
    for reason, count in taking.left.items():
        if count:
            yield Sentence("Left out: {count} × {reason}.", count=count, reason=Sentence(reason))


def _mapping() -> PledgeMapping:
    """What activities share, as if they were a list of pledges."""
    return PledgeMapping.model_validate(
        {
            "title": "IATI",
            "prefix": PREFIX,
            "columns": {"reference": "reference", "what": "commitments.what"},
            "constants": {"commitments.place": "001", "commitments.origin": "other"},
        }
    )
