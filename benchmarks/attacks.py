"""Attacks on published tables of people: on the usual suppression of small cells, and on ours.

Run it as ``.venv/bin/python -m benchmarks.attacks``; it needs ``../shared/data/microdata``. The
attacker reads nothing but what is published. The usual way publishes exact counts with their
totals and leaves out cells of 1 to 9; ours is ``waymark firewall release``. The data have neither
clinics nor providers: these are drawn here by a fixed seed, so that a release can be made of them.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, vstack

from waymark.firewall.counts.attacker import System, intervals, narrow
from waymark.firewall.counts.disclosure import LEAST_PEOPLE, LEAST_WIDTH, load_disclosure
from waymark.firewall.counts.ledger import WITHHELD, Ledger
from waymark.firewall.counts.perturbation import Secret, noise_table
from waymark.firewall.counts.release import Release, prepare
from waymark.firewall.counts.specification import read_specification

DATA = Path(__file__).parents[2] / "shared" / "data" / "microdata"
SECONDS = 120.0
SECRET = Secret(bytes(range(32)))  # of these public data nothing is secret
TIMES = 400  # that the same figure is asked for, in the averaging attack


@dataclass(frozen=True)
class Table:
    """A table as anybody reads it: what each cell is at least and at most."""

    columns: tuple[str, ...]
    low: np.ndarray  # one axis a column
    high: np.ndarray  # infinite where nothing is said
    shown: np.ndarray  # whether a figure is shown


@dataclass(frozen=True)
class People:
    """Records with a few columns, as codes; ``sizes`` says how many values each has."""

    name: str
    frame: pd.DataFrame
    columns: dict[str, str]  # and their kinds
    whole: str  # the column that is the area

    @property
    def sizes(self) -> dict[str, int]:
        """How many values each column has."""
        return {name: int(self.frame[name].nunique()) for name in self.columns}

    def counts(self, columns: tuple[str, ...]) -> np.ndarray:
        """The true counts, which an attacker does not have."""
        shape = tuple(self.sizes[name] for name in columns)
        codes = [np.unique(self.frame[name], return_inverse=True)[1] for name in columns]
        cells = np.ravel_multi_index(codes, shape)
        return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)

    def by(self, *columns: str) -> People:
        """The same people with fewer columns."""
        kept = {name: self.columns[name] for name in columns}
        return People(self.name, self.frame, kept, self.whole)

    @property
    def margins(self) -> list[tuple[str, ...]]:
        """The full table and every table of some of its columns."""
        names = tuple(self.columns)
        return [
            chosen
            for number in range(len(names), 0, -1)
            for chosen in itertools.combinations(names, number)
        ]


def austria() -> People:
    """The synthetic population of Austria: region, age in tens of years, economic status."""
    frame = duckdb.sql(
        f"""select coalesce(region, 'not known') as region,
            coalesce((floor(greatest(age, 0) / 10) * 10)::int::varchar, 'not known') as age,
            coalesce(ecoStat, 'not known') as activity, row_number() over () as person
            from '{DATA / "eusilcP_synthetic_population_AT.parquet"}'"""
    ).df()
    columns = {"region": "area", "age": "age-group", "activity": "other"}
    return _with_bodies(People("Austria, synthetic", frame, columns, "region"))


def census() -> People:
    """The census extract: country of birth, occupation, sex."""
    frame = pd.read_csv(DATA / "adult_arx_semicolon.csv", sep=";", dtype=str)
    frame = frame[["native-country", "occupation", "sex"]].rename(
        columns={"native-country": "born-in"}
    )
    frame["person"] = np.arange(len(frame))
    columns = {"born-in": "country-of-birth", "occupation": "other", "sex": "sex"}
    return _with_bodies(People("Census extract", frame.fillna("not known"), columns, "born-in"))


def _with_bodies(people: People) -> People:
    noise = np.random.default_rng(5)
    site = noise.integers(0, 40, len(people.frame))
    people.frame["clinic"] = [f"clinic {each}" for each in site]
    people.frame["body"] = [f"body {each % 8}" for each in site]
    people.frame["person"] = [f"p{each}" for each in people.frame["person"]]
    return people


def exact(people: People, columns: tuple[str, ...]) -> Table:
    """The usual way: exact counts, and no word of cells of 1 to 9."""
    counts = people.counts(columns).astype(float)
    small = (counts > 0) & (counts < LEAST_PEOPLE)
    low, high = np.where(small, 0.0, counts), np.where(small, np.inf, counts)
    return Table(columns, low, high, ~small)


def released(document: Release) -> list[Table]:
    """Our tables: a figure is at most the stated bound off; of a withheld one nothing is said."""
    found = []
    for table in document.tables:
        figures = np.array([np.nan if it == WITHHELD else float(it) for it in table.figures])
        figures, off = figures.reshape(table.form.shape), document.method.noise_bound
        hidden = np.isnan(figures)
        low = np.where(hidden, 0.0, np.maximum(figures - off, document.method.least_people))
        high = np.where(hidden, np.inf, figures + off)
        found.append(Table(table.form.names, low, high, ~hidden))
    return found


def lines(columns: tuple[str, ...], sizes: dict[str, int]) -> csr_array:
    """Each cell of a table as a sum of atoms: the cells of the table of all columns."""
    shape = tuple(sizes.values())
    places = np.indices(shape).reshape(len(shape), -1)
    here = [list(sizes).index(name) for name in columns]
    cells = np.ravel_multi_index([places[axis] for axis in here], [shape[axis] for axis in here])
    number = int(np.prod([shape[axis] for axis in here]))
    ones = np.ones(cells.size)
    return coo_array((ones, (cells, np.arange(cells.size))), (number, cells.size)).tocsr()


def knowledge(tables: list[Table], sizes: dict[str, int]) -> System:
    """All that the tables say together."""
    rows = vstack([lines(table.columns, sizes) for table in tables]).tocsr()
    low = np.concatenate([table.low.reshape(-1) for table in tables])
    high = np.concatenate([table.high.reshape(-1) for table in tables])
    return System(rows, low, high, np.full(rows.shape[1], np.inf))


@dataclass(frozen=True)
class Recovered:
    """What an attack found out of so many cells that were to be protected."""

    protected: int
    exactly: int
    narrowly: int  # to fewer than ten possible numbers
    undecided: int
    seconds: float


def truth(people: People) -> np.ndarray:
    """The true number of people in each atom."""
    return people.counts(tuple(people.columns)).reshape(-1).astype(float)


def hidden(tables: list[Table], sizes: dict[str, int]) -> csr_array:
    """The cells of which no figure is shown."""
    return vstack(
        [lines(it.columns, sizes)[np.flatnonzero(~it.shown.reshape(-1))] for it in tables]
    ).tocsr()


def by_programme(system: System, asked: csr_array, truth: np.ndarray) -> Recovered:
    """The attacker's linear programme; every sum asked for was to be protected.

    The truth makes it faster, and changes nothing in what is found.
    """
    start = time.perf_counter()
    found = intervals(system, asked, seconds=SECONDS)
    pinned = narrow(system, asked, width=LEAST_WIDTH, seconds=SECONDS, known=truth)
    return Recovered(
        asked.shape[0],
        int((found.exact & (found.high - found.low < 0.5)).sum()),
        len(pinned.questions),
        len(pinned.undecided),
        time.perf_counter() - start,
    )


def release(people: People, tables: list[tuple[str, ...]], ledger: Ledger | None = None) -> Release:
    """These tables by ``waymark firewall release``."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        people.frame.to_parquet(folder / "people.parquet")
        specification = folder / "attacked.yaml"
        specification.write_text(_specification(people, tables), encoding="utf-8")
        wanted = read_specification(specification, load_disclosure())
        book = ledger or Ledger(folder / "ledger.jsonl", (), ())
        made = prepare(
            specification, wanted, book, SECRET, day="2026-11-25", seconds=SECONDS, say=_silent
        )
    return made.document


