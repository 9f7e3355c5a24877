"""What the site knows: definitions and figures, loaded once; the register, as it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.conf import settings

from waymark.compact.framework import Framework
from waymark.compact.loading import load_framework
from waymark.compact.places import Level, Place
from waymark.coverage.ladder import Ladder
from waymark.coverage.standing import Standing, standing
from waymark.exchange.shipped import shipped_readings, shipped_releases
from waymark.finance.currencies import Prices
from waymark.finance.evidence import MoneyEvidence, open_money
from waymark.finance.funding import CommitmentMoney, Finances, Funding, Reports, reports_of
from waymark.indicators.changes import COMPACT_BASELINE
from waymark.indicators.evidence import Evidence, Extent, open_evidence
from waymark.indicators.releases import Reading, Release
from waymark.indicators.series import Series, load_series
from waymark.plans.forums import Forum, load_forums
from waymark.plans.fulfilment import Capacity
from waymark.plans.matching import Matching
from waymark.plans.register import Register
from waymark.plans.tallies import Tallies
from waymark.reviews.follow_up import FollowUp, follow_up
from waymark.reviews.review import Review, review
from waymark_web.moments import once

CAPACITY_KINDS = (  # of events that change who needs or offers what; a register comes whole
    "capacity_needs",
    "capacity_offers",
    "capacity_requests",
    "actors",
    "localities",
    "register",
)
MONEY_KINDS = ("flows", "rates", "deflators", "register")


@lru_cache(maxsize=1)
def framework() -> Framework:
    """The definitions that ship."""
    return load_framework()


@lru_cache(maxsize=1)
def series() -> dict[str, Series]:
    """The series' definitions, by code."""
    return load_series()


@lru_cache(maxsize=1)
def forums() -> dict[str, Forum]:
    """The review forums, in order of time."""
    return load_forums()


@lru_cache(maxsize=1)
def evidence() -> Evidence:
    """The figures."""
    return open_evidence(engine=settings.EVIDENCE_ENGINE)


@lru_cache(maxsize=1)
def money() -> MoneyEvidence:
    """The reported money: what ships, or the folder that the setting names."""
    return open_money(settings.MONEY)


@lru_cache(maxsize=1)
def extents() -> dict[str, Extent]:
    """How far each series reaches, by code."""
    return evidence().extents()


@lru_cache(maxsize=1)
def releases() -> dict[str, Release]:
    """The releases of figures and of money that ship, by identifier."""
    return shipped_releases()


@lru_cache(maxsize=1)
def readings() -> dict[str, Reading]:
    """What packing found in each release."""
    return shipped_readings()


@lru_cache(maxsize=1)
def _reports() -> Reports:
    """The money that was reported for places: read once, whatever the register."""
    return reports_of(money(), framework())


@lru_cache(maxsize=1)
def _prices(_stamp: str) -> Prices:
    from waymark_web.plans.sums import prices  # the register needs this module

    return prices()


def prices() -> Prices:
    """The exchange rates and price levels of the register."""
    return _prices(stamp_of(MONEY_KINDS))


@lru_cache(maxsize=1)
def _moneys(stamp: str) -> Mapping[str, CommitmentMoney]:
    from waymark_web.plans.sums import moneys  # as above

    return moneys(_prices(stamp))


def moneys() -> Mapping[str, CommitmentMoney]:
    """The money by year of every commitment that a flow names, without the rows behind it.

    It is read anew when money was published, and not when anything else was.
    """
    return _moneys(stamp_of(MONEY_KINDS))


@lru_cache(maxsize=4)
def _known_fundings(year: int, stamp: str) -> dict[str, Funding]:
    from waymark_web.plans.sums import known_fundings  # as above

    return known_fundings(_moneys(stamp), year)


def known_fundings(year: int) -> dict[str, Funding]:
    """How each commitment that a flow names is paid for in a year, apart from that it is one."""
    return _known_fundings(year, stamp_of(MONEY_KINDS))


@lru_cache(maxsize=4)
def _finances(year: int, _stamp: str) -> Finances:
    from waymark_web.plans.sums import fundings  # as above

    return Finances(fundings(known_fundings(year)), _reports())


def finances(year: int) -> Finances:
    """Money as it stands now: of the published commitments in a year, and reported for places."""
    return _finances(year, stamp())


