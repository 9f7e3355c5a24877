"""The questions of the forms for a need for capacity, an offer of it, and a request."""

from __future__ import annotations

from waymark.plans.vocabulary import CapacityKind, Decision, Presence, Terms
from waymark.words import N_
from waymark_web.plans.asking import ILLUSTRATIVE, LANGUAGE, PLACE, Field

PARTIAL = N_("A year, a month or a day: 2024, 2024-05.")
KIND = Field("kind", N_("Kind of capacity"), "select", choices=CapacityKind)
PROVISIONS = Field("provisions", N_("Objectives that it serves"), "provisions")
GROUPS = Field("groups", N_("Groups that it is for"), "checks")
SOURCE = Field("source", N_("Source"), "text", rare=True)
CAPACITY_FIELDS: dict[str, tuple[Field, ...]] = {
    "capacity_needs": (
        Field("what", N_("What is needed"), "text", N_("Say what for, and who will use it.")),
        LANGUAGE,
        KIND,
        PLACE,
        PROVISIONS,
        GROUPS,
        Field("starts", N_("Needed from"), "line", PARTIAL),
        Field("ends", N_("Needed until"), "line", PARTIAL),
        Field("languages", N_("Languages in which you can take it"), "several"),
        Field("presence", N_("How you can take it"), "select", choices=Presence),
        Field("terms", N_("What you can bear at most"), "select", choices=Terms),
        Field("people", N_("For how many people"), "year"),
        Field("days", N_("For how many days"), "year"),
        Field("conditions", N_("Other conditions"), "text", rare=True),
        Field("closed", N_("No longer needed since"), "date", rare=True),
        Field("closed_because", N_("Why it is no longer needed"), "text", rare=True),
        SOURCE,
        ILLUSTRATIVE,
    ),
    "capacity_offers": (
        Field("what", N_("What is offered"), "text", N_("Say what you give, and to whom.")),
        LANGUAGE,
        KIND,
        Field(
            "places",
            N_("Places that it covers"),
            "several",
            N_("With all that lies in them; the world is everywhere."),
        ),
        PROVISIONS,
        GROUPS,
        Field("starts", N_("Available from"), "line", PARTIAL),
        Field("ends", N_("Available until"), "line", PARTIAL),
        Field("languages", N_("Languages in which you give it"), "several"),
        Field("presence", N_("How you give it"), "select", choices=Presence),
        Field("terms", N_("On which terms"), "select", choices=Terms),
        Field("people", N_("For how many people at a time"), "year"),
        Field("days", N_("For how many days"), "year"),
        Field(
            "times",
            N_("How many requests you can serve"),
            "year",
            N_("Leave it empty where there is no such number."),
        ),
        Field("conditions", N_("Other conditions"), "text", rare=True),
        SOURCE,
        ILLUSTRATIVE,
    ),
    "capacity_requests": (
        Field("asked", N_("Day of the request"), "date"),
        Field("message", N_("What you ask"), "text", N_("It is published with the request.")),
        LANGUAGE,
        Field("decision", N_("Answer"), "select", choices=Decision),
        Field("decided", N_("Day of the answer"), "date"),
        Field(
            "decided_because",
            N_("Reason"),
            "text",
            N_("Whoever declines or withdraws says why."),
        ),
        ILLUSTRATIVE,
    ),
}
CAPACITY_NAMES = {
    "capacity_needs": N_("Need for capacity"),
    "capacity_offers": N_("Offer of capacity"),
    "capacity_requests": N_("Request for capacity"),
}