def _silent(line: str) -> None:
    """Say nothing."""


def _specification(people: People, tables: list[tuple[str, ...]]) -> str:
    columns = {"person": "person", "clinic": "site", "body": "provider", **people.columns}
    ignored = sorted(set(people.frame.columns) - set(columns))
    kinds = "".join(
        f"  {name}: {{kind: {kind}{', reason: needed by planners' if kind == 'other' else ''}}}\n"
        for name, kind in columns.items()
    )
    asked = "".join(f"  - [{', '.join(table)}]\n" for table in tables)
    return (
        "population: attacked\ntitle: {en: Attacked}\nseries: WM_ATTACKED\n"
        'place: "001"\nperiod: 2026\nrecords: people.parquet\n'
        f"ignored: [{', '.join(ignored)}]\ncolumns:\n{kinds}tables:\n{asked}"
    )


OLD = 80  # years: one table has its border here, the other a year later


def neighbours_in_age() -> People:
    """Austria by region and sex, and by two groupings of age that differ by one year of birth."""
    frame = duckdb.sql(
        f"""select region, gender as sex,
            case when age < {OLD} then 'below' else 'from {OLD}' end as first,
            case when age < {OLD + 1} then 'below' else 'from {OLD + 1}' end as second,
            row_number() over () as person
            from '{DATA / "eusilcP_synthetic_population_AT.parquet"}'"""
    ).df()
    columns = {"region": "area", "sex": "sex", "first": "age-group", "second": "age-group"}
    return _with_bodies(People("Two groupings of age", frame, columns, "region"))


