"""Findings: sentences with figures, in order of weight, each resting on what it names.

One function makes each kind of finding. Weights are one table; what concerns migrants themselves
weighs more than what concerns the whole population, and fresh figures more than old ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from waymark.compact.answers import Answer
from waymark.compact.framework import Framework
from waymark.coverage.ladder import Ladder, Measurement, Rung
from waymark.indicators.changes import Change
from waymark.indicators.observations import Observation
from waymark.indicators.progress import Movement
from waymark.indicators.series import Relation, dimension_name
from waymark.words import N_, Names, Sentence, count_phrase


class Measured(NamedTuple):
    """A series in a place, and the objectives that it measures."""

    measurement: Measurement
    provisions: tuple[str, ...]

    @property
    def change(self) -> Change:
        """The series' change in the place."""
        return self.measurement.change


class FindingKind(StrEnum):
    """What a finding is about."""

    PROMISE = "promise"
    PLANNED = "planned"
    FUNDED = "funded"
    STEPS = "steps"
    ASSESSED = "assessed"
    CAPACITY = "capacity"
    WORSE = "worse"
    BETTER = "better"
    LITTLE_CHANGE = "little-change"
    TARGET = "target"
    UNMEASURED = "unmeasured"
    BREAKDOWN = "breakdown"
    OLD = "old"
    ROLES = "roles"
    RULES = "rules"

    @property
    def label(self) -> Sentence:
        """The kind's name for readers."""
        return Sentence(_LABELS[self])


_LABELS = {
    FindingKind.PROMISE: N_("What was promised"),
    FindingKind.PLANNED: N_("What is planned"),
    FindingKind.FUNDED: N_("What is paid for"),
    FindingKind.STEPS: N_("What was delivered"),
    FindingKind.ASSESSED: N_("How it is assessed"),
    FindingKind.CAPACITY: N_("What is lacking to do it"),
    FindingKind.ROLES: N_("Who answers for it"),
    FindingKind.RULES: N_("How sound the commitments are"),
    FindingKind.WORSE: N_("Worse"),
    FindingKind.BETTER: N_("Better"),
    FindingKind.LITTLE_CHANGE: N_("Little change"),
    FindingKind.TARGET: N_("Against the target"),
    FindingKind.UNMEASURED: N_("Not measured"),
    FindingKind.BREAKDOWN: N_("Not broken down"),
    FindingKind.OLD: N_("Old figures"),
}

WEIGHTS = {
    FindingKind.PROMISE: 100,
    FindingKind.PLANNED: 95,
    FindingKind.FUNDED: 92,
    FindingKind.STEPS: 90,
    FindingKind.ASSESSED: 85,
    FindingKind.CAPACITY: 82,
    FindingKind.ROLES: 58,
    FindingKind.RULES: 45,
    FindingKind.WORSE: 80,
    FindingKind.TARGET: 75,
    FindingKind.BETTER: 70,
    FindingKind.UNMEASURED: 60,
    FindingKind.BREAKDOWN: 50,
    FindingKind.OLD: 40,
    FindingKind.LITTLE_CHANGE: 30,
}
LIGHTER_FOR_BACKGROUND = 35  # a figure of the whole population says nothing of migrants
LIGHTER_FOR_OLD = 20
MOST_NAMES = 4


class ReportedRows(NamedTuple):
    """The rows behind reported money: of a place, in a sector, over some years."""

    place: str
    sector: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a review has found, with the figures, series and provisions behind it.

    ``flows`` are rows of money in the register, by identifier; ``reported`` says which rows of the
    reports are meant.
    """

    kind: FindingKind
    weight: int
    sentence: Sentence
    details: tuple[Sentence, ...] = ()
    provisions: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    figures: tuple[Observation, ...] = ()
    commitments: tuple[str, ...] = ()
    capacity_needs: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    reported: tuple[ReportedRows, ...] = ()


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Heaviest first; equal weights by the first provision and series, so that order is stable."""
    return tuple(
        sorted(findings, key=lambda found: (-found.weight, found.provisions[:1], found.series))
    )


