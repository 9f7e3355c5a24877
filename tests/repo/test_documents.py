"""The documents: complete, linked, and in step with what they describe."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from tests.repo.tracked import ROOT, name_of, tracked

APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
KINDS = ("tutorials", "how-to", "reference", "explanation", "decisions")
PARTS_OF_A_DECISION = ("Context", "Decision", "Options refused", "Consequences")
FENCED = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?: \"[^\"]*\")?\)")

DOCUMENTS = tracked("*.md")
PAGES = [page for page in DOCUMENTS if page.is_relative_to(ROOT / "docs")]
DECISIONS = [page for page in PAGES if page.parent.name == "decisions"]
RELEASES = tracked("src/waymark/definitions/releases/*.yaml")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def links(page: Path) -> list[str]:
    """Where a page links to, inside the repository; code is left out."""
    text = re.sub(r"`[^`]*`", "", FENCED.sub("", read(page)))
    return [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make, as the usual sites of code make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", read(page)), re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip() for heading in headings)
    return {heading.lower().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(page):
    for link in links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target in tracked() or target.is_dir(), f"{link}: no such file is committed"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_is_found_from_the_index(page):
    """Every page of docs/ stands in docs/README.md, under one of the kinds."""
    index = ROOT / "docs" / "README.md"
    if page == index:
        return
    assert page.parent.name in KINDS
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    assert page in linked


@pytest.mark.parametrize("page", DECISIONS, ids=name_of)
def test_decision_says_what_it_refused(page):
    headings = re.findall(r"^## (.+)$", read(page), re.MULTILINE)
    assert tuple(headings) == PARTS_OF_A_DECISION
    assert re.match(r"\d{4}-[a-z-]+$", page.stem)


def test_decisions_are_numbered_in_turn():
    numbers = sorted(int(page.stem[:4]) for page in DECISIONS)
    assert numbers == list(range(1, len(numbers) + 1))


def test_licence_is_apache_2_whole_and_unchanged():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


@pytest.mark.parametrize("path", RELEASES, ids=name_of)
def test_figures_are_attributed(path):
    """Whoever gave us figures is named in DATA_LICENSES.md, as they ask, with their licence."""
    release = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = [row for row in read(ROOT / "DATA_LICENSES.md").splitlines() if f"`{path.stem}`" in row]
    assert len(rows) == 1, f"one row for `{path.stem}`"
    assert release["attribution"] in rows[0]
    assert release["licence"] in rows[0]


def test_changelog_has_a_place_for_the_next_release():
    assert re.search(r"^## Unreleased$", read(ROOT / "CHANGELOG.md"), re.MULTILINE)


@pytest.mark.parametrize("path", tracked("script/*"), ids=name_of)
def test_script_is_documented(path):
    """What people may call stands in CONTRIBUTING.md."""
    if path.name.startswith("_"):
        return
    assert f"`script/{path.name}" in read(ROOT / "CONTRIBUTING.md")
