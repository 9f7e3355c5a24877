"""Small made-up values of a register: each has what it must have, and the rest as a test asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from waymark.compact.places import Level
from waymark.plans.actors import Actor, Locality, Mandate
from waymark.plans.assessments import Assessment, Round
from waymark.plans.capacity import CapacityNeed, CapacityOffer, CapacityRequest
from waymark.plans.commitments import (
    Commitment,
    Consultation,
    GoodPractice,
    Partner,
    Plan,
    Protector,
    Report,
    Step,
)
from waymark.plans.flows import Earmarking, Flow, FlowKind
from waymark.plans.forums import Forum
from waymark.plans.prices import Deflator, ExchangeRate
from waymark.plans.register import Register
from waymark.plans.vocabulary import (
    ActorKind,
    AssessedState,
    CapacityKind,
    Decision,
    MandateKind,
    Origin,
    Outcome,
    PartnerRole,
    ResultKind,
    Status,
)
from waymark.reading import Value
from waymark.words import Label

DAY = date(2027, 6, 30)  # on which the example steps are due


def example_actor(
    identifier: str = "example-ministry",
    kind: ActorKind = ActorKind.MINISTRY,
    place: str = "KEN",
    **rest: Any,
) -> Actor:
    name = identifier.replace("-", " ").capitalize()
    given = {"name": name, "level": Level.NATIONAL, "illustrative": True, **rest}
    return Actor(id=identifier, kind=kind, place=place, **given)


def example_flow(
    kind: FlowKind = FlowKind.COST, amount: str = "100", identifier: str = "flow", **rest: Any
) -> Flow:
    given = {"currency": "USD", "year": 2026, "place": "KEN", "commitment": "example", **rest}
    return Flow.model_validate({"id": identifier, "kind": kind, "amount": amount, **given})


def example_rate(currency: str, year: int, per_usd: str) -> ExchangeRate:
    identifier = f"{currency.lower()}-{year}"
    return ExchangeRate(
        id=identifier, currency=currency, year=year, per_usd=Decimal(per_usd), source="made up"
    )


def example_locality(identifier: str = "KE-30", parent: str = "KEN") -> Locality:
    return Locality(id=identifier, name=f"Example locality {identifier}", parent=parent)


def example_mandate(
    actor: str = "example-ministry", provision: str = "gcm:15", place: str = "KEN"
) -> Mandate:
    identifier = f"{actor}-{provision}-{place}".replace(":", "-").replace(".", "-").lower()
    return Mandate(
        id=identifier,
        actor=actor,
        provision=provision,
        kind=MandateKind.LEAD,
        place=place,
        basis="An example of a law",
    )


def example_need(identifier: str = "example-need", **rest: Any) -> CapacityNeed:
    given = {
        "actor": "example-ministry",
        "what": "Learn to weave example baskets",
        "kind": CapacityKind.TRAINING,
        "place": "KEN",
        "illustrative": True,
        **rest,
    }
    return CapacityNeed(id=identifier, **given)


def example_offer(identifier: str = "example-offer", **rest: Any) -> CapacityOffer:
    given = {
        "actor": "example-ngo",
        "what": "Teach how to weave example baskets",
        "kind": CapacityKind.TRAINING,
        "places": ("001",),
        "illustrative": True,
        **rest,
    }
    return CapacityOffer(id=identifier, **given)


def example_request(
    identifier: str = "example-request", decision: Decision | None = None, **rest: Any
) -> CapacityRequest:
    given = {
        "need": "example-need",
        "offer": "example-offer",
        "asked": date(2026, 2, 1),
        "decided": date(2026, 3, 1) if decision else None,
        "decided_because": "An example of a reason" if decision else "",
        "illustrative": True,
        **rest,
    }
    return CapacityRequest(id=identifier, decision=decision, **given)


def example_step(
    identifier: str = "first", due: date | None = DAY, forum: str | None = None, **rest: Any
) -> Step:
    given = {"what": f"Take the {identifier} example step", **rest}
    return Step(id=identifier, due=None if forum else due, forum=forum, **given)


def example_commitment(identifier: str = "example", **rest: Any) -> Commitment:
    given = {
        "what": f"Do what {identifier} says",
        "place": "KEN",
        "origin": Origin.NATIONAL_PLAN,
        "illustrative": True,
        **rest,
    }
    return Commitment(id=identifier, **given)


def example_partner(actor: str, role: PartnerRole = PartnerRole.ADVISES) -> Partner:
    return Partner(actor=actor, role=role)


def example_report(
    reported: date,
    outcome: Outcome = Outcome.NOT_MET,
    *,
    identifier: str = "example-report",
    commitment: str = "example",
    step: str | None = "first",
    by: str = "example-ministry",
    met_on: date | None = None,
) -> Report:
    return Report(
        id=identifier,
        commitment=commitment,
        step=step,
        by=by,
        reported=reported,
        outcome=outcome,
        met_on=met_on,
        illustrative=True,
    )


def example_round(identifier: str = "example-round", **rest: Any) -> Round:
    given = {
        "title": "Example round",
        "forum": "imrf-2030",
        "place": "KEN",
        "opens": date(2027, 1, 1),
        "closes": date(2027, 3, 31),
        **rest,
    }
    return Round(id=identifier, **given)


def example_assessment(
    by: str, state: AssessedState, *, commitment: str = "example", round: str = "example-round"
) -> Assessment:
    return Assessment(
        id=f"{round}-{by}-{commitment}-{state}",
        commitment=commitment,
        round=round,
        by=by,
        state=state,
        assessed=date(2027, 2, 1),
        illustrative=True,
    )


def example_forum(
    identifier: str,
    ends: str,
    *,
    starts: str | None = None,
    instruments: tuple[str, ...] = ("gcm",),
) -> Forum:
    return Forum(
        id=identifier,
        label=Label({"en": f"Example forum {identifier}", "ar": "منتدى"}),
        starts=starts or ends,
        ends=ends,
        instruments=instruments,
        basis="An example",
    )


def example_register(**kinds: Iterable[Value]) -> Register:
    """A register of the values given, by kind: ``commitments=[...], actors=[...]``."""
    by_kind: dict[str, Any] = {
        kind: {str(getattr(each, "id")): each for each in values}  # noqa: B009
        for kind, values in kinds.items()
    }
    return Register(**by_kind)


AWKWARD = 'First, a "quoted" word;\n=SUM(A1:A9)\n\nالتزام مثالي, and the rest'

FULL_REGISTER = example_register(
    localities=[example_locality("KE-30"), example_locality("KE-31", parent="KE-30")],
    actors=[
        example_actor(led_by=("women", "youth")),
        example_actor("example-unit", parent="example-ministry", place="KE-30"),
        example_actor(
            "example-ngo", level=Level.SUBNATIONAL, name="مثال", language="ar", source=AWKWARD
        ),
    ],
    mandates=[example_mandate(), example_mandate("example-unit", "gcm:7.b", "KE-30")],
    plans=[
        Plan(id="plan", title="Example plan", level=Level.NATIONAL, place="KEN", starts="2026-05"),
        Plan(id="city-plan", title="-1", level=Level.SUBNATIONAL, place="KE-30", parent="plan"),
    ],
    practices=[
        GoodPractice(
            id="practice",
            title="Example practice",
            place="UGA",
            actor="example-ngo",
            provisions=("gcm:15.b", "gcm:7"),
            since="2019",
            evidence="https://example.org/a?b=c,d",
        )
    ],
    capacity_needs=[
        example_need(
            provisions=("gcm:15.b", "sdg:10.7"),
            groups=("children", "women"),
            place="KE-30",
            starts="2026-05",
            ends="2027",
            languages=("sw", "fr"),
            presence="in-person",
            terms="cost-shared",
            people=30,
            days=5,
            conditions="An example of a condition",
            closed=date(2027, 2, 3),
            closed_because="An example of a reason",
            source="An example of a source",
        ),
        example_need("bare-need", what=AWKWARD, kind="staff", language="ar", illustrative=False),
    ],
    capacity_offers=[
        example_offer(
            provisions=("gcm:15", "gcr:68"),
            groups=("general",),
            places=("KEN", "014", "KE-31"),
            starts="2026",
            ends="2028-02-28",
            languages=("sw", "pt"),
            presence="either",
            terms="free",
            people=40,
            days=5,
            times=1,
            conditions="=1+1",
            source="An example of a source",
        ),
        example_offer("bare-offer", what=AWKWARD, kind="staff", illustrative=False),
    ],
    capacity_requests=[
        example_request(decision=Decision.ACCEPTED, message="+1", language="fr"),
        example_request("waiting-request", need="bare-need", offer="bare-offer", message=AWKWARD),
    ],
    commitments=[
        example_commitment(
            lead="example-ministry",
            lead_because="An example of a reason",
            plan="plan",
            practice="practice",
            forum="imrf-2026",
            origin=Origin.PLEDGE,
            origin_source="https://example.org",
            provisions=("gcm:15.b", "gcr:68", "sdg:10.7"),
            groups=("children", "women"),
            needs=("health",),
            stages=("transit", "entry"),
            proposed=True,
            due=date(2030, 12, 31),
            result=ResultKind.TARGET,
            series="SG_REG_BRTH",
            target=Decimal("99.50"),
            baseline=Decimal("-0.0000001"),
            baseline_year=2020,
            status=Status.UNDER_WAY,
            partners=(
                example_partner("example-ngo"),
                example_partner("example-unit", PartnerRole.FUNDS),
                example_partner("example-ngo", PartnerRole.FUNDS),
            ),
            steps=(
                example_step("first", DAY, value=Decimal("1E+3"), what="=1+1"),
                example_step("second", forum="imrf-2030"),
                example_step("third", dropped=True, dropped_because=AWKWARD),
            ),
        ),
        example_commitment("bare", what=AWKWARD, place="KE-31", illustrative=False),
        example_commitment(
            "delivery", origin=Origin.CAPACITY_REQUEST, origin_source="example-request"
        ),
    ],
    reports=[
        example_report(date(2027, 7, 1), Outcome.MET, identifier="r1", met_on=date(2027, 6, 30)),
        example_report(date(2027, 1, 1), identifier="r2", step=None, by="example-ngo"),
        example_report(date(2027, 7, 1), identifier="r0"),
    ],
    rounds=[example_round()],
    assessments=[example_assessment("example-ngo", AssessedState.NOT_KNOWN)],
    protectors=[
        Protector(id="protector", actor="example-ngo", provision="gcm:13.h", since="2026-01-02")
    ],
    consultations=[
        Consultation(
            id="consultation",
            title="Example consultation",
            level=Level.GLOBAL,
            place="001",
            year=2017,
            people=0,
            countries=140,
            source="An example",
        )
    ],
    flows=[
        example_flow(FlowKind.COST, "1000", "cost"),
        example_flow(
            FlowKind.COMMITMENT,
            "-0.10",
            "window",
            currency="EUR",
            day=date(2026, 7, 1),
            ends=date(2028, 6, 30),
            provider="example-ngo",
            receiver_name=AWKWARD.strip(),
            place="KE-31",
            sector="15190",
            earmarking=Earmarking.SOFTLY_EARMARKED,
            provisions=("gcm:15.b", "gcm:7"),
            groups=("women", "children"),
            by="example-ngo",
            source='a "list"; of the giver, =1+1',
            release="a list of 2026",
            row=7,
        ),
        example_flow(
            FlowKind.PLEDGE, "5", "aside", commitment=None, place="001", onward_of="window"
        ),
    ],
    rates=[example_rate("EUR", 2026, "0.8"), example_rate("EUR", 2027, "0.85000")],
    deflators=[
        Deflator(id="eur-2020", currency="EUR", year=2020, level=Decimal("99.5"), source="made up")
    ],
)
