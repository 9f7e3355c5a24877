"""The facility: how pooled pledges could be shared among gaps, as a proposal, and what if."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from pydantic import ValidationError

from waymark.compact.places import WORLD
from waymark.exceptions import WaymarkError
from waymark.finance.facility import Proposal, Proposed, propose
from waymark.finance.funding import CYCLE
from waymark.finance.rules import Terms, conditions, sharing_rules
from waymark.finance.what_if import Difference, differences, supposing
from waymark.plans.flows import Earmarking, Flow, FlowKind
from waymark.plans.register import Register
from waymark.reading import fault_of
from waymark.words import Names, Sentence
from waymark_web import store
from waymark_web.finance.exports import as_file
from waymark_web.languages import language
from waymark_web.plans import checked, models
from waymark_web.plans.lists import place_choices
from waymark_web.plans.places import within
from waymark_web.plans.rows import by_id

NOTHING = Decimal(0)
AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
MOST_SHOWN = 100  # rows of each list on the page
SUPPOSED = "supposed-by-a-reader"  # stands for the pledges of a what-if
GIVEN = ("rule", "first", "last", "currency", "pool", "floor", "cap")
COLUMNS = (
    "what", "year", "commitment", "source", "amount", "gap_before", "gap_after",
    "pool_before", "pool_after", "rules", "because",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """The first rows of a list on the page, and how many there are; the file has all."""

    rows: Sequence[Any]
    count: int


@dataclass(frozen=True)
class Wanted:
    """Which proposal: a place, its terms, and an amount that is supposed to be added a year."""

    place: str
    terms: Terms
    added: Decimal | None


@require_safe
def facility(request: HttpRequest) -> HttpResponseBase:
    """A proposal with its working, and, where an amount is supposed, what it would change."""
    asked = wanted(request.GET)
    proposal, changes = _proposed(asked, store.stamp())
    if request.GET.get("format") == "csv":
        return as_file(_lines(proposal, changes), "money-facility")
    terms = asked.terms
    register = _register(store.stamp())
    lists: dict[str, Sequence[Any]] = {
        "proposed": proposal.proposed,
        "uncovered": proposal.uncovered,
        "changes": changes,
        "left_out": proposal.left_out,
        "unknown": proposal.unknown,
    }
    shown = {name: Shown(found[:MOST_SHOWN], len(found)) for name, found in lists.items()}
    context: dict[str, Any] = {
        "asked": asked,
        "terms": terms,
        "proposal": proposal,
        "shown": shown,
        "most": MOST_SHOWN,
        "totals": [
            (year, proposal.pool(year), _gap(proposal, year), proposal.amount(year))
            for year in (*terms.years, None)
        ],
        "gap": _gap(proposal),
        "missing": proposal.gap() - proposal.amount(),
        "sources": [
            (
                each,
                sum(each.years.values(), NOTHING),
                [one for one in each.flows if one in register.flows],
            )
            for each in proposal.sources.values()
        ],
        "unused": [(each, proposal.sources[each.source]) for each in proposal.unused],
        "supposed": SUPPOSED,
        "flows": [register.flows[one] for one in _flows(proposal) if one in register.flows],
        "rows": models.Commitment.objects.in_bulk(_named(shown), field_name="slug"),
        "words": _words(),
        "actors": register.actors,
        "rules": sharing_rules().values(),
        "groups": store.framework().groups.values(),
        "places": place_choices(),
        "rest": request.GET.urlencode(),
    }
    return render(request, "finance/facility.html", context)


def wanted(query: QueryDict) -> Wanted:
    """Read which proposal is asked for. Raises ``WaymarkError`` for what is not understood."""
    given = {name: query[name].strip() for name in GIVEN if query.get(name, "").strip()}
    next_year = store.today().year + 1
    first = given.setdefault("first", str(next_year))
    if re.fullmatch("[0-9]{4}", first):
        given.setdefault("last", str(int(first) + CYCLE - 1))
    try:
        terms = Terms.model_validate(
            {
                **given,
                "groups": tuple(each for each in query.getlist("group") if each),
                "carry_over": bool(query.get("carry_over")),
                "unreported_is_unsecured": bool(query.get("unreported")),
            }
        )
    except ValidationError as error:
        remedy = "Correct it in the address, or in the form."
        raise WaymarkError(f"{fault_of(error).capitalize()}.", remedy) from None
    place = query.get("place", "").strip() or WORLD
    within(place.upper())  # an unknown place is said
    return Wanted(place.upper(), terms, _amount(query.get("add", "").strip()))


def _amount(given: str) -> Decimal | None:
    if not given:
        return None
    plain = given.replace(",", "")
    if not AMOUNT.fullmatch(plain) or not Decimal(plain):
        raise WaymarkError(f"'{given}' is not an amount.", "Write it as 250000 or 99.50.")
    return Decimal(plain)


@lru_cache(maxsize=2)
def _register(_stamp: str) -> Register:
    """What proposals need of the register: all flows, and the commitments that they name."""
    named = models.Commitment.objects.filter(flows__isnull=False).distinct()
    flows = checked.flows(models.Flow.objects.order_by("pk"))
    return Register(
        localities=by_id("localities", models.Locality.objects.all()),
        actors=by_id("actors", models.Actor.objects.all()),
        commitments={each.id: each for each in checked.lacking(named)},
        flows={each.id: each for each in flows},
        rates=by_id("rates", models.Rate.objects.all()),
        deflators=by_id("deflators", models.Deflator.objects.all()),
    )


@lru_cache(maxsize=32)
def _proposed(asked: Wanted, stamp: str) -> tuple[Proposal, tuple[Difference, ...]]:
    register, framework = _register(stamp), store.framework()
    before = propose(register, framework, asked.terms, asked.place)
    if asked.added is None:
        return before, ()
    supposed = [_pledge(asked, year) for year in asked.terms.years]
    after = propose(supposing(register, supposed), framework, asked.terms, asked.place)
    return after, differences(before, after)


def _pledge(asked: Wanted, year: int) -> Flow:
    """A pledge that nobody made: free of earmarks, for a year."""
    return Flow(
        id=f"{SUPPOSED}-{year}",
        kind=FlowKind.PLEDGE,
        amount=asked.added or NOTHING,
        currency=asked.terms.currency,
        year=year,
        provider_name=SUPPOSED,
        place=WORLD,
        earmarking=Earmarking.UNEARMARKED,
        illustrative=True,
    )


def _gap(proposal: Proposal, year: int | None = None) -> Decimal | None:
    """The known gaps of a year, or of the window; None where not one is known."""
    known = [each for each in proposal.needs if each.gap is not None and year in (None, each.year)]
    return proposal.gap(year) if known else None


def _flows(proposal: Proposal) -> list[str]:
    return [flow for source in proposal.sources.values() for flow in source.flows]


def _named(shown: Mapping[str, Shown]) -> set[str]:
    """The commitments that the page names."""
    needs = [each.need for name in ("proposed", "uncovered") for each in shown[name].rows]
    others = [*shown["changes"].rows, *shown["unknown"].rows]
    return {each.commitment for each in (*needs, *others)}


def _words() -> dict[str, Names]:
    """Every rule and condition in words, by identifier."""
    rules: dict[str, Names] = {each.id: each.label for each in sharing_rules().values()}
    return rules | {each.value: added.label for each, added in conditions().items()}


def _lines(proposal: Proposal, changes: Sequence[Difference]) -> Iterator[Sequence[object]]:
    yield COLUMNS
    for each in proposal.proposed:
        yield from _working(each)
    for left in proposal.uncovered:
        need = left.need
        yield _line("missing", need.year, need.commitment, amount=left.amount, why=left.because)
    for unused in proposal.unused:
        yield _line("unused", unused.year, source=unused.source, amount=unused.amount,
                    why=unused.because)  # fmt: skip
    for out in proposal.left_out:
        yield _line("left-out", out.year, source=out.flow, amount=out.amount, why=out.because)
    for unknown in proposal.unknown:
        yield _line("not-known", unknown.year, unknown.commitment, why=unknown.because)
    for change in changes:
        yield _line("change", change.year, change.commitment, amount=change.change)


def _working(each: Proposed) -> Iterator[Sequence[object]]:
    for reason in each.reasons:
        yield (
            "proposed", each.need.year, each.need.commitment, "", reason.amount,
            reason.gap_before, reason.gap_after, reason.pool_before, reason.pool_after,
            " ".join(reason.rules), "",
        )  # fmt: skip


def _line(
    what: str,
    year: int,
    commitment: str = "",
    *,
    source: str = "",
    amount: Decimal | None = None,
    why: Sentence | None = None,
) -> Sequence[object]:
    said = why.text(language()) if why else None
    return (what, year, commitment, source, amount, None, None, None, None, None, said)
