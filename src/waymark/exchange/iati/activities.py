"""What an IATI activity holds, as frozen values; codes stay as the standard's code lists have them.

Absent is ``None`` or empty, never a guess. Texts are kept in every language that the file has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

UN_REGIONS = "2"  # the region vocabulary of M49
EARMARKING = "2"  # the aid type vocabulary of earmarking categories
SDG_GOALS, SDG_TARGETS, OWN_TAGS = "2", "3", "99"  # tag vocabularies


@dataclass(frozen=True, slots=True)
class Narrative:
    """A text in one language; no language means the activity's own."""

    text: str
    language: str = ""


Texts = tuple[Narrative, ...]


def best_of(texts: Texts, language: str) -> Narrative | None:
    """The text in English, else in the activity's own ``language``, else the first.

    Its language is the plain one: ``en-GB`` and ``EN`` are English.
    """
    own = _plain(language)
    spoken = [Narrative(each.text, _plain(each.language) or own) for each in texts]
    return min(spoken, key=lambda each: (each.language != "en", each.language != own), default=None)


def _plain(language: str) -> str:
    return language.split("-")[0].strip().casefold()


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a list; no vocabulary means the element's default one."""

    code: str
    vocabulary: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A country, region or sector with the part of the money that goes there, in per cent."""

    code: str
    percentage: Decimal | None = None
    vocabulary: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation where it is named; ``activity`` is its own activity for this money."""

    ref: str = ""
    type: str = ""
    name: Texts = ()
    activity: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation in a role: 1 funds, 2 is accountable, 3 extends, 4 implements."""

    organisation: Organisation
    role: str


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; the currency is empty where neither the value nor the activity has one."""

    amount: Decimal | None
    currency: str = ""
    valued: date | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money that was promised, came in or went out on a day."""

    type: str
    day: date | None
    money: Money
    ref: str = ""
    description: Texts = ()
    provider: Organisation | None = None
    receiver: Organisation | None = None
    sectors: tuple[Share, ...] = ()
    country: str = ""
    region: Code | None = None
    flow_type: str = ""
    finance_type: str = ""
    aid_types: tuple[Code, ...] = ()
    tied_status: str = ""
    humanitarian: bool | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What is to be spent in a period: type 1 original, 2 revised; status 1 indicative, 2 firm."""

    starts: date | None
    ends: date | None
    money: Money
    type: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class PlannedDisbursement:
    """What is to be paid, from whom to whom, in a period."""

    starts: date | None
    ends: date | None
    money: Money
    type: str = ""
    provider: Organisation | None = None
    receiver: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A baseline, target or actual: a value as the publisher wrote it, with what is said of it."""

    value: str = ""
    comment: Texts = ()
    year: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A time with what was to be reached in it, and what was."""

    starts: date | None
    ends: date | None
    targets: tuple[Measured, ...] = ()
    actuals: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """How a result is measured: 1 in units, 2 in per cent, 3 nominal, 4 ordinal, 5 in words."""

    title: Texts
    measure: str
    ascending: bool | None = None
    description: Texts = ()
    references: tuple[Code, ...] = ()
    baselines: tuple[Measured, ...] = ()
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What an activity brings about: 1 output, 2 outcome, 3 impact, 9 other."""

    type: str
    title: Texts
    description: Texts = ()
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """An emergency (type 1) or appeal (type 2) that an activity answers."""

    type: str
    vocabulary: str
    code: str


@dataclass(frozen=True, slots=True)
class Event:
    """A date of the activity: 1 planned start, 2 actual start, 3 planned end, 4 actual end."""

    type: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Related:
    """Another activity: 1 parent, 2 child, 3 sibling, 4 co-funded, 5 third party."""

    ref: str
    type: str


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity, by its identifier; ``humanitarian`` is ``None`` where nothing is said."""

    id: str
    reporter: Organisation
    title: Texts
    description: Texts = ()
    participants: tuple[Participant, ...] = ()
    status: str = ""
    events: tuple[Event, ...] = ()
    countries: tuple[Share, ...] = ()
    regions: tuple[Share, ...] = ()
    sectors: tuple[Share, ...] = ()
    tags: tuple[Code, ...] = ()
    scopes: tuple[Scope, ...] = ()
    flow_type: str = ""
    finance_type: str = ""
    aid_types: tuple[Code, ...] = ()
    tied_status: str = ""
    budgets: tuple[Budget, ...] = ()
    planned: tuple[PlannedDisbursement, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    related: tuple[Related, ...] = ()
    results: tuple[Result, ...] = ()
    humanitarian: bool | None = None
    currency: str = ""
    language: str = ""

    def moneys(self) -> Iterator[tuple[str, Money]]:
        """Every amount with the element that holds it."""
        yield from (("transaction", each.money) for each in self.transactions)
        yield from (("budget", each.money) for each in self.budgets)
        yield from (("planned-disbursement", each.money) for each in self.planned)
