"""Linked data on the site: every name leads somewhere, as its reader asks; nothing is run."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import resolve
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, RDF

HERE = "http://localhost/"
JSON_LD = "application/ld+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture(scope="module")
def reader() -> Client:
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


def asked(reader: Client, path: str, accept: str):
    return reader.get(path, headers={"accept": accept})


@pytest.mark.parametrize("graph", ["concepts", "catalogue"])
@pytest.mark.parametrize(
    ("ending", "kind", "beginning"),
    [("ttl", "text/turtle", "@prefix dcat:"), ("jsonld", JSON_LD, '{\n "@context": {')],
)
def test_a_graph_is_a_file_with_its_own_type(
    reader: Client, graph: str, ending: str, kind: str, beginning: str
) -> None:
    response = reader.get(f"/{graph}.{ending}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    text = response.content.decode()
    assert text.startswith(beginning)
    assert f"{HERE}concepts/provisions/gcm:15" in text


@pytest.mark.parametrize(
    "path",
    [
        "/concepts/provisions/gcm:15.b",
        "/concepts/instruments/icmw",
        "/concepts/groups",
        "/concepts/groups/children",
        "/concepts/needs/health",
        "/concepts/terms/restsOn",
        "/catalogue/unhcr-asylum-2025",
        "/catalogue/derived",
        "/catalogue/api",
    ],
)
def test_a_name_leads_to_what_it_names(reader: Client, path: str) -> None:
    as_turtle = asked(reader, path, "text/turtle")
    as_json = asked(reader, path, JSON_LD)
    assert as_turtle.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert as_json.headers["Content-Type"] == f"{JSON_LD}; charset=utf-8"
    assert "Accept" in as_turtle.headers["Vary"].split(", ")
    graph = Graph().parse(data=as_turtle.content.decode(), format="turtle")
    assert set(graph) == set(Graph().parse(data=as_json.content.decode(), format="json-ld"))
    assert list(graph.predicate_objects(URIRef(HERE + path[1:])))


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/concepts/provisions/gcm:15.b", "/ar/provision/gcm:15.b/"),
        ("/concepts/instruments/icmw", "/ar/instrument/icmw/"),
        ("/concepts/groups/children", "/ar/group/children/"),
        ("/concepts/needs/health", "/ar/groups/"),
        ("/concepts", "/ar/promises/"),
        ("/concepts/terms/restsOn", "/ar/promises/"),
        ("/catalogue", "/ar/sources/#releases"),
        ("/catalogue/unhcr-asylum-2025", "/ar/sources/#unhcr-asylum-2025"),
    ],
)
def test_a_person_is_led_to_the_page_in_their_language(
    reader: Client, path: str, page: str
) -> None:
    response = reader.get(path, headers={"accept": BROWSER, "accept-language": "ar"})
    assert (response.status_code, response.headers["Location"]) == (303, page)
    address, _, anchor = page.partition("#")
    assert resolve(address)
    assert not anchor or f'id="{anchor}"' in reader.get(address).content.decode()


def test_who_asks_for_nothing_special_gets_json(reader: Client) -> None:
    for accept in ("*/*", "application/*"):
        response = asked(reader, "/concepts/stages", accept)
        assert response.headers["Content-Type"].startswith(JSON_LD)


def test_who_asks_for_what_is_not_there_is_told_what_is(reader: Client) -> None:
    response = asked(reader, "/concepts/stages", "image/png")
    assert response.status_code == 406
    assert "text/turtle" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/concepts/provisions/gcm:99",
        "/concepts/nothing",
        "/concepts/groups/child",
        "/concepts//",
        "/concepts/../catalogue",
        "/concepts/%3Cscript%3E",
        "/concepts.xml",
        "/catalogue/nothing",
        "/figures/nothing.parquet",
        "/figures/readings.parquet",
        "/figures/..%2F..%2Freadings.parquet",
    ],
)
def test_what_is_not_there_is_said(reader: Client, path: str) -> None:
    response = asked(reader, path, JSON_LD)
    assert response.status_code == 404
    assert "<script>" not in response.content.decode()


def test_every_file_of_the_catalogue_is_there(reader: Client) -> None:
    graph = Graph().parse(data=reader.get("/catalogue.ttl").content.decode(), format="turtle")
    files = [
        (str(address), str(graph.value(each, DCAT.mediaType)), graph.value(each, DCAT.byteSize))
        for each, address in graph.subject_objects(DCAT.downloadURL)
    ]
    files += [(str(each), "", None) for each in graph.objects(None, DCAT.endpointDescription)]
    assert len(files) == 11 + 2 + 3 + 1
    for address, media, size in files:
        response = reader.get("/" + address.removeprefix(HERE))
        assert response.status_code == 200, address
        assert response.headers["Content-Type"].split(";")[0] in (media or "application/json")
        streamed = getattr(response, "streaming_content", None)
        length = sum(len(part) for part in streamed) if streamed else len(response.content)
        assert length == int(str(size)) if size else length > 0


def test_a_name_carries_the_address_at_which_the_site_was_reached(
    reader: Client, settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["waymark.example.org"]  # type: ignore[attr-defined]
    other = Client(HTTP_HOST="waymark.example.org")
    text = other.get("/concepts/stages", headers={"accept": "text/turtle"}).content.decode()
    assert "<http://waymark.example.org/concepts/stages>" in text
    assert reader.get("/concepts.ttl").status_code == 400, "a host that is not this site's"


def embedded(reader: Client, path: str) -> dict[str, object]:
    head = reader.get(path).content.decode().split("</head>")[0]
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', head, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_page_of_a_series_describes_it_for_search_engines(
    reader: Client, language: str
) -> None:
    found = embedded(reader, f"/{language}/indicator/UNHCR_REFUGEES_ASYLUM/")
    assert found["@type"] == "Dataset"
    assert found["url"] == f"{HERE}{language}/indicator/UNHCR_REFUGEES_ASYLUM/"
    assert found["isPartOf"] == f"{HERE}catalogue/unhcr-asylum-2025"
    assert found["temporalCoverage"] == "2000/2025"
    in_graph = Graph().parse(
        data=json.dumps({**found, "@context": {"@vocab": "https://schema.org/"}}),
        format="json-ld",
    )
    assert (None, RDF.type, URIRef("https://schema.org/DataDownload")) in in_graph


def test_a_derived_series_names_no_producer_that_did_not_publish_it(reader: Client) -> None:
    found = embedded(reader, "/en/indicator/WM_REFUGEES_HOSTED/")
    assert "creator" not in found
    assert "license" not in found


def test_the_page_of_sources_is_the_catalogue(reader: Client) -> None:
    found = embedded(reader, "/en/sources/")
    assert found["@type"] == "DataCatalog"
    assert len(found["dataset"]) == 10  # type: ignore[arg-type]
