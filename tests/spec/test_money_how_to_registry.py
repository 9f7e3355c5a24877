"""The how-to "Use the whole registry", followed to the letter in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-whole-registry.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "300"}
    environment.pop("WAYMARK_MONEY", None)
    said, shown = "", 0
    for kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "text":
            for line in block.splitlines():
                assert line in said
            shown += 1
            continue
        done = subprocess.run(
            ["sh", "-c", block],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        said = done.stdout
        assert (done.returncode == 0) == ("waymark: " not in said), said
    assert shown == 4
    assert {each.name for each in tmp_path.iterdir()} == {"KE.xlsx", "money"}
