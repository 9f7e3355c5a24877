"""The locked requirements: exact, with hashes, naming no index, and in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repo.tracked import ROOT, name_of, tracked

LOCKS = tracked("requirements/*.txt")
PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.+!]+)(?: ; (?P<marker>.+))?$")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def entries(lock: Path) -> tuple[str, ...]:
    """The entries of a requirements file, continued lines joined, comments left out."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


@cache
def pins(lock: Path) -> dict[str, set[str]]:
    """The versions that a requirements file pins, by package; some have one for each platform."""
    found: dict[str, set[str]] = {}
    for entry in entries(lock):
        match = PINNED.match(entry.split(" --hash")[0].strip())
        found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def asked_for(lock: str) -> list[Requirement]:
    """What a requirements file must hold: by pyproject.toml, and by its own .in files."""
    own = {"default": ["build"], "dev": ["build", "dev"], "uv": ["uv"]}[lock]
    sources = [f"requirements/{name}.in" for name in own]
    wanted = [line for source in sources for line in entries(ROOT / source)]
    if lock != "uv":
        wanted += PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
    if lock == "dev":
        wanted += PROJECT["project"]["optional-dependencies"]["dev"]
    return [Requirement(line) for line in wanted]


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_every_entry_is_exact_and_has_hashes(lock):
    for entry in entries(lock):
        pin, *hashes = entry.split(" --hash=")
        match = PINNED.match(pin.strip())
        assert match, f"'{pin}' is no exact version, or names an index or another option"
        assert match["marker"] is None or Marker(match["marker"])
        assert hashes, f"{pin} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each.strip()) for each in hashes)


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_nothing_but_names_versions_and_hashes(lock):
    """No index, no link, no path: where packages come from is the reader's choice."""
    text = lock.read_text(encoding="utf-8")
    assert re.findall(r"https?:|file:|--index|--extra|--find|(?m:^-)", text) == []


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_lock_holds_what_is_asked_for(lock):
    """Where this fails, run script/lock."""
    found = pins(lock)
    for requirement in asked_for(lock.stem):
        versions = found.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not locked"
        assert all(requirement.specifier.contains(version) for version in versions)


def test_tests_run_with_the_versions_that_people_get():
    default = pins(ROOT / "requirements" / "default.txt")
    dev = pins(ROOT / "requirements" / "dev.txt")
    assert {name: dev.get(name) for name in default} == default
