"""The language of a page: its direction, and the same page in the other languages."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import get_language

from waymark.words import COMPLETE_LANGUAGES, LANGUAGES, NAMES_OF_LANGUAGES, RIGHT_TO_LEFT


def language() -> str:
    """The language of the page that is being made, one of the six."""
    current = (get_language() or "en").split("-")[0]
    return current if current in LANGUAGES else "en"


def of_the_page(request: HttpRequest) -> dict[str, object]:
    """What every template needs to know of languages."""
    current = language()
    rest = request.get_full_path().split("/", 2)[-1]
    return {
        "language": current,
        "direction": "rtl" if current in RIGHT_TO_LEFT else "ltr",
        "partly_translated": current not in COMPLETE_LANGUAGES,
        "other_languages": [
            {"code": code, "name": NAMES_OF_LANGUAGES[code], "address": f"/{code}/{rest}"}
            for code in LANGUAGES
        ],
    }
