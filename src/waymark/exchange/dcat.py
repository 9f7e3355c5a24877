"""DCAT 3: what there is to take along, with its licence, its producer and where it lies.

Each release of figures is a dataset with one file; figures of ours say what they are derived from.
The concepts and the register are datasets too. What is not known (the licence of what people write
in a register, the day on which a producer released a file) is not stated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from waymark.exceptions import DefinitionError
from waymark.exchange.linked_data import (
    Address,
    Base,
    Literal,
    Thing,
    each_of,
    labels,
    translations,
)
from waymark.exchange.shipped import shipped_file
from waymark.exchange.skos import APACHE, CONCEPTS, concept_of
from waymark.indicators.releases import Reading, Release
from waymark.indicators.series import Series
from waymark.words import Sentence

CATALOGUE = "catalogue"
DERIVED = "derived"
SHA256 = Address("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
LICENCES = {  # the licences that have an address; others are named by their words
    "CC BY 3.0 IGO": Address("https://creativecommons.org/licenses/by/3.0/igo/"),
    "CC BY 4.0": Address("https://creativecommons.org/licenses/by/4.0/"),
}
MEDIA = "https://www.iana.org/assignments/media-types/"
PARQUET = "application/vnd.apache.parquet"
REGISTER_FILES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CONCEPT_FILES = {"ttl": "text/turtle", "jsonld": "application/ld+json"}
WHAT_THERE_IS = Sentence("Figures, concepts and the register, to take along.")
Said = list[tuple[str, Address | Literal]]


def catalogue(
    releases: Mapping[str, Release],
    readings: Mapping[str, Reading],
    series: Mapping[str, Series],
    base: Base,
) -> tuple[Thing, ...]:
    """The catalogue of a site: figures and money that ship, the concepts and the register."""
    datasets = [base.of(CATALOGUE, each) for each in (*releases, DERIVED, CONCEPTS, "register")]
    service = base.of(CATALOGUE, "api")
    said: Said = [
        ("dcterms:title", Literal("Waymark", "en")),
        *each_of("dcterms:description", translations(WHAT_THERE_IS)),
        ("foaf:homepage", base.of("")),
        *each_of("dcat:dataset", datasets),
        ("dcat:service", service),
    ]
    found = [Thing(base.of(CATALOGUE), ("dcat:Catalog",), tuple(said))]
    for release in releases.values():
        measuring = [each for each in series.values() if each.release == release.id]
        found += _release(release, readings.get(release.id), measuring, base)
    found += _derived(releases, series, base)
    found += _concepts(base)
    found += _register(base, service)
    found += _publishers(releases.values(), base)
    found += _licences(releases.values(), base)
    return tuple(found)


def _release(
    release: Release, reading: Reading | None, measuring: list[Series], base: Base
) -> Iterator[Thing]:
    dataset = base.of(CATALOGUE, release.id)
    raw = base.of(CATALOGUE, release.id, "raw")
    said: Said = [
        *each_of("dcterms:title", labels(release.title)),
        *each_of("rdfs:comment", labels(release.note) if release.note else []),
        ("dcterms:identifier", Literal(release.id)),
        ("dcat:version", Literal(release.released)),
        ("dcterms:publisher", _publisher(release, base)),
        ("dcterms:license", _licence(release.licence, base)),
        ("dcterms:bibliographicCitation", Literal(release.attribution)),
        ("prov:wasDerivedFrom", raw),
        *_about(measuring, base),
        ("dcat:distribution", base.of(CATALOGUE, release.id, "parquet")),
    ]
    if reading:
        said += each_of("dcterms:description", translations(_extent(reading, len(measuring))))
        said.append(("dcterms:temporal", base.of(CATALOGUE, release.id, "years")))
        yield _years(reading, base)
        yield from _raw(release, reading, raw, base)
    yield Thing(dataset, ("dcat:Dataset",), tuple(said))
    yield from _file(release.id, [_licence(release.licence, base)], base)


def _extent(reading: Reading, series: int) -> Sentence:
    if not series:  # money: each row is a payment, a promise or a plan
        return Sentence(
            "{rows} rows from {first} to {last}.",
            rows=reading.rows,
            first=str(reading.first_year),
            last=str(reading.last_year),
        )
    return Sentence(
        "{figures} figures from {first} to {last}; series: {series}.",
        figures=reading.figures,
        first=str(reading.first_year),
        last=str(reading.last_year),
        series=series,
    )


def _years(reading: Reading, base: Base) -> Thing:
    ends = (("dcat:startDate", reading.first_year), ("dcat:endDate", reading.last_year))
    said = tuple((name, Literal(f"{year:04}", datatype="xsd:gYear")) for name, year in ends)
    return Thing(base.of(CATALOGUE, reading.release, "years"), ("dcterms:PeriodOfTime",), said)


def _raw(release: Release, reading: Reading, raw: Address, base: Base) -> Iterator[Thing]:
    """The producer's own file, which does not ship: its name and its hash."""
    said: Said = [("dcterms:title", Literal(release.file))]
    if reading.sha256:
        checksum = base.of(CATALOGUE, release.id, "raw", "checksum")
        said.append(("spdx:checksum", checksum))
        yield _checksum(checksum, reading.sha256)
    yield Thing(raw, ("prov:Entity",), tuple(said))