@lru_cache(maxsize=4)
def _standing(as_of: date, baseline: int) -> Standing:
    """Where every place stands by definitions and figures: read once, whatever the register."""
    return standing(framework(), series(), evidence(), as_of=as_of, baseline=baseline)


@lru_cache(maxsize=4)
def _tallies(as_of: date, _stamp: str) -> Tallies:
    from waymark_web.plans.sums import tallies  # the register needs this module

    return tallies(as_of)


def stamp() -> str:
    """The hash of the last event that changed what is published: caches end with it.

    Not its number: an event that is undone leaves its number to the next one, never its hash.
    """
    return once("published", _last_published)


def _last_published() -> str:
    from waymark_web.audit.models import Event, Head

    last = Event.objects.filter(number__in=Head.objects.values("published"))
    return last.values_list("hash", flat=True).first() or ""


def stamp_of(kinds: tuple[str, ...]) -> str:
    """The hash of the last event that changed what is published of some kinds."""
    return _last_of(kinds, stamp())


@lru_cache(maxsize=8)
def _last_of(kinds: tuple[str, ...], _stamp: str) -> str:
    from waymark_web.audit.chain import PUBLISHING
    from waymark_web.audit.models import Event

    changed = Event.objects.filter(kind__in=kinds, verb__in=PUBLISHING)
    return changed.order_by("-number").values_list("hash", flat=True).first() or ""


@lru_cache(maxsize=4)
def _standing_with(as_of: date, baseline: int, stamp: str) -> Standing:
    return replace(
        _standing(as_of, baseline),
        tallies=_tallies(as_of, stamp),
        finances=_finances(as_of.year, stamp),
    )


def standing_on(as_of: date, baseline: int = COMPACT_BASELINE) -> Standing:
    """Where every place stands on a day, the published register among it."""
    return _standing_with(as_of, baseline, stamp())


@lru_cache(maxsize=512)
def _ladders(place: Place, as_of: date, stamp: str) -> tuple[Ladder, ...]:
    return _standing_with(as_of, COMPACT_BASELINE, stamp).ladders(place)


def ladders(place: Place, as_of: date) -> tuple[Ladder, ...]:
    """The ladder of every objective in a place."""
    return _ladders(place, as_of, stamp())


@lru_cache(maxsize=16)
def _register(country: str, _stamp: str) -> Register:
    from waymark_web.plans.rows import register_of

    return register_of(country)


def register(country: str) -> Register:
    """The published register with the commitments of one State or area."""
    return _register(country, stamp())


@lru_cache(maxsize=2)
def _matching(as_of: date, _stamp: str) -> Matching:
    from waymark_web.plans.capacity_rows import needs_and_offers  # as above

    return Matching(needs_and_offers(), framework(), as_of)


def matching(as_of: date) -> Matching:
    """The published needs and offers, compared by a day."""
    return _matching(as_of, stamp_of(CAPACITY_KINDS))


@lru_cache(maxsize=4)
def _capacity(as_of: date, _stamp: str) -> Capacity:
    from waymark_web.plans.capacity_rows import deliveries  # as above

    compared = matching(as_of)
    register = replace(compared.register, **deliveries())
    return Capacity(register, framework(), forums(), as_of, compared)


def capacity(as_of: date) -> Capacity:
    """The published needs, offers and requests, and what became of them by a day."""
    return _capacity(as_of, stamp())


def follow_up_of(place: Place, forum: Forum, as_of: date) -> FollowUp | None:
    """What the register holds of a State or area on a day; regions are counted over tallies."""
    if place.level is not Level.NATIONAL:
        return None
    return follow_up(register(place.id), framework(), forums(), place, forum, as_of)


@lru_cache(maxsize=64)
def _review(place: str, forum: str, as_of: date, baseline: int, stamp: str) -> Review:
    found, convened = framework().place(place), forums()[forum]
    return review(
        _standing_with(as_of, baseline, stamp),
        found,
        convened,
        follow_up_of(found, convened, as_of),
        _capacity(as_of, stamp),
    )


def review_of(place: Place, forum: Forum, as_of: date, baseline: int = COMPACT_BASELINE) -> Review:
    """The review of a place for a forum, the published register among it."""
    return _review(place.id, forum.id, as_of, baseline, stamp())


def today() -> date:
    """The day of the reader: the site's only clock."""
    return date.today()
