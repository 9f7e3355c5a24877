"""The rules of the two methods of progress, as cases that a delegate can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from waymark.exceptions import NotFoundError
from waymark.indicators import open_sdg
from waymark.indicators.methods import DEFAULT_METHOD, METHODS, judge, judge_all
from waymark.indicators.progress import (
    MOVEMENTS,
    OPEN_SDG,
    OUTCOME_WORDS,
    UNSD,
    Case,
    Direction,
    Judgement,
    Movement,
    Outcome,
    Scale,
    Target,
)

FOLDER = Path(__file__).parent / "progress"
MEASURES = {"R", "g", "s"}
WORDS = {"name", "direction", "base", "latest", "years", "target", "limit", "scale", "percentage"}
WORDS |= {"too_small", "digits", "expect"}
EXPECTED = {"outcome", "movement", "score", "reason"} | MEASURES


def read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


CASES = [
    pytest.param(content["method"], case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for content in [read(path)]
    for case in content["cases"]
    if "method" in content
]
AGGREGATES = read(FOLDER / "aggregates.yaml")["cases"]


def case_of(row: dict[str, Any]) -> Case:
    ((base_year, base_value),) = row.get("base", {None: None}).items()
    ((latest_year, latest_value),) = row.get("latest", {None: None}).items()
    return Case(
        base_year=base_year,
        base_value=base_value,
        latest_year=latest_year,
        latest_value=latest_value,
        years=row.get("years", 2),
        direction=Direction(row["direction"]),
        target=Target(**row["target"]) if "target" in row else None,
        limit=row.get("limit"),
        scale=Scale(row.get("scale", "number")),
        percentage=row.get("percentage", False),
        too_small=row.get("too_small", False),
    )


@pytest.mark.parametrize(("method", "row"), CASES)
def test_case(method: str, row: dict[str, Any]) -> None:
    expect = row["expect"]
    assert row.keys() <= WORDS
    assert expect.keys() <= EXPECTED
    found = judge(case_of(row), method)
    near = 0.5 * 10 ** -row["digits"] if "digits" in row else 1e-9
    assert (found.outcome, found.movement) == (expect["outcome"], expect["movement"])
    measures = {name: value for name, value in expect.items() if name in MEASURES}
    assert found.measure_name == "".join(measures)
    if measures:
        assert found.measure == pytest.approx(measures[found.measure_name], rel=0, abs=near)
    else:
        assert found.measure is None
    if "score" in expect:
        assert found.score == pytest.approx(expect["score"], rel=0, abs=1e-9)
    else:
        assert found.score is None
    if "reason" in expect:
        assert found.reason is not None
        assert expect["reason"] in found.reason.text()
        assert found.working[-1] == found.reason
    else:
        assert found.reason is None


@pytest.mark.parametrize("row", AGGREGATES, ids=lambda row: row["name"])
def test_aggregate(row: dict[str, Any]) -> None:
    expect = row["expect"]
    scores = scores_of(row["scores"])
    found = open_sdg.mean_score(scores)
    whole = open_sdg.aggregate(judgements_of(scores))
    if "score" not in expect:
        assert found is whole.score is None
    else:
        assert found == pytest.approx(expect["score"], rel=0, abs=1e-9)
        assert whole.score == found
        assert open_sdg.class_of_score(found) == expect["outcome"]
    assert whole.outcome == expect["outcome"]


def scores_of(written: list[Any]) -> list[Any]:
    return [
        scores_of(each) if isinstance(each, list) else None if each == "none" else each
        for each in written
    ]


def judgements_of(scores: list[Any]) -> list[Any]:
    return [judgements_of(each) if isinstance(each, list) else scored(each) for each in scores]


def scored(score: float | None) -> Judgement:
    outcome = Outcome.CANNOT_ASSESS if score is None else open_sdg.class_of_score(score)
    return Judgement(OPEN_SDG, outcome, A_CASE, score=score)


A_CASE = Case(2015, 10.0, 2020, 12.0, 2, Direction.HIGHER)
ACHIEVED = judge(Case(2015, 10.0, 2020, 12.0, 2, Direction.HIGHER, Target(11.0)), OPEN_SDG)
NOT_AVAILABLE = judge(Case(2015, 10.0, 2015, 10.0, 1, Direction.HIGHER), OPEN_SDG)
PERFECT = judge(Case(2015, 10.0, 2020, 20.0, 2, Direction.HIGHER), OPEN_SDG)


def test_an_aggregate_is_achieved_only_if_every_series_is() -> None:
    assert open_sdg.aggregate([ACHIEVED, [ACHIEVED]]).outcome is Outcome.ACHIEVED
    assert open_sdg.aggregate([ACHIEVED, PERFECT]).outcome is Outcome.SUBSTANTIAL
    assert open_sdg.aggregate([ACHIEVED, NOT_AVAILABLE]).outcome is Outcome.SUBSTANTIAL


def test_an_aggregate_counts_what_it_rests_on() -> None:
    found = open_sdg.aggregate([ACHIEVED, [PERFECT, NOT_AVAILABLE]])
    assert (found.score, found.counted, found.left_out) == (5, 2, 1)


def test_methods_are_never_averaged_with_each_other() -> None:
    with pytest.raises(ValueError, match="different methods"):
        open_sdg.aggregate(judge_all(A_CASE))


@pytest.mark.parametrize(
    ("ratio", "reflected"),
    [(1, 1), (0.5, 2), (2, 2), (0.97, 1), (1.03, 1), (0.96, 1 / 0.96), (1.04, 1.04)],
)
def test_a_parity_is_as_far_off_on_either_side(ratio: float, reflected: float) -> None:
    assert open_sdg.reflect_parity(ratio) == reflected


@pytest.mark.parametrize("ratio", [0, -1, float("nan")])
def test_a_parity_is_above_zero(ratio: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        open_sdg.reflect_parity(ratio)


@pytest.mark.parametrize(
    ("share", "reflected"), [(50, 50), (40, 60), (60, 60), (0, 100), (100, 100)]
)
def test_a_share_is_as_far_off_on_either_side(share: float, reflected: float) -> None:
    assert open_sdg.reflect_share(share) == reflected


def test_each_method_answers_under_its_own_name() -> None:
    assert [found.method for found in judge_all(A_CASE)] == list(METHODS) == [UNSD, OPEN_SDG]
    assert DEFAULT_METHOD in METHODS
    for id, method in METHODS.items():
        assert method.id == id
        assert method.source
        assert method.thresholds
        assert judge(A_CASE, id) == method.judge(A_CASE)


def test_an_unknown_method_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match=r"no method 'unsd-2024'.*unsd-2023, open-sdg-2\.4\.0"):
        judge(A_CASE, "unsd-2024")


def test_every_outcome_has_words_and_says_what_moved() -> None:
    assert OUTCOME_WORDS.keys() == MOVEMENTS.keys() == set(Outcome)
    assert {found for found in MOVEMENTS.values() if found} == set(Movement)
    assert ACHIEVED.outcome_name.text() == "target achieved"


def test_the_working_names_figures_formula_and_thresholds() -> None:
    case = Case(2014, 69300.0, 2022, 178.825, 2, Direction.LOWER, Target(0.0, 2030))
    assert [step.text() for step in judge(case, OPEN_SDG).working] == [
        "From 69,300 in 2014 to 178.825 in 2022.",
        "The target is 0 by 2030.",
        "The target is zero; the method puts 0.001 in its place.",
        "Growth: (178.825 / 69,300)^(1/8) − 1 = -52.5253 % a year.",
        "Growth needed: (0.001 / 69,300)^(1/16) − 1 = -67.644 % a year.",
        "Growth in the better direction is 0.776496 times the growth needed.",
        "A ratio of 0.95 or more is substantial progress, 0.6 or more moderate, "
        "0 or more limited; less is deterioration.",
        "The score, from −5 to 5, is 1.26073.",
    ]
    assert [step.text() for step in judge(case, UNSD).working] == [
        "From 69,300 in 2014 to 178.825 in 2022.",
        "The target is 0 by 2030.",
        "Growth: (178.825 / 69,300)^(1/8) − 1 = -52.5253 % a year.",
        "Going on at this rate, the figure comes to 0.461448 in 2030.",
        "Share of the way: (0.461448 − 69,300) / (0 − 69,300) = 0.999993.",
        "0.95 of the way or more is on track, 0.1 or more is fair progress; "
        "less is stagnation or regression.",
        "The score, from 1 to 3, is 3.",
    ]


def test_the_working_says_that_the_target_year_is_past() -> None:
    case = Case(2015, 100.0, 2025, 144.0, 2, Direction.HIGHER, Target(150.0, 2020))
    steps = [step.text() for step in judge(case, UNSD).working]
    assert "The target year is past; on this path, the figure of 2020 is 120." in steps
