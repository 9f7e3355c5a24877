"""A release of counts: tables that meet the disclosure rules, as one document with its hash.

Records or ready counts go in; figures come out, each the true count with noise of at most a stated
bound, or withheld. No true count, key or noise is in what comes out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError, model_validator

from waymark.exceptions import DefinitionError
from waymark.firewall.counts.atoms import atoms_of
from waymark.firewall.counts.disclosure import (
    LEAST_FIGURE,
    LEAST_PEOPLE,
    LEAST_PROVIDERS,
    LEAST_SITES,
    MOST_OF_ONE,
    Disclosure,
    Role,
)
from waymark.firewall.counts.ledger import (
    WITHHELD,
    Entry,
    Ledger,
    PublishedTable,
    line_hash,
    secret_mark,
)
from waymark.firewall.counts.perturbation import NoiseTable, Secret, noise_table
from waymark.firewall.counts.protection import HIDDEN, Say, joined, protected, unprotected
from waymark.firewall.counts.records import Codes, read_records
from waymark.firewall.counts.specification import Specification, check_values
from waymark.firewall.counts.tabulation import ReadyCounts, Tabulator, TrueTable
from waymark.reading import Value, fault_of
from waymark.words import Names

FORM = "waymark-release/1"


class Method(Value):
    """How the figures were made: what a reader must know to use them."""

    noise_bound: int
    noise_variance: str
    noise_table: str
    least_figure: int
    least_people: int
    least_sites: int
    least_providers: int
    most_of_one: str

    @property
    def variance(self) -> Fraction:
        """The variance of the noise."""
        return Fraction(self.noise_variance)


class Release(Value):
    """The document of a release. ``ledger`` is the hash of its line in the ledger."""

    form: Literal["waymark-release/1"]
    population: str
    number: int
    title: Names
    series: str
    place: str
    period: str
    day: str
    method: Method
    reasons: dict[str, str]
    tables: tuple[PublishedTable, ...]
    ledger: str
    digest: str

    @model_validator(mode="after")
    def _as_stamped(self) -> Release:
        if self.digest != digest_of(self.model_dump(mode="json")):
            raise ValueError("the hash does not fit: the document was changed after its release")
        if self.method != method(noise_table()):
            raise ValueError("it was made by other rules or another noise table than ours")
        for table in self.tables:
            if any(it != WITHHELD and int(it) < LEAST_FIGURE for it in table.figures):
                raise ValueError(f"a figure is below {LEAST_FIGURE}")
        return self

    @property
    def withheld(self) -> int:
        """How many cells are withheld."""
        return sum(table.figures.count(WITHHELD) for table in self.tables)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return sum(len(table.figures) for table in self.tables)

    def as_json(self) -> bytes:
        """The document as it is filed and published."""
        return self.model_dump_json(indent=None).encode() + b"\n"


@dataclass(frozen=True)
class Prepared:
    """A release that passed every rule; it counts once its entry is in the ledger.

    ``entry`` is None where all its figures were published before.
    """

    document: Release
    entry: Entry | None


@dataclass(frozen=True)
class _Earlier:
    """A table of an earlier release, and the truth that it was made from."""

    published: Codes
    truth: TrueTable = field(repr=False)


def method(noise: NoiseTable) -> Method:
    """The method in force."""
    return Method(
        noise_bound=noise.bound,
        noise_variance=str(noise.variance),
        noise_table=noise.digest,
        least_figure=LEAST_FIGURE,
        least_people=LEAST_PEOPLE,
        least_sites=LEAST_SITES,
        least_providers=LEAST_PROVIDERS,
        most_of_one=str(MOST_OF_ONE),
    )


def digest_of(content: dict[str, object]) -> str:
    """The hash of a document, its own hash left out."""
    rest = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def prepare(
    path: Path,
    it: Specification,
    ledger: Ledger,
    secret: Secret,
    *,
    day: str,
    seconds: float,
    say: Say,
) -> Prepared:
    """Count, perturb, withhold and audit; raises an error or a ``RefusedError``, or all is well.

    Nothing is written here. ``path`` is the specification's; sources lie beside it.
    """
    noise = noise_table()
    ledger.check_secret(it.population, secret, noise.digest)
    entries = ledger.of(it.population)
    also = [each for entry in entries for table in entry.tables for each in table.columns]
    for each in also:
        if each.name not in it.columns or it.kind_of(each.name) != each.kind:
            problem = f"an earlier release of '{it.population}' has the column '{each.name}'."
            remedy = f"Declare it as '{each.kind}', so that this release is held against that one."
            raise DefinitionError(path, problem, remedy)
    names = tuple(dict.fromkeys([*it.used, *(each.name for each in also)]))
    say(f"Reading {it.source}.")
    source = (
        Tabulator(read_records(path.parent, it, names), secret)
        if it.records
        else ReadyCounts(path.parent, it, names, secret)
    )
    earlier = _earlier(path.parent / it.source, it, entries, source, secret)
    say(f"Counting {len(it.tables)} tables; {len(earlier)} were released before.")
    fresh = {
        columns: source.table(columns)
        for columns in sorted(
            {tuple(sorted(table)) for table in it.tables}
        )  # in any order the same
        if columns not in earlier
    }
    figures = _audited(earlier, fresh, source, noise, seconds, say)
    return _document(it, ledger, secret, noise, fresh, figures, day)


def _earlier(
    file: Path,
    it: Specification,
    entries: tuple[Entry, ...],
    source: Tabulator | ReadyCounts,
    secret: Secret,
) -> dict[tuple[str, ...], _Earlier]:
    """The tables released before, each held against the records at hand."""
    found: dict[tuple[str, ...], _Earlier] = {}
    for entry in entries:
        for table, mark in zip(entry.tables, entry.marks, strict=True):
            truth = source.table(table.form.names)
            if truth.mark(secret, it.population) != mark:
                problem = (
                    f"these are not the records of release {entry.number} of '{it.population}'."
                )
                remedy = (
                    "The difference between two states of the records tells of those who came or "
                    "left. Give the same records, or release these as another population."
                )
                raise DefinitionError(file, problem, remedy)
            numbers = [HIDDEN if each == WITHHELD else int(each) for each in table.figures]
            found[table.form.names] = _Earlier(np.array(numbers, dtype=np.int64), truth)
    return found


def _audited(
    earlier: dict[tuple[str, ...], _Earlier],
    fresh: dict[tuple[str, ...], TrueTable],
    source: Tabulator | ReadyCounts,
    noise: NoiseTable,
    seconds: float,
    say: Say,
) -> dict[tuple[str, ...], Codes]:
    """The figures of all tables, old and new, after protection."""
    parts = []
    for each in earlier.values():
        _, few, widths = unprotected(each.truth, noise.noise(each.truth.keys))
        parts.append((each.truth.form, each.published, True, few, widths))
    for truth in fresh.values():
        figures, few, widths = unprotected(truth, noise.noise(truth.keys))
        parts.append((truth.form, figures, False, few, widths))
    forms = [form for form, *_ in parts]
    if not fresh:
        return {form.names: figures for form, figures, *_ in parts}
    say("Asking what an attacker works out from all tables of this population together.")
    cells = joined(parts)
    found = protected(cells, lambda: atoms_of(source, forms), seconds, say)
    ends = cells.starts
    return {
        form.names: found[start:end]
        for form, (start, end) in zip(forms, pairwise(ends), strict=True)
    }


def _document(
    it: Specification,
    ledger: Ledger,
    secret: Secret,
    noise: NoiseTable,
    fresh: dict[tuple[str, ...], TrueTable],
    figures: dict[tuple[str, ...], Codes],
    day: str,
) -> Prepared:
    entries = ledger.of(it.population)
    if not fresh:
        entry, head = None, ledger.hash_of(entries[-1])
        number, day = entries[-1].number, entries[-1].day
    else:
        number = len(entries) + 1
        entry = Entry(
            population=it.population,
            number=number,
            day=day,
            noise=noise.digest,
            secret=secret_mark(secret, it.population),
            tables=tuple(_table(truth, figures[names]) for names, truth in fresh.items()),
            marks=tuple(truth.mark(secret, it.population) for truth in fresh.values()),
        )
        head = line_hash(ledger.head, entry.model_dump(mode="json"))
    published = {
        table.form.names: table
        for each in (*entries, *([entry] if entry else []))
        for table in each.tables
    }
    content = {
        "form": FORM,
        "population": it.population,
        "number": number,
        "title": it.title.root,
        "series": it.series,
        "place": it.place,
        "period": it.period,
        "day": day,
        "method": method(noise).model_dump(mode="json"),
        "reasons": {name: use.reason for name, use in it.columns.items() if use.reason},
        "tables": [
            _arranged(published[tuple(sorted(names))], names).model_dump(mode="json")
            for names in it.tables
        ],
        "ledger": head,
    }
    return Prepared(Release.model_validate({**content, "digest": digest_of(content)}), entry)


def _table(truth: TrueTable, figures: Codes) -> PublishedTable:
    numbers = figures.tolist()
    return PublishedTable(
        columns=truth.form.dimensions,
        figures=tuple(WITHHELD if each == HIDDEN else each for each in numbers),
    )


def _arranged(table: PublishedTable, names: tuple[str, ...]) -> PublishedTable:
    """The same table with its columns in the order that was asked for."""
    form, places = table.form.order_of(names)
    figures = tuple(table.figures[at] for at in places.tolist())
    return PublishedTable(columns=form.dimensions, figures=figures)


def read_release(content: bytes, disclosure: Disclosure, name: str = "release.json") -> Release:
    """A release document, or an error that says why it is none.

    It must be as it was stamped, hold no figure that is too small, and no table by a column that
    may not be tabulated.
    """
    try:
        found = Release.model_validate_json(content)
    except (ValidationError, RecursionError) as error:
        problem = fault_of(error) if isinstance(error, ValidationError) else "nested too deeply"
        remedy = "File the release.json that `waymark firewall release` wrote, unchanged."
        raise DefinitionError(name, f"{problem}.", remedy) from None
    for table in found.tables:
        for column in table.columns:
            kind = disclosure.kind(column.kind)
            if kind.role is not Role.TABULATE or disclosure.given_away(column.name):
                problem = f"a table is broken down by '{column.name}', which is protected."
                raise DefinitionError(name, problem, "Do not publish it.")
            check_values(Path(name), column.name, column.kind, column.values)
    return found
