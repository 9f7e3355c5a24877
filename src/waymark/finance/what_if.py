"""What if: other pledges, costs or terms, and what they would change in a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError
from waymark.finance.facility import NOTHING, Proposal
from waymark.plans.flows import Flow
from waymark.plans.forums import Forum
from waymark.plans.register import Register, faults
from waymark.reading import fault_in_row, read_rows


def supposing(register: Register, flows: Iterable[Flow]) -> Register:
    """The register with other flows: one with a known identifier stands in for that flow.

    With the amount 0 it takes the flow away.
    """
    return replace(register, flows={**register.flows, **{flow.id: flow for flow in flows}})


def read_supposed(
    path: Path,
    register: Register,
    framework: Framework,
    forums: Mapping[str, Forum],
    series: Iterable[str],
) -> Register:
    """The register with the flows of a file, which has the columns of ``flows.csv``.

    Raises a ``DefinitionError`` with file, line and column for a row that is wrong or leads
    nowhere.
    """
    flows, lines = _read(path)
    supposed = supposing(register, flows)
    for fault in faults(supposed, framework, forums, series):
        problem, column = f"{fault.id}: {fault.problem}.", f"column {fault.field}"
        line = lines.get(fault.id)
        raise DefinitionError(path, problem, fault.remedy, line=line, column=column)
    return supposed


def _read(path: Path) -> tuple[list[Flow], dict[str, int]]:
    """The flows of a file, and the line of each; none stands twice."""
    flows: list[Flow] = []
    lines: dict[str, int] = {}
    for line, row in read_rows(path, list(Flow.model_fields)):
        try:
            flow = Flow.model_validate({name: cell for name, cell in row.items() if cell != ""})
        except ValidationError as error:
            raise fault_in_row(path, error, line) from None
        if flow.id in lines:
            problem, remedy = f"'{flow.id}' is there twice.", "Remove one, or give each its own."
            raise DefinitionError(path, problem, remedy, line=line, column="column id")
        flows.append(flow)
        lines[flow.id] = line
    return flows, lines


@dataclass(frozen=True, slots=True)
class Difference:
    """What a proposal gives to a commitment in a year, and what another would.

    A gap is None where it is not known, or where the commitment has no such year there.
    """

    commitment: str
    year: int
    amount_before: Decimal
    amount_after: Decimal
    gap_before: Decimal | None
    gap_after: Decimal | None

    @property
    def change(self) -> Decimal:
        """How much more it would get; less, where it is negative."""
        return self.amount_after - self.amount_before


def differences(before: Proposal, after: Proposal) -> tuple[Difference, ...]:
    """What differs between two proposals: amounts, or what is missing after them; by year."""
    there, here = _by_need(before), _by_need(after)
    found = []
    for year, commitment in sorted({*there, *here}):
        was, would = (each.get((year, commitment), (NOTHING, None)) for each in (there, here))
        if was != would:
            found.append(Difference(commitment, year, was[0], would[0], was[1], would[1]))
    return tuple(found)


def _by_need(proposal: Proposal) -> dict[tuple[int, str], tuple[Decimal, Decimal | None]]:
    """What each need gets, and what is missing then."""
    amounts = {(each.need.year, each.need.commitment): each.amount for each in proposal.proposed}
    found = {}
    for need in proposal.needs:
        key = need.year, need.commitment
        amount = amounts.get(key, NOTHING)
        found[key] = amount, None if need.gap is None else need.gap - amount
    return found
