"""A 5-million-row table released: reading, counting, noise, and the audit against all tables.

Run it as ``.venv/bin/python -m benchmarks.release``; ``--rows`` takes fewer. The peer, in the same
run, is the cell-key package of the United Kingdom's statistics office with the table that it
ships: it counts and perturbs rows that are in memory, and neither looks at sites nor audits. So the
ratio is that of the same work, and whole releases stand beside the limit of 10 seconds.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from cell_key_perturbation.utils.generate_test_ptable import generate_ptable_10_5_rule

from waymark.firewall.counts.atoms import atoms_of
from waymark.firewall.counts.disclosure import RefusedError, load_disclosure
from waymark.firewall.counts.ledger import read_ledger
from waymark.firewall.counts.perturbation import Secret, noise_table
from waymark.firewall.counts.protection import joined, protected, unprotected
from waymark.firewall.counts.records import read_records
from waymark.firewall.counts.release import prepare
from waymark.firewall.counts.specification import Specification, read_specification
from waymark.firewall.counts.tabulation import Tabulator

LIMIT = 10.0
SIZES = {"district": 300, "service": 12, "age": 6, "sex": 3, "quarter": 4}
TABLES = (
    ("district", "service"),
    ("district", "service", "age", "sex"),
    ("district", "service", "age", "sex", "quarter"),
)
SPECIFICATION = """
population: benchmark
title: {en: A benchmark}
series: WM_BENCHMARK
place: "001"
period: 2026
records: rows.parquet
columns:
  person: {kind: person}
  clinic: {kind: site}
  body: {kind: provider}
  district: {kind: area}
  service: {kind: service}
  age: {kind: age-group}
  sex: {kind: sex}
  quarter: {kind: period}
tables:
"""


def main() -> None:
    """Make the rows, then measure each part."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rows", type=int, default=5_000_000)
    rows = given.parse_args().rows
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {rows:,} rows")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        frame = make(folder, rows)
        perturbation(folder, frame)
        del frame
        releases(folder)


def make(folder: Path, rows: int) -> pd.DataFrame:
    """Rows drawn by a fixed seed, one for each person; the same as Parquet and in memory."""
    draws = np.random.default_rng(7)
    columns: dict[str, pa.Array] = {}
    codes: dict[str, np.ndarray] = {}
    for name, size in SIZES.items():
        codes[name] = draws.integers(0, size, rows).astype(np.int32)
        words = [f"2026-Q{n + 1}" if name == "quarter" else f"{name} {n}" for n in range(size)]
        columns[name] = pa.DictionaryArray.from_arrays(codes[name], words).cast(pa.string())
    clinic = codes["district"] * 8 + draws.integers(0, 8, rows).astype(np.int32)
    columns["person"] = pa.array(np.char.add("p", draws.permutation(rows).astype(str)))
    columns["clinic"] = pa.DictionaryArray.from_arrays(clinic, [f"c{n}" for n in range(2400)]).cast(
        pa.string()
    )
    columns["body"] = pa.DictionaryArray.from_arrays(
        clinic % 60, [f"b{n}" for n in range(60)]
    ).cast(pa.string())
    pq.write_table(pa.table(columns), folder / "rows.parquet")
    frame = pd.DataFrame(codes)
    frame["record_key"] = draws.integers(0, 256, rows)
    return frame


def took(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds and result; once, for each takes seconds."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def perturbation(folder: Path, frame: pd.DataFrame) -> None:
    """Counting and noise alone, ours and the peer's; both from rows in memory."""
    secret = Secret(os.urandom(32))
    wanted = specification(folder, TABLES)
    records = read_records(folder, wanted, wanted.used)
    seconds, tabulator = took(lambda: Tabulator(records, secret))
    assert isinstance(tabulator, Tabulator)
    print(f"keys of {len(records.identifiers):,} people: {seconds:.2f} s")
    ptable = generate_ptable_10_5_rule()
    noise = noise_table()
    for names in TABLES:
        cells = tabulator.form(names).size

        def ours(names: tuple[str, ...] = names) -> None:
            truth = tabulator.table(names)
            unprotected(truth, noise.noise(truth.keys))

        def theirs(names: tuple[str, ...] = names) -> None:
            create_perturbed_table(
                data=frame,
                ptable=ptable,
                geog=[names[0]],
                tab_vars=list(names[1:]),
                record_key="record_key",
            )

        mine, peer = took(ours)[0], took(theirs)[0]
        print(
            f"{cells:,} cells counted and perturbed: {mine:.2f} s (sites and providers as well); "
            f"peer {peer:.2f} s; ratio {mine / peer:.2f}"
        )


def releases(folder: Path) -> None:
    """Whole releases, from the file to the document, with the audit and without it."""
    for names in TABLES:
        whole(folder, (names,), "one table")
    for names in TABLES:
        margins = ((), ("district",), *((name,) for name in names[1:]))
        whole(folder, (*margins, names), "with its margins")


def whole(folder: Path, tables: tuple[tuple[str, ...], ...], words: str) -> None:
    """One release and the share of its audit, beside the limit."""
    wanted = specification(folder, tables)
    ledger = read_ledger(folder / "ledger.jsonl")
    secret = Secret(os.urandom(32))
    quiet: list[str] = []

    def work() -> str:
        try:
            made = prepare(
                folder / "spec.yaml",
                wanted,
                ledger,
                secret,
                day="2026-11-23",
                seconds=600,
                say=quiet.append,
            )
        except RefusedError as refused:
            return f"refused: {refused.problem}"
        return f"{made.document.withheld:,} of {made.document.cells:,} cells withheld"

    seconds, said = took(work)
    audit = audit_alone(folder, tables) if len(tables) > 1 else 0.0
    print(
        f"{' x '.join(tables[-1])}, {words}: {seconds:.2f} s, without the audit "
        f"{seconds - audit:.2f} s; limit {LIMIT:.0f} s; ratio {seconds / LIMIT:.2f}; {said}"
    )


def audit_alone(folder: Path, tables: tuple[tuple[str, ...], ...]) -> float:
    """The seconds of the audit, run again on the same tables."""
    wanted = specification(folder, tables)
    tabulator = Tabulator(read_records(folder, wanted, wanted.used), Secret(os.urandom(32)))
    noise, parts = noise_table(), []
    for names in tables:
        truth = tabulator.table(tuple(sorted(names)))
        figures, few, widths = unprotected(truth, noise.noise(truth.keys))
        parts.append((truth.form, figures, False, few, widths))
    cells = joined(parts)

    def audit() -> None:
        forms = [form for form, *_ in parts]
        try:
            protected(cells, lambda: atoms_of(tabulator, forms), 600, lambda _: None)
        except RefusedError:
            return

    return took(audit)[0]


def specification(folder: Path, tables: tuple[tuple[str, ...], ...]) -> Specification:
    """The specification of some tables, read from its file as everybody's is."""
    path = folder / "spec.yaml"
    lines = "".join(f"  - [{', '.join(names)}]\n" for names in tables)
    path.write_text(SPECIFICATION + lines, encoding="utf-8")
    return read_specification(path, load_disclosure())


if __name__ == "__main__":
    main()
