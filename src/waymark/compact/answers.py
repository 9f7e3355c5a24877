"""The four answers that every rung and every judgement gives, never merged."""

from __future__ import annotations

from enum import StrEnum

from waymark.words import N_, Sentence


class Answer(StrEnum):
    """Yes, partly, no, and not known are four different answers."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_KNOWN = "not-known"

    @property
    def name_of(self) -> Sentence:
        """The answer as a word for readers."""
        return Sentence(_WORDS[self])


_WORDS = {
    Answer.YES: N_("yes"),
    Answer.PARTLY: N_("partly"),
    Answer.NO: N_("no"),
    Answer.NOT_KNOWN: N_("not known"),
}
