"""Laws of the audit: it agrees with a plain second way on any network, on any day, and is monotone.

The second way stands in ``tests/networks.py`` and shares no code with the library's.
"""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.networks import (
    DAY,
    LAW_COSTS,
    PROTECTED,
    SINK_KINDS,
    Step,
    arrangements,
    body,
    cheapest_cut,
    cost,
    evidenced,
    leads_on,
    network,
    networks,
    passes,
    services,
    shortest,
    sink,
    sinks_of,
    steps,
    verdict,
)
from waymark.firewall.audits.audit import Audit, Chain, audit
from waymark.firewall.audits.certificates import AuditCertificate, certify
from waymark.firewall.audits.chains import Graph, Links
from waymark.firewall.audits.network import Known, Network
from waymark.firewall.domain import load_domain

DOMAIN = load_domain()
MANY = settings(max_examples=40, deadline=None)
SOME = settings(max_examples=25, deadline=None)
NAMED = "b0"  # the one body of immigration enforcement of a network of any kind
RANK = {"no": 0, "not-known": 1, "yes": 2}


def found(given_network: Network, day: object = DAY) -> Audit:
    return audit(given_network, DOMAIN, day)  # type: ignore[arg-type]


def named(chain: Chain) -> tuple[tuple[str, str], ...]:
    return tuple((hop.sender.id, hop.name) for hop in chain.hops)


