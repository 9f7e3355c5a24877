"""Needs for capacity, offers of it, and requests that join the two (R22).

What a request leads to is a commitment like any other: its origin is the request, its steps and
the reports on them are the delivery.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated

from babel import Locale
from pydantic import Field, model_validator

from waymark.compact.dates import PartialDate, first_day, last_day
from waymark.compact.provisions import ProvisionId, TagId
from waymark.plans.vocabulary import (
    AsWords,
    CapacityKind,
    Decision,
    Language,
    PlaceRef,
    Presence,
    Slug,
    SpokenLanguage,
    Terms,
    Text,
)
from waymark.reading import Value
from waymark.words import LANGUAGES, Names, Sentence

MOST_OF_A_SIZE = 10_000_000
Told = Annotated[Text, Field(min_length=3)]
Provisions = Annotated[tuple[ProvisionId, ...], AsWords]
Groups = Annotated[tuple[TagId, ...], AsWords]
Places = Annotated[tuple[PlaceRef, ...], AsWords, Field(min_length=1, max_length=60)]
Spoken = Annotated[tuple[SpokenLanguage, ...], AsWords, Field(max_length=30)]
Count = Annotated[int, Field(ge=1, le=MOST_OF_A_SIZE)]


class CapacityNeed(Value):
    """What an actor lacks to do what was promised, in a place, in a period.

    ``languages`` are those in which it can be taken (one of them is enough), ``presence`` how,
    ``terms`` what the actor can bear at most, ``people`` and ``days`` for how many and how long.
    What is absent is not known; matching says so. ``closed`` is the day from which it is no
    longer needed.
    """

    id: Slug
    actor: Slug
    what: Told
    language: Language = "en"
    kind: CapacityKind
    provisions: Provisions = ()
    groups: Groups = ()
    place: PlaceRef
    starts: PartialDate | None = None
    ends: PartialDate | None = None
    languages: Spoken = ()
    presence: Presence | None = None
    terms: Terms | None = None
    people: Count | None = None
    days: Count | None = None
    conditions: Text = ""
    closed: date | None = None
    closed_because: Text = ""
    source: Text = ""
    illustrative: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> CapacityNeed:
        _demand_order(self.starts, self.ends)
        if self.closed is not None and not self.closed_because:
            raise ValueError("a closed need says why: fill in 'closed_because'")
        return self


class CapacityOffer(Value):
    """What an actor can give, where, when and on which conditions.

    ``places`` are all that it covers, with what lies inside them; ``001`` is everywhere.
    ``times`` is how many requests it can serve; absent, nobody said so, and none is refused for it.
    """

    id: Slug
    actor: Slug
    what: Told
    language: Language = "en"
    kind: CapacityKind
    provisions: Provisions = ()
    groups: Groups = ()
    places: Places
    starts: PartialDate | None = None
    ends: PartialDate | None = None
    languages: Spoken = ()
    presence: Presence | None = None
    terms: Terms | None = None
    people: Count | None = None
    days: Count | None = None
    times: Count | None = None
    conditions: Text = ""
    source: Text = ""
    illustrative: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> CapacityOffer:
        _demand_order(self.starts, self.ends)
        return self


class CapacityRequest(Value):
    """The actor of a need asks the actor of an offer; the answer has its day and its reason.

    Without a ``decision`` it waits for the offering side.
    """

    id: Slug
    need: Slug
    offer: Slug
    asked: date
    message: Text = ""
    language: Language = "en"
    decision: Decision | None = None
    decided: date | None = None
    decided_because: Text = ""
    illustrative: bool = False

    @model_validator(mode="after")
    def _decided_when(self) -> CapacityRequest:
        if (self.decision is None) != (self.decided is None):
            raise ValueError("an answer has its day: fill in both 'decision' and 'decided'")
        if self.decided is not None and self.decided < self.asked:
            raise ValueError("'decided' is earlier than 'asked'")
        refused = self.decision in (Decision.DECLINED, Decision.WITHDRAWN)
        if refused and not self.decided_because:
            raise ValueError("who declines or withdraws says why: fill in 'decided_because'")
        return self

    def decision_on(self, day: date) -> Decision | None:
        """What was decided by a day."""
        return self.decision if self.decided is not None and self.decided <= day else None


def why_not_joined(need: CapacityNeed, offer: CapacityOffer) -> Sentence | None:
    """Why no request can join a need and an offer, whatever else is said; None where one can."""
    if need.kind is not offer.kind:
        return Sentence("It is of another kind.")
    if need.actor == offer.actor:
        return Sentence("It is of the same actor.")
    return None


@lru_cache(maxsize=1000)
def language_name(code: str) -> Names:
    """The name of a spoken language, in the languages of readers."""
    named = {each: Locale(each).languages.get(code) for each in LANGUAGES}
    return Names.model_validate({"en": code} | {key: name for key, name in named.items() if name})


def _demand_order(starts: str | None, ends: str | None) -> None:
    if starts and ends and last_day(ends) < first_day(starts):
        raise ValueError("it ends before it starts")
