"""How a place stands: the ladder of every objective, from one reading of all its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from waymark.compact.framework import Framework
from waymark.compact.places import Level, Place
from waymark.compact.provisions import Provision
from waymark.coverage.ladder import Ladder, Measurement, combined, ladder
from waymark.finance.funding import Finances
from waymark.indicators.changes import Change, changes, without_figure
from waymark.indicators.evidence import Evidence
from waymark.indicators.series import Relation, Series
from waymark.plans.tallies import NOTHING, Tallies

Measuring = Mapping[str, Mapping[str, Relation]]  # provision, then series code


@dataclass(frozen=True)
class Standing:
    """Where places stand on a date, measured from a baseline: what pages, reviews and files read.

    ``changes`` are by place and series code; places or series without a figure do not appear.
    ``tallies`` count the commitments of the register; a place without any does not appear.
    ``finances`` hold the money of these commitments, and what was reported for places.
    """

    framework: Framework
    series: Mapping[str, Series]
    as_of: date
    baseline: int
    changes: Mapping[str, Mapping[str, Change]]
    measuring: Measuring
    tallies: Tallies = field(default_factory=dict)
    finances: Finances = field(default_factory=Finances)

    def measurements(self, provision: Provision, place: Place) -> list[Measurement]:
        """Every series that measures a provision, in a place, with or without a figure there."""
        found = self.changes.get(place.id, {})
        return [
            Measurement(
                found.get(code)
                or without_figure(self.series[code], place.id, self.baseline, self.as_of),
                relation,
            )
            for code, relation in self.measuring.get(provision.id, {}).items()
        ]

    def ladder(self, provision: Provision, place: Place) -> Ladder:
        """The ladder of a provision in a State or area; for a region, of the States within it."""
        if place.level is Level.NATIONAL:
            measurements = self.measurements(provision, place)
            of_place = self.tallies.get(place.id)
            tally = of_place.get(provision.id, NOTHING) if of_place is not None else None
            return ladder(
                self.framework, provision, place, measurements, self.as_of, tally, self.finances
            )
        states = self.states_of(place)
        return combined(provision, place, [self.ladder(provision, state) for state in states])

    def ladders(self, place: Place) -> tuple[Ladder, ...]:
        """One ladder for each objective, in order."""
        return tuple(self.ladder(objective, place) for objective in self.framework.objectives)

    def states_of(self, place: Place) -> list[Place]:
        """The Member States that a place is or holds."""
        if place.level is Level.NATIONAL:
            return [place]
        return [inner for inner in self.framework.within(place) if inner.member]


def standing(
    framework: Framework,
    series: Mapping[str, Series],
    evidence: Evidence,
    *,
    as_of: date,
    baseline: int,
    place: Place | None = None,
    tallies: Tallies | None = None,
    finances: Finances | None = None,
) -> Standing:
    """Read the figures of one place (and of the States within it), or of all places at once."""
    wanted = None
    if place is not None and place.level is Level.NATIONAL:
        wanted = {place.id}
    found = changes(evidence, series, baseline, as_of, wanted)
    return Standing(
        framework,
        series,
        as_of,
        baseline,
        found,
        measuring(framework, series.values()),
        tallies or {},
        finances or Finances(),
    )


def measuring(framework: Framework, series: Iterable[Series]) -> dict[str, dict[str, Relation]]:
    """Which series measure each provision: those that name it, and those that name its parts.

    Where a series measures a provision both directly and as background, it measures it directly.
    """
    found: dict[str, dict[str, Relation]] = {}
    for one in series:
        for measure in one.measures:
            provision: Provision | None = framework.provision(measure.provision)
            while provision is not None:
                of_provision = found.setdefault(provision.id, {})
                if of_provision.get(one.code) is not Relation.DIRECT:
                    of_provision[one.code] = measure.relation
                provision = framework.parent(provision)
    return found
