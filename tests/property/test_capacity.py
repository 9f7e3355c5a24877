"""Laws of matching: what is entered in which order changes nothing, and no offer hides another."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.capacities import (
    ACTORS,
    LOCALITIES,
    a_need,
    an_offer,
    capacity_registers,
    needs,
    offers,
)
from tests.property.drawn import FORUMS, FRAMEWORK, SERIES, days, texts
from waymark.compact.answers import Answer
from waymark.compact.dates import first_day, last_day
from waymark.exchange.register_package import package_files, read_package, write_package
from waymark.plans.fulfilment import Capacity, NeedState, RequestState
from waymark.plans.matching import Match, Matching
from waymark.plans.register import Register, faults
from waymark.plans.vocabulary import Decision

FEW = settings(max_examples=40, deadline=None)
V = TypeVar("V")


def matching(register: Register, as_of: date) -> Matching:
    return Matching(register, FRAMEWORK, as_of)


def capacity(register: Register, as_of: date) -> Capacity:
    return Capacity(register, FRAMEWORK, FORUMS, as_of)


def pairs(register: Register, as_of: date) -> dict[tuple[str, str], Match]:
    """Every match, looked up from the side of the needs."""
    held = matching(register, as_of)
    found = (each for need in register.capacity_needs.values() for each in held.offers_for(need))
    return {(each.need, each.offer): each for each in found}


@FEW
@given(capacity_registers(texts, 2))
def test_what_is_written_is_read_the_same(register: Register) -> None:
    assert list(faults(register, FRAMEWORK, FORUMS, SERIES)) == []
    with tempfile.TemporaryDirectory() as folder:
        write_package(register, Path(folder))
        back = read_package(Path(folder), FRAMEWORK, FORUMS, dict.fromkeys(SERIES))
    assert back == register
    assert package_files(back) == package_files(register)


@FEW
@given(capacity_registers(), days, st.data())
def test_the_order_of_entry_changes_nothing(
    register: Register, as_of: date, data: st.DataObject
) -> None:
    def shuffled(held: dict[str, V]) -> dict[str, V]:
        return {name: held[name] for name in data.draw(st.permutations(list(held)))}

    other = replace(
        register,
        capacity_needs=shuffled(dict(register.capacity_needs)),
        capacity_offers=shuffled(dict(register.capacity_offers)),
        capacity_requests=shuffled(dict(register.capacity_requests)),
    )
    mine, theirs = capacity(register, as_of), capacity(other, as_of)
    for name, standing in mine.standings.items():
        assert theirs.standings[name].matches == standing.matches
        assert theirs.standings[name].state is standing.state


@FEW
@given(capacity_registers(), days)
def test_both_sides_see_the_same_matches(register: Register, as_of: date) -> None:
    held = matching(register, as_of)
    found = pairs(register, as_of)
    other = [each for one in register.capacity_offers.values() for each in held.needs_for(one)]
    assert {(each.need, each.offer): each for each in other} == found
    for need in register.capacity_needs.values():
        for offer in register.capacity_offers.values():
            assert ((need.id, offer.id) in found) is (held.why_not(need, offer) is None)


@FEW
@given(capacity_registers(), days)
def test_what_lacks_a_necessary_condition_never_matches(register: Register, as_of: date) -> None:
    for need_id, offer_id in pairs(register, as_of):
        need, offer = register.capacity_needs[need_id], register.capacity_offers[offer_id]
        assert need.kind is offer.kind
        assert need.actor != offer.actor
        country = register.country_of(need.place)
        held_by = {*register.up_from(need.place), *FRAMEWORK.places[country].parents}
        assert held_by & set(offer.places)
        assert offer.ends is None or last_day(offer.ends) >= as_of
        assert need.closed is None or need.closed > as_of
        if need.starts and offer.ends:
            assert first_day(need.starts) <= last_day(offer.ends)
        if need.ends and offer.starts:
            assert first_day(offer.starts) <= last_day(need.ends)
        served = [
            each
            for each in register.capacity_requests.values()
            if each.offer == offer_id and each.decision is Decision.ACCEPTED
            if each.decided is not None and each.decided <= as_of
        ]
        assert offer.times is None or len(served) < offer.times


@FEW
@given(capacity_registers(), days, st.fixed_dictionaries(offers()))
def test_another_offer_takes_no_match_away(
    register: Register, as_of: date, drawn: dict[str, object]
) -> None:
    added = an_offer(id="added", **drawn)
    more = replace(register, capacity_offers={**register.capacity_offers, "added": added})
    before, after = pairs(register, as_of), pairs(more, as_of)
    assert {pair: each for pair, each in after.items() if each.offer != "added"} == before
    for name, standing in capacity(register, as_of).standings.items():
        now = capacity(more, as_of).standings[name]
        assert [each for each in now.matches if each.offer != "added"] == list(standing.matches)
        offered = {NeedState.NO_OFFER, NeedState.OFFERED}
        assert now.state is standing.state or {now.state, standing.state} == offered


@FEW
@given(st.fixed_dictionaries(needs()), st.fixed_dictionaries(offers()), days)
def test_what_is_not_said_is_never_taken_for_a_yes_or_a_no(
    wanted: dict[str, object], offered: dict[str, object], as_of: date
) -> None:
    nothing = {"groups": (), "languages": (), "presence": None, "terms": None}
    silent = {**offered, **nothing, "provisions": (), "people": None, "days": None, "times": None}
    offer = an_offer(id="offer", **{**silent, "period": {}})
    need = a_need(id="need", **wanted)
    register = Register(
        actors=ACTORS,
        localities=LOCALITIES,
        capacity_needs={"need": need},
        capacity_offers={"offer": offer},
    )
    for each in pairs(register, as_of).values():
        answers = [reason.answer for reason in each.reasons]
        assert answers.count(Answer.YES) == 1  # the place, which every offer names
        assert set(answers) == {Answer.YES, Answer.NOT_KNOWN}


@FEW
@given(capacity_registers(), days)
def test_a_state_follows_from_what_is_in_the_register(register: Register, as_of: date) -> None:
    held = capacity(register, as_of)
    for standing in held.standings.values():
        states = {held.state_of(each) for each in standing.requests}
        assert (standing.state is NeedState.MET) <= (RequestState.DELIVERED in states)
        asked = states - {RequestState.WITHDRAWN}
        if standing.state in (NeedState.NO_OFFER, NeedState.OFFERED):
            assert not asked
            assert bool(standing.matches) is (standing.state is NeedState.OFFERED)
        if standing.state is NeedState.ASKED:
            assert asked <= {RequestState.WAITING, RequestState.DECLINED}
