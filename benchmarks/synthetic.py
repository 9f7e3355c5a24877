"""A synthetic register of any size: made by a rule, the same each time, and marked as made up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from waymark.compact.framework import Framework
from waymark.compact.places import Level
from waymark.plans.actors import Actor
from waymark.plans.assessments import Assessment, Round
from waymark.plans.commitments import Commitment, Partner, Report, Step
from waymark.plans.flows import Earmarking, Flow, FlowKind
from waymark.plans.forums import Forum
from waymark.plans.prices import ExchangeRate
from waymark.plans.register import Register
from waymark.plans.vocabulary import (
    ActorKind,
    AssessedState,
    Origin,
    Outcome,
    PartnerRole,
    ResultKind,
    Status,
)

WORDS = (
    "train inspectors open clinics count deaths register births translate contracts lower fees",
    "recognise skills end detention fund shelters reunite families hear complaints teach languages",
)
ACTORS_OF_A_COUNTRY = 8
KINDS = (
    ActorKind.STATE,
    ActorKind.MINISTRY,
    ActorKind.MINISTRY,
    ActorKind.LOCAL_AUTHORITY,
    ActorKind.CIVIL_SOCIETY,
    ActorKind.TRADE_UNION,
    ActorKind.PRIVATE_SECTOR,
    ActorKind.ACADEMIA,
)


def synthetic(
    framework: Framework,
    forums: dict[str, Forum],
    *,
    commitments: int,
    steps_each: int,
    as_of: date,
) -> Register:
    """So many commitments, spread over all countries, with so many steps each, a report on every
    second step that is due, an assessment of every tenth commitment, one to six flows of every
    fifth, and pledges to pools.
    """
    countries = [place.id for place in framework.countries]
    actors = {
        actor.id: actor
        for country in countries
        for number in range(ACTORS_OF_A_COUNTRY)
        for actor in [_actor(country, number)]
    }
    rounds = {
        f"{country.lower()}-round": Round(
            id=f"{country.lower()}-round",
            title=f"Synthetic round of {country}",
            forum="regional-2028",
            place=country,
            opens=as_of - timedelta(days=30),
            closes=as_of + timedelta(days=30),
            illustrative=True,
        )
        for country in countries
    }
    made: dict[str, Commitment] = {}
    reports: dict[str, Report] = {}
    assessments: dict[str, Assessment] = {}
    flows: dict[str, Flow] = {}
    later = [each.id for each in forums.values() if each.starts >= str(as_of.year)]
    provisions = [each.id for each in framework.objectives]
    groups, needs = list(framework.groups), list(framework.needs)
    for number in range(commitments):
        country = countries[number % len(countries)]
        each = _commitment(number, country, steps_each, as_of, later, provisions, groups, needs)
        made[each.id] = each
        for at, step in enumerate(each.steps):
            if step.due is not None and step.due < as_of and (number + at) % 2:
                report = _report(each, step)
                reports[report.id] = report
        flows |= {flow.id: flow for flow in _flows(each, number, as_of.year)}
        if number % 10 == 0:
            held = f"{country.lower()}-round"
            assessment = Assessment(
                id=f"{each.id}-a",
                commitment=each.id,
                round=held,
                by=f"{country.lower()}-4",
                state=list(AssessedState)[number // 10 % 5],
                assessed=as_of,
                text="A synthetic assessment.",
                illustrative=True,
            )
            assessments[assessment.id] = assessment
    return Register(
        actors=actors,
        commitments=made,
        reports=reports,
        rounds=rounds,
        assessments=assessments,
        flows=flows | {each.id: each for each in _pooled(as_of.year)},
        rates=_rates(as_of.year),
    )


def _flows(of: Commitment, number: int, year: int) -> list[Flow]:
    """One to six flows of every fifth commitment: costs, promises and payments of two years."""
    if number % 5:
        return []
    turn = number // 5
    giver = of.lead or of.partners[0].actor
    kinds = (
        (FlowKind.COST, year, 900_000 + turn * 7, {}),
        (FlowKind.COMMITMENT, year, turn * 11 % 1_200_000, {"provider": giver}),
        (FlowKind.DISBURSEMENT, year, turn * 5 % 700_000, {"provider": giver}),
        (FlowKind.COST, year + 1, 800_000 + turn * 3, {}),
        (FlowKind.COMMITMENT, year + 1, turn * 13 % 900_000, {"provider_name": "Made-up fund"}),
        (FlowKind.PLEDGE, year + 1, turn * 17 % 900_000, {"provider": giver, "currency": "EUR"}),
    )
    return [
        _flow(f"{of.id}-f{at}", kind, when, cents, {"place": of.place, "commitment": of.id, **more})
        for at, (kind, when, cents, more) in enumerate(kinds[: turn % 6 + 1])
    ]


def _pooled(year: int) -> list[Flow]:
    """Pledges of sixty givers to nobody named, for regions or the world, over four years."""
    regions = ("001", "002", "019", "142", "150", "009")
    return [
        _flow(
            f"pool-{giver}-{when}",
            FlowKind.PLEDGE,
            when,
            50_000_000 + giver * 1_000_003,
            {
                "place": regions[giver % len(regions)],
                "provider_name": f"Made-up giver {giver}",
                "earmarking": Earmarking.SOFTLY_EARMARKED,
                "provisions": (f"gcm:{giver % 23 + 1}",) if giver % 3 == 0 else (),
            },
        )
        for giver in range(60)
        for when in range(year, year + 4)
    ]


def _flow(identifier: str, kind: FlowKind, year: int, cents: int, given: dict[str, object]) -> Flow:
    said = {"currency": "USD", "source": "synthetic", "illustrative": True, **given}
    amount = Decimal(cents).scaleb(-2)
    return Flow(id=identifier, kind=kind, year=year, amount=amount, **said)  # type: ignore[arg-type]


def _rates(year: int) -> dict[str, ExchangeRate]:
    return {
        f"eur-{each}": ExchangeRate(
            id=f"eur-{each}", currency="EUR", year=each, per_usd=Decimal("0.9"), source="synthetic"
        )
        for each in range(year, year + 5)
    }


def _actor(country: str, number: int) -> Actor:
    return Actor(
        id=f"{country.lower()}-{number}",
        name=f"Synthetic {KINDS[number]} {number} of {country}",
        kind=KINDS[number],
        level=Level.NATIONAL,
        place=country,
        illustrative=True,
    )


def _commitment(
    number: int,
    country: str,
    steps: int,
    as_of: date,
    later: list[str],
    provisions: list[str],
    groups: list[str],
    needs: list[str],
) -> Commitment:
    turn = number // 7
    known = " ".join(WORDS).split()
    words = " ".join(known[(turn * 5 + at * 3) % len(known)] for at in range(8))
    lead = f"{country.lower()}-{turn % ACTORS_OF_A_COUNTRY}" if number % 9 else None
    partner = f"{country.lower()}-{(turn + 3) % ACTORS_OF_A_COUNTRY}"
    return Commitment(
        id=f"syn-{number:06d}",
        what=f"Synthetic commitment {number}: {words}.",
        place=country,
        lead=lead,
        origin=list(Origin)[turn % len(Origin)],
        origin_source="synthetic",
        provisions=tuple(dict.fromkeys((provisions[turn % 23], provisions[(turn * 7) % 23]))),
        groups=(groups[turn % len(groups)],) if number % 4 else (),
        needs=(needs[turn % len(needs)],),
        due=as_of + timedelta(days=400 + turn % 900) if number % 5 else None,
        result=ResultKind.YES_OR_NO,
        result_statement="Synthetic.",
        status=Status.UNDER_WAY,
        proposed=number % 11 == 0,
        illustrative=True,
        partners=(Partner(actor=partner, role=PartnerRole.MONITORS),) if partner != lead else (),
        steps=tuple(_step(number, at, as_of, later) for at in range(steps)),
    )


def _step(number: int, at: int, as_of: date, later: list[str]) -> Step:
    if (number + at) % 5 == 0:
        return Step(id=f"s{at}", what=f"Synthetic step {at}", forum=later[number % len(later)])
    due = as_of + timedelta(days=(number * 13 + at * 211) % 900 - 300)
    return Step(id=f"s{at}", what=f"Synthetic step {at}", due=due)


def _report(commitment: Commitment, step: Step) -> Report:
    day = step.due or date.min
    return Report(
        id=f"{commitment.id}-{step.id}-r",
        commitment=commitment.id,
        step=step.id,
        by=commitment.lead or commitment.partners[0].actor,
        reported=day,
        outcome=Outcome.MET,
        met_on=day,
        illustrative=True,
    )
