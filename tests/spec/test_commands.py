"""The command line: every command teaches, lists in three forms, and never shows a traceback."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from waymark.cli.main import waymark


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append((*path, name))
    return found


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "waymark.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", commands(waymark), ids=" ".join)
def test_help_teaches_by_example(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(waymark, [*path, "--help"])
    assert result.exit_code == 0
    assert f"waymark {' '.join(path)}" in result.output


LISTS = [
    ("compact", "show", "gcm:15.b"),
    ("compact", "list"),
    ("compact", "list", "gcr"),
    ("indicators", "list"),
    ("indicators", "show", "SM_POP_REFG_OR", "--place", "KEN"),
    ("indicators", "show", "WM_REMITTANCE_COST_OUT", "--place", "ZAF", "--progress"),
    ("coverage", "--place", "KEN"),
    ("coverage", "--group", "children"),
]


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_what_lists_lists_in_three_forms(arguments: tuple[str, ...]) -> None:
    texts = {}
    for form in ("text", "csv", "json"):
        result = CliRunner().invoke(waymark, [*arguments, "--format", form])
        assert result.exit_code == 0, result.output
        texts[form] = result.output
    rows = json.loads(texts["json"])
    assert rows
    assert len(list(csv.DictReader(io.StringIO(texts["csv"])))) == len(rows)
    assert texts["text"].strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("review", "--place", "XXX"), "There is no place 'XXX'."),
        (("review", "--forum", "nothing"), "There is no forum 'nothing'."),
        (("review", "--as-of", "tomorrow"), "tomorrow"),
        (("compact", "show", "gcm:99"), "There is no provision 'gcm:99'."),
        (("indicators", "show", "NOTHING", "--place", "KEN"), "There is no series 'NOTHING'."),
        (("coverage", "--group", "nobody"), "'nobody' is not one of"),
        (("review", "--output", "/nowhere/at/all.txt"), "cannot be written"),
        (("nonsense",), "No such command"),
        (("indicators", "copy", "nonsense://"), "The engine does not answer"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.returncode != 0
    assert said in result.stderr
    assert "Traceback" not in result.stderr + result.stdout


def test_one_setting_makes_every_command_ask_another_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = f"sqlite://{tmp_path / 'figures.sqlite'}"
    arguments = ("review", "--place", "KEN", "--as-of", "2026-11-23")
    here = run(*arguments).stdout
    assert "figures" in run("indicators", "copy", engine).stdout
    monkeypatch.setenv("WAYMARK_ENGINE", engine)
    assert run(*arguments).stdout == here


def test_a_review_is_plain_when_piped(tmp_path: Path) -> None:
    result = run("review", "--place", "KEN", "--as-of", "2026-11-23")
    assert result.returncode == 0
    assert "Kenya voted for the Migration Compact" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_review_can_be_written_as_pdf_and_json(tmp_path: Path) -> None:
    pdf, found = tmp_path / "kenya.pdf", tmp_path / "kenya.json"
    assert run("review", "--place", "KEN", "--format", "pdf", "--output", str(pdf)).returncode == 0
    assert pdf.read_bytes().startswith(b"%PDF-")
    run("review", "--place", "KEN", "--format", "json", "--output", str(found))
    assert json.loads(found.read_text(encoding="utf-8"))["place"]["id"] == "KEN"
