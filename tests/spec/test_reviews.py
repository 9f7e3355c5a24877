"""Reviews of real places on real figures: what they must and must not say."""

from __future__ import annotations

import json
from datetime import date

import pytest

from waymark.compact.framework import Framework
from waymark.coverage.standing import Standing
from waymark.indicators.progress import Direction
from waymark.plans.forums import Forum, load_forums, next_forum
from waymark.reviews.document import as_json, as_pdf, as_text
from waymark.reviews.findings import FindingKind
from waymark.reviews.review import Review, review

AS_OF_YEAR = 2026

PLACES = ["DEU", "KEN", "HUN", "MEX", "JOR", "PHL", "LBY", "BRA", "USA", "BGD", "ZAF", "SYR"]


@pytest.fixture(scope="module")
def forum() -> Forum:
    return load_forums()["imrf-2026"]


@pytest.fixture(params=PLACES)
def made(request: pytest.FixtureRequest, stands: Standing, forum: Forum) -> Review:
    return review(stands, stands.framework.place(request.param), forum)


def test_a_review_finds_something(made: Review) -> None:
    kinds = {found.kind for found in made.findings}
    assert FindingKind.PROMISE in kinds
    assert FindingKind.UNMEASURED in kinds
    assert kinds & {FindingKind.BETTER, FindingKind.WORSE, FindingKind.TARGET}
    assert made.facts


def test_better_means_the_better_direction(made: Review, stands: Standing) -> None:
    for found in made.findings:
        if found.kind in (FindingKind.BETTER, FindingKind.WORSE):
            base, latest = found.figures
            assert base.value is not None
            assert latest.value is not None
            rose = latest.value > base.value
            wanted = stands.series[found.series[0]].direction is Direction.HIGHER
            assert (found.kind is FindingKind.BETTER) == (rose == wanted), found.sentence


def test_no_finding_sells_an_old_year_as_current(made: Review) -> None:
    for found in made.findings:
        if found.kind in (FindingKind.BETTER, FindingKind.WORSE, FindingKind.TARGET):
            newest = found.figures[-1].year
            if newest < AS_OF_YEAR - 5:
                assert any(f"of {newest}" in detail.text() for detail in found.details)


def test_findings_stand_in_order_of_weight(made: Review) -> None:
    weights = [found.weight for found in made.findings]
    assert weights == sorted(weights, reverse=True)


def test_every_finding_names_what_it_rests_on(made: Review, framework: Framework) -> None:
    for found in made.findings:
        assert found.provisions or found.series
        assert all(
            each in framework.provisions or each in framework.instruments
            for each in found.provisions
        )


def test_facts_are_of_the_place_itself(made: Review) -> None:
    assert {change.place for change in made.facts} == {made.place.id}


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_text_and_json_say_the_same(
    stands: Standing, framework: Framework, forum: Forum, language: str
) -> None:
    made = review(stands, framework.place("MEX"), forum)
    found = json.loads(as_json(made, framework, language))
    text = as_text(made, framework, language)
    for section in found["sections"]:
        for finding in section["findings"]:
            assert finding["sentence"] in text
    assert len(found["ladder"]) == 23


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pdf_is_one(
    stands: Standing, framework: Framework, forum: Forum, language: str
) -> None:
    pdf = as_pdf(review(stands, framework.place("KEN"), forum), framework, language)
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")


def test_hungary_is_not_said_to_have_promised(stands: Standing, forum: Forum) -> None:
    made = review(stands, stands.framework.place("HUN"), forum)
    assert "voted against the Migration Compact" in made.answer.text()


def test_the_world_is_reviewed_through_its_states(stands: Standing, forum: Forum) -> None:
    made = review(stands, stands.framework.place("001"), forum)
    sentences = [found.sentence.text() for found in made.findings]
    assert "Migration Compact: accepted by 152 of 193 Member States." in sentences


def test_the_next_forum_follows_the_date() -> None:
    forums = load_forums()
    found = next_forum(forums, date(2026, 11, 23), "gcm")
    assert found is not None
    assert found.id == "regional-2028"


def test_a_review_does_not_contradict_itself_about_one_fact(stands: Standing, forum: Forum) -> None:
    for place in ("ESP", "AFG", "SDN", "UKR", "MMR"):
        made = review(stands, stands.framework.place(place), forum)
        told = {code for found in made.findings for code in found.series}
        assert not {"SM_DTH_MIGR", "IOM_MISSING_MIGRANTS"} <= told
        assert not {"SM_POP_REFG_OR", "WM_REFUGEES_FROM"} <= told
