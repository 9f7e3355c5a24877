"""The four answers that every rung and every judgement gives, never merged."""

from __future__ import annotations

from collections.abc import Iterable
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


def all_of(answers: Iterable[Answer]) -> Answer:
    """One answer for several parts: *yes* or *no* only where every known part says so.

    Parts that are not known count for nothing beside known ones; nothing known is *not known*.
    """
    known = {answer for answer in answers if answer is not Answer.NOT_KNOWN}
    if not known:
        return Answer.NOT_KNOWN
    return known.pop() if len(known) == 1 else Answer.PARTLY
