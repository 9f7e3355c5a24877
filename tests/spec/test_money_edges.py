"""Money at its edges: what is taken back, what costs nothing, a pool seen from one place."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import TypeAdapter, ValidationError

from tests.conftest import AS_OF
from tests.examples import (
    example_actor,
    example_commitment,
    example_need,
    example_offer,
    example_register,
    example_report,
    example_request,
    example_step,
)
from tests.pools import FLEXIBLE, commitment, flow, lacking, register
from waymark.cli.main import waymark
from waymark.compact.dates import PartialDate
from waymark.compact.framework import Framework
from waymark.exchange.register_package import write_package
from waymark.finance.currencies import Prices
from waymark.finance.facility import propose
from waymark.finance.funding import funding_of, money_of
from waymark.finance.rules import Terms, sharing_rules
from waymark.finance.sums import Measure
from waymark.plans.flows import Flow, Sector
from waymark.plans.forums import load_forums
from waymark.plans.fulfilment import Capacity, NeedState, RequestState
from waymark.plans.matching import CROSSWALK, Closeness, Matching
from waymark.plans.vocabulary import Decision, Origin, Outcome

OF_HOMES: dict[str, object] = {"commitment": "homes", "place": "KEN"}


def taken_back() -> list[Flow]:
    """A year in which a giver took back both what it committed and what it paid."""
    return [
        flow("back", "commitment", "-50", provider_name="A", **OF_HOMES),
        flow("refund", "disbursement", "-20", provider_name="A", **OF_HOMES),
    ]


def test_a_giver_who_only_takes_back_secures_nothing_and_never_less() -> None:
    money = money_of("homes", taken_back(), Prices()).years[2027]
    assert (money.secured, money.spent) == (0, -20)


def test_what_one_giver_takes_back_is_not_taken_from_another() -> None:
    given = flow("given", "commitment", "70", provider_name="B", **OF_HOMES)
    money = money_of("homes", [*taken_back(), given], Prices())
    assert money.years[2027].secured == 70
    assert given in [part.flow for part in money.behind(2027, Measure.SECURED)]


@pytest.mark.parametrize("rule", sharing_rules())
def test_a_gap_is_never_larger_than_the_cost(framework: Framework, rule: str) -> None:
    """A cost of 0 and money that was only taken back: nothing is missing, whatever the rule."""
    flows = [flow("cost", "cost", "0", **OF_HOMES), *taken_back()]
    pool = flow("pool", "pledge", "10", provider_name="B", **FLEXIBLE)
    given = register([commitment("homes")], flows, pool)
    found = propose(given, framework, Terms(first=2027, last=2027, rule=rule))
    assert (found.gap(), found.amount()) == (0, 0)


def test_a_year_that_costs_nothing_is_covered_now_and_ahead_alike() -> None:
    flows = [each for year in (2027, 2028) for each in lacking("homes", "0", "0", year)]
    money = money_of("homes", flows, Prices())
    funding = funding_of(money, 2027)
    assert (funding.covered, funding.ahead) == (1, 1)


def test_money_that_a_pool_passed_on_elsewhere_is_gone_for_a_place_too(
    framework: Framework, tmp_path: Path
) -> None:
    given = register(
        [commitment("homes"), commitment("visas", "UGA")],
        lacking("homes", "100"),
        flow("pool", "pledge", "100", provider_name="A", **FLEXIBLE),
        flow("on", "commitment", "80", commitment="visas", place="UGA", onward_of="pool"),
    )
    write_package(given, tmp_path)
    asked = ["finance", "facility", "--register", str(tmp_path), "--window", "2027"]
    found = CliRunner().invoke(waymark, [*asked, "--place", "KEN", "--format", "json"])
    assert found.exit_code == 0, found.output
    (year,) = json.loads(found.output)["years"]
    assert {name: Decimal(year[name]) for name in ("pool", "gap", "proposed")} == {
        "pool": 20,
        "gap": 100,
        "proposed": 20,
    }


@pytest.mark.parametrize("place", ["KEN", "014"])
def test_a_facility_for_a_place_lists_the_needs_of_that_place_alone(
    framework: Framework, place: str
) -> None:
    given = register(
        [commitment("homes"), commitment("visas", "UGA"), commitment("far", "MEX")],
        *(lacking(each, "100") for each in ("homes", "visas", "far")),
    )
    found = propose(given, framework, Terms(first=2027, last=2027), place)
    wanted = {"KEN": ["homes"], "014": ["homes", "visas"]}[place]
    assert [each.commitment for each in found.needs] == wanted


@pytest.mark.parametrize(("held", "value"), [(Sector, "١٥١٩٠"), (PartialDate, "٢٠٢٧")])
def test_a_code_is_written_in_the_digits_of_its_list(held: Any, value: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        TypeAdapter(held).validate_python(value)


def test_a_delivery_that_was_made_in_time_is_not_late_because_another_goes_on(
    framework: Framework,
) -> None:
    request = example_request(decision=Decision.ACCEPTED)
    given: dict[str, Any] = {"origin": Origin.CAPACITY_REQUEST, "origin_source": request.id}
    before, after = date(2026, 3, 15), date(2027, 12, 31)
    done = example_commitment("done", **given, due=before, steps=(example_step(due=before),))
    going_on = example_commitment("going-on", **given, due=after, steps=(example_step(due=after),))
    told = example_report(before, Outcome.MET, commitment="done", met_on=before)
    held = example_register(
        actors=[example_actor(), example_actor("example-ngo")],
        capacity_needs=[example_need()],
        capacity_offers=[example_offer()],
        capacity_requests=[request],
        commitments=[done, going_on],
        reports=[told],
    )
    capacity = Capacity(held, framework, load_forums(), AS_OF)
    assert capacity.state_of(request) is RequestState.ON_ITS_WAY
    assert capacity.standings["example-need"].state is NeedState.PROMISED


def test_a_match_by_the_crosswalk_names_the_link_that_there_is(framework: Framework) -> None:
    """Where only what holds the two is linked, no link between the two is claimed."""
    links = {(each.source, each.target) for each in framework.links if each.type in CROSSWALK}
    links |= {(target, source) for source, target in links}
    matching = Matching(example_register(), framework, AS_OF)
    told = 0
    for mine, theirs in sorted(links)[:40]:
        for part in (each.id for each in framework.provisions[mine].parts[:2]):
            need, offer = example_need(provisions=(part,)), example_offer(provisions=(theirs,))
            found = matching.match(need, offer)
            if found is None or found.closeness is not Closeness.LINKED or (part, theirs) in links:
                continue
            sentence = found.reasons[0].sentence
            assert sentence.text().startswith(f"It serves {theirs}: the crosswalk links ")
            assert (sentence.fields["mine"], sentence.fields["theirs"]) in links
            told += 1
    assert told
