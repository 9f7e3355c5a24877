"""Who accepted what: roll calls, ratifications and later statements, by State and date.

A promise is a promise of a place only if that place made it. A vote against, an abstention and
an absence are different answers, and later statements change them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from waymark.compact.answers import Answer
from waymark.compact.dates import PartialDate
from waymark.compact.places import Place, PlaceId
from waymark.compact.provisions import Instrument, InstrumentId
from waymark.reading import Value
from waymark.words import N_, Label, Sentence

RATIFICATIONS_AS_OF = "2022-08"  # the release of the ratification table that ships


class Vote(StrEnum):
    """A State's entry in a roll call of the General Assembly."""

    YES = "yes"
    NO = "no"
    ABSTENTION = "abstention"
    NOT_VOTING = "not-voting"


class TreatyStatus(StrEnum):
    """A State's standing towards a treaty."""

    PARTY = "party"
    SIGNATORY = "signatory"
    NO_ACTION = "no-action"


class Effect(StrEnum):
    """What a later statement does to an acceptance."""

    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class RollCallEntry(Value):
    """One State's vote on one resolution."""

    resolution: str
    place: PlaceId
    vote: Vote


class RatificationEntry(Value):
    """One State's standing towards one treaty; ``year`` is that of ratification or accession."""

    treaty: str
    place: PlaceId
    status: TreatyStatus
    year: int | None = None


class Statement(Value):
    """A later statement by which a State leaves or joins an instrument."""

    place: PlaceId
    instrument: InstrumentId
    date: PartialDate
    effect: Effect
    label: Label
    source: str


class Statements(Value):
    """The form of ``statements.yaml``."""

    statements: tuple[Statement, ...]


class Stance(StrEnum):
    """Where a place stands towards an instrument on a date."""

    ACCEPTED = "accepted"
    AGAINST = "against"
    ABSTAINED = "abstained"
    DID_NOT_VOTE = "did-not-vote"
    WITHDRAWN = "withdrawn"
    SIGNED_ONLY = "signed-only"
    NOT_PARTY = "not-party"
    NOT_YET = "not-yet"
    NOT_A_MEMBER = "not-a-member"
    NOT_RECORDED = "not-recorded"

    @property
    def answer(self) -> Answer:
        """Whether the instrument's promises are promises of the place."""
        return _ANSWERS.get(self, Answer.NOT_KNOWN)


_ANSWERS = {
    Stance.ACCEPTED: Answer.YES,
    Stance.AGAINST: Answer.NO,
    Stance.ABSTAINED: Answer.NO,
    Stance.WITHDRAWN: Answer.NO,
    Stance.SIGNED_ONLY: Answer.NO,
    Stance.NOT_PARTY: Answer.NO,
    Stance.NOT_YET: Answer.NO,
}
_VOTED = {
    Vote.YES: (Stance.ACCEPTED, N_("voted for the {instrument} ({document})")),
    Vote.NO: (Stance.AGAINST, N_("voted against the {instrument} ({document})")),
    Vote.ABSTENTION: (Stance.ABSTAINED, N_("abstained on the {instrument} ({document})")),
    Vote.NOT_VOTING: (Stance.DID_NOT_VOTE, N_("did not vote on the {instrument} ({document})")),
}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A place's stance towards an instrument on a date, with the words and the source for it."""

    instrument: str
    place: str
    stance: Stance
    because: Sentence
    source: str

    @property
    def answer(self) -> Answer:
        """Whether the instrument's promises are promises of the place."""
        return self.stance.answer


class AcceptanceRecord:
    """Every vote, ratification and later statement, looked up by instrument and place."""

    def __init__(
        self,
        votes: Iterable[RollCallEntry],
        ratifications: Iterable[RatificationEntry],
        statements: Iterable[Statement],
    ) -> None:
        self._votes: Mapping[tuple[str, str], RollCallEntry] = {
            (entry.resolution, entry.place): entry for entry in votes
        }
        self._ratifications: Mapping[tuple[str, str], RatificationEntry] = {
            (entry.treaty, entry.place): entry for entry in ratifications
        }
        self.statements = sorted(statements, key=lambda statement: statement.date)
        self.resolutions = frozenset(resolution for resolution, _ in self._votes)
        self.treaties = frozenset(treaty for treaty, _ in self._ratifications)

    def of(self, instrument: Instrument, place: Place, as_of: date) -> Acceptance:
        """Where ``place`` stands towards ``instrument`` on ``as_of``."""
        stance, because, source = self._first_stance(instrument, place, as_of)
        for statement in self.statements_by(instrument.id, place.id, as_of):
            stance = {
                Effect.ACCEPTED: Stance.ACCEPTED,
                Effect.WITHDRAWN: Stance.WITHDRAWN,
            }[statement.effect]
            because = Sentence(
                "{statement} ({date})", statement=statement.label, date=statement.date
            )
            source = statement.source
        return Acceptance(instrument.id, place.id, stance, because, source)

    def statements_by(self, instrument: str, place: str, as_of: date) -> list[Statement]:
        """The later statements of a place on an instrument up to ``as_of``, oldest first."""
        return [
            statement
            for statement in self.statements
            if (statement.instrument, statement.place) == (instrument, place)
            and statement.date <= as_of.isoformat()
        ]

    def _first_stance(
        self, instrument: Instrument, place: Place, as_of: date
    ) -> tuple[Stance, Sentence, str]:
        short = instrument.short
        if not place.member and instrument.acceptance in self.resolutions | {"consensus"}:
            because = Sentence("is not a Member State of the United Nations, which alone vote")
            return Stance.NOT_A_MEMBER, because, instrument.source
        if instrument.adopted > as_of.isoformat():
            because = Sentence("could not yet accept the {instrument}", instrument=short)
            return Stance.NOT_YET, because, instrument.source
        if instrument.acceptance == "consensus":
            because = Sentence("joined the consensus on the {instrument}", instrument=short)
            return Stance.ACCEPTED, because, instrument.acceptance_source
        vote = self._votes.get((instrument.acceptance, place.id))
        if vote:
            stance, words = _VOTED[vote.vote]
            return (
                stance,
                Sentence(words, instrument=short, document=vote.resolution),
                "UN Digital Library, roll call",
            )
        ratification = self._ratifications.get((instrument.acceptance, place.id))
        if ratification:
            return _standing(ratification, short, as_of)
        because = Sentence("is not on record towards the {instrument}", instrument=short)
        return Stance.NOT_RECORDED, because, ""


def _standing(entry: RatificationEntry, short: Label, as_of: date) -> tuple[Stance, Sentence, str]:
    source = f"UN Treaty Collection, {RATIFICATIONS_AS_OF}"
    if entry.status is TreatyStatus.PARTY and (entry.year or 0) <= as_of.year:
        because = Sentence("is party to the {instrument}", instrument=short)
        if entry.year:
            because = Sentence(
                "has been party to the {instrument} since {year}",
                instrument=short,
                year=str(entry.year),
            )
        return Stance.ACCEPTED, because, source
    message, stance = N_("is not party to the {instrument} (record of {date})"), Stance.NOT_PARTY
    if entry.status is TreatyStatus.SIGNATORY:
        message = N_("has signed the {instrument} but is not party to it (record of {date})")
        stance = Stance.SIGNED_ONLY
    because = Sentence(message, instrument=short, date=RATIFICATIONS_AS_OF)
    return stance, because, source
