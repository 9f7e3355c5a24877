"""Whatever a definition or figure file holds, the answer is a value or an error with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waymark.compact.acceptance import RollCallEntry
from waymark.compact.loading import DEFINITIONS, load_framework
from waymark.compact.provisions import InstrumentPart
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.indicators.evidence import open_evidence
from waymark.indicators.series import Series, load_series
from waymark.plans.forums import load_forums
from waymark.reading import read_table, read_yaml

GENTLE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
OBJECTIVE = (DEFINITIONS / "instruments/gcm/objective-15.yaml").read_text(encoding="utf-8")
SERIES = (DEFINITIONS / "indicators/SG_REG_BRTH.yaml").read_text(encoding="utf-8")
VOTES = (DEFINITIONS / "acceptance/votes.csv").read_text(encoding="utf-8")[:2000]


def outcome(read: Callable[[], Any]) -> tuple[Any, DefinitionError | None]:
    """What was read, or the one kind of error that reading may end in."""
    try:
        return read(), None
    except DefinitionError as error:
        return None, error


@GENTLE
@given(st.binary(max_size=300))
def test_any_bytes_are_a_value_or_an_error(tmp_path: Path, content: bytes) -> None:
    for name, read in (("a.yaml", InstrumentPart), ("b.yaml", Series)):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DefinitionError, match=name):
            read_yaml(path, read)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[" * 100_000, "too deeply"),
        ("{a: " * 100_000, "too deeply"),
        ("- " * 100_000, "too deeply"),
        ("a: &a [1, 2]\nb: [*a, *a]", "line 2.*write it out"),
    ],
    ids=["lists", "mappings", "dashes", "references"],
)
def test_what_would_break_the_reader_beneath_is_refused(
    tmp_path: Path, content: str, problem: str
) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DefinitionError, match=problem):
        read_yaml(path, Series)


@GENTLE
@given(st.text(max_size=300))
def test_any_table_is_rows_or_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("resolution,place,vote\n" + content, encoding="utf-8", errors="replace")
    rows, error = outcome(lambda: read_table(path, RollCallEntry))
    if error is None:
        assert all(isinstance(row, RollCallEntry) for row in rows)
    else:
        assert "votes.csv" in str(error)


@GENTLE
@given(data=st.data())
@pytest.mark.parametrize(("text", "model"), [(OBJECTIVE, InstrumentPart), (SERIES, Series)])
def test_a_damaged_definition_is_read_or_named(
    tmp_path: Path, data: st.DataObject, text: str, model: type
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    put = data.draw(st.sampled_from(["", ":", "- ", "\n", "\t", "{", "'", "&a *a", "\x00", "??"]))
    path = tmp_path / "damaged.yaml"
    path.write_text(text[:start] + put + text[end:], encoding="utf-8")
    _, error = outcome(lambda: read_yaml(path, model))
    assert error is None or "damaged.yaml" in str(error)
    assert error is None or error.remedy


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (("groups: [general", "groups: [nobody"), "nobody"),
        (("id: gcm:15.b", "id: gcm:15.a"), "gcm:15.a"),
        (("id: gcm:15.b", "id: gcr:900"), "gcr:900"),
        (("kind: action", "kind: wish"), "wish"),
        (("      ar: ", "      xx: "), "xx"),
        (("label:", "lable:"), "lable"),
        (("Forbid discrimination", "word " * 20), "words"),
        (("groups: [", "groups: [general, "), "twice"),
    ],
)
def test_a_wrong_definition_names_file_line_and_remedy(
    tmp_path: Path, damage: tuple[str, str], named: str
) -> None:
    folder = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, folder, ignore=shutil.ignore_patterns("figures"))
    path = folder / "instruments/gcm/objective-15.yaml"
    path.write_text(OBJECTIVE.replace(*damage, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"objective-15\.yaml, line \d+") as raised:
        load_framework(folder)
    assert named in str(raised.value)
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("file", "content", "named"),
    [
        ("acceptance/votes.csv", "resolution,place\nA,KEN\n", "vote"),
        ("acceptance/votes.csv", "resolution,place,vote\nA,KEN,maybe\n", "line 2, column vote"),
        ("acceptance/votes.csv", "resolution,place,vote\nA,KEN,yes\nA,KEN,no\n", "twice"),
        ("acceptance/votes.csv", "resolution,place,vote\nA,QQQ,yes\n", "QQQ"),
        ("acceptance/votes.csv", 'resolution,place,vote\n"A,KEN,yes\n', "line"),
        ("acceptance/votes.csv", "resolution,place,vote\nA,KEN,yes,more\n", "4 cells"),
        ("places.csv", "", "column"),
        ("groups.yaml", "", "groups.yaml"),
        ("groups.yaml", "- id: a\n  id: b\n", "twice"),
        ("crosswalk/gcm-15.yaml", "links: []\n", "gcm:15"),
        ("acceptance/statements.yaml", "statements: 5\n", "line 1"),
        ("instruments/gcm/instrument.yaml", "id: gcr\n", "instrument.yaml"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, file: str, content: str, named: str) -> None:
    folder = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, folder, ignore=shutil.ignore_patterns("figures"))
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        load_framework(folder)
    assert named in str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_wrong_encoding_is_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes("id: é\n".encode(encoding))
    with pytest.raises(DefinitionError, match=r"wrong\.yaml, line 1: this is not UTF-8"):
        read_yaml(path, Series)


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SERIES.replace("\n", "\r\n").encode())
    assert read_yaml(path, Series).code == "SG_REG_BRTH"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    for load in (load_framework, load_series, load_forums, open_evidence):
        with pytest.raises(WaymarkError):
            load(tmp_path / "nowhere")


def test_an_anchor_that_bites_its_tail_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "loop.yaml"
    path.write_text("a: &a [*a]\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"loop\.yaml"):
        read_yaml(path, Series)
