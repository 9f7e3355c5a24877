"""What a list changes, as a page or a command shows it before anything is taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from waymark.exchange.incoming import (
    CellFault,
    Change,
    Difference,
    Incoming,
    plainly,
    row_key,
    told_of,
)
from waymark.exchange.pledges.lists import WRITTEN, Reading
from waymark.exchange.pledges.rows import Part
from waymark.exchange.source_tables import SourceTable, seen
from waymark.plans.register import KINDS
from waymark.reading import Value

SOURCE = "pledge-list"
Documents = Mapping[str, Mapping[str, dict[str, Any]]]


def incoming_of(
    reading: Reading,
    table: SourceTable,
    stands: Documents,
    wanted: Callable[[str, Value], bool] = lambda kind, value: True,
) -> Incoming:
    """The changes of a reading against the documents that stand, with the cell of each field.

    What is not ``wanted`` is left out.
    """
    changes = tuple(_changes(reading, table, stands, wanted)) if not reading.faults else ()
    return Incoming(
        source=SOURCE,
        changes=changes,
        faults=tuple(
            CellFault(
                cell=each.address or each.file,
                problem=plainly(seen(": ".join(filter(None, (each.name, each.problem))))),
                remedy=plainly(seen(each.remedy)),
            )
            for each in reading.faults
        ),
        notes=tuple(told_of(each) for each in reading.said),
    )


def _changes(
    reading: Reading,
    table: SourceTable,
    stands: Documents,
    wanted: Callable[[str, Value], bool],
) -> Iterator[Change]:
    for kind in WRITTEN:
        values = reading.register.of_kind(kind)
        for slug in reading.touched.get(kind, ()):
            if not wanted(kind, values[slug]):
                continue
            document = values[slug].model_dump(mode="json")
            base = stands.get(kind, {}).get(slug)
            cells = dict(_cells(kind, slug, document, reading, table))
            differences = tuple(_differences(kind, base or {}, document, cells))
            if differences:
                yield Change(
                    kind=kind,
                    subject=slug,
                    document=document,
                    base=base,
                    cells=cells,
                    differences=differences,
                )


def _cells(
    kind: str, slug: str, document: Mapping[str, Any], reading: Reading, table: SourceTable
) -> Iterator[tuple[str, str]]:
    """The cell of each field, by its dotted path; first that of the row."""
    origins = reading.origins or {}
    part = origins.get((kind, slug))
    if part is None:
        return
    yield "id", _address(table, (part.row, ""))
    yield from ((name, _address(table, cell)) for name, cell in part.cells.items() if name)
    for name in ("steps", "partners"):
        for row in document.get(name, ()):
            inner = origins.get((name, f"{slug} {row.get('id') or row.get('actor')}"))
            if isinstance(inner, Part):
                for field, cell in inner.cells.items():
                    yield f"{name}.{row_key(row)}.{field}", _address(table, cell)


def _address(table: SourceTable, cell: tuple[int, str]) -> str:
    return table.fault("", "", cell[0] or None, cell[1]).address


def _differences(
    kind: str, base: Mapping[str, Any], document: Mapping[str, Any], cells: Mapping[str, str]
) -> Iterator[Difference]:
    for name, field in KINDS[kind].model_fields.items():
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        before, after = base.get(name, default), document.get(name)
        if name == "steps":
            yield from _of_steps(list(before or ()), list(after or ()), cells)
        elif name != "id" and _shown(before) != _shown(after):
            cell = cells.get(name) or next(
                (held for path, held in cells.items() if path.startswith(f"{name}.")), ""
            )
            yield Difference(path=(name,), cell=cell, before=_shown(before), after=_shown(after))


def _of_steps(
    before: list[dict[str, Any]], after: list[dict[str, Any]], cells: Mapping[str, str]
) -> Iterator[Difference]:
    stood = {each["id"]: each for each in before}
    for step in after:
        old = stood.get(step["id"], {})
        for name in ("what", "due", "forum", "value", "dropped", "dropped_because"):
            if _shown(old.get(name)) != _shown(step.get(name)):
                yield Difference(
                    path=("steps", step["id"], name),
                    cell=cells.get(f"steps.{row_key(step)}.{name}", ""),
                    before=_shown(old.get(name)),
                    after=_shown(step.get(name)),
                )


def _shown(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, list | tuple):
        return ", ".join(
            f"{each['actor']} ({each['role']})" if isinstance(each, dict) else str(each)
            for each in value
        )
    return str(value)
