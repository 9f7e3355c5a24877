"""What somebody sends to the firewall's pages, made safe to read: arrangements, and counts.

Nothing of it is kept here. Whatever the bytes are, the answer is a value, or a ``RefusedError`` or
``WaymarkError`` that says what is wrong, where, and what to do.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from waymark.firewall.audits.arrangements import read_network
from waymark.firewall.audits.network import TITLE, Network
from waymark.firewall.counts.release import read_release
from waymark.words import Sentence
from waymark_web.firewall import shipped
from waymark_web.plans.writes import RefusedError

LARGEST = 600_000  # bytes of arrangements: about two thousand bodies; the command takes any number
LARGEST_RELEASE = 4_000_000  # bytes of a release file
TABLES = ("bodies.csv", "arrangements.csv")
MOST_LETTERS = 4_000  # of what somebody writes in a field
DEEPEST_JSON = 60
SCALARS = str | int | float | None
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def is_readable(request: HttpRequest) -> bool:
    """Whether a form that was sent can be read at all: not too large, not cut off."""
    try:
        _ = request.POST, request.FILES
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return False
    return True


def words_in(request: HttpRequest, name: str, most: int = MOST_LETTERS) -> str:
    """What somebody wrote in a field, without letters that nobody sees."""
    written = UNSEEN.sub("", request.POST.get(name, "")).replace("\r\n", "\n").strip()
    if len(written) > most:
        raise RefusedError(Sentence("Write at most {most} letters.", most=most))
    return written


def network_in(files: Sequence[UploadedFile], text: str) -> Network:
    """The arrangements in one YAML file, in two tables, or in text that was pasted."""
    given = [(file.name or "", file.read(LARGEST + 1)) for file in files if file.size != 0]
    if not given:
        given = [("pasted.yaml", text.encode("utf-8", "replace"))]
    if sum(len(content) for _, content in given) > LARGEST:
        most = LARGEST // 1000
        raise RefusedError(
            Sentence("Arrangements sent here have at most {most} kilobytes.", most=most)
        )
    if not any(content.strip() for _, content in given):
        raise RefusedError(Sentence("Choose a file, or paste the text of one."))
    with tempfile.TemporaryDirectory() as folder:
        network = read_network(_written(Path(folder), given), shipped.domain())
    if any(UNSEEN.search(text) for text in _texts(network.model_dump(mode="json"))):
        raise RefusedError(Sentence("It holds letters that nobody sees. Take them out."))
    return network


def text_of(files: Sequence[UploadedFile]) -> str:
    """The text of one file that was sent, to be mended in a form; empty where there is none."""
    if len(files) != 1 or (files[0].name or "").lower().endswith(".csv"):
        return ""
    files[0].seek(0)
    try:
        return UNSEEN.sub("", files[0].read(LARGEST).decode("utf-8-sig"))
    except UnicodeDecodeError:
        return ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _written(folder: Path, given: list[tuple[str, bytes]]) -> Path:
    """The files as a reader wants them: one YAML file, or a folder with the two tables."""
    tables = [each for each in given if each[0].lower().endswith(".csv")]
    if not tables and len(given) == 1:
        name, content = given[0]
        safe = re.sub(r"[^\w.-]+", "-", Path(name).name)[-60:].lstrip(".-")
        path = folder / (safe or "text.yaml")
        path.write_bytes(content)
        return path
    if len(tables) != 2 or len(given) != 2:
        raise RefusedError(
            Sentence("Send one YAML file, or two tables together: bodies.csv and arrangements.csv.")
        )
    tables.sort(key=lambda each: b"sender" in each[1].split(b"\n", 1)[0])
    inner = folder / TITLE
    inner.mkdir()
    for name, (_, content) in zip(TABLES, tables, strict=True):
        (inner / name).write_bytes(content)
    return inner


def as_yaml(network: Network) -> str:
    """Arrangements as a YAML file that says the same, to be sent again or kept by who sent them."""
    plain = network.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(
        _as_text(plain), allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000
    )


def _as_text(value: Any) -> Any:
    """Plain values as they are written in a definition: every scalar is text."""
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(each) for each in value]
    return "yes" if value is True else "no" if value is False else str(value)


def counts_in(file: UploadedFile | None) -> bytes:
    """A release of counts as its file was sent, checked to be one."""
    if file is None or file.size == 0:
        raise RefusedError(Sentence("Choose the file that `waymark firewall release` wrote."))
    content = file.read(LARGEST_RELEASE + 1)
    if len(content) > LARGEST_RELEASE:
        most = LARGEST_RELEASE // 1_000_000
        raise RefusedError(Sentence("A release has at most {most} megabytes.", most=most))
    check_counts(content)
    return content


def check_counts(content: bytes) -> None:
    """Refuse what is no release, or not as the command wrote it; raises a ``WaymarkError``."""
    document_of(content)
    read_release(content.removeprefix(b"\xef\xbb\xbf"), shipped.disclosure())


def document_of(content: bytes) -> dict[str, Any]:
    """The document in a release file."""
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise RefusedError(Sentence("This is not UTF-8 text.")) from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise RefusedError(
            Sentence("Line {line}: this is no JSON. Send the file as it was written.", line=line)
        ) from None
    if not isinstance(found, dict) or not found:
        raise RefusedError(Sentence("A release file holds one object with names. This does not."))
    if _depth(found.values()) > DEEPEST_JSON:
        raise RefusedError(Sentence("It is nested too deeply for a release."))
    return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _depth(values: Iterable[Any]) -> int:
    """How deep lists and objects are nested, without recursion."""
    depth, level = 1, list(values)
    while level:
        held = [each.values() if isinstance(each, dict) else each for each in level]
        level = [inner for each in held if not isinstance(each, SCALARS) for inner in each]
        depth += 1
    return depth
