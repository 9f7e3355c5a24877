"""Rows of money, exchange rates and price levels, drawn at random for a register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.property.drawn import FRAMEWORK, PROVISIONS, V, days, lines, one_of, some, texts
from waymark.plans.actors import Actor
from waymark.plans.commitments import Commitment
from waymark.plans.flows import Earmarking, Flow, FlowKind

amounts = st.decimals(-(10**15), 10**15, places=2)


@st.composite
def flows(
    draw: st.DrawFn,
    commitments: dict[str, Commitment],
    actors: dict[str, Actor],
    places: st.SearchStrategy[str],
) -> dict[str, Flow]:
    """Some rows of money, each of which may pass on one before it, in any order."""
    fields = {
        "kind": st.sampled_from(FlowKind),
        "amount": amounts,
        "currency": st.sampled_from(["USD", "EUR", "KES"]),
        "provider": one_of(actors),
        "provider_name": st.none() | lines,
        "receiver": one_of(actors),
        "receiver_name": st.none() | lines,
        "place": places,
        "sector": st.sampled_from(["", "15190", "01010"]),
        "earmarking": st.sampled_from(Earmarking),
        "commitment": one_of(commitments),
        "provisions": some(list(PROVISIONS)),
        "groups": some(list(FRAMEWORK.groups)),
        "by": one_of(actors),
        "source": texts,
        "release": texts,
        "row": st.none() | st.integers(1, 10**9),
        "illustrative": st.booleans(),
    }
    found: dict[str, Flow] = {}
    for number in range(draw(st.integers(0, 4))):
        day = draw(days)
        when = draw(st.sampled_from(["year", "day", "window"]))
        found[f"flow-{number}"] = Flow(
            id=f"flow-{number}",
            year=day.year,
            day=None if when == "year" else day,
            ends=day + timedelta(days=draw(st.integers(0, 1500))) if when == "window" else None,
            onward_of=draw(one_of(found)),
            **draw(st.fixed_dictionaries(fields)),
        )
    return {name: found[name] for name in draw(st.permutations(list(found)))}


@st.composite
def prices(draw: st.DrawFn, build: Callable[..., V], amount: str) -> dict[str, V]:
    """Some rates or price levels, a currency once a year."""
    keys = st.tuples(st.sampled_from(["EUR", "KES"]), st.integers(2019, 2022))
    found = {}
    for currency, year in draw(st.lists(keys, max_size=3, unique=True)):
        name = f"{currency.lower()}-{year}"
        value = draw(st.decimals(Decimal("0.0001"), 10**6, places=4))
        told = {"source": draw(lines), amount: value}
        found[name] = build(id=name, currency=currency, year=year, **told)
    return found
