"""Earmarked against flexible, and what nobody said apart from both."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from waymark.finance.earmarking import of_flows, of_reports
from waymark.finance.evidence import Reported
from waymark.finance.sums import Counted, Measure
from waymark.plans.flows import Earmarking, Flow, FlowKind


def row(amount: str, earmarking: str, measure: Measure = Measure.SPENT) -> Counted:
    reported = Reported(
        kind=FlowKind.DISBURSEMENT,
        amount=Decimal(amount),
        currency="USD",
        year=2020,
        place="KEN",
        row=1,
        earmarking=earmarking,
    )
    return Counted(reported, measure)


def test_flexible_is_not_earmarked_and_softly_and_not_known_stays_apart() -> None:
    rows = [
        row("10", "unearmarked"),
        row("20", "softly-earmarked"),
        row("30", "earmarked"),
        row("15", "tightly-earmarked"),
        row("25", "not-known"),
        row("99", "unearmarked", Measure.PASSED_ON),
    ]
    ((key, found),) = of_reports(rows, Measure.SPENT, lambda each: each.place).items()
    assert key == ("KEN", "USD")
    assert (found.flexible, found.tied, found.not_known, found.whole) == (30, 45, 25, 100)
    assert found.share(found.flexible) == Fraction(3, 10)
    assert found.sums[Earmarking.EARMARKED] == 30


def test_more_taken_back_than_given_has_no_share() -> None:
    rows = [row("10", "unearmarked"), row("-5", "earmarked")]
    (found,) = of_reports(rows, Measure.SPENT, lambda each: each.place).values()
    assert found.whole == 5
    assert found.share(found.flexible) is None


def test_flows_of_the_register_are_summed_by_currency_and_once() -> None:
    def flow(amount: str, currency: str, **fields: object) -> Flow:
        given = {
            "id": f"{amount}-{currency}".lower(),
            "kind": "pledge",
            "year": 2026,
            "place": "KEN",
        }
        return Flow.model_validate({**given, "amount": amount, "currency": currency, **fields})

    flows = [
        flow("10", "USD", earmarking="unearmarked"),
        flow("5", "USD"),
        flow("7", "EUR", earmarking="earmarked"),
        flow("6", "USD", onward_of="other"),
        flow("8", "USD", kind="cost"),
    ]
    found = of_flows(flows, {FlowKind.PLEDGE}, lambda each: each.place)
    assert {key: each.whole for key, each in found.items()} == {
        ("KEN", "USD"): 15,
        ("KEN", "EUR"): 7,
    }
    assert found["KEN", "USD"].not_known == 5
