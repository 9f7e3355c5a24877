"""IATI activities become commitments, steps, reports and money; what stays behind is said.

The activities are made up, in the form in which Akvo RSR and Waymark itself write them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from waymark.cli.main import waymark
from waymark.compact.framework import Framework
from waymark.exchange.iati.activities import Narrative, Organisation
from waymark.exchange.iati.commitments import Taking
from waymark.exchange.iati.register import Publication
from waymark.exchange.iati.taking_in import kinds_of, load_recipients, read_register
from waymark.exchange.iati.writing import write_activities
from waymark.exchange.pledges.lists import Reading, Surroundings
from waymark.exchange.register_package import STARTER, read_package
from waymark.indicators.series import Series
from waymark.plans.actors import Actor
from waymark.plans.commitments import Commitment, Partner, Report, Step
from waymark.plans.flows import Flow, FlowKind
from waymark.plans.forums import load_forums
from waymark.plans.proposals import load_proposal_rules
from waymark.plans.register import Register

TODAY = date(2026, 11, 27)
ME = Organisation("XM-EXAMPLE-1", "10", (Narrative("Ministry of Example", "en"),))
RSR = """<?xml version="1.0"?>
<iati-activities version="2.03" xmlns:akvo="http://akvo.org/iati-activities">
<iati-activity default-currency="EUR" xml:lang="en" hierarchy="1" humanitarian="0">
  <iati-identifier>XM-EXAMPLE-2-77</iati-identifier>
  <reporting-org ref="XM-EXAMPLE-2" type="22"><narrative>Made-up Fund</narrative></reporting-org>
  <title><narrative>Made up: safe ways home</narrative></title>
  <description type="1" akvo:type="4"><narrative>Made up: advice</narrative></description>
  <description type="1" akvo:type="5"><narrative>Made up: a summary</narrative></description>
  <participating-org type="10" role="1"><narrative>Made-up Ministry</narrative></participating-org>
  <participating-org type="22" role="2"><narrative>Made-up Fund</narrative></participating-org>
  <participating-org type="22" role="4"><narrative>Made-up Union</narrative></participating-org>
  <participating-org type="22" role="3"><narrative>Made-up Extender</narrative></participating-org>
  <activity-status code="2"/>
  <activity-date iso-date="2025-01-01" type="1"/>
  <activity-date iso-date="2027-12-31" type="3"/>
  <contact-info><email>jo@example.org</email></contact-info>
  <recipient-country code="KE" percentage="100"/>
  <sector code="15190" vocabulary="1" percentage="100"/>
  <budget type="1" status="2"><period-start iso-date="2025-01-01"/>
    <period-end iso-date="2025-12-31"/><value currency="EUR">1000</value></budget>
  <transaction ref="T1"><transaction-type code="3"/><transaction-date iso-date="2025-03-01"/>
    <value value-date="2025-03-01">250.005</value>
    <provider-org><narrative>Made-up Ministry</narrative></provider-org>
    <receiver-org><narrative>Somebody else</narrative></receiver-org></transaction>
  <transaction><transaction-type code="7"/><transaction-date iso-date="2025-03-01"/>
    <value>1</value></transaction>
  <related-activity ref="XM-EXAMPLE-2-1" type="1"/>
  <related-activity ref="XM-EXAMPLE-2-78" type="3"/>
  <result type="1"><title><narrative>Made up: advice</narrative></title>
    <indicator measure="1" ascending="1"><title><narrative>People advised</narrative></title>
      <baseline year="2024" value="0"/>
      <period><period-start iso-date="2025-01-01"/><period-end iso-date="2025-12-31"/>
        <target value="100"/><actual value="120"/></period>
      <period><period-start iso-date="2026-01-01"/><period-end iso-date="2026-06-30"/>
        <target value="200"/><actual value="150"/></period>
      <period><period-start iso-date="2027-01-01"/><period-end iso-date="2027-12-31"/>
        <target value="300"/><actual value="0"/></period></indicator>
    <indicator measure="5"><title><narrative>What people say</narrative></title>
      <period><period-start iso-date="2025-01-01"/><period-end iso-date="2025-12-31"/>
        <target value="N/A"/><actual value="Made up: good"/></period></indicator></result>
</iati-activity>
<iati-activity><iati-identifier>XM-EXAMPLE-2-99</iati-identifier>
  <title><narrative>Made up: elsewhere</narrative></title><recipient-country code="UG"/>
