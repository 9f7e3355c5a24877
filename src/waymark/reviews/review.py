"""The review of a place at a forum: its ladder, its figures and what they show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from waymark.compact.acceptance import Acceptance
from waymark.compact.answers import Answer
from waymark.compact.places import Level, Place
from waymark.coverage.ladder import Ladder, Measurement, Rung
from waymark.coverage.standing import Standing
from waymark.indicators.changes import Change
from waymark.indicators.series import Relation
from waymark.plans.forums import Forum
from waymark.plans.fulfilment import Capacity
from waymark.reviews import findings
from waymark.reviews.capacity import of_capacity
from waymark.reviews.findings import Finding, FindingKind, Measured
from waymark.reviews.follow_up import FollowUp, of_many_places, of_register
from waymark.reviews.money import of_money, of_money_among
from waymark.reviews.promises import of_acceptance_among, of_promises
from waymark.words import Sentence

INSTRUMENTS_IN_VIEW = ("gcm", "gcr", "icmw")


@dataclass(frozen=True, slots=True)
class Review:
    """What was found of a place, for a forum, as of a date, from a baseline on.

    ``facts`` are the newest figures that describe the place, in the order of the definitions;
    ``findings`` are in order of weight; ``ladders`` has one line for each objective.
    """

    place: Place
    forum: Forum
    as_of: date
    baseline: int
    acceptances: tuple[Acceptance, ...]
    ladders: tuple[Ladder, ...]
    facts: tuple[Change, ...]
    findings: tuple[Finding, ...]

    def answering(self, rung: Rung, answer: Answer) -> list[Ladder]:
        """The objectives whose rung gives an answer."""
        return [each for each in self.ladders if each[rung].answer is answer]

    def of_kind(self, kind: FindingKind) -> list[Finding]:
        """The findings of one kind, in order of weight."""
        return [found for found in self.findings if found.kind is kind]

    @property
    def answer(self) -> Sentence:
        """The review in one sentence."""
        measured = len(self.answering(Rung.MEASURED, Answer.YES)) + len(
            self.answering(Rung.MEASURED, Answer.PARTLY)
        )
        if self.place.level is not Level.NATIONAL:
            return Sentence(
                "{place}, seen through its States: of {objectives} objectives, {measured} have "
                "figures. Series better in more States than worse since {baseline}: {better}; "
                "worse in more: {worse}.",
                place=self.place.name,
                objectives=len(self.ladders),
                measured=measured,
                baseline=str(self.baseline),
                better=len(self.of_kind(FindingKind.BETTER)),
                worse=len(self.of_kind(FindingKind.WORSE)),
            )
        return Sentence(
            "{place} {stance}. Of {objectives} objectives, {measured} have a figure here. Series "
            "that got better since {baseline}: {better}; that got worse: {worse}.",
            place=self.place.name,
            stance=self.acceptances[0].because,
            objectives=len(self.ladders),
            measured=measured,
            baseline=str(self.baseline),
            better=len(self.of_kind(FindingKind.BETTER)),
            worse=len(self.of_kind(FindingKind.WORSE)),
        )

    @property
    def answer_on_action(self) -> Sentence | None:
        """What the register adds, in one sentence; None where it holds nothing of the place."""
        planned = self.of_kind(FindingKind.PLANNED)
        return planned[0].sentence if planned else None


def review(
    standing: Standing,
    place: Place,
    forum: Forum,
    follow_up: FollowUp | None = None,
    capacity: Capacity | None = None,
) -> Review:
    """The review of a place for a forum. A region or the world is reviewed through its States.

    ``follow_up`` is what the register holds of a national place; a region's review counts over
    the tallies of the standing. ``capacity`` are the needs and offers of the whole register.
    """
    stances = acceptances(standing, place)
    ladders = standing.ladders(place)
    if place.level is Level.NATIONAL:
        noted = [
            *of_promises(place, stances),
            *_of_one_place(standing, place, ladders),
            *(of_register(follow_up) if follow_up is not None else ()),
            *of_money(standing, place, follow_up),
        ]
    else:
        noted = list(_of_many_places(standing, place))
    if capacity is not None:
        noted += of_capacity(capacity, place)
    return Review(
        place=place,
        forum=forum,
        as_of=standing.as_of,
        baseline=standing.baseline,
        acceptances=stances,
        ladders=ladders,
        facts=_facts(standing, place),
        findings=findings.in_order(noted),
    )


def acceptances(standing: Standing, place: Place) -> tuple[Acceptance, ...]:
    """Where a place stands towards the instruments that every review names first."""
    framework = standing.framework
    return tuple(
        framework.acceptance.of(framework.instruments[each], place, standing.as_of)
        for each in INSTRUMENTS_IN_VIEW
    )


def measured(standing: Standing, place: Place) -> list[Measured]:
    """Every series that measures an objective, once, with the objectives that it measures here."""
    found: dict[str, Measured] = {}
    for objective in standing.framework.objectives:
        for change, relation in standing.measurements(objective, place):
            code = change.series.code
            before = found.get(code)
            objectives = (*before.provisions, objective.id) if before else (objective.id,)
            direct = relation is Relation.DIRECT or (
                before is not None and before.measurement.direct
            )
            nearest = Relation.DIRECT if direct else Relation.CONTEXT
            found[code] = Measured(Measurement(change, nearest), objectives)
    return [one for one in found.values() if not _superseded(one, found)]


def _superseded(one: Measured, found: Mapping[str, Measured]) -> bool:
    """Whether a newer series of the same fact has a figure here, and speaks instead."""
    newer = found.get(one.change.series.superseded_by or "")
    return newer is not None and newer.change.latest is not None


def _of_one_place(
    standing: Standing, place: Place, ladders: tuple[Ladder, ...]
) -> Iterator[Finding]:
    here = measured(standing, place)
    yield from findings.of_changes(here)
    yield from findings.of_targets(here)
    yield from findings.of_unmeasured(standing.framework, ladders)
    yield from findings.of_breakdowns(here)
    yield from findings.of_old_figures(here, standing.baseline)


def _of_many_places(standing: Standing, place: Place) -> Iterator[Finding]:
    states = standing.states_of(place)
    yield from of_acceptance_among(standing.framework, states, standing.as_of)
    yield from of_many_places(standing.tallies, states)
    yield from of_money_among(standing, states)
    by_series: dict[str, list[Measured]] = {}
    for state in states:
        for one in measured(standing, state):
            by_series.setdefault(one.change.series.code, []).append(one)
    for found in by_series.values():
        yield from findings.of_spread(found)


def _facts(standing: Standing, place: Place) -> tuple[Change, ...]:
    found = standing.changes.get(place.id, {})
    described = [one for one in standing.series.values() if one.fact_order is not None]
    described.sort(key=lambda one: one.fact_order or 0)
    return tuple(found[one.code] for one in described if one.code in found)
