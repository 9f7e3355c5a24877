"""Laws of the methods of progress."""

from __future__ import annotations

from dataclasses import replace
from math import copysign, isfinite

from hypothesis import example, given, settings
from hypothesis import strategies as st

from waymark.indicators import open_sdg
from waymark.indicators.methods import judge, judge_all
from waymark.indicators.progress import (
    OPEN_SDG,
    UNSD,
    Case,
    Direction,
    Judgement,
    Movement,
    Outcome,
    Scale,
    Target,
)

patient = settings(deadline=None)  # a busy machine is no counterexample
NOT_JUDGED = (Outcome.CANNOT_ASSESS, Outcome.NOT_AVAILABLE)
BEST_FIRST = {
    OPEN_SDG: (
        Outcome.ACHIEVED,
        Outcome.SUBSTANTIAL,
        Outcome.MODERATE,
        Outcome.LIMITED,
        Outcome.DETERIORATION,
    ),
    UNSD: (Outcome.ON_TRACK, Outcome.FAIR, Outcome.STAGNATION),
}
any_number = st.floats(allow_nan=False, allow_infinity=False)
any_year = st.integers(1800, 2200) | st.integers()
usual = st.integers(1, 10**7).map(lambda thousandths: thousandths / 1000)
either_sign = st.tuples(usual, st.sampled_from([1, -1])).map(lambda pair: pair[0] * pair[1])
with_zero = either_sign | st.just(0.0)
directions = st.sampled_from([Direction.HIGHER, Direction.LOWER])
methods = st.sampled_from([OPEN_SDG, UNSD])
any_case = st.builds(
    Case,
    base_year=st.none() | any_year,
    base_value=st.none() | any_number,
    latest_year=st.none() | any_year,
    latest_value=st.none() | any_number,
    years=st.integers(0, 3),
    direction=st.sampled_from(Direction),
    target=st.none() | st.builds(Target, any_number, st.none() | any_year),
    limit=st.none() | any_number,
    scale=st.sampled_from(Scale),
    percentage=st.booleans(),
    too_small=st.booleans(),
)


def cases(
    numbers: st.SearchStrategy[float], targets: st.SearchStrategy[float | None]
) -> st.SearchStrategy[Case]:
    """Cases that can be judged, from a base of 2015 on."""
    return st.builds(
        Case,
        base_year=st.just(2015),
        base_value=numbers,
        latest_year=st.integers(2016, 2035),
        latest_value=numbers,
        years=st.just(2),
        direction=directions,
        target=st.builds(
            lambda value, year: None if value is None else Target(value, year),
            targets,
            st.none() | st.integers(2016, 2040),
        ),
        limit=st.none() | usual,
    )


def scaled(case: Case, factor: float) -> Case:
    return replace(
        case,
        base_value=case.base_value * factor,
        latest_value=case.latest_value * factor,
        limit=None if case.limit is None else case.limit * factor,
        target=case.target and Target(case.target.value * factor, case.target.year),
    )


signs = st.sampled_from([1.0, -1.0])
judgeable = cases(with_zero, st.none() | with_zero)
on_one_side = st.builds(scaled, cases(usual, st.none() | usual), signs)
to_a_target = st.builds(scaled, cases(usual, usual), signs)


def worse_by_rank(found: Judgement) -> int:
    return BEST_FIRST[found.method].index(found.outcome)


@patient
@given(any_case)
@example(Case(2015, 5e-324, 2016, 1.7e308, 2, Direction.HIGHER))
@example(Case(2015, 1.0, 2016, 1.7e308, 2, Direction.HIGHER, Target(1.8e307, 9999)))
@example(Case(2015, -1.7e308, 2016, -1.0, 2, Direction.HIGHER, Target(1.7e308)))
@example(Case(2015, 1.0, 10**400, 2.0, 2, Direction.HIGHER, Target(3.0, 10**500)))
@example(Case(2015, 8.0, 2025, 1e-300, 2, Direction.HIGHER, Target(9.0, 2016)))
@example(Case(2015, 1.0, 2016, 2.0, 2, Direction.HIGHER, limit=1.7e308))
@example(Case(2015, 1.5e308, 2016, 1.6e308, 2, Direction.HIGHER, limit=1e308))
@example(Case(2015, 1.0, 2016, 2.0, 2, Direction.LOWER, limit=5e-324))
def test_every_case_has_an_answer_in_finite_numbers(case):
    for found in judge_all(case):
        judged = found.outcome not in NOT_JUDGED
        assert judged == (found.score is not None) == (found.reason is None)
        assert judged or found.movement is Movement.NOT_KNOWN
        assert (found.measure is not None) == (found.measure_name != "")
        assert all(
            isfinite(number) for number in (found.measure, found.score) if number is not None
        )
        assert found.working
        assert all(step.text("en") and step.text("ar") for step in found.working)
        assert found.case is case


@patient
@given(any_case)
def test_scores_stay_within_their_bounds(case):
    by_open_sdg, by_unsd = judge(case, OPEN_SDG).score, judge(case, UNSD).score
    assert by_open_sdg is None or -5 <= by_open_sdg <= 5
    assert by_unsd in (None, 1, 2, 3)


@patient
@given(cases(with_zero, st.none()), methods)
def test_growth_turns_its_sign_with_the_direction(case, method):
    higher = judge(replace(case, direction=Direction.HIGHER), method)
    lower = judge(replace(case, direction=Direction.LOWER), method)
    if higher.measure is None:
        assert lower.measure is None
    else:
        assert higher.measure == -lower.measure


@patient
@given(to_a_target)
def test_a_ratio_turns_its_sign_with_the_direction(case):
    higher = judge(replace(case, direction=Direction.HIGHER), OPEN_SDG)
    lower = judge(replace(case, direction=Direction.LOWER), OPEN_SDG)
    if higher.measure is None:  # the base lies at the target
        assert lower.measure is None
    else:
        assert higher.measure == -lower.measure


