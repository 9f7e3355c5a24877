"""IATI files: what is read, what is remarked on, what is refused, and what a register becomes."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from tests.examples import example_actor, example_locality
from tests.property.iati_activities import EXAMPLE
from waymark.cli.main import waymark
from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError, WaymarkError
from waymark.exchange.iati import parsing
from waymark.exchange.iati.activities import Code, Measured, Money, Narrative, Organisation, Share
from waymark.exchange.iati.reading import Found, read_activities
from waymark.exchange.iati.register import Publication
from waymark.exchange.iati.remarks import REMEDIES, Kind
from waymark.exchange.iati.tables import import_files
from waymark.exchange.iati.writing import as_element, write_activities
from waymark.indicators.series import load_series
from waymark.plans.commitments import Commitment, Partner, Report, Step
from waymark.plans.forums import load_forums
from waymark.plans.register import Register
from waymark.plans.vocabulary import Origin, Outcome, PartnerRole, ResultKind, Status

TODAY = date(2026, 11, 25)
HEAD = '<iati-activities version="2.03">'
SERIES = load_series()
REPORTER = Organisation("XM-EXAMPLE-1", "10", (Narrative("Example ministry", "en"),))


def one(folder: Path, inside: str, attributes: str = "") -> Found:
    """One activity as it is read, with what is to be tested inside."""
    path = folder / "activities.xml"
    activity = f"<iati-activity {attributes}><iati-identifier>A-1</iati-identifier>{inside}"
    path.write_text(f"{HEAD}\n{activity}</iati-activity></iati-activities>", encoding="utf-8")
    (found,) = read_activities(path, TODAY)
    return found


def money(value: str, day: str = "2024-05-06") -> str:
    dated = f'<transaction-date iso-date="{day}"/>' if day else ""
    return f'<transaction><transaction-type code="3"/>{dated}{value}</transaction>'


ODD = {
    "no currency": (money("<value>5</value>"), Kind.NO_CURRENCY, "5"),
    "no amount": (money(""), Kind.NO_AMOUNT, ""),
    "no date": (money('<value currency="USD">5</value>', ""), Kind.NO_DATE, ""),
    "no such date": (
        money('<value currency="USD">5</value>', "2024-02-30"),
        Kind.UNREADABLE_DATE,
        "2024-02-30",
    ),
    "a day to come": (
        money('<value currency="USD">5</value>', "2099-12-31"),
        Kind.IN_THE_FUTURE,
        "2099-12-31",
    ),
    "thousands": (money('<value currency="USD">1,000</value>'), Kind.UNREADABLE_AMOUNT, "1,000"),
    "a power": (money('<value currency="USD">1e999</value>'), Kind.UNREADABLE_AMOUNT, "1e999"),
    "negative": (money('<value currency="USD">-7.5</value>'), Kind.NEGATIVE, "-7.5"),
    "decimals": (money('<value currency="USD">0.1234567</value>'), Kind.ROUNDED, "0.1234567"),
    "shares": (
        '<recipient-country code="KE" percentage="60"/><recipient-country code="UG"/>',
        Kind.SHARES,
        "60",
    ),
    "sectors": (
        '<sector code="15190" percentage="50"/><sector code="11220" percentage="70"/>',
        Kind.SHARES,
        "120",
    ),
    "a budget backwards": (
        '<budget><period-start iso-date="2025-01-01"/><period-end iso-date="2024-01-01"/>'
        '<value currency="USD">5</value></budget>',
        Kind.ENDS_BEFORE,
        "2025-01-01 2024-01-01",
    ),
    "a plan for the next century": (
        '<planned-disbursement><period-start iso-date="2099-01-01"/>'
        '<value currency="USD">5</value></planned-disbursement>',
        Kind.IN_THE_FUTURE,
        "2099-01-01",
    ),
    "a stranger": ("<secret-fund/>", Kind.UNKNOWN_ELEMENT, "secret-fund"),
}


@pytest.mark.parametrize(("inside", "kind", "given"), ODD.values(), ids=ODD)
def test_what_is_odd_is_kept_and_said_with_its_place(tmp_path, inside, kind, given):
    remarks = one(tmp_path, inside).remarks
    assert kind in {each.kind for each in remarks}
    (said,) = (each for each in remarks if each.kind is kind)
    assert (said.file, said.line, said.activity, said.given) == ("activities.xml", 2, "A-1", given)
    assert said.remedy


def test_every_kind_of_remark_has_a_remedy():
    assert set(REMEDIES) == set(Kind)


IN_ORDER = {
    "one place without a share": '<recipient-country code="KE"/>',
    "thirds": "".join(f'<sector code="{code}" percentage="33.33"/>' for code in (1, 2, 3)),
    "two lists of sectors, each whole": '<sector code="15190" percentage="100"/>'
    '<sector vocabulary="2" code="151" percentage="100"/>',
    "an element of another namespace": '<x:own xmlns:x="https://example.org/own"/>',
    "a budget to come": '<budget><period-start iso-date="2030-01-01"/>'
    '<value currency="USD">5</value></budget>',
}


@pytest.mark.parametrize("inside", IN_ORDER.values(), ids=IN_ORDER)
def test_what_is_in_order_is_not_remarked_on(tmp_path, inside):
    assert one(tmp_path, inside).remarks == ()


def test_a_value_without_currency_takes_the_default(tmp_path):
    found = one(tmp_path, money("<value>5</value>"), 'default-currency="KES"')
    assert found.activity.transactions[0].money == Money(Decimal(5), "KES")
    assert found.remarks == ()


def test_what_is_not_known_is_not_zero(tmp_path):
    (transaction,) = one(tmp_path, money("<value>lots</value>", "soon")).activity.transactions
    assert (transaction.day, transaction.money.amount, transaction.humanitarian) == (None,) * 3


def test_version_1_is_read_where_it_says_the_same(tmp_path):
    inside = (
        "<title>A school</title><title xml:lang='fr'>Une école</title>"
        '<participating-org role="Funding" type="10">Norway</participating-org>'
        '<activity-date type="end-planned" iso-date="2015-01-01">2015</activity-date>'
        '<transaction><transaction-type code="D"/><value currency="USD">5</value>'
        '<transaction-date iso-date="2014-01-01"/></transaction>'
    )
    found = one(tmp_path, inside).activity
    assert found.title == (Narrative("A school"),)
    assert found.participants[0].role == "1"
    assert found.events[0].type == "3"
    assert found.transactions[0].type == "3"


def bomb() -> bytes:
    lines = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12)]
    return (
        f'<!DOCTYPE iati-activities [<!ENTITY e0 "ha">{"".join(lines)}]>'
        f"{HEAD.replace('2.03', '&e11;')}<iati-activity/></iati-activities>"
    ).encode()


OUTSIDE = '<!DOCTYPE iati-activities SYSTEM "file:///etc/hostname">'
REFUSED = {
    "empty": b"",
    "blank": b"\n\n",
    "no XML": b"identifier,amount\nA-1,5\n",
    "a web page": b"<html><body>Not found</body></html>",
    "another kind of file": b'<iati-organisations version="2.03"/>',
    "broken off": f"{HEAD}\n<iati-activity><title>".encode(),
    "broken off between activities": f"{HEAD}\n<iati-activity/>".encode(),
    "another encoding than it says": f"{HEAD}<iati-activity><title>\xe9</title>".encode("latin-1"),
    "an encoding that is none": b"<?xml version='1.0' encoding='nonsense'?><iati-activities/>",
    "half of UTF-16": HEAD.encode("utf-16")[:-1],
    "an entity bomb": bomb(),
    "an entity from outside": f"{OUTSIDE}{HEAD}</iati-activities>".encode(),
    "an entity that is not declared": f"{HEAD}<iati-activity>&x;</iati-activity>".encode(),
    "very deep": f"{HEAD}{'<iati-activity>' * 100_000}".encode(),
    "a huge attribute": f'{HEAD}<iati-activity a="{"x" * 20_000_000}"/>'.encode(),
    "a huge text": f"{HEAD}<iati-activity>{'x' * 20_000_000}</iati-activity>".encode(),
    "an activity beside the activities": f"{HEAD}<activity/></iati-activities>".encode(),
    "a second root": f"{HEAD}</iati-activities><more/>".encode(),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_bad_files_are_refused_with_a_remedy(tmp_path, content):
    path = tmp_path / "bad.xml"
    path.write_bytes(content)
    with pytest.raises(DefinitionError, match=r"bad\.xml") as refused:
        list(read_activities(path, TODAY))
    assert refused.value.remedy
    assert len(str(refused.value)) < 500


def test_a_file_that_is_broken_off_names_its_line(tmp_path):
    path = tmp_path / "bad.xml"
    path.write_text(f"{HEAD}\n<iati-activity>\n<title>")
    with pytest.raises(DefinitionError, match="line 3"):
        list(read_activities(path, TODAY))


def test_other_encodings_are_read_where_the_file_says_so(tmp_path):
    path = tmp_path / "activities.xml"
    inside = "<iati-activity><title><narrative>Écoles</narrative></title></iati-activity>"
    for encoding in ("utf-16", "iso-8859-1", "utf-8-sig"):
        name = encoding.removesuffix("-sig")
        text = f"<?xml version='1.0' encoding='{name}'?>{HEAD}{inside}</iati-activities>"
        path.write_bytes(text.encode(encoding))
        (found,) = read_activities(path, TODAY)
        assert found.activity.title == (Narrative("Écoles"),)


def test_an_activity_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(parsing, "LARGEST", 1 << 20)
    path = tmp_path / "endless.xml"
    path.write_text(f"{HEAD}<iati-activity>{'<sector/>' * 300_000}")
    with pytest.raises(DefinitionError, match="larger than 1 MB"):
        list(read_activities(path, TODAY))


def test_what_was_read_is_let_go(tmp_path):
    """However many activities a file has, no more than a piece of it is held at a time."""
    most = []
    for count in (300, 3000):
        path = tmp_path / f"{count}.xml"
        write_activities((EXAMPLE for _ in range(count)), path)
        held = [len(root) for root, _ in parsing.activity_elements(path)]
        assert len(held) == count
        most.append(max(held))
    assert max(most) < 200


def test_tables_hold_every_row_and_say_what_is_there_twice(tmp_path):
    path = tmp_path / "activities.xml"
    other = replace(EXAMPLE, id="XM-EXAMPLE-1-other", countries=(Share("KE", Decimal(60)),))
    twice = replace(other, transactions=other.transactions * 2)
    write_activities([EXAMPLE, twice, EXAMPLE], path)
    counts = import_files([path], tmp_path / "tables", TODAY)
    assert (counts["activities"], counts["money"], counts["results"]) == (3, 4, 0)
    assert counts[f"remark: {Kind.TWICE}"] == 3  # the activity with its money, and the other money
    money = str(tmp_path / "tables" / "money.parquet")
    summed = duckdb.execute("SELECT sum(amount) FROM read_parquet(?)", [money]).fetchall()
    assert summed == [(Decimal("42.00"),)]
    with (tmp_path / "tables" / "remarks.csv").open(encoding="utf-8") as file:
        kinds = [row["kind"] for row in csv.DictReader(file)]
    assert sorted(kinds) == ["shares-not-100", "twice", "twice", "twice"]


def test_tables_are_written_whole_or_not_at_all(tmp_path):
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    write_activities([EXAMPLE], good)
    bad.write_bytes(good.read_bytes()[:-30])
    with pytest.raises(DefinitionError, match=r"bad\.xml"):
        import_files([good, bad], tmp_path / "tables", TODAY)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad.xml", "good.xml"]


def test_tables_that_are_there_stay(tmp_path):
    path = tmp_path / "activities.xml"
    write_activities([EXAMPLE], path)
    import_files([path], tmp_path / "tables", TODAY)
    with pytest.raises(WaymarkError, match="already there"):
        import_files([path], tmp_path / "tables", TODAY)


def test_a_file_that_is_there_stays_where_a_new_one_fails(tmp_path):
    path = tmp_path / "activities.xml"
    path.write_text("before")
    with pytest.raises(WaymarkError, match="a character that XML cannot hold"):
        write_activities([replace(EXAMPLE, title=(Narrative("\ufffe"),))], path)
    assert path.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


SCHOOLS = Commitment(
    id="schools",
    what="Every child in school, whatever their papers",
    place="KE-30",
    lead="ministry",
    origin=Origin.NATIONAL_PLAN,
    provisions=("gcm:15", "sdg:4"),
    due=date(2028, 1, 1),
    result=ResultKind.TARGET,
    series="SG_REG_BRTH",
    target=Decimal(95),
    baseline=Decimal("60.5"),
    baseline_year=2020,
    status=Status.UNDER_WAY,
    partners=(
        Partner(actor="city", role=PartnerRole.IMPLEMENTS),
        Partner(actor="city", role=PartnerRole.CONSULTED),
    ),
    steps=(
        Step(id="half", what="Half-way", due=date(2026, 1, 1), value=Decimal(80)),
        Step(id="law", what="A law", forum="imrf-2026"),
        Step(id="gone", what="Gone", due=date(2026, 1, 1), dropped=True, dropped_because="No"),
    ),
)


def publication(framework: Framework, *commitments: Commitment, **rest: object) -> Publication:
    actors = {
        "ministry": example_actor("ministry"),
        "city": example_actor("city", kind="local-authority"),
    }
    register = Register(
        localities={"KE-30": example_locality()},
        actors=actors,
        commitments={each.id: each for each in commitments},
        **rest,
    )
    return Publication(REPORTER, register, framework, load_forums(), SERIES)


def test_a_commitment_becomes_an_activity(framework):
    report = Report(
        id="r",
        commitment="schools",
        step="law",
        by="ministry",
        reported=date(2026, 5, 2),
        outcome=Outcome.MET,
        met_on=date(2026, 4, 1),
        text="Passed.",
    )
    (found,) = publication(framework, SCHOOLS, reports={"r": report}).activities()
    assert found.id == "XM-EXAMPLE-1-schools"
    assert [(each.organisation.type, each.role) for each in found.participants] == [
        ("10", "2"),
        ("11", "4"),
    ]
    assert found.countries == (Share("KE"),)
    assert found.status == "2"
    assert found.humanitarian is None
    assert Code("gcm:15", "99") in found.tags
    assert Code("4", "2") in found.tags
    advanced = {link.target for link in framework.links_from("gcm:15") if link.type == "advances"}
    assert {f"sdg:{tag.code}" for tag in found.tags if tag.vocabulary == "3"} == {
        each for each in advanced if "." in each
    }
    target, law = found.results
    (indicator,) = target.indicators
    assert indicator.baselines == (Measured("60.5", year=2020),)
    assert [(each.ends, each.targets[0].value) for each in indicator.periods] == [
        (date(2026, 1, 1), "80"),
        (date(2028, 1, 1), "95"),
    ]
    (period,) = law.indicators[0].periods
    assert period.actuals[0].comment[0].text == "met, 2026-04-01. Passed."


LEFT_OUT = {
    "no date": ({"due": None}, "no 'due' date"),
    "nobody": ({"lead": None, "partners": ()}, "no lead"),
    "made up": ({"illustrative": True}, "made up"),
}


@pytest.mark.parametrize(("change", "reason"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_the_standard_demands_is_not_made_up(framework, change, reason):
    found = publication(framework, SCHOOLS.model_copy(update=change))
    assert list(found.activities()) == []
    (left_out,) = found.left_out()
    assert reason in left_out.reason.text()


def test_what_a_rule_proposed_is_not_published(framework):
    (found,) = publication(framework, SCHOOLS.model_copy(update={"proposed": True})).activities()
    assert found.tags == ()


@pytest.mark.parametrize(("place", "code"), [("014", "014"), ("001", "001")])
def test_a_region_is_named_by_its_code(framework, place, code):
    (found,) = publication(framework, SCHOOLS.model_copy(update={"place": place})).activities()
    assert (found.countries, found.regions) == ((), (Share(code, vocabulary="2"),))


def test_every_country_has_two_letters(framework):
    for place in framework.countries:
        given = SCHOOLS.model_copy(update={"place": place.id})
        ((share,),) = (each.countries for each in publication(framework, given).activities())
        assert len(share.code) == 2, place.id


def test_nothing_is_added_to_what_is_written():
    element = as_element(EXAMPLE)
    assert "humanitarian" not in element.attrib
    assert {child.tag for child in element} == {
        *("iati-identifier", "reporting-org", "title", "description", "participating-org"),
        *("activity-status", "activity-date", "recipient-country", "transaction"),
    }


def test_a_file_without_schema_beside_it_is_not_called_valid(tmp_path):
    path = tmp_path / "activities.xml"
    write_activities([EXAMPLE], path)
    result = CliRunner().invoke(waymark, ["iati", "check", str(path)])
    assert isinstance(result.exception, WaymarkError)
    assert "--schema" in result.exception.remedy
