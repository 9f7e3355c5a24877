"""Small registers, drawn at random, whose references all lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from waymark.compact.framework import Framework
from waymark.compact.loading import load_framework
from waymark.compact.places import Level
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
from waymark.plans.flows import Earmarking, Flow, FlowKind
from waymark.plans.forums import load_forums
from waymark.plans.prices import Deflator, ExchangeRate
from waymark.plans.register import Register
from waymark.plans.vocabulary import (
    CONTROL,
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
from waymark.reading import Value
from waymark.words import LANGUAGES

FRAMEWORK: Framework = load_framework()
FORUMS = load_forums()
SERIES = ("SG_REG_BRTH", "SM_POP_REFG_OR")
PLACES = ("KEN", "UGA", "DEU", "014", "001")
ACTORS = {
    "actor": Actor(id="actor", name="Example", kind="ministry", level="national", place="KEN")
}
EXAMPLE = st.just("An example")
PROVISIONS = ("gcm:15", "gcm:15.b", "gcm:15.c", "gcm:7", "gcm:7.a", "gcr:68", "sdg:10.7")
T = TypeVar("T")
V = TypeVar("V", bound=Value)

letters = st.one_of(
    st.sampled_from(list(",;\"'\n\t =+-@|éß")),
    st.sampled_from(list("ابتثجلام٠١٢«»،")),
    st.characters(codec="utf-8").filter(lambda letter: not CONTROL.search(letter)),
)
texts = st.builds(
    str.__add__,
    st.sampled_from(["", "=", "+1", "-", "@", "\ufeff", "'"]),
    st.text(letters, max_size=30),
)
lines = texts.filter(str.strip)
days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
amounts = st.decimals(-(10**15), 10**15, places=2)
figures = st.none() | st.decimals(-(10**9), 10**9, places=4) | st.sampled_from([Decimal("1E+9")])
partial_days = st.none() | days.flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day}"])
)
languages = st.sampled_from(LANGUAGES)
addresses = st.sampled_from(["", "https://example.org/a,b?c=d;e", "http://example.org/مثال"])
levels = st.sampled_from(Level)


def some(values: st.SearchStrategy[T] | list[T], most: int = 3) -> st.SearchStrategy[tuple[T, ...]]:
    one = values if isinstance(values, st.SearchStrategy) else st.sampled_from(values)
    return st.lists(one, max_size=most, unique=True).map(tuple)


def one_of(values: dict[str, Any]) -> st.SearchStrategy[str | None]:
    """The identifier of one of these, or none."""
    return st.sampled_from([None, *values])


def make(
    draw: st.DrawFn,
    build: Callable[..., V],
    stem: str,
    fields: dict[str, st.SearchStrategy[Any]],
    most: int = 3,
) -> dict[str, V]:
    """A few values of a kind, each field drawn, in an order that is not that of the names."""
    names = draw(
        st.permutations([f"{stem}-{number}" for number in range(draw(st.integers(0, most)))])
    )
    made = (build(id=name, **draw(st.fixed_dictionaries(fields))) for name in names)
    return {str(getattr(each, "id")): each for each in made}  # noqa: B009


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
def flows(
    draw: st.DrawFn,
    commitments: dict[str, Commitment],
    actors: dict[str, Actor],
    places: st.SearchStrategy[str],
) -> dict[str, Flow]:
    """Some rows of money, each of which may pass on one before it, in any order."""
    fields = {
        "kind": st.sampled_from(FlowKind),
        "amount": amounts,
        "currency": st.sampled_from(["USD", "EUR", "KES"]),
        "provider": one_of(actors),
        "provider_name": st.none() | lines,
        "receiver": one_of(actors),
        "receiver_name": st.none() | lines,
        "place": places,
        "sector": st.sampled_from(["", "15190", "01010"]),
        "earmarking": st.sampled_from(Earmarking),
        "commitment": one_of(commitments),
        "provisions": some(list(PROVISIONS)),
        "groups": some(list(FRAMEWORK.groups)),
        "by": one_of(actors),
        "source": texts,
        "release": texts,
        "row": st.none() | st.integers(1, 10**9),
        "illustrative": st.booleans(),
    }
    found: dict[str, Flow] = {}
    for number in range(draw(st.integers(0, 4))):
        day = draw(days)
        when = draw(st.sampled_from(["year", "day", "window"]))
        found[f"flow-{number}"] = Flow(
            id=f"flow-{number}",
            year=day.year,
            day=None if when == "year" else day,
            ends=day + timedelta(days=draw(st.integers(0, 1500))) if when == "window" else None,
            onward_of=draw(one_of(found)),
            **draw(st.fixed_dictionaries(fields)),
        )
    return {name: found[name] for name in draw(st.permutations(list(found)))}


@st.composite
def prices(draw: st.DrawFn, build: Callable[..., V], amount: str) -> dict[str, V]:
    """Some rates or price levels, a currency once a year."""
    keys = st.tuples(st.sampled_from(["EUR", "KES"]), st.integers(2019, 2022))
    found = {}
    for currency, year in draw(st.lists(keys, max_size=3, unique=True)):
        name = f"{currency.lower()}-{year}"
        value = draw(st.decimals(Decimal("0.0001"), 10**6, places=4))
        told = {"source": draw(lines), amount: value}
        found[name] = build(id=name, currency=currency, year=year, **told)
    return found


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
            "origin": st.sampled_from(Origin),
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
