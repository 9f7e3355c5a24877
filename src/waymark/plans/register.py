"""The register: everything that people have entered and published, checked against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

from waymark.compact.framework import Framework
from waymark.compact.places import WORLD
from waymark.plans.actors import Actor, Locality, Mandate
from waymark.plans.assessments import Assessment, Round
from waymark.plans.capacity import CapacityNeed, CapacityOffer, CapacityRequest, why_not_joined
from waymark.plans.commitments import (
    Commitment,
    Consultation,
    GoodPractice,
    Plan,
    Protector,
    Report,
)
from waymark.plans.flows import Flow
from waymark.plans.forums import Forum
from waymark.plans.prices import Deflator, ExchangeRate
from waymark.plans.vocabulary import Decision, Origin
from waymark.reading import Value

V = TypeVar("V", bound=Value)
By = Mapping[str, V]
KINDS: dict[str, type[Value]] = {  # in the order in which they refer to each other
    "localities": Locality,
    "actors": Actor,
    "mandates": Mandate,
    "plans": Plan,
    "practices": GoodPractice,
    "capacity_needs": CapacityNeed,
    "capacity_offers": CapacityOffer,
    "capacity_requests": CapacityRequest,
    "commitments": Commitment,
    "reports": Report,
    "rounds": Round,
    "assessments": Assessment,
    "protectors": Protector,
    "consultations": Consultation,
    "flows": Flow,
    "rates": ExchangeRate,
    "deflators": Deflator,
}


class Fault(NamedTuple):
    """A reference that leads nowhere: the kind and identifier that holds it, the field, the why.

    Inside a commitment the kind is ``partners`` or ``steps``, and the identifier is that of the
    commitment and that of the actor or the step, with a blank between them.
    """

    kind: str
    id: str
    field: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class Register:
    """What is published, by kind and identifier, in the order in which it was entered."""

    localities: By[Locality] = field(default_factory=dict)
    actors: By[Actor] = field(default_factory=dict)
    mandates: By[Mandate] = field(default_factory=dict)
    plans: By[Plan] = field(default_factory=dict)
    practices: By[GoodPractice] = field(default_factory=dict)
    commitments: By[Commitment] = field(default_factory=dict)
    reports: By[Report] = field(default_factory=dict)
    rounds: By[Round] = field(default_factory=dict)
    assessments: By[Assessment] = field(default_factory=dict)
    protectors: By[Protector] = field(default_factory=dict)
    consultations: By[Consultation] = field(default_factory=dict)
    flows: By[Flow] = field(default_factory=dict)
    rates: By[ExchangeRate] = field(default_factory=dict)
    deflators: By[Deflator] = field(default_factory=dict)
    capacity_needs: By[CapacityNeed] = field(default_factory=dict)
    capacity_offers: By[CapacityOffer] = field(default_factory=dict)
    capacity_requests: By[CapacityRequest] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Mapping[str, Value]:
        """Everything of one kind (a name of ``KINDS``)."""
        found: Mapping[str, Value] = getattr(self, kind)
        return found

    def __len__(self) -> int:
        return sum(len(self.of_kind(kind)) for kind in KINDS)

    @cached_property
    def reports_of(self) -> Mapping[str, tuple[Report, ...]]:
        """The reports on each commitment, in the order in which they were entered."""
        return _grouped(self.reports.values())

    @cached_property
    def assessments_of(self) -> Mapping[str, tuple[Assessment, ...]]:
        """The assessments of each commitment."""
        return _grouped(self.assessments.values())

    @cached_property
    def flows_of(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows of each commitment that a flow names."""
        return _grouped(each for each in self.flows.values() if each.commitment is not None)

    def country_of(self, place: str) -> str:
        """The State or area that holds a locality; any other place is its own answer."""
        return self.up_from(place)[-1]

    def up_from(self, place: str) -> list[str]:
        """A place and the localities that hold it, from the nearest up to its State or area."""
        found = [place]
        while place in self.localities and self.localities[place].parent not in found:
            place = self.localities[place].parent
            found.append(place)
        return found

    def of_place(self, framework: Framework, place: str) -> Register:
        """The commitments of a State (with its localities) and what hangs on them; all the rest
        stays, because mandates, actors and rounds of elsewhere may speak of this place.
        """
        if place == WORLD:
            return self
        inside = {place, *(found.id for found in framework.within(framework.place(place)))}
        kept = {
            each.id: each
            for each in self.commitments.values()
            if self.country_of(each.place) in inside
        }
        return replace(
            self,
            commitments=kept,
            reports={k: v for k, v in self.reports.items() if v.commitment in kept},
            assessments={k: v for k, v in self.assessments.items() if v.commitment in kept},
            flows={
                k: v for k, v in self.flows.items() if v.commitment is None or v.commitment in kept
            },
        )


