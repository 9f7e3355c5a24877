"""The how-to "Audit your country's arrangements", followed to the letter in an empty folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from waymark.cli.main import waymark

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "audit-your-country.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
HOLDS, BROKEN = 0, 3


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A block of the page in a shell, with the command of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["sh", "-c", script]
    environment = {**os.environ, "PATH": path}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def change(block: str, path: Path) -> None:
    """Change a file as a block of the page says: lines with - become lines with +."""
    lines = block.splitlines()
    old = "\n".join(line[1:] for line in lines if line.startswith("-"))
    new = "\n".join(line[1:] for line in lines if line.startswith("+"))
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    ends = []
    for kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "diff":
            change(block, tmp_path / "our-country.yaml")
            continue
        done = run(block, tmp_path)
        assert not done.stderr, done.stderr
        ends.append((done.returncode, done.stdout))
    codes = [code for code, _ in ends]
    assert codes == [BROKEN, HOLDS, HOLDS, BROKEN]
    assert "Holds: no chain leads from the one service" in ends[1][1]
    for name in ("for-parliament.pdf", "for-parliament-ar.pdf"):
        assert (tmp_path / name).read_bytes().startswith(b"%PDF-")
    certificate = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["certificate"]
    assert "border-service" not in certificate["reached"]
    assert "Broken: " in ends[3][1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name a file or a folder, or use --write-example."),
        (("nowhere.yaml",), "nowhere.yaml: the file is missing."),
        (("--write-example", "{page}"), "is there already. Choose another name"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(arguments: tuple[str, ...], said: str) -> None:
    given = [each.format(page=PAGE) for each in arguments]
    result = CliRunner().invoke(waymark, ["firewall", "audit", *given])
    assert result.exit_code != 0
    told = result.output if result.exit_code == 2 else str(result.exception)
    assert said in told


def test_the_example_is_never_written_over() -> None:
    before = PAGE.read_bytes()
    CliRunner().invoke(waymark, ["firewall", "audit", "--write-example", str(PAGE)])
    assert PAGE.read_bytes() == before
