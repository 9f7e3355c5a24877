"""Go through an IATI file activity by activity, in memory that does not grow with the file.

Files come from anywhere: nothing is fetched, no entity is taken, and what has no end is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from waymark.exceptions import DefinitionError

CHUNK = 1 << 16
LARGEST = 64 << 20  # bytes of one activity; the largest that are published take a few millions
LAST_LINE = 65535  # the parser beneath counts the lines of elements no further
ROOT, ACTIVITY = "iati-activities", "iati-activity"
Seen = Callable[[int], None]


def activity_elements(path: Path, seen: Seen = lambda read: None) -> Iterator[tuple[Any, Any]]:
    """The root and each activity of a file; an activity is gone when the next is asked for.

    ``seen`` is told how many bytes were read. Raises a ``DefinitionError`` with the line where
    the file is broken off, is no XML, or is no file of activities.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        with path.open("rb") as file:
            yield from _found(path, file, parser, seen)
    except OSError as error:
        remedy = "Check that it is a file that you may read."
        problem = f"the file cannot be read: {error.strerror}."
        raise DefinitionError(path, problem, remedy) from None
    except etree.XMLSyntaxError as error:
        problem = f"this is not whole XML: {_in_a_line(error.msg)}."
        remedy = "Fetch the file again, or ask its publisher for one that is well-formed."
        raise DefinitionError(path, problem, remedy, line=error.lineno or None) from None


def line_of(element: Any) -> int | None:
    """The line of an element, where the parser knows it."""
    line = element.sourceline
    return line if line is not None and line < LAST_LINE else None


def _found(path: Path, file: Any, parser: Any, seen: Seen) -> Iterator[tuple[Any, Any]]:
    root, since, depth = None, 0, 0
    while True:
        chunk = file.read(CHUNK)
        if chunk:
            parser.feed(chunk)
        elif root is None and file.tell() == 0:
            raise DefinitionError(path, "the file is empty.", "Give a file of IATI activities.")
        else:
            parser.close()
        since += len(chunk)
        for event, element in parser.read_events():
            depth += 1 if event == "start" else -1
            if root is None:
                root = element
                _check_root(path, root)
            if event == "end" and depth == 1:
                if element.tag == ACTIVITY:
                    since = 0
                    yield root, element
                elif "}" not in element.tag:
                    problem = f"'{element.tag[:60]}' stands where only activities may stand."
                    remedy = "Remove it; look at the IATI standard 2.03 for the form."
                    raise DefinitionError(path, problem, remedy, line=line_of(element))
                element.clear(keep_tail=True)
                while element.getprevious() is not None:  # the last one is the parser's still
                    del root[0]
        if since > LARGEST:
            problem = f"an activity is larger than {LARGEST >> 20} MB."
            raise DefinitionError(path, problem, "Check the file; split the activity.")
        seen(len(chunk))
        if not chunk:
            return


def _check_root(path: Path, root: Any) -> None:
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.doctype:
        problem = "it declares a document type (DOCTYPE), which can hide what a reader would see."
        remedy = "Remove the declaration; IATI needs none."
        raise DefinitionError(path, problem, remedy, line=1)
    if root.tag != ROOT:
        problem = f"it begins with '{str(root.tag)[:60]}', not with '{ROOT}'."
        remedy = "Give a file of IATI activities, as publishers list them in the registry."
        raise DefinitionError(path, problem, remedy, line=line_of(root))


def _in_a_line(message: str | None) -> str:
    return " ".join((message or "it cannot be read").split())[:160].rstrip(".")
