"""Headline figures with differential privacy, and the budget that they spend.

Whatever an outsider knows, a figure published so tells nearly the same whether one person was
counted or not: the odds change by at most exp(epsilon). The noise is OpenDP's discrete Laplace
noise, drawn anew for each figure by a sampler without the flaws of floating point. What is spent on
a population in a year adds up, exactly, and never comes back.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from waymark.firewall.domain import FirewallError
from waymark.reading import Value

MOST_PER_YEAR = Fraction(1)  # epsilon of one population in one year, all its figures together
LEAST_EPSILON = Fraction(1, 1000)  # of one figure: below, no figure would say anything
CONFIDENCE = Fraction(95, 100)
INSTALL = "Install it with: pip install 'waymark[privacy]'"


class Spending(Value):
    """What one publication spent: on which population, of which year, for which figures."""

    population: str = Field(min_length=1)
    year: int = Field(ge=1900, le=2200)
    epsilon: Fraction = Field(gt=0)
    series: str = Field(min_length=1)


class Budget(Value):
    """All that was spent, in order. Nothing is ever taken out."""

    form: Literal["waymark-budget/1"] = "waymark-budget/1"
    limit: Fraction = Field(default=MOST_PER_YEAR, gt=0)
    spendings: tuple[Spending, ...] = ()

    @model_validator(mode="after")
    def _kept(self) -> Self:
        for population, year in {(each.population, each.year) for each in self.spendings}:
            if self.spent(population, year) > self.limit:
                raise ValueError(f"more than the limit was spent on '{population}' in {year}")
        return self

    def spent(self, population: str, year: int) -> Fraction:
        """The epsilon that is gone for a population in a year."""
        own = (it for it in self.spendings if (it.population, it.year) == (population, year))
        return sum((each.epsilon for each in own), Fraction(0))

    def left(self, population: str, year: int) -> Fraction:
        """The epsilon that may still be spent."""
        return self.limit - self.spent(population, year)

    def with_spending(self, spending: Spending) -> Budget:
        """The budget after one more publication, or an error that says what is left."""
        left = self.left(spending.population, spending.year)
        if spending.epsilon > left:
            raise FirewallError(
                f"This would spend {float(spending.epsilon):g} on '{spending.population}' in "
                f"{spending.year}; {float(left):g} of {float(self.limit):g} are left.",
                "Publish fewer figures, or figures with more noise (a smaller epsilon), or wait "
                "for the figures of another year.",
            )
        return self.model_copy(update={"spendings": (*self.spendings, spending)})


class Headline(Value):
    """A protected figure. It may be below zero: to cut it off would make the mean of many wrong.

    ``reach`` is how far the true count is away at most, with the confidence stated.
    """

    name: str
    figure: int
    epsilon: Fraction
    scale: Fraction
    reach: int
    confidence: Fraction = CONFIDENCE

    @property
    def shown(self) -> int:
        """The figure where a count below zero would read as a fault: cut off at zero."""
        return max(0, self.figure)

    @property
    def variance(self) -> float:
        """The variance of the noise."""
        return variance_of(self.scale)


def scale_of(epsilon: Fraction, contribution: int) -> Fraction:
    """The scale of the noise: what one person can change, divided by epsilon."""
    if contribution < 1:
        raise FirewallError("One person counts at least once.", "Give a contribution of 1 or more.")
    if epsilon < LEAST_EPSILON:
        raise FirewallError(
            f"An epsilon of {float(epsilon):g} leaves nothing but noise.",
            f"Take at least {float(LEAST_EPSILON):g}.",
        )
    return Fraction(contribution) / epsilon


def tail(scale: Fraction, reach: int) -> float:
    """How likely noise of a scale is further from zero than ``reach``: 2 a^(reach+1) / (1 + a)."""
    step = math.exp(-1 / float(scale))
    return float(2 * step ** (reach + 1) / (1 + step))


def reach_of(scale: Fraction, confidence: Fraction = CONFIDENCE) -> int:
    """The least whole number that noise exceeds with at most the probability left."""
    step = math.exp(-1 / float(scale))
    wanted = float(1 - confidence) * (1 + step) / 2
    reach = max(0, math.ceil(math.log(wanted) / math.log(step)) - 1)
    while tail(scale, reach) > float(1 - confidence):
        reach += 1
    while reach and tail(scale, reach - 1) <= float(1 - confidence):
        reach -= 1
    return reach


def variance_of(scale: Fraction) -> float:
    """The variance of the discrete Laplace noise: 2 a / (1 - a)^2 with a = exp(-1 / scale)."""
    step = math.exp(-1 / float(scale))
    return 2 * step / (1 - step) ** 2


def headlines(
    counts: Mapping[str, int], *, epsilon: Fraction, contribution: int
) -> tuple[Headline, ...]:
    """Protected figures of true counts; together they cost ``epsilon``.

    ``contribution`` is by how much one person, with all that is recorded of them, can change all
    the counts together: 1 where each person is in one of them at most.
    """
    if not counts:
        raise FirewallError("There are no counts.", "Give at least one.")
    if any(count < 0 for count in counts.values()):
        raise FirewallError("A count is below zero.", "Counts are of people: 0 or more.")
    scale = scale_of(epsilon, contribution)
    noisy = _measurement(scale, epsilon, contribution)(list(counts.values()))
    reach = reach_of(scale)
    return tuple(
        Headline(name=name, figure=figure, epsilon=epsilon, scale=scale, reach=reach)
        for name, figure in zip(counts, noisy, strict=True)
    )


def _measurement(scale: Fraction, epsilon: Fraction, contribution: int) -> Any:
    """OpenDP's mechanism, after it has said itself that it keeps the epsilon."""
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    measurement = dp.m.make_laplace(*space, scale=rounded_up(scale))
    if measurement.map(contribution) > float(epsilon) * (1 + 1e-9):
        raise FirewallError("OpenDP does not confirm this epsilon.", "Take a larger one.")
    return measurement


def rounded_up(scale: Fraction) -> float:
    """The scale in double precision, never less than it is: less noise would cost more."""
    near = float(scale)
    return near if Fraction(near) >= scale else math.nextafter(near, math.inf)


def opendp() -> Any:
    """The library OpenDP, which comes with the extra ``privacy``."""
    try:
        prelude = importlib.import_module("opendp.prelude")
    except ModuleNotFoundError:
        raise FirewallError("Differential privacy needs OpenDP.", INSTALL) from None
    prelude.enable_features("contrib")
    return prelude
