"""IATI activities, drawn at random, as valid as the official schema wants them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from waymark.exchange.iati import activities as values
from waymark.plans.vocabulary import CONTROL

letters = st.one_of(
    st.sampled_from(list("<>&;\"'\n\t ]]>=%é")),
    st.sampled_from(list("ابتث٠١«»،中文")),
    st.characters(codec="utf-8", exclude_characters="\ufffe\uffff\x85").filter(
        lambda letter: not CONTROL.search(letter)
    ),
)
said = st.text(letters, min_size=1, max_size=20).map(str.strip).filter(bool)
codes = st.text("ABCXYZ0123456789-.", min_size=1, max_size=8)
maybe_codes = st.just("") | codes
days = st.dates(date(1970, 1, 1), date(2099, 12, 31))
answers = st.none() | st.booleans()
amounts = st.decimals(-(10**15), 10**15, places=2) | st.decimals(0, 1, places=6)
percentages = st.none() | st.decimals(0, 100, places=2)
currencies = st.sampled_from(["USD", "EUR", "KES"])


def few(one: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, min_size=least, max_size=least + 2).map(tuple)


narratives = st.builds(values.Narrative, said, st.sampled_from(["", "fr", "ar", "zh"]))
texts = few(narratives, 1)
maybe_texts = few(narratives)
coded = st.builds(values.Code, codes, codes, st.sampled_from(["", "https://example.org/list"]))
aid_types = st.builds(values.Code, codes, maybe_codes)
shares = st.builds(values.Share, codes, percentages)
with_vocabulary = st.builds(values.Share, codes, percentages, maybe_codes)
without_share = st.builds(values.Share, codes, st.none(), maybe_codes)
organisations = st.builds(values.Organisation, maybe_codes, maybe_codes, maybe_texts, maybe_codes)
participants = st.builds(values.Participant, organisations, st.sampled_from("1234"))
reporters = st.builds(values.Organisation, codes, codes, texts)
moneys = st.builds(values.Money, amounts, currencies, days)
transactions = st.builds(
    values.Transaction,
    st.sampled_from(["1", "2", "3", "4", "11"]),
    days,
    moneys,
    ref=maybe_codes,
    description=maybe_texts,
    provider=st.none() | organisations,
    receiver=st.none() | organisations,
    sectors=few(without_share),
    country=maybe_codes,
    region=st.none() | coded,
    flow_type=maybe_codes,
    finance_type=maybe_codes,
    aid_types=few(aid_types),
    tied_status=maybe_codes,
    humanitarian=answers,
)
budgets = st.builds(values.Budget, days, days, moneys, maybe_codes, maybe_codes)
planned = st.builds(
    values.PlannedDisbursement,
    days,
    st.none() | days,
    moneys,
    maybe_codes,
    st.none() | organisations,
    st.none() | organisations,
)
measured = st.builds(values.Measured, maybe_codes, maybe_texts)
baselines = st.builds(
    values.Measured, maybe_codes, maybe_texts, st.integers(1900, 2100), st.none() | days
)
periods = st.builds(values.Period, days, days, few(measured), few(measured))
indicators = st.builds(
    values.Indicator,
    texts,
    st.sampled_from("12345"),
    answers,
    maybe_texts,
    few(st.builds(values.Code, codes, codes)),
    few(baselines),
    few(periods),
)
results = st.builds(values.Result, st.sampled_from("1239"), texts, maybe_texts, few(indicators, 1))
activities = st.builds(
    values.Activity,
    id=codes,
    reporter=reporters,
    title=texts,
    description=texts,
    participants=few(participants, 1),
    status=st.sampled_from("123456"),
    events=few(st.builds(values.Event, st.sampled_from("1234"), days), 1),
    countries=few(shares),
    regions=few(with_vocabulary),
    sectors=few(with_vocabulary),
    tags=few(coded),
    scopes=few(st.builds(values.Scope, codes, codes, codes)),
    flow_type=maybe_codes,
    finance_type=maybe_codes,
    aid_types=few(aid_types),
    tied_status=maybe_codes,
    budgets=few(budgets),
    planned=few(planned),
    transactions=few(transactions),
    related=few(st.builds(values.Related, codes, codes)),
    results=few(results),
    humanitarian=answers,
    currency=maybe_codes,
    language=st.sampled_from(["", "en", "es"]),
)
EXAMPLE = values.Activity(
    id="XM-EXAMPLE-1-schools",
    reporter=values.Organisation("XM-EXAMPLE-1", "10", (values.Narrative("Example ministry"),)),
    title=(values.Narrative("Schools for all"),),
    description=(values.Narrative("Every child in school"),),
    participants=(values.Participant(values.Organisation(type="10"), "2"),),
    status="2",
    events=(values.Event("3", date(2028, 1, 1)),),
    countries=(values.Share("KE"),),
    transactions=(
        values.Transaction(
            "3", date(2024, 5, 6), values.Money(Decimal("10.50"), "USD", date(2024, 5, 6))
        ),
    ),
    currency="USD",
)
