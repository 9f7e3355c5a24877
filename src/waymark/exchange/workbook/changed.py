"""A register with what a file changes in it, checked as a whole before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from waymark.compact.framework import Framework
from waymark.exchange.incoming import CellFault, Change, Incoming, field_of, plainly
from waymark.plans.forums import Forum
from waymark.plans.register import KINDS, Fault, Register, faults
from waymark.reading import Value


def changed_register(
    incoming: Incoming,
    register: Register,
    framework: Framework,
    forums: Mapping[str, Forum],
    series: Iterable[str],
) -> tuple[Register, list[CellFault]]:
    """The register with every change of a file, and what is wrong with it, by cell.

    New things get a number of their own where the file gives them no identifier. The register is
    worth nothing where there are faults.
    """
    found: list[CellFault] = []
    held = {kind: dict(register.of_kind(kind)) for kind in KINDS}
    changes: dict[tuple[str, str], Change] = {}
    for change in incoming.changes:
        subject = change.subject or _free(change, held[change.kind])
        try:
            value = KINDS[change.kind].model_validate({**change.document, "id": subject})
        except ValidationError as error:
            found += _in_the_cells(change, error)
            continue
        held[change.kind][subject] = value
        changes[change.kind, subject] = change
    changed = Register(**held)  # type: ignore[arg-type]
    before = set(faults(register, framework, forums, series))
    for fault in faults(changed, framework, forums, series):
        if fault not in before:
            found.append(_in_a_cell(fault, changes))
    return changed, found


def _free(change: Change, held: Mapping[str, Value]) -> str:
    stem = str(change.document.get("place") or change.kind).lower()
    number = len(held) + 1
    while f"{stem}-{number}" in held:
        number += 1
    return f"{stem}-{number}"


def _in_the_cells(change: Change, error: ValidationError) -> list[CellFault]:
    found = []
    for each in error.errors(include_url=False):
        where = ".".join(str(part) for part in each["loc"])
        said = each["msg"].removeprefix("Value error, ").rstrip(".")
        cell = change.cell_of(field_of(change.document, where))
        found.append(CellFault(cell=cell, problem=plainly(f"{said}."), remedy=plainly("")))
    return found


def _in_a_cell(fault: Fault, changes: Mapping[tuple[str, str], Change]) -> CellFault:
    owner, _, inner = fault.id.partition(" ")
    kind = next((each for each in KINDS if (each, owner) in changes and each == fault.kind), "")
    change = changes.get((kind, owner)) or changes.get(("commitments", owner))
    field = f"{fault.kind}.{inner}.{fault.field}" if inner else fault.field
    cell = change.cell_of(field) if change is not None else fault.id
    return CellFault(cell=cell, problem=plainly(f"{fault.problem}."), remedy=plainly(fault.remedy))
