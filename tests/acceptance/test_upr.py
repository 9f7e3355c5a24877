"""Recommendations of the Universal Periodic Review, sessions 1-20, as UPR Info hands them out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.repo.tracked import name_of, tracked
from waymark.compact.framework import Framework
from waymark.exchange.upr import Recommendation, Response, as_register, read_recommendations
from waymark.plans.proposals import ProposalRules, load_proposal_rules, propose
from waymark.plans.register import Register, faults

ACCEPTED = {"MEX": 21, "DEU": 31, "ITA": 64, "QAT": 41}
MEASURED = 0.986  # share of accepted recommendations with a provision, November 2026
EXACT = 0.948  # the same without the rules that speak only otherwise
MARGIN = 0.01
LONGEST_RUN = 9  # words in a row that a file of ours may share with a recommendation
NAMES_OF_TREATIES = re.compile(r"convention|protocol|rapporteur|all migrant workers", re.IGNORECASE)


@pytest.fixture(scope="module")
def recommendations(shared: Path) -> list[Recommendation]:
    return read_recommendations(shared / "texts/upr/upr_recommendations_migration.csv")


@pytest.fixture(scope="module")
def rules(framework: Framework) -> ProposalRules:
    return load_proposal_rules(framework)


@pytest.fixture(scope="module")
def register(
    recommendations: list[Recommendation], framework: Framework, rules: ProposalRules
) -> Register:
    return as_register(recommendations, framework, rules)


def test_every_recommendation_is_read_and_the_accepted_ones_are_kept(
    recommendations: list[Recommendation], register: Register
) -> None:
    assert len(recommendations) == 2757
    assert sum(each.response is Response.ACCEPTED for each in recommendations) == 1997
    assert len(register.commitments) == 1997
    by_place = Counter(each.place for each in register.commitments.values())
    assert {place: by_place[place] for place in ACCEPTED} == ACCEPTED
    assert set(by_place) == {actor.place for actor in register.actors.values()}


def test_the_register_leads_nowhere_wrong(register: Register, framework: Framework) -> None:
    assert list(faults(register, framework, {}, ())) == []
    assert all(framework.places[actor.place].member for actor in register.actors.values())


def test_one_state_alone_has_the_same_commitments(
    recommendations: list[Recommendation],
    register: Register,
    framework: Framework,
    rules: ProposalRules,
) -> None:
    for place, number in ACCEPTED.items():
        alone = as_register(recommendations, framework, rules, countries=[place])
        assert len(alone.commitments) == number
        assert alone.commitments.items() <= register.commitments.items()


def test_most_recommendations_get_a_provision(register: Register, rules: ProposalRules) -> None:
    found = register.commitments.values()
    share = sum(bool(each.provisions) for each in found) / len(found)
    print(f"{share:.1%} of {len(found)} accepted recommendations get a provision")
    assert share >= MEASURED - MARGIN


def test_most_provisions_do_not_come_from_the_last_resort(
    recommendations: list[Recommendation], rules: ProposalRules
) -> None:
    exact = rules.model_copy(
        update={"rules": tuple(rule for rule in rules.rules if not rule.otherwise)}
    )
    accepted = [each for each in recommendations if each.response is Response.ACCEPTED]
    found = sum(bool(propose(each.text, each.issues, exact).provisions) for each in accepted)
    print(f"{found / len(accepted):.1%} get one from an exact rule")
    assert found / len(accepted) >= EXACT - MARGIN


def test_the_rules_name_issues_of_the_source(
    recommendations: list[Recommendation], rules: ProposalRules
) -> None:
    issues = {issue for each in recommendations for issue in each.issues}
    assert {issue for rule in rules.rules for issue in rule.issues} <= issues


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + LONGEST_RUN + 1]) for at in range(len(found) - LONGEST_RUN)}


def test_no_text_is_in_the_repository(recommendations: list[Recommendation]) -> None:
    """Names of treaties apart: the rules must know them as they are written."""
    theirs = {run for each in recommendations for run in runs(each.text)}
    for path in tracked("src/waymark/definitions/*.yaml", "tests/*.py", "docs/*.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not NAMES_OF_TREATIES.search(line):
                assert not runs(line) & theirs, f"{name_of(path)}: {line}"
