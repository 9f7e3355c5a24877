"""Names of organisations as readers see them."""

from __future__ import annotations

import re

from waymark.words import Sentence
from waymark_web.languages import language

REFERENCE = re.compile(r"\s*\[([^\[\]]*)\]$")  # how this registry adds an identifier to a name


def plain_name(key: str, name: str) -> str:
    """A name without the identifier behind it; the identifier where there is no name."""
    return REFERENCE.sub("", name) or key or Sentence("not named").text(language())
