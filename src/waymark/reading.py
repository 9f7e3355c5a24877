"""Read definitions and tables strictly: one model a file, errors with file, line and remedy.

YAML scalars are all read as text and turned into numbers, dates and answers by the model, so that
Norway (``NO``) stays a country and target ``10.10`` keeps its zero.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from waymark.exceptions import DefinitionError

M = TypeVar("M", bound=BaseModel)
Position = tuple[str | int, ...]
DEEPEST = 40  # levels of a YAML file; the reader beneath breaks the program on very deep ones


class Value(BaseModel):
    """A frozen, self-checking value: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def read_text(path: Path) -> str:
    """The text of a file that must be UTF-8; a byte-order mark and CRLF are accepted."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DefinitionError(
            path, "the file is missing.", "Restore it, or correct the name."
        ) from None
    except OSError as error:
        remedy = "Check that it is a file that you may read."
        raise DefinitionError(path, f"the file cannot be read: {error.strerror}.", remedy) from None
    return _decoded(content, path)


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        remedy = "Save the file as UTF-8."
        raise DefinitionError(path, "this is not UTF-8 text.", remedy, line=line) from None


def read_yaml(path: Path, model: type[M]) -> M:
    """One YAML file as one value of ``model``, or a ``DefinitionError`` at the line at fault."""
    return _value_in(read_text(path), path, model)


def yaml_in(content: bytes, name: str, model: type[M]) -> M:
    """The bytes of a YAML file as ``read_yaml`` reads them; ``name`` is what errors call it."""
    return _value_in(_decoded(content, Path(name)), Path(name), model)


def _value_in(text: str, path: Path, model: type[M]) -> M:
    try:
        _check_form(text)
        raw = yaml.load(text, Loader=_StrictLoader)  # a safe loader: every scalar is text
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(filter(None, [error.context, error.problem]))
        remedy = "Correct the YAML at this line; look at a neighbouring file for the form."
        line = mark.line + 1 if mark else None
        raise DefinitionError(path, f"{problem}.", remedy, line=line) from None
    except (yaml.YAMLError, RecursionError) as error:
        detail = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise DefinitionError(path, f"{detail}.", "Correct the file.") from None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False)
        unknown = [each for each in found if each["type"] == "extra_forbidden"]
        _fail(path, text, [*unknown, *found][0])  # a misspelt field explains a missing one


def _check_form(text: str) -> None:
    """Refuse what costs a reader far more than its writer: deep nesting, and parts by reference."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        problem = "it is nested too deeply" if depth > DEEPEST else ""
        if isinstance(event, yaml.AliasEvent):
            problem = "a part of another place (*) is not taken; write it out"
        if problem:
            mark = cast(yaml.Mark, event.start_mark)  # the stubs know of two kinds
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def read_table(path: Path, model: type[M]) -> list[M]:
    """Every row of a CSV file as a value of ``model``; the header must name its fields exactly.

    An empty cell is an absent value. Nothing is returned unless every row is right.
    """
    wanted = list(model.model_fields)
    rows = []
    for line, row in read_rows(path, wanted):
        given = {column: cell for column, cell in row.items() if cell != ""}
        try:
            rows.append(model.model_validate(given))
        except ValidationError as error:
            raise fault_in_row(path, error, line) from None
    return rows


def fault_in_row(path: Path, error: ValidationError, line: int) -> DefinitionError:
    """What is wrong with a row of a table, with its line, its column and the remedy."""
    first = error.errors(include_url=False)[0]
    column = str(first["loc"][0]) if first["loc"] else None
    remedy = "Correct the row; the other rows of the table show the form."
    return DefinitionError(path, f"{problem_of(first)}.", remedy, line=line, column=_column(column))


def read_rows(path: Path, wanted: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their line numbers, as text, blanks stripped.

    The header must hold the ``wanted`` columns, each once, in any order, and no other.
    """
    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(path, header, wanted)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problem = f"the row has {len(cells)} cells, the header has {len(header)}."
                remedy = "Add or remove cells; quote a cell that holds a comma."
                raise DefinitionError(path, problem, remedy, line=reader.line_num)
            yield reader.line_num, dict(zip(header, map(str.strip, cells), strict=True))
    except csv.Error as error:
        remedy = "Check the quotation marks and the separators of this row."
        raise DefinitionError(path, f"{error}.", remedy, line=reader.line_num) from None


def _check_header(path: Path, header: list[str], wanted: list[str]) -> None:
    missing = [name for name in wanted if name not in header]
    unknown = [name for name in header if name not in wanted]
    twice = sorted({name for name in header if header.count(name) > 1})
    for problem, names in (
        ("is missing", missing),
        ("is not known", unknown),
        ("is there twice", twice),
    ):
        if names:
            remedy = f"The columns are: {', '.join(wanted)}."
            raise DefinitionError(path, f"the column {', '.join(names)} {problem}.", remedy, line=1)


def _column(name: str | None) -> str | None:
    return f"column {name}" if name else None


class _StrictLoader(yaml.CBaseLoader):
    """Every scalar is text; a key may stand once in a mapping; no anchors that loop."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be plain text", key_node.start_mark
                )
            if key_node.value in seen:
                problem = f"'{key_node.value}' is there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


def _fail(path: Path, text: str, error: ErrorDetails) -> NoReturn:
    where: Position = error["loc"]
    named = ".".join(str(part) for part in where if not str(part).startswith("function-"))
    raise DefinitionError(
        path,
        f"{problem_of(error)}.",
        "Look at a neighbouring file for the form, or at docs/reference/definitions.md.",
        line=_line(text, where),
        column=named or None,
    ) from None


def fault_of(error: ValidationError) -> str:
    """What is wrong with a value and where in it, in one phrase."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {problem_of(first)}" if where else problem_of(first)


def problem_of(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ").rstrip(".")
    if error["type"] == "extra_forbidden":
        return f"'{error['loc'][-1]}' is not a known field"
    if error["type"] == "missing":
        return f"'{error['loc'][-1]}' is missing"
    given = error["input"]
    if isinstance(given, str) and len(given) < 60:
        return f"'{given}': {message[:1].lower()}{message[1:]}"
    return message[:1].lower() + message[1:]


def line_of(path: Path, words: str) -> int | None:
    """The first line of a text file that holds ``words`` as a whole value, counted from 1."""
    whole = re.compile(rf"(?<![\w.:-]){re.escape(words)}(?![\w.:-])")
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        if whole.search(text):
            return line
    return None


def line_at(path: Path, where: Position) -> int | None:
    """The line of a YAML file on which the value at a position begins."""
    return _line(read_text(path), where)


def _line(text: str, where: Position) -> int | None:
    """The line on which the value at ``where`` begins (or its nearest enclosing value)."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    if node is None:
        return 1
    line = int(node.start_mark.line) + 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(part)]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line + 1
        elif (
            isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value)
        ):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
