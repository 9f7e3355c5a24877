"""The ladder: promised, planned, funded, delivered, measured, changed, for a provision in a place.

Each rung answers yes, partly, no or not known, says why, and names what the answer rests on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from waymark.compact.acceptance import Acceptance, Stance
from waymark.compact.answers import Answer
from waymark.compact.crosswalk import LinkType
from waymark.compact.framework import Framework
from waymark.compact.places import Place
from waymark.compact.provisions import Provision
from waymark.finance.answers import paid_for
from waymark.finance.funding import Finances
from waymark.indicators.changes import Change
from waymark.indicators.progress import Movement
from waymark.indicators.series import Relation
from waymark.plans.tallies import Tally
from waymark.words import N_, Sentence, count_phrase


class Rung(StrEnum):
    """The six rungs, in order."""

    PROMISED = "promised"
    PLANNED = "planned"
    FUNDED = "funded"
    DELIVERED = "delivered"
    MEASURED = "measured"
    CHANGED = "changed"

    @property
    def label(self) -> Sentence:
        """The rung's name for readers."""
        return Sentence(_LABELS[self])


_LABELS = {
    Rung.PROMISED: N_("promised"),
    Rung.PLANNED: N_("planned"),
    Rung.FUNDED: N_("funded"),
    Rung.DELIVERED: N_("delivered"),
    Rung.MEASURED: N_("measured"),
    Rung.CHANGED: N_("changed"),
}


NO_MONEY = Finances()


class Measurement(NamedTuple):
    """A series in a place, and whether it measures a provision itself or only its background."""

    change: Change
    relation: Relation

    @property
    def direct(self) -> bool:
        """Whether the series measures the promise itself, for the people concerned."""
        return self.relation is Relation.DIRECT