def _about(measuring: Iterable[Series], base: Base) -> Said:
    """What figures are about: the names of their series, and the promises that these measure."""
    names = [name for each in measuring for name in labels(each.name)]
    promises = dict.fromkeys(m.provision for each in measuring for m in each.measures)
    return [
        *each_of("dcat:keyword", dict.fromkeys(names)),
        *each_of("dcat:theme", [concept_of(provision, base) for provision in promises]),
    ]


def _file(release: str, licences: list[Address], base: Base) -> Iterator[Thing]:
    path = shipped_file(release)
    try:
        content = path.read_bytes()
    except OSError:
        remedy = "Restore the file of figures, or pack it again with script/pack-figures."
        raise DefinitionError(path, "the file cannot be read.", remedy) from None
    address = base.of(CATALOGUE, release, "parquet")
    checksum = base.of(CATALOGUE, release, "parquet", "checksum")
    said: Said = [
        ("dcat:accessURL", base.of("figures", path.name)),
        ("dcat:downloadURL", base.of("figures", path.name)),
        ("dcat:mediaType", Address(MEDIA + PARQUET)),
        ("dcat:byteSize", Literal(str(len(content)), datatype="xsd:nonNegativeInteger")),
        ("spdx:checksum", checksum),
        *each_of("dcterms:license", licences),
    ]
    yield Thing(address, ("dcat:Distribution",), tuple(said))
    yield _checksum(checksum, hashlib.sha256(content).hexdigest())


def _checksum(address: Address, sha256: str) -> Thing:
    said = (
        ("spdx:algorithm", SHA256),
        ("spdx:checksumValue", Literal(sha256, datatype="xsd:hexBinary")),
    )
    return Thing(address, ("spdx:Checksum",), said)


def _derived(
    releases: Mapping[str, Release], series: Mapping[str, Series], base: Base
) -> Iterator[Thing]:
    """Figures of ours, under the licences of everything that they are computed from."""
    computed = [each for each in series.values() if each.formula]
    used = sorted({release for each in computed for release in _behind(each, series)})
    licences = list(dict.fromkeys(_licence(releases[each].licence, base) for each in used))
    title = Sentence("Figures that Waymark computes from those of others")
    said: Said = [
        *each_of("dcterms:title", translations(title)),
        ("dcterms:identifier", Literal(DERIVED)),
        *each_of("dcterms:license", licences),
        *each_of("prov:wasDerivedFrom", [base.of(CATALOGUE, each) for each in used]),
        *_about(computed, base),
        ("dcat:distribution", base.of(CATALOGUE, DERIVED, "parquet")),
    ]
    yield Thing(base.of(CATALOGUE, DERIVED), ("dcat:Dataset",), tuple(said))
    yield from _file(DERIVED, licences, base)


