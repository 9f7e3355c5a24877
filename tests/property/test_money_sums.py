"""Laws of sums in the query engine: they are those of the pure functions, to the cent."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from waymark.finance.choices import By, Choice
from waymark.finance.counting import count_once
from waymark.finance.evidence import COLUMNS, KEYS, MoneyEvidence, open_money
from waymark.finance.reported import Reported
from waymark.finance.sums import Counted, Measure, concentration, counted, totals
from waymark.plans.flows import FlowKind

SCHEMA = pa.schema(
    [
        (
            name,
            {
                "amount": pa.decimal128(18, 2),
                "places_share": pa.decimal128(9, 6),
                "year": pa.int32(),
                "row": pa.int32(),
                "duplicate_of": pa.int32(),
                "day": pa.date32(),
                "ends": pa.date32(),
                "humanitarian": pa.bool_(),
            }.get(name, pa.string()),
        )
        for name in COLUMNS
    ]
)
names = st.sampled_from(["", "A", "B", "C"])
reported = st.builds(
    Reported,
    kind=st.sampled_from(FlowKind),
    amount=st.decimals(-(10**13), 10**13, places=2),
    currency=st.sampled_from(["USD", "USD", "EUR"]),
    year=st.integers(2018, 2021),
    place=st.sampled_from(["", "KEN", "UGA"]),
    row=st.just(0),
    reporter=names,
    provider=names,
    provider_name=st.sampled_from(["", "A ministry", "Ein Ministerium"]),
    receiver=names,
    receiver_name=st.sampled_from(["", "A council"]),
    sector=st.sampled_from(["15190", "24050"]),
    earmarking=st.sampled_from(["earmarked", "not-known"]),
    duplicate_of=st.sampled_from([None, None, 1]),
)
tables = st.lists(reported, max_size=30).map(
    lambda rows: [numbered(row, number) for number, row in enumerate(rows, start=1)]
)


def numbered(row: Reported, number: int) -> Reported:
    return Reported(**{**{name: getattr(row, name) for name in COLUMNS}, "row": number})


def asked(rows: list[Reported]) -> MoneyEvidence:
    """The rows in the query engine, counted there."""
    columns = {name: [getattr(row, name) for row in rows] for name in COLUMNS}
    engine = duckdb.connect(config={"threads": 1})
    engine.register("given", pa.table(columns, schema=SCHEMA))
    engine.execute("CREATE TABLE everything AS SELECT * FROM given")
    engine.unregister("given")
    count_once(engine, "everything", "counted")
    engine.execute(f"CREATE VIEW money AS SELECT *, {KEYS} FROM counted")
    return MoneyEvidence(engine)


KEY = {
    By.PLACE: lambda row: row.place,
    By.YEAR: lambda row: row.year,
    By.SECTOR: lambda row: row.sector,
    By.PROVIDER: lambda row: row.provider or row.provider_name,
    By.RECEIVER: lambda row: row.receiver or row.receiver_name,
    By.REPORTER: lambda row: row.reporter or row.reporter_name,
    By.EARMARKING: lambda row: row.earmarking,
    By.KIND: lambda row: row.kind.value,
}


@settings(max_examples=25, deadline=None)
@given(rows=tables, by=st.lists(st.sampled_from(list(KEY)), max_size=3, unique=True))
def test_sums_are_those_of_the_pure_functions(rows: list[Reported], by: list[By]) -> None:
    money = asked(rows)
    pure = counted(rows)
    assert money.counted(Choice()) == pure  # each row adds to the same measure
    expected = totals(pure, lambda row: tuple(KEY[one](row) for one in by))
    assert {(each.group, each.measure, each.currency): (each.amount, each.rows)
            for each in money.sums(Choice(), by)} == {
        key: (total.amount, len(total.rows)) for key, total in expected.items()
    }  # fmt: skip


choices = st.builds(
    Choice,
    places=st.sampled_from([None, ("KEN",), ("KEN", "UGA"), ("",), ()]),
    sectors=st.sampled_from([None, ("15190",)]),
    first=st.sampled_from([None, 2019]),
    last=st.sampled_from([None, 2020]),
    measures=st.sampled_from([None, (Measure.SPENT,), (Measure.SPENT, Measure.SECURED)]),
    currency=st.sampled_from([None, "USD"]),
    providers=st.sampled_from([None, ("A", "A ministry")]),
    receivers=st.sampled_from([None, ("A council",)]),
    earmarkings=st.sampled_from([None, ("not-known",)]),
    without_providers=st.sampled_from([(), ("A",)]),
    without_receivers=st.sampled_from([(), ("", "B")]),
)


def taken(each: Counted, choice: Choice) -> bool:
    row = each.row
    wanted = (
        (choice.places, row.place),
        (choice.sectors, row.sector),
        (choice.measures, each.measure),
        (choice.providers, KEY[By.PROVIDER](row)),
        (choice.receivers, KEY[By.RECEIVER](row)),
        (choice.earmarkings, row.earmarking),
        (None if choice.currency is None else (choice.currency,), row.currency),
    )
    return (
        all(words is None or word in words for words, word in wanted)
        and KEY[By.PROVIDER](row) not in choice.without_providers
        and KEY[By.RECEIVER](row) not in choice.without_receivers
        and (choice.first is None or row.year >= choice.first)
        and (choice.last is None or row.year <= choice.last)
    )


@settings(max_examples=25, deadline=None)
@given(rows=tables, choice=choices, offset=st.integers(0, 5), limit=st.integers(0, 5))
def test_the_rows_behind_a_sum_are_those_that_it_is_made_of(
    rows: list[Reported],
    choice: Choice,
    offset: int,
    limit: int,
) -> None:
    money = asked(rows)
    chosen = [each for each in counted(rows) if taken(each, choice)]
    assert money.counted(choice) == chosen
    assert money.counted(choice, offset, limit) == chosen[offset : offset + limit]
    assert money.count(choice) == len(chosen) == sum(each.rows for each in money.sums(choice))
    amounts = [abs(each.row.amount) for each in money.counted(choice, largest_first=True)]
    assert amounts == sorted(amounts, reverse=True)


@settings(max_examples=25, deadline=None)
@given(rows=tables, top=st.integers(0, 3))
def test_the_largest_and_the_others_are_the_whole(rows: list[Reported], top: int) -> None:
    money, choice, measure = asked(rows), Choice(places=("KEN",)), Measure.SPENT
    chosen = [
        each
        for each in counted(rows)
        if each.row.place == "KEN" and each.measure is measure and each.row.currency == "USD"
    ]
    whole = sum((each.row.amount for each in chosen), Decimal(0))
    by: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in chosen:
        by[KEY[By.PROVIDER](each.row)] += each.row.amount
    ranking = money.largest(choice, By.PROVIDER, measure, top)
    largest = sorted(by.items(), key=lambda pair: (-pair[1], pair[0]))[:top]
    assert [(each.group[0], each.amount) for each in ranking.top] == largest
    assert ranking.rest.groups == len(by) - len(largest)
    assert sum((each.amount for each in ranking.top), ranking.rest.amount) == whole
    links = money.flows(choice, measure, top)
    assert sum((link.amount for link in links), Decimal(0)) == whole
    assert sum(link.rows for link in links) == len(chosen)
    kept = {str(each.group[0]) for each in ranking.top}
    assert {link.provider for link in links} - {None} == kept
    assert money.concentration(choice, measure) == concentration(chosen, measure)


def test_sums_of_what_ships_are_those_of_the_pure_functions() -> None:
    money = open_money()
    pure = counted(money.rows())
    for by in ([By.PLACE, By.YEAR], [By.SECTOR], [By.PROVIDER, By.RECEIVER], [By.EARMARKING]):
        expected = totals(pure, lambda row, by=by: tuple(KEY[one](row) for one in by))
        found = {
            (each.group, each.measure, each.currency): each for each in money.sums(Choice(), by)
        }
        assert found.keys() == expected.keys()
        for key, each in found.items():
            assert (each.amount, each.rows) == (expected[key].amount, len(expected[key].rows))
