"""Known cases: the audit finds the documented chain, and the documented reversal restores the wall.

What the files say comes from the sources that they name. Where no reversal is documented, the
arrangements of the repair are ended in the test, which is no claim about what happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from waymark.firewall.audits.arrangements import read_network
from waymark.firewall.audits.audit import Audit, audit
from waymark.firewall.audits.certificates import certify
from waymark.firewall.audits.network import Known, Network
from waymark.firewall.domain import FOLDER, load_domain

DOMAIN = load_domain()
CASES = FOLDER / "cases"
BROKEN: list[tuple[str, date, list[list[str]], list[str]]] = [
    # the case, a day, each chain as the bodies that it passes, the repair
    (
        "nhs-home-office",
        date(2015, 6, 1),  # an older practice, before there was a paper
        [["practices-and-hospitals", "nhs-digital", "home-office"]],
        ["practice-before-2017"],
    ),
    (
        "nhs-home-office",
        date(2017, 1, 1),  # the first day of the memorandum
        [["practices-and-hospitals", "nhs-digital", "home-office"]],
        ["memorandum-2017"],
    ),
    (
        "nhs-home-office",
        date(2018, 11, 30),  # the last day that may count as within November
        [["practices-and-hospitals", "nhs-digital", "home-office"]],
        ["memorandum-2017"],
    ),
    (
        "sponsors-of-children",
        date(2018, 12, 31),
        [["shelters", "resettlement-office", "customs-enforcement"]],
        ["agreement-2018"],
    ),
    (
        "utilities-four-hops",
        date(2022, 1, 1),
        [["utilities", "exchange", "equifax", "clear", "customs-enforcement"]],
        ["to-enforcement"],
    ),
    (
        "registration-of-refugees",
        date(2022, 1, 1),
        [["registration", "host-state", "state-of-origin"]],
        ["return-lists"],
    ),
    (
        "labour-inspectorate-with-duty",
        date(2026, 1, 1),
        [["inspectorate", "border-service"], ["union", "inspectorate", "border-service"]],
        ["inspectorate → border-service (legal-duty)"],
    ),
]
HOLDS = [
    ("nhs-home-office", date(2018, 12, 1)),  # withdrawn in November 2018
    ("nhs-home-office", date(2026, 1, 1)),
    ("sponsors-of-children", date(2022, 1, 1)),  # ended in 2021
    ("labour-inspectorate-without-duty", date(2026, 1, 1)),
]


def case(name: str) -> Network:
    return read_network(CASES / f"{name}.yaml", DOMAIN)


def ways(found: Audit) -> list[list[str]]:
    return [[chain.service.id, *(hop.recipient_id for hop in chain.hops)] for chain in found.chains]


def ended(network: Network, names: Iterable[str]) -> Network:
    """The network once some arrangements are ended."""
    taken = set(names)
    changed = tuple(
        each.model_copy(update={"passes": Known.NO}) if each.id in taken else each
        for each in network.arrangements
    )
    return network.model_copy(update={"arrangements": changed})


@pytest.mark.parametrize(("name", "day", "chains", "repair"), BROKEN)
def test_the_documented_chain_is_found(
    name: str, day: date, chains: list[list[str]], repair: list[str]
) -> None:
    found = audit(case(name), DOMAIN, day)
    assert found.answer == "no"
    assert ways(found) == chains
    assert all(chain.known for chain in found.chains)
    assert [hop.name for hop in found.repair] == repair
    assert not found.to_show
    assert not found.unknown


@pytest.mark.parametrize(("name", "day"), HOLDS)
def test_after_the_reversal_the_wall_stands(name: str, day: date) -> None:
    found = audit(case(name), DOMAIN, day)
    assert found.answer == "yes"
    certificate = certify(found)
    sinks = {each.id for each in found.sinks}
    assert set(certificate.reached).isdisjoint(sinks)
    assert set(certificate.reached) >= {each.id for each in found.sources}


@pytest.mark.parametrize(
    ("name", "day", "repair"),
    [(name, day, repair) for name, day, _, repair in BROKEN if "legal-duty" not in repair[0]],
)
def test_ending_the_repair_restores_the_wall(name: str, day: date, repair: list[str]) -> None:
    assert audit(ended(case(name), repair), DOMAIN, day).answer == "yes"


@pytest.mark.parametrize("name", ["utilities-four-hops", "registration-of-refugees"])
def test_any_one_hop_less_breaks_the_chain(name: str) -> None:
    """Each of the lawful hops is needed: without any one of them nothing arrives."""
    network = case(name)
    for each in network.arrangements:
        found = audit(ended(network, [each.id]), DOMAIN, date(2022, 1, 1))
        assert found.answer == "yes"


def test_only_the_law_frees_the_inspectorate() -> None:
    """No agreement repairs a duty to report; the same bodies without it hold."""
    bound, freed = case("labour-inspectorate-with-duty"), case("labour-inspectorate-without-duty")
    day = date(2026, 1, 1)
    [repair] = audit(bound, DOMAIN, day).repair
    assert repair.by_law
    assert repair.repair.text().startswith("Only the law can change this: Labour inspectorate →")
    all_ended = ended(bound, [each.id for each in bound.arrangements])
    assert audit(all_ended, DOMAIN, day).answer == "no"
    differing = [one.id for one, two in zip(bound.bodies, freed.bodies, strict=True) if one != two]
    assert differing == ["inspectorate"]
    assert bound.arrangements == freed.arrangements


def test_before_the_memorandum_the_same_chain_was_a_practice() -> None:
    """The paper of 2017 opened nothing: it made official what was done before."""
    before, after = (
        audit(case("nhs-home-office"), DOMAIN, date(year, 6, 1)) for year in (2016, 2017)
    )
    assert ways(before) == ways(after)
    grounds = [found.chains[0].hops[-1].ground for found in (before, after)]
    assert grounds == ["practice", "agreement"]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_case_says_where_it_is_from(path: Path) -> None:
    network = read_network(path, DOMAIN)
    assert network.source
    assert network.note, "what was left out or taken as given"
    assert all(each.basis for each in network.arrangements)
    assert {path.stem} <= {name for name, *_ in (*BROKEN, *HOLDS)}
