"""A proposal for 500 commitments, 60 givers and four years, against a limit and a solver.

Run it as ``.venv/bin/python -m benchmarks.facility``. The solver (HiGHS, by way of SciPy) only
finds how much can be shared at most, in floating point; it is held against the proposal. A ratio
below 1 keeps the limit. The time of the processor says what a proposal takes where the machine is
busy with other work.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import time
from decimal import Decimal

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from waymark.compact.framework import Framework
from waymark.compact.loading import load_framework
from waymark.finance.facility import Proposal, propose
from waymark.finance.rules import Terms, sharing_rules
from waymark.plans.commitments import Commitment
from waymark.plans.flows import Flow
from waymark.plans.register import Register

FIRST = 2027
LIMIT = 10.0  # seconds
REGIONS = ("001", "002", "009", "015", "019", "142", "145", "150", "202")


def made_up(framework: Framework, many: int, givers: int, years: range) -> Register:
    """A register of made-up commitments and pledges; the same each time."""
    chance = random.Random(1)
    places = [place.id for place in framework.countries][:100]
    commitments, flows = [], []
    for number in range(many):
        named, place = f"c-{number}", chance.choice(places)
        provisions = (f"gcm:{chance.randint(1, 23)}",)
        groups = tuple(chance.sample(["children", "women", "youth"], chance.randint(0, 2)))
        commitments.append(
            Commitment(
                id=named,
                what="Build homes",
                place=place,
                origin="other",
                provisions=provisions,
                groups=groups,
                illustrative=True,
            )
        )
        for year in years:
            for kind, most in (("cost", 10**9), ("commitment", 10**6)):
                given = {"kind": kind, "place": place, "commitment": named, "year": year}
                flows.append(_flow(f"{named}-{kind}-{year}", chance.randint(0, most), given))
    for number in range(givers):
        for year in years:
            given = {"kind": "pledge", "place": chance.choice(REGIONS), "year": year}
            given |= {"provider_name": f"Giver {number}", "earmarking": "softly-earmarked"}
            if chance.random() < 0.4:
                given["provisions"] = f"gcm:{chance.randint(1, 23)}"
            flows.append(_flow(f"p-{number}-{year}", chance.randint(10**7, 2 * 10**9), given))
    return Register(
        commitments={each.id: each for each in commitments}, flows={each.id: each for each in flows}
    )


def _flow(identifier: str, cents: int, given: dict[str, object]) -> Flow:
    amount = Decimal(cents).scaleb(-2)
    return Flow.model_validate({"id": identifier, "amount": amount, "currency": "USD", **given})


def most(found: Proposal) -> float:
    """How much of the pool could be shared at most, as the solver finds it."""
    needs = [each for each in found.needs if each.gap]
    money = [(s, year, v) for s in found.sources.values() for year, v in s.years.items()]
    edges = [
        (row, len(money) + column)
        for row, (source, year, _) in enumerate(money)
        for column, need in enumerate(needs)
        if (year == need.year or (found.terms.carry_over and year < need.year))
        and need.may_receive(source)
    ]
    rows = np.array(edges).ravel()
    columns = np.repeat(np.arange(len(edges)), 2)
    held = coo_matrix((np.ones(len(rows)), (rows, columns)))
    limits = [float(v) for *_, v in money] + [float(each.gap or 0) for each in needs]
    solved = linprog(-np.ones(len(edges)), A_ub=held, b_ub=limits[: held.shape[0]], method="highs")
    return -float(solved.fun)


def main() -> None:
    """Measure each rule, with and without carrying over, beside its limit and the solver."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--commitments", type=int, default=500)
    arguments.add_argument("--givers", type=int, default=60)
    arguments.add_argument("--years", type=int, default=4)
    given = arguments.parse_args()
    years = range(FIRST, FIRST + given.years)
    framework = load_framework()
    register = made_up(framework, given.commitments, given.givers, years)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}; "
        f"{given.commitments} commitments, {given.givers} givers, {given.years} years"
    )
    for carry in (False, True):
        measure(register, framework, Terms(first=years[0], last=years[-1], carry_over=carry))


def measure(register: Register, framework: Framework, terms: Terms) -> None:
    """Every rule on the same terms."""
    found = propose(register, framework, terms)
    start = time.perf_counter()
    at_most = most(found)
    solver = time.perf_counter() - start
    said = "carried over" if terms.carry_over else "each year by itself"
    print(f"the solver, {said}: {solver:.2f} s; at most {at_most:.2f}")
    for rule in sharing_rules():
        start, start_work = time.perf_counter(), time.process_time()
        found = propose(register, framework, terms.model_copy(update={"rule": rule}))
        seconds, worked = time.perf_counter() - start, time.process_time() - start_work
        if abs(float(found.amount()) - at_most) > 1:
            raise SystemExit(f"{rule}: {found.amount()} is not the most that can be shared")
        print(
            f"{rule}, {said}: {seconds:.2f} s, shared {found.amount()}; limit {LIMIT:g} s, ratio "
            f"{seconds / LIMIT:.2f}; ratio to the solver {seconds / solver:.1f}; "
            f"processor {worked:.2f} s"
        )


if __name__ == "__main__":
    main()
