"""The page on planning a facility: followed literally, with what it says one will see."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from waymark.cli.main import waymark

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "plan-a-facility.md"
# The shell does all but start the command, which would take seconds each time: it notes the words.
NOTED = 'waymark() { printf "%s\\n" "$*" >> calls; }\n'


def followed(block: str) -> str:
    """What a block of the page prints in this folder."""
    calls = Path("calls")
    calls.write_text("")
    subprocess.run(["sh", "-ec", NOTED + block], check=True)
    printed = ""
    for words in calls.read_text().splitlines():
        ended = CliRunner().invoke(waymark, words.split(), catch_exceptions=False)
        assert ended.exit_code == 0, ended.output
        printed += ended.output
    return printed


def test_the_how_to_works_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed, shown = "", 0
    for kind, block in re.findall(r"```(sh|text)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        if kind == "sh":
            printed = followed(block)
            continue
        lines = [line.rstrip() for line in printed.splitlines()]
        for line in block.splitlines():
            assert line in lines, f"{line}\nis not in\n{printed}"
            shown += 1
    assert shown > 8
