"""Words and numbers: each language in its own way, and what falls back says so."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pydantic import ValidationError

from waymark.words import Label, Names, Sentence, count_phrase, number, rounded


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        (0, "en", "0"),
        (1234567, "en", "1,234,567"),
        (3.14159, "en", "3.14"),
        (0.00123, "fr", "0,00123"),
        (12345.6, "en", "12,346"),
        (Fraction(1, 3), "en", "0.333"),
        (-0.5, "en", "-0.5"),
        (1e-20, "en", "0"),
    ],
)
def test_a_number_has_the_digits_it_deserves(value: float, language: str, shown: str) -> None:
    assert number(value, language).replace("\u200e", "") == shown


def test_digits_are_western_in_arabic() -> None:
    assert number(1234.5, "ar").isascii()


def test_large_numbers_are_said_in_words() -> None:
    assert rounded(4_227_611_606, "en") == "4.23 billion"
    assert rounded(4_227_611_606, "ar").startswith("4.23")
    assert rounded(4_227_611_606, "zh") == "42.28亿"
    assert rounded(999_999, "en") == "999,999"


def test_a_sentence_is_said_in_the_language_asked_for() -> None:
    sentence = Sentence("The ladder")
    assert sentence.said("ar") == ("السلم", "ar")
    assert sentence.text("en") == "The ladder"


def test_a_sentence_without_translation_falls_back_visibly() -> None:
    assert Sentence("This was never translated {x}.", x=1).said("ar").language == "en"


def test_a_sentence_of_fields_alone_needs_no_translation() -> None:
    label = Label({"en": "one", "ar": "واحد"})
    sentence = Sentence("{statement} ({date})", statement=label, date="2019-01")
    assert sentence.text("ar") == "واحد (\u20662019-01\u2069)"
    assert sentence.text("en") == "one (2019-01)"


def test_plural_forms_follow_the_count() -> None:
    assert count_phrase("one thing", "{count} things", 1).text() == "one thing"
    assert count_phrase("one thing", "{count} things", 5).text() == "5 things"


@pytest.mark.parametrize("texts", [{}, {"ar": "x"}, {"en": " "}, {"en": "x", "xx": "y"}])
def test_names_need_english_and_known_languages(texts: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Names(texts)


def test_a_label_needs_every_complete_language() -> None:
    with pytest.raises(ValidationError, match="ar is missing"):
        Label({"en": "x"})


def test_a_missing_language_falls_back_to_english() -> None:
    said = Names({"en": "house", "ar": "بيت"}).said("fr")
    assert (said.text, said.language, said.direction) == ("house", "en", "ltr")
