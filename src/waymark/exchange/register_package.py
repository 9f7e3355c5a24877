"""The register package: a whole register as CSV files with ``datapackage.json``, in and out.

One file a kind, one row a value; the steps and partners of commitments have files of their own.
A list in a cell is words between blanks. All of a package is read, or none of it.
"""

from __future__ import annotations

import csv
import io
import json
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import DefinitionError
from waymark.plans.commitments import Commitment, Partner, Step
from waymark.plans.forums import Forum
from waymark.plans.register import KINDS, Fault, Register, faults
from waymark.reading import Value, fault_in_row, read_rows

INSIDE: dict[str, type[Value]] = {
    "partners": Partner,
    "steps": Step,
}  # tables of what commitments hold
OWNER = "commitment"
PROFILE = "tabular-data-package"
STARTER = DEFINITIONS / "register"  # the checked facts that ship
Rows = dict[str, dict[str, int]]  # the line of each value, by kind and identifier


def read_package(
    folder: Path, framework: Framework, forums: Mapping[str, Forum], series: Mapping[str, object]
) -> Register:
    """A register from a folder; a kind without a file is empty.

    Raises a ``DefinitionError`` with file, line and column for the first thing that is wrong, be
    it in a row or a reference that leads nowhere.
    """
    if not folder.is_dir():
        raise DefinitionError(folder, "there is no such folder.", "Name the folder of a package.")
    known = {*(f"{kind}.csv" for kind in (*KINDS, *INSIDE)), "datapackage.json"}
    strangers = sorted(found.name for found in folder.glob("*.csv") if found.name not in known)
    if strangers:
        remedy = f"A package holds: {', '.join(sorted(known))}."
        raise DefinitionError(folder / strangers[0], "this file is not of a package.", remedy)
    lines: Rows = {}
    inner = {
        name: _inside(folder / f"{name}.csv", name, model, lines) for name, model in INSIDE.items()
    }
    values = {
        kind: _values(
            folder / f"{kind}.csv", kind, model, inner if model is Commitment else {}, lines
        )
        for kind, model in KINDS.items()
    }
    _check_owners(folder, inner, values["commitments"])
    register = Register(**values)  # type: ignore[arg-type]
    for fault in faults(register, framework, forums, series):
        raise _as_error(folder, fault, lines)
    return register


