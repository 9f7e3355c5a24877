"""References of a list as identifiers of the register: the same reference, the same identifier."""

from __future__ import annotations

import hashlib
import unicodedata

LONGEST = 80
DIGITS = 10  # of a digest; a list would need a million references for two to meet


def slug_of(prefix: str, reference: str) -> str:
    """The identifier for a reference of a list.

    Signs between letters and digits become hyphens, accents go. Where letters of other scripts
    would be lost, or it would be too long, a digest of the whole reference is added.
    """
    kept, lost = "", False
    for letter in unicodedata.normalize("NFKD", reference.strip().casefold()):
        if unicodedata.combining(letter):
            continue
        if letter.isascii() and letter.isalnum():
            kept += letter
        else:
            lost = lost or letter.isalnum()
            kept += "-"
    words = [word for word in (prefix, *kept.split("-")) if word]
    slug = "-".join(words)
    if lost or len(slug) > LONGEST or not kept.strip("-"):
        digest = hashlib.sha256(reference.strip().encode()).hexdigest()[:DIGITS]
        slug = f"{slug[: LONGEST - DIGITS - 1].strip('-')}-{digest}"
    return slug.strip("-")
