"""The how-to "Bring your pledge list", its shell part followed to the letter in an empty folder."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from waymark.cli.main import waymark
from waymark.compact.loading import load_framework
from waymark.exceptions import WaymarkError
from waymark.exchange.register_package import read_package
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "bring-your-pledge-list.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def run(script: str, folder: Path) -> str:
    """A block of the page in a shell, our own command in this process; what they said."""
    if not script.count("\nwaymark") and not script.startswith("waymark"):
        subprocess.run(["sh", "-ec", script], cwd=folder, check=True)
        return ""
    said = ""
    for line in script.splitlines():
        if not line.startswith("waymark "):
            subprocess.run(["sh", "-ec", line], cwd=folder, check=True)
            continue
        refused = line.endswith(" 2>&1 || true")
        arguments = shlex.split(line.removesuffix(" 2>&1 || true"))[1:]
        done = CliRunner().invoke(waymark, arguments)
        said += done.output
        assert (done.exit_code != 0) is refused, done.output
        if refused:
            assert isinstance(done.exception, WaymarkError)
            said += f"waymark: {done.exception}\n"
    return said


def change(block: str, path: Path) -> None:
    """Change a file as a block of the page says: lines with - become lines with +."""
    lines = block.splitlines()
    old, new = ("\n".join(each[1:] for each in lines if each[0] == sign) for sign in "-+")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = ""
    for kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "sh":
            assert said == "", "the page shows all that its commands say"
            said = run(block, tmp_path)
        elif kind == "diff":
            change(block, tmp_path / "our-pledges.yaml")
        else:
            assert said == block
            said = ""
    folder = tmp_path / "our-register"
    register = read_package(folder, load_framework(), load_forums(), load_series())
    made = [register.commitments[f"our-pledges-l-{number}"] for number in (1, 2)]
    assert [each.status for each in made] == ["under-way", "under-way"]
    assert [each.proposed for each in made] == [False, True]
    assert all(each.illustrative for each in made)