def of_changes(measured: Iterable[Measured]) -> Iterator[Finding]:
    """What got better or worse: one finding a series, with both methods' judgements."""
    kinds = {
        Movement.BETTER: FindingKind.BETTER,
        Movement.WORSE: FindingKind.WORSE,
        Movement.LITTLE_CHANGE: FindingKind.LITTLE_CHANGE,
    }
    for measurement, provisions in measured:
        change = measurement.change
        if change.movement not in kinds or change.base is None or change.latest is None:
            continue
        kind = kinds[change.movement]
        yield Finding(
            kind=kind,
            weight=_weight(kind, measurement),
            sentence=_moved(change),
            details=tuple(_details(measurement)),
            provisions=provisions,
            series=(change.series.code,),
            figures=(change.base, change.latest),
        )


def _weight(kind: FindingKind, measurement: Measurement) -> int:
    weight = WEIGHTS[kind]
    if measurement.relation is Relation.CONTEXT:
        weight -= LIGHTER_FOR_BACKGROUND
    if not measurement.change.fresh:
        weight -= LIGHTER_FOR_OLD
    return weight


def _moved(change: Change) -> Sentence:
    base, latest = change.base, change.latest
    if base is None or latest is None or base.value is None or latest.value is None:
        raise ValueError("a change without two figures has no sentence")
    message = N_("{series} stayed at {latest} from {base_year} to {latest_year}, {unit}.")
    if latest.value > base.value:
        message = N_("{series} rose from {base} ({base_year}) to {latest} ({latest_year}), {unit}.")
    elif latest.value < base.value:
        message = N_("{series} fell from {base} ({base_year}) to {latest} ({latest_year}), {unit}.")
    return Sentence(
        message,
        series=change.series.name,
        base=base.value,
        base_year=str(base.year),
        latest=latest.value,
        latest_year=str(latest.year),
        unit=change.series.unit,
    )


def _details(measurement: Measurement) -> Iterator[Sentence]:
    change = measurement.change
    yield Sentence(
        "By UNSD 2023: {unsd}. By Open SDG 2.4.0: {open_sdg}.",
        unsd=_outcome(change, "unsd-2023"),
        open_sdg=_outcome(change, "open-sdg-2.4.0"),
    )
    yield from _target(change)
    yield from _cautions(measurement)


def _target(change: Change) -> Iterator[Sentence]:
    target = change.series.target_for(change.place)
    if target and change.latest and change.latest.value is not None:
        message = N_("The target is {target}; it is not met.")
        if target.met_by(change.latest.value):
            message = N_("The target is {target}; it is met.")
        yield Sentence(message, target=target.label)


def _cautions(measurement: Measurement) -> Iterator[Sentence]:
    change = measurement.change
    if measurement.relation is Relation.CONTEXT:
        yield Sentence("The figure is of the whole population and says nothing of migrants alone.")
    if not change.fresh:
        yield Sentence(
            "The newest figure is of {year}: it says nothing of the years since.",
            year=str(change.latest_year),
        )
    if change.series.note:
        yield Sentence("{note}", note=change.series.note)


def _outcome(change: Change, method: str) -> Sentence:
    return next(found for found in change.judgements if found.method == method).outcome_name


def of_targets(measured: Iterable[Measured]) -> Iterator[Finding]:
    """Where an official target for every country is met or missed by the newest figure."""
    for measurement, provisions in measured:
        change = measurement.change
        target = change.series.target_for(change.place)
        judged = change.movement is not Movement.NOT_KNOWN  # then its own finding says it
        if judged or target is None or change.latest is None or change.latest.value is None:
            continue
        message = N_("{series}: {latest} in {year}, {unit}; the target is {target}; it is not met.")
        if target.met_by(change.latest.value):
            message = N_("{series}: {latest} in {year}, {unit}; the target is {target}; it is met.")
        yield Finding(
            kind=FindingKind.TARGET,
            weight=_weight(FindingKind.TARGET, measurement),
            sentence=Sentence(
                message,
                series=change.series.name,
                latest=change.latest.value,
                year=str(change.latest.year),
                unit=change.series.unit,
                target=target.label,
            ),
            details=tuple(_cautions(measurement)),
            provisions=provisions,
            series=(change.series.code,),
            figures=(change.latest,),
        )


