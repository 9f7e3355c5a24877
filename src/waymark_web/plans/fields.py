"""The fields of a form for each kind of thing: what is asked, in which words, how it is entered.

A form never refuses what somebody has typed: it becomes the document of a draft as it stands, and
``checks.checked`` says what is still missing. Names of fields are those of the library's values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict

from waymark.compact.places import Level
from waymark.plans.commitments import MOST_PARTNERS, MOST_STEPS
from waymark.plans.flows import Earmarking, FlowKind
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
from waymark.words import LANGUAGES, N_, NAMES_OF_LANGUAGES
from waymark_web.plans.asking import ILLUSTRATIVE, LANGUAGE, PLACE, Field, readable
from waymark_web.plans.capacity_fields import CAPACITY_FIELDS, CAPACITY_NAMES

Document = dict[str, Any]
LONGEST = 20_000  # characters that a draft keeps of one field
LEVELS = {
    Level.GLOBAL: N_("global"),
    Level.REGIONAL: N_("regional"),
    Level.NATIONAL: N_("national"),
    Level.SUBNATIONAL: N_("subnational"),
}
FIELDS: dict[str, tuple[Field, ...]] = {
    "commitments": (
        Field("what", N_("What will be done"), "text", N_("Say who does what, for whom.")),
        LANGUAGE,
        PLACE,
        Field(
            "lead",
            N_("Lead"),
            "actor",
            N_("The organization that answers for it. Type its name, or choose it."),
        ),
        Field(
            "lead_because",
            N_("Why it leads"),
            "line",
            N_("Only where the lead has no mandate for these objectives."),
            rare=True,
        ),
        Field("due", N_("Kept by"), "date", N_("The day by which it is done.")),
        Field("provisions", N_("Objectives that it serves"), "provisions"),
        Field("groups", N_("Groups that it is for"), "checks"),
        Field("needs", N_("Needs that it meets"), "checks", rare=True),
        Field("stages", N_("Stages of migration"), "checks", rare=True),
        Field(
            "proposed",
            N_("A rule proposed the objectives and groups, and nobody has confirmed them"),
            "check",
            N_("Clear this once you have looked at them."),
        ),
        Field("origin", N_("Where it comes from"), "select", choices=Origin),
        Field(
            "origin_source",
            N_("Source"),
            "text",
            N_("Where one can read the pledge, the recommendation or the proposal."),
        ),
        Field("forum", N_("Forum at which it was made"), "forum", rare=True),
        Field("plan", N_("Plan that it belongs to"), "plan"),
        Field("practice", N_("Good practice that it builds on"), "practice", rare=True),
        Field("result", N_("How one will see that it is kept"), "select", choices=ResultKind),
        Field(
            "result_statement",
            N_("What will be there, and what will show it"),
            "text",
        ),
        Field(
            "series", N_("Indicator"), "series", N_("Only for a target on an indicator."), rare=True
        ),
        Field("target", N_("Target"), "number", N_("In the unit of the indicator."), rare=True),
        Field("baseline", N_("Baseline"), "number", rare=True),
        Field("baseline_year", N_("Year of the baseline"), "year", rare=True),
        Field("status", N_("How it stands"), "select", choices=Status),
        Field(
            "status_because",
            N_("Why"),
            "text",
            N_("Where it stands otherwise than its steps say, or was dropped."),
            rare=True,
        ),
        Field("steps", N_("Steps"), "steps"),
        Field("partners", N_("Partners"), "partners"),
        ILLUSTRATIVE,
    ),
    "reports": (
        Field("step", N_("Step"), "step", N_("Without a step, it is of the whole commitment.")),
        Field("outcome", N_("What became of it"), "select", choices=Outcome),
        Field("met_on", N_("Met on"), "date", N_("Only if it was met.")),
        Field("reported", N_("Day of this report"), "date"),
        Field("text", N_("What happened"), "text"),
        Field("evidence", N_("Address of the evidence"), "line", N_("https://…")),
        ILLUSTRATIVE,
    ),
    "assessments": (
        Field("round", N_("Round"), "round"),
        Field("state", N_("How the commitment stands"), "select", choices=AssessedState),
        Field("assessed", N_("Day of this assessment"), "date"),
        Field("text", N_("What you find"), "text"),
        Field("evidence", N_("On what evidence"), "text"),
        Field("links", N_("Addresses, one a line"), "links"),
        ILLUSTRATIVE,
    ),
    "practices": (
        Field("title", N_("Title")),
        LANGUAGE,
        PLACE,
        Field("actor", N_("Who does it"), "actor"),
        Field("provisions", N_("Objectives that it serves"), "provisions"),
        Field("since", N_("Since"), "line", N_("A year, a month or a day: 2024, 2024-05.")),
        Field("summary", N_("What works, and for whom"), "text"),
        Field("evidence", N_("Address of the evidence"), "line", N_("https://…")),
        ILLUSTRATIVE,
    ),
    "protectors": (
        Field("provision", N_("Provision"), "line", N_("Such as gcm:15 or gcm:15.b.")),
        Field("since", N_("Since"), "line", N_("A year, a month or a day: 2024, 2024-05.")),
        Field("statement", N_("What you stand for"), "text"),
        Field("source", N_("Source"), "text"),
        ILLUSTRATIVE,
    ),
    "plans": (
        Field("title", N_("Title")),
        LANGUAGE,
        Field("level", N_("Level"), "level"),
        PLACE,
        Field("lead", N_("Lead"), "actor"),
        Field("parent", N_("Plan that it carries out"), "plan"),
        Field("starts", N_("Starts"), "line", N_("A year, a month or a day: 2024, 2024-05.")),
        Field("ends", N_("Ends"), "line", N_("A year, a month or a day: 2024, 2024-05.")),
        Field("document", N_("Address of the document"), "line", N_("https://…")),
        Field("summary", N_("Summary"), "text"),
        ILLUSTRATIVE,
    ),
    "actors": (
        Field("name", N_("Name")),
        LANGUAGE,
        Field("kind", N_("Kind"), "select", choices=ActorKind),
        Field("led_by", N_("Led by"), "checks", choices=LedBy),
        Field("level", N_("Level"), "level"),
        PLACE,
        Field("parent", N_("Part of"), "actor"),
        Field("source", N_("Source"), "text"),
        ILLUSTRATIVE,
    ),
    "mandates": (
        Field("actor", N_("Actor"), "actor"),
        Field("provision", N_("Provision"), "line", N_("Such as gcm:15 or gcm:15.b.")),
        Field("kind", N_("What it answers for"), "select", choices=MandateKind),
        PLACE,
        Field("basis", N_("On what basis"), "line", N_("The statute or decision, in a few words.")),
        Field("source", N_("Source"), "text"),
    ),
    "rounds": (
        Field("title", N_("Title")),
        LANGUAGE,
        Field("forum", N_("Forum"), "forum"),
        PLACE,
        Field("opens", N_("Opens"), "date"),
        Field("closes", N_("Closes"), "date"),
        ILLUSTRATIVE,
    ),
    "localities": (
        Field("name", N_("Name")),
        LANGUAGE,
        Field("parent", N_("Lies in"), "place"),
    ),
    "consultations": (
        Field("title", N_("Title")),
        LANGUAGE,
        Field("level", N_("Level"), "level"),
        PLACE,
        Field("year", N_("Year"), "year"),
        Field("events", N_("Events"), "year"),
        Field("organisations", N_("Organizations"), "year"),
        Field("people", N_("People"), "year"),
        Field("countries", N_("Countries"), "year"),
        Field("governments", N_("Governments"), "year"),
        Field("about", N_("How exact these figures are"), "text"),
        Field("source", N_("Source"), "line"),
    ),
}
ACTOR_KNOWN = N_("Type its name, or choose it.")
FIELDS |= {
    "flows": (
        Field("kind", N_("What the money is"), "select", choices=FlowKind),
        Field(
            "amount",
            N_("Amount"),
            "number",
            N_("To the cent, with a point: 1250000.50. Below zero, it takes back."),
        ),
        Field("currency", N_("Currency"), "line", N_("Three letters: USD, EUR, KES.")),
        Field("year", N_("Year"), "year"),
        Field("day", N_("Day, or first day"), "date", N_("Where it is known.")),
        Field("ends", N_("Last day"), "date", N_("Only for a budget or a window of years.")),
        Field("provider", N_("Who gives it"), "actor", ACTOR_KNOWN),
        Field("provider_name", N_("or, if it is not in the register, its name")),
        Field("receiver", N_("Who gets it"), "actor", ACTOR_KNOWN),
        Field("receiver_name", N_("or, if it is not in the register, its name")),
        PLACE,
        Field("earmarking", N_("How far it is earmarked"), "select", choices=Earmarking),
        Field("source", N_("Source"), "text", N_("Where one can read it.")),
        Field(
            "onward_of",
            N_("Passes on the money of"),
            "flow",
            N_("It then tells where money went, and adds none."),
            rare=True,
        ),
        Field(
            "sector",
            N_("Sector, by the OECD's code"),
            "line",
            N_("Five digits, such as 15190."),
            rare=True,
        ),
        Field("provisions", N_("Objectives that it serves"), "provisions", rare=True),
        Field("groups", N_("Groups that it is for"), "checks", rare=True),
        ILLUSTRATIVE,
    ),
    "rates": (
        Field("currency", N_("Currency"), "line", N_("Three letters: EUR, KES.")),
        Field("year", N_("Year"), "year"),
        Field(
            "per_usd",
            N_("How much of it was paid for one US dollar"),
            "number",
            N_("On average over the year."),
        ),
        Field("source", N_("Source"), "text", N_("Where one can read it.")),
    ),
    "deflators": (
        Field("currency", N_("Currency"), "line", N_("Three letters: EUR, KES.")),
        Field("year", N_("Year"), "year"),
        Field(
            "level",
            N_("Price level"),
            "number",
            N_("Against the base year of the source, which is the same for all its years."),
        ),
        Field("source", N_("Source"), "text", N_("Where one can read it.")),
    ),
}
FIELDS |= CAPACITY_FIELDS
KIND_NAMES = {
    "commitments": N_("Commitment"),
    "reports": N_("Report"),
    "assessments": N_("Assessment"),
    "practices": N_("Good practice"),
    "protectors": N_("Protector"),
    "plans": N_("Action plan"),
    "actors": N_("Actor"),
    "mandates": N_("Mandate"),
    "rounds": N_("Round of assessment"),
    "localities": N_("Locality"),
    "consultations": N_("Consultation"),
    "flows": N_("Money"),
    "rates": N_("Exchange rate"),
    "deflators": N_("Price level"),
    **CAPACITY_NAMES,
}
STEP_FIELDS = (
    Field("what", N_("What")),
    Field("due", N_("Due on"), "date"),
    Field("forum", N_("or at"), "forum"),
    Field("value", N_("Figure to reach"), "number"),
    Field("dropped", N_("Dropped"), "check"),
    Field("dropped_because", N_("Why dropped")),
)
PARTNER_FIELDS = (
    Field("actor", N_("Actor"), "actor"),
    Field("role", N_("Role"), "select", choices=PartnerRole),
)
ROWS = {"steps": (STEP_FIELDS, MOST_STEPS), "partners": (PARTNER_FIELDS, MOST_PARTNERS)}


def document_from(kind: str, given: QueryDict, before: Mapping[str, Any]) -> Document:
    """What a form says, as a document; fields that the form did not hold stay as they were."""
    document = dict(before)
    for field in FIELDS[kind]:
        if f"has-{field.name}" not in given:
            continue
        value = _value(field, given)
        if value in (None, "", [], False):
            document.pop(field.name, None)
        else:
            document[field.name] = value
    return document


def _value(field: Field, given: QueryDict) -> Any:
    if field.widget == "check":
        return field.name in given
    if field.widget in ("checks", "several"):
        return [each for each in given.getlist(field.name) if each]
    if field.widget == "provisions":
        more = given.get(f"{field.name}-more", "").split()
        return list(dict.fromkeys([*given.getlist(field.name), *more]))
    if field.widget == "links":
        return given.get(field.name, "")[:LONGEST].split()
    if field.widget in ROWS:
        return list(_rows(field.name, given))
    if field.widget == "actor":
        return resolved(readable(given.get(field.name, "")).strip()[:300])
    return given.get(field.name, "").strip()[:LONGEST]


def _rows(name: str, given: QueryDict) -> Iterator[Document]:
    fields, most = ROWS[name]
    taken = {given.get(f"{name}-{number}-id", "") for number in range(most)}
    for number in range(most):
        row: Document = {}
        for field in fields:
            value = _value(Field(f"{name}-{number}-{field.name}", field.label, field.widget), given)
            if value not in (None, "", False):
                row[field.name] = value
        if not row or set(row) == {"role"}:
            continue
        if name == "steps":
            row["id"] = given.get(f"{name}-{number}-id") or _free(taken)
            taken.add(row["id"])
        yield row


def _free(taken: set[str]) -> str:
    return next(f"s{number}" for number in range(1, 1000) if f"s{number}" not in taken)


def resolved(text: str) -> str:
    """The identifier of an actor from its identifier or its exact name; else what was typed."""
    from waymark_web.plans.models import Actor

    if not text or Actor.objects.filter(slug=text).exists():
        return text
    found = list(Actor.objects.filter(name__iexact=text).values_list("slug", flat=True)[:2])
    return found[0] if len(found) == 1 else text


def language_choices() -> list[tuple[str, str]]:
    """The six languages by their own names."""
    return [(code, NAMES_OF_LANGUAGES[code]) for code in LANGUAGES]
