"""Needs for capacity, offers and requests of any number: seeded, and marked as made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from waymark.compact.framework import Framework
from waymark.plans.actors import Actor
from waymark.plans.capacity import CapacityNeed, CapacityOffer, CapacityRequest
from waymark.plans.commitments import Commitment, Step
from waymark.plans.register import Register
from waymark.plans.vocabulary import CapacityKind, Decision, Origin, Presence, Terms

KINDS = list(CapacityKind)
WEIGHTS = (8, 4, 4, 3, 5, 2)  # training is asked for most
SPOKEN = ("en", "fr", "es", "ar", "pt", "ru", "zh", "sw")
REGIONS = ("002", "019", "142", "150", "009", "202", "005", "034", "145", "155")
WORDS = (
    "train border officers in screening",
    "lend statisticians",
    "share register software",
    "draft a law on recruitment",
    "host a course for labour inspectors",
    "pay for translators",
)
ASKED = 5  # of so many needs one is asked for


def with_capacity(
    register: Register, framework: Framework, *, needs: int, offers: int, as_of: date
) -> Register:
    """The register with so many needs and offers of its actors, over all kinds, provisions and
    places; with a request for every fifth need and deliveries of the accepted ones.
    """
    chance = random.Random(22)
    actors = list(register.actors.values())
    wanted = [_need(number, chance, actors, framework, as_of) for number in range(needs)]
    given = [_offer(number, chance, actors, framework, as_of) for number in range(offers)]
    requests = list(_requests(chance, wanted, given, as_of))
    delivered = [
        _delivery(each, wanted, as_of)
        for each in requests
        if each.decision is Decision.ACCEPTED and chance.random() < 0.6
    ]
    return replace(
        register,
        commitments={**register.commitments, **{each.id: each for each in delivered}},
        capacity_needs={each.id: each for each in wanted},
        capacity_offers={each.id: each for each in given},
        capacity_requests={each.id: each for each in requests},
    )


def _said(chance: random.Random, framework: Framework, as_of: date) -> dict[str, object]:
    """What needs and offers say alike; some of it is left open, as people do."""
    provisions = list(framework.provisions)
    starts = as_of + timedelta(days=chance.randint(-400, 700))
    ends = starts + timedelta(days=chance.randint(30, 900))
    spoken = tuple(chance.sample(SPOKEN, chance.randint(1, 3)))
    return {
        "what": f"Made up: {chance.choice(WORDS)}.",
        "kind": chance.choices(KINDS, WEIGHTS)[0],
        "provisions": tuple(chance.sample(provisions, chance.choice((0, 1, 1, 1, 2, 3)))),
        "groups": tuple(chance.sample(list(framework.groups), chance.choice((0, 0, 1, 2)))),
        "starts": starts.isoformat() if chance.random() < 0.7 else None,
        "ends": ends.isoformat() if chance.random() < 0.7 else None,
        "languages": spoken if chance.random() < 0.7 else (),
        "presence": chance.choice((None, *Presence)),
        "terms": chance.choice((None, *Terms)),
        "people": chance.choice((None, 5, 20, 100)),
        "days": chance.choice((None, 2, 10, 60)),
        "illustrative": True,
    }


def _need(
    number: int, chance: random.Random, actors: Sequence[Actor], framework: Framework, as_of: date
) -> CapacityNeed:
    actor = chance.choice(actors)
    closed = {"closed": as_of, "closed_because": "Made up."} if chance.random() < 0.03 else {}
    said = {**_said(chance, framework, as_of), **closed}
    return CapacityNeed.model_validate(
        {"id": f"need-{number:06d}", "actor": actor.id, "place": actor.place, **said}
    )


def _offer(
    number: int, chance: random.Random, actors: Sequence[Actor], framework: Framework, as_of: date
) -> CapacityOffer:
    countries = [place.id for place in framework.countries]
    drawn = chance.random()
    if drawn < 0.1:
        places = ["001"]
    elif drawn < 0.35:
        places = [chance.choice(REGIONS)]
    else:
        places = chance.sample(countries, chance.randint(1, 6))
    return CapacityOffer.model_validate(
        {
            "id": f"offer-{number:06d}",
            "actor": chance.choice(actors).id,
            "places": tuple(places),
            "times": chance.choice((None, None, 1, 3, 10)),
            **_said(chance, framework, as_of),
        }
    )


def _requests(
    chance: random.Random,
    needs: Sequence[CapacityNeed],
    offers: Sequence[CapacityOffer],
    as_of: date,
) -> list[CapacityRequest]:
    by_kind = {kind: [each for each in offers if each.kind is kind] for kind in KINDS}
    found = []
    for number, need in enumerate(needs[::ASKED]):
        fitting = [each for each in by_kind[need.kind] if each.actor != need.actor]
        if not fitting:
            continue
        asked = as_of - timedelta(days=chance.randint(20, 300))
        decision = chance.choice((None, Decision.ACCEPTED, Decision.ACCEPTED, Decision.DECLINED))
        found.append(
            CapacityRequest(
                id=f"request-{number:06d}",
                need=need.id,
                offer=chance.choice(fitting).id,
                asked=asked,
                decision=decision,
                decided=asked + timedelta(days=10) if decision else None,
                decided_because="Made up." if decision is Decision.DECLINED else "",
                illustrative=True,
            )
        )
    return found


def _delivery(request: CapacityRequest, needs: Sequence[CapacityNeed], as_of: date) -> Commitment:
    need = needs[int(request.need.removeprefix("need-"))]
    due = as_of + timedelta(days=int(request.id[-3:]) - 400)
    return Commitment(
        id=f"deliver-{request.id}",
        what="Made up: deliver what was asked for.",
        place=need.place,
        origin=Origin.CAPACITY_REQUEST,
        origin_source=request.id,
        provisions=need.provisions,
        steps=(Step(id="s1", what="Made up: the first course", due=due),),
        illustrative=True,
    )
