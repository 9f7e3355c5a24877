"""Chains through kinds of body: what our rules permit, and what goes on outside of them (P2)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import numpy as np
import numpy.typing as npt

from waymark.firewall.domain import Role
from waymark.firewall.sharing.case import Case
from waymark.words import N_, Names, Sentence

Flow = npt.NDArray[np.bool_]  # kind x kind


def flow(case: Case) -> Flow:
    """Which kind may send something protected to which, on whatever grounds."""
    found: Flow = np.any(case.table.cells[..., case.protected], axis=(2, 3, 4))
    return found


def onward(case: Case) -> dict[tuple[int, int], Sentence | Names]:
    """What passes on outside the rules, with the reason: others' contracts, the law, no promise."""
    found: dict[tuple[int, int], Sentence | Names] = {}
    sink = case.domain.of_role(Role.SINK)[-1]  # the domain's last is enforcement itself
    for each in case.rules.outside:
        (sender,), (recipient,) = case.at("from", each.sender), case.at("from", each.recipient)
        found.setdefault((sender, recipient), each.because)
    for kind in case.at("from", *case.rules.duties):
        found.setdefault((kind, sink), Sentence("a duty to report"))
    for kind in case.domain.of_role(Role.OUTSIDER):
        found.setdefault((kind, sink), Sentence("no promise not to pass it on"))
    return found


def chains(case: Case) -> Sentence | None:
    """P2: a shortest chain from a person or a service to a sink, if there is one.

    Whoever holds something protected may hold anything: a chain need not carry the same data all
    along. The search goes breadth first, so that no chain is shorter than the one it finds.
    """
    outside = onward(case)
    edges = flow(case)
    for pair in outside:
        edges[pair] = True
    sources = case.domain.of_role(Role.PERSON, Role.SERVICE, Role.GATE)
    before: dict[int, int | None] = dict.fromkeys(sources)
    waiting = list(before)
    for kind in waiting:  # the list grows as kinds are reached
        if kind in case.sinks:
            return _chain(case, list(_back(before, kind))[::-1], outside)
        for onto in map(int, np.flatnonzero(edges[kind])):
            if onto not in before:
                before[onto] = kind
                waiting.append(onto)
    return None


def _back(before: dict[int, int | None], kind: int | None) -> Iterator[int]:
    while kind is not None:
        yield kind
        kind = before[kind]


def _chain(
    case: Case, kinds: list[int], outside: dict[tuple[int, int], Sentence | Names]
) -> Sentence:
    labels = [case.domain.kinds[at].label for at in kinds]
    if len(kinds) == 1:
        return Sentence("{kind}: people turn to it, and it is a sink itself.", kind=labels[0])
    whole = Sentence("{kind}", kind=labels[0])
    hops = zip(kinds, kinds[1:], labels[1:], strict=False)
    whole = reduce(
        lambda done, hop: Sentence(
            "{chain} → {kind} ({because})",
            chain=done,
            kind=hop[2],
            because=_because(case, hop[0], hop[1]) or outside[hop[0], hop[1]],
        ),
        hops,
        whole,
    )
    return Sentence(N_("A chain: {chain}."), chain=whole)


def _because(case: Case, sender: int, recipient: int) -> Sentence | None:
    """The rules that permit a hop, if any do."""
    sent = case.table.cells[sender, recipient][..., case.protected]
    found = np.argwhere(sent)
    if not len(found):
        return None
    purpose, status, data = (int(at) for at in found[0])
    bits = int(sent[purpose, status, data])
    where = [sender, recipient, purpose, status, case.protected[data]]
    request = case.request([*where, (bits & -bits).bit_length() - 1])
    return Sentence("permitted by {rules}", rules=case.covering(case.rules.permits(), request))
