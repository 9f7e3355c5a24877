"""What a review finds of money: what is paid for, what is missing, on whom it hangs, what came.

From the register, and from what organisations reported. Where nobody reported, it is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from waymark.compact.places import Place
from waymark.coverage.standing import Standing
from waymark.finance.choices import Sum
from waymark.finance.currencies import prices_of
from waymark.finance.earmarking import Earmarked
from waymark.finance.earmarking import of_flows as earmarked
from waymark.finance.funding import COMMON, CommitmentMoney, Funding, Sums, funding_of, moneys_of
from waymark.finance.onward import arriving
from waymark.finance.predictability import Promise, behind, of_flows, of_sums
from waymark.finance.promises import sentence_of
from waymark.finance.sums import Measure, concentration_of
from waymark.plans.actors import Actor
from waymark.plans.flows import Earmarking, Flow, FlowKind
from waymark.reviews.findings import WEIGHTS, Finding, FindingKind, ReportedRows, some
from waymark.reviews.follow_up import FollowUp
from waymark.words import N_, Sentence, count_phrase

COMPACT = "gcm"
NOTHING = Decimal(0)


def of_money(standing: Standing, place: Place, found: FollowUp | None) -> Iterator[Finding]:
    """Every finding on the money of a State or area; none where no reports were looked at."""
    of_place = list(_of_commitments(found)) if found is not None else []
    of_place += _of_reports(standing, place)
    yield from of_place
    if not of_place and standing.finances.reports.serves:
        sentence = Sentence(
            "Nobody has reported money for {place}. Whether anything is paid for is not known.",
            place=place.name,
        )
        yield _finding(sentence, provisions=(COMPACT,))


def _of_commitments(found: FollowUp) -> Iterator[Finding]:
    """From the flows of the register that name a live commitment of the place, or the place."""
    register, year = found.register, found.as_of.year
    moneys = moneys_of(register.flows.values(), prices_of(register))
    here = {each.id: moneys.get(each.id) for each in found.live}
    if not any(here.values()):
        return
    yield _paid_for(found, here)
    known = [each for each in here.values() if each is not None]
    yield from _givers(known, year, register.actors)
    yield from _earmarking(known, arriving(register.flows))
    yield from _kept_promises(found)


def _paid_for(found: FollowUp, here: dict[str, CommitmentMoney | None]) -> Finding:
    year = found.as_of.year
    whole = sum((funding_of(each, year) for each in here.values()), Funding())
    gaps = {
        each.commitment: (each.currency, each.years[year].gap or NOTHING)
        for each in here.values()
        if each is not None and year in each.years and each.years[year].gap
    }
    details = [
        Sentence(
            "What is missing to the costs on record, in {currency}: {gap}.",
            currency=currency,
            gap=sum((gap for of, gap in gaps.values() if of == currency), NOTHING),
        )
        for currency in sorted({of for of, _ in gaps.values()})
    ]
    if whole.ahead is not None:
        message = N_("All that is paid for stays so for this many following years: {ahead}.")
        details.append(Sentence(message, ahead=whole.ahead))
    reasons = {each.because.text(): each.because for each in here.values() if each and each.because}
    sentence = count_phrase(
        "Of one commitment for {place}, in {year}: {covered} paid for, {partly} with some money, "
        "{bare} with none, {unknown} not known.",
        "Of {count} commitments for {place}, in {year}: {covered} paid for, {partly} with some "
        "money, {bare} with none, {unknown} not known.",
        whole.commitments,
        place=found.place.name,
        year=str(year),
        covered=whole.covered,
        partly=whole.partly,
        bare=whole.bare,
        unknown=whole.commitments - whole.known,
    )
    largest = sorted(gaps, key=lambda each: (-gaps[each][1], each))
    rest = [name for name, each in here.items() if each is not None and name not in gaps]
    flows = _ids(flow for each in here.values() if each is not None for flow in each.flows)
    return _finding(
        sentence,
        details=(*details, *reasons.values()),
        commitments=(*largest, *rest),
        flows=flows,
    )


def _givers(
    moneys: list[CommitmentMoney], year: int, actors: Mapping[str, Actor]
) -> Iterator[Finding]:
    """On how few givers the money hangs that is secured for a year."""
    by: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    flows: list[Flow] = []
    for money in moneys:
        for part in money.behind(year, Measure.SECURED):
            by[money.currency][part.flow.giver] += part.amount or NOTHING
            flows.append(part.flow)
    for currency, givers in sorted(by.items()):
        above = {giver: Fraction(amount) for giver, amount in givers.items() if amount > 0}
        if not above:
            continue
        largest = max(sorted(above), key=lambda giver: above[giver])
        sentence = Sentence(
            "Of what is secured for {year} in {currency}, the largest giver of {count} gives "
            "{share} %: {giver}.",
            year=str(year),
            currency=currency,
            count=len(above),
            share=_percent(above[largest] / sum(above.values())),
            giver=_named(largest, actors),
        )
        yield _of_rows(sentence, (flow for flow in flows if above.get(flow.giver)), lighter=1)


def _named(giver: str, actors: Mapping[str, Actor]) -> str | Sentence:
    """A giver by its name in the register, or as the flow names it."""
    if giver in actors:
        return actors[giver].name
    return giver or Sentence("somebody who is not named")


def _earmarking(moneys: list[CommitmentMoney], first: Collection[str]) -> Iterator[Finding]:
    committed = [flow for each in moneys for flow in each.flows if flow.kind is FlowKind.COMMITMENT]
    found = earmarked(committed, {FlowKind.COMMITMENT}, lambda flow: None, first)
    for (_, currency), each in sorted(found.items(), key=lambda pair: pair[0][1]):
        if each.share(each.whole) is None:
            continue
        sentence = Sentence(
            "Of what was committed in {currency}: {flexible} % flexible, {tied} % earmarked, "
            "{unknown} % not known.",
            currency=currency,
            flexible=_percent(each.share(each.flexible)),
            tied=_percent(each.share(each.tied)),
            unknown=_percent(each.share(each.not_known)),
        )
        yield _of_rows(sentence, (one for one in committed if one.currency == currency), lighter=2)


def _kept_promises(found: FollowUp) -> Iterator[Finding]:
    """Whether what was pledged and committed was paid, over the years that are over."""
    inside = {found.place.id, *(each.id for each in found.framework.within(found.place))}
    flows = [
        flow
        for flow in found.register.flows.values()
        if flow.commitment is not None or found.register.country_of(flow.place) in inside
    ]
    until = found.as_of.year - 1
    kept = of_flows(flows, prices_of(found.register), lambda flow: None, until)
    for (_, promise, currency), each in sorted(kept.items(), key=lambda pair: pair[0][1:]):
        if each.promised > 0 and promise is not Promise.PLANNED:
            rows = behind(flows, promise, currency)
            yield _of_rows(sentence_of(each, promise, until), rows, lighter=3)


def _of_reports(standing: Standing, place: Place) -> Iterator[Finding]:
    """What organisations reported, by the sectors that serve a provision or the whole Compact."""
    reports, year = standing.finances.reports, standing.as_of.year
    for target in dict.fromkeys(reports.serves.values()):
        for sums in reports.of({target}, place.id, 0, year):
            message = N_(
                "In sector {sector}, money was reported for {place} for {first} to {last}, in US "
                "dollars: {spent} spent, {secured} committed."
            )
            rows = ReportedRows(place.id, sums.sector, sums.first, sums.last)
            found = [
                each
                for each in reports.sums[place.id]
                if each.group[0] == sums.sector and int(each.group[1]) <= year
            ]
            yield Finding(
                FindingKind.FUNDED,
                WEIGHTS[FindingKind.FUNDED] - 4,
                Sentence(message, place=place.name, **_fields(sums)),
                details=tuple(_details(found, reports.names, min(sums.last, year) - 1)),
                provisions=(target,),
                reported=(rows,),
            )


def _details(sums: Iterable[Sum], names: Mapping[str, str], until: int) -> Iterator[Sentence]:
    """On whom reported money hangs, how it is earmarked, and whether promises came.

    The last year on record may be cut off, and no promise for it is judged.
    """
    found = list(sums)
    givers: defaultdict[str, Decimal] = defaultdict(Decimal)
    earmarks: defaultdict[Earmarking, Decimal] = defaultdict(Decimal)
    for each in found:
        if each.measure is Measure.SPENT:
            givers[str(each.group[2])] += each.amount
            earmarks[Earmarking(str(each.group[3]))] += each.amount
    largest = concentration_of(givers)
    if largest is not None:
        yield Sentence(
            "Of what was spent, the largest giver of {count} gave {share} %: {giver}.",
            count=sum(amount > 0 for amount in givers.values()),
            share=_percent(largest.share),
            giver=names.get(largest.largest) or Sentence("somebody who is not named"),
        )
    spent = Earmarked(COMMON, earmarks)
    if spent.share(spent.whole) is not None:
        yield Sentence(
            "Of what was spent: {flexible} % flexible, {tied} % earmarked, {unknown} % not known.",
            flexible=_percent(spent.share(spent.flexible)),
            tied=_percent(spent.share(spent.tied)),
            unknown=_percent(spent.share(spent.not_known)),
        )
    for (promise, _currency), kept in sorted(of_sums(found, until).items()):
        if kept.promised > 0:
            yield sentence_of(kept, promise, until)


def of_money_among(standing: Standing, states: Iterable[Place]) -> Iterator[Finding]:
    """For how many of the States money was reported, and how much, by sector."""
    members, reports = list(states), standing.finances.reports
    for target in dict.fromkeys(reports.serves.values()):
        by_sector: defaultdict[str, list[tuple[Place, Sums]]] = defaultdict(list)
        for state in members:
            for sums in reports.of({target}, state.id, 0, standing.as_of.year):
                by_sector[sums.sector].append((state, sums))
        for sector, found in sorted(by_sector.items()):
            every = [sums for _, sums in found]
            whole = Sums(
                sector,
                min(each.first for each in every),
                max(each.last for each in every),
                _sum(each.spent for each in every),
                _sum(each.secured for each in every),
            )
            message = N_(
                "In sector {sector}, money was reported for {reporting} of {count} Member States "
                "for {first} to {last}, in US dollars: {spent} spent, {secured} committed."
            )
            yield Finding(
                FindingKind.FUNDED,
                WEIGHTS[FindingKind.FUNDED],
                Sentence(message, reporting=len(found), count=len(members), **_fields(whole)),
                details=(Sentence("{places}", places=some([state.name for state, _ in found])),),
                provisions=(target,),
                reported=tuple(
                    ReportedRows(state.id, sector, each.first, each.last) for state, each in found
                ),
            )


def _fields(sums: Sums) -> dict[str, Any]:
    unknown = Sentence("not known")
    return {
        "sector": sums.sector,
        "first": str(sums.first),
        "last": str(sums.last),
        "spent": unknown if sums.spent is None else round(sums.spent),
        "secured": unknown if sums.secured is None else round(sums.secured),
    }


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [each for each in amounts if each is not None]
    return sum(known, NOTHING) if known else None


def _percent(share: Fraction | None) -> int:
    """A share of a hundred, half away from zero."""
    return int((share or Fraction(0)) * 100 + Fraction(1, 2))


def _ids(flows: Iterable[Flow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flow.id for flow in flows))


def _of_rows(sentence: Sentence, flows: Iterable[Flow], *, lighter: int) -> Finding:
    """A finding that rests on rows of money, and on the commitments that they name."""
    rows = list(flows)
    named = dict.fromkeys(flow.commitment for flow in rows if flow.commitment is not None)
    return _finding(sentence, commitments=tuple(named), flows=_ids(rows), lighter=lighter)


def _finding(
    sentence: Sentence,
    *,
    details: tuple[Sentence, ...] = (),
    provisions: tuple[str, ...] = (),
    commitments: tuple[str, ...] = (),
    flows: tuple[str, ...] = (),
    lighter: int = 0,
) -> Finding:
    weight = WEIGHTS[FindingKind.FUNDED] - lighter
    return Finding(
        FindingKind.FUNDED,
        weight,
        sentence,
        details,
        provisions=provisions,
        commitments=commitments,
        flows=flows,
    )