PAIR = [("region", "sex", "first"), ("region", "sex", "second")]


def by_difference(people: People, tables: list[Table]) -> Recovered:
    """What one table minus the other says of those who are of the one age between them."""
    sizes = people.sizes
    shape = tuple(sizes.values())
    atoms = np.arange(int(np.prod(shape))).reshape(shape)
    system = knowledge(tables, sizes)
    most = system.most.copy()
    most[atoms[:, :, 0, 1].reshape(-1)] = 0.0  # below the lower border, and above the higher
    between = atoms[:, :, 1, 0].reshape(-1)
    few = truth(people)[between] < LEAST_PEOPLE
    asked = coo_array(
        (np.ones(few.sum()), (np.arange(few.sum()), between[few])), (int(few.sum()), most.size)
    ).tocsr()
    return by_programme(System(system.rows, system.low, system.high, most), asked, truth(people))


def averaged(counts: np.ndarray, fresh: np.random.Generator) -> int:
    """How many counts the mean of ``TIMES`` answers gives away, if each has noise of its own."""
    noise = noise_table()
    sums = np.zeros(counts.size)
    for _ in range(TIMES):
        sums += counts + noise.noise(fresh.integers(0, sum(noise.slots), counts.size))
    return int((np.rint(sums / TIMES) == counts).sum())


def shuffled(people: People) -> People:
    """The same people in another order."""
    frame = people.frame.sample(frac=1, random_state=1).reset_index(drop=True)
    return People(people.name, frame, people.columns, people.whole)


def main() -> None:
    """Attack both ways of publishing, and print what was found out."""
    if not DATA.is_dir():
        raise SystemExit("This needs ../shared/data/microdata, which is not here.")
    for people in (austria(), census()):
        margins = people.margins
        usual = [exact(people, columns) for columns in margins]
        ours = released(release(people, margins))
        for way, tables in (("usual suppression", usual), ("ours", ours)):
            asked = hidden(tables, people.sizes)
            show(
                f"{people.name}: {way}",
                by_programme(knowledge(tables, people.sizes), asked, truth(people)),
            )
    people = neighbours_in_age()
    show("Difference of two tables: usual", by_difference(people, [exact(people, c) for c in PAIR]))
    show("Difference of two tables: ours", by_difference(people, released(release(people, PAIR))))
    columns = ("region", "activity")
    counts = austria().counts(columns).reshape(-1)
    counts = counts[counts >= LEAST_PEOPLE]
    hits = averaged(counts, np.random.default_rng(3))
    print(f"Average of {TIMES} answers: noise of its own each time: {hits} of {counts.size} found")
    first, second = (release(it, [columns]) for it in (austria(), shuffled(austria())))
    different = sum(
        one != two
        for one, two in zip(first.tables[0].figures, second.tables[0].figures, strict=True)
    )
    print(
        f"Average of answers: ours: {different} figures differ when asked again, nothing to average"
    )


def show(name: str, found: Recovered) -> None:
    """A line with what an attack found."""
    print(
        f"{name}: of {found.protected} protected counts {found.exactly} found exactly, "
        f"{found.narrowly} to fewer than {LEAST_WIDTH} numbers, {found.undecided} undecided, "
        f"in {found.seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
