"""Recommendations of the Universal Periodic Review: what States accepted, as a register.

Reads the table of the UPR Info database (one row a recommendation). The texts are read where they
lie and never ship; what the rules propose for them waits for a person to confirm it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError

from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.compact.places import Level, Place
from waymark.exceptions import DefinitionError
from waymark.exchange.place_names import PlaceNames, load_place_names
from waymark.plans.actors import Actor
from waymark.plans.commitments import Commitment
from waymark.plans.proposals import ProposalRules, propose
from waymark.plans.register import Register
from waymark.plans.vocabulary import ActorKind, Line, Origin, Text
from waymark.reading import Value, fault_in_row, read_rows

COLUMNS = ["To", "From", "Text", "Response", "Action", "Issue", "Session"]
LAST_SESSION = 99  # sessions have two digits in the identifiers of commitments
SOURCE = "Universal Periodic Review"


class Response(StrEnum):
    """What the State under review said to a recommendation."""

    ACCEPTED = "Accepted"
    NOTED = "Noted"


def _issues(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(each.strip() for each in value.split(",") if each.strip())


class Recommendation(Value):
    """A recommendation as its file has it; ``file`` and ``line`` say where.

    ``action`` is how much it asks for: 1 to ask others, 2 to continue, 3 to consider, 4 to act in
    general, 5 to act in a named way. ``issues`` are the database's own.
    """

    model_config = ConfigDict(populate_by_name=True)

    to: Line = Field(alias="To")
    by: Line = Field(alias="From")
    text: Annotated[Text, Field(min_length=3)] = Field(alias="Text")
    response: Response = Field(alias="Response")
    action: int = Field(alias="Action", ge=1, le=5)
    issues: Annotated[tuple[Line, ...], BeforeValidator(_issues)] = Field(alias="Issue")
    session: int = Field(alias="Session", ge=1, le=LAST_SESSION)
    file: Path
    line: int


def read_recommendations(path: Path) -> list[Recommendation]:
    """Every recommendation of a file, accepted or not, in its order; all of it or nothing."""
    found = []
    for line, row in read_rows(path, COLUMNS):
        try:
            found.append(Recommendation.model_validate({**row, "file": path, "line": line}))
        except ValidationError as error:
            raise fault_in_row(path, error, line) from None
    if not found:
        remedy = "Give the file with its rows, one for each recommendation."
        raise DefinitionError(path, "there is no recommendation in it.", remedy)
    return found


def as_register(
    recommendations: Iterable[Recommendation],
    framework: Framework,
    rules: ProposalRules,
    *,
    countries: Collection[str] = (),
    folder: Path = DEFINITIONS,
) -> Register:
    """The accepted recommendations as commitments of the States that accepted them.

    ``countries`` keeps only these States, or those of these regions, by code. Give all the
    recommendations of a file, the others are counted too: an identifier stays the same whoever is
    kept and whatever the answer. Names of States are looked up in every row, kept or not.
    """
    given = [framework.place(code) for code in countries]
    wanted = {inner.id for place in given for inner in (place, *framework.within(place))}
    names = load_place_names(framework, folder)
    actors: dict[str, Actor] = {}
    commitments: dict[str, Commitment] = {}
    numbers: Counter[tuple[str, int]] = Counter()
    for each in recommendations:
        state = _state(each, "To", each.to, names)
        by = _state(each, "From", each.by, names)
        numbers[state.id, each.session] += 1
        if each.response is Response.ACCEPTED and (not wanted or state.id in wanted):
            government = _government(state)
            actors.setdefault(government.id, government)
            number = numbers[state.id, each.session]
            commitment = _commitment(each, number, state, by, government, rules)
            commitments[commitment.id] = commitment
    return Register(actors=actors, commitments=commitments)


def _state(each: Recommendation, column: str, name: str, names: PlaceNames) -> Place:
    found = names.find(name)
    if found is None:
        raise DefinitionError(
            each.file,
            f"'{name}' is no State that we know.",
            names.remedy(name),
            line=each.line,
            column=f"column {column}",
        )
    return found


def _government(state: Place) -> Actor:
    return Actor(
        id=f"{state.id.lower()}-government",
        name=f"Government of {state.name.en}",
        kind=ActorKind.STATE,
        level=Level.NATIONAL,
        place=state.id,
    )


def _commitment(
    each: Recommendation,
    number: int,
    state: Place,
    by: Place,
    government: Actor,
    rules: ProposalRules,
) -> Commitment:
    proposal = propose(each.text, each.issues, rules)
    return Commitment(
        id=f"{state.id.lower()}-upr-{each.session:02}-{number:03}",
        what=each.text,
        place=state.id,
        lead=government.id,
        origin=Origin.RECOMMENDATION,
        origin_source=f"{SOURCE}, session {each.session}, recommended by {by.name.en}",
        provisions=proposal.provisions,
        groups=proposal.groups,
        needs=proposal.needs,
        stages=proposal.stages,
        proposed=True,
    )
