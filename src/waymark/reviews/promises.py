"""What a review finds of promises: who accepted the Compacts, and who did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from waymark.compact.acceptance import Acceptance, Stance
from waymark.compact.framework import Framework
from waymark.compact.places import Place
from waymark.reviews.findings import WEIGHTS, Finding, FindingKind
from waymark.words import Sentence


def of_promises(place: Place, acceptances: Iterable[Acceptance]) -> Iterator[Finding]:
    """Where the place stands towards the Compacts and the Migrant Workers Convention."""
    for acceptance in acceptances:
        sentence = Sentence("{place} {stance}.", place=place.name, stance=acceptance.because)
        yield Finding(
            kind=FindingKind.PROMISE,
            weight=WEIGHTS[FindingKind.PROMISE],
            sentence=sentence,
            provisions=(acceptance.instrument,),
        )


def of_acceptance_among(
    framework: Framework, states: Iterable[Place], as_of: date
) -> Iterator[Finding]:
    """How many of the States accepted each Compact, and who did not."""
    members = list(states)
    for instrument in (framework.instruments["gcm"], framework.instruments["gcr"]):
        stances = {
            state.id: framework.acceptance.of(instrument, state, as_of).stance for state in members
        }
        refused = [
            state.name
            for state in members
            if stances[state.id] in (Stance.AGAINST, Stance.ABSTAINED, Stance.WITHDRAWN)
        ]
        accepted = sum(stance is Stance.ACCEPTED for stance in stances.values())
        refusals = Sentence("Voted against, abstained or withdrew: {places}.", places=refused)
        yield Finding(
            kind=FindingKind.PROMISE,
            weight=WEIGHTS[FindingKind.PROMISE],
            sentence=Sentence(
                "{instrument}: accepted by {accepted} of {count} Member States.",
                instrument=instrument.short,
                accepted=accepted,
                count=len(members),
            ),
            details=(refusals,) if refused else (),
            provisions=(instrument.id,),
        )
