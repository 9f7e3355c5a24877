"""Money that a pool passes on counts for the commitment where it arrives, on the site too."""

from __future__ import annotations

from typing import Any

from waymark.finance.currencies import prices_of
from waymark.finance.funding import fundings, moneys_of
from waymark_web import store
from waymark_web.plans import models, sums
from waymark_web.plans.paid import money
from waymark_web.plans.rows import register_of

CONTRACTS = "example-contracts"


def _flow(slug: str, **fields: Any) -> None:
    given = {"kind": "commitment", "amount": "40", "currency": "USD", "year": 2031, "place": "KEN"}
    given |= {"country": "KEN", "earmarking": "unearmarked", **fields}
    models.Flow.objects.create(slug=slug, **given)


def test_money_passed_on_from_a_pool_is_secured_where_it_arrives() -> None:
    _flow("need", kind="cost", amount="100", commitment_id=CONTRACTS)
    _flow("pool", kind="pledge", amount="500")
    _flow("fund", kind="commitment", amount="500", onward_of_id="pool")
    _flow("given", commitment_id=CONTRACTS, onward_of_id="fund")
    _flow("again", commitment_id=CONTRACTS, onward_of_id="given")
    held = register_of()
    here = moneys_of(held.flows.values(), prices_of(held))[CONTRACTS]
    assert money(CONTRACTS).years == here.years
    assert (here.years[2031].secured, here.years[2031].gap) == (40, 60)
    moneys = sums.moneys(sums.prices())
    known = {
        (place, provision): each
        for place, of in sums.fundings(sums.known_fundings(moneys, 2031)).items()
        for provision, each in of.items()
    }
    expect = fundings(held, store.framework(), 2031)
    assert {key: known[key] for key in known if known[key].known} == {
        (place, provision): each
        for place, of in expect.items()
        for provision, each in of.items()
        if each.known
    }
