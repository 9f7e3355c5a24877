"""Linked data: what another program's own reader of RDF finds in it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD
from rdflib.term import BNode, Literal, Node

from waymark.cli.main import waymark
from waymark.compact.crosswalk import LinkType
from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.exchange import dcat, linked_data, schema_org, skos
from waymark.exchange.linked_data import Address, Base, LinkedForm, Thing, described, written
from waymark.exchange.shipped import shipped_file, shipped_readings, shipped_releases
from waymark.indicators.evidence import Evidence
from waymark.indicators.series import Series

HERE = "https://waymark.example.org/"
BASE = Base(HERE)
SPDX = "http://spdx.org/rdf/terms#"
FORMATS = {LinkedForm.TURTLE: "turtle", LinkedForm.JSON_LD: "json-ld"}


def read(things: tuple[Thing, ...], form: LinkedForm) -> Graph:
    return Graph().parse(data=written(things, form), format=FORMATS[form])


def at(path: str) -> URIRef:
    return URIRef(HERE + path)


@pytest.fixture(scope="module")
def concepts(framework: Framework) -> tuple[Thing, ...]:
    return skos.concepts(framework, BASE)


@pytest.fixture(scope="module")
def graph(concepts: tuple[Thing, ...]) -> Graph:
    return read(concepts, LinkedForm.TURTLE)


@pytest.fixture(scope="module")
def listed(series: dict[str, Series]) -> tuple[Thing, ...]:
    return dcat.catalogue(shipped_releases(), shipped_readings(), series, BASE)


@pytest.fixture(scope="module")
def catalogue(listed: tuple[Thing, ...]) -> Graph:
    return read(listed, LinkedForm.TURTLE)


def test_turtle_and_json_ld_say_the_same(
    concepts: tuple[Thing, ...], graph: Graph, listed: tuple[Thing, ...], catalogue: Graph
) -> None:
    assert set(read(concepts, LinkedForm.JSON_LD)) == set(graph)
    assert set(read(listed, LinkedForm.JSON_LD)) == set(catalogue)


def test_everything_is_said_once_and_everything_has_an_address(
    concepts: tuple[Thing, ...], graph: Graph, listed: tuple[Thing, ...], catalogue: Graph
) -> None:
    for things, found in ((concepts, graph), (listed, catalogue)):
        assert len(found) == sum(len(each.types) + len(each.properties) for each in things)
        assert len({each.address for each in things}) == len(things)
        assert not any(isinstance(node, BNode) for triple in found for node in triple)


@given(
    text=st.text(st.characters(exclude_categories=("Cs",))),
    language=st.sampled_from(["", "en", "ar"]),
    form=st.sampled_from(LinkedForm),
)
@settings(max_examples=150, deadline=None)
def test_any_text_survives_being_written(text: str, language: str, form: LinkedForm) -> None:
    said = (("rdfs:label", linked_data.Literal(text, language)),)
    found = read((Thing(BASE.of("x"), ("skos:Concept",), said),), form)
    assert found.value(at("x"), RDFS.label) == Literal(text, lang=language or None)


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
@settings(max_examples=80, deadline=None)
def test_no_name_breaks_out_of_its_address(name: str) -> None:
    found = read((Thing(BASE.of("x", name), ("skos:Concept",), ()),), LinkedForm.TURTLE)
    assert len(found) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "waymark.example.org",
        "ftp://waymark.example.org/",
        "https://",
        "https://a b/",
        "https://a/><",
        "https://a/?q=1",
        "https://a/#top",
        "https://a:port/",
        "https://[a/",
        'https://a/"',
        "https://a/\n",
        "javascript:alert(1)",
    ],
)
def test_a_base_that_is_no_address_is_refused_with_a_remedy(address: str) -> None:
    with pytest.raises(WaymarkError, match=r"such as https://waymark\.example\.org/"):
        Base(address)


def test_a_base_ends_in_a_slash_whether_or_not_it_is_given_so() -> None:
    assert Base("https://a.example/b").of("c") == Base("https://a.example/b/").of("c")


def test_a_thing_without_a_proper_address_is_not_written() -> None:
    with pytest.raises(ValueError, match="not an address"):
        written((Thing(Address("https://a/>"), ("skos:Concept",), ()),), LinkedForm.TURTLE)


# SKOS


def test_every_instrument_and_closed_list_is_a_scheme(graph: Graph, framework: Framework) -> None:
    lists = {at(f"concepts/{name}") for name in ("groups", "needs", "stages")}
    instruments = {at(f"concepts/instruments/{each}") for each in framework.instruments}
    assert set(graph.subjects(RDF.type, SKOS.ConceptScheme)) == lists | instruments


def test_every_provision_and_tag_is_a_concept(graph: Graph, framework: Framework) -> None:
    tags = skos.closed_lists(framework)
    wanted = {at(f"concepts/provisions/{each}") for each in framework.provisions}
    wanted |= {at(f"concepts/{name}/{tag}") for name in tags for tag in tags[name]}
    assert set(graph.subjects(RDF.type, SKOS.Concept)) == wanted


def test_the_migration_compact_has_23_top_concepts_and_187_below(graph: Graph) -> None:
    scheme = at("concepts/instruments/gcm")
    top = set(graph.objects(scheme, SKOS.hasTopConcept))
    below = {part for each in top for part in graph.objects(each, SKOS.narrower)}
    assert (len(top), len(below)) == (23, 187)
    assert set(graph.subjects(SKOS.inScheme, scheme)) == top | below


def test_no_label_is_blank_and_no_language_has_two(graph: Graph) -> None:
    named = set(graph.subjects(RDF.type, SKOS.Concept)) | set(
        graph.subjects(RDF.type, SKOS.ConceptScheme)
    )
    for each in named:
        labels = list(graph.objects(each, SKOS.prefLabel))
        assert all(str(label).strip() for label in labels)
        languages = Counter(label.language for label in labels if isinstance(label, Literal))
        assert set(languages) >= {"en", "ar"}
        assert set(languages.values()) == {1}
        assert not set(labels) & set(graph.objects(each, SKOS.altLabel)), "SKOS, S13"


def test_labels_are_there_in_every_language_that_the_definitions_have(
    graph: Graph, framework: Framework
) -> None:
    def languages(path: str) -> set[object]:
        return {label.language for label in graph.objects(at(path), SKOS.prefLabel)}  # type: ignore[attr-defined]

    for provision in framework.provisions.values():
        assert languages(f"concepts/provisions/{provision.id}") == set(provision.name.root)
    for name, tags in skos.closed_lists(framework).items():
        for tag in tags.values():
            assert languages(f"concepts/{name}/{tag.id}") == set(tag.label.root)
    six = {"ar", "zh", "en", "fr", "ru", "es"}
    assert languages("concepts/groups/children") == six
    assert languages("concepts/instruments/gcm") == six


def test_broader_and_narrower_are_each_others_inverse_inside_one_scheme(graph: Graph) -> None:
    broader = set(graph.subject_objects(SKOS.broader))
    assert broader
    assert broader == {(part, whole) for whole, part in graph.subject_objects(SKOS.narrower)}
    for part, whole in broader:
        assert graph.value(part, SKOS.inScheme) == graph.value(whole, SKOS.inScheme)


def test_a_concept_is_at_the_top_or_has_one_broader(graph: Graph) -> None:
    top = set(graph.subjects(SKOS.topConceptOf))
    assert top == set(graph.objects(None, SKOS.hasTopConcept))
    for each in graph.subjects(RDF.type, SKOS.Concept):
        assert len(list(graph.objects(each, SKOS.broader))) == (each not in top)


def test_every_link_is_there_with_its_type_and_its_reason(
    graph: Graph, framework: Framework
) -> None:
    kinds = {LinkType.ADVANCES: "advances", LinkType.RESTS_ON: "restsOn"}
    kinds |= {LinkType.OVERLAPS_WITH: "overlapsWith", LinkType.MEASURED_BY: "measuredBy"}
    wanted = {
        (
            at(f"concepts/provisions/{link.source}"),
            at(f"concepts/terms/{kinds[link.type]}"),
            at(f"concepts/provisions/{link.target}"),
            link.basis,
        )
        for link in framework.links
    }
    found = {
        (
            graph.value(each, RDF.subject),
            graph.value(each, RDF.predicate),
            graph.value(each, RDF.object),
            str(graph.value(each, RDFS.comment)),
        )
        for each in graph.subjects(RDF.type, RDF.Statement)
    }
    assert found == wanted
    assert all(triple[:3] in graph for triple in wanted)


def test_a_link_is_a_related_match_both_ways_and_never_a_closer_one(
    graph: Graph, framework: Framework
) -> None:
    ends = {
        (at(f"concepts/provisions/{a}"), at(f"concepts/provisions/{b}"))
        for link in framework.links
        for a, b in ((link.source, link.target), (link.target, link.source))
    }
    assert set(graph.subject_objects(SKOS.relatedMatch)) == ends
    for closer in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch):
        assert not list(graph.subject_objects(closer))


def test_each_kind_of_link_is_a_kind_of_related_match(graph: Graph) -> None:
    kinds = set(graph.subjects(RDFS.subPropertyOf, SKOS.relatedMatch))
    assert len(kinds) == len(LinkType)
    used = set(graph.predicates()) - set(kinds)
    assert not [each for each in used if str(each).startswith(HERE)]


def test_tags_lead_to_concepts_of_the_closed_lists(graph: Graph, framework: Framework) -> None:
    for provision in framework.provisions.values():
        tags = skos.closed_lists(framework)
        wanted = {at(f"concepts/{n}/{tag}") for n in tags for tag in getattr(provision, n)}
        concept = at(f"concepts/provisions/{provision.id}")
        assert set(graph.objects(concept, DCTERMS.subject)) == wanted


def test_every_address_of_ours_that_is_named_is_described(graph: Graph) -> None:
    ours = {node for node in graph.objects() if isinstance(node, URIRef) and HERE in node}
    assert ours <= set(graph.subjects())


def test_a_thing_is_described_with_the_links_at_either_end(concepts: tuple[Thing, ...]) -> None:
    found = described(concepts, BASE.of("concepts", "provisions", "gcr:68"))
    own, *links = found
    assert own.types == ("skos:Concept",)
    assert links
    assert all(str(own.address) in link.all("rdf:object") for link in links)
    assert len(described(concepts, BASE.of("concepts", "stages"))) == 7
    assert len(described(concepts, BASE.of("concepts", "instruments", "gcm"))) == 1 + 23 + 187
    assert described(concepts, BASE.of("concepts")) == concepts
    assert not described(concepts, BASE.of("concepts", "provisions", "gcm:99"))


# DCAT


def test_the_catalogue_lists_every_release_and_what_is_ours(catalogue: Graph) -> None:
    wanted = {*shipped_releases(), "derived", "concepts", "register"}
    listed = set(catalogue.objects(at("catalogue"), DCAT.dataset))
    assert listed == {at(f"catalogue/{each}") for each in wanted}
    assert listed == set(catalogue.subjects(RDF.type, DCAT.Dataset))


def test_a_release_names_its_licence_publisher_and_words_of_thanks(catalogue: Graph) -> None:
    for release in shipped_releases().values():
        dataset = at(f"catalogue/{release.id}")
        publisher = catalogue.value(dataset, DCTERMS.publisher)
        assert str(catalogue.value(publisher, FOAF.name)) == release.producer
        licence = catalogue.value(dataset, DCTERMS.license)
        assert str(catalogue.value(licence, RDFS.label)) == release.licence
        thanks = catalogue.value(dataset, DCTERMS.bibliographicCitation)
        assert str(thanks) == release.attribution
        assert "creativecommons.org" in str(licence) or "CC" not in release.licence


def test_a_file_is_as_long_as_it_says_and_has_the_hash_that_it_says(catalogue: Graph) -> None:
    files = list(catalogue.subject_objects(DCAT.byteSize))
    assert len(files) == len(shipped_releases()) + 1
    for file, size in files:
        name = str(catalogue.value(file, DCAT.downloadURL)).removeprefix(f"{HERE}figures/")
        content = shipped_file(name.removesuffix(".parquet")).read_bytes()
        assert int(str(size)) == len(content)
        checksum = catalogue.value(file, URIRef(f"{SPDX}checksum"))
        value = str(catalogue.value(checksum, URIRef(f"{SPDX}checksumValue")))
        assert value.lower() == hashlib.sha256(content).hexdigest()


def test_the_years_are_those_that_packing_found(catalogue: Graph) -> None:
    for reading in shipped_readings().values():
        years = catalogue.value(at(f"catalogue/{reading.release}"), DCTERMS.temporal)
        first, last = (catalogue.value(years, end) for end in (DCAT.startDate, DCAT.endDate))
        assert (str(first), str(last)) == (str(reading.first_year), str(reading.last_year))
        assert all(end.datatype == XSD.gYear for end in (first, last))  # type: ignore[union-attr]


def test_figures_of_ours_carry_the_licences_of_all_that_they_rest_on(catalogue: Graph) -> None:
    derived = at("catalogue/derived")
    behind = set(catalogue.objects(derived, PROV.wasDerivedFrom))
    assert behind
    licences = {each for source in behind for each in catalogue.objects(source, DCTERMS.license)}
    assert set(catalogue.objects(derived, DCTERMS.license)) == licences


def test_a_share_rests_on_both_of_its_sides(series: dict[str, Series]) -> None:
    formula = series["WM_REFUGEES_HOSTED"].formula
    assert formula is not None
    parts = {"WM_REFUGEES_HOSTED", formula.numerator, str(formula.denominator)}
    few = {code: series[code] for code in parts}
    things = dcat.catalogue(shipped_releases(), shipped_readings(), few, BASE)
    (derived,) = (each for each in things if each.address == BASE.of("catalogue", "derived"))
    assert derived.all("prov:wasDerivedFrom") == [
        BASE.of("catalogue", "unhcr-asylum-2025"),
        BASE.of("catalogue", "wb-development-2023"),
    ]


def test_themes_are_concepts_that_are_there(catalogue: Graph, graph: Graph) -> None:
    themes = set(catalogue.objects(None, DCAT.theme))
    assert len(themes) > 10
    assert themes <= set(graph.subjects(RDF.type, SKOS.Concept))


def test_no_licence_is_made_up_for_what_people_write(catalogue: Graph) -> None:
    register = at("catalogue/register")
    assert catalogue.value(register, DCTERMS.license) is None
    said = {each.language: str(each) for each in catalogue.objects(register, DCTERMS.rights)}
    assert "No licence is stated" in said["en"]


def test_every_address_of_the_catalogue_is_described_in_it_or_leads_to_a_file(
    catalogue: Graph, graph: Graph
) -> None:
    described_here = set(catalogue.subjects()) | set(graph.subjects())
    leading: set[Node] = set()
    for name in (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL, DCAT.endpointDescription):
        leading |= set(catalogue.objects(None, name))
    leading |= set(catalogue.objects(None, FOAF.homepage))
    ours = {node for node in catalogue.objects() if isinstance(node, URIRef) and HERE in node}
    assert ours <= described_here | leading


def test_a_file_of_figures_that_is_not_there_is_named(series: dict[str, Series]) -> None:
    (one, *_) = shipped_releases().values()
    gone = {"gone-2020": one.model_copy(update={"id": "gone-2020"})}
    with pytest.raises(DefinitionError, match=r"gone-2020\.parquet: the file cannot be read"):
        dcat.catalogue({**shipped_releases(), **gone}, shipped_readings(), series, BASE)


def test_a_series_is_described_in_the_language_of_its_page(
    series: dict[str, Series], evidence: Evidence
) -> None:
    one, extents = series["UNHCR_REFUGEES_ASYLUM"], evidence.extents()
    release = shipped_releases()[one.release]
    found = schema_org.dataset(one, release, extents[one.code], BASE, "ar")
    assert found["name"] == one.name.root["ar"]
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["creator"] == {"@type": "Organization", "name": "UNHCR"}
    first, _, last = str(found["temporalCoverage"]).partition("/")
    assert 2000 <= int(first) < int(last) <= 2025


def test_a_description_cannot_end_the_element_in_which_it_stands() -> None:
    hostile = {"name": "</script><script>alert(1)</script><!-- & -->"}
    text = schema_org.in_a_page(hostile)
    assert not set("<>&") & set(text)
    assert json.loads(text) == hostile


# The commands


@pytest.mark.parametrize("form", LinkedForm)
def test_the_commands_write_what_the_library_says(
    form: LinkedForm, concepts: tuple[Thing, ...], listed: tuple[Thing, ...]
) -> None:
    for command, things in ((("compact", "concepts"), concepts), (("catalogue",), listed)):
        result = CliRunner().invoke(waymark, [*command, "--base", HERE, "--format", str(form)])
        assert (result.exit_code, result.output) == (0, written(things, form))


def test_a_wrong_base_is_said() -> None:
    result = CliRunner().invoke(waymark, ["catalogue", "--base", "nowhere"])
    assert isinstance(result.exception, WaymarkError)
    assert "'nowhere' is not the address of a site" in str(result.exception)