def _grouped(values: Iterable[V]) -> dict[str, tuple[V, ...]]:
    found: dict[str, list[V]] = {}
    for each in values:
        found.setdefault(str(getattr(each, "commitment")), []).append(each)  # noqa: B009
    return {key: tuple(each) for key, each in found.items()}


def faults(
    register: Register, framework: Framework, forums: Mapping[str, Forum], series: Iterable[str]
) -> Iterator[Fault]:
    """Every reference that leads nowhere: to a place, an actor, a provision, a tag, a series, a
    flow; what goes round in a circle; a currency that stands twice for a year."""
    known_series = set(series)
    places = {*framework.places, *register.localities}
    known: dict[str, tuple[str, object]] = {
        "place": ("place", places),
        "parent": ("", None),
        "actor": ("actor", register.actors),
        "lead": ("actor", register.actors),
        "by": ("actor", register.actors),
        "provider": ("actor", register.actors),
        "receiver": ("actor", register.actors),
        "onward_of": ("flow", register.flows),
        "plan": ("plan", register.plans),
        "practice": ("good practice", register.practices),
        "commitment": ("commitment", register.commitments),
        "round": ("round", register.rounds),
        "need": ("need for capacity", register.capacity_needs),
        "offer": ("offer of capacity", register.capacity_offers),
        "forum": ("forum", forums),
        "series": ("series", known_series),
    }
    parents: dict[str, tuple[str, object]] = {
        "localities": known["place"],
        "actors": known["actor"],
        "plans": known["plan"],
    }
    for kind in KINDS:
        for each in register.of_kind(kind).values():
            yield from _of_one(kind, each, known, parents, framework, register)
    yield from _of_capacity(register, places)
    yield from _of_prices("rates", register.rates.values())
    yield from _of_prices("deflators", register.deflators.values())


def _of_prices(kind: str, values: Iterable[ExchangeRate | Deflator]) -> Iterator[Fault]:
    """A currency that stands twice for a year, where one could not tell which of the two holds."""
    by: dict[tuple[str, int], list[str]] = {}
    for each in values:
        by.setdefault((each.currency, each.year), []).append(each.id)
    for (currency, year), found in by.items():
        for identifier in found if len(found) > 1 else ():
            others = " and ".join(each for each in found if each != identifier)
            problem = f"{currency} stands more than once for {year}, in {others} too"
            yield Fault(kind, identifier, "currency", problem, "Keep the one with the best source.")


def _of_one(
    kind: str,
    value: Value,
    known: Mapping[str, tuple[str, object]],
    parents: Mapping[str, tuple[str, object]],
    framework: Framework,
    register: Register,
) -> Iterator[Fault]:
    identifier = str(getattr(value, "id"))  # noqa: B009
    for name in type(value).model_fields:
        given = getattr(value, name)
        if given is None or given == ():
            continue
        what, holder = known.get(name, ("", None))
        if name == "parent":
            what, holder = parents[kind]
        if holder is not None and given not in holder:  # type: ignore[operator]
            yield Fault(
                kind,
                identifier,
                name,
                f"there is no {what} '{given}'",
                _nearest(given, holder),
            )
    yield from _of_tags(kind, identifier, value, framework)
    if isinstance(value, Commitment):
        yield from _of_commitment(value, known)
    if isinstance(value, Report) and value.step is not None:
        commitment = register.commitments.get(value.commitment)
        steps = [step.id for step in commitment.steps] if commitment else []
        if commitment and value.step not in steps:
            problem = f"{value.commitment} has no step '{value.step}'"
            remedy = f"Its steps are: {', '.join(steps)}." if steps else "Leave 'step' empty."
            yield Fault(kind, identifier, "step", problem, remedy)
    if kind in parents and _in_a_circle(identifier, "parent", register.of_kind(kind)):
        problem = "going up from parent to parent, one comes back"
        yield Fault(kind, identifier, "parent", problem, "Name the one above it.")
    if kind == "flows" and _in_a_circle(identifier, "onward_of", register.flows):
        problem = "going back from flow to flow, one comes to it again"
        yield Fault(kind, identifier, "onward_of", problem, "Name the flow that came before it.")


