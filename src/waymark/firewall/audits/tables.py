"""Tables of bodies and arrangements as columns of text, of any size, with the place of each row.

Whatever they were written in (YAML, CSV, Parquet), they are read and checked by columns, never row
by row, so that ten million rows take seconds. Only an error looks for the line that it is on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter, ValidationError

from waymark.exceptions import DefinitionError, WaymarkError
from waymark.firewall.domain import FirewallError
from waymark.reading import Value, line_at

Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Row = dict[str, Any]
Fault = Callable[[int | None, str | None, str, str], WaymarkError]
FORM = "docs/reference/definitions.md shows the form."


@dataclass(frozen=True)
class Table:
    """The rows of one table. Blanks around a text do not count, and an empty text is none.

    ``fault`` makes the error for a row and a column; ``fetch`` gives whole rows by their numbers.
    Of a Parquet ``file``, long columns that are only looked up or shown stay on disk.
    """

    model: type[Value]
    texts: pa.Table
    rows: int
    fault: Fault
    fetch: Callable[[list[int]], list[Row]]
    file: Path | None = None

    def ask(self, query: str, **others: pa.Table) -> dict[str, npt.NDArray[Any]]:
        """The columns that a query over ``given``, this table with numbered rows, comes to."""
        try:
            with connection() as engine:
                for name, table in others.items():
                    engine.register(name, table)
                if self.file is None:
                    rows = pa.array(np.arange(self.rows, dtype=np.int32))
                    engine.register("given", self.texts.append_column("row", rows))
                else:
                    quoted = str(self.file).replace("'", "''")
                    source = f"read_parquet('{quoted}', file_row_number = true)"
                    engine.execute(
                        "create temp view given as "
                        f"select *, file_row_number::integer as row from {source}"
                    )
                return engine.sql(query).fetchnumpy()
        except duckdb.Error:
            raise self.fault(None, None, "it cannot be read.", "Write it anew, as text.") from None

    def refuse_blanks(self, *names: str) -> None:
        """Refuse a row that has nothing in one of these columns."""
        asked = ", ".join(f"coalesce(min(row) filter ({blank(it)}), -1) as {it}" for it in names)
        for name, row in self.ask(f"select {asked} from given").items():
            if row[0] >= 0:
                raise self.fault(int(row[0]), name, f"'{name}' is missing.", FORM)

    def column(self, name: str) -> pa.ChunkedArray:
        """A column of text."""
        if name in self.texts.column_names:
            return self.texts[name]
        return pa.chunked_array([pa.nulls(self.rows, pa.string())])

    def parsed(self, name: str) -> tuple[list[Any], Codes]:
        """The different values of a column as the model reads them, and which one each row has."""
        if name not in self.texts.column_names:
            return [_reader(self.model, name)(None)], np.zeros(self.rows, dtype=np.int32)
        column = self.column(name)
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        encoded = column.unify_dictionaries().combine_chunks()
        words = [*encoded.dictionary.to_pylist(), None]
        codes = encoded.indices.fill_null(len(words) - 1).to_numpy().astype(np.int32, copy=False)
        read = _reader(self.model, name)
        values = []
        for code, word in enumerate(words):
            problem = None
            try:
                values.append(read(None if word is None or not word.strip() else word))
            except ValueError as error:
                problem = str(error)
            if problem is not None:
                values.append(None)
                self.refuse(codes == code, name, problem, FORM)
        return values, codes

    def refuse(self, wrong: Mask, column: str, problem: str, remedy: str) -> None:
        """Raise the error for the first row that is wrong, if any is."""
        row = first(wrong)
        if row is not None:
            raise self.fault(row, column, problem, remedy)

    def values(self, rows: Iterable[int]) -> dict[int, Any]:
        """Some rows as values of the model."""
        wanted = sorted(set(rows))
        found = self.fetch(wanted) if wanted else []
        return {row: self._value(row, each) for row, each in zip(wanted, found, strict=True)}

    def _value(self, row: int, texts: Row) -> Any:
        given = {name: text for name, text in texts.items() if text is not None and text != ""}
        try:
            return self.model.model_validate(given)
        except ValidationError as error:  # what looking at columns alone does not find
            wrong = error.errors(include_url=False)[0]
            name = str(wrong["loc"][0]) if wrong["loc"] else None
            raise self.fault(row, name, _problem(wrong["msg"]), FORM) from None


def blank(name: str) -> str:
    """The condition that a column holds nothing but blanks; what begins with a letter is quick."""
    trimmed = f"trim({name}::varchar, ' ' || chr(9) || chr(10) || chr(13)) = ''"
    return f"case when {name}::varchar >= '!' then false else coalesce({trimmed}, true) end"


def first(wrong: Mask) -> int | None:
    """The number of the first row that is wrong."""
    row = int(np.argmax(wrong)) if len(wrong) else 0
    return row if len(wrong) and wrong[row] else None


def is_blank(texts: pa.ChunkedArray) -> Mask:
    """Which texts are none, empty or blanks."""
    nothing = pc.or_(pc.equal(pc.binary_length(texts), 0), pc.utf8_is_space(texts))
    found: Mask = pc.fill_null(nothing, True).to_numpy()
    return found


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def connection() -> duckdb.DuckDBPyConnection:
    """A connection of its own to the engine that asks questions of whole tables."""
    return _engine().cursor()


@lru_cache(maxsize=64)
def _reader(model: type[Value], name: str) -> Callable[[str | None], Any]:
    """How the model reads one field; None is a field that is not there."""
    field = model.model_fields[name]
    kind: Any = field.annotation
    if field.metadata:
        kind = Annotated.__class_getitem__((kind, *field.metadata))  # type: ignore[attr-defined]
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def read(word: str | None) -> Any:
        if word is None:
            if field.is_required():
                raise ValueError(f"'{name}' is missing.")
            return field.default
        try:
            return adapter.validate_python(word.strip())
        except ValidationError as error:
            shown = f"'{word[:60]}': " if len(word) <= 60 else ""
            problem = _problem(error.errors(include_url=False)[0]["msg"])
            raise ValueError(f"{shown}{problem}") from None

    return read


def _problem(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}."


def table_of(values: tuple[Value, ...], model: type[Value], fault: Fault) -> Table:
    """The table of values that are read already."""
    names = list(model.model_fields)
    given = [each.model_dump(mode="json") for each in values]
    columns = {name: pa.array([_text(row[name]) for row in given], pa.string()) for name in names}
    texts = pa.table(columns)

    def fetch(rows: list[int]) -> list[Row]:
        return [{name: _text(given[row][name]) for name in names} for row in rows]

    return Table(model, texts, len(values), fault, fetch)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return " ".join(map(str, value)) or None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value is not None and value != "" else None


def faults_in_yaml(path: Path, part: str) -> Fault:
    """Errors with the line of the value in a YAML file."""

    def fault(row: int | None, column: str | None, problem: str, remedy: str) -> WaymarkError:
        where: list[str | int] = [
            part,
            *([] if row is None else [row]),
            *([] if column is None else [column]),
        ]
        line = line_at(path, tuple(where))
        return DefinitionError(path, problem, remedy, line=line, column=column)

    return fault


def faults_in_value(part: str) -> Fault:
    """Errors of what lies in no file: the number of the row, from 1."""

    def fault(row: int | None, column: str | None, problem: str, remedy: str) -> WaymarkError:
        place = part if row is None else f"{part}, {row + 1}"
        return FirewallError(f"{place}{f', {column}' if column else ''}: {problem}", remedy)

    return fault
