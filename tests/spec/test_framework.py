"""What the definitions promise: complete, tagged from closed lists, linked, in two languages."""

from __future__ import annotations

from datetime import date

import pytest

from waymark.compact.acceptance import Stance
from waymark.compact.crosswalk import EXPECTED_OF_OBJECTIVES
from waymark.compact.framework import Framework
from waymark.compact.places import Level
from waymark.compact.provisions import reading_order
from waymark.exceptions import NotFoundError
from waymark.words import COMPLETE_LANGUAGES

ACTIONS = [11, 12, 5, 7, 10, 12, 12, 6, 6, 10, 7, 5, 8, 6, 6, 9, 7, 12, 10, 9, 9, 3, 5]


def test_the_migration_compact_has_23_objectives_and_187_actions(framework: Framework) -> None:
    assert [len(objective.parts) for objective in framework.objectives] == ACTIONS
    assert sum(ACTIONS) == 187


def test_an_objective_has_its_paragraph_and_its_actions_their_letters(framework: Framework) -> None:
    for objective in framework.objectives:
        assert int(objective.paragraphs) == int(objective.number) + 16
        letters = [action.number.split(".")[1] for action in objective.parts]
        assert letters == [chr(ord("a") + place) for place in range(len(letters))]


def test_every_label_of_the_compact_says_something_else(framework: Framework) -> None:
    labels = [
        found.label.en for found in framework.provisions.values() if found.instrument == "gcm"
    ]
    assert len(labels) == len(set(labels))


def test_every_label_is_there_in_every_complete_language(framework: Framework) -> None:
    for provision in framework.provisions.values():
        assert set(provision.label.root) >= set(COMPLETE_LANGUAGES), provision.id


def test_provisions_stand_in_the_order_of_their_numbers(framework: Framework) -> None:
    ids = list(framework.provisions)
    assert ids == sorted(ids, key=reading_order)
    assert ids.index("gcm:2") < ids.index("gcm:10")
    assert ids.index("gcm:2") < ids.index("gcm:2.a")


def test_every_objective_is_linked_or_says_why_not(framework: Framework) -> None:
    said = {(link.source, link.type) for link in framework.links}
    said |= {(gap.source, gap.type) for gap in framework.no_links}
    for objective in framework.objectives:
        assert {kind for source, kind in said if source == objective.id} >= set(
            EXPECTED_OF_OBJECTIVES
        ), objective.id


def test_every_link_has_a_basis_of_its_own_words(framework: Framework) -> None:
    assert all(len(link.basis.split()) >= 2 for link in framework.links)


def test_a_paragraph_inside_a_part_of_the_refugee_compact_finds_the_part(
    framework: Framework,
) -> None:
    assert framework.provision("gcr:69").id == "gcr:68"
    assert framework.provision("gcr:99").id == "gcr:97"


@pytest.mark.parametrize("identifier", ["gcm:24", "gcm:15.z", "nothing", "gcr:108", ""])
def test_an_unknown_provision_is_an_error_with_a_remedy(
    framework: Framework, identifier: str
) -> None:
    with pytest.raises(NotFoundError, match="Identifiers look like"):
        framework.provision(identifier)


@pytest.mark.parametrize(("given", "found"), [("ken", "KEN"), ("404", "KEN"), ("1", "001")])
def test_a_place_is_found_by_either_code(framework: Framework, given: str, found: str) -> None:
    assert framework.place(given).id == found


def test_there_are_193_member_states_and_none_is_a_region(framework: Framework) -> None:
    assert len(framework.states) == 193
    assert all(state.level is Level.NATIONAL for state in framework.states)


VOTES = [
    # place, instrument, on, stance
    ("HUN", "gcm", date(2026, 1, 1), Stance.AGAINST),
    ("ITA", "gcm", date(2026, 1, 1), Stance.ABSTAINED),
    ("AFG", "gcm", date(2026, 1, 1), Stance.DID_NOT_VOTE),
    ("KEN", "gcm", date(2026, 1, 1), Stance.ACCEPTED),
    ("KEN", "gcm", date(2018, 12, 1), Stance.NOT_YET),
    ("BRA", "gcm", date(2018, 12, 31), Stance.ACCEPTED),
    ("BRA", "gcm", date(2020, 6, 1), Stance.WITHDRAWN),
    ("BRA", "gcm", date(2023, 1, 4), Stance.WITHDRAWN),
    ("BRA", "gcm", date(2023, 1, 5), Stance.ACCEPTED),
    ("PSE", "gcm", date(2026, 1, 1), Stance.NOT_A_MEMBER),
    ("MEX", "icmw", date(2026, 1, 1), Stance.ACCEPTED),
    ("MEX", "icmw", date(1990, 1, 1), Stance.NOT_YET),
    ("DEU", "icmw", date(2026, 1, 1), Stance.NOT_PARTY),
    ("USA", "crc", date(2026, 1, 1), Stance.SIGNED_ONLY),
]


@pytest.mark.parametrize(("place", "instrument", "on", "stance"), VOTES)
def test_where_a_state_stands(
    framework: Framework, place: str, instrument: str, on: date, stance: Stance
) -> None:
    found = framework.acceptance.of(framework.instruments[instrument], framework.place(place), on)
    assert found.stance is stance


def test_the_four_answers_to_a_roll_call_stay_four(framework: Framework) -> None:
    stances = [
        framework.acceptance.of(framework.instruments["gcm"], state, date(2018, 12, 31)).stance
        for state in framework.states
    ]
    counts = {stance: stances.count(stance) for stance in set(stances)}
    assert counts == {
        Stance.ACCEPTED: 152,
        Stance.AGAINST: 5,
        Stance.ABSTAINED: 12,
        Stance.DID_NOT_VOTE: 24,
    }