def _of_capacity(register: Register, places: set[str]) -> Iterator[Fault]:
    accepted: dict[str, int] = {}
    for request in register.capacity_requests.values():
        need = register.capacity_needs.get(request.need)
        offer = register.capacity_offers.get(request.offer)
        reason = why_not_joined(need, offer) if need and offer else None
        if reason is not None:
            problem = f"the need '{request.need}' cannot ask for '{request.offer}'"
            remedy = f"{reason.text()} Name another offer."
            yield Fault("capacity_requests", request.id, "offer", problem, remedy)
        if request.decision is Decision.ACCEPTED:
            accepted[request.offer] = accepted.get(request.offer, 0) + 1
    for offer in register.capacity_offers.values():
        for place in offer.places:
            if place not in places:
                problem = f"there is no place '{place}'"
                remedy = _nearest(place, places)
                yield Fault("capacity_offers", offer.id, "places", problem, remedy)
        taken = accepted.get(offer.id, 0)
        if offer.times is not None and taken > offer.times:
            problem = f"{taken} requests are accepted, and it can serve {offer.times}"
            remedy = "Raise 'times', or let one of the requests be withdrawn."
            yield Fault("capacity_offers", offer.id, "times", problem, remedy)
    for commitment in register.commitments.values():
        source = commitment.origin_source
        asked = commitment.origin is Origin.CAPACITY_REQUEST and source != ""
        if asked and source not in register.capacity_requests:
            problem = f"there is no request for capacity '{source}'"
            remedy = _nearest(source, register.capacity_requests)
            yield Fault("commitments", commitment.id, "origin_source", problem, remedy)


def _in_a_circle(identifier: str, above: str, values: Mapping[str, Value]) -> bool:
    seen = set()
    at: str | None = identifier
    while at in values and at not in seen:
        seen.add(at)
        at = getattr(values[str(at)], above)
    return at in seen


def _of_tags(kind: str, identifier: str, value: Value, framework: Framework) -> Iterator[Fault]:
    lists = {"groups": framework.groups, "needs": framework.needs, "stages": framework.stages}
    for name, known in lists.items():
        for tag in getattr(value, name, ()):
            if tag not in known:
                yield Fault(
                    kind, identifier, name, f"'{tag}' is not known", f"Known: {', '.join(known)}."
                )
    provisions = getattr(value, "provisions", ())
    if hasattr(value, "provision"):
        provisions = (value.provision,)
    for provision in provisions:
        if provision not in framework.provisions:
            name = "provision" if hasattr(value, "provision") else "provisions"
            remedy = "Identifiers look like gcm:15, gcm:15.b or sdg:10.7."
            yield Fault(kind, identifier, name, f"there is no provision '{provision}'", remedy)


def _of_commitment(value: Commitment, known: Mapping[str, tuple[str, object]]) -> Iterator[Fault]:
    actors, forums = known["actor"][1], known["forum"][1]
    for partner in value.partners:
        if partner.actor not in actors:  # type: ignore[operator]
            problem = f"there is no actor '{partner.actor}'"
            remedy = _nearest(partner.actor, actors)
            yield Fault("partners", f"{value.id} {partner.actor}", "actor", problem, remedy)
    for step in value.steps:
        if step.forum is not None and step.forum not in forums:  # type: ignore[operator]
            problem = f"there is no forum '{step.forum}'"
            remedy = _nearest(step.forum, forums)
            yield Fault("steps", f"{value.id} {step.id}", "forum", problem, remedy)


def _nearest(given: object, known: object) -> str:
    import difflib  # only where something is wrong

    close = difflib.get_close_matches(str(given), [str(each) for each in known], n=3)  # type: ignore[attr-defined]
    return (
        f"Did you mean {' or '.join(close)}?" if close else "Enter it first, or correct the name."
    )