@dataclass(frozen=True, slots=True)
class RungAnswer:
    """One rung's answer, the reason for it, and the identifiers that it rests on.

    ``counts`` holds, for a place made of several States, how many gave each answer.
    """

    rung: Rung
    answer: Answer
    because: Sentence
    rests_on: tuple[str, ...] = ()
    counts: tuple[tuple[Answer, int], ...] = ()

    @property
    def share(self) -> str:
        """Of several States, how many say yes out of those whose answer is known: ``152/169``."""
        counts = dict(self.counts)
        known = sum(counts.values()) - counts.get(Answer.NOT_KNOWN, 0)
        return f"{counts.get(Answer.YES, 0)}/{known}" if known else ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The six answers for one provision in one place, in order."""

    provision: str
    place: str
    rungs: tuple[RungAnswer, ...]

    def __getitem__(self, rung: Rung) -> RungAnswer:
        return self.rungs[list(Rung).index(rung)]


def ladder(
    framework: Framework,
    provision: Provision,
    place: Place,
    measurements: Iterable[Measurement],
    as_of: date,
    tally: Tally | None = None,
    finances: Finances = NO_MONEY,
) -> Ladder:
    """The ladder of a provision in one State or area.

    ``measurements`` are those of the series that measure the provision, in this place. ``tally``
    counts the commitments that serve it here; None where nobody has entered any for this place.
    """
    found = list(measurements)
    answers = {
        Rung.PROMISED: promised(framework, provision, place, as_of),
        Rung.PLANNED: planned(tally),
        Rung.FUNDED: funded(provision, place, finances, as_of),
        Rung.DELIVERED: delivered(tally),
        Rung.MEASURED: measured(found),
        Rung.CHANGED: changed(found),
    }
    rungs = tuple(answers.get(rung) or not_in_register(rung) for rung in Rung)
    return Ladder(provision.id, place.id, rungs)


def not_in_register(rung: Rung) -> RungAnswer:
    """The answer of a rung on which nobody has reported yet."""
    because = Sentence("Nobody has entered this in the register yet.")
    return RungAnswer(rung, Answer.NOT_KNOWN, because)


def planned(tally: Tally | None) -> RungAnswer:
    """Whether somebody has committed to act on a provision, with a lead and a date.

    *Yes*: a commitment that a person linked to it has a lead and a date. *Partly*: commitments
    serve it, but none has both, or only a rule's proposal links them. *No*: the register holds
    commitments for this place, and none serves this. *Not known*: it holds none for this place.
    """
    if tally is None:
        return not_in_register(Rung.PLANNED)
    if not tally.commitments:
        because = Sentence("The register holds commitments for this place, and none serves this.")
        return RungAnswer(Rung.PLANNED, Answer.NO, because)
    if tally.sound:
        because = count_phrase(
            "One commitment serves this; with a lead and a date: {sound}.",
            "{count} commitments serve this; with a lead and a date: {sound}.",
            tally.commitments,
            sound=tally.sound,
        )
        return RungAnswer(Rung.PLANNED, Answer.YES, because)
    if tally.proposed == tally.commitments:
        because = count_phrase(
            "One commitment serves this by a rule's proposal that nobody has confirmed.",
            "{count} commitments serve this by a rule's proposal that nobody has confirmed.",
            tally.commitments,
        )
        return RungAnswer(Rung.PLANNED, Answer.PARTLY, because)
    because = count_phrase(
        "One commitment serves this, without both a lead and a date.",
        "{count} commitments serve this, none with both a lead and a date.",
        tally.commitments,
    )
    return RungAnswer(Rung.PLANNED, Answer.PARTLY, because)


def funded(provision: Provision, place: Place, finances: Finances, as_of: date) -> RungAnswer:
    """Whether what serves a provision is paid for this year (the rule is that of ``paid_for``)."""
    found = paid_for(provision, place.id, finances, as_of.year)
    return RungAnswer(Rung.FUNDED, *found) if found else not_in_register(Rung.FUNDED)


def delivered(tally: Tally | None) -> RungAnswer:
    """Whether the steps that are due were taken.

    *Yes*: every due step is met. *Partly*: some are. *No*: none is. *Not known*: nothing is
    committed here, no step is set, or none is due yet.
    """
    if tally is None or not tally.commitments:
        because = Sentence("Nothing is committed here, so nothing can have been delivered.")
        return RungAnswer(Rung.DELIVERED, Answer.NOT_KNOWN, because)
    if not tally.due:
        message = N_("No commitment has a dated step, so nothing can be seen.")
        if tally.steps:
            message = N_("No step is due yet.")
        return RungAnswer(Rung.DELIVERED, Answer.NOT_KNOWN, Sentence(message))
    because = Sentence(
        "Steps that were due: {due}; met: {met}; late or without a report: {overdue}.",
        due=tally.due,
        met=tally.met,
        overdue=tally.overdue,
    )
    answer = Answer.PARTLY if tally.met else Answer.NO
    return RungAnswer(Rung.DELIVERED, Answer.YES if tally.met == tally.due else answer, because)


def promised(framework: Framework, provision: Provision, place: Place, as_of: date) -> RungAnswer:
    """Whether this place made this promise: through the instrument itself, or through treaties.

    *Yes*: it accepted the instrument. *Partly*: it did not, and is party to treaties on which the
    provision rests. *No*: it said no, abstained, withdrew or is not party, and no such treaty binds
    it. *Not known*: its stance is not on record, and no such treaty binds it.
    """
    instrument = framework.instruments[provision.instrument]
    own = framework.acceptance.of(instrument, place, as_of)
    if own.answer is Answer.YES:
        because = Sentence("{place} {stance}.", place=place.name, stance=own.because)
        return RungAnswer(Rung.PROMISED, Answer.YES, because, (instrument.id,))
    bound = treaties_behind(framework, provision, place, as_of)
    if bound:
        names = [framework.instruments[found.instrument].short for found in bound]
        because = Sentence(
            "{place} {stance}, but this rests on treaties to which it is party: {treaties}.",
            place=place.name,
            stance=own.because,
            treaties=names,
        )
        basis = tuple(found.instrument for found in bound)
        return RungAnswer(Rung.PROMISED, Answer.PARTLY, because, basis)
    because = Sentence("{place} {stance}.", place=place.name, stance=own.because)
    return RungAnswer(Rung.PROMISED, own.answer, because, (instrument.id,))


def treaties_behind(
    framework: Framework, provision: Provision, place: Place, as_of: date
) -> list[Acceptance]:
    """The treaties to which a place is party and on which a provision (or its parent) rests."""
    holder = framework.parent(provision) or provision
    sources = {provision.id, holder.id, *(part.id for part in provision.walk())}
    instruments = {
        framework.provisions[link.target].instrument
        for source in sources
        for link in framework.links_from(source, LinkType.RESTS_ON)
    }
    stances = [
        framework.acceptance.of(framework.instruments[found], place, as_of)
        for found in sorted(instruments)
    ]
    return [found for found in stances if found.stance is Stance.ACCEPTED]


def measured(measurements: list[Measurement]) -> RungAnswer:
    """Whether a fresh figure says how things stand for the people concerned.

    *Yes*: a series that measures the promise itself has a fresh figure with every breakdown that
    is expected of it. *Partly*: figures exist, but are old, not broken down, or describe only the
    whole population. *No*: series exist, and none has a figure here. *Not known*: no series that
    the store holds measures this.
    """
    if not measurements:
        because = Sentence("No series in the store measures this.")
        return RungAnswer(Rung.MEASURED, Answer.NOT_KNOWN, because)
    series = tuple(each.change.series.code for each in measurements)
    with_figure = [each for each in measurements if each.change.latest is not None]
    if not with_figure:
        because = count_phrase(
            "The one series that could show this has no figure here.",
            "None of the {count} series that could show this has a figure here.",
            len(measurements),
        )
        return RungAnswer(Rung.MEASURED, Answer.NO, because, series)
    direct = [each.change for each in with_figure if each.direct]
    fresh = [change for change in direct if change.fresh]
    complete = [change for change in fresh if not change.missing_breakdowns]
    newest = str(max(c.latest_year for c in complete or fresh or direct or _changes(with_figure)))
    if complete:
        because = Sentence("A figure of {year} has every breakdown expected of it.", year=newest)
        return RungAnswer(Rung.MEASURED, Answer.YES, because, series)
    message = N_(
        "Only figures of the whole population exist (the newest of {year}); none of migrants."
    )
    if fresh:
        message = N_("The newest figure is of {year}, without every breakdown expected of it.")
    elif direct:
        message = N_("The newest figure is of {year}: too old to say how things stand.")
    return RungAnswer(Rung.MEASURED, Answer.PARTLY, Sentence(message, year=newest), series)


def changed(measurements: list[Measurement]) -> RungAnswer:
    """Whether things got better since the baseline, in the series that measure the promise itself.

    *Yes*: all that can be judged got better. *Partly*: some did. *No*: none did. *Not known*: none
    can be judged. Only fresh figures count, judged by the default method.
    """
    judged = [
        each.change
        for each in measurements
        if each.direct and each.change.fresh and each.change.movement is not Movement.NOT_KNOWN
    ]
    if not judged:
        return RungAnswer(Rung.CHANGED, Answer.NOT_KNOWN, _why_not_judged(measurements))
    better = [change for change in judged if change.movement is Movement.BETTER]
    answer = Answer.NO
    if better:
        answer = Answer.YES if len(better) == len(judged) else Answer.PARTLY
    because = Sentence(
        "Series that can be judged: {count}; better since {baseline}: {better}.",
        count=len(judged),
        better=len(better),
        baseline=str(judged[0].baseline),
    )
    return RungAnswer(Rung.CHANGED, answer, because, tuple(change.series.code for change in judged))


def _changes(measurements: list[Measurement]) -> list[Change]:
    return [each.change for each in measurements]


def _why_not_judged(measurements: list[Measurement]) -> Sentence:
    direct = [each.change for each in measurements if each.direct]
    if not measurements:
        return Sentence("Nothing is measured, so no change can be seen.")
    if not direct:
        return Sentence("Only figures of the whole population exist; they say nothing of migrants.")
    if not any(change.latest for change in direct):
        return Sentence("There is no figure here, so no change can be seen.")
    if any(change.fresh for change in direct):
        return Sentence("The figures cannot be judged: one point only, or no better direction.")
    newest = str(max(change.latest_year for change in direct))
    return Sentence("The newest figure is of {year}: too old to show a change.", year=newest)


def combined(provision: Provision, place: Place, ladders: Iterable[Ladder]) -> Ladder:
    """The ladder of a region or the world: how many of its States gave each answer.

    *Yes* or *no* only where every State with a known answer says so and most are known.
    """
    found = list(ladders)
    rungs = tuple(_combined_rung(rung, [each[rung] for each in found]) for rung in Rung)
    return Ladder(provision.id, place.id, rungs)


def _combined_rung(rung: Rung, answers: list[RungAnswer]) -> RungAnswer:
    counts = {answer: sum(each.answer is answer for each in answers) for answer in Answer}
    known = {
        answer: count
        for answer, count in counts.items()
        if count and answer is not Answer.NOT_KNOWN
    }
    if not known:
        return RungAnswer(
            rung, Answer.NOT_KNOWN, answers[0].because if answers else not_in_register(rung).because
        )
    answer = next(iter(known)) if len(known) == 1 else Answer.PARTLY
    because = Sentence(
        "Of {count} States: {yes} yes, {partly} partly, {no} no, {unknown} not known.",
        count=len(answers),
        yes=counts[Answer.YES],
        partly=counts[Answer.PARTLY],
        no=counts[Answer.NO],
        unknown=counts[Answer.NOT_KNOWN],
    )
    return RungAnswer(rung, answer, because, counts=tuple(counts.items()))
