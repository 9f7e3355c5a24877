"""Results of IATI activities as steps of commitments, and their actuals as reports.

A period of an indicator is a step due on the period's last day; the actual is what was reached by
then, so that this day stands as the day of the report. Whether it was met is only said where two
numbers say it, or where Waymark itself has written the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from waymark.compact.dates import first_day, last_day
from waymark.exchange.iati.activities import Activity, Indicator, Measured, Period, Result
from waymark.exchange.iati.commitments import Taking, name_of, organisation_part, said
from waymark.exchange.pledges.rows import Part, Pledge
from waymark.indicators.series import Series
from waymark.plans.commitments import MOST_STEPS
from waymark.plans.forums import Forum
from waymark.plans.vocabulary import Outcome, ResultKind
from waymark.words import N_, shortened

NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d{1,10})?")
LONGEST = 300  # letters of what a step is about
IN_WORDS = "5"
NOT_AVAILABLE = "N/A"  # what Akvo RSR writes where a value is demanded and there is none
WRITTEN = re.compile(  # how Waymark writes what was reported
    rf"({'|'.join(each.label.text('en') for each in Outcome)}), (\d{{4}}-\d{{2}}-\d{{2}})\. ?(.*)",
    re.DOTALL,
)
NO_PERIOD = N_("indicators without a period")
NO_END = N_("periods without an end")
TOO_MANY = N_("periods beyond the steps that a commitment may have")
BASELINES = N_("baselines of indicators that are no series of ours")
UNSURE = N_("actuals that do not say whether the target was met")
LATER = N_("actuals of periods that have not ended")


def add_progress(
    activity: Activity,
    pledge: Pledge,
    taking: Taking,
    series: Mapping[str, Series],
    forums: Mapping[str, Forum],
    as_of: date,
) -> None:
    """Add the results of an activity to its pledge."""
    adding = _Progress(activity, pledge, taking, forums, as_of)
    by_name = {each.name.en: each for each in series.values()}
    for result in activity.results:
        for indicator in result.indicators:
            title, _ = said(indicator.title, activity.language)
            adding.indicator(result, indicator, by_name.get(title))


class _Progress:
    def __init__(
        self,
        activity: Activity,
        pledge: Pledge,
        taking: Taking,
        forums: Mapping[str, Forum],
        as_of: date,
    ) -> None:
        self.activity = activity
        self.pledge = pledge
        self.taking = taking
        self.forums = forums
        self.as_of = as_of

    def indicator(self, result: Result, indicator: Indicator, ours: Series | None) -> None:
        """An indicator's periods as steps; where it is a series of ours, the target is one too."""
        if ours is not None and "series" not in self.pledge.commitment.values:
            self._target(result, indicator, ours)
        else:
            ours = None
            self.taking.left[BASELINES] += len(indicator.baselines)
        self.taking.left[NO_PERIOD] += not indicator.periods
        for period in indicator.periods:
            target = next(iter(period.targets), Measured())
            if ours is not None and self._is_the_target(period, target):
                continue
            self._step(result, indicator, period, target, ours)

    def _target(self, result: Result, indicator: Indicator, ours: Series) -> None:
        values = self.pledge.commitment.values
        last = max(
            (each for each in indicator.periods if each.ends), key=_end, default=Period(None, None)
        )
        target = next((each.value for each in last.targets if NUMBER.fullmatch(each.value)), None)
        if target is None:
            return
        values |= {"series": ours.code, "target": Decimal(target), "result": ResultKind.TARGET}
        title, _ = said(result.title, self.activity.language)
        if title and title != ours.name.en:
            values["result_statement"] = title
        for each in indicator.baselines:
            if NUMBER.fullmatch(each.value) and each.year is not None:
                values |= {"baseline": Decimal(each.value), "baseline_year": each.year}

    def _is_the_target(self, period: Period, target: Measured) -> bool:
        values = self.pledge.commitment.values
        wanted = values.get("target")
        is_number = NUMBER.fullmatch(target.value) is not None
        return is_number and wanted == Decimal(target.value) and period.ends == values.get("due")

    def _step(
        self,
        result: Result,
        indicator: Indicator,
        period: Period,
        target: Measured,
        ours: Series | None,
    ) -> None:
        ends = period.ends or period.starts
        if ends is None:
            self.taking.left[NO_END] += 1
            return
        steps = self.pledge.of_kind("steps")
        if len(steps) >= MOST_STEPS:
            self.taking.left[TOO_MANY] += 1
            return
        values: dict[str, object] = {"what": self._what(result, indicator, target)}
        forum = self._forum(period)
        if forum is not None:
            values["forum"] = forum
        else:
            values["due"] = ends
        if ours is not None and NUMBER.fullmatch(target.value):
            values["value"] = Decimal(target.value)
        taken = {str(each.values["what"]) for each in steps}
        if values["what"] in taken:
            values["what"] = f"{shortened(str(values['what']), 285)} ({ends})"
        step = Part("steps", self.pledge.row, values)
        self.pledge.parts.append(step)
        for actual in period.actuals:
            self._report(step, indicator, period, target, actual)

    def _what(self, result: Result, indicator: Indicator, target: Measured) -> str:
        parts = [said(each.title, self.activity.language)[0] for each in (result, indicator)]
        words = ": ".join(dict.fromkeys(filter(None, parts))) or self.activity.id
        comment, _ = said(target.comment, self.activity.language)
        if target.value and target.value != NOT_AVAILABLE:
            words += f" ({target.value})"
        elif comment and comment not in words:
            words += f" ({comment})"
        return shortened(words, LONGEST)

    def _forum(self, period: Period) -> str | None:
        """The forum whose days are the period's, where Waymark itself wrote the period."""
        if not self.pledge.slug:
            return None
        if period.starts is None or period.ends is None or period.starts == period.ends:
            return None
        days = (period.starts, period.ends)
        found = (
            each.id
            for each in self.forums.values()
            if (first_day(each.starts), last_day(each.ends)) == days
        )
        return next(found, None)

    def _report(
        self, step: Part, indicator: Indicator, period: Period, target: Measured, actual: Measured
    ) -> None:
        comment, _ = said(actual.comment, self.activity.language)
        told = _as_written(comment)
        ends = period.ends or period.starts
        values: dict[str, object] = {}
        if told:
            outcome, day, text = told
            values = {"outcome": outcome, "reported": day, "text": text}
            if outcome is Outcome.MET:
                values["met_on"] = day
        elif ends is None or ends > self.as_of:
            self.taking.left[LATER] += 1
            return
        else:
            outcome_found = _outcome(indicator, target, actual)
            if outcome_found is None:
                self.taking.left[UNSURE] += 1
                return
            text = " ".join(filter(None, (actual.value, comment)))
            values = {"outcome": outcome_found, "reported": ends, "text": text}
            if outcome_found is Outcome.MET:
                values["met_on"] = ends
        reporter = self.activity.reporter
        name = self.pledge.commitment.values.get("lead") if told else None
        if name is None:
            name = name_of(reporter, self.activity)
            part = organisation_part(reporter, self.activity, self.taking, self.pledge.row)
            self.pledge.organisations.setdefault(name, part)
        values |= {"by": name, "step": step}
        self.pledge.parts.append(Part("reports", self.pledge.row, values))


