"""What holds of every module and every script."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess

import pytest

from tests.repo.tracked import name_of, programs, tracked

MOST_LINES = 400
LONG_FOR_A_REASON: dict[str, str] = {}  # a module's name to the reason why it may be longer

WRITTEN = [  # a package may be bare, and Django writes migrations
    path for path in tracked("*.py") if path.stat().st_size and path.parent.name != "migrations"
]
MODULES = pytest.mark.parametrize("path", WRITTEN, ids=name_of)
PROGRAMS = pytest.mark.parametrize("path", programs(), ids=name_of)


@MODULES
def test_module_opens_with_a_sentence(path):
    sentence = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert sentence, "say in one sentence what the module is about"
    assert sentence.splitlines()[0][-1] in ".:?", "the first line is a whole sentence"


@MODULES
def test_module_is_not_long(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    reason = LONG_FOR_A_REASON.get(name_of(path))
    assert (lines > MOST_LINES) == (reason is not None), f"{lines} lines; the reason: {reason}"


@PROGRAMS
def test_program_can_be_run(path):
    assert os.access(path, os.X_OK), "git update-index --chmod=+x"


@PROGRAMS
def test_program_can_be_read(path):
    opening, *rest = path.read_text(encoding="utf-8").splitlines()
    if "python" in opening:
        compile("\n".join(rest), str(path), "exec")
    else:
        assert opening.endswith(("/sh", " sh")), "plain sh is on every machine"
        subprocess.run(["sh", "-n", path], check=True)


@PROGRAMS
def test_program_says_what_it_does(path):
    second = path.read_text(encoding="utf-8").splitlines()[1]
    assert second.startswith(("# ", '"""')), "its second line says what it does"


@pytest.mark.parametrize("path", tracked("script/*", ".ci/run"), ids=name_of)
def test_script_is_a_program_or_a_part_of_one(path):
    """What people call has no ending; the Python behind it begins with an underscore."""
    assert path in programs() or (path.suffix == ".py" and path.name.startswith("_"))


@pytest.mark.parametrize("path", tracked("benchmarks/*.py"), ids=name_of)
def test_benchmark_finds_what_it_measures(path):
    importlib.import_module(f"benchmarks.{path.stem}")
