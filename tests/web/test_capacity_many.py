"""Many needs and offers of capacity: what a page shows, and what is kept while others write."""

from __future__ import annotations

import re
from dataclasses import replace

from django.db import transaction

from tests.web.people import client
from waymark_web import store
from waymark_web.audit.chain import record
from waymark_web.plans.board import ON_A_PAGE
from waymark_web.plans.published import load
from waymark_web.plans.rows import register_of


def _shown(path: str) -> list[str]:
    response = client(None).get(f"/en/{path}")
    assert response.status_code == 200
    return re.findall(
        r'<p class="sentence"[^>]*><a href="/en/capacity/\w+/([\w-]+)/"', response.content.decode()
    )


def test_what_fits_is_shown_page_by_page_the_best_first() -> None:
    register = register_of()
    need, offer = (
        next(iter(held.values())) for held in (register.capacity_needs, register.capacity_offers)
    )
    fitting = {"kind": need.kind, "places": (need.place,), "provisions": (), "times": None}
    period = {"starts": None, "ends": None}
    offers = {
        name: offer.model_copy(update={"id": name, **fitting, **period})
        for name in (f"offer-{number:02}" for number in range(ON_A_PAGE + 3))
    }
    load(replace(register, capacity_offers={**register.capacity_offers, **offers}))
    matches = [each.offer for each in store.capacity(store.today()).standings[need.id].matches]
    assert set(offers) <= set(matches)
    assert _shown(f"capacity/need/{need.id}/") == matches[:ON_A_PAGE]
    assert _shown(f"capacity/need/{need.id}/?page=2") == matches[ON_A_PAGE:]


def test_needs_and_offers_stay_compared_while_other_things_are_published() -> None:
    before = store.capacity(store.today())
    with transaction.atomic():
        record("published", "commitments", "another")
    after = store.capacity(store.today())
    assert after is not before
    assert after.matching is before.matching
    with transaction.atomic():
        record("published", "capacity_offers", "another")
    assert store.capacity(store.today()).matching is not before.matching