def _behind(one: Series, series: Mapping[str, Series]) -> set[str]:
    """The releases on which a series rests in the end."""
    if one.formula is None:
        return {one.release}
    parts = (one.formula.numerator, one.formula.denominator)
    return {release for code in parts if code for release in _behind(series[code], series)}


def _concepts(base: Base) -> Iterator[Thing]:
    title = Sentence("Instruments and their provisions, groups, needs and stages, as SKOS")
    said: Said = [
        *each_of("dcterms:title", translations(title)),
        ("dcterms:identifier", Literal(CONCEPTS)),
        ("dcterms:license", APACHE),
        *each_of("dcat:distribution", [base.of(CATALOGUE, CONCEPTS, e) for e in CONCEPT_FILES]),
    ]
    yield Thing(base.of(CATALOGUE, CONCEPTS), ("dcat:Dataset",), tuple(said))
    for ending, kind in CONCEPT_FILES.items():
        own = _taken_from(base.of(f"{CONCEPTS}.{ending}"), kind)
        address = base.of(CATALOGUE, CONCEPTS, ending)
        yield Thing(address, ("dcat:Distribution",), (*own, ("dcterms:license", APACHE)))


def _register(base: Base, service: Address) -> Iterator[Thing]:
    """The published register. Nobody has stated a licence for what people write there."""
    dataset = base.of(CATALOGUE, "register")
    title = Sentence("The register of commitments, as it is published")
    rights = Sentence("No licence is stated for what people write here.")
    said: Said = [
        *each_of("dcterms:title", translations(title)),
        *each_of("dcterms:rights", translations(rights)),
        ("dcterms:identifier", Literal("register")),
        *each_of("dcat:distribution", [base.of(CATALOGUE, "register", e) for e in REGISTER_FILES]),
    ]
    yield Thing(dataset, ("dcat:Dataset",), tuple(said))
    for ending, kind in REGISTER_FILES.items():
        whole = Address(f"{base.of('en', 'commitments', '')}?format={ending}")
        address = base.of(CATALOGUE, "register", ending)
        yield Thing(address, ("dcat:Distribution",), tuple(_taken_from(whole, kind)))
    own: Said = [
        *each_of("dcterms:title", translations(Sentence("The read API of the register"))),
        ("dcat:endpointURL", base.of("api", "v1", "")),
        ("dcat:endpointDescription", base.of("api", "v1", "openapi.json")),
        ("dcat:servesDataset", dataset),
    ]
    yield Thing(service, ("dcat:DataService",), tuple(own))


def _taken_from(address: Address, kind: str) -> Said:
    names = ("dcat:accessURL", "dcat:downloadURL")
    return [*((name, address) for name in names), ("dcat:mediaType", Address(MEDIA + kind))]


def _publisher(release: Release, base: Base) -> Address:
    return base.of(CATALOGUE, "publisher", _as_name(release.producer))


def _publishers(releases: Iterable[Release], base: Base) -> Iterator[Thing]:
    named = {_publisher(each, base): each.producer for each in releases}
    for address, producer in named.items():
        yield Thing(address, ("foaf:Agent",), (("foaf:name", Literal(producer)),))


def _licence(licence: str, base: Base) -> Address:
    return LICENCES.get(licence) or base.of(CATALOGUE, "licence", _as_name(licence))


def _licences(releases: Iterable[Release], base: Base) -> Iterator[Thing]:
    """Every licence by its name, and the address of those that have one."""
    named = {_licence(each.licence, base): each.licence for each in releases}
    for address, licence in named.items():
        yield Thing(address, ("dcterms:LicenseDocument",), (("rdfs:label", Literal(licence)),))


def _as_name(words: str) -> str:
    """Words as a part of an address."""
    letters = "".join(each if each.isalnum() else " " for each in words.lower())
    return "-".join(letters.split())
