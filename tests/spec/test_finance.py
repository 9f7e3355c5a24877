"""Money: what a flow says, what counts once, what is converted, and when a promise is paid for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from tests.examples import FULL_REGISTER, example_rate
from waymark.cli.main import waymark
from waymark.compact.answers import Answer
from waymark.compact.framework import Framework
from waymark.coverage.ladder import Rung, ladder
from waymark.exchange.register_package import write_package
from waymark.finance.answers import paid_for
from waymark.finance.choices import Sum
from waymark.finance.currencies import Prices, prices_of
from waymark.finance.evidence import Reported
from waymark.finance.funding import (
    Finances,
    Money,
    Reports,
    fundings,
    money_of,
)
from waymark.finance.sums import Measure, concentration, counted, totals, years_ahead
from waymark.plans.commitments import Commitment
from waymark.plans.flows import Earmarking, Flow, FlowKind
from waymark.plans.prices import Deflator
from waymark.plans.register import Register

AS_OF = date(2026, 5, 5)


def flow(kind: FlowKind, amount: str, **fields: object) -> Flow:
    given = {"id": "one", "currency": "USD", "year": 2026, "place": "KEN", "commitment": "homes"}
    return Flow.model_validate({**given, "kind": kind, "amount": amount, **fields})


def reported(kind: FlowKind, amount: str, **fields: object) -> Reported:
    given = {"currency": "USD", "year": 2020, "place": "KEN", "row": 1, "sector": "15190"}
    return Reported(kind=kind, amount=Decimal(amount), **{**given, **fields})  # type: ignore[arg-type]


def measures(*rows: Reported) -> list[Measure]:
    return [each.measure for each in counted(rows)]


@pytest.mark.parametrize("one", [*FlowKind, *Earmarking])
def test_every_kind_has_a_name_for_readers(one: FlowKind | Earmarking) -> None:
    assert one.label.text()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"currency": "dollars"}, "currency"),
        ({"amount": "1.005"}, "decimal places"),
        ({"amount": "NaN"}, "finite"),
        ({"ends": date(2027, 1, 1)}, "fill in 'day'"),
        ({"day": date(2026, 5, 1), "ends": date(2026, 4, 1)}, "ends before it begins"),
        ({"day": date(2025, 5, 1)}, "the year is 2026"),
        ({"day": date(2026, 5, 1), "ends": date(2101, 1, 1)}, "ends after 2100"),
        ({"onward_of": "one"}, "cannot pass itself on"),
        ({"sector": "health"}, "sector"),
    ],
)
def test_a_flow_checks_itself(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        flow(FlowKind.COST, **{"amount": "1", **fields})  # type: ignore[arg-type]


def test_a_window_of_years_is_spread_by_days() -> None:
    window = flow(
        FlowKind.COMMITMENT, "1096", year=2023, day=date(2023, 1, 1), ends=date(2025, 12, 31)
    )
    assert window.by_year() == {2023: Decimal(365), 2024: Decimal(366), 2025: Decimal(365)}


def test_a_payment_to_one_who_reports_its_own_spending_is_passed_on() -> None:
    pay = reported(FlowKind.DISBURSEMENT, "10", reporter="A", provider="A", receiver="B")
    use = reported(FlowKind.EXPENDITURE, "7", year=2021, reporter="B", provider="B", row=2)
    assert measures(pay, use) == [Measure.PASSED_ON, Measure.SPENT]
    assert measures(pay) == [Measure.SPENT]
    assert measures(pay, replace(use, place="UGA")) == [Measure.SPENT, Measure.SPENT]
    assert measures(pay, replace(use, year=2019)) == [Measure.SPENT, Measure.SPENT]
    assert measures(replace(pay, receiver=""), use) == [Measure.SPENT, Measure.SPENT]
    assert measures(replace(pay, place=""), replace(use, place="")) == [Measure.SPENT] * 2


def test_a_commitment_counts_at_the_first_who_gives() -> None:
    first = reported(FlowKind.COMMITMENT, "10", reporter="A", provider="A", receiver="B")
    second = reported(FlowKind.COMMITMENT, "9", reporter="B", provider="B", receiver="C", row=2)
    assert measures(first, second) == [Measure.SECURED, Measure.PASSED_ON]
    assert measures(first, replace(second, year=2019)) == [Measure.SECURED, Measure.SECURED]
    to_itself = replace(first, receiver="A")
    assert measures(to_itself, to_itself) == [Measure.SECURED, Measure.SECURED]


def test_money_received_and_plans_are_never_added_to_money_given() -> None:
    kinds = (FlowKind.INCOMING, FlowKind.INCOMING_COMMITMENT, FlowKind.BUDGET)
    expected = [Measure.RECEIVED, Measure.RECEIVED, Measure.PLANNED]
    assert measures(*(reported(kind, "1") for kind in kinds)) == expected


def test_a_repeated_row_is_not_counted_and_no_reason_for_another() -> None:
    use = reported(FlowKind.EXPENDITURE, "7", reporter="B", provider="B", duplicate_of=1, row=2)
    pay = reported(FlowKind.DISBURSEMENT, "10", reporter="A", provider="A", receiver="B")
    assert measures(pay, use) == [Measure.SPENT, Measure.DUPLICATE]


def test_a_sum_opens_to_its_rows_and_never_mixes_currencies() -> None:
    dollars = reported(FlowKind.EXPENDITURE, "2.10")
    back = reported(FlowKind.EXPENDITURE, "-0.20", row=2)
    euros = reported(FlowKind.EXPENDITURE, "5", currency="EUR", row=3)
    found = totals(counted([dollars, back, euros]), lambda row: row.place)
    spent = found["KEN", Measure.SPENT, "USD"]
    assert (spent.amount, spent.rows) == (Decimal("1.90"), (dollars, back))
    assert found["KEN", Measure.SPENT, "EUR"].amount == 5


def test_concentration_is_the_share_of_the_largest_and_the_sum_of_squares() -> None:
    rows = [
        reported(FlowKind.EXPENDITURE, amount, provider=name)
        for amount, name in (("6", "A"), ("3", "B"), ("1", "C"), ("-4", "D"))
    ]
    found = concentration(counted(rows), Measure.SPENT)
    assert found == ("A", Fraction(3, 5), Fraction(46, 100))
    assert concentration(counted(rows), Measure.SECURED) is None
    euros = replace(rows[0], currency="EUR")
    assert concentration(counted([*rows, euros]), Measure.SPENT) is None


def test_years_ahead_end_at_the_first_break() -> None:
    assert years_ahead([2027, 2028, 2030], 2026) == 2
    assert years_ahead([2028], 2026) == 0


RATES = Prices(
    {
        ("EUR", 2020): example_rate("EUR", 2020, "0.8"),
        ("KES", 2020): example_rate("KES", 2020, "100"),
    },
    {
        ("USD", 2015): Deflator(
            id="usd-2015", currency="USD", year=2015, level=Decimal(80), source="z"
        ),
        ("USD", 2020): Deflator(
            id="usd-2020", currency="USD", year=2020, level=Decimal(100), source="z"
        ),
    },
)


def test_a_conversion_is_exact_and_names_its_sources() -> None:
    found = RATES.convert(Decimal(8), "EUR", "KES", 2020)
    assert (found.amount, found.sources) == (Fraction(1000), ("made up", "made up"))
    assert RATES.convert(Decimal(8), "EUR", "USD", 2020).rounded == Decimal("10.00")


def test_a_missing_rate_is_said_and_no_other_year_is_taken() -> None:
    found = RATES.convert(Decimal(8), "EUR", "USD", 2021)
    assert (found.amount, found.rounded) == (None, None)
    assert found.because
    assert found.because.text() == "The exchange rate of EUR in 2021 is not known."


def test_prices_of_another_year_need_both_price_levels() -> None:
    assert RATES.constant(Decimal(8), "USD", 2015, 2020).amount == 10
    missing = RATES.constant(Decimal(8), "USD", 2020, 2010)
    assert missing.because
    assert missing.because.text() == "The price level of USD in 2010 is not known."


def test_the_prices_of_a_register_are_its_rates_and_price_levels() -> None:
    prices = prices_of(FULL_REGISTER)
    assert prices.convert(Decimal(8), "EUR", "USD", 2026).rounded == Decimal("10.00")
    assert prices.convert(Decimal(8), "EUR", "USD", 2025).amount is None
    assert list(prices.deflators) == [("EUR", 2020)]


def test_a_commitment_has_cost_secured_spent_and_gap_by_year() -> None:
    flows = [
        flow(FlowKind.COST, "100"),
        flow(FlowKind.COST, "50", year=2027),
        flow(FlowKind.PLEDGE, "1000", provider="a"),
        flow(FlowKind.COMMITMENT, "60", provider="a"),
        flow(FlowKind.DISBURSEMENT, "45", provider="a"),
        flow(FlowKind.EXPENDITURE, "5", provider="b"),
        flow(FlowKind.DISBURSEMENT, "40", provider="b", onward_of="two"),
        flow(FlowKind.COMMITMENT, "50", year=2027, provider="a"),
    ]
    money = money_of("homes", flows, Prices())
    this_year = money.years[2026]
    assert this_year == Money(cost=Decimal(100), secured=Decimal(65), spent=Decimal(50))
    assert this_year.gap == 35
    assert money.ahead(2026) == 1


def test_nothing_reported_is_not_known_and_not_zero() -> None:
    money = money_of("homes", [flow(FlowKind.COST, "100")], Prices())
    assert money.years[2026] == Money(cost=Decimal(100))
    assert money.years[2026].gap is None


def test_flows_in_several_currencies_need_their_rates() -> None:
    flows = [
        flow(FlowKind.COST, "100", year=2020),
        flow(FlowKind.COMMITMENT, "80", currency="EUR", year=2020),
    ]
    assert money_of("homes", flows, RATES).years[2020].gap == 0
    unknown = money_of("homes", flows, Prices())
    assert (unknown.years, unknown.because is None) == ({}, False)


def test_money_that_was_only_taken_back_funds_nothing(framework: Framework) -> None:
    taken = Sum(("24050", 2024), Measure.SPENT, "USD", Decimal(-5), 1)
    finances = Finances(reports=Reports({"KEN": (taken,)}, {"24050": "gcm:20"}))
    assert paid_for(framework.provisions["gcm:20"], "KEN", finances, 2024) is None


def _register(*identifiers: str, **fields: object) -> Register:
    given = {"what": "Build homes", "place": "KEN", "origin": "other", "provisions": ("gcm:15",)}
    given |= {"origin_source": "a test", **fields}
    found = [Commitment.model_validate({"id": each, **given}) for each in identifiers]
    return Register(commitments={each.id: each for each in found})


def _answer(framework: Framework, register: Register, *flows: Flow) -> tuple[Answer, str]:
    held = replace(register, flows={str(number): each for number, each in enumerate(flows)})
    paid = fundings(held, framework, AS_OF.year)
    place = framework.place("KEN")
    rungs = ladder(
        framework, framework.provisions["gcm:15"], place, (), AS_OF, None, Finances(paid)
    )
    found = rungs[Rung.FUNDED]
    return found.answer, found.because.text()


COST = flow(FlowKind.COST, "100")


def test_a_provision_is_funded_where_everything_that_serves_it_is_paid_for(
    framework: Framework,
) -> None:
    paid = flow(FlowKind.COMMITMENT, "100")
    one, two = _register("homes"), _register("homes", "schools")
    answer, because = _answer(framework, one, COST, paid, flow(FlowKind.COST, "1", year=2027))
    assert (answer, because.endswith("following years covered: 0.")) == (Answer.YES, True)
    assert _answer(framework, two, COST, paid)[0] is Answer.PARTLY
    assert _answer(framework, one, paid)[0] is Answer.PARTLY  # its cost is not on record
    assert _answer(framework, one, COST, flow(FlowKind.COMMITMENT, "1"))[0] is Answer.PARTLY


def test_no_needs_the_word_that_nothing_is_secured(framework: Framework) -> None:
    nothing = flow(FlowKind.COMMITMENT, "0")
    assert _answer(framework, _register("homes"), COST, nothing)[0] is Answer.NO
    assert _answer(framework, _register("homes"), COST)[0] is Answer.NOT_KNOWN
    assert _answer(framework, _register("homes", "schools"), COST, nothing)[0] is Answer.NOT_KNOWN
    assert _answer(framework, _register("homes"))[0] is Answer.NOT_KNOWN


@pytest.mark.parametrize("fields", [{"status": "dropped"}, {"proposed": True}])
def test_a_dropped_or_only_proposed_commitment_funds_nothing(
    framework: Framework, fields: dict[str, object]
) -> None:
    register = _register("homes", status_because="a test", **fields)
    answer, _ = _answer(framework, register, COST, flow(FlowKind.COMMITMENT, "100"))
    assert answer is Answer.NOT_KNOWN


def test_money_of_a_sector_that_serves_an_objective_funds_it_partly(framework: Framework) -> None:
    paid = Sum(("24050", 2024), Measure.SPENT, "USD", Decimal(5), 1)
    reports = Reports({"KEN": (paid,)}, {"24050": "gcm:20", "15190": "gcm"})
    place, finances = framework.place("KEN"), Finances(reports=reports)
    found = {
        (identifier, year): ladder(
            framework,
            framework.provisions[identifier],
            place,
            (),
            date(year, 5, 5),
            None,
            finances,
        )[Rung.FUNDED].answer
        for identifier in ("gcm:20", "gcm:20.a", "gcm:19")
        for year in (2023, 2024, 2027, 2028)
    }
    assert {key for key, answer in found.items() if answer is Answer.PARTLY} == {
        ("gcm:20", 2024),
        ("gcm:20", 2027),
    }
    assert set(found.values()) == {Answer.PARTLY, Answer.NOT_KNOWN}


def test_without_any_money_the_rung_is_not_known(framework: Framework) -> None:
    place = framework.place("KEN")
    found = ladder(framework, framework.provisions["gcm:15"], place, (), AS_OF)[Rung.FUNDED]
    assert found.answer is Answer.NOT_KNOWN


def test_gaps_and_the_rung_follow_from_a_package(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    cost = flow(FlowKind.COST, "100", id="cost")
    grant = flow(FlowKind.COMMITMENT, "60", id="grant", currency="EUR")
    rate = example_rate("EUR", 2026, "0.8")
    register = replace(_register("homes"), flows={"cost": cost, "grant": grant})
    write_package(replace(register, rates={rate.id: rate}), folder)
    given = ["--register", str(folder), "--as-of", "2026-05-05", "--format", "json"]
    run = CliRunner().invoke
    (gap,) = json.loads(run(waymark, ["finance", "gaps", *given]).output)
    assert (gap["cost"], gap["secured"], gap["gap"]) == ("100.00", "75.00", "25.00")
    ladders = json.loads(run(waymark, ["coverage", "--place", "KEN", *given]).output)
    answers = {row["objective"]: row["funded"] for row in ladders}
    assert answers.pop("gcm:15") == "partly"
    assert set(answers.values()) == {"not-known"}
    write_package(register, folder)
    (unknown,) = json.loads(run(waymark, ["finance", "gaps", *given]).output)
    assert (unknown["year"], unknown["gap"]) == (None, None)
    assert unknown["why_not_known"] == "The exchange rate of EUR in 2026 is not known."
