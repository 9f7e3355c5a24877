"""Small registers, drawn at random, whose references all lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.property.drawn import (
    ACTORS,
    EXAMPLE,
    FORUMS,
    FRAMEWORK,
    PLACES,
    PROVISIONS,
    SERIES,
    addresses,
    days,
    figures,
    languages,
    levels,
    lines,
    make,
    one_of,
    partial_days,
    some,
    texts,
)
from tests.property.moneys import flows, prices
from waymark.plans.actors import Actor, Locality, Mandate
from waymark.plans.assessments import Assessment, Round
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
from waymark.plans.prices import Deflator, ExchangeRate
from waymark.plans.register import Register
from waymark.plans.vocabulary import (
    ActorKind,
    AssessedState,
    LedBy,
    MandateKind,
    Origin,
    Outcome,
    PartnerRole,
    ResultKind,
    Status,
)


@st.composite
def steps(
    draw: st.DrawFn, words: st.SearchStrategy[str], values: st.SearchStrategy[Decimal | None]
) -> tuple[Step, ...]:
    found = []
    for number in range(draw(st.integers(0, 3))):
        dropped = draw(st.booleans())
        forum = draw(one_of(dict.fromkeys(FORUMS)))
        found.append(
            Step(
                id=f"step-{number}",
                what=draw(words),
                due=draw(days) if forum is None else None,
                forum=forum,
                value=draw(values),
                dropped=dropped,
                dropped_because=draw(words) if dropped else "",
            )
        )
    return tuple(found)


@st.composite
def reports(
    draw: st.DrawFn,
    of: Commitment,
    name: str,
    actors: Iterable[str],
    words: st.SearchStrategy[str] = EXAMPLE,
) -> Report:
    """A report on a commitment or one of its steps."""
    outcome = draw(st.sampled_from(Outcome))
    reported = draw(days)
    ago = st.integers(0, 400).map(lambda count: reported - timedelta(days=count))
    return Report(
        id=name,
        commitment=of.id,
        step=draw(st.sampled_from([None, *(step.id for step in of.steps)])),
        by=draw(st.sampled_from(sorted(actors))),
        reported=reported,
        outcome=outcome,
        met_on=draw(ago if outcome is Outcome.MET else st.none() | ago),
        text=draw(words),
    )


@st.composite
def all_reports(
    draw: st.DrawFn,
    commitments: dict[str, Commitment],
    actors: Iterable[str],
    words: st.SearchStrategy[str] = EXAMPLE,
) -> dict[str, Report]:
    """Some reports on some commitments, in an order that is not that of their names."""
    names = [f"report-{number}" for number in range(draw(st.integers(0, 5)))] if commitments else []
    return {
        name: draw(reports(draw(st.sampled_from(list(commitments.values()))), name, actors, words))
        for name in draw(st.permutations(names))
    }


@st.composite
def deeds(draw: st.DrawFn) -> Register:
    """A small register of commitments, steps and reports alone, in plain words."""
    localities = {
        name: Locality(id=name, name="Example", parent=parent)
        for name, parent in (("KE-30", "KEN"), ("KE-31", "KE-30"))
    }
    commitments = make(
        draw,
        Commitment,
        "commitment",
        {
            "what": EXAMPLE,
            "place": st.sampled_from([*PLACES, *localities]),
            "lead": st.sampled_from([None, "actor"]),
            "origin": st.just(Origin.OTHER),
            "provisions": some(list(PROVISIONS)),
            "proposed": st.booleans(),
            "due": st.sampled_from([None, date(2028, 1, 1)]),
            "status": st.sampled_from(Status),
            "steps": steps(EXAMPLE, st.none()),
        },
    )
    return Register(
        localities=localities,
        actors=ACTORS,
        commitments=commitments,
        reports=draw(all_reports(commitments, ACTORS)),
    )


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """A small register whose references all lead somewhere, with every kind and every field."""
    localities = {
        name: Locality(id=name, name=draw(lines), language=draw(languages), parent=parent)
        for name, parent in (("KE-30", "KEN"), ("KE-31", "KE-30"), ("UG-1", "UGA"))
        if draw(st.booleans()) or name == "KE-30"
    }
    places = st.sampled_from([*PLACES, *localities])
    told = {"language": languages, "illustrative": st.booleans()}
    provisions = some(list(PROVISIONS))
    actors = ACTORS | make(
        draw,
        Actor,
        "actor",
        {
            "name": lines,
            "kind": st.sampled_from(ActorKind),
            "led_by": some(list(LedBy)),
            "level": levels,
            "place": places,
            "parent": st.sampled_from([None, "actor"]),
            "source": texts,
            **told,
        },
    )
    an_actor = st.sampled_from(list(actors))
    mandates = make(
        draw,
        Mandate,
        "mandate",
        {
            "actor": an_actor,
            "provision": st.sampled_from(PROVISIONS),
            "kind": st.sampled_from(MandateKind),
            "place": places,
            "basis": lines,
            "source": texts,
        },
    )
    plans = make(
        draw,
        Plan,
        "plan",
        {
            "title": lines,
            "level": levels,
            "place": places,
            "lead": one_of(actors),
            "ends": partial_days,
            "document": addresses,
            "summary": texts,
            **told,
        },
    )
    practices = make(
        draw,
        GoodPractice,
        "practice",
        {
            "title": lines,
            "place": places,
            "actor": one_of(actors),
            "provisions": provisions,
            "since": partial_days,
            "summary": texts,
            "evidence": addresses,
            **told,
        },
    )
    partners = some(st.builds(Partner, actor=an_actor, role=st.sampled_from(PartnerRole)))
    commitments = make(
        draw,
        Commitment,
        "commitment",
        {
            "what": lines.map("To do {}".format),
            "place": places,
            "lead": one_of(actors),
            "lead_because": texts,
            "plan": one_of(plans),
            "origin": st.sampled_from(
                [each for each in Origin if each is not Origin.CAPACITY_REQUEST]
            ),
            "origin_source": texts,
            "forum": one_of(dict.fromkeys(FORUMS)),
            "practice": one_of(practices),
            "provisions": provisions,
            "groups": some(list(FRAMEWORK.groups)),
            "needs": some(list(FRAMEWORK.needs)),
            "stages": some(list(FRAMEWORK.stages)),
            "proposed": st.booleans(),
            "due": st.none() | days,
            "result": st.sampled_from([None, ResultKind.YES_OR_NO]),
            "result_statement": texts,
            "series": st.sampled_from([None, *SERIES]),
            "target": figures,
            "baseline": figures,
            "baseline_year": st.none() | st.integers(1900, 2100),
            "status": st.sampled_from(Status),
            "status_because": texts,
            "partners": partners,
            "steps": steps(lines, figures),
            **told,
        },
    )
    entered = draw(all_reports(commitments, actors, texts))
    rounds = make(
        draw,
        Round,
        "round",
        {
            "title": lines,
            "forum": st.sampled_from(list(FORUMS)),
            "place": places,
            "opens": st.just(date(2027, 1, 1)),
            "closes": st.dates(date(2027, 1, 1), date(2029, 1, 1)),
            **told,
        },
    )
    assessments: dict[str, Assessment] = {}
    if commitments and rounds:
        assessments = make(
            draw,
            Assessment,
            "assessment",
            {
                "commitment": st.sampled_from(list(commitments)),
                "round": st.sampled_from(list(rounds)),
                "by": an_actor,
                "state": st.sampled_from(AssessedState),
                "assessed": days,
                "text": texts,
                "evidence": texts,
                "links": some(addresses.filter(bool)),
                "illustrative": st.booleans(),
            },
        )
    protectors = make(
        draw,
        Protector,
        "protector",
        {
            "actor": an_actor,
            "provision": st.sampled_from(PROVISIONS),
            "since": partial_days.filter(bool),
            "statement": texts,
        },
    )
    consultations = make(
        draw,
        Consultation,
        "consultation",
        {
            "title": lines,
            "level": levels,
            "place": places,
            "year": st.integers(1990, 2100),
            "people": st.none() | st.integers(0, 10**9),
            "about": texts,
            "source": lines,
        },
    )
    return Register(
        localities,
        actors,
        mandates,
        plans,
        practices,
        commitments,
        entered,
        rounds,
        assessments,
        protectors,
        consultations,
        draw(flows(commitments, actors, places)),
        draw(prices(ExchangeRate, "per_usd")),
        draw(prices(Deflator, "level")),
    )
