"""Reading arrangements: one YAML file or two tables, large or small, and what is wrong with them.

A file is read whole or not at all, and what is wrong is said with file, place and remedy.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from tests.networks import DAY
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.firewall.audits import arrangements
from waymark.firewall.audits.arrangements import read_holdings, read_network
from waymark.firewall.audits.audit import audit
from waymark.firewall.audits.certificates import certify
from waymark.firewall.audits.network import Network
from waymark.firewall.audits.report import document
from waymark.firewall.domain import load_domain

DOMAIN = load_domain()
BODIES = """id,name,kind,service,holds,processors,duty_to_report,evidence,evidence_date
clinic,"The clinic, ""old"" wing",health,,identity contact,host,no,A published practice.,2025
host,Host,intermediary,,,,no,A published practice.,2025-03
border,Border,immigration-enforcement,,,,,,
"""
ARRANGEMENTS = """id,sender,recipient,ground,data,basis,since
a1,clinic,host,contract,identity|contact,A contract.,2024
a2,host,border,agreement,identity,"A memorandum,
in two lines.",2025-01-01
"""
YAML = """title: A place
bodies:
  - id: clinic
    name: Clinic
    kind: health
    duty_to_report: no
    evidence: A published practice.
    evidence_date: "2025"
  - id: border
    name: Border
    kind: immigration-enforcement
arrangements:
  - id: memo
    sender: clinic
    recipient: border
    ground: agreement
    data: [identity]
    basis: A memorandum.