def write_package(register: Register, folder: Path) -> None:
    """A register as a package: every file is written, an empty one with its header alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in package_files(register).items():
        (folder / name).write_text(content, encoding="utf-8", newline="")


def package_files(register: Register) -> dict[str, str]:
    """The files of a package by name, as text."""
    files = {}
    for kind, model in KINDS.items():
        rows = [_cells(each) for each in register.of_kind(kind).values()]
        files[f"{kind}.csv"] = _as_csv(_columns(model), rows)
    for name, inner in INSIDE.items():
        rows = [
            {OWNER: commitment.id, **_cells(each)}
            for commitment in register.commitments.values()
            for each in getattr(commitment, name)
        ]
        files[f"{name}.csv"] = _as_csv([OWNER, *_columns(inner)], rows)
    files["datapackage.json"] = json.dumps(descriptor(), indent=2) + "\n"
    return files


def descriptor() -> dict[str, Any]:
    """What ``datapackage.json`` says: every table with its columns, their types and their keys."""
    resources = [_resource(kind, model, ["id"], _columns(model)) for kind, model in KINDS.items()]
    for name, model in INSIDE.items():
        columns = [OWNER, *_columns(model)]
        resources.append(_resource(name, model, _key(model), columns))
    return {
        "name": "waymark-register",
        "title": "Waymark register",
        "profile": PROFILE,
        "resources": resources,
    }


def _values(
    path: Path, kind: str, model: type[Value], inner: Mapping[str, Any], lines: Rows
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for line, row in _rows(path, _columns(model)):
        given: dict[str, Any] = {name: cell for name, cell in row.items() if cell != ""}
        identifier = given.get("id", "")
        for name, by_owner in inner.items():
            given[name] = tuple(value for _, value in by_owner.get(identifier, ()))
        try:
            value = model.model_validate(given)
        except ValidationError as error:
            raise fault_in_row(path, error, line) from None
        if identifier in found:
            raise _twice(path, identifier, "id", lines[kind][identifier], line)
        found[identifier] = value
        lines.setdefault(kind, {})[identifier] = line
    return found


def _inside(
    path: Path, kind: str, model: type[Value], lines: Rows
) -> dict[str, list[tuple[int, Value]]]:
    found: dict[str, list[tuple[int, Value]]] = {}
    seen: dict[str, int] = {}
    for line, row in _rows(path, [OWNER, *_columns(model)]):
        key = _key(model)
        named = " ".join(row[column] for column in key)
        if named in seen:
            raise _twice(path, named, key[-1], seen[named], line)
        seen[named] = line
        owner = row.pop(OWNER)
        try:
            value = model.model_validate({name: cell for name, cell in row.items() if cell != ""})
        except ValidationError as error:
            raise fault_in_row(path, error, line) from None
        found.setdefault(owner, []).append((line, value))
        inner = row["id"] if "id" in row else row["actor"]
        lines.setdefault(kind, {}).setdefault(f"{owner} {inner}", line)
    return found


def _key(model: type[Value]) -> list[str]:
    """The columns that tell the rows of a table inside commitments apart."""
    return [OWNER, "id"] if "id" in model.model_fields else [OWNER, "actor", "role"]


def _twice(path: Path, named: str, column: str, first: int, line: int) -> DefinitionError:
    remedy = f"Line {first} has it too; remove one, or give each its own."
    problem = f"'{named}' is there twice."
    return DefinitionError(path, problem, remedy, line=line, column=f"column {column}")


def _check_owners(
    folder: Path,
    inner: Mapping[str, Mapping[str, list[tuple[int, Value]]]],
    commitments: Mapping[str, Value],
) -> None:
    for name, by_owner in inner.items():
        for owner, held in by_owner.items():
            if owner not in commitments:
                raise DefinitionError(
                    folder / f"{name}.csv",
                    f"there is no commitment '{owner}'.",
                    "Enter it in commitments.csv, or correct the name.",
                    line=held[0][0],
                    column=f"column {OWNER}",
                )


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    return read_rows(path, columns) if path.exists() else iter(())


def _as_error(folder: Path, fault: Fault, lines: Rows) -> DefinitionError:
    return DefinitionError(
        folder / f"{fault.kind}.csv",
        f"{fault.id}: {fault.problem}.",
        fault.remedy,
        line=lines.get(fault.kind, {}).get(fault.id),
        column=f"column {fault.field}",
    )


def _columns(model: type[BaseModel]) -> list[str]:
    return [name for name in model.model_fields if name not in INSIDE]


def _cells(value: Value) -> dict[str, str]:
    return {name: _cell(getattr(value, name)) for name in _columns(type(value))}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _as_csv(columns: list[str], rows: list[dict[str, str]]) -> str:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue()


def _resource(
    name: str, model: type[BaseModel], key: list[str], columns: list[str]
) -> dict[str, Any]:
    fields = [
        {"name": OWNER, "type": "string", "constraints": {"required": True}}
        if column == OWNER and column not in model.model_fields
        else _field(column, model)
        for column in columns
    ]
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": key, "missingValues": [""]},
    }


def _field(name: str, model: type[BaseModel]) -> dict[str, Any]:
    found = model.model_fields[name]
    kinds = _kinds(found.annotation)
    described: dict[str, Any] = {"name": name, "type": "string"}
    constraints: dict[str, Any] = {"required": True} if found.is_required() else {}
    for python, frictionless in (
        (bool, "boolean"),
        (Decimal, "number"),
        (date, "date"),
        (int, "integer"),
    ):
        if python in kinds:
            described["type"] = frictionless
            break
    choices = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, StrEnum)]
    if choices and tuple not in kinds:
        constraints["enum"] = [str(each) for each in choices[0]]
    if constraints:
        described["constraints"] = constraints
    return described


def _kinds(annotation: object) -> list[Any]:
    """The plain types inside an annotation such as ``date | None`` or ``tuple[X, ...]``."""
    origin = typing.get_origin(annotation)
    if origin is None:
        return [annotation]
    found = [origin] if origin is not types.UnionType else []
    for part in typing.get_args(annotation):
        found += _kinds(part)
    return found
