"""Which offers fit a need, in what order and why, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.conftest import AS_OF
from tests.examples import (
    example_actor,
    example_commitment,
    example_locality,
    example_need,
    example_offer,
    example_register,
    example_report,
    example_request,
    example_step,
)
from waymark.compact.answers import Answer
from waymark.compact.framework import Framework
from waymark.plans.capacity import language_name
from waymark.plans.forums import load_forums
from waymark.plans.fulfilment import Capacity, NeedState, RequestState
from waymark.plans.matching import Closeness, Matching
from waymark.plans.register import Register, faults
from waymark.plans.vocabulary import CapacityKind, Decision, Origin, Outcome, Status

FORUMS = load_forums()
ACTORS = [example_actor(), example_actor("example-ngo"), example_actor("example-unit")]
ACCEPTED, DECLINED, WITHDRAWN = Decision


def held(**kinds: Any) -> Register:
    return example_register(actors=ACTORS, localities=[example_locality()], **kinds)


def seen(framework: Framework, as_of: date = AS_OF, **kinds: Any) -> Capacity:
    return Capacity(held(**kinds), framework, FORUMS, as_of)


WHY_NOT = [  # what the need says, what the offer says, why the two do not fit (nothing: they do)
    ({}, {}, ""),
    ({}, {"kind": CapacityKind.STAFF}, "It is of another kind."),
    ({"kind": CapacityKind.DATA}, {"kind": CapacityKind.DATA}, ""),
    ({}, {"actor": "example-ministry"}, "It is of the same actor."),
    ({"closed": AS_OF, "closed_because": "An example"}, {}, "The need is closed."),
    ({"closed": date(2027, 1, 1), "closed_because": "An example"}, {}, ""),
    # the place: the same, one that holds it, the region, the world; and no other
    ({"place": "KE-30"}, {"places": ("KE-30",)}, ""),
    ({"place": "KE-30"}, {"places": ("KEN",)}, ""),
    ({"place": "KE-30"}, {"places": ("014",)}, ""),
    ({"place": "KE-30"}, {"places": ("001",)}, ""),
    ({"place": "KEN"}, {"places": ("MEX", "002")}, ""),
    ({"place": "KEN"}, {"places": ("KE-30",)}, "It does not cover the place of the need."),
    ({"place": "KEN"}, {"places": ("UGA", "150")}, "It does not cover the place of the need."),
    ({"place": "014"}, {"places": ("KEN",)}, "It does not cover the place of the need."),
    # the time
    ({}, {"ends": "2026-11-22"}, "It is over."),
    ({}, {"ends": "2026-11-23"}, ""),
    ({}, {"ends": "2026"}, ""),
    ({"ends": "2027"}, {"starts": "2028"}, "The two have no day in common."),
    ({"ends": "2028-01-01"}, {"starts": "2028"}, ""),
    ({"starts": "2029"}, {"ends": "2028"}, "The two have no day in common."),
    ({"starts": "2027"}, {"starts": "2029"}, ""),
    # provisions: the same, inside, a part, linked; one that is not named is not known
    ({"provisions": ("gcm:15.b",)}, {"provisions": ("gcm:15.b", "gcm:7")}, ""),
    ({"provisions": ("gcm:15.b",)}, {"provisions": ("gcm:15",)}, ""),
    ({"provisions": ("gcm:15",)}, {"provisions": ("gcm:15.b",)}, ""),
    ({"provisions": ("gcm:15.b",)}, {"provisions": ("sdg:3.8",)}, ""),
    ({"provisions": ("sdg:3.8",)}, {"provisions": ("gcm:15.b",)}, ""),
    (
        {"provisions": ("gcm:15.b",)},
        {"provisions": ("gcm:15.c", "gcm:7")},
        "It serves other provisions, and the crosswalk links none of them.",
    ),
    ({"provisions": ("gcm:15",)}, {}, ""),
    ({}, {"provisions": ("gcm:15",)}, ""),
]


@pytest.mark.parametrize(("wants", "gives", "reason"), WHY_NOT)
def test_necessary_conditions(
    framework: Framework, wants: dict[str, Any], gives: dict[str, Any], reason: str
) -> None:
    matching = Matching(held(), framework, AS_OF)
    need, offer = example_need(**wants), example_offer(**gives)
    refusal = matching.why_not(need, offer)
    assert (refusal.text() if refusal else "") == reason
    assert (matching.match(need, offer) is None) is bool(reason)


REASONS = [  # what each says, the answer, the sentence
    ({"provisions": ("gcm:7",)}, {"provisions": ("gcm:7",)}, "yes", "It serves gcm:7, as the need"),
    ({}, {}, "not-known", "One of the two names no provision; whether they fit is not known."),
    ({"place": "KE-30"}, {"places": ("KEN", "001")}, "yes", "It covers Kenya."),
    ({"place": "KE-30"}, {"places": ("KE-30",)}, "yes", "It covers Example locality KE-30."),
    (
        {"starts": "2027", "ends": "2027-06"},
        {"starts": "2027-06-30", "ends": "2028"},
        "yes",
        "The two have one day in common.",
    ),
    (
        {"starts": "2027", "ends": "2029"},
        {"starts": "2028", "ends": "2028"},
        "yes",
        "The two have 366 days in common.",
    ),
    ({"starts": "2027", "ends": "2029"}, {"starts": "2026"}, "not-known", "A beginning or an end"),
    ({"groups": ("children",)}, {"groups": ("children", "women")}, "yes", "It is for the groups"),
    ({"groups": ("children",)}, {"groups": ("general",)}, "yes", "It is for the groups"),
    (
        {"groups": ("children", "youth")},
        {"groups": ("children",)},
        "partly",
        "It is for these groups alone: Children.",
    ),
    ({"groups": ("general",)}, {"groups": ("women",)}, "partly", "It is for these groups alone"),
    ({"groups": ("children",)}, {"groups": ("women",)}, "no", "It is for these groups alone"),
    ({"groups": ("children",)}, {}, "not-known", "One of the two does not say for which groups"),
    ({"languages": ("ar", "sw")}, {"languages": ("sw", "en")}, "yes", "It is given in Swahili."),
    ({"languages": ("ar",)}, {"languages": ("pt",)}, "no", "It is given only in Portuguese."),
    ({}, {"languages": ("pt",)}, "not-known", "One of the two does not say in which language."),
    ({"presence": "in-person"}, {"presence": "either"}, "yes", "It is given in person or at a"),
    ({"presence": "either"}, {"presence": "in-person"}, "yes", "It is given in person."),
    ({"presence": "in-person"}, {"presence": "at-a-distance"}, "no", "It is given at a distance."),
    ({"presence": "either"}, {}, "not-known", "One of the two does not say whether"),
    ({"terms": "cost-shared"}, {"terms": "free"}, "yes", "Its terms: free of charge."),
    ({"terms": "cost-shared"}, {"terms": "paid"}, "no", "Its terms: whoever needs it pays."),
    ({"terms": "free"}, {}, "not-known", "One of the two does not say who pays."),
    ({"people": 20, "days": 5}, {"people": 20, "days": 6}, "yes", "It is as large as"),
    ({"people": 20, "days": 5}, {"people": 19}, "partly", "It is smaller than what is needed."),
    (
        {"people": 20, "days": 5},
        {"people": 20},
        "not-known",
        "One of the two does not say how much.",
    ),
    ({}, {"people": 20}, "not-known", "One of the two does not say how much."),
]


@pytest.mark.parametrize(("wants", "gives", "answer", "sentence"), REASONS)
def test_every_point_is_answered_and_said(
    framework: Framework, wants: dict[str, Any], gives: dict[str, Any], answer: str, sentence: str
) -> None:
    match = Matching(held(), framework, AS_OF).match(example_need(**wants), example_offer(**gives))
    assert match is not None
    assert len(match.reasons) == 8
    told = [each.text() for each in match.answering(Answer(answer))]
    assert any(each.startswith(sentence) for each in told), told


def test_the_order_is_the_rule_point_by_point(framework: Framework) -> None:
    need = example_need(
        provisions=("gcm:15.b",), place="KE-30", starts="2027", ends="2028", languages=("sw",)
    )
    same = {"provisions": ("gcm:15.b",), "places": ("001",)}
    nearest = {**same, "places": ("KE-30",)}
    longest = {"starts": "2027", "ends": "2028"}
    offers = {
        "a-not-named": {"places": ("KE-30",), **longest},
        "b-linked": {**nearest, "provisions": ("sdg:3.8",)},
        "c-inside": {**nearest, "provisions": ("gcm:15",)},
        "d-against": {**nearest, "languages": ("fr",)},
        "e-world": {**same, **longest},
        "f-shorter": {**nearest, "starts": "2028", "ends": "2028"},
        "g-open": {**nearest, **longest},
        "i-best": {**nearest, **longest, "languages": ("sw",)},
        "h-best": {**nearest, **longest, "languages": ("sw",)},
    }
    register = held(
        capacity_needs=[need],
        capacity_offers=[example_offer(name, **given) for name, given in offers.items()],
    )
    matches = Matching(register, framework, AS_OF).offers_for(need)
    wanted = "h-best i-best g-open f-shorter e-world d-against c-inside b-linked a-not-named"
    assert [each.offer for each in matches] == wanted.split()
    assert matches[0].closeness is Closeness.SAME
    assert (matches[4].nearness, matches[4].overlap) == (
        5,
        731,
    )  # county, Kenya, three regions, the world


def test_accepted_requests_use_an_offer_up(framework: Framework) -> None:
    needs = [example_need(), example_need("second"), example_need("third")]
    accepted = [
        example_request("r1", ACCEPTED),
        example_request("r2", WITHDRAWN, need="second"),
        example_request("r3", DECLINED, need="second"),
        example_request("r4", need="second"),
    ]
    offer = example_offer(times=1)
    kinds = {"capacity_needs": needs, "capacity_offers": [offer]}
    used = seen(framework, **kinds, capacity_requests=accepted)
    assert used.left_of(offer) == 0
    assert used.matching.needs_for(offer) == []
    assert used.matching.why_not(needs[2], offer) is not None
    earlier = seen(framework, date(2026, 2, 28), **kinds, capacity_requests=accepted)
    assert earlier.left_of(offer) == 1
    assert len(earlier.matching.needs_for(offer)) == 3
    assert seen(framework, **kinds).left_of(example_offer()) is None


def test_more_is_accepted_than_an_offer_can_serve(framework: Framework) -> None:
    register = held(
        capacity_needs=[example_need(), example_need("second")],
        capacity_offers=[example_offer(times=1)],
        capacity_requests=[
            example_request("r1", ACCEPTED),
            example_request("r2", ACCEPTED, need="second"),
        ],
    )
    (fault,) = faults(register, framework, FORUMS, ())
    assert (fault.kind, fault.id, fault.field) == ("capacity_offers", "example-offer", "times")
    assert fault.problem == "2 requests are accepted, and it can serve 1"


DUE = date(2026, 6, 30)
MET = example_report(date(2026, 6, 1), Outcome.MET, commitment="delivery", met_on=date(2026, 6, 1))
BECAME = [  # the need, the answers to requests, the delivery, reports: what became of it
    ({"kind": CapacityKind.DATA}, [], None, [], NeedState.NO_OFFER),
    ({}, [], None, [], NeedState.OFFERED),
    ({}, [WITHDRAWN], None, [], NeedState.OFFERED),
    ({}, [None], None, [], NeedState.ASKED),
    ({}, [DECLINED], None, [], NeedState.ASKED),
    ({}, [DECLINED, None, WITHDRAWN], None, [], NeedState.ASKED),
    ({}, [DECLINED, ACCEPTED], None, [], NeedState.PROMISED),
    ({}, [ACCEPTED], {}, [], NeedState.PROMISED),
    ({}, [ACCEPTED], {"steps": (example_step(due=date(2027, 1, 1)),)}, [], NeedState.PROMISED),
    ({}, [ACCEPTED], {"steps": (example_step(due=DUE),)}, [], NeedState.LATE),
    ({}, [ACCEPTED], {"steps": (example_step(due=DUE),)}, [MET], NeedState.MET),
    ({}, [ACCEPTED], {"due": DUE}, [], NeedState.LATE),
    ({}, [ACCEPTED], {"status": Status.DROPPED, "due": DUE}, [], NeedState.PROMISED),
    ({"ends": "2026-10"}, [ACCEPTED], None, [], NeedState.LATE),
    ({"ends": "2026-10"}, [ACCEPTED], {"steps": (example_step(due=DUE),)}, [MET], NeedState.MET),
    ({"closed": DUE, "closed_because": "An example"}, [ACCEPTED], None, [], NeedState.CLOSED),
]


@pytest.mark.parametrize(("wants", "answers", "delivery", "reports", "state"), BECAME)
def test_what_became_of_a_need(
    framework: Framework,
    wants: dict[str, Any],
    answers: list[Decision | None],
    delivery: dict[str, Any] | None,
    reports: list[Any],
    state: NeedState,
) -> None:
    requests = [example_request(f"r{number}", each) for number, each in enumerate(answers)]
    accepted = [each.id for each in requests if each.decision is ACCEPTED]
    commitments = []
    if delivery is not None:
        given = {"origin": Origin.CAPACITY_REQUEST, "origin_source": accepted[0], **delivery}
        commitments = [example_commitment("delivery", **given)]
    capacity = seen(
        framework,
        capacity_needs=[example_need(**wants)],
        capacity_offers=[example_offer()],
        capacity_requests=requests,
        commitments=commitments,
        reports=reports,
    )
    standing = capacity.standings["example-need"]
    assert standing.state is state
    assert state.label.text()
    assert state.rule.text()


def test_what_was_asked_and_decided_later_does_not_count_yet(framework: Framework) -> None:
    kinds: dict[str, Any] = {
        "capacity_needs": [example_need()],
        "capacity_offers": [example_offer()],
        "capacity_requests": [example_request(decision=ACCEPTED)],
    }
    became = {
        day: seen(framework, day, **kinds).standings["example-need"].state
        for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))
    }
    wanted = [NeedState.OFFERED, NeedState.ASKED, NeedState.ASKED, NeedState.PROMISED]
    assert list(became.values()) == wanted


def test_a_delivery_without_a_dated_step_is_said_to_have_none(framework: Framework) -> None:
    request = example_request(decision=ACCEPTED)
    kinds: dict[str, Any] = {
        "capacity_needs": [example_need()],
        "capacity_offers": [example_offer()],
    }
    bare = seen(framework, **kinds, capacity_requests=[request])
    assert bare.state_of(request) is RequestState.ACCEPTED
    given = {"origin": Origin.CAPACITY_REQUEST, "origin_source": request.id}
    delivery = example_commitment(**given, steps=(example_step(due=date(2027, 1, 1)),))
    dated = seen(framework, **kinds, capacity_requests=[request], commitments=[delivery])
    assert dated.state_of(request) is RequestState.ON_ITS_WAY


def test_needs_and_offers_of_a_place(framework: Framework) -> None:
    needs = [example_need(place="KE-30"), example_need("mexico", place="MEX")]
    capacity = seen(framework, capacity_needs=needs)
    for place, found in (("KEN", ["example-need"]), ("002", ["example-need"]), ("MEX", ["mexico"])):
        standings = capacity.of_place(framework.place(place))
        assert [each.need.id for each in standings] == found
    assert len(capacity.of_place(framework.place("001"))) == 2
    offer = example_offer(places=("014", "MEX"))
    covered = {place: capacity.covers(offer, place) for place in ("KE-30", "KEN", "002", "UGA")}
    assert all(covered.values())
    assert not capacity.covers(offer, "DEU")
    assert capacity.serves(example_need(provisions=("gcm:15.b",)), "gcm:15")
    assert not capacity.serves(example_need(provisions=("gcm:15",)), "gcm:15.b")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"decision": "accepted"}, "an answer has its day"),
        ({"decided": "2026-03-01"}, "an answer has its day"),
        ({"decision": "declined", "decided": "2026-03-01"}, "says why"),
        ({"decision": "withdrawn", "decided": "2026-03-01"}, "says why"),
        ({"decision": "accepted", "decided": "2026-01-31"}, "earlier than 'asked'"),
    ],
)
def test_an_answer_has_its_day_and_a_refusal_its_reason(
    given: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        example_request(**{"decided": None, "decided_because": "", **given})


def test_languages_are_named_in_the_language_of_the_reader() -> None:
    assert language_name("sw").said("fr").text == "swahili"
    assert language_name("sw").said("ar").text == "السواحلية"
    with pytest.raises(ValidationError, match="no such language"):
        example_need(languages=("xx",))
    with pytest.raises(ValidationError, match="ends before it starts"):
        example_offer(starts="2027-02", ends="2027-01")
    with pytest.raises(ValidationError, match="a closed need says why"):
        example_need(closed="2027-01-01")
