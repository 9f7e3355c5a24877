"""Plans, commitments with their steps, reports on them, good practices and protectors."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from waymark.compact.dates import PartialDate
from waymark.compact.places import Level
from waymark.compact.provisions import ProvisionId, TagId
from waymark.plans.vocabulary import (
    Address,
    AsWords,
    Figure,
    Language,
    Line,
    Origin,
    Outcome,
    PartnerRole,
    PlaceRef,
    ResultKind,
    Slug,
    Status,
    Text,
    Year,
)
from waymark.reading import Value

MOST_STEPS = 40
MOST_PARTNERS = 40


class Plan(Value):
    """An action plan at one of the four levels; ``parent`` is the plan that it carries out."""

    id: Slug
    title: Line
    language: Language = "en"
    level: Level
    place: PlaceRef
    lead: Slug | None = None
    parent: Slug | None = None
    starts: PartialDate | None = None
    ends: PartialDate | None = None
    document: Address = ""
    summary: Text = ""
    illustrative: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Plan:
        if self.starts and self.ends and self.ends < self.starts[: len(self.ends)]:
            raise ValueError("the plan ends before it starts")
        return self


class Partner(Value):
    """An actor with a part in a commitment."""

    actor: Slug
    role: PartnerRole


class Step(Value):
    """An interim step, due at a forum or on a date: one of the two, never both (R20).

    ``value`` is the figure to be reached by then, in the unit of the commitment's indicator.
    """

    id: Slug
    what: Line
    due: date | None = None
    forum: Slug | None = None
    value: Figure | None = None
    dropped: bool = False
    dropped_because: Text = ""

    @model_validator(mode="after")
    def _due_once(self) -> Step:
        if (self.due is None) == (self.forum is None):
            raise ValueError("a step is due on a date or at a forum: give one of the two")
        if self.dropped and not self.dropped_because:
            raise ValueError("a dropped step says why: fill in 'dropped_because'")
        return self


class Commitment(Value):
    """What somebody will do: which provisions and people it serves, who leads it, by when.

    ``what`` is in the words of whoever made it. ``proposed`` marks provisions and tags that a rule
    proposed and nobody has confirmed. ``lead_because`` says why a lead without a mandate leads;
    ``status_because`` why the status differs from the computed state. ``target`` is a value of
    ``series`` to be reached by ``due``, from ``baseline`` in ``baseline_year``.
    """

    id: Slug
    what: Annotated[Text, Field(min_length=3)]
    language: Language = "en"
    place: PlaceRef
    lead: Slug | None = None
    lead_because: Text = ""
    plan: Slug | None = None
    origin: Origin
    origin_source: Text = ""
    forum: Slug | None = None
    practice: Slug | None = None
    provisions: Annotated[tuple[ProvisionId, ...], AsWords] = ()
    groups: Annotated[tuple[TagId, ...], AsWords] = ()
    needs: Annotated[tuple[TagId, ...], AsWords] = ()
    stages: Annotated[tuple[TagId, ...], AsWords] = ()
    proposed: bool = False
    due: date | None = None
    result: ResultKind | None = None
    result_statement: Text = ""
    series: str | None = None
    target: Figure | None = None
    baseline: Figure | None = None
    baseline_year: Year | None = None
    status: Status = Status.NOT_STARTED
    status_because: Text = ""
    illustrative: bool = False
    partners: Annotated[tuple[Partner, ...], Field(max_length=MOST_PARTNERS)] = ()
    steps: Annotated[tuple[Step, ...], Field(max_length=MOST_STEPS)] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Commitment:
        ids = [step.id for step in self.steps]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise ValueError(f"the step {', '.join(twice)} is there twice")
        parts = [f"{partner.actor} ({partner.role})" for partner in self.partners]
        twice = sorted({each for each in parts if parts.count(each) > 1})
        if twice:
            raise ValueError(f"the partner {', '.join(twice)} is there twice")
        if self.result is ResultKind.TARGET and (self.series is None or self.target is None):
            raise ValueError("a target needs a series and a value: fill in 'series' and 'target'")
        return self


class Report(Value):
    """What an actor says of a step on a day; without a step, of the whole commitment."""

    id: Slug
    commitment: Slug
    step: Slug | None = None
    by: Slug
    reported: date
    outcome: Outcome
    met_on: date | None = None
    text: Text = ""
    evidence: Address = ""
    illustrative: bool = False

    @model_validator(mode="after")
    def _met_when(self) -> Report:
        if self.outcome is Outcome.MET and self.met_on is None:
            raise ValueError("a step that is met says when: fill in 'met_on'")
        if self.met_on is not None and self.met_on > self.reported:
            raise ValueError("'met_on' is later than the day of the report")
        return self


class GoodPractice(Value):
    """Something that works somewhere, with its evidence, on which commitments can be built (R3)."""

    id: Slug
    title: Line
    language: Language = "en"
    place: PlaceRef
    actor: Slug | None = None
    provisions: Annotated[tuple[ProvisionId, ...], AsWords] = ()
    since: PartialDate | None = None
    summary: Text = ""
    evidence: Address = ""
    illustrative: bool = False


class Protector(Value):
    """An actor that stands up for a provision: it is named when a new draft weakens it (R4)."""

    id: Slug
    actor: Slug
    provision: ProvisionId
    since: PartialDate
    statement: Text = ""
    source: Text = ""
    illustrative: bool = False


class Consultation(Value):
    """A consultation: where, when, and how far it reached (R26). A figure may be *over* a number.

    ``organisations``, ``people``, ``countries`` and ``governments`` are counts, absent where the
    source does not give them; ``about`` says how exact the source is, in its sense.
    """

    id: Slug
    title: Line
    language: Language = "en"
    level: Level
    place: PlaceRef
    year: Annotated[int, Field(ge=1990, le=2100)]
    events: int | None = None
    organisations: int | None = None
    people: int | None = None
    countries: int | None = None
    governments: int | None = None
    about: Text = ""
    source: Line
