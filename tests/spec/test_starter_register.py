"""The register that ships: checked facts with their sources, and the gaps that they leave."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

import pytest

from waymark.compact.crosswalk import LinkType
from waymark.compact.framework import Framework
from waymark.compact.places import WORLD, Level
from waymark.exchange.register_package import STARTER, package_files, read_package
from waymark.plans.forums import load_forums
from waymark.plans.register import KINDS, Register
from waymark.plans.stakeholders import without_mandate
from waymark.plans.tallies import served
from waymark.plans.vocabulary import ActorKind, MandateKind

ENTITIES = ["un-desa", "ilo", "iom", "ohchr", "undp", "unhcr", "unicef", "unodc"]
COVERED = {
    "gcm:1": {"un-desa"},
    "gcm:3": {"iom"},
    "gcm:4": {"un-desa", "unhcr", "unicef"},
    "gcm:5": {"un-desa", "iom"},
    "gcm:6": {"ilo"},
    "gcm:7": {"unicef"},
    "gcm:8": {"iom"},
    "gcm:9": {"unodc"},
    "gcm:10": {"ilo", "unodc"},
    "gcm:13": {"unicef"},
    "gcm:16": {"iom"},
    "gcm:17": {"ohchr"},
    "gcm:21": {"iom"},
    "gcm:22": {"ilo"},
    "gcm:23": {"iom"},
}
NOT_COVERED = ["gcm:2", "gcm:11", "gcm:12", "gcm:14", "gcm:15", "gcm:18", "gcm:19", "gcm:20"]
SHIPPED = {"actors": 8, "mandates": 26, "consultations": 3}
DOCUMENT = re.compile(  # what a source names: a resolution, a treaty, a constitution, an indicator
    r"A/RES/|ST/SGB/|Convention|Protocol|Constitution|SDG indicator \d|https://unstats\.un\.org/"
)
CUSTODY = re.compile(r"^SDG indicator (\d+\.\w+\.\d+), ")


@pytest.fixture(scope="module")
def starter(framework: Framework, series: Mapping[str, object]) -> Register:
    return read_package(STARTER, framework, load_forums(), series)


def test_it_is_read_without_fault_and_holds_what_ships(starter: Register) -> None:
    assert {kind: len(starter.of_kind(kind)) for kind in KINDS if starter.of_kind(kind)} == SHIPPED


def test_every_file_has_content_and_the_form_in_which_registers_are_written(
    starter: Register,
) -> None:
    written = package_files(starter)
    for path in STARTER.iterdir():
        assert path.stem in SHIPPED, path.name
        assert path.read_text(encoding="utf-8") == written[path.name]


def test_nothing_that_ships_is_made_up(starter: Register) -> None:
    for kind in SHIPPED:
        for each in starter.of_kind(kind).values():
            assert not getattr(each, "illustrative", False)


def test_the_un_entities_that_lead_the_network_on_migration_are_there(starter: Register) -> None:
    assert list(starter.actors) == ENTITIES
    for actor in starter.actors.values():
        assert actor.kind is ActorKind.UN_ENTITY
        assert (actor.level, actor.place, actor.parent) == (Level.GLOBAL, WORLD, None)


@pytest.mark.parametrize("kind", ["actors", "mandates"])
def test_everything_names_a_document_as_its_source(starter: Register, kind: str) -> None:
    for identifier, each in starter.of_kind(kind).items():
        assert DOCUMENT.search(getattr(each, "source")), identifier  # noqa: B009


def test_every_mandate_reaches_the_world_and_says_why(starter: Register) -> None:
    for mandate in starter.mandates.values():
        assert mandate.place == WORLD
        assert mandate.id.startswith(f"{mandate.actor}-{mandate.provision.split(':')[0]}-")
        assert len(mandate.basis.split()) >= 5


def test_who_keeps_an_indicator_names_one_that_measures_the_provision(
    starter: Register, framework: Framework
) -> None:
    for mandate in starter.mandates.values():
        named = CUSTODY.match(mandate.source)
        assert (named is not None) is (mandate.kind is MandateKind.CUSTODIAN), mandate.id
        if named:
            indicators = {
                link.target
                for provision in served([mandate.provision], framework)
                for link in framework.links_from(provision, LinkType.MEASURED_BY)
            }
            assert f"sdg:{named[1]}" in indicators, mandate.id


def test_only_the_networks_coordinator_leads(starter: Register) -> None:
    leading = [each for each in starter.mandates.values() if each.kind is MandateKind.LEAD]
    assert [(each.actor, each.provision) for each in leading] == [("iom", "gcm:23")]


def test_the_objectives_with_a_mandate(starter: Register, framework: Framework) -> None:
    found: dict[str, set[str]] = {}
    for mandate in starter.mandates.values():
        for provision in served([mandate.provision], framework):
            found.setdefault(provision, set()).add(mandate.actor)
    objectives = [objective.id for objective in framework.objectives]
    assert {each: found[each] for each in objectives if each in found} == COVERED


def test_the_objectives_without_one_are_a_finding(starter: Register, framework: Framework) -> None:
    for place in (WORLD, "KEN"):
        assert without_mandate(starter, framework, place) == NOT_COVERED
    assert {*COVERED, *NOT_COVERED} == {objective.id for objective in framework.objectives}


def test_an_entity_without_a_mandate_of_its_own_is_a_finding(starter: Register) -> None:
    with_mandate = {mandate.actor for mandate in starter.mandates.values()}
    assert [each for each in starter.actors if each not in with_mandate] == ["undp"]


def test_the_consultations_of_2017_reach_as_far_as_their_source_says(starter: Register) -> None:
    worldwide, regional, stocktaking = starter.consultations.values()
    assert (worldwide.events, worldwide.organisations) == (5, 1000)
    assert "More than five" in worldwide.about
    assert "over 1,000" in worldwide.about
    assert (regional.events, regional.people, regional.countries) == (7, 470, 93)
    assert "approximate" in regional.about
    assert (stocktaking.place, stocktaking.people, stocktaking.governments) == ("MEX", 50, 23)
    for each in starter.consultations.values():
        assert each.year == 2017
        assert each.source.startswith("Joint Statement of Civil Society")


def test_a_figure_that_the_source_does_not_give_is_absent() -> None:
    with (STARTER / "consultations.csv").open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["civil-society-global-2017"]["people"] == ""
    assert rows["civil-society-regional-2017"]["governments"] == ""
    assert rows["puerto-vallarta-2017"]["organisations"] == ""
