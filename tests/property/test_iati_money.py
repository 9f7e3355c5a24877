"""Laws of money in IATI: what a register's flows say is what is read from the file written."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import example_actor, example_commitment, example_flow
from tests.property.iati_activities import said
from tests.property.registers import FRAMEWORK
from waymark.exchange.iati.activities import Activity, Narrative, Organisation
from waymark.exchange.iati.flows import CATEGORIES, TRANSACTIONS
from waymark.exchange.iati.reading import read_activities
from waymark.exchange.iati.register import Publication
from waymark.exchange.iati.writing import write_activities
from waymark.plans.flows import Earmarking, Flow, FlowKind
from waymark.plans.register import Register

ACTORS = {each: example_actor(each, name=f"Example {each}") for each in ("a", "b")}
COMMITMENTS = {
    name: example_commitment(
        name, lead="a", due=date(2028, 1, 1), place=place, illustrative=False, provisions=("gcm:7",)
    )
    for name, place in (("one", "KEN"), ("two", "UGA"))
}
REPORTER = Organisation("XM-EXAMPLE-1", "10", (Narrative("Example ministry", "en"),))
KINDS = {code: kind for kind, code in TRANSACTIONS.items()}
EARMARKED = {code: each for each, code in CATEGORIES.items()}
COUNTRIES = {"KE": "KEN", "UG": "UGA"}


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Two commitments and their flows, in several currencies, below zero too, passed on or not."""
    flows: dict[str, Flow] = {}
    for number in range(draw(st.integers(0, 5))):
        day = draw(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
        dated = draw(st.booleans())
        windows = dated and draw(st.booleans())
        flows[f"flow-{number}"] = Flow(
            id=f"flow-{number}",
            kind=draw(st.sampled_from(FlowKind)),
            amount=draw(st.decimals(-(10**15), 10**15, places=2)),
            currency=draw(st.sampled_from(["USD", "EUR", "KES"])),
            year=day.year,
            day=day if dated else None,
            ends=day + timedelta(days=draw(st.integers(0, 1200))) if windows else None,
            provider=draw(st.sampled_from([None, "a", "b"])),
            provider_name=draw(st.none() | said.map(" ".join)),
            receiver=draw(st.sampled_from([None, "a", "b"])),
            receiver_name=draw(st.none() | st.just("Somebody else")),
            place=draw(st.sampled_from(["KEN", "KEN", "UGA"])),
            sector=draw(st.sampled_from(["", "15190"])),
            earmarking=draw(st.sampled_from(Earmarking)),
            commitment=draw(st.sampled_from([None, "one", "one", "two"])),
            onward_of=draw(st.sampled_from([None, *flows])),
            source=draw(st.just("") | said),
            illustrative=draw(st.integers(0, 9)) == 0,
        )
    return Register(actors=ACTORS, commitments=COMMITMENTS, flows=flows)


def written_and_read(publication: Publication) -> dict[str, Activity]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "activities.xml"
        write_activities(publication.activities(), path)
        found = [each.activity for each in read_activities(path, date(2026, 11, 25))]
    return {each.id.removeprefix("XM-EXAMPLE-1-"): each for each in found}


def name_of(given: Organisation | None) -> str:
    return given.name[0].text if given and given.name else ""


def giver(flow: Flow) -> str:
    return ACTORS[flow.provider].name if flow.provider else flow.provider_name or ""


def by_year(starts: date, ends: date | None, amount: Decimal) -> dict[int, Decimal]:
    """What was read of a period, spread over its years as the register spreads it."""
    given = {"amount": amount, "day": starts, "ends": ends, "year": starts.year}
    return example_flow(**given).by_year()  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(registers())
def test_reading_what_was_written_gives_the_same_money_back(register: Register) -> None:
    publication = Publication(REPORTER, register, FRAMEWORK, {}, {})
    left_out = {each.id for each in publication.money_left_out()}
    kept = {name: flow for name, flow in register.flows.items() if name not in left_out}
    activities = written_and_read(publication)
    expect: defaultdict[tuple[str, FlowKind, str, int], Decimal] = defaultdict(Decimal)
    back: defaultdict[tuple[str, FlowKind, str, int], Decimal] = defaultdict(Decimal)
    for flow in kept.values():
        if flow.kind in TRANSACTIONS:  # a transaction is of its day; it has no last one
            expect[str(flow.commitment), flow.kind, flow.currency, flow.year] += flow.amount
        else:
            for year, amount in flow.by_year().items():
                expect[str(flow.commitment), flow.kind, flow.currency, year] += amount
    for commitment, activity in activities.items():
        for each in activity.transactions:
            flow = kept[each.ref]
            assert (flow.commitment, KINDS[each.type], flow.day) == (
                commitment,
                flow.kind,
                each.day,
            )
            assert (each.money.amount, each.money.currency) == (flow.amount, flow.currency)
            assert each.money.valued == flow.day
            assert name_of(each.provider) == giver(flow)
            assert [sector.code for sector in each.sectors] == (
                [flow.sector] if flow.sector else []
            )
            earmarked = [EARMARKED[code.code] for code in each.aid_types]
            assert earmarked == [
                one for one in [flow.earmarking] if one is not Earmarking.NOT_KNOWN
            ]
            country = each.country or activity.countries[0].code
            assert COUNTRIES[country] == flow.place
            before = register.flows[flow.onward_of].commitment if flow.onward_of else None
            activity_before = f"XM-EXAMPLE-1-{before}" if before else ""
            assert (each.provider.activity if each.provider else "") == activity_before
            back[commitment, flow.kind, flow.currency, flow.year] += flow.amount
        for given_kind, parts in (
            (FlowKind.BUDGET, activity.budgets),
            (FlowKind.PLANNED_DISBURSEMENT, activity.planned),
        ):
            for part in parts:
                for year, amount in by_year(part.starts, part.ends, part.money.amount).items():
                    back[commitment, given_kind, part.money.currency, year] += amount
    assert back == expect


@settings(max_examples=60, deadline=None)
@given(registers())
def test_every_flow_is_written_or_said_to_be_left_out(register: Register) -> None:
    publication = Publication(REPORTER, register, FRAMEWORK, {}, {})
    left_out = publication.money_left_out()
    assert all(each.reason for each in left_out)
    rows = 0
    for activity in publication.activities():
        rows += len(activity.transactions) + len(activity.planned)
        assert all((each.ends - each.starts).days <= 366 for each in activity.budgets)
        carry = {bool(each.country) for each in activity.transactions}
        assert len(carry) <= 1, "all transactions name their country, or none does"
    budgets = [f for f in register.flows.values() if f.kind is FlowKind.BUDGET]
    said_of = {each.id for each in left_out}
    written = [each for each in budgets if each.id not in said_of]
    assert rows + len(written) + len(left_out) == len(register.flows)
