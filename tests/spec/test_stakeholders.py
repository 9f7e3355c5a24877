"""Who has a part and who has none, who answers for what, and where a mandate reaches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.examples import (
    example_actor,
    example_commitment,
    example_locality,
    example_mandate,
    example_partner,
    example_register,
)
from waymark.compact.framework import Framework
from waymark.plans.actors import Mandate
from waymark.plans.commitments import Commitment
from waymark.plans.register import Register
from waymark.plans.stakeholders import (
    EXPECTED_KINDS,
    EXPECTED_LEADERSHIP,
    has_mandate,
    idle_mandates,
    roles,
    without_mandate,
)
from waymark.plans.vocabulary import ActorKind, LedBy, PartnerRole, Status

CITY, OTHER_CITY, WARD = "KE-30", "KE-01", "KE-31"
ACTORS = {
    actor.id: actor
    for actor in (
        example_actor("example-ministry"),
        example_actor("example-state", ActorKind.STATE),
        example_actor("example-neighbour", ActorKind.STATE, place="UGA"),
        example_actor("example-city", ActorKind.LOCAL_AUTHORITY, place=CITY),
        example_actor("example-union", ActorKind.TRADE_UNION, led_by=("women", "migrants")),
        example_actor("example-network", ActorKind.CIVIL_SOCIETY, led_by=("migrants",)),
        example_actor("example-idle", ActorKind.MEDIA, led_by=("refugees",)),
    )
}


def held(
    *, commitments: tuple[Commitment, ...] = (), mandates: tuple[Mandate, ...] = ()
) -> Register:
    """A register with the example actors and places, and what a test adds."""
    localities = [
        example_locality(CITY),
        example_locality(OTHER_CITY),
        example_locality(WARD, parent=CITY),
    ]
    return example_register(
        localities=localities,
        actors=ACTORS.values(),
        commitments=commitments,
        mandates=mandates,
    )


def test_roles_are_of_leads_and_partners_each_once() -> None:
    found = roles(
        [
            example_commitment("one", lead="example-ministry"),
            example_commitment(
                "two",
                lead="example-ministry",
                partners=(
                    example_partner("example-union"),
                    example_partner("example-union", PartnerRole.FUNDS),
                    example_partner("example-network"),
                    example_partner("example-ministry"),
                ),
            ),
            example_commitment("three", lead="example-union"),
        ],
        ACTORS,
    )
    assert found.by_kind == {
        ActorKind.MINISTRY: ("example-ministry",),
        ActorKind.TRADE_UNION: ("example-union",),
        ActorKind.CIVIL_SOCIETY: ("example-network",),
    }
    assert found.by_leadership == {
        LedBy.WOMEN: ("example-union",),
        LedBy.MIGRANTS: ("example-union", "example-network"),
    }


def test_without_commitments_every_expected_role_is_empty() -> None:
    found = roles([], ACTORS)
    assert found.empty_kinds == EXPECTED_KINDS
    assert found.empty_leadership == EXPECTED_LEADERSHIP


def test_an_actor_nobody_knows_has_no_role() -> None:
    stranger = example_commitment(lead="example-nobody", partners=(example_partner("example-no"),))
    assert roles([stranger, example_commitment("none")], ACTORS).by_kind == {}


@pytest.mark.parametrize("kind", list(ActorKind))
def test_a_kind_with_a_part_is_not_empty(kind: ActorKind) -> None:
    one = {"example-one": example_actor("example-one", kind)}
    found = roles([example_commitment(lead="example-one")], one)
    assert found.empty_kinds == tuple(each for each in EXPECTED_KINDS if each is not kind)


@pytest.mark.parametrize("led", list(LedBy))
def test_a_leadership_with_a_part_is_not_empty(led: LedBy) -> None:
    one = {"example-one": example_actor("example-one", led_by=(led,))}
    found = roles([example_commitment(partners=(example_partner("example-one"),))], one)
    assert found.empty_leadership == tuple(each for each in EXPECTED_LEADERSHIP if each is not led)


def test_governments_and_the_united_nations_are_not_asked_for() -> None:
    asked = set(EXPECTED_KINDS)
    assert not asked & {ActorKind.STATE, ActorKind.MINISTRY, ActorKind.UN_ENTITY}
    assert LedBy.WOMEN not in EXPECTED_LEADERSHIP


@pytest.mark.parametrize(
    ("place", "reaches"),
    [
        ("KEN", True),
        ("014", True),  # Eastern Africa
        ("002", True),  # Africa
        ("001", True),
        (CITY, True),
        ("UGA", False),
        ("011", False),  # Western Africa
        ("150", False),  # Europe
    ],
)
def test_an_objective_has_somebody_where_a_mandate_reaches_the_place(
    framework: Framework, place: str, reaches: bool
) -> None:
    register = held(mandates=(example_mandate("example-ministry", "gcm:15", place),))
    missing = without_mandate(register, framework, "KEN")
    assert ("gcm:15" not in missing) is reaches
    assert len(missing) == 23 - reaches


def test_a_mandate_for_an_action_is_one_for_its_objective(framework: Framework) -> None:
    register = held(mandates=(example_mandate("example-ministry", "gcm:15.b"),))
    assert "gcm:15" not in without_mandate(register, framework, "KEN")


def test_without_mandates_every_objective_lacks_one_in_order(framework: Framework) -> None:
    missing = without_mandate(held(), framework, "KEN")
    assert missing == [f"gcm:{number}" for number in range(1, 24)]


@pytest.mark.parametrize(
    ("name", "commitment", "idle"),
    [
        ("it leads on it", {"lead": "example-ministry", "provisions": ("gcm:15",)}, False),
        ("it leads on a part", {"lead": "example-ministry", "provisions": ("gcm:15.b",)}, False),
        (
            "it is a partner in it",
            {
                "lead": "example-union",
                "provisions": ("gcm:15",),
                "partners": (example_partner("example-ministry"),),
            },
            False,
        ),
        ("in a city of the place", {"lead": "example-ministry", "place": CITY}, False),
        ("it leads on another", {"lead": "example-ministry", "provisions": ("gcm:7",)}, True),
        ("another leads on it", {"lead": "example-union", "provisions": ("gcm:15",)}, True),
        ("it leads elsewhere", {"lead": "example-ministry", "place": "UGA"}, True),
        ("it has dropped it", {"lead": "example-ministry", "status": Status.DROPPED}, True),
        ("it has done it", {"lead": "example-ministry", "status": Status.DONE}, False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mandate_is_idle_unless(
    framework: Framework, name: str, commitment: dict[str, Any], idle: bool
) -> None:
    mandate = example_mandate("example-ministry", "gcm:15")
    given = {"provisions": ("gcm:15",), **commitment}
    register = held(commitments=(example_commitment(**given),), mandates=(mandate,))
    assert idle_mandates(register, framework, "KEN") == ([mandate] if idle else []), name


def test_a_mandate_for_a_part_is_idle_where_only_the_whole_is_served(framework: Framework) -> None:
    mandate = example_mandate("example-ministry", "gcm:15.b")
    commitment = example_commitment(lead="example-ministry", provisions=("gcm:15",))
    register = held(commitments=(commitment,), mandates=(mandate,))
    assert idle_mandates(register, framework, "KEN") == [mandate]


def test_mandates_of_other_places_are_not_idle_here(framework: Framework) -> None:
    here, around, elsewhere = (
        example_mandate("example-ministry", "gcm:15", place) for place in ("KEN", "001", "UGA")
    )
    register = held(mandates=(here, around, elsewhere))
    assert idle_mandates(register, framework, "KEN") == [here, around]


@pytest.mark.parametrize(
    ("name", "lead", "place", "mandates", "expect"),
    [
        ("nobody leads", None, "KEN", [("example-ministry", "gcm:15", "KEN")], False),
        ("a lead nobody knows", "example-no", "KEN", [("example-no", "gcm:15", "KEN")], False),
        ("a State at home", "example-state", "KEN", [], True),
        ("a State in a city at home", "example-state", WARD, [], True),
        ("a State abroad", "example-neighbour", "KEN", [], False),
        (
            "a State abroad by mandate",
            "example-neighbour",
            "KEN",
            [("example-neighbour", "gcm:15", "014")],
            True,
        ),
        ("a ministry without", "example-ministry", "KEN", [], False),
        ("a ministry", "example-ministry", "KEN", [("example-ministry", "gcm:15", "KEN")], True),
        (
            "a ministry, for this very action",
            "example-ministry",
            "KEN",
            [("example-ministry", "gcm:15.b", "KEN")],
            True,
        ),
        (
            "a ministry, for another action",
            "example-ministry",
            "KEN",
            [("example-ministry", "gcm:15.c", "KEN")],
            False,
        ),
        (
            "a ministry, for another objective",
            "example-ministry",
            "KEN",
            [("example-ministry", "gcm:7", "KEN")],
            False,
        ),
        (
            "another ministry's",
            "example-ministry",
            "KEN",
            [("example-union", "gcm:15", "KEN")],
            False,
        ),
        ("a region's", "example-union", "KEN", [("example-union", "gcm:15", "002")], True),
        ("the world's", "example-union", "KEN", [("example-union", "gcm:15", "001")], True),
        ("another region's", "example-union", "KEN", [("example-union", "gcm:15", "150")], False),
        ("another State's", "example-union", "KEN", [("example-union", "gcm:15", "UGA")], False),
        (
            "a ministry's, in a city",
            "example-ministry",
            CITY,
            [("example-ministry", "gcm:15", "KEN")],
            True,
        ),
        ("a city's, at home", "example-city", CITY, [("example-city", "gcm:15", CITY)], True),
        ("a city's, in its ward", "example-city", WARD, [("example-city", "gcm:15", CITY)], True),
        ("a ward's, in its city", "example-city", CITY, [("example-city", "gcm:15", WARD)], False),
        (
            "a city's, in another city",
            "example-city",
            OTHER_CITY,
            [("example-city", "gcm:15", CITY)],
            False,
        ),
        (
            "a city's, in the whole State",
            "example-city",
            "KEN",
            [("example-city", "gcm:15", CITY)],
            False,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_mandate(
    framework: Framework,
    name: str,
    lead: str | None,
    place: str,
    mandates: list[tuple[str, str, str]],
    expect: bool,
) -> None:
    commitment = example_commitment(lead=lead, place=place, provisions=("gcm:15.b",))
    register = held(
        commitments=(commitment,), mandates=tuple(example_mandate(*each) for each in mandates)
    )
    assert has_mandate(commitment, register, framework) is expect, name
