"""What a release looks like: figures within their error, cells withheld, a stamped document."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.clinics import HEADER, Folder, Row, visits, write_visits
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.exchange.released_figures import as_csv, observations
from waymark.firewall.counts.disclosure import LEAST_FIGURE, load_disclosure
from waymark.firewall.counts.ledger import WITHHELD
from waymark.firewall.counts.release import Release, read_release
from waymark.indicators.evidence import open_evidence
from waymark.indicators.observations import Missing

DISCLOSURE = load_disclosure()
TABLES = [[], ["district"], ["district", "sex"], ["sex", "age"]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def cells(document: Release) -> dict[frozenset[tuple[str, str]], int | str]:
    return {
        frozenset(table.form.cell(at).items()): figure
        for table in document.tables
        for at, figure in enumerate(table.figures)
    }


def true_cells(rows: list[Row], document: Release) -> dict[frozenset[tuple[str, str]], list[Row]]:
    """Counted again in the plainest way."""
    found: dict[frozenset[tuple[str, str]], list[Row]] = {key: [] for key in cells(document)}
    for table in document.tables:
        places = [(name, HEADER.index(name)) for name in table.form.names]
        for row in rows:
            found[frozenset((name, row[at]) for name, at in places)].append(row)
    return found


def test_a_figure_is_the_count_of_people_within_five_each_once(folder: Folder) -> None:
    document = folder.prepare([["district"], ["service", "sex"], []]).document
    true = true_cells(visits(), document)
    shown = {cell: figure for cell, figure in cells(document).items() if figure != WITHHELD}
    assert len(shown) > 8
    for cell, figure in shown.items():
        people = {row[0] for row in true[cell]}
        assert abs(int(figure) - len(people)) <= 5
        assert len(people) < len(true[cell]), "some came twice"


def thin(rows: list[Row], sites: int, providers: int, main_share: float, people: int) -> list[Row]:
    """Women of the north as a cell with so many people, sites and providers, one of them large."""
    rest = [row for row in rows if (row[3], row[4]) != ("North", "female")]
    for number in range(people):
        site = 0 if number < main_share * people else 1 + number % max(1, sites - 1)
        site = min(site, sites - 1)
        who = (f"N{number:04}", f"North {site}", f"body {site % providers}")
        rest.append((*who, "North", "female", "0-17", "general", "2026-Q1"))
    return rest


@pytest.mark.parametrize(
    ("sites", "providers", "share", "people", "shown"),
    [
        (6, 3, 0.5, 200, True),
        (3, 3, 0.5, 200, True),
        (2, 2, 0.5, 200, False),  # a map of two sites
        (4, 2, 0.5, 200, False),  # two providers
        (6, 6, 0.80, 200, True),
        (6, 6, 0.81, 200, False),  # one site holds it
        (6, 3, 0.80, 200, False),  # one provider holds it, by two sites
        (6, 3, 0.5, 21, True),
        (6, 3, 0.5, 9, False),
        (1, 1, 1.0, 5000, False),  # many people, one site
    ],
)  # fmt: skip
def test_a_cell_needs_people_sites_and_providers(
    folder: Folder, sites: int, providers: int, share: float, people: int, shown: bool
) -> None:
    write_visits(folder.path / "visits.csv", thin(visits(), sites, providers, share, people))
    found = cells(folder.prepare([["district", "sex"]]).document)
    figure = found[frozenset({("district", "North"), ("sex", "female")})]
    assert (figure != WITHHELD) is shown


def test_zero_is_withheld_like_any_small_count(folder: Folder) -> None:
    rows = [row for row in visits() if (row[3], row[4]) != ("North", "female")]
    write_visits(folder.path / "visits.csv", rows)
    found = cells(folder.prepare([["district", "sex"]]).document)
    assert found[frozenset({("district", "North"), ("sex", "female")})] == WITHHELD


def test_a_cell_has_one_figure_in_every_table_and_release(folder: Folder) -> None:
    """The same people: where one value holds all, and in another release with other columns."""
    rows = [(*row[:4], "female", *row[5:]) for row in visits()]
    write_visits(folder.path / "visits.csv", rows)
    found = cells(folder.prepare([["district"], ["district", "sex"]]).document)
    for district in ("North", "East", "South", "West"):
        alone = found[frozenset({("district", district)})]
        assert alone == found[frozenset({("district", district), ("sex", "female")})]
    again = cells(folder.prepare([["sex", "district"]]).document)
    assert all(found[cell] == figure for cell, figure in again.items())


def test_the_output_is_a_document_figures_and_a_report(folder: Folder) -> None:
    result = folder.run(TABLES)
    assert result.exit_code == 0, result.output
    out = folder.path / "out"
    names = {"release.json", "figures.csv", "figures.parquet", "report.txt"}
    assert {path.name for path in out.iterdir()} == names
    document = read_release((out / "release.json").read_bytes(), DISCLOSURE)
    rows = list(csv.DictReader(io.StringIO((out / "figures.csv").read_text(encoding="utf-8"))))
    assert len(rows) == document.cells
    for row in rows:
        if row["missing"]:
            assert row["value"] == row["low"] == row["high"] == "withheld"
            assert row["says"] == "withheld to protect people"
        else:
            assert int(row["high"]) - int(row["low"]) == 10
            assert row["standard_error"] == "2.45"
    report = (out / "report.txt").read_text(encoding="utf-8")
    assert f"{document.withheld} of {document.cells} cells are withheld" in report
    assert document.digest in report


def test_figures_are_read_like_those_that_ship(folder: Folder) -> None:
    assert folder.run([["district", "sex", "quarter"], ["district"]]).exit_code == 0
    figures = folder.path / "figures"
    figures.mkdir()
    shutil.copy(folder.path / "out" / "figures.parquet", figures)
    found = open_evidence(figures).observations("WM_CLINIC_USERS", "North")
    year = [each for each in found if each.headline]
    assert [each.period for each in year] == ["2026"]
    quarters = [each for each in found if each.sex == "F"]
    assert [each.period for each in quarters] == [f"2026-Q{n}" for n in (1, 2, 3, 4)]
    assert all((each.value is None) == (each.missing == Missing.WITHHELD) for each in found)


def test_a_service_makes_a_series_of_its_own(folder: Folder) -> None:
    made = observations(folder.prepare([["service"]]).document, DISCLOSURE)
    assert {each.series for each in made} == {
        f"WM_CLINIC_USERS_SERVICE_{name}" for name in ("GENERAL", "DENTAL", "MATERNITY")
    }
    folder.rewrite("service", lambda number, row: "A-B" if number % 2 else "A B")
    with pytest.raises(DefinitionError, match="two breakdowns would both be"):
        as_csv(folder.prepare([["service"]]).document, DISCLOSURE)


def test_check_writes_nothing(folder: Folder) -> None:
    before = {path.name for path in folder.path.iterdir()}
    result = folder.run(TABLES, "--check")
    assert result.exit_code == 0
    assert "nothing is written" in result.output
    left = {path.name for path in folder.path.iterdir()} - before
    assert left <= {"clinics.yaml", "ledger.jsonl.lock"}


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(title={"en": "Other"}),
        lambda d: d["tables"][0]["figures"].__setitem__(0, 9999),
        lambda d: d.update(digest="0" * 64),
        lambda d: d["tables"][0]["figures"].pop(),
        lambda d: d.update(extra=1),
        lambda d: d["method"].update(least_people=1),
    ],
)
def test_a_document_that_was_changed_is_no_release(folder: Folder, change: object) -> None:
    content = json.loads(folder.prepare([["sex"]]).document.as_json())
    change(content)  # type: ignore[operator]
    with pytest.raises(DefinitionError, match=r"release\.json"):
        read_release(json.dumps(content).encode(), DISCLOSURE)


def forged(folder: Folder, change: object) -> bytes:
    """A document that somebody changed and stamped again."""
    from waymark.firewall.counts.release import digest_of

    content = json.loads(folder.prepare([["district", "sex"]]).document.as_json())
    change(content)  # type: ignore[operator]
    content["digest"] = digest_of(content)
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["tables"][0]["figures"].__setitem__(0, LEAST_FIGURE - 1), "below 15"),
        (lambda d: d["tables"][0]["columns"].__setitem__(0, ["where", "site", list("NESW")]),
         "protected"),
        (lambda d: d["tables"][0]["columns"].__setitem__(0, ["visa", "group", list("NESW")]),
         "protected"),
        (lambda d: d["tables"][0]["columns"].__setitem__(
            0, ["month", "group", [f"2026-01-0{n}" for n in range(1, 5)]]), "look like a day"),
        (lambda d: d["method"].update(noise_variance="0"), "other rules"),
    ],
)  # fmt: skip
def test_a_document_stamped_anew_must_still_keep_the_rules(
    folder: Folder, change: object, said: str
) -> None:
    with pytest.raises(WaymarkError, match=said):
        read_release(forged(folder, change), DISCLOSURE)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_any_bytes_are_no_release(content: bytes) -> None:
    with pytest.raises(DefinitionError, match=r"release\.json"):
        read_release(content, DISCLOSURE)


def test_a_secret_that_others_can_read_is_refused(folder: Folder) -> None:
    folder.secret.chmod(0o644)
    assert "others on this machine can read it" in str(folder.run(TABLES).exception)


def test_an_output_that_is_there_is_not_overwritten(folder: Folder) -> None:
    (folder.path / "out").mkdir()
    result = folder.run(TABLES)
    assert "is there already" in str(result.exception)
    assert not folder.ledger.exists()


COUNT_COLUMNS = {
    "district": {"kind": "area"},
    "sex": {"kind": "sex"},
    "n": {"kind": "people"},
    "n_clinics": {"kind": "sites"},
    "n_bodies": {"kind": "providers"},
    "largest": {"kind": "largest-site"},
    "largest_body": {"kind": "largest-provider"},
}
READY = [
    ("North", "F", 120, 5, 4, 40, 40),
    ("North", "M", 80, 5, 4, 30, 30),
    ("South", "F", 60, 2, 2, 40, 40),
    ("South", "M", 400, 5, 3, 100, 200),
    ("North", "_T", 200, 6, 4, 70, 70),
    ("South", "_T", 460, 6, 4, 140, 240),
]


def ready(folder: Folder, rows: list[tuple[object, ...]] = READY) -> dict[str, object]:
    with (folder.path / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([tuple(COUNT_COLUMNS), *rows])
    return {"records": "", "counts": "counts.csv", "columns": COUNT_COLUMNS}


def test_ready_counts_are_released_by_the_same_rules(folder: Folder) -> None:
    document = folder.prepare([["district", "sex"]], **ready(folder)).document
    found = cells(document)
    assert found[frozenset({("district", "South"), ("sex", "F")})] == WITHHELD, "two sites"
    assert abs(int(found[frozenset({("district", "North"), ("sex", "F")})]) - 120) <= 5
    assert document == folder.prepare([["sex", "district"][::-1]], **ready(folder)).document


def test_ready_counts_must_be_whole(folder: Folder) -> None:
    with pytest.raises(DefinitionError, match="0 rows for district South, sex M"):
        folder.prepare([["district", "sex"]], **ready(folder, [*READY[:3], *READY[4:]]))
    with pytest.raises(DefinitionError, match="2 rows for district North, sex F"):
        folder.prepare([["district", "sex"]], **ready(folder, [*READY, READY[0]]))


@pytest.mark.parametrize(
    "row",
    [
        ("North", "F", 120, 5, 6, 40, 40),  # more providers than sites
        ("North", "F", 120, 5, 4, 130, 130),  # the largest site holds more than all
        ("North", "F", 120, 2, 2, 40, 40),  # two sites of at most 40 do not make 120
        ("North", "F", 120, 5, 4, 40, 30),  # a provider with less than its site
        ("North", "F", "some", 5, 4, 40, 40),
        ("North", "F", -3, 5, 4, 40, 40),
        ("North", "F", "12.5", 5, 4, 40, 40),
    ],
)
def test_ready_counts_that_cannot_be_right_are_named(folder: Folder, row: tuple[object]) -> None:
    with pytest.raises(DefinitionError, match=r"counts\.csv, line 2"):
        folder.prepare([["district", "sex"]], **ready(folder, [row, *READY[1:]]))


def test_a_cell_of_few_sites_is_not_told_by_its_margin(folder: Folder) -> None:
    """South less its men would be 60 women of two sites, give or take ten: too close."""
    found = cells(folder.prepare([["district"], ["district", "sex"]], **ready(folder)).document)
    men = found[frozenset({("district", "South"), ("sex", "M")})]
    assert found[frozenset({("district", "South"), ("sex", "F")})] == WITHHELD
    assert WITHHELD in (men, found[frozenset({("district", "South")})])


def test_counts_that_do_not_add_up_are_an_error(folder: Folder) -> None:
    """People counted in several cells have no margin that is their sum: records are needed."""
    rows = [*READY[:5], ("South", "_T", 300, 6, 4, 140, 240)]
    with pytest.raises(WaymarkError, match="contradict one another"):
        folder.prepare([["district"], ["district", "sex"]], **ready(folder, rows))
