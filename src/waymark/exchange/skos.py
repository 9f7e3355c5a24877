"""SKOS: instruments with their provisions, groups, needs and stages as concept schemes.

An instrument is a scheme and its provisions are the concepts: parts are narrower than what holds
them. A link of the crosswalk is a ``skos:relatedMatch`` together with a property of ours that says
which link it is; docs/reference/linked-data.md says why it is never a closer match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from waymark.compact.crosswalk import Link, LinkType
from waymark.compact.framework import Framework
from waymark.compact.provisions import Instrument, Provision, Tag
from waymark.exchange.linked_data import (
    Address,
    Base,
    Literal,
    Thing,
    each_of,
    labels,
    translations,
)
from waymark.words import Names, Sentence

CONCEPTS = "concepts"
APACHE = Address("https://www.apache.org/licenses/LICENSE-2.0")
RIGHTS = Literal(
    "Labels are in Waymark's own words, under Apache-2.0. Official titles are from UN documents.",
    "en",
)
LINK_PROPERTIES = {
    LinkType.ADVANCES: "advances",
    LinkType.RESTS_ON: "restsOn",
    LinkType.OVERLAPS_WITH: "overlapsWith",
    LinkType.MEASURED_BY: "measuredBy",
}
CLOSED_LISTS = {
    "groups": Sentence("groups"),
    "needs": Sentence("needs"),
    "stages": Sentence("stages"),
}


def concepts(framework: Framework, base: Base) -> tuple[Thing, ...]:
    """Every scheme, concept and link of the framework, and the properties that tell links apart."""
    found = [*_terms(base)]
    for instrument in framework.instruments.values():
        found += _of_instrument(framework, instrument, base)
    for name, tags in closed_lists(framework).items():
        found += _closed_list(name, tags, base)
    found += (_link(link, base) for link in framework.links)
    return tuple(found)


def closed_lists(framework: Framework) -> dict[str, Mapping[str, Tag]]:
    """The closed lists by name."""
    return {"groups": framework.groups, "needs": framework.needs, "stages": framework.stages}


def scheme_of(instrument: str, base: Base) -> Address:
    """The address of an instrument as a scheme."""
    return base.of(CONCEPTS, "instruments", instrument)


def concept_of(provision: str, base: Base) -> Address:
    """The address of a provision as a concept."""
    return base.of(CONCEPTS, "provisions", provision)


def _term(kind: LinkType, base: Base) -> Address:
    return base.of(CONCEPTS, "terms", LINK_PROPERTIES[kind])


def _terms(base: Base) -> Iterator[Thing]:
    for kind in LinkType:
        said = [
            *each_of("rdfs:label", translations(kind.label)),
            ("rdfs:subPropertyOf", Address("skos:relatedMatch")),
        ]
        yield Thing(_term(kind, base), ("rdf:Property",), tuple(said))


def _of_instrument(framework: Framework, instrument: Instrument, base: Base) -> Iterator[Thing]:
    scheme = scheme_of(instrument.id, base)
    top = framework.of_instrument(instrument.id)
    said = [
        *_named(instrument.title, instrument.short),
        ("dcterms:identifier", Literal(instrument.id)),
        ("dcterms:issued", day_of(instrument.adopted)),
        ("dcterms:bibliographicCitation", Literal(instrument.document)),
        ("dcterms:source", Literal(instrument.source)),
        ("dcterms:license", APACHE),
        ("dcterms:rights", RIGHTS),
        *_note(instrument.note),
        *each_of("skos:hasTopConcept", [concept_of(each.id, base) for each in top]),
    ]
    yield Thing(scheme, ("skos:ConceptScheme",), tuple(said))
    for provision in top:
        for each in provision.walk():
            yield _provision(framework, each, base)


def _provision(framework: Framework, provision: Provision, base: Base) -> Thing:
    scheme = scheme_of(provision.instrument, base)
    parent = framework.parent(provision)
    tags = [
        base.of(CONCEPTS, name, tag) for name in CLOSED_LISTS for tag in getattr(provision, name)
    ]
    said = [
        *_named(provision.name, provision.label),
        ("skos:notation", Literal(provision.number)),
        ("dcterms:identifier", Literal(provision.id)),
        ("skos:inScheme", scheme),
        ("skos:broader", concept_of(parent.id, base)) if parent else ("skos:topConceptOf", scheme),
        *each_of("skos:narrower", [concept_of(part.id, base) for part in provision.parts]),
        *each_of("dcterms:subject", tags),
        *_note(provision.note),
        *_matches(framework, provision, base),
    ]
    return Thing(concept_of(provision.id, base), ("skos:Concept",), tuple(said))


def _matches(
    framework: Framework, provision: Provision, base: Base
) -> Iterator[tuple[str, Address | Literal]]:
    """Links in both directions: the relation of two matches is one that holds both ways."""
    out = framework.links_from(provision.id)
    ends = [link.target for link in out]
    ends += [link.source for link in framework.links_to(provision.id)]
    yield from each_of("skos:relatedMatch", [concept_of(end, base) for end in dict.fromkeys(ends)])
    for link in out:
        yield _term(link.type, base), concept_of(link.target, base)


def _link(link: Link, base: Base) -> Thing:
    """One link with its reason: a statement about two concepts, as RDF has it."""
    said = (
        ("rdf:subject", concept_of(link.source, base)),
        ("rdf:predicate", _term(link.type, base)),
        ("rdf:object", concept_of(link.target, base)),
        ("rdfs:comment", Literal(link.basis, "en")),
    )
    name = f"{link.source}--{link.type}--{link.target}"
    return Thing(base.of(CONCEPTS, "links", name), ("rdf:Statement",), said)


def _closed_list(name: str, tags: Mapping[str, Tag], base: Base) -> Iterator[Thing]:
    scheme = base.of(CONCEPTS, name)
    listed = [base.of(CONCEPTS, name, tag) for tag in tags]
    said = [
        *each_of("skos:prefLabel", translations(CLOSED_LISTS[name])),
        ("dcterms:identifier", Literal(name)),
        ("dcterms:license", APACHE),
        *each_of("skos:hasTopConcept", listed),
    ]
    yield Thing(scheme, ("skos:ConceptScheme",), tuple(said))
    for tag, address in zip(tags.values(), listed, strict=True):
        source = [("dcterms:source", Literal(tag.source))] if tag.source else []
        own = [
            *each_of("skos:prefLabel", labels(tag.label)),
            ("skos:notation", Literal(tag.id)),
            ("dcterms:identifier", Literal(tag.id)),
            ("skos:inScheme", scheme),
            ("skos:topConceptOf", scheme),
            *source,
        ]
        yield Thing(address, ("skos:Concept",), tuple(own))


def _named(preferred: Names, other: Names) -> Iterator[tuple[str, Address | Literal]]:
    """The preferred label and the other one, which SKOS does not allow to say the same."""
    first = labels(preferred)
    yield from each_of("skos:prefLabel", first)
    yield from each_of("skos:altLabel", [each for each in labels(other) if each not in first])


def _note(note: str) -> list[tuple[str, Address | Literal]]:
    return [("skos:note", Literal(note, "en"))] if note else []


def day_of(text: str) -> Literal:
    """A day or a year with its datatype, else the text as it is."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return Literal(text, datatype="xsd:date")
    return Literal(text, datatype="xsd:gYear" if re.fullmatch(r"\d{4}", text) else "")