@patient
@given(cases(either_sign, st.none() | either_sign), st.integers(-20, 20), methods)
def test_the_unit_changes_nothing(case, power, method):
    """A power of two scales a double without rounding, so that everything is the same exactly."""
    before, after = judge(case, method), judge(scaled(case, 2.0**power), method)
    assert (after.outcome, after.movement) == (before.outcome, before.movement)
    assert (after.measure, after.score) == (before.measure, before.score)


@patient
@given(cases(usual, st.none() | usual), st.sampled_from([0.001, 0.01, 100.0, 1000.0]), methods)
def test_a_decimal_unit_changes_nothing_that_can_be_seen(case, factor, method):
    before, after = judge(case, method), judge(scaled(case, factor), method)
    near = case.target is not None and abs(case.target.value / case.base_value - 1) < 1e-3
    if not near and before.measure is not None and after.measure is not None:
        assert abs(after.measure - before.measure) <= 1e-9 * max(1, abs(before.measure))


@patient
@given(on_one_side | judgeable, usual | st.just(0.0), methods)
def test_a_better_figure_is_never_judged_worse(case, size, method):
    other = copysign(size, case.base_value)
    one = judge(case, method)
    another = judge(replace(case, latest_value=other), method)
    if one.outcome in NOT_JUDGED or another.outcome in NOT_JUDGED:
        return
    better, worse = one, another
    if case.sign * other > case.sign * case.latest_value:
        better, worse = another, one
    assert worse_by_rank(better) <= worse_by_rank(worse)
    assert better.score >= worse.score - 1e-9


@patient
@given(judgeable, methods)
def test_the_movement_never_contradicts_the_figures(case, method):
    gained = case.sign * (case.latest_value - case.base_value)
    found = judge(case, method).movement
    assert found is not Movement.BETTER or gained > 0
    assert found is not Movement.WORSE or gained < 0


@patient
@given(on_one_side | judgeable)
def test_open_sdg_class_and_score_agree(case):
    found = judge(case, OPEN_SDG)
    if found.score is None or found.outcome is Outcome.ACHIEVED:
        return
    if all(abs(found.score - border) > 1e-3 for border in (-2.5, 0, 2.5)):
        assert open_sdg.class_of_score(found.score) is found.outcome


@patient
@given(
    usual,
    st.integers(1, 20),
    st.sampled_from(
        [
            (OPEN_SDG, 0.015, Outcome.SUBSTANTIAL, Outcome.MODERATE),
            (OPEN_SDG, 0.005, Outcome.MODERATE, Outcome.LIMITED),
            (OPEN_SDG, 0.0, Outcome.LIMITED, Outcome.DETERIORATION),
            (UNSD, 0.02, Outcome.ON_TRACK, Outcome.FAIR),
            (UNSD, 0.005, Outcome.FAIR, Outcome.STAGNATION),
        ]
    ),
    directions,
)
def test_growth_on_a_threshold_is_in_the_better_class(base, years, threshold, direction):
    method, growth, at, below = threshold
    sign = 1 if direction is Direction.HIGHER else -1
    for rate, outcome in ((growth, at), (growth - 1e-9, below)):
        latest = base * (1 + sign * rate) ** years
        case = Case(2015, base, 2015 + years, latest, 2, direction)
        assert judge(case, method).outcome is outcome


@patient
@given(
    usual,
    st.integers(1, 20),
    st.integers(1, 15),
    st.sampled_from([0.01, 0.03, 0.2, -0.01, -0.03, -0.2]),
    st.sampled_from(
        [
            (0.95, 2.500055, Outcome.SUBSTANTIAL, Outcome.MODERATE),
            (0.60, 0.00004, Outcome.MODERATE, Outcome.LIMITED),
            (0.0, -2.5, Outcome.LIMITED, Outcome.DETERIORATION),
        ]
    ),
)
def test_a_ratio_on_a_threshold_is_in_the_better_class(base, years, more, needed, threshold):
    ratio, score, at, below = threshold
    direction = Direction.HIGHER if needed > 0 else Direction.LOWER
    target = Target(base * (1 + needed) ** (years + more), 2015 + years + more)
    for share, outcome in ((ratio, at), (ratio - 1e-9, below)):
        latest = base * (1 + share * needed) ** years
        case = Case(2015, base, 2015 + years, latest, 2, direction, target)
        found = judge(case, OPEN_SDG)
        assert found.outcome is outcome
        assert outcome is below or abs(found.score - score) < 1e-9


@patient
@given(
    st.integers(1, 10**4),
    st.sampled_from([(95, Outcome.ON_TRACK, Outcome.FAIR), (10, Outcome.FAIR, Outcome.STAGNATION)]),
)
def test_a_share_on_a_threshold_is_in_the_better_class(hundredth, threshold):
    percent, at, below = threshold
    base, target = 100.0 * hundredth, Target(200.0 * hundredth, 2020)
    for latest, outcome in (
        (base + percent * hundredth, at),
        ((base + percent * hundredth) * (1 - 1e-9), below),
    ):
        case = Case(2015, base, 2020, latest, 2, Direction.HIGHER, target)
        assert judge(case, UNSD).outcome is outcome


@patient
@given(st.lists(st.floats(-5, 5), min_size=1))
def test_a_mean_lies_between_its_scores_and_groups_of_one_change_nothing(scores):
    mean = open_sdg.mean_score(scores)
    assert min(scores) - 1e-9 <= mean <= max(scores) + 1e-9
    assert open_sdg.mean_score([[score] for score in scores]) == mean
    assert open_sdg.mean_score([scores]) == mean
