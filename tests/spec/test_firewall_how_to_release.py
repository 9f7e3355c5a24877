"""The pages on releases: commands followed literally, numbers as the code has them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from waymark.firewall.counts import disclosure
from waymark.firewall.counts.ledger import read_ledger
from waymark.firewall.counts.perturbation import noise_table
from waymark.firewall.counts.specification import RULES

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = (DOCS / "how-to" / "publish-counts.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "disclosure-methods.md").read_text(encoding="utf-8")


def test_the_how_to_works_as_it_is_written(tmp_path: Path) -> None:
    tools = Path(sys.executable).parent
    for kind, block in re.findall(r"```(sh|yaml)\n(.*?)```", HOW_TO, re.DOTALL):
        if kind == "yaml":
            (tmp_path / "clinics.yaml").write_text(block, encoding="utf-8")
            continue
        ended = subprocess.run(
            ["sh", "-ec", block],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{block}\n{ended.stderr}"
    files = set(re.findall(r"^\| `([\w.]+)` \|", HOW_TO, re.MULTILINE))
    for number in (1, 2):
        assert {path.name for path in (tmp_path / f"clinics-2026-{number}").iterdir()} == files
    assert len(read_ledger(tmp_path / "ledger.jsonl").entries) == 2


def test_every_number_stands_on_the_page() -> None:
    stated = dict(re.findall(r"^\| `([A-Z_]+)` \| ([\d/]+) \|", REFERENCE, re.MULTILINE))
    numbers = {
        name: str(value)
        for name, value in vars(disclosure).items()
        if name.isupper() and isinstance(value, int | Fraction)
    }
    assert stated == numbers


def test_every_rule_stands_on_the_page() -> None:
    stated = set(re.findall(r"^\| (D\d+) \|", REFERENCE, re.MULTILINE))
    source = Path(disclosure.__file__).parent
    used = {rule.id for rule in RULES}
    for module in ("specification.py", "records.py"):
        used |= set(re.findall(r"\bD\d+\b", (source / module).read_text(encoding="utf-8")))
    assert stated == used


def test_every_kind_stands_on_the_page() -> None:
    for kind in disclosure.load_disclosure().kinds:
        if kind.role is not disclosure.Role.COUNT:
            assert f"`{kind.id}`" in REFERENCE


@pytest.mark.parametrize("true", range(10, 21))
def test_the_bias_near_the_threshold_is_as_stated(true: int) -> None:
    """Counted over the keys themselves."""
    noise = noise_table().of_key.astype(int)
    kept = noise[true + noise >= disclosure.LEAST_FIGURE]
    bias = f"{kept.mean():+.2f}" if abs(kept.mean()) > 0.001 else "0"
    share = f"{100 * len(kept) / len(noise):.1f} %"
    assert f"| {true} | {bias} | {share} |" in REFERENCE


def test_the_slots_of_the_noise_are_as_stated() -> None:
    slots = [f"{each:,}" for each in noise_table().slots[:6]]
    assert f"| {' | '.join(slots)} |" in REFERENCE
