"""Linked data: things with addresses and properties, written as Turtle or as JSON-LD (RDF 1.1).

A document names its prefixes, so that nobody has to fetch anything to read it; every thing has an
address of its own, so that two readings of it are the same graph without comparing blank nodes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from waymark.exceptions import WaymarkError
from waymark.words import LANGUAGES, Names, Sentence

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
CURIE = re.compile(r"([a-z]+):([A-Za-z][A-Za-z0-9]*)")
NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
SAYING_MORE = ("skos:inScheme", "rdf:subject", "rdf:object")
SAFE_IN_A_PATH = ":."  # provisions and series keep their spelling
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r"})  # Turtle, 2.5.1


class LinkedForm(StrEnum):
    """How a graph is written."""

    TURTLE = "turtle"
    JSON_LD = "json-ld"


class Address(str):
    """The address of a thing (an IRI), or its short form with one of the prefixes."""

    __slots__ = ()


class Literal(NamedTuple):
    """A text, in a language where it is one, else of a datatype (``xsd:...``) where it has one."""

    text: str
    language: str = ""
    datatype: str = ""


Properties = tuple[tuple[str, Address | Literal], ...]


class Thing(NamedTuple):
    """Something with an address: what it is, and what is said of it, in order."""

    address: Address
    types: tuple[str, ...]
    properties: Properties

    def all(self, name: str) -> list[Address | Literal]:
        """Everything that one property says."""
        return [value for found, value in self.properties if found == name]


class Base:
    """The address of a site, under which everything of ours has its own."""

    def __init__(self, address: str) -> None:
        self.address = _checked(address)

    def of(self, *parts: str) -> Address:
        """The address of a thing: the parts of its path, each made safe."""
        return Address(self.address + "/".join(quote(part, safe=SAFE_IN_A_PATH) for part in parts))


def _checked(address: str) -> str:
    remedy = "Give the address of a site, such as https://waymark.example.org/."
    try:
        found = urlsplit(address)
        whole = found.scheme in ("http", "https") and bool(found.hostname) and found.port != 0
    except ValueError:  # a port that is none, brackets that do not close
        whole = False
    if not whole or NOT_IN_AN_ADDRESS.search(address):
        raise WaymarkError(f"'{address}' is not the address of a site.", remedy)
    if found.query or found.fragment or "?" in address or "#" in address:
        raise WaymarkError(f"'{address}' has a query or a fragment.", remedy)
    return address if address.endswith("/") else f"{address}/"


def labels(names: Names) -> list[Literal]:
    """A text in every language in which it is there, in the UN's order of languages."""
    return [Literal(names.root[each], each) for each in LANGUAGES if each in names.root]


def translations(sentence: Sentence) -> list[Literal]:
    """A sentence in every language into which it is translated, English among them."""
    found = ((language, sentence.said(language)) for language in LANGUAGES)
    return [Literal(said.text, said.language) for asked, said in found if said.language == asked]


def each_of(name: str, values: Iterable[Address | Literal]) -> list[tuple[str, Address | Literal]]:
    """One property with many values."""
    return [(name, value) for value in values]


def described(things: Iterable[Thing], address: Address) -> tuple[Thing, ...]:
    """What is known of an address: the thing itself, what lies under it, and what is said of it."""
    return tuple(
        thing
        for thing in things
        if thing.address == address
        or thing.address.startswith(f"{address}/")
        or any(address in thing.all(name) for name in SAYING_MORE)
    )


def written(things: Iterable[Thing], form: LinkedForm) -> str:
    """A graph as text."""
    return turtle(things) if form is LinkedForm.TURTLE else json_ld(things)


def turtle(things: Iterable[Thing]) -> str:
    """A graph as Turtle: the prefixes, then each thing with what is said of it."""
    lines = [f"@prefix {name}: <{space}> ." for name, space in PREFIXES.items()]
    for thing in things:
        said = [f"a {', '.join(_short(kind) for kind in thing.types)}"]
        for name, values in _gathered(thing.properties).items():
            said.append(f"{_short(name)} {', '.join(_in_turtle(value) for value in values)}")
        lines.append(f"\n{_short(thing.address)} " + " ;\n    ".join(said) + " .")
    return "\n".join(lines) + "\n"


def json_ld(things: Iterable[Thing]) -> str:
    """A graph as JSON-LD: its context is the prefixes, inside the document."""
    graph = []
    for thing in things:
        node: dict[str, object] = {"@id": thing.address, "@type": list(thing.types)}
        for name, values in _gathered(thing.properties).items():
            node[name] = [_in_json(value) for value in values]
        graph.append(node)
    document = {"@context": PREFIXES, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _gathered(properties: Properties) -> Mapping[str, list[Address | Literal]]:
    found: dict[str, list[Address | Literal]] = {}
    for name, value in properties:
        found.setdefault(name, []).append(value)
    return found


def _short(address: str) -> str:
    """A short form as it is, a whole address in its brackets."""
    found = CURIE.fullmatch(address)
    if found and found[1] in PREFIXES:
        return address
    if NOT_IN_AN_ADDRESS.search(address):
        raise ValueError(f"not an address: {address!r}")
    return f"<{address}>"


def _in_turtle(value: Address | Literal) -> str:
    if isinstance(value, Address):
        return _short(value)
    text = value.text.translate(ESCAPES)
    if value.language:
        return f'"{text}"@{value.language}'
    return f'"{text}"^^{_short(value.datatype)}' if value.datatype else f'"{text}"'


def _in_json(value: Address | Literal) -> dict[str, str]:
    if isinstance(value, Address):
        return {"@id": value}
    if value.language:
        return {"@value": value.text, "@language": value.language}
    if value.datatype:
        return {"@value": value.text, "@type": value.datatype}
    return {"@value": value.text}
