"""A small register with a pool, written by hand."""

from __future__ import annotations

from waymark.plans.commitments import Commitment
from waymark.plans.flows import Flow
from waymark.plans.register import Register

FLEXIBLE = {"earmarking": "unearmarked"}
SOFT = {"earmarking": "softly-earmarked"}


def commitment(identifier: str, place: str = "KEN", **fields: object) -> Commitment:
    """A commitment, of Kenya where nothing else is said."""
    given = {"id": identifier, "what": "Build homes", "place": place, "origin": "other"}
    return Commitment.model_validate({**given, "provisions": ("gcm:15",), **fields})


def flow(identifier: str, kind: str, amount: str, **fields: object) -> Flow:
    """A flow in US dollars of 2027, for the whole world where nothing else is said."""
    given = {"id": identifier, "kind": kind, "amount": amount, "currency": "USD"}
    return Flow.model_validate({**given, "year": 2027, "place": "001", **fields})


def lacking(identifier: str, cost: str, secured: str | None = "0", year: int = 2027) -> list[Flow]:
    """The flows that say what a commitment costs and has secured in a year."""
    of = {"commitment": identifier, "place": "KEN", "year": year}
    flows = [flow(f"{identifier}-cost-{year}", "cost", cost, **of)]
    if secured is not None:
        flows.append(flow(f"{identifier}-has-{year}", "commitment", secured, **of))
    return flows


def register(commitments: list[Commitment], *flows: Flow | list[Flow]) -> Register:
    """A register of these commitments and flows."""
    every = [one for each in flows for one in (each if isinstance(each, list) else [each])]
    return Register(
        commitments={each.id: each for each in commitments},
        flows={each.id: each for each in every},
    )
