"""The catalogues: complete in every complete language, and with the same fields as the message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from waymark.words import COMPLETE_LANGUAGES

SOURCES = Path(__file__).parents[2] / "src"
CATALOGUES = sorted(SOURCES.glob("*/locale/*/LC_MESSAGES/*.po"))
FIELD = re.compile(r"{\w+}|%\(\w+\)s")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.stem}-{path.parts[-3]}")
def test_a_translation_keeps_the_fields_of_its_message(path: Path) -> None:
    language = path.parts[-3]
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if not message.id:
            continue
        if language in COMPLETE_LANGUAGES:
            assert all(texts), message.id
        known = {field for text in ids for field in FIELD.findall(text)}
        for text in filter(None, texts):
            assert set(FIELD.findall(text)) <= known, message.id
            needed = set(FIELD.findall(ids[-1])) - {"%(count)s", "{count}"}
            assert needed <= set(FIELD.findall(text)), message.id
