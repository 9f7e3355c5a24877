"""Made-up networks of arrangements, and a plain second way to audit them, over dictionaries.

The second way shares no code with the library's: it reads values, one at a time, and searches with
lists and sets. It is slow, short, and meant to be read.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from typing import Any, NamedTuple

from hypothesis import strategies as st

from waymark.firewall.audits.network import Arrangement, Body, Ground, Known, Network

DAY = date(2026, 6, 15)
SINK_KINDS = {"immigration-enforcement", "state-of-origin"}
SERVICE_KINDS = {"community", "health", "school", "shelter", "legal-aid", "labour-inspection"}
PROTECTED = {"existence", "need-note", "contact", "identity", "service-record", "status-statement"}
ANY = "*"  # every sink at once
LAW_COSTS = 1_000


def body(identifier: str, kind: str = "administration", **rest: Any) -> Body:
    """A body about which everything is known, and nothing leads on."""
    given = {
        "name": identifier.capitalize(),
        "duty_to_report": "no",
        "evidence": "A published practice.",
        "evidence_date": "2025",
        "parent_reads": "no",
        **rest,
    }
    return Body(id=identifier, kind=kind, **given)


def sink(identifier: str = "border", kind: str = "immigration-enforcement", **rest: Any) -> Body:
    return Body(id=identifier, name=identifier.capitalize(), kind=kind, **rest)


def passes(identifier: str, sender: str, recipient: str, **rest: Any) -> Arrangement:
    given = {"ground": "agreement", "data": ("identity",), "basis": "An agreement.", **rest}
    return Arrangement(id=identifier, sender=sender, recipient=recipient, **given)


def network(*parts: Body | Arrangement) -> Network:
    return Network(
        title="A network",
        bodies=tuple(part for part in parts if isinstance(part, Body)),
        arrangements=tuple(part for part in parts if isinstance(part, Arrangement)),
    )


def first(day: str) -> date:
    year, month, number = (*map(int, day.split("-")), 1, 1)[:3]
    return date(year, month, number)


def last(day: str) -> date:
    begin = first(day)
    if len(day) == 4:
        return date(begin.year, 12, 31)
    if len(day) == 7:
        return (begin.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return begin


class Step(NamedTuple):
    """A hop of the second way; two hops may have the same ends."""

    sender: str
    recipient: str
    name: str
    known: bool
    by_law: bool


def evidenced(each: Body, day: date) -> bool:
    if not each.evidence or each.evidence_date is None or last(each.evidence_date) > day:
        return False
    if each.evidence_until is not None and last(each.evidence_until) < day:
        return False
    changed = each.controller_since
    return changed is None or first(changed) > day or last(changed) <= first(each.evidence_date)


def standing(each: Arrangement, day: date) -> bool:
    begun = each.since is None or first(each.since) <= day
    return begun and (each.until is None or last(each.until) >= day)


def with_counts(given: Network, day: date) -> set[str]:
    """Who has counts that passed a statistics gate."""
    have = {each.id for each in given.bodies if each.kind == "statistics-gate"}
    while True:
        more = {
            each.recipient
            for each in given.arrangements
            if each.sender in have
            and standing(each, day)
            and each.passes is Known.YES
            and "released-counts" in each.data
        }
        if more <= have:
            return have
        have |= more


def steps(given: Network, day: date) -> list[Step]:
    """Every hop of a network on a day."""
    sinks = {each.id for each in given.bodies if each.kind in SINK_KINDS}
    counts = with_counts(given, day)
    found = []
    denied = set()
    for each in given.arrangements:
        if not standing(each, day):
            continue
        if each.passes is Known.NO:
            denied.add((each.sender, each.recipient))
            continue
        protected = bool(PROTECTED & set(each.data))
        if each.sender in sinks or (not protected and each.sender in counts):
            continue
        law = each.changed_by == "law" or (
            each.changed_by == "" and each.ground is Ground.LEGAL_DUTY
        )
        known = protected and each.passes is Known.YES
        found.append(Step(each.sender, each.recipient, each.id, known, law))
    serving = set(sinks)
    for _ in given.bodies:
        serving |= {name for each in given.bodies if each.id in serving for name in each.processors}
    for each in given.bodies:
        for name in each.processors:
            if each.id in serving and name not in sinks and (name, each.id) not in denied:
                found.append(Step(name, each.id, f"{name} → {each.id} (processing?)", False, False))
        if each.id in sinks:
            continue
        for name in each.processors:
            found.append(Step(each.id, name, f"{each.id} → {name} (processing)", True, False))
        if each.parent and each.parent_reads is not Known.NO:
            known = each.parent_reads is Known.YES
            way = f"{each.id} → {each.parent} (parent{'' if known else '?'})"
            found.append(Step(each.id, each.parent, way, known, False))
        if each.duty_to_report is Known.YES:
            found.append(Step(each.id, ANY, f"{each.id} → {ANY} (legal-duty)", True, True))
        elif not evidenced(each, day):
            found.append(Step(each.id, ANY, f"{each.id} → {ANY} (no-evidence?)", False, False))
        elif each.duty_to_report is Known.NOT_KNOWN:
            found.append(Step(each.id, ANY, f"{each.id} → {ANY} (legal-duty?)", False, True))
    return found


def services(given: Network) -> list[str]:
    return [each.id for each in given.bodies if each.kind in SERVICE_KINDS or each.service]


def sinks_of(given: Network) -> set[str]:
    return {each.id for each in given.bodies if each.kind in SINK_KINDS} | {ANY}


def shortest(source: str, ends: set[str], given: list[Step]) -> list[tuple[Step, ...]]:
    """Every shortest chain, by trying all chains of one hop, then of two, and so on."""
    chains: list[tuple[Step, ...]] = [()]
    seen = {source}
    while chains:
        longer = [
            (*chain, step)
            for chain in chains
            for step in given
            if step.sender == (chain[-1].recipient if chain else source)
            and step.recipient not in seen
        ]
        ended = [chain for chain in longer if chain[-1].recipient in ends]
        if ended:
            return ended
        chains = longer
        seen |= {chain[-1].recipient for chain in longer}
    return []


def leads_on(sources: list[str], given: list[Step]) -> set[str]:
    """Everybody that something from the sources gets to."""
    found = set(sources)
    while True:
        more = {step.recipient for step in given if step.sender in found}
        if more <= found:
            return found
        found |= more


def verdict(given: Network, day: date) -> str:
    """yes, no or not-known."""
    every, ends = steps(given, day), sinks_of(given)
    if leads_on(services(given), [step for step in every if step.known]) & ends:
        return "no"
    return "not-known" if leads_on(services(given), every) & ends else "yes"


def cheapest_cut(given: Network, every: list[Step]) -> int:
    """What the smallest set of hops costs without which nothing arrives, by trying them all."""
    sources, ends = services(given), sinks_of(given)
    best = sum(map(cost, every))
    for size in range(len(every) + 1):
        for some in combinations(every, size):
            price = sum(map(cost, some))
            rest = list(every)
            for step in some:
                rest.remove(step)
            if price < best and not leads_on(sources, rest) & ends:
                best = price
    return best


def cost(step: Step) -> int:
    return LAW_COSTS if step.by_law and step.known else 1


# Networks of any kind

ANSWERS = st.sampled_from(list(Known))
DAYS = st.sampled_from((None, None, "2024", "2025", "2026", "2026-06", "2026-06-15", "2026-12-01"))


@st.composite
def bodies(draw: st.DrawFn, identifier: str, kind: str, names: list[str]) -> Body:
    """A body with whatever may be said of it."""
    is_sink = kind in SINK_KINDS
    usual = draw(st.booleans())
    others = [name for name in names if name != identifier]
    evidence = draw(st.sampled_from(("", "Shown.", "Shown."))) or ("Shown." if usual else "")
    before = [name for name in names if name < identifier]  # so that no parents run in circles
    return Body(
        id=identifier,
        name=draw(st.sampled_from(("A name", identifier.capitalize()))),
        kind=kind,
        service=None if is_sink else draw(st.sampled_from((None, None, True))),
        parent=draw(st.sampled_from(("", "", *before))),
        parent_reads=Known.NO if usual else draw(ANSWERS),
        processors=() if usual else tuple(draw(st.sets(st.sampled_from(others), max_size=1))),
        duty_to_report=Known.NO if usual else draw(ANSWERS),
        evidence=evidence,
        evidence_date=(draw(DAYS) or "2025") if evidence else None,
        evidence_until=None if usual else draw(DAYS),
        controller_since=None if usual else draw(DAYS),
    )


@st.composite
def arrangements(draw: st.DrawFn, identifier: str, names: list[str]) -> Arrangement:
    """An arrangement between any two bodies."""
    sender, recipient = draw(st.permutations(names))[:2]
    since, until = sorted((draw(DAYS) or "2020", draw(DAYS) or "2030"), key=first)
    grounds = [ground for ground in Ground if ground is not Ground.NO_EVIDENCE]
    return Arrangement(
        id=identifier,
        sender=sender,
        recipient=recipient,
        ground=draw(st.sampled_from(grounds)),
        data=draw(
            st.sampled_from((("identity",), ("identity", "released-counts"), ("released-counts",)))
        ),
        basis="A basis.",
        since=since if draw(st.booleans()) else None,
        until=until if draw(st.booleans()) else None,
        passes=draw(st.sampled_from((Known.YES, Known.YES, Known.NO, Known.NOT_KNOWN))),
        changed_by=draw(st.sampled_from(("", "", "law", "parties"))),
    )


@st.composite
def networks(draw: st.DrawFn, most_bodies: int = 7, most_arrangements: int = 9) -> Network:
    """A network with a service and a sink, and anything between."""
    middle = ("administration", "intermediary", "police", "statistics-gate", "health", "school")
    kinds = ["immigration-enforcement", "health"]
    kinds += draw(st.lists(st.sampled_from((*middle, "state-of-origin")), max_size=most_bodies - 2))
    names = [f"b{at}" for at in range(len(kinds))]
    count = draw(st.integers(0, most_arrangements))
    return Network(
        title="Any network",
        bodies=tuple(
            draw(bodies(name, kind, names)) for name, kind in zip(names, kinds, strict=True)
        ),
        arrangements=tuple(draw(arrangements(f"a{at}", names)) for at in range(count)),
    )
