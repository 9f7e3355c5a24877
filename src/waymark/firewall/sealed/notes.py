"""The minimal note that a referral carries: a closed form, with no place for status or papers.

A note is new: it is never the file of a service. What the form does not ask for is an error, and
no error shows what somebody wrote.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from functools import lru_cache

import yaml
from pydantic import RootModel

from waymark.compact.loading import DEFINITIONS
from waymark.compact.provisions import Tag
from waymark.exceptions import DefinitionError
from waymark.firewall.domain import FirewallError, load_domain
from waymark.firewall.sealed.secrecy import canonical
from waymark.reading import read_yaml

FIELDS = ("need", "stage", "purpose", "reach", "language", "text")
ASKED = ("need", "purpose", "language")  # the others may be left out
MOST_LETTERS = {"reach": 160, "text": 400}
MOST_BYTES = 16_384  # of a file that holds a note
LANGUAGE = re.compile(r"[a-z]{2,3}")
DIGITS_OF_A_PAPER = 6
FORM = "The form is in docs/reference/sealed-notes.md."


@dataclass(frozen=True, repr=False)
class Note:
    """A need, what the note is for, how to reach the person, their language, and a few words.

    ``need`` and ``stage`` are of the closed lists, ``purpose`` of the rules' domain, ``language``
    an ISO 639 code. Left out, ``stage``, ``reach`` and ``text`` are empty.
    """

    need: str
    purpose: str
    language: str
    stage: str = ""
    reach: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        fault = next(filter(None, (_fault(name, getattr(self, name)) for name in FIELDS)), None)
        if fault is not None:
            raise FirewallError(fault, FORM)

    def __repr__(self) -> str:
        return "Note(...)"

    @property
    def data(self) -> tuple[str, ...]:
        """The kinds of data that it carries, in the words of the rules."""
        return ("need-note", "contact") if self.reach else ("need-note",)

    def encoded(self) -> bytes:
        """The note as it goes into the seal."""
        return canonical(asdict(self))


def decoded(content: bytes | bytearray) -> Note:
    """The note that came out of a seal; a form that is not ours is a ``ValueError``."""
    said = json.loads(content)
    if not isinstance(said, dict) or set(said) != set(FIELDS):
        raise ValueError("not a note")
    return Note(**said)


def read_note(content: bytes | bytearray, name: str = "note") -> Note:
    """The note of a YAML or JSON file with one line a field, or an error that shows none of it."""
    given: dict[str, str] = {}
    for key, value in _pairs(content, name):
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.value not in FIELDS:
            problem = "the note has no such field."
            remedy = f"Its fields are {', '.join(FIELDS)}. Leave everything else out."
            raise DefinitionError(name, problem, remedy, line=line)
        if not isinstance(value, yaml.ScalarNode):
            problem = f"'{key.value}' is not plain text."
            raise DefinitionError(name, problem, "Write it in one piece.", line=line)
        if key.value in given:
            raise DefinitionError(name, f"'{key.value}' is there twice.", FORM, line=line)
        given[key.value] = value.value.strip()
        fault = _fault(key.value, given[key.value])
        if fault is not None:
            raise DefinitionError(name, fault, FORM, line=line)
    missing = [field for field in ASKED if field not in given]
    if missing:
        raise DefinitionError(name, f"'{missing[0]}' is missing.", FORM)
    return Note(**given)


def is_plain(text: str, *, lines: bool = False) -> bool:
    """Whether text is safe to show: no control characters, nothing that reverses its direction."""
    return all(
        (letter == "\n" and lines)
        or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in "\u202d\u202e")
        for letter in text
    )


@lru_cache
def closed_list(name: str) -> tuple[str, ...]:
    """The identifiers of the needs, the stages or the purposes."""
    if name == "purposes":
        return load_domain().dimensions["for"]
    return tuple(tag.id for tag in read_yaml(DEFINITIONS / f"{name}.yaml", _Tags).root)


class _Tags(RootModel[tuple[Tag, ...]]):
    """The form of a closed list."""


def _fault(field: str, value: object) -> str | None:
    """What is wrong with a field, in words that do not show it."""
    if not isinstance(value, str):
        return f"'{field}' is not text."
    if not is_plain(value, lines=field == "text"):
        return f"'{field}' has characters that cannot be shown."
    if not value:
        return f"'{field}' is empty." if field in ASKED else None
    if field in ("need", "stage", "purpose"):
        known = closed_list(f"{field}s")
        return None if value in known else f"'{field}' is none of: {', '.join(known)}."
    if field == "language":
        return None if LANGUAGE.fullmatch(value) else "'language' is not a code such as ar or prs."
    if len(value) > MOST_LETTERS[field]:
        return f"'{field}' has more than {MOST_LETTERS[field]} characters."
    if field == "text" and _like_a_paper(value):
        return "'text' holds what looks like the number of a document; a note carries none."
    return None


def _like_a_paper(text: str) -> bool:
    """Whether a word has as many digits as a passport or a permit."""
    joined = re.sub(r"(?<=\d)[\s./-]+(?=\d)", "", text)
    return any(
        sum(letter.isdigit() for letter in word) >= DIGITS_OF_A_PAPER for word in joined.split()
    )


def _pairs(content: bytes | bytearray, name: str) -> list[tuple[yaml.Node, yaml.Node]]:
    """The fields of a file and their values, where they stand."""
    if len(content) > MOST_BYTES:
        raise DefinitionError(name, f"it is longer than {MOST_BYTES:,} bytes.", FORM)
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = "this is not UTF-8 text."
        raise DefinitionError(name, problem, "Save it as UTF-8.", line=line) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = "this is not a list of fields with their values."
        remedy = "Write a field, a colon and its value; quote a value that holds a colon."
        raise DefinitionError(name, problem, remedy, line=mark.line + 1 if mark else None) from None
    except (yaml.YAMLError, RecursionError):
        raise DefinitionError(name, "this is not a text with fields.", FORM) from None
    if not isinstance(root, yaml.MappingNode):
        raise DefinitionError(name, "there are no fields.", FORM, line=1)
    return list(root.value)
