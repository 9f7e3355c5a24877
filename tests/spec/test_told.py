"""A sentence that is kept between two pages is said in every language, as if it were not kept."""

from __future__ import annotations

import pytest

from waymark.exchange.incoming import Told, told_of
from waymark.words import COMPLETE_LANGUAGES, N_, Sentence, count_phrase

INNER = Sentence(N_("none"))
SENTENCES = (
    Sentence("{said}", said="as it stands"),
    Sentence("{said}", said=INNER),
    count_phrase(
        "The rules proposed provisions for {count} commitment; a person confirms them.",
        "The rules proposed provisions for {count} commitments; a person confirms them.",
        3,
    ),
)


@pytest.mark.parametrize("language", COMPLETE_LANGUAGES)
@pytest.mark.parametrize("sentence", SENTENCES, ids=[each.message for each in SENTENCES])
def test_a_kept_sentence_says_the_same(sentence: Sentence, language: str) -> None:
    kept = Told.model_validate_json(told_of(sentence).model_dump_json())
    assert kept.sentence.said(language) == sentence.said(language)


def test_the_plural_of_a_kept_sentence_is_translated() -> None:
    assert told_of(SENTENCES[2]).sentence.said("ar").language == "ar"
