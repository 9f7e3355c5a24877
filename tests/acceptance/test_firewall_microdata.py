"""Releases of real-form people: a synthetic population of Austria and an extract of a census.

Both files hold people and no services, so sites and providers are invented here, by number, six
sites of four providers in each area; nothing else is. The census extract has no areas either:
there, the occupation stands for the service, and one invented column for the area.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.clinics import Folder
from waymark.firewall.counts.attacker import System, narrow
from waymark.firewall.counts.disclosure import LEAST_FIGURE, LEAST_WIDTH, NOISE_BOUND
from waymark.firewall.counts.ledger import WITHHELD
from waymark.firewall.counts.perturbation import noise_table
from waymark.firewall.counts.release import Release

AGES = {0: "0-17", 18: "18-29", 30: "30-44", 45: "45-59", 60: "60-74", 75: "75+"}
FIXED = {
    "person": {"kind": "person"},
    "clinic": {"kind": "site"},
    "provider": {"kind": "provider"},
    "area": {"kind": "area"},
    "sex": {"kind": "sex"},
    "age": {"kind": "age-group"},
}
TABLES = [[], ["area"], ["sex"], ["age"], ["area", "sex"], ["area", "age"], ["area", "sex", "age"]]


def age_groups(ages: np.ndarray) -> list[str]:
    starts = np.array(list(AGES))
    names = list(AGES.values())
    return [names[at] for at in np.searchsorted(starts, ages, side="right") - 1]


def with_sites(columns: dict[str, list[str]]) -> pa.Table:
    number = len(columns["area"])
    columns["person"] = [f"P{at}" for at in range(number)]
    columns["clinic"] = [f"{area} {at % 6}" for at, area in enumerate(columns["area"])]
    columns["provider"] = [f"body {at % 6 % 4}" for at in range(number)]
    return pa.table(columns)


@pytest.fixture(scope="module")
def austria(shared: Path) -> pa.Table:
    path = shared / "microdata" / "eusilcP_synthetic_population_AT.parquet"
    table = pq.read_table(path, columns=["region", "gender", "age", "ecoStat"])
    table = table.filter(pc.is_valid(table["age"]))
    return with_sites(
        {
            "area": table["region"].cast(pa.string()).to_pylist(),
            "sex": table["gender"].cast(pa.string()).to_pylist(),
            "age": age_groups(table["age"].to_numpy()),
            "work": [each or "" for each in table["ecoStat"].cast(pa.string()).to_pylist()],
        }
    )


@pytest.fixture(scope="module")
def census(shared: Path) -> pa.Table:
    path = shared / "microdata" / "adult_arx_semicolon.csv"
    table = pa.csv.read_csv(path, parse_options=pa.csv.ParseOptions(delimiter=";"))
    ages = table["age"].to_numpy()
    return with_sites(
        {
            "area": [f"area {at % 40}" for at in range(table.num_rows)],
            "sex": table["sex"].to_pylist(),
            "age": age_groups(ages),
            "born": table["native-country"].to_pylist(),
        }
    )


def released(
    path: Path, table: pa.Table, tables: list[list[str]], **more: dict[str, str]
) -> Folder:
    folder = Folder(path, [])
    pq.write_table(table, path / "people.parquet")
    made = folder.release(tables, records="people.parquet", columns=FIXED | more)
    folder.document = made.document  # type: ignore[attr-defined]
    return folder


def cells(document: Release) -> dict[frozenset[tuple[str, str]], int | str]:
    return {
        frozenset(table.form.cell(at).items()): figure
        for table in document.tables
        for at, figure in enumerate(table.figures)
    }


def counted(table: pa.Table, names: list[str]) -> dict[frozenset[tuple[str, str]], int]:
    """The true counts, by another program than ours."""
    grouped = table.group_by(names).aggregate([("person", "count_distinct")]).to_pylist()
    return {
        frozenset((name, row[name] or "not known") for name in names): row["person_count_distinct"]
        for row in grouped
    }


WORK = {"work": {"kind": "other", "reason": "Activity status says nothing of where people go."}}
BORN = {"born": {"kind": "country-of-birth"}}


def test_austria_is_released_within_the_stated_error(tmp_path: Path, austria: pa.Table) -> None:
    tables = [*TABLES, ["area", "work"]]
    folder = released(tmp_path, austria, tables, **WORK)
    found = cells(folder.document)  # type: ignore[attr-defined]
    errors = []
    for names in tables[1:]:
        for cell, count in counted(austria, names).items():
            figure = found[cell]
            if figure == WITHHELD:
                assert count < 40, "of these people, only small groups are withheld"
            else:
                assert count >= 10
                assert int(figure) >= LEAST_FIGURE
                errors.append(int(figure) - count)
    assert len(errors) > 150
    assert max(map(abs, errors)) <= NOISE_BOUND
    deviation = (float(noise_table().variance) / len(errors)) ** 0.5
    assert abs(np.mean(errors)) < 5 * deviation, "unbiased over all cells"


def naive(table: pa.Table, tables: list[list[str]], threshold: int = 10) -> list[tuple[set, int]]:
    """Exact counts with small cells left out: what many offices publish."""
    found = []
    for names in tables:
        for cell, count in (counted(table, names) if names else {frozenset(): len(table)}).items():
            found.append((set(cell), count if count >= threshold else -1))
    return found


def test_the_attack_that_recovers_naive_tables_recovers_nothing_of_ours(
    tmp_path: Path, census: pa.Table
) -> None:
    """By sex, area and country of birth: pinned to fewer than ten values are many, and none."""
    tables = [["born"], ["sex"], ["born", "sex"]]
    kinds = counted(census, ["born", "sex"])
    cells_of = list(kinds)
    exact = naive(census, tables)
    folder = released(tmp_path, census, tables, **BORN)
    ours = cells(folder.document)  # type: ignore[attr-defined]

    def pinned(published: list[tuple[set, float, float]], hidden: list[set]) -> int:
        rows = [[float(part <= set(cell)) for cell in cells_of] for part, _, _ in published]
        asked = [[float(part <= set(cell)) for cell in cells_of] for part in hidden]
        from scipy.sparse import csr_array

        system = System(
            csr_array(np.array(rows)),
            np.array([low for _, low, _ in published]),
            np.array([high for _, _, high in published]),
            np.full(len(cells_of), np.inf),
        )
        answer = narrow(system, csr_array(np.array(asked)), width=LEAST_WIDTH, seconds=60)
        return len(answer.questions) + len(answer.undecided)

    shown = [(cell, float(count), float(count)) for cell, count in exact if count >= 0]
    small = [(cell, 0.0, 9.0) for cell, count in exact if count < 0]
    lost = pinned([*shown, *small], [cell for cell, _, _ in small])
    assert lost == 20, "of exact counts, so many of the small ones are recovered"
    bounds = [
        (set(cell), float(figure) - NOISE_BOUND, float(figure) + NOISE_BOUND)
        for cell, figure in ours.items()
        if figure != WITHHELD
    ]
    withheld = [set(cell) for cell, figure in ours.items() if figure == WITHHELD]
    withheld = [cell for cell in withheld if any(cell <= set(kind) for kind in cells_of)]
    caps = [
        (cell, 0.0, 19.0)
        for cell in withheld
        if sum(count for kind, count in kinds.items() if cell <= set(kind)) < 10
    ]
    assert len(withheld) > 20
    assert pinned([*bounds, *caps], withheld) == 0


def test_release_after_release_keeps_every_earlier_promise(
    tmp_path: Path, austria: pa.Table
) -> None:
    """One table at a time: the ledger grows, and no figure is ever another."""
    path = tmp_path
    folder = Folder(path, [])
    pq.write_table(austria, path / "people.parquet")
    seen: dict[frozenset[tuple[str, str]], int | str] = {}
    for names in TABLES:
        made = folder.release([names], records="people.parquet", columns=FIXED | WORK)
        for cell, figure in cells(made.document).items():
            assert seen.setdefault(cell, figure) == figure
    for names, others in combinations(TABLES, 2):
        again = folder.release([names, others], records="people.parquet", columns=FIXED | WORK)
        assert again.entry is None