"""
GENTLE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "place"
    place.mkdir()
    (place / "bodies.csv").write_text(BODIES, encoding="utf-8")
    (place / "arrangements.csv").write_text(ARRANGEMENTS, encoding="utf-8")
    return place


def table(text: str) -> pa.Table:
    """A table of text as spreadsheets read it, by another reader than ours."""
    rows = list(csv.reader(io.StringIO(text)))
    return pa.table(
        {name: [row[at] or None for row in rows[1:]] for at, name in enumerate(rows[0])}
    )


def as_parquet(folder: Path, **changed: pa.Array) -> Path:
    """The same folder, its tables in Parquet."""
    for name, text in (("bodies", BODIES), ("arrangements", ARRANGEMENTS)):
        columns = table(text)
        for column, values in changed.items():
            if column in columns.column_names and len(values) == columns.num_rows:
                at = columns.column_names.index(column)
                columns = columns.set_column(at, column, values)
        parquet.write_table(columns, folder / f"{name}.parquet")
        (folder / f"{name}.csv").unlink(missing_ok=True)
    return folder


def told(path: Path) -> dict[str, Any]:
    """All that the audit says, besides where it was read from."""
    found = document(audit(read_holdings(path, DOMAIN), DOMAIN, DAY), "en")
    return {name: value for name, value in found.items() if name != "certificate"}


def test_two_tables_are_read_and_audited(folder: Path) -> None:
    network = read_network(folder, DOMAIN)
    assert [each.id for each in network.bodies] == ["clinic", "host", "border"]
    assert network.bodies[0].name == 'The clinic, "old" wing'
    assert network.bodies[0].holds == ("identity", "contact")
    assert network.arrangements[0].data == ("identity", "contact")
    assert network.arrangements[1].basis == "A memorandum,\nin two lines."
    assert told(folder)["answer"] == "no"


REWRITTEN: dict[str, Callable[[str], bytes]] = {
    "with a byte-order mark": lambda text: text.encode("utf-8-sig"),
    "with CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "with blank rows": lambda text: f"{text}\n{',' * text.splitlines()[0].count(',')}\n".encode(),
    "with blanks around": lambda text: (
        text.replace("id,", " id ,", 1).replace("\na1,", "\n a1 ,").encode()
    ),
    "with columns in another order": lambda text: _turned(text).encode(),
}


def _turned(text: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(row[::-1] for row in csv.reader(io.StringIO(text)))
    return out.getvalue()


@pytest.mark.parametrize("how", REWRITTEN)
def test_spreadsheets_write_it_in_their_own_ways(folder: Path, how: str) -> None:
    before = told(folder)
    for name, text in (("bodies", BODIES), ("arrangements", ARRANGEMENTS)):
        (folder / f"{name}.csv").write_bytes(REWRITTEN[how](text))
    assert told(folder) == before


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_part_cells_as_well(folder: Path, delimiter: str) -> None:
    before = told(folder)
    for name, text in (("bodies", BODIES), ("arrangements", ARRANGEMENTS)):
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(text)))
        (folder / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8")
    assert told(folder) == before


def test_parquet_says_the_same_as_csv(folder: Path) -> None:
    before = told(folder)
    assert told(as_parquet(folder)) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"data": pa.array([["identity", "contact"], ["identity"]])},
        {"ground": pa.array(["contract", "agreement"]).dictionary_encode()},
        {"since": pa.array([2024, 2025])},
        {"sender": pa.array(["clinic", "host"], pa.large_string())},
        {"recipient": pa.array(["host", "border"]).dictionary_encode()},
        {"service": pa.array([True, False, None])},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_parquet_may_hold_lists_dictionaries_and_numbers(
    folder: Path, changed: dict[str, pa.Array]
) -> None:
    before = {**told(folder)}
    assert told(as_parquet(folder, **changed)) == before


def test_a_file_of_yaml_and_its_tables_are_one(tmp_path: Path, folder: Path) -> None:
    """The same network as YAML: the same answer, by the same code."""
    network = read_network(folder, DOMAIN).model_copy(update={"title": folder.name})
    path = tmp_path / "place.yaml"
    path.write_text(network.model_dump_json(exclude_none=True), encoding="utf-8")  # JSON is YAML
    assert read_network(path, DOMAIN) == network
    assert told(path) == told(folder)


YAML_FAULTS = [
    ("kind: health", "kind: hospital", "line 5", "'hospital' is no kind of body", "health"),
    ("sender: clinic", "sender: klinik", "line 14", "'klinik' is not among", "Add it"),
    ("[identity]", "[names]", "line 17", "'names' is no kind of data", "Take of: existence"),
    ("[identity]", "[]", "line 17", "at least 1 item", "definitions.md"),
    ("ground: agreement", "ground: deal", "line 16", "agreement", "definitions.md"),
    ("    basis: A memorandum.", "", "line 13", "'basis' is missing", ""),
    ('evidence_date: "2025"', "evidence_until: 2025", "line 3", "the evidence has no date", ""),
    ('"2025"', '"2025-13"', "line 8", "2025-13", ""),
    ("id: border", "id: clinic", "line 9", "'clinic' is there twice", "once"),
    ("recipient: border", "recipient: clinic", "line 15", "leads back to its sender", ""),
    ("name: Border", "name: ' '", "line 10", "at least 1", ""),
    ("id: border", "id: the border", "line 9", "one word", ""),
    ("title: A place", "titel: A place", "line 1", "'titel' is not a known field", ""),
]


@pytest.mark.parametrize(("old", "new", "line", "problem", "remedy"), YAML_FAULTS)
def test_a_fault_in_yaml_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: str, problem: str, remedy: str
) -> None:
    assert old in YAML
    path = tmp_path / "place.yaml"
    path.write_text(YAML.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_network(path, DOMAIN)
    assert f"place.yaml, {line}" in str(caught.value)
    assert problem in str(caught.value)
    assert remedy in caught.value.remedy


CSV_FAULTS = [
    ("bodies", ",health,", ",hospital,", "line 2, column kind", "'hospital' is no kind of body"),
    ("bodies", "contact,host,", "contact,hots,", "line 2, column processors", "'hots' is not"),
    ("bodies", "2025-03", "March", "line 3, column evidence_date", "'March'"),
    ("bodies", "no,A published practice.,2025\nhost", "no,x,\nhost", "line 2", "has no date"),
    ("bodies", "host,Host", "clinic,Host", "line 3, column id", "'clinic' is there twice"),
    ("bodies", "host,Host", "host,", "line 3, column name", "'name' is missing"),
    ("bodies", "id,name,kind", "id,name,kinds", "line 1", "the column kind is missing"),
    ("bodies", "holds", "hold", "line 1", "the column hold is not known"),
    ("bodies", "service,holds", "holds,holds", "line 1", "the column holds is there twice"),
    ("bodies", "border,Border,", "border,Border,,", "line 4", "the row has 10 cells"),
    ("bodies", "host,Host", '"host,Host', "line", ""),
    ("arrangements", "a2,host", "a2,hots", "line 4, column sender", "'hots' is not among"),
    ("arrangements", "a2,host", "a2,", "line 4, column sender", "'sender' is missing"),
    ("arrangements", "a2,", "a1,", "line 4, column id", "'a1' is there twice"),
    ("arrangements", "A contract.", "  ", "line 2, column basis", "'basis' is missing"),
    ("arrangements", "identity|contact", "identity|x", "line 2, column data", "'x' is no kind"),
    ("arrangements", "2025-01-01", "2025-02-30", "line 4, column since", "2025-02-30"),
    ("arrangements", ",agreement,", ",,", "line 4, column ground", "'ground' is missing"),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "problem"), CSV_FAULTS)
def test_a_fault_in_a_table_is_told_with_line_and_column(
    folder: Path, file: str, old: str, new: str, place: str, problem: str
) -> None:
    path = folder / f"{file}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_holdings(folder, DOMAIN)
    assert f"{file}.csv, {place}" in str(caught.value)
    assert problem in str(caught.value)
    assert caught.value.remedy


def test_an_identifier_that_only_a_shown_row_reveals_is_a_fault_too(folder: Path) -> None:
    path = folder / "arrangements.csv"
    path.write_text(ARRANGEMENTS.replace("a2,", "a 2,"), encoding="utf-8")
    with pytest.raises(DefinitionError, match="line 4, column id: an identifier is one word"):
        audit(read_holdings(folder, DOMAIN), DOMAIN, DAY)


PARQUET_FAULTS = [
    ("kind", ["health", "host", "immigration-enforcement"], "row 2, column kind"),
    ("sender", ["clinic", "nobody"], "row 2, column sender"),
    ("basis", ["A basis.", " "], "row 2, column basis"),
    ("evidence_date", ["2025", "soon", None], "row 2, column evidence_date"),
    ("since", [1.5, 2.5], "column since"),
    ("id", ["a1", "a1"], "row 2, column id"),
    ("id", ["a1", None], "row 2, column id"),
    ("ground", ["contract", None], "row 2, column ground"),
]


@pytest.mark.parametrize(("column", "values", "place"), PARQUET_FAULTS)
def test_a_fault_in_parquet_is_told_with_row_and_column(
    folder: Path, column: str, values: list[Any], place: str
) -> None:
    as_parquet(folder, **{column: pa.array(values)})
    with pytest.raises(DefinitionError) as caught:
        read_holdings(folder, DOMAIN)
    assert place in str(caught.value)
    assert ".parquet" in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the column id, "),
        (b"\n\n", "the column id, "),
        ("id;name;kind\nclinic;Café;health\n".encode("latin-1"), "not UTF-8"),
        (BODIES.encode("utf-16"), "not UTF-8"),
        (b"\x00" * 50, ""),
        (b'id,name,kind\n"clinic', ""),
        (b"PK\x03\x04 a spreadsheet", ""),
    ],
    ids=["empty", "blank", "latin-1", "utf-16", "nothing", "open quote", "another format"],
)
def test_what_is_no_table_is_told(folder: Path, content: bytes, problem: str) -> None:
    (folder / "bodies.csv").write_bytes(content)
    with pytest.raises(DefinitionError, match=r"bodies\.csv") as caught:
        read_holdings(folder, DOMAIN)
    assert problem in str(caught.value)


def test_a_folder_has_each_table_once(folder: Path) -> None:
    (folder / "bodies.parquet").write_bytes(b"")
    with pytest.raises(DefinitionError, match="Keep one of the two"):
        read_holdings(folder, DOMAIN)
    (folder / "bodies.parquet").unlink()
    (folder / "bodies.csv").unlink()
    with pytest.raises(DefinitionError, match=r"bodies\.csv: the file is missing"):
        read_holdings(folder, DOMAIN)


def outcome(read: Callable[[], object]) -> None:
    """Read, and let nothing pass but an error that a person can mend."""
    try:
        read()
    except WaymarkError as error:
        assert error.problem or str(error)  # noqa: PT017 - either outcome is right


@GENTLE
@given(content=st.binary(max_size=200))
def test_any_bytes_are_a_network_or_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "place.yaml"
    path.write_bytes(content)
    outcome(lambda: read_network(path, DOMAIN))
    for name in ("bodies", "arrangements"):
        for ending, opening in ((".csv", b""), (".parquet", b"PAR1")):
            made = tmp_path / "tables"
            made.mkdir(exist_ok=True)
            for old in made.iterdir():
                old.unlink()
            (made / "bodies.csv").write_text(BODIES, encoding="utf-8")
            (made / "arrangements.csv").write_text(ARRANGEMENTS, encoding="utf-8")
            (made / f"{name}.csv").unlink()
            (made / f"{name}{ending}").write_bytes(opening + content)
            outcome(lambda made=made: read_holdings(made, DOMAIN))  # type: ignore[misc]


@GENTLE
@given(at=st.integers(0, len(BODIES) - 1), content=st.text(max_size=6))
def test_any_slip_in_a_table_is_a_network_or_an_error(
    tmp_path: Path, at: int, content: str
) -> None:
    for name, text in (("bodies", BODIES), ("arrangements", ARRANGEMENTS)):
        place = at % len(text)
        slipped = text[:place] + content + text[place + 1 :]
        (tmp_path / f"{name}.csv").write_text(slipped, encoding="utf-8", errors="replace")
    outcome(lambda: audit(read_holdings(tmp_path, DOMAIN), DOMAIN, DAY))


def test_what_somebody_sends_is_bounded_and_what_one_has_is_not(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "place.yaml"
    path.write_text(YAML, encoding="utf-8")
    monkeypatch.setattr(arrangements, "MOST_BODIES", 1)
    for given_path in (folder, path):
        with pytest.raises(DefinitionError, match="Split"):
            read_network(given_path, DOMAIN)
        assert len(read_holdings(given_path, DOMAIN).bodies) > 1
    assert len(read_holdings(as_parquet(folder), DOMAIN).bodies) == 3
    with pytest.raises(DefinitionError, match="the most here is 1"):
        read_holdings(folder, DOMAIN, limited=True)


def test_anybody_can_compute_the_hash_in_a_certificate(folder: Path) -> None:
    """It is the hash of what ``sha256sum bodies.csv arrangements.csv`` prints."""
    rows = (
        (folder / "arrangements.csv")
        .read_text(encoding="utf-8")
        .replace("a2,host,border", "a2,host,clinic")
    )
    (folder / "arrangements.csv").write_text(rows, encoding="utf-8")
    certificate = certify(audit(read_holdings(folder, DOMAIN), DOMAIN, DAY))
    printed = "".join(
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("bodies.csv", "arrangements.csv")
    )
    assert certificate.network == hashlib.sha256(printed.encode()).hexdigest()


def test_a_network_of_values_names_what_is_wrong_without_a_file() -> None:
    given_values = Network.model_validate(
        {"bodies": [{"id": "clinic", "name": "Clinic", "kind": "hospital"}]}
    )
    with pytest.raises(WaymarkError, match="bodies, 1, kind: 'hospital' is no kind of body"):
        audit(given_values, DOMAIN, DAY)
