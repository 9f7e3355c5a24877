"""What is odd in IATI activities: kept as it is, and said with its place and a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from waymark.exchange.iati.activities import Activity, Share
from waymark.words import N_, Sentence

HUNDRED = Decimal(100)
NEARLY = Decimal("0.5")  # shares rounded to whole per cents may miss 100 by this much
LATEST_PLAN = 30  # years ahead; a period that ends later is more likely mistyped


class Kind(StrEnum):
    """The kinds of remark; what each means and asks for stands in ``REMEDIES``."""

    NO_IDENTIFIER = "no-identifier"
    NO_AMOUNT = "no-amount"
    NO_CURRENCY = "no-currency"
    NO_DATE = "no-date"
    UNREADABLE_DATE = "unreadable-date"
    UNREADABLE_AMOUNT = "unreadable-amount"
    ROUNDED = "rounded"
    NEGATIVE = "negative"
    IN_THE_FUTURE = "in-the-future"
    ENDS_BEFORE = "ends-before-it-starts"
    SHARES = "shares-not-100"
    TWICE = "twice"
    UNKNOWN_ELEMENT = "unknown-element"


REMEDIES = {
    Kind.NO_IDENTIFIER: N_(
        "Give the activity an iati-identifier; nothing can refer to it without."
    ),
    Kind.NO_AMOUNT: N_("Give a value; the row is kept with no amount."),
    Kind.NO_CURRENCY: N_(
        "Give a currency or a default-currency; the amount is not added to others."
    ),
    Kind.NO_DATE: N_("Give a date; the money is of no known year."),
    Kind.UNREADABLE_DATE: N_("Write dates as 2026-05-31; this one is kept as not known."),
    Kind.UNREADABLE_AMOUNT: N_("Write numbers as 1234.56; this one is kept as not known."),
    Kind.ROUNDED: N_("More than six decimals: rounded to six."),
    Kind.NEGATIVE: N_(
        "Kept: the standard has negative amounts for corrections. Check that it is one."
    ),
    Kind.IN_THE_FUTURE: N_(
        "Check the date; money that is still to come is a planned disbursement."
    ),
    Kind.ENDS_BEFORE: N_("Check the two dates; they are kept as they are."),
    Kind.SHARES: N_("Make the percentages of each vocabulary add up to 100; they are kept."),
    Kind.TWICE: N_("Check whether it was published twice; both are kept."),
    Kind.UNKNOWN_ELEMENT: N_(
        "Not of the standard, and not read; use another namespace, or remove it."
    ),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd: where it stands, what it is, and the value as given."""

    file: str
    line: int | None
    activity: str
    element: str
    kind: Kind
    given: str = ""

    @property
    def remedy(self) -> Sentence:
        """What to do about it."""
        return Sentence(REMEDIES[self.kind])


def remarks_on(activity: Activity, file: str, line: int | None, as_of: date) -> Iterator[Remark]:
    """What is odd in the values of an activity; ``line`` is where the activity begins."""
    for element, kind, given in _oddities(activity, as_of):
        yield Remark(file, line, activity.id, element, kind, given)


def _oddities(activity: Activity, as_of: date) -> Iterator[tuple[str, Kind, str]]:
    if not activity.id:
        yield "iati-activity", Kind.NO_IDENTIFIER, ""
    for element, money in activity.moneys():
        if money.amount is not None and not money.currency:
            yield element, Kind.NO_CURRENCY, str(money.amount)
        if money.amount is not None and money.amount < 0:
            yield element, Kind.NEGATIVE, str(money.amount)
    for transaction in activity.transactions:
        if transaction.day is None:
            yield "transaction", Kind.NO_DATE, ""
        elif transaction.day > as_of:
            yield "transaction", Kind.IN_THE_FUTURE, str(transaction.day)
    for element, periods in (
        ("budget", activity.budgets),
        ("planned-disbursement", activity.planned),
    ):
        for period in periods:
            yield from _of_period(element, period.starts, period.ends, as_of)
    yield from _shares(activity)


def _of_period(
    element: str, starts: date | None, ends: date | None, as_of: date
) -> Iterator[tuple[str, Kind, str]]:
    if starts is None:
        yield element, Kind.NO_DATE, ""
    elif ends is not None and ends < starts:
        yield element, Kind.ENDS_BEFORE, f"{starts} {ends}"
    latest = ends or starts
    if latest is not None and latest.year > as_of.year + LATEST_PLAN:
        yield element, Kind.IN_THE_FUTURE, str(latest)


def _shares(activity: Activity) -> Iterator[tuple[str, Kind, str]]:
    for regions in by_list(activity.regions) or [[]]:
        yield from _of_shares("recipient-country", [*activity.countries, *regions])
    for sectors in by_list(activity.sectors):
        yield from _of_shares("sector", sectors)


def by_list(shares: Sequence[Share]) -> list[list[Share]]:
    """Shares by their list of codes; those of each list are of the whole."""
    found: dict[str, list[Share]] = {}
    for each in shares:
        found.setdefault(each.vocabulary or "1", []).append(each)
    return [found[each] for each in sorted(found)]


def together(shares: Iterable[Share]) -> Decimal:
    """The sum of percentages; one that is not given counts as none."""
    return sum((each.percentage or Decimal(0) for each in shares), Decimal(0))


def adds_up(shares: Sequence[Share]) -> bool:
    """Whether every share has its percentage, and all of them are the whole."""
    known = all(each.percentage is not None and each.percentage >= 0 for each in shares)
    return known and abs(together(shares) - HUNDRED) <= NEARLY


def _of_shares(element: str, shares: Sequence[Share]) -> Iterator[tuple[str, Kind, str]]:
    """One place without a percentage has all of it; several must say how they share."""
    if len(shares) < 2 and all(each.percentage is None for each in shares):
        return
    total = together(shares)
    if abs(total - HUNDRED) > NEARLY:
        yield element, Kind.SHARES, f"{total:f}"
