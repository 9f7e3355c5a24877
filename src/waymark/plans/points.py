"""The points on which a need for capacity and an offer are compared, each with its answer.

*Yes* speaks for the match, *no* against it. What one of the two leaves open is not known: it is
said, and never guessed.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from waymark.compact.answers import Answer
from waymark.compact.dates import first_day, last_day
from waymark.compact.framework import Framework
from waymark.plans.capacity import CapacityNeed, CapacityOffer, language_name
from waymark.plans.vocabulary import Presence, Terms
from waymark.words import Sentence, count_phrase

EVERYONE = "general"  # the group that holds all the others


class Reason(NamedTuple):
    """One point on which a need and an offer were compared: *yes* speaks for the match."""

    answer: Answer
    sentence: Sentence


def is_over(offer: CapacityOffer, as_of: date) -> bool:
    return offer.ends is not None and last_day(offer.ends) < as_of


def are_apart(need: CapacityNeed, offer: CapacityOffer) -> bool:
    """Whether the dates that are known leave the two no day in common."""
    begins, ends = _bounds(need, offer)
    return bool(begins and ends) and max(begins) > min(ends)


def period(need: CapacityNeed, offer: CapacityOffer) -> tuple[int | None, Reason]:
    """The days in common; *no* only where the dates that are known leave none."""
    begins, ends = _bounds(need, offer)
    if are_apart(need, offer):
        return None, Reason(Answer.NO, Sentence("The two have no day in common."))
    if len(begins) < 2 or len(ends) < 2:
        told = Sentence("A beginning or an end is not given; the time in common is not known.")
        return None, Reason(Answer.NOT_KNOWN, told)
    days = (min(ends) - max(begins)).days + 1
    told = count_phrase(
        "The two have one day in common.", "The two have {count} days in common.", days
    )
    return days, Reason(Answer.YES, told)


def _bounds(need: CapacityNeed, offer: CapacityOffer) -> tuple[list[date], list[date]]:
    begins = [first_day(each) for each in (need.starts, offer.starts) if each]
    ends = [last_day(each) for each in (need.ends, offer.ends) if each]
    return begins, ends


def groups(need: CapacityNeed, offer: CapacityOffer, framework: Framework) -> Reason:
    if not need.groups or not offer.groups:
        return Reason(
            Answer.NOT_KNOWN, Sentence("One of the two does not say for which groups it is.")
        )
    if EVERYONE in offer.groups or set(need.groups) <= set(offer.groups):
        return Reason(Answer.YES, Sentence("It is for the groups of the need."))
    named = [framework.groups[each].label for each in offer.groups]
    told = Sentence("It is for these groups alone: {groups}.", groups=named)
    some = EVERYONE in need.groups or set(need.groups) & set(offer.groups)
    return Reason(Answer.PARTLY if some else Answer.NO, told)


def languages(need: CapacityNeed, offer: CapacityOffer) -> Reason:
    if not need.languages or not offer.languages:
        return Reason(Answer.NOT_KNOWN, Sentence("One of the two does not say in which language."))
    shared = [each for each in need.languages if each in offer.languages]
    named = [language_name(each) for each in shared or offer.languages]
    if shared:
        return Reason(Answer.YES, Sentence("It is given in {languages}.", languages=named))
    return Reason(Answer.NO, Sentence("It is given only in {languages}.", languages=named))


def presence(need: CapacityNeed, offer: CapacityOffer) -> Reason:
    if need.presence is None or offer.presence is None:
        told = Sentence("One of the two does not say whether it is in person.")
        return Reason(Answer.NOT_KNOWN, told)
    fits = need.presence is offer.presence or Presence.EITHER in (need.presence, offer.presence)
    told = Sentence("It is given {presence}.", presence=offer.presence.label)
    return Reason(Answer.YES if fits else Answer.NO, told)


def terms(need: CapacityNeed, offer: CapacityOffer) -> Reason:
    if need.terms is None or offer.terms is None:
        return Reason(Answer.NOT_KNOWN, Sentence("One of the two does not say who pays."))
    lightest = list(Terms)
    fits = lightest.index(offer.terms) <= lightest.index(need.terms)
    told = Sentence("Its terms: {terms}.", terms=offer.terms.label)
    return Reason(Answer.YES if fits else Answer.NO, told)


def size(need: CapacityNeed, offer: CapacityOffer) -> Reason:
    asked = [(need.people, offer.people), (need.days, offer.days)]
    wanted = [(mine, theirs) for mine, theirs in asked if mine is not None]
    if any(theirs is not None and theirs < mine for mine, theirs in wanted):
        told = Sentence("It is smaller than what is needed.")
        return Reason(Answer.PARTLY, told)
    if not wanted or any(theirs is None for _, theirs in wanted):
        return Reason(Answer.NOT_KNOWN, Sentence("One of the two does not say how much."))
    return Reason(Answer.YES, Sentence("It is as large as what is needed."))
