"""IATI at its edges: amounts beyond all measure, words in other tongues, money of other places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.examples import example_actor
from tests.pools import commitment, flow, register
from waymark.compact.framework import Framework
from waymark.exchange.iati.activities import Narrative, Organisation
from waymark.exchange.iati.commitments import Taking, pledge_of, said
from waymark.exchange.iati.reading import Found, read_activities
from waymark.exchange.iati.register import Publication
from waymark.exchange.iati.remarks import Kind
from waymark.exchange.iati.tables import import_files, rows_of
from waymark.exchange.iati.taking_in import kinds_of, load_recipients, read_register
from waymark.exchange.iati.writing import write_activities
from waymark.exchange.pledges.lists import Reading, Surroundings
from waymark.plans.commitments import Commitment
from waymark.plans.flows import Flow
from waymark.plans.forums import load_forums
from waymark.plans.proposals import load_proposal_rules

TODAY = date(2026, 11, 27)


def file_with(folder: Path, inside: str, attributes: str = "") -> Path:
    path = folder / "one.xml"
    path.write_text(
        f'<iati-activities version="2.03"><iati-activity default-currency="USD" {attributes}>'
        "<iati-identifier>XM-EXAMPLE-1</iati-identifier>"
        '<reporting-org ref="XM-EXAMPLE" type="22"><narrative>Made up</narrative></reporting-org>'
        f"<title><narrative>Made up</narrative></title>{inside}</iati-activity></iati-activities>",
        encoding="utf-8",
    )
    return path


def found_in(folder: Path, inside: str) -> Found:
    (found,) = read_activities(file_with(folder, inside), TODAY)
    return found


def taken(folder: Path, framework: Framework, inside: str, place: str = "KEN") -> Reading:
    taking = Taking(
        framework, framework.place(place), load_recipients(), kinds=kinds_of(["22=civil-society"])
    )
    rules = load_proposal_rules(framework)
    around = Surroundings(framework, load_forums(), (), rules)
    return read_register(file_with(folder, inside), taking, around, {}, TODAY)


def flows(reading: Reading) -> list[Flow]:
    assert not reading.faults, reading.faults
    return list(reading.register.flows.values())


def published(
    framework: Framework, *commitments: Commitment, flows: Iterable[Flow] = ()
) -> Publication:
    held = replace(register(list(commitments), list(flows)), actors={"one": example_actor("one")})
    me = Organisation("XM-EXAMPLE-1", "10", (Narrative("Ministry of Example", "en"),))
    return Publication(me, held, framework, load_forums(), {})


def paid(amount: str, inside: str = "") -> str:
    return (
        '<transaction><transaction-type code="3"/><transaction-date iso-date="2025-03-01"/>'
        f'<value value-date="2025-03-01">{amount}</value>{inside}</transaction>'
    )


@pytest.mark.parametrize("digits", [22, 23, 24])
def test_an_amount_of_any_length_that_is_read_is_kept_exactly(tmp_path: Path, digits: int) -> None:
    given = "9" * digits + ".123456"
    (transaction,) = found_in(tmp_path, paid(given)).activity.transactions
    assert transaction.money.amount == Decimal(given)
    import_files([tmp_path / "one.xml"], tmp_path / "tables", TODAY)


def test_half_of_the_last_decimal_is_rounded_away_from_zero(tmp_path: Path) -> None:
    found = found_in(tmp_path, paid("0.0000005") + paid("-0.0000025"))
    amounts = [each.money.amount for each in found.activity.transactions]
    assert amounts == [Decimal("0.000001"), Decimal("-0.000003")]
    assert Kind.ROUNDED in [each.kind for each in found.remarks]


def test_half_a_cent_is_rounded_as_every_other_amount_of_money(
    tmp_path: Path, framework: Framework
) -> None:
    found = flows(taken(tmp_path, framework, paid("0.125") + paid("-10.005")))
    assert sorted(each.amount for each in found) == [Decimal("-10.01"), Decimal("0.13")]


def test_an_amount_larger_than_money_is_a_fault_with_its_line(
    tmp_path: Path, framework: Framework
) -> None:
    (fault,) = taken(tmp_path, framework, paid("9" * 24)).faults
    assert "line 1" in str(fault)


def test_words_inside_a_narrative_are_not_lost(tmp_path: Path) -> None:
    inside = "<description><narrative>One <b>two</b> three</narrative></description>"
    assert found_in(tmp_path, inside).activity.description == (Narrative("One two three"),)


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ((("نص", "ar"), ("texte", "fr")), "fr", ("texte", "fr")),
        ((("نص", "ar"), ("texte", "")), "fr", ("texte", "fr")),
        ((("نص", "ar"), ("texte", "FR"), ("text", "EN")), "fr", ("text", "en")),
        ((("نص", "ar"), ("texte", "fr"), ("text", "en-GB")), "fr", ("text", "en")),
        ((("نص", "ar"), ("texte", "fr")), "es", ("نص", "ar")),
    ],
)
def test_a_text_is_english_else_in_the_activitys_own_language(
    texts: tuple[tuple[str, str], ...], language: str, expected: tuple[str, str]
) -> None:
    assert said(tuple(Narrative(*each) for each in texts), language) == expected


SHARED = {  # what is given, and what is said to miss 100
    "a country and a region of the UN's list": (
        '<recipient-country code="KE" percentage="50"/>'
        '<recipient-region code="2" vocabulary="2" percentage="50"/>',
        [],
    ),
    "regions in two lists, each whole": (
        '<recipient-region code="298" vocabulary="1" percentage="100"/>'
        '<recipient-region code="2" vocabulary="2" percentage="100"/>',
        [],
    ),
    "regions of the UN's list that miss": (
        '<recipient-region code="15" vocabulary="2" percentage="60"/>'
        '<recipient-region code="11" vocabulary="2" percentage="30"/>',
        ["90"],
    ),
    "a country that misses": ('<recipient-country code="KE" percentage="50"/>', ["50"]),
}


@pytest.mark.parametrize(("inside", "missing"), SHARED.values(), ids=SHARED)
def test_shares_of_places_add_up_in_each_list_of_regions(
    tmp_path: Path, inside: str, missing: list[str]
) -> None:
    remarks = found_in(tmp_path, inside).remarks
    assert [each.given for each in remarks if each.kind is Kind.SHARES] == missing


IN_EUROPE = '<recipient-region code="150" vocabulary="2"/>'
IN_AFRICA = '<recipient-region code="002" vocabulary="2"/>'


@pytest.mark.parametrize(
    ("place", "inside", "places"),
    [
        ("KEN", IN_EUROPE, []),
        ("KEN", IN_AFRICA, []),
        ("002", IN_EUROPE, []),
        ("002", IN_AFRICA, ["002"]),
        ("001", IN_EUROPE, ["150"]),
        ("KEN", '<recipient-country code="KE"/>', ["KEN"]),
        ("KEN", '<recipient-country code="UG"/>', []),
        ("KEN", "", ["KEN"]),
    ],
)
def test_money_for_another_place_is_left_out_be_it_a_country_or_a_region(
    tmp_path: Path, framework: Framework, place: str, inside: str, places: list[str]
) -> None:
    reading = taken(tmp_path, framework, paid("10", inside), place)
    assert [each.place for each in flows(reading)] == places
    told = any("transactions for other places" in each.text() for each in reading.said)
    assert told is not bool(places)


def indicator(target: str, actual: str, baseline: str = "", comment: str = "") -> str:
    return (
        '<result type="1"><title><narrative>Made up</narrative></title>'
        '<indicator measure="1" ascending="1"><title><narrative>People</narrative></title>'
        f'{baseline}<period><period-start iso-date="2025-01-01"/>'
        f'<period-end iso-date="2025-12-31"/><target value="{target}"/><actual value="{actual}">'
        f"<comment><narrative>{comment}</narrative></comment></actual></period>"
        "</indicator></result>"
    )


@pytest.mark.parametrize(
    ("actual", "baseline", "outcomes"),
    [
        ("100", "", ["met"]),
        ("50", "", []),  # whether 50 is better than it was, nobody said
        ("50", '<baseline year="2024" value="0"/>', ["partly-met"]),
        ("50", '<baseline year="2024" value="80"/>', ["not-met"]),
    ],
)
def test_a_baseline_that_is_missing_is_not_zero(
    tmp_path: Path, framework: Framework, actual: str, baseline: str, outcomes: list[str]
) -> None:
    reading = taken(tmp_path, framework, indicator("100", actual, baseline))
    assert not reading.faults
    assert [each.outcome.value for each in reading.register.reports.values()] == outcomes


@pytest.mark.parametrize("day", ["2025-02-30", "2025-13-01", "٢٠٢٥-٠١-٠١"])
def test_words_like_ours_with_a_day_that_is_none_are_words_of_theirs(
    tmp_path: Path, framework: Framework, day: str
) -> None:
    inside = indicator("100", "120", comment=f"met, {day}. Made up")
    (report,) = taken(tmp_path, framework, inside).register.reports.values()
    assert report.reported == date(2025, 12, 31)
    assert day in report.text


KENYA, UGANDA = '<recipient-country code="KE"{}/>', '<recipient-country code="UG"{}/>'
EAST = '<recipient-region code="014" vocabulary="2"{}/>'
PER_CENT = ' percentage="{}"'


def shares(**given: str) -> str:
    """Places of an activity with their percentages; an empty one says none."""
    forms = {"kenya": KENYA, "uganda": UGANDA, "east": EAST}
    return "".join(
        forms[name].format(PER_CENT.format(each) if each else "") for name, each in given.items()
    )


@pytest.mark.parametrize(
    ("inside", "place", "amounts"),
    [
        (shares(kenya="60", uganda="40"), "KEN", ["6.01", "60.05"]),
        (shares(kenya="60", uganda="40"), "UGA", ["4.00", "40.04"]),  # 4.004 and 40.036
        (shares(kenya="60", uganda="40"), "014", ["10.01", "100.09"]),
        (shares(kenya="60", uganda="40"), "001", ["10.01", "100.09"]),
        (shares(kenya="30", east="70"), "KEN", ["3.00", "30.03"]),
        (shares(kenya="33.3", uganda="66.6"), "KEN", ["3.34", "33.36"]),  # of 99.9
        (shares(kenya="", uganda=""), "KEN", []),
        (shares(kenya="60", uganda="60"), "KEN", []),
        (shares(kenya="60", uganda=""), "KEN", []),
        (shares(kenya="", east=""), "KEN", ["10.01", "100.09"]),  # the region says where it lies
        (shares(kenya="100", east="100"), "KEN", ["10.01", "100.09"]),
        (shares(kenya=""), "KEN", ["10.01", "100.09"]),
        (shares(kenya="50"), "KEN", ["10.01", "100.09"]),
        ("", "KEN", ["10.01", "100.09"]),
    ],
)
def test_money_that_places_share_counts_by_its_percentages_or_not_at_all(
    tmp_path: Path, framework: Framework, inside: str, place: str, amounts: list[str]
) -> None:
    budget = (
        '<budget><period-start iso-date="2025-01-01"/><period-end iso-date="2025-12-31"/>'
        '<value value-date="2025-01-01">10.01</value></budget>'
    )
    reading = taken(tmp_path, framework, inside + budget + paid("100.09"), place)
    assert sorted(str(each.amount) for each in flows(reading)) == sorted(amounts)
    parts = [each.source for each in flows(reading) if "% of 100.09" in each.source]
    assert bool(parts) is (bool(amounts) and "100.09" not in amounts)
    told = [each.text() for each in reading.said if "percentages do not say" in each.text()]
    assert bool(told) is not bool(amounts)


def test_money_that_names_its_own_country_is_not_shared(
    tmp_path: Path, framework: Framework
) -> None:
    own = paid("100", '<recipient-country code="KE"/>')
    reading = taken(tmp_path, framework, shares(kenya="60", uganda="40") + own)
    assert [each.amount for each in flows(reading)] == [100]


LONG = "登记每一个出生的孩子" * 40  # no blank stands between Chinese words


def test_a_long_text_without_blanks_keeps_its_beginning(framework: Framework) -> None:
    made = commitment("births", due=date(2028, 1, 1), language="zh", what=LONG, lead="one")
    (activity,) = published(framework, made).activities()
    (title,) = activity.title
    assert len(title.text) <= 150
    assert title.text == f"{LONG[:149]}…"


def test_a_long_step_without_blanks_keeps_its_beginning(
    tmp_path: Path, framework: Framework
) -> None:
    inside = indicator("100", "120").replace("People", LONG)
    reading = taken(tmp_path, framework, inside)
    assert not reading.faults
    (held,) = reading.register.commitments.values()
    (step,) = held.steps
    assert step.what == f"Made up: {LONG}"[:299] + "…"


def test_no_activity_that_is_not_written_is_named_as_the_one_before(framework: Framework) -> None:
    kept = commitment("kept", due=date(2028, 1, 1), lead="one")
    undated = commitment("undated", lead="one")
    before = flow("before", "commitment", "10", day=date(2027, 1, 1), commitment="undated")
    after = flow(
        "after", "disbursement", "10", day=date(2027, 2, 1), commitment="kept", onward_of="before"
    )
    (activity,) = published(framework, kept, undated, flows=[before, after]).activities()
    (transaction,) = activity.transactions
    assert transaction.provider is None


def test_lines_of_a_commitment_come_back_as_they_were(tmp_path: Path, framework: Framework) -> None:
    what = f"The first line\nThe second line\n\n{'Made up words ' * 20}".strip()
    path = tmp_path / "own.xml"
    made = commitment("births", due=date(2028, 1, 1), lead="one", what=what)
    write_activities(published(framework, made).activities(), path)
    (found,) = read_activities(path, TODAY)
    taking = Taking(framework, framework.place("KEN"), load_recipients(), own="XM-EXAMPLE-1")
    assert pledge_of(found, taking).commitment.values["what"] == what


def test_title_and_description_are_taken_in_the_same_language(
    tmp_path: Path, framework: Framework
) -> None:
    both = '<narrative xml:lang="ar">{}</narrative><narrative xml:lang="en">{}</narrative>'
    inside = f"<description>{both.format('شرح', 'What it is')}</description>"
    (made,) = taken(tmp_path, framework, inside).register.commitments.values()
    assert made.what == "Made up\n\nWhat it is"


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        ((("ar", "نص"), ("fr", "texte")), "texte"),
        ((("", "texte"), ("en", "text")), "text"),
        ((("ar", "نص"), ("es", "texto")), "نص"),
    ],
)
def test_tables_have_the_text_that_a_register_would_have(
    tmp_path: Path, texts: tuple[tuple[str, str], ...], title: str
) -> None:
    words = "".join(f'<narrative xml:lang="{each}">{text}</narrative>' for each, text in texts)
    words = words.replace(' xml:lang=""', "")
    path = file_with(tmp_path, paid("1", f"<provider-org>{words}</provider-org>"), 'xml:lang="fr"')
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "<title><narrative>Made up</narrative>", f"<title>{words}"
        ),
        encoding="utf-8",
    )
    (found,) = read_activities(path, TODAY)
    (_, activity), (_, money) = rows_of(found, path.name)
    assert (activity["title"], money["provider_name"]) == (title, title)
