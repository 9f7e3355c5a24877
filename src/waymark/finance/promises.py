"""Promises in reports and in words: up to which year they are judged, and what is said of them.

Commands, reviews and pages say it from here, so that their words and figures are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from waymark.finance.choices import By
from waymark.finance.predictability import NOTHING, Kept, Promise
from waymark.indicators.releases import Release
from waymark.words import N_, Sentence

GROUPS = (By.YEAR, By.PROVIDER, By.KIND)  # of the sums that ``of_years`` takes


def last_whole_year(named: Iterable[str], releases: Mapping[str, Release], until: int) -> int:
    """The last year up to ``until`` that none of the named releases cuts off."""
    known = [releases[each] for each in named if each in releases]
    return min([until, *(year - 1 for each in known for year in each.incomplete_years)])


def sentence_of(kept: Kept, promise: Promise, until: int) -> Sentence:
    """How much of what was promised was paid, and how much of it in its year."""
    if kept.judged <= 0 or kept.share_in_year is None:
        return Sentence(
            "Of what was {promise} in {currency}, it is not known how much was paid.",
            promise=promise.label,
            currency=kept.currency,
        )
    message = N_(
        "Of {judged} {currency} {promise} until {until}, {outstanding} was not paid; {share} % was "
        "paid in the year it was promised for."
    )
    return Sentence(
        message,
        judged=kept.judged,
        currency=kept.currency,
        promise=promise.label,
        until=str(until),
        outstanding=kept.outstanding or NOTHING,
        share=int(kept.share_in_year * 100 + Fraction(1, 2)),
    )


def summed(kept: Kept, until: int) -> dict[str, Any]:
    """The measures of all years together, under the names that files and commands give them."""
    return {
        "promised": kept.promised,
        "judged": kept.judged,
        "share_paid_in_year": _short(kept.share_in_year),
        "lag_in_years": _short(kept.lag),
        "outstanding": kept.outstanding,
        "paid_beyond": kept.beyond if kept.judged else None,
        "judged_until": until,
        "years_ahead_with_promises": list(kept.ahead(until)),
    }


def year_by_year(kept: Kept) -> list[dict[str, Any]]:
    """The measures of each year; what cannot be judged is not known."""
    return [
        {
            "year": year,
            "promised": one.promised,
            "judged": one.judged,
            "paid": one.known_paid,
            "paid_of_it_in_year": one.known_in_year,
        }
        for year, one in kept.years.items()
    ]


def _short(exact: Fraction | None) -> float | None:
    return None if exact is None else float(round(exact, 4))
