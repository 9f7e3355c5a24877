"""What IMPACT OSS links: actions to recommendations, reports to actions by way of indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from waymark.exchange.impact_oss.tables import Entry, Folder, Kind, is_true
from waymark.exchange.source_tables import CellFault, shown
from waymark.plans.commitments import MOST_STEPS

LONGEST_STEP = 300  # letters of what a step is about
By = Mapping[str, tuple[Entry, ...]]


@dataclass(frozen=True)
class Links:
    """What belongs together, by reference, in the order of the files."""

    accepted: tuple[Entry, ...]
    noted: int
    hidden: int
    steps: By  # the actions that become steps, by recommendation
    alone: tuple[Entry, ...]  # the actions that become commitments of their own
    recommended: By  # the recommendations of an action, accepted or not
    reports: By  # the reports on an action


def links_of(folder: Folder, faults: list[CellFault]) -> Links:
    """The links in a folder; one that leads nowhere is a fault, where its file is there."""
    recommendations = _Index(folder, Kind.RECOMMENDATIONS)
    actions = _Index(folder, Kind.ACTIONS)
    indicators = _Index(folder, Kind.INDICATORS)
    reports = _Index(folder, Kind.REPORTS)
    of_action = _pairs(actions, recommendations, faults)
    measured = _pairs(actions, indicators, faults)
    told = _pairs(indicators, reports, faults)
    public = [each for each in recommendations.entries if each.is_public]
    accepted = tuple(each for each in public if is_true(each.cells.get("accepted", "")))
    names = {each.reference for each in accepted}
    shown_actions = [each for each in actions.entries if each.is_public]
    steps: dict[str, list[Entry]] = {}
    alone = []
    for action in shown_actions:
        served = [each for each in of_action.get(action.reference, ()) if each in names]
        full = any(len(steps.get(each, ())) == MOST_STEPS for each in served)
        if served and not full and may_be_step(action):
            for each in served:
                steps.setdefault(each, []).append(action)
        else:
            alone.append(action)
    return Links(
        accepted=accepted,
        noted=len(public) - len(accepted),
        hidden=sum(
            1
            for index in (recommendations, actions, reports)
            for each in index.entries
            if not each.is_public
        ),
        steps={key: tuple(held) for key, held in steps.items()},
        alone=tuple(alone),
        recommended={
            key: tuple(recommendations.by_reference[each] for each in held)
            for key, held in of_action.items()
        },
        reports={
            action: tuple(
                reports.by_reference[each]
                for each in dict.fromkeys(report for one in held for report in told.get(one, ()))
                if reports.by_reference[each].is_public
            )
            for action, held in measured.items()
        },
    )


def may_be_step(action: Entry) -> bool:
    """Whether an action has what a step has: a day, and few words."""
    title = action.cells["title"]
    return bool(action.cells.get("target_date")) and 0 < len(title) <= LONGEST_STEP


class _Index:
    """The entries of a file by reference, and by the number that IMPACT OSS gave them."""

    def __init__(self, folder: Folder, kind: Kind) -> None:
        self.kind = kind
        self.file = folder.files.get(kind)
        self.entries = self.file.entries if self.file else ()
        self.by_reference = {each.reference: each for each in self.entries}
        self.by_id = {each.cells["id"]: each for each in self.entries if each.cells.get("id")}

    def find(self, name: str, *, by_id: bool) -> Entry | None:
        """An entry as a link names it."""
        first, second = (
            (self.by_id, self.by_reference) if by_id else (self.by_reference, self.by_id)
        )
        return first.get(name) or second.get(name)


def _pairs(one: _Index, other: _Index, faults: list[CellFault]) -> dict[str, list[str]]:
    """The references of ``other`` by those of ``one``, from the links of both files."""
    found: dict[str, list[str]] = {}
    for left, right in (
        *_found(one, other, faults),
        *(p[::-1] for p in _found(other, one, faults)),
    ):
        held = found.setdefault(left, [])
        if right not in held:
            held.append(right)
    return found


def _found(one: _Index, other: _Index, faults: list[CellFault]) -> Iterator[tuple[str, str]]:
    if one.file is None or other.file is None:
        return
    by_id = one.kind is Kind.REPORTS
    for entry in one.entries:
        for name in entry.links.get(other.kind, ()):
            linked = other.find(name, by_id=by_id)
            if linked is not None:
                yield entry.reference, linked.reference
                continue
            problem = f"it is linked with '{shown(name)}', which {other.file.table.file} has not."
            remedy = "Download both lists at the same moment, with nothing selected."
            faults.append(one.file.table.fault(problem, remedy, entry.row))
