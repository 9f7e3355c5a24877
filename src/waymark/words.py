"""Text in six languages: labels that carry their translations, and sentences to be translated.

The library says things in sentences with figures in them. A sentence stays in its parts until a
page, a report or a command asks for it in one language; what has no translation falls back to
English, and says so by the language it returns.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal
from pydantic import ConfigDict, RootModel, field_validator

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")  # the six UN languages, in the UN's order
COMPLETE_LANGUAGES = ("en", "ar")  # every label must be present in these
RIGHT_TO_LEFT = frozenset({"ar"})
NAMES_OF_LANGUAGES = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
COMMAS = {"ar": "، ", "zh": "，"}  # of the languages that have their own
MILLION = 1_000_000
LOCALE_FOLDER = Path(__file__).parent / "locale"


class Said(NamedTuple):
    """A text and the language it is really in (which may not be the one asked for)."""

    text: str
    language: str

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, for the ``dir`` attribute."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def __str__(self) -> str:
        return self.text


class Names(RootModel[dict[str, str]]):
    """One text in some of the six languages, English always among them."""

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _languages(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(value) - set(LANGUAGES))
        if unknown:
            raise ValueError(f"{', '.join(unknown)} is not one of {', '.join(sorted(LANGUAGES))}")
        if not value.get("en", "").strip():
            raise ValueError("there is no 'en' text")
        empty = sorted(key for key, text in value.items() if not text.strip())
        if empty:
            raise ValueError(f"the text for {', '.join(empty)} is empty")
        return {key: " ".join(text.split()) for key, text in value.items()}

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.root.items())))

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.root)

    @property
    def en(self) -> str:
        """The English text."""
        return self.root["en"]

    def said(self, language: str) -> Said:
        """The text in ``language``, or in English where there is none."""
        if language in self.root:
            return Said(self.root[language], language)
        return Said(self.root["en"], "en")


class Label(Names):
    """A text that every complete language must have (``COMPLETE_LANGUAGES``)."""

    @field_validator("root")
    @classmethod
    def _complete(cls, value: dict[str, str]) -> dict[str, str]:
        missing = [language for language in COMPLETE_LANGUAGES if language not in value]
        if missing:
            raise ValueError(f"the text in {', '.join(missing)} is missing")
        return value


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a message for translation without translating it yet."""
    return message


class Sentence:
    """A sentence with its figures, translatable at the edge.

    ``message`` is a gettext message with ``{name}`` fields; fields may be numbers, plain text,
    ``Names``, other sentences, or lists of any of these. Where ``plural`` is given, the field
    ``count`` decides between the two.
    """

    __slots__ = ("fields", "message", "plural")

    def __init__(self, message: str, *, plural: str | None = None, **fields: object) -> None:
        self.message = message
        self.plural = plural
        self.fields = fields

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.message, self.plural, tuple(sorted(self.fields))))

    def __repr__(self) -> str:
        return f"Sentence({self.text('en')!r})"

    def _key(self) -> tuple[object, ...]:
        return (self.message, self.plural, self.fields)

    def text(self, language: str = "en") -> str:
        """The sentence in ``language``; in English where the catalogue has no such message."""
        return self.said(language).text

    def said(self, language: str = "en") -> Said:
        """The sentence and the language it came out in."""
        catalogue = _catalogue(language)
        if self.plural:
            count = int(str(self.fields["count"]))
            pattern = catalogue.ngettext(self.message, self.plural, count)
        else:
            pattern = catalogue.gettext(self.message)
        translated = pattern not in (self.message, self.plural) or not _has_words(pattern)
        used = language if translated else "en"
        shown = {name: show(value, used) for name, value in self.fields.items()}
        return Said(pattern.format_map(shown), used)


def _has_words(pattern: str) -> bool:
    """Whether a message says anything besides its fields."""
    return any(letter.isalpha() for letter in re.sub(r"{\w+}", "", pattern))


def show(value: object, language: str) -> str:
    """One value as a reader of ``language`` writes it."""
    if isinstance(value, Sentence):
        return value.text(language)
    if isinstance(value, Names):
        return value.said(language).text
    if isinstance(value, bool) or value is None:
        raise TypeError(f"a sentence needs words for {value!r}")
    if isinstance(value, int | float | Decimal | Fraction):
        return rounded(value, language)
    if isinstance(value, list | tuple):
        return format_list([show(part, language) for part in value], locale=language)
    return isolated(str(value), language)


def comma(language: str) -> str:
    """What a language writes between the parts of a list that goes on."""
    return COMMAS.get(language, ", ")


def isolated(text: str, language: str) -> str:
    """A code or a date kept left to right inside right-to-left text (Unicode isolates)."""
    if language in RIGHT_TO_LEFT and text.isascii():
        return f"\u2066{text}\u2069"
    return text


def number(value: int | float | Decimal | Fraction, language: str, digits: int = 3) -> str:
    """A number with no more digits than it deserves, grouped as the language groups.

    Whole numbers are shown whole. Others keep ``digits`` significant digits, and never lose
    digits before the decimal point. Digits are Western in every language (``look.md``).
    """
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
    amount = Decimal(str(exact))
    if amount == amount.to_integral_value():
        return format_decimal(int(amount), locale=language, numbering_system="latn")
    places = max(0, digits - 1 - amount.adjusted())
    rounded = round(amount, min(places, 12))
    pattern = "#,##0." + "#" * min(places, 12) if places else "#,##0"
    return format_decimal(rounded, format=pattern, locale=language, numbering_system="latn")


def amount(value: Decimal, language: str) -> str:
    """An amount of money to the cent, grouped as the language groups; a whole one without cents."""
    pattern = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    return format_decimal(value, format=pattern, locale=language, numbering_system="latn")


def rounded(value: int | float | Decimal | Fraction, language: str) -> str:
    """A number for a sentence: from a million on in words (4.23 billion), else as ``number``."""
    if abs(float(value)) < MILLION:
        return number(value, language)
    # Chinese has its words in the short form
    length: Literal["short", "long"] = "short" if language == "zh" else "long"
    return format_compact_decimal(
        float(value),
        format_type=length,
        locale=language,
        fraction_digits=2,
        numbering_system="latn",
    )


def folded(text: str) -> str:
    """Words without case, accents or Arabic vowel marks: ``Mexico`` finds ``México``."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def shortened(text: str, longest: int) -> str:
    """A text in one line of at most so many letters: cut at a blank, where one stands near."""
    whole = " ".join(text.split())
    if len(whole) <= longest:
        return whole
    kept = whole[: longest - 1]
    words = whole[:longest].rpartition(" ")[0]
    return f"{words if 2 * len(words) > longest else kept}…"


def count_phrase(one: str, many: str, count: int, **fields: object) -> Sentence:
    """A sentence that depends on a count, in the plural forms of each language."""
    return Sentence(one, plural=many, count=count, **fields)


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("waymark", str(LOCALE_FOLDER), languages=[language], fallback=True)
