"""Money passed on: from flows that name no commitment to the commitments that it reaches.

Money counts once for a commitment. Where a flow passes on what a pool or a programme received, and
nobody had named a commitment for it before, the flow that names one is the first to bring it there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from waymark.plans.flows import Flow


def passed_on(flows: Mapping[str, Flow]) -> dict[str, tuple[Flow, ...]]:
    """By the flow that named no commitment, those that pass it on to one, and were the first to."""
    found: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in flows.values():
        if flow.commitment is None or flow.onward_of is None:
            continue
        above = list(_up_from(flow, flows))
        if above and all(each.commitment is None for each in above):
            found[above[-1].id].append(flow)
    return {root: tuple(each) for root, each in found.items()}


def arriving(flows: Mapping[str, Flow]) -> frozenset[str]:
    """The flows that bring money to a commitment although they pass it on, by identifier."""
    return frozenset(flow.id for held in passed_on(flows).values() for flow in held)


def _up_from(flow: Flow, flows: Mapping[str, Flow]) -> Iterator[Flow]:
    """The flows that a flow passes on, from the nearest to the first; each once."""
    seen = {flow.id}
    at = flows.get(flow.onward_of or "")
    while at is not None and at.id not in seen:
        seen.add(at.id)
        yield at
        at = flows.get(at.onward_of or "")
