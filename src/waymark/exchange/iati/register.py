"""A register's commitments, steps and money as IATI activities, for a publisher's registry.

Only what the register says is written. A commitment that lacks what the standard demands is left
out, and the reason is given: neither a date nor an organisation is ever made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from waymark.compact.crosswalk import LinkType
from waymark.compact.dates import first_day, last_day
from waymark.compact.framework import Framework
from waymark.exchange.iati.activities import (
    OWN_TAGS,
    SDG_GOALS,
    SDG_TARGETS,
    UN_REGIONS,
    Activity,
    Code,
    Event,
    Indicator,
    Measured,
    Narrative,
    Organisation,
    Participant,
    Period,
    Result,
    Share,
    Texts,
)
from waymark.exchange.iati.flows import MADE_UP, Books, place_codes
from waymark.exchange.iati.organisations import organisation_of
from waymark.indicators.progress import Direction
from waymark.indicators.series import Series
from waymark.plans.commitments import Commitment, Report, Step
from waymark.plans.forums import Forum
from waymark.plans.register import Register
from waymark.plans.vocabulary import PartnerRole, ResultKind, Status
from waymark.words import Names, Sentence, shortened

LONGEST_TITLE = 150
STATUSES = {  # the code list ActivityStatus
    Status.NOT_STARTED: "1",
    Status.UNDER_WAY: "2",
    Status.DONE: "4",
    Status.DROPPED: "5",
}
ROLES = {PartnerRole.FUNDS: "1", PartnerRole.IMPLEMENTS: "4"}  # IATI knows none of the others
ACCOUNTABLE, PLANNED_END = "2", "3"
OUTCOME, OTHER = "2", "9"  # kinds of results
UNITS, PER_CENT, IN_WORDS = "1", "2", "5"  # measures
ASCENDING = {Direction.HIGHER: True, Direction.LOWER: False}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A commitment or a flow that is not written, and why."""

    id: str
    reason: Sentence