def named_so(chain: tuple[Step, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((step.sender, step.name.replace("*", NAMED)) for step in chain)


@MANY
@given(networks(), st.sampled_from((DAY, DAY - timedelta(200), DAY + timedelta(400))))
def test_chains_are_those_of_the_second_way(given_network: Network, day: object) -> None:
    """Every shortest chain of known hops, and every shortest chain that has what is not known."""
    every = steps(given_network, day)  # type: ignore[arg-type]
    ends = sinks_of(given_network)
    known = [step for step in every if step.known]
    expected = set()
    for service in services(given_network):
        expected |= {named_so(chain) for chain in shortest(service, ends, known)}
        expected |= {
            named_so(chain)
            for chain in shortest(service, ends, every)
            if not all(step.known for step in chain)
        }
    told = found(given_network, day)
    assert {named(chain) for chain in told.chains} == expected
    assert len(told.chains) == len(expected)
    assert not any(each.more for each in told.listed)
    assert told.answer == verdict(given_network, day)  # type: ignore[arg-type]


@SOME
@given(networks(most_bodies=5, most_arrangements=5))
def test_the_repair_is_smallest_and_restores(given_network: Network) -> None:
    """First for what is known alone, and then for what remains; by trying every set of hops."""
    told = found(given_network)
    every = steps(given_network, DAY)
    known = [step for step in every if step.known]
    taken = {hop.name for hop in told.repair}
    cut = [step for step in known if step.name.replace("*", NAMED) in taken]
    rest = [step for step in every if step not in cut]
    if len(every) <= 9:
        assert sum(map(cost, cut)) == cheapest_cut(given_network, known)
        shown = {hop.name for hop in told.to_show}
        second = [step for step in rest if step.name.replace("*", NAMED) in shown]
        assert sum(map(cost, second)) == cheapest_cut(given_network, rest)
    both = taken | {hop.name for hop in told.to_show}
    ends = sinks_of(given_network)
    sources = services(given_network)
    assert not leads_on(sources, [step for step in rest if step.known]) & ends
    left = [step for step in every if step.name.replace("*", NAMED) not in both]
    assert not leads_on(sources, left) & ends


def accepted(certificate: AuditCertificate, given_network: Network, day: object = DAY) -> bool:
    """A checker of certificates that shares nothing with the audit: it only looks."""
    reached = set(certificate.reached)
    return (
        reached >= set(services(given_network))
        and not any(each.id in reached for each in given_network.bodies if each.kind in SINK_KINDS)
        and not any(
            step.sender in reached and step.recipient not in reached
            for step in steps(given_network, day)  # type: ignore[arg-type]
        )
    )


@MANY
@given(networks(most_bodies=5, most_arrangements=4), st.integers(0, 900))
def test_a_certificate_stands_until_it_ends(given_network: Network, later: int) -> None:
    told = found(given_network)
    if told.answer != "yes":
        return
    certificate = certify(told)
    assert accepted(certificate, given_network)
    day = DAY + timedelta(later)
    if certificate.ends is None or day < certificate.ends:
        assert accepted(certificate, given_network, day)
        assert verdict(given_network, day) == "yes"


@SOME
@given(networks(), st.data())
def test_another_arrangement_never_makes_it_better(
    given_network: Network, data: st.DataObject
) -> None:
    names = [each.id for each in given_network.bodies]
    more = data.draw(arrangements("more", names))
    before, with_more = (
        given_network,
        given_network.model_copy(update={"arrangements": (*given_network.arrangements, more)}),
    )
    better = RANK[found(with_more).answer] > RANK[found(before).answer]
    assert not (better and found(before).answer == "no"), "broken stays broken"
    if more.passes is not Known.NO and PROTECTED & set(more.data) == set(more.data):
        assert not better


@SOME
@given(networks(), st.data())
def test_evidence_never_makes_it_worse(given_network: Network, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(given_network.bodies) - 1))
    shown = given_network.bodies[at].model_copy(
        update={
            "evidence": "Shown.",
            "evidence_date": "2026-06-14",
            "evidence_until": None,
            "controller_since": None,
        }
    )
    assert evidenced(shown, DAY)
    bodies = (*given_network.bodies[:at], shown, *given_network.bodies[at + 1 :])
    after = given_network.model_copy(update={"bodies": bodies})
    assert RANK[found(after).answer] >= RANK[found(given_network).answer]


def quiet(size: int, seed: int) -> list[object]:
    """A network that holds: services and others that pass things among themselves, and a sink."""
    numbers = random.Random(seed)
    kinds = ("health", "school", "administration", "intermediary")
    parts: list[object] = [body(f"b{at}", kinds[at % 4]) for at in range(size)]
    for at in range(3 * size):
        sender, recipient = numbers.sample(range(size), 2)
        parts.append(passes(f"a{at}", f"b{sender}", f"b{recipient}"))
    return [*parts, sink("border"), sink("origin", "state-of-origin")]


GROUNDS = ("arrangement", "parent", "processor", "duty", "no-evidence", "contract")


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("length", range(1, 7))
def test_a_planted_hole_is_found(length: int, ground: str) -> None:
    """Chains of 1 to 6 hops, of which the last is of each kind, in a network that held before."""
    parts = quiet(12, length)
    assert found(network(*parts)).answer == "yes"  # type: ignore[arg-type]
    way = ["clinic", *(f"hop{at}" for at in range(1, length))]
    last = way[-1]
    ends: dict[str, dict[str, object]] = {
        "parent": {"parent": "border", "parent_reads": "yes"},
        "processor": {"processors": ("border",)},
        "duty": {"duty_to_report": "yes", "duty_basis": "A law."},
        "no-evidence": {"evidence": "", "evidence_date": None},
    }
    for name in way:
        rest = ends.get(ground, {}) if name == last else {}
        parts.append(body(name, "health" if name == "clinic" else "intermediary", **rest))
    for sender, recipient in pairwise(way):
        parts.append(passes(f"to-{recipient}", sender, recipient))
    if ground in ("arrangement", "contract"):
        kind = "agreement" if ground == "arrangement" else "contract"
        parts.append(passes("out", last, "border", ground=kind))
    holed = network(*parts)  # type: ignore[arg-type]
    told = found(holed)
    assert told.answer == ("not-known" if ground == "no-evidence" else "no")
    chain = next(each for each in told.chains if each.service.id == "clinic")
    assert [hop.sender.id for hop in chain.hops] == way
    assert len(chain.hops) == length
    [repair] = (*told.repair, *told.to_show)
    agreed = ground == "duty" and length > 1  # rather than change the law, end what leads there
    assert repair.sender.id == (way[-2] if agreed else last)


def mutants(given_network: Network) -> list[Network]:
    """Every network with one arrangement dropped, widened, swapped, or its answer turned."""
    made = []
    target = next(each.id for each in given_network.bodies if each.kind in SINK_KINDS)
    for at, each in enumerate(given_network.arrangements):
        changes: list[dict[str, object] | None] = [
            None,
            {"recipient": target},
            {"sender": each.recipient, "recipient": each.sender},
            {"passes": Known.NO},
            {"passes": Known.NOT_KNOWN},
            {"until": "2001"},
            {"since": "2090", "until": None},
            {"data": ("released-counts",)},
            {"data": ("identity",)},
        ]
        for change in changes:
            if change and change.get("recipient", "") == change.get("sender", each.sender):
                continue
            new = [] if change is None else [each.model_copy(update=change)]
            rest = given_network.arrangements
            made.append(
                given_network.model_copy(
                    update={"arrangements": (*rest[:at], *new, *rest[at + 1 :])}
                )
            )
    for at, one in enumerate(given_network.bodies):
        if one.kind in SINK_KINDS:
            continue
        for update in (
            {"evidence": "", "evidence_date": None},
            {"evidence_until": "2001"},
            {"controller_since": "2026-01-01"},
            {"duty_to_report": Known.YES},
            {"duty_to_report": Known.NOT_KNOWN},
            {"parent": target, "parent_reads": Known.YES},
            {"parent": target, "parent_reads": Known.NOT_KNOWN},
            {"processors": (target,)},
        ):
            bodies = given_network.bodies
            changed = (*bodies[:at], one.model_copy(update=update), *bodies[at + 1 :])
            made.append(given_network.model_copy(update={"bodies": changed}))
    return made


def test_every_mutant_is_accounted_for() -> None:
    """Several hundred single changes: each changes the answer as the second way says, or not."""
    originals = [network(*quiet(9, seed)) for seed in range(1)]  # type: ignore[arg-type]
    caught = same = 0
    for original in originals:
        before = found(original).answer
        for mutant in mutants(original):
            told = found(mutant)
            assert told.answer == verdict(mutant, DAY)
            if told.answer == before:
                same += 1
                assert accepted(certify(told), mutant), "it holds, and shows why"
            else:
                caught += 1
                assert told.chains, "it no longer holds, and shows where"
    assert caught + same > 300
    assert min(caught, same) > 50


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_smallest_cut_of_any_graph(data: st.DataObject) -> None:
    """The flow finds what trying every set of hops finds, however deep the graph, nearest last."""
    nodes = data.draw(st.integers(3, 8))
    pairs = [(tail, head) for tail in range(nodes) for head in range(nodes) if tail != head]
    hops = data.draw(st.lists(st.sampled_from(pairs), max_size=9))
    law = np.array(data.draw(st.lists(st.booleans(), min_size=len(hops), max_size=len(hops))), bool)
    tails, heads = (np.array([hop[at] for hop in hops], dtype=np.int32) for at in (0, 1))
    sources, sinks = np.array([0, 1], dtype=np.int32), np.array([nodes - 1], dtype=np.int32)
    cut = Graph(Links(nodes, tails, heads), sources, sinks).smallest_cut(law).tolist()

    def leads(without: object) -> bool:
        kept = [
            Step(str(t), str(h), "", True, False)
            for at, (t, h) in enumerate(hops)
            if at not in without
        ]  # type: ignore[operator]
        return str(nodes - 1) in leads_on(["0", "1"], kept)

    def price(some: object) -> int:
        return sum(LAW_COSTS if law[at] else 1 for at in some)  # type: ignore[attr-defined]

    assert not leads(cut)
    every = (some for size in range(len(hops) + 1) for some in combinations(range(len(hops)), size))
    assert price(cut) == min(price(some) for some in every if not leads(some))


@pytest.mark.parametrize("length", [3, 9, 40])
def test_a_bottleneck_far_from_the_sinks_is_the_cut(length: int) -> None:
    """Many ways out of one hop: the cut is that hop, not the many."""
    middle = [(at, at + 1) for at in range(1, length)]
    fan = [(length, length + 1 + at) for at in range(5)]
    ends = [(length + 1 + at, length + 6) for at in range(5) for _ in range(2)]
    hops = [(0, 1), (0, 1), *middle, *fan, *ends]
    tails, heads = (np.array([hop[at] for hop in hops], dtype=np.int32) for at in (0, 1))
    graph = Graph(Links(length + 7, tails, heads), np.array([0]), np.array([length + 6]))
    cut = graph.smallest_cut(np.zeros(len(hops), dtype=bool))
    assert [hops[at] for at in cut] == [middle[-1]]


def test_chains_are_counted_though_few_are_listed() -> None:
    """Six layers of ten bodies have a million chains of the same length; twenty are listed."""
    layers = [[f"l{layer}-{at}" for at in range(10)] for layer in range(6)]
    parts: list[object] = [body("clinic", "health"), sink()]
    parts += [body(name, "intermediary") for layer in layers for name in layer]
    ways = [["clinic"], *layers, ["border"]]
    parts += [
        passes(f"{one}-{two}", one, two)
        for left, right in pairwise(ways)
        for one in left
        for two in right
    ]
    told = found(network(*parts))  # type: ignore[arg-type]
    assert len(told.chains) + told.listed[0].more == 10**6
    assert len(set(map(named, told.chains))) == len(told.chains) == 20
    assert all(len(chain.hops) == 7 for chain in told.chains)