def _as_written(comment: str) -> tuple[Outcome, date, str] | None:
    """Outcome, day and words of a report, where Waymark itself wrote them."""
    found = WRITTEN.fullmatch(comment)
    try:
        day = date.fromisoformat(found[2]) if found else None
    except ValueError:
        return None
    if found is None or day is None:
        return None
    return next(each for each in Outcome if each.label.text("en") == found[1]), day, found[3]


def _end(period: Period) -> date:
    return period.ends or date.min


def _outcome(indicator: Indicator, target: Measured, actual: Measured) -> Outcome | None:
    """What two numbers say: reached, on the way from the baseline, or neither; None without."""
    if indicator.measure == IN_WORDS or indicator.ascending is None:
        return None
    if not (NUMBER.fullmatch(target.value) and NUMBER.fullmatch(actual.value)):
        return None
    wanted, reached = Decimal(target.value), Decimal(actual.value)
    start = next(_numbers(indicator.baselines), None)
    if not indicator.ascending:
        wanted, reached = -wanted, -reached
        start = None if start is None else -start
    if reached >= wanted:
        return Outcome.MET
    if start is None:
        return None
    return Outcome.PARTLY_MET if reached > start else Outcome.NOT_MET


def _numbers(baselines: tuple[Measured, ...]) -> Iterator[Decimal]:
    return (Decimal(each.value) for each in baselines if NUMBER.fullmatch(each.value))