@dataclass(frozen=True)
class Publication:
    """Who publishes what: the reporting organisation, and all that the register leans on."""

    reporter: Organisation
    register: Register
    framework: Framework
    forums: Mapping[str, Forum]
    series: Mapping[str, Series]

    def left_out(self) -> list[LeftOut]:
        """The commitments that cannot be written, in the register's order."""
        found = ((each.id, self._why_not(each)) for each in self.register.commitments.values())
        return [LeftOut(identifier, reason) for identifier, reason in found if reason]

    def money_left_out(self) -> list[LeftOut]:
        """The flows that are not written, in the register's order."""
        flows = self.register.flows.values()
        found = ((each.id, self.books.why_not(each)) for each in flows)
        return [LeftOut(identifier, reason) for identifier, reason in found if reason]

    @cached_property
    def books(self) -> Books:
        """The money of the register."""
        written = self.register.commitments.keys() - {each.id for each in self.left_out()}
        return Books(self.register, self.framework, self.reporter.ref, written)

    def activities(self) -> Iterator[Activity]:
        """The other commitments as activities."""
        for each in self.register.commitments.values():
            if not self._why_not(each):
                yield self._activity(each)

    def _why_not(self, given: Commitment) -> Sentence | None:
        if given.illustrative:
            return Sentence(MADE_UP)
        if given.due is None:
            return Sentence("it has no 'due' date; IATI wants a date of every activity.")
        if not self._participants(given):
            return Sentence(
                "it has no lead, nor a partner that funds or implements; IATI wants one."
            )
        return None

    def _activity(self, given: Commitment) -> Activity:
        countries, regions = self._places(given)
        return Activity(
            id=self.books.activity_id(given.id),
            reporter=self.reporter,
            title=(Narrative(shortened(given.what, LONGEST_TITLE)),),
            description=(Narrative(given.what),),
            participants=self._participants(given),
            status=STATUSES[given.status],
            events=(Event(PLANNED_END, given.due),),
            countries=countries,
            regions=regions,
            tags=tuple(self._tags(given)),
            budgets=self.books.budgets(given.id),
            planned=self.books.planned(given.id),
            transactions=self.books.transactions(given.id),
            results=tuple(self._results(given)),
            language=given.language,
        )

    def _participants(self, given: Commitment) -> tuple[Participant, ...]:
        roles = [(given.lead, ACCOUNTABLE)] if given.lead else []
        roles += [(each.actor, ROLES[each.role]) for each in given.partners if each.role in ROLES]
        actors = self.register.actors
        return tuple(Participant(organisation_of(actors[actor]), role) for actor, role in roles)

    def _places(self, given: Commitment) -> tuple[tuple[Share, ...], tuple[Share, ...]]:
        if self.books.elsewhere(given.id):
            return (), ()
        country, region = place_codes(self.register, self.framework, given.place)
        if country:
            return (Share(country),), ()
        return (), (Share(region, vocabulary=UN_REGIONS),)

    def _tags(self, given: Commitment) -> Iterator[Code]:
        """The provisions, and the goals and targets that they advance; not what a rule proposed."""
        if given.proposed:
            return
        advanced = {
            link.target: None
            for provision in given.provisions
            for link in self.framework.links_from(provision, LinkType.ADVANCES)
        }
        for provision in dict.fromkeys([*given.provisions, *advanced]):
            instrument, _, code = provision.partition(":")
            if instrument == "sdg":
                yield Code(code, SDG_TARGETS if "." in code else SDG_GOALS)
            else:
                yield Code(provision, OWN_TAGS)

    def _results(self, given: Commitment) -> Iterator[Result]:
        steps = [step for step in given.steps if not step.dropped]
        measured = given.result is ResultKind.TARGET
        if measured:
            yield self._measured(given, [step for step in steps if step.value is not None])
        for step in steps:
            if not measured or step.value is None:
                period = self._period(given, step, Measured(comment=(Narrative(step.what),)))
                title = (Narrative(step.what),)
                yield Result(OTHER, title, (), (Indicator(title, IN_WORDS, periods=(period,)),))

    def _measured(self, given: Commitment, steps: list[Step]) -> Result:
        """The target on an indicator: its baseline, the steps towards it, and the target itself."""
        series = self.series[str(given.series)]
        known = given.baseline is not None and given.baseline_year is not None
        baseline = Measured(f"{given.baseline:f}", year=given.baseline_year) if known else None
        last = Period(given.due, given.due, (Measured(f"{given.target:f}"),))
        periods = [self._period(given, step, Measured(f"{step.value:f}")) for step in steps]
        indicator = Indicator(
            title=_in_all(series.name),
            measure=PER_CENT if series.percentage else UNITS,
            ascending=ASCENDING.get(series.direction),
            description=_in_all(series.unit),
            baselines=(baseline,) if baseline else (),
            periods=(*periods, last),
        )
        said = given.result_statement
        title = (Narrative(said),) if said else _in_all(series.name)
        return Result(OUTCOME, title, (), (indicator,))

    def _period(self, given: Commitment, step: Step, target: Measured) -> Period:
        """When a step is due: one day, or the days of its forum; and the last word on it."""
        starts = ends = step.due
        if step.forum is not None:
            forum = self.forums[step.forum]
            starts, ends = first_day(forum.starts), last_day(forum.ends)
        reports = [r for r in self.register.reports_of.get(given.id, ()) if r.step == step.id]
        latest = max(reports, key=lambda report: report.reported, default=None)
        return Period(starts, ends, (target,), (_actual(latest),) if latest else ())


def _in_all(names: Names) -> Texts:
    return tuple(Narrative(names.said(language).text, language) for language in names)


def _actual(report: Report) -> Measured:
    """What was reported, in words: the outcome, the day of it, and what was said."""
    day = report.met_on or report.reported
    said = f"{report.outcome.label.text('en')}, {day}. {report.text}"
    return Measured(comment=(Narrative(said.strip()),))
