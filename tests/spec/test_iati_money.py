"""Money of a register in IATI: what becomes of a flow, and what is left out with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.examples import example_actor, example_commitment, example_flow
from waymark.cli.main import waymark
from waymark.compact.framework import Framework
from waymark.exchange.iati.activities import (
    Budget,
    Code,
    Money,
    Narrative,
    Organisation,
    PlannedDisbursement,
    Share,
)
from waymark.exchange.iati.register import Publication
from waymark.exchange.register_package import write_package
from waymark.plans.flows import Flow, FlowKind
from waymark.plans.register import Register

DAY = date(2026, 5, 6)
GIVEN = {"illustrative": False, "lead": "example-ministry", "due": date(2028, 1, 1)}
MINISTRY = Organisation(type="10", name=(Narrative("Example ministry", "en"),))


def register_with(*flows: Flow) -> Register:
    held = [example_commitment("example", **GIVEN), example_commitment("other", **GIVEN)]
    return Register(
        actors={"example-ministry": example_actor()},
        commitments={each.id: each for each in held},
        flows={each.id: each for each in flows},
    )


def publication(framework: Framework, *flows: Flow) -> Publication:
    return Publication(MINISTRY_AS_PUBLISHER, register_with(*flows), framework, {}, {})


MINISTRY_AS_PUBLISHER = replace(MINISTRY, ref="XM-EXAMPLE-1")


def test_a_payment_becomes_a_transaction(framework: Framework) -> None:
    flow = example_flow(
        FlowKind.DISBURSEMENT,
        "-20.5",
        "pay",
        currency="KES",
        day=DAY,
        provider="example-ministry",
        receiver_name="Example clinic",
        sector="15190",
        earmarking="tightly-earmarked",
        source="An annual report",
    )
    made, _ = publication(framework, flow).activities()
    (found,) = made.transactions
    assert (found.type, found.day, found.ref) == ("3", DAY, "pay")
    assert found.money == Money(Decimal("-20.50"), "KES", DAY)
    assert found.provider == MINISTRY
    assert found.receiver == Organisation(name=(Narrative("Example clinic"),))
    assert found.sectors == (Share("15190", vocabulary="1"),)
    assert found.aid_types == (Code("4", "2"),)
    assert found.description == (Narrative("An annual report"),)
    assert (found.country, made.countries) == ("", (Share("KE"),))


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("incoming", "1"),
        ("commitment", "2"),
        ("disbursement", "3"),
        ("expenditure", "4"),
        ("incoming-commitment", "11"),
        ("pledge", "12"),
    ],
)
def test_each_kind_has_its_code(framework: Framework, kind: FlowKind, code: str) -> None:
    made, _ = publication(framework, example_flow(kind, day=DAY)).activities()
    assert [each.type for each in made.transactions] == [code]


def test_a_budget_of_several_years_is_one_for_each(framework: Framework) -> None:
    flow = example_flow(FlowKind.BUDGET, "731", day=date(2026, 1, 1), ends=date(2027, 12, 31))
    plain = example_flow(FlowKind.BUDGET, "5", "plain")
    made, _ = publication(framework, flow, plain).activities()
    first, second, whole = made.budgets
    assert first == Budget(
        date(2026, 1, 1), date(2026, 12, 31), Money(Decimal("365.50"), "USD", date(2026, 1, 1))
    )
    assert (second.starts, second.ends) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (whole.starts, whole.ends) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_planned_payment_keeps_who_and_when(framework: Framework) -> None:
    flow = example_flow(FlowKind.PLANNED_DISBURSEMENT, "5", day=DAY, provider="example-ministry")
    made, _ = publication(framework, flow).activities()
    expect = PlannedDisbursement(DAY, None, Money(Decimal("5.00"), "USD", DAY), provider=MINISTRY)
    assert made.planned == (expect,)


def test_what_is_passed_on_names_the_activity_that_it_comes_from(framework: Framework) -> None:
    first = example_flow(FlowKind.DISBURSEMENT, "9", "first", day=DAY)
    onward = example_flow(
        FlowKind.EXPENDITURE, "9", "onward", day=DAY, commitment="other", onward_of="first"
    )
    made, other = publication(framework, first, onward).activities()
    assert made.transactions[0].provider is None
    assert other.transactions[0].provider == Organisation(activity="XM-EXAMPLE-1-example")


def test_money_for_elsewhere_says_its_country_on_every_transaction(framework: Framework) -> None:
    here = example_flow(FlowKind.COMMITMENT, "1", "here", day=DAY)
    there = example_flow(FlowKind.COMMITMENT, "1", "there", day=DAY, place="UGA")
    around = example_flow(FlowKind.COMMITMENT, "1", "around", day=DAY, place="014")
    made, other = publication(framework, here, there, around).activities()
    assert [each.country for each in made.transactions] == ["KE", "UG", ""]
    assert made.transactions[2].region == Code("014", "2")
    assert (made.countries, made.regions) == ((), ())
    assert other.countries == (Share("KE"),)


LEFT_OUT = {
    "a cost": ({"kind": "cost", "day": DAY}, "no place for a cost"),
    "no day": ({"day": None}, "it has no 'day'"),
    "made up": ({"illustrative": True}, "made up"),
    "no commitment": ({"commitment": None}, "names no commitment"),
    "left out": ({"commitment": "illustrative"}, "'illustrative' is left out"),
}


@pytest.mark.parametrize(("change", "reason"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_left_out_is_said(
    framework: Framework, change: dict[str, object], reason: str
) -> None:
    flow = example_flow(**{"kind": FlowKind.COMMITMENT, "day": DAY, **change})  # type: ignore[arg-type]
    register = register_with(flow)
    made_up = example_commitment("illustrative")
    register = replace(register, commitments={**register.commitments, made_up.id: made_up})
    found = Publication(MINISTRY_AS_PUBLISHER, register, framework, {}, {})
    (left_out,) = found.money_left_out()
    assert left_out.id == "flow"
    assert reason in left_out.reason.text()
    assert not any(each.transactions for each in found.activities())


def test_the_command_says_how_much_money_is_written(tmp_path: Path) -> None:
    cost = example_flow(FlowKind.COST, "10", "cost")
    pay = example_flow(FlowKind.DISBURSEMENT, "10", "pay", day=DAY)
    write_package(register_with(cost, pay), tmp_path / "package")
    publisher = ["--reporting-org", "X", "--reporting-type", "10", "--reporting-name", "Example"]
    given = [str(tmp_path / "package"), *publisher, "--output", str(tmp_path / "a.xml")]
    result = CliRunner().invoke(waymark, ["iati", "write", *given], catch_exceptions=False)
    assert "Left out: the money cost: IATI has no place for a cost." in result.output
    assert "Of 2 rows of money, 1 are written." in result.output
    text = (tmp_path / "a.xml").read_text()
    assert '<value currency="USD" value-date="2026-05-06">10.00</value>' in text
