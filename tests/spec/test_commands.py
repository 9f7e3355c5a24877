"""The command line: every command teaches, lists in three forms, and never shows a traceback."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, Protocol

import click
import pytest
from click.testing import CliRunner

from waymark.cli.groups import NamedCommands
from waymark.cli.main import main, waymark

SMALL = {"babel", "cryptography", "numpy", "pydantic", "rich", "yaml"}
LARGE = {"django", "duckdb", "highspy", "ibis", "lxml", "pyarrow", "scipy"}
UNUSED = {  # of what a command says about itself
    (): SMALL | LARGE,
    ("firewall",): SMALL | LARGE,
    ("register",): SMALL | LARGE,
    ("compact", "show"): {"cryptography", "numpy", "rich"} | LARGE,
    ("finance", "place"): {"cryptography", "numpy"} | LARGE,
    ("firewall", "keys", "make"): LARGE,
}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append((*path, name))
    return found


def groups(group: click.Group) -> list[click.Group]:
    inner = [each for each in group.commands.values() if isinstance(each, click.Group)]
    return [group, *(found for each in inner for found in groups(each))]


class Ended(NamedTuple):
    """How a command ended: its exit code, and what it printed."""

    code: int
    out: str
    err: str


class Run(Protocol):
    def __call__(self, *arguments: str) -> Ended: ...


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The whole program, as ``waymark`` runs it, without a process of its own."""

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["waymark", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        assert isinstance(code, int)
        return Ended(code, *capsys.readouterr())

    return run


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", UNUSED, ids=" ".join)
def test_help_waits_for_no_library_that_it_does_not_need(path: tuple[str, ...]) -> None:
    script = (
        "import atexit, sys; from waymark.cli.main import main; "
        "atexit.register(lambda: print('LOADED', *sys.modules)); main()"
    )
    ended = process("-c", script, *path, "--help")
    assert ended.returncode == 0, ended.stderr
    shown, loaded = ended.stdout.split("LOADED")
    assert "Usage: " in shown
    assert not UNUSED[path] & set(loaded.split())


@pytest.mark.parametrize("group", groups(waymark), ids=lambda group: group.name)
def test_a_list_of_commands_is_whole_and_cuts_no_line_that_we_gave(group: click.Group) -> None:
    shown = CliRunner().invoke(group, ["--help"]).output
    given = group.lines if isinstance(group, NamedCommands) else {}
    for name, command in group.commands.items():
        assert command.name == name
        assert f"  {name} " in shown
        assert given.get(name, "") in shown


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
def test_what_is_wrong_is_said_with_a_remedy(
    arguments: tuple[str, ...], said: str, run: Run
) -> None:
    result = run(*arguments)
    assert result.code not in (0, None)
    assert said in result.err
    assert "Traceback" not in result.err + result.out


def test_one_setting_makes_every_command_ask_another_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    engine = f"sqlite://{tmp_path / 'figures.sqlite'}"
    arguments = ("review", "--place", "KEN", "--as-of", "2026-11-23")
    here = run(*arguments).out
    assert "figures" in run("indicators", "copy", engine).out
    monkeypatch.setenv("WAYMARK_ENGINE", engine)
    assert run(*arguments).out == here


def test_a_review_is_plain_when_piped() -> None:
    arguments = ("review", "--place", "KEN", "--as-of", "2026-11-23")
    result = process("-m", "waymark.cli.main", *arguments)
    assert result.returncode == 0
    assert "Kenya voted for the Migration Compact" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_review_can_be_written_as_pdf_and_json(tmp_path: Path, run: Run) -> None:
    pdf, found = tmp_path / "kenya.pdf", tmp_path / "kenya.json"
    assert run("review", "--place", "KEN", "--format", "pdf", "--output", str(pdf)).code == 0
    assert pdf.read_bytes().startswith(b"%PDF-")
    run("review", "--place", "KEN", "--format", "json", "--output", str(found))
    assert json.loads(found.read_text(encoding="utf-8"))["place"]["id"] == "KEN"
