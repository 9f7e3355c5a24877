"""Hold a file against the official IATI schema, which the user has beside the file or names.

The schema is IATI's own, and no copy of it ships with Waymark.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from waymark.exceptions import DefinitionError, WaymarkError
from waymark.exchange.iati.parsing import Seen, activity_elements

SCHEMA = "iati-activities-schema.xsd"
BESIDE = ("", "schema-2.03", "schema")


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a file departs from the schema, in the schema's words."""

    line: int | None
    activity: str
    problem: str


def find_schema(beside: Path) -> Path:
    """The folder with the schema, in the usual places beside a file."""
    for name in BESIDE:
        folder = beside.parent / name
        if (folder / SCHEMA).is_file():
            return folder
    raise WaymarkError(
        f"There is no {SCHEMA} beside {beside.name}.",
        "Take the schemas of version 2.03 from IATI (the repository IATI-Schemas, branch "
        "version-2.03), put them into one folder, and name it with --schema.",
    )


def breaches(path: Path, folder: Path, seen: Seen = lambda read: None) -> Iterator[Breach]:
    """Every departure of a file from the schema, activity by activity; none means it is valid."""
    schema = _schema(folder)
    first = True
    for root, element in activity_elements(path, seen):
        checked = _with_root(root, element) if first else element
        first = False
        if not schema.validate(checked):
            identifier = element.findtext("iati-identifier", "").strip()
            for entry in schema.error_log:
                yield Breach(entry.line or None, identifier, " ".join(entry.message.split()))
    if first:
        remedy = "Give a file with at least one iati-activity."
        raise DefinitionError(path, "there is no activity in it.", remedy)


def _with_root(root: Any, element: Any) -> Any:
    """The root with its first activity alone, as a document of its own."""
    alone = etree.Element(root.tag, dict(root.attrib), nsmap=root.nsmap)
    alone.append(copy(element))
    return alone


def _schema(folder: Path) -> Any:
    path = folder / SCHEMA
    parser = etree.XMLParser(no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.XMLSchema(etree.parse(str(path), parser))
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        problem = f"the schema cannot be used: {' '.join(str(error).split())[:160].rstrip('.')}."
        remedy = "Put all the files of IATI's schemas, version 2.03, into this folder."
        raise DefinitionError(path, problem, remedy) from None