</iati-activity></iati-activities>
"""


@pytest.fixture(scope="module")
def around(framework: Framework, series: dict[str, Series]) -> Surroundings:
    forums = load_forums()
    starter = read_package(STARTER, framework, forums, series)
    return Surroundings(framework, forums, series, load_proposal_rules(framework), starter)


def taking(framework: Framework, *kinds: str, own: str = "") -> Taking:
    return Taking(framework, framework.place("KEN"), load_recipients(), own, kinds_of(kinds))


def read(
    folder: Path, around: Surroundings, series: dict[str, Series], text: str = RSR
) -> tuple[Reading, Taking]:
    path = folder / "activities.xml"
    path.write_text(text, encoding="utf-8")
    held = taking(around.framework, "10=ministry")
    return read_register(path, held, around, series, TODAY), held


def test_an_activity_becomes_a_commitment_with_its_links(
    around: Surroundings, series: dict[str, Series], tmp_path: Path
) -> None:
    reading, _ = read(tmp_path, around, series)
    assert [str(fault) for fault in reading.faults] == []
    made = reading.register.commitments["iati-xm-example-2-77"]
    assert made.what == "Made up: safe ways home\n\nMade up: advice"
    assert (made.place, made.due, made.status) == ("KEN", date(2027, 12, 31), "under-way")
    assert made.origin_source == "IATI, XM-EXAMPLE-2-77; part of XM-EXAMPLE-2-1"
    assert made.lead == "ken-made-up-fund"
    assert [(part.actor, part.role) for part in made.partners] == [
        ("ken-made-up-ministry", "funds"),
        ("ken-made-up-union", "implements"),
    ]
    assert "jo@example.org" not in repr(reading.register)


def test_periods_become_steps_and_what_numbers_say_becomes_reports(
    around: Surroundings, series: dict[str, Series], tmp_path: Path
) -> None:
    reading, _ = read(tmp_path, around, series)
    made = reading.register.commitments["iati-xm-example-2-77"]
    assert [(step.what, step.due) for step in made.steps] == [
        ("Made up: advice: People advised (100)", date(2025, 12, 31)),
        ("Made up: advice: People advised (200)", date(2026, 6, 30)),
        ("Made up: advice: People advised (300)", date(2027, 12, 31)),
        ("Made up: advice: What people say", date(2025, 12, 31)),
    ]
    reports = [r for r in reading.register.reports.values() if r.commitment == made.id]
    assert [(r.step, r.outcome, r.reported, r.by) for r in reports] == [
        ("s1", "met", date(2025, 12, 31), "ken-made-up-fund"),
        ("s2", "partly-met", date(2026, 6, 30), "ken-made-up-fund"),
    ]


def test_money_becomes_flows(
    around: Surroundings, series: dict[str, Series], tmp_path: Path
) -> None:
    reading, _ = read(tmp_path, around, series)
    paid, planned = (
        reading.register.flows[f"iati-xm-example-2-77-{kind}-2025"]
        for kind in ("disbursement", "budget")
    )
    assert (paid.amount, paid.currency, paid.day) == (Decimal("250.01"), "EUR", date(2025, 3, 1))
    assert (paid.provider, paid.receiver_name) == ("ken-made-up-ministry", "Somebody else")
    assert (planned.kind, planned.ends, planned.sector) == (
        FlowKind.BUDGET,
        date(2025, 12, 31),
        "15190",
    )


def test_what_is_left_out_is_counted_and_said(
    around: Surroundings, series: dict[str, Series], tmp_path: Path
) -> None:
    reading, held = read(tmp_path, around, series)
    left = {reason: count for reason, count in held.left.items() if count}
    assert left == {
        "activities that are not of the place": 1,
        "descriptions after the first": 1,
        "dates other than the planned end": 1,
        "sectors of activities": 1,
        "links to activities other than the parent": 1,
        "organisations in a role that a register has not": 1,
        "baselines of indicators that are no series of ours": 1,
        "actuals of periods that have not ended": 1,
        "actuals that do not say whether the target was met": 1,
        "transactions of other kinds": 1,
        "amounts with more than two decimals: rounded": 1,
    }
    assert "Left out: 1 × transactions of other kinds." in [s.text() for s in reading.said]


def test_a_file_read_again_changes_nothing(
    around: Surroundings, series: dict[str, Series], tmp_path: Path
) -> None:
    first, _ = read(tmp_path, around, series)
    held = Surroundings(
        around.framework, around.forums, around.series, around.rules, first.register
    )
    second, _ = read(tmp_path, held, series)
    assert second.register == first.register


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("XM-EXAMPLE-2-99</iati", "XM-EXAMPLE-2-77</iati", ""),
        ("<iati-identifier>XM-EXAMPLE-2-77", "<iati-identifier>", "has no identifier"),
        ('type="10"', 'type="15"', "Say what its type is with --kind"),
    ],
)
def test_each_fault_has_its_line(
    around: Surroundings, series: dict[str, Series], tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = RSR.replace(old, new)
    if not said:
        text, said = text.replace('code="UG"', 'code="KE"'), "stands in line"
    reading, _ = read(tmp_path, around, series, text)
    faults = [str(fault) for fault in reading.faults]
    assert len(faults) == 1
    assert said in faults[0]
    assert "activities.xml: line " in faults[0]


def test_what_waymark_wrote_comes_back(
    around: Surroundings, series: dict[str, Series], tmp_path: Path
) -> None:
    """Every field that both have is the same after writing and reading."""
    forum = next(each for each in around.forums.values() if len(each.ends) == 10)
    ministry = Actor(
        id="ministry", name="Ministry of Example", kind="ministry", level="national", place="KEN"
    )
    union = ministry.model_copy(update={"id": "union", "name": "Union of Example"})
    births = Commitment(
        id="births",
        what="Every birth is registered. " * 9,
        place="KEN",
        lead="ministry",
        origin="national-plan",
        origin_source="The plan",
        provisions=("gcm:4.e",),
        due=date(2028, 12, 31),
        status="under-way",
        result="target",
        series="SG_REG_BRTH",
        target=Decimal(95),
        baseline=Decimal(67),
        baseline_year=2014,
        partners=(Partner(actor="union", role="implements"),),
        steps=(
            Step(id="law", what="The law is amended", due=date(2026, 6, 30)),
            Step(id="seen", what="It is shown to all", forum=forum.id),
        ),
    )
    told = Report(
        id="told",
        commitment="births",
        step="law",
        by="ministry",
        reported=date(2026, 6, 1),
        outcome="met",
        met_on=date(2026, 6, 1),
        text="Done",
    )
    flows = (
        {
            "id": "paid",
            "kind": "disbursement",
            "day": "2026-05-01",
            "provider": "ministry",
            "receiver_name": "Somebody else",
            "sector": "15190",
            "earmarking": "earmarked",
        },
        {"id": "taken-back", "kind": "disbursement", "day": "2026-05-02", "amount": "-1.50"},
        {"id": "plan", "kind": "budget", "amount": "7"},
        {"id": "long-plan", "kind": "budget", "day": "2026-07-01", "ends": "2028-06-30"},
        {
            "id": "to-come",
            "kind": "planned-disbursement",
            "day": "2027-01-01",
            "ends": "2027-03-31",
            "provider": "union",
        },
        {"id": "cost", "kind": "cost"},
    )
    money = {
        flow["id"]: Flow.model_validate(
            {
                "amount": "100.10",
                "currency": "KES",
                "year": int(flow.get("day", "2026")[:4]),
                "place": "KEN",
                "commitment": "births",
                "source": "The books",
                **flow,
            }
        )
        for flow in flows
    }
    register = Register(
        actors={"ministry": ministry, "union": union},
        commitments={"births": births},
        reports={"told": told},
        flows=money,
    )
    path = tmp_path / "a.xml"
    publication = Publication(ME, register, around.framework, around.forums, series)
    assert write_activities(publication.activities(), path) == 1
    held = Surroundings(around.framework, around.forums, around.series, around.rules, register)
    again = read_register(path, taking(around.framework, own="XM-EXAMPLE-1"), held, series, TODAY)
    assert [str(fault) for fault in again.faults] == []
    assert again.register == register
    alone = Surroundings(
        around.framework, around.forums, around.series, around.rules, around.register
    )
    held_new = taking(around.framework, "10=ministry", own="XM-EXAMPLE-1")
    fresh = read_register(path, held_new, alone, series, TODAY).register.commitments["births"]
    for name in ("what", "place", "provisions", "due", "status", "series", "target", "baseline"):
        assert getattr(fresh, name) == getattr(births, name)
    assert [(step.what, step.due, step.forum) for step in fresh.steps] == [
        (step.what, step.due, step.forum) for step in births.steps
    ]


def test_the_command_takes_a_file_in_whole(tmp_path: Path) -> None:
    path, into = tmp_path / "rsr.xml", tmp_path / "register"
    path.write_text(RSR, encoding="utf-8")
    command = [
        "iati",
        "register",
        str(path),
        "--place",
        "KEN",
        "--into",
        str(into),
        "--as-of",
        "2026-11-27",
    ]
    refused = CliRunner().invoke(waymark, command)
    assert refused.exit_code == 1
    assert not into.exists()
    taken = CliRunner().invoke(waymark, [*command, "--kind", "10=ministry"])
    assert taken.exit_code == 0, taken.output
    assert "commitments: 1 added, 0 changed" in taken.output
    again = CliRunner().invoke(waymark, [*command, "--kind", "10=ministry"])
    assert "Nothing differs from what is there." in again.output
    wrong = CliRunner().invoke(waymark, [*command, "--kind", "10=king"])
    assert "the kinds are: state, ministry" in str(wrong.exception)
