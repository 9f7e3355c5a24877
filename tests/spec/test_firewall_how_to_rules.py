"""The how-to "adopt the rules of sharing", followed literally: each command, and what it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "adopt-the-rules.md"
BLOCK = re.compile(r"^```(sh|python|text)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def steps() -> list[tuple[str, str, list[str]]]:
    """Each block of commands, with the lines that the page says they print."""
    found: list[tuple[str, str, list[str]]] = []
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "text":
            found[-1][2].extend(text.splitlines())
        else:
            found.append((kind, text, []))
    return found


def test_every_step_does_what_the_page_says(tmp_path):
    tools = Path(sys.executable).parent
    surroundings = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    runners = {"sh": ["sh", "-eu", "-c"], "python": [sys.executable, "-c"]}
    done = 0
    for kind, text, printed in steps():
        result = subprocess.run(
            [*runners[kind], text],
            cwd=tmp_path,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        told = result.stdout + result.stderr
        assert result.returncode == 0, f"{text}\n{told}"
        lines = [line.strip() for line in told.splitlines()]
        for line in printed:
            assert line in lines, f"{text}\nprints\n{told}\nand the page says\n{line}"
        assert printed
        done += 1
    assert done == 10
    assert (tmp_path / "our-rules.certificate.json").exists()