def of_unmeasured(framework: Framework, ladders: Iterable[Ladder]) -> Iterator[Finding]:
    """Which objectives nobody measures here: no series at all, or no figure."""
    found = list(ladders)
    without_series = _answering(found, Answer.NOT_KNOWN)
    without_figure = _answering(found, Answer.NO)
    if without_series:
        sentence = count_phrase(
            "One objective has no series that could measure it: {objectives}.",
            "{count} objectives have no series that could measure them: {objectives}.",
            len(without_series),
            objectives=[framework.provision(each).number for each in without_series],
        )
        yield _unmeasured(sentence, without_series)
    if without_figure:
        sentence = count_phrase(
            "One objective has a series, and no figure here: {objectives}.",
            "{count} objectives have series, and no figure here: {objectives}.",
            len(without_figure),
            objectives=[framework.provision(each).number for each in without_figure],
        )
        yield _unmeasured(sentence, without_figure)


def _answering(ladders: list[Ladder], answer: Answer) -> tuple[str, ...]:
    return tuple(each.provision for each in ladders if each[Rung.MEASURED].answer is answer)


def _unmeasured(sentence: Sentence, provisions: tuple[str, ...]) -> Finding:
    weight = WEIGHTS[FindingKind.UNMEASURED]
    return Finding(FindingKind.UNMEASURED, weight, sentence, provisions=provisions)


def of_breakdowns(measured: Iterable[Measured]) -> Iterator[Finding]:
    """Which breakdowns are expected of figures that exist here, and absent: one a dimension."""
    absent: dict[str, list[tuple[Change, tuple[str, ...]]]] = {}
    for measurement, provisions in measured:
        if measurement.change.latest is not None:
            for dimension in measurement.change.missing_breakdowns:
                absent.setdefault(dimension, []).append((measurement.change, provisions))
    for dimension, changes in sorted(absent.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield Finding(
            kind=FindingKind.BREAKDOWN,
            weight=WEIGHTS[FindingKind.BREAKDOWN] + min(len(changes), 9),
            sentence=count_phrase(
                "No breakdown by {dimension} in one series where one is expected: {series}.",
                "No breakdown by {dimension} in {count} series where one is expected: {series}.",
                len(changes),
                dimension=dimension_name(dimension),
                series=some([change.series.name for change, _ in changes]),
            ),
            provisions=tuple(sorted({each for _, provisions in changes for each in provisions})),
            series=tuple(change.series.code for change, _ in changes),
        )


def of_old_figures(measured: Iterable[Measured], baseline: int) -> Iterator[Finding]:
    """Which series end before the Compact began: they cannot show what it did."""
    old = [
        measurement.change
        for measurement, _ in measured
        if measurement.change.latest is not None and measurement.change.latest_year <= baseline
    ]
    if old:
        yield Finding(
            kind=FindingKind.OLD,
            weight=WEIGHTS[FindingKind.OLD],
            sentence=count_phrase(
                "One series has nothing after {baseline}, and cannot show a change: {series}.",
                "{count} series have nothing after {baseline}, and cannot show a change: {series}.",
                len(old),
                baseline=str(baseline),
                series=some([change.series.name for change in old]),
            ),
            series=tuple(change.series.code for change in old),
            figures=tuple(change.latest for change in old if change.latest),
        )


def some(names: Sequence[Names | Sentence]) -> list[Names | Sentence]:
    """The first names of a long list, and how many more there are; all are linked beside it."""
    shown: list[Names | Sentence] = list(names[:MOST_NAMES])
    more = len(names) - len(shown)
    if more > 0:
        shown.append(count_phrase("one more", "{count} more", more))
    return shown


def of_spread(measured: Iterable[Measured]) -> Iterator[Finding]:
    """One series over many States: in how many it got better, and in how many worse."""
    found = list(measured)
    judged = [
        one for one in found if one.change.fresh and one.change.movement is not Movement.NOT_KNOWN
    ]
    if not judged:
        return
    better = sum(one.change.movement is Movement.BETTER for one in judged)
    worse = sum(one.change.movement is Movement.WORSE for one in judged)
    kind = FindingKind.BETTER if better > worse else FindingKind.WORSE
    if better == worse:
        kind = FindingKind.LITTLE_CHANGE
    first = judged[0]
    yield Finding(
        kind=kind,
        weight=_weight(kind, first.measurement),
        sentence=Sentence(
            "{series}: better in {better} and worse in {worse} of {count} States with figures "
            "since {baseline}.",
            series=first.change.series.name,
            better=better,
            worse=worse,
            count=len(judged),
            baseline=str(first.change.baseline),
        ),
        provisions=first.provisions,
        series=(first.change.series.code,),
    )
