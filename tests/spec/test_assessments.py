"""Assessments stand side by side: where others' word and the government's differ, and how far."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from tests.examples import (
    example_actor,
    example_assessment,
    example_commitment,
    example_round,
)
from waymark.plans.assessments import SCALE, Assessment, Divergence, divergence
from waymark.plans.vocabulary import ActorKind, AssessedState, Status

NOT_STARTED, BEHIND, ON_COURSE, DONE = SCALE
NOT_KNOWN = AssessedState.NOT_KNOWN
ACTORS = {
    f"example-{kind}": example_actor(f"example-{kind}", kind)
    for kind in ActorKind  # one of each
}
UNION, NGO, MINISTRY = "example-trade-union", "example-civil-society", "example-ministry"
Word = tuple[str, AssessedState]


def found(
    *words: Word, lead: str | None = MINISTRY, status: Status = Status.UNDER_WAY
) -> list[Divergence]:
    """The divergences of the example commitment, where these words were given in one round."""
    commitment = example_commitment(lead=lead, status=status)
    return divergence(commitment, [example_assessment(by, state) for by, state in words], ACTORS)


def only(divergences: list[Divergence]) -> tuple[AssessedState, tuple[Word, ...], int]:
    (one,) = divergences
    assert (one.commitment, one.round) == ("example", "example-round")
    return one.government, one.others, one.gap


@pytest.mark.parametrize(
    ("status", "government"),
    [
        (Status.NOT_STARTED, NOT_STARTED),
        (Status.UNDER_WAY, ON_COURSE),
        (Status.DONE, DONE),
    ],
)
def test_without_an_assessment_of_its_own_the_status_is_the_government_s_word(
    status: Status, government: AssessedState
) -> None:
    assert only(found((UNION, BEHIND), status=status))[0] is government


def test_an_assessment_of_the_government_s_own_beats_the_status() -> None:
    told = found((MINISTRY, BEHIND), (UNION, NOT_STARTED), status=Status.DONE)
    assert only(told) == (BEHIND, ((UNION, NOT_STARTED),), 1)


@pytest.mark.parametrize("kind", list(ActorKind))
def test_only_the_state_its_ministries_and_its_authorities_speak_for_it(kind: ActorKind) -> None:
    speaks = kind in (ActorKind.STATE, ActorKind.MINISTRY, ActorKind.LOCAL_AUTHORITY)
    told = found((f"example-{kind}", NOT_STARTED), lead=None)
    assert told == []  # nobody to differ with: no word of the government's, or no other's
    led = found((f"example-{kind}", NOT_STARTED))
    assert bool(led) is not speaks
    assert bool(found((UNION, BEHIND), lead=f"example-{kind}")) is speaks


def test_of_several_assessments_of_the_government_s_the_best_speaks() -> None:
    words = [("example-state", BEHIND), (MINISTRY, DONE), ("example-local-authority", ON_COURSE)]
    for order in (words, words[::-1]):
        told = found(*order, (UNION, BEHIND), status=Status.NOT_STARTED)
        assert only(told) == (DONE, ((UNION, BEHIND),), 2)


def test_one_authority_that_agrees_with_others_is_not_heard_above_the_best() -> None:
    told = found((MINISTRY, ON_COURSE), ("example-local-authority", BEHIND), (UNION, ON_COURSE))
    assert told == []


def test_not_known_is_left_out_on_both_sides() -> None:
    assert found((UNION, NOT_KNOWN)) == []
    assert only(found((MINISTRY, NOT_KNOWN), (UNION, DONE))) == (ON_COURSE, ((UNION, DONE),), 1)
    told = found((UNION, BEHIND), (NGO, NOT_KNOWN))
    assert only(told) == (ON_COURSE, ((UNION, BEHIND),), 1)


def test_a_dropped_commitment_has_no_word_of_the_government_s() -> None:
    assert found((UNION, BEHIND), status=Status.DROPPED) == []


def test_a_dropped_commitment_that_the_government_assessed_has_one() -> None:
    told = found((MINISTRY, DONE), (UNION, BEHIND), status=Status.DROPPED)
    assert only(told) == (DONE, ((UNION, BEHIND),), 2)


@pytest.mark.parametrize("lead", [None, "example-nobody", UNION])
def test_without_a_lead_of_the_government_there_is_nothing_to_differ_from(
    lead: str | None,
) -> None:
    assert found((UNION, BEHIND), (NGO, DONE), lead=lead) == []


def test_others_who_say_the_same_do_not_differ() -> None:
    assert found((UNION, ON_COURSE), (NGO, ON_COURSE)) == []
    told = found((UNION, ON_COURSE), (NGO, BEHIND))
    assert only(told) == (ON_COURSE, ((NGO, BEHIND),), 1)


def test_others_are_named_each_with_its_word_in_the_order_of_entry() -> None:
    told = found((NGO, DONE), (UNION, NOT_STARTED))
    assert only(told)[1] == ((NGO, DONE), (UNION, NOT_STARTED))


@pytest.mark.parametrize(
    ("government", "others", "gap"),
    [
        (DONE, [NOT_STARTED], 3),
        (DONE, [BEHIND], 2),
        (DONE, [ON_COURSE], 1),
        (NOT_STARTED, [DONE], 3),
        (BEHIND, [ON_COURSE], 1),
        (ON_COURSE, [DONE, NOT_STARTED], 2),
        (ON_COURSE, [NOT_STARTED, DONE], 2),
        (ON_COURSE, [BEHIND, DONE], 1),
    ],
)
def test_the_gap_is_the_widest_never_an_average(
    government: AssessedState, others: list[AssessedState], gap: int
) -> None:
    words = list(zip((UNION, NGO), others, strict=False))
    assert only(found((MINISTRY, government), *words))[2] == gap


def in_rounds(*words: tuple[str, str, AssessedState]) -> list[Assessment]:
    return [example_assessment(by, state, round=held) for held, by, state in words]


def test_rounds_are_apart() -> None:
    given = in_rounds(
        ("first", UNION, NOT_STARTED),
        ("second", MINISTRY, BEHIND),
        ("second", UNION, BEHIND),
        ("third", UNION, DONE),
        ("third", MINISTRY, NOT_STARTED),
    )
    told = divergence(example_commitment(lead=MINISTRY, status=Status.DONE), given, ACTORS)
    assert told == [
        Divergence("example", "first", DONE, ((UNION, NOT_STARTED),), 3),
        Divergence("example", "third", NOT_STARTED, ((UNION, DONE),), 3),
    ]


def test_assessments_of_another_commitment_are_not_of_this_one() -> None:
    other = example_assessment(UNION, BEHIND, commitment="other")
    assert divergence(example_commitment(lead=MINISTRY), [other], ACTORS) == []


def test_a_round_is_open_on_both_of_its_days_and_between() -> None:
    opens, closes, one = date(2027, 1, 1), date(2027, 3, 31), timedelta(days=1)
    held = example_round(opens=opens, closes=closes)
    assert [held.is_open(day) for day in (opens - one, opens, closes, closes + one)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_round_may_last_a_day_and_not_less() -> None:
    day = date(2027, 1, 1)
    assert example_round(opens=day, closes=day).is_open(day)
    with pytest.raises(ValidationError, match="the round closes before it opens"):
        example_round(opens=day, closes=day - timedelta(days=1))
