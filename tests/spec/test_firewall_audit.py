"""What counts as leading to enforcement, what does not, and how an audit says so.

Each test is one thing that somebody might try, or get wrong, in writing down arrangements.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.networks import DAY, body, network, passes, sink
from waymark.exceptions import WaymarkError
from waymark.firewall.audits.audit import Audit, audit
from waymark.firewall.audits.certificates import certify
from waymark.firewall.audits.drawing import as_svg
from waymark.firewall.audits.network import Network
from waymark.firewall.audits.report import as_json, as_pdf, as_text, document
from waymark.firewall.domain import FirewallError, load_domain

DOMAIN = load_domain()
CLINIC, BORDER = body("clinic", "health"), sink()


def found(*parts: Any, day: date = DAY) -> Audit:
    return audit(network(*parts), DOMAIN, day)


def answer(*parts: Any, day: date = DAY) -> str:
    return str(found(*parts, day=day).answer)


def ways(told: Audit) -> list[list[str]]:
    return [[each.service.id, *(hop.recipient_id for hop in each.hops)] for each in told.chains]


def test_nothing_leads_anywhere() -> None:
    told = found(CLINIC, BORDER)
    assert told.answer == "yes"
    assert not told.chains
    assert not told.repair
    assert certify(told).reached == ("clinic",)


def test_an_agreement_with_enforcement_breaks_the_wall() -> None:
    told = found(CLINIC, BORDER, passes("memo", "clinic", "border"))
    assert told.answer == "no"
    assert ways(told) == [["clinic", "border"]]
    assert [hop.name for hop in told.repair] == ["memo"]


def test_a_long_known_chain_is_not_hidden_by_a_short_unknown_one() -> None:
    """One hop that nobody knows, and four that are known: the wall is broken, both are shown."""
    told = found(
        body("clinic", "health", evidence="", evidence_date=None),
        *(body(name) for name in ("a", "b", "c")),
        BORDER,
        passes("1", "clinic", "a"),
        passes("2", "a", "b"),
        passes("3", "b", "c"),
        passes("4", "c", "border"),
    )
    assert told.answer == "no"
    assert ways(told) == [["clinic", "a", "b", "c", "border"], ["clinic", "border"]]
    assert [chain.known for chain in told.chains] == [True, False]
    assert [hop.name for hop in told.repair] == ["4"]
    assert [hop.name for hop in told.to_show] == ["clinic → border (no-evidence?)"]


def test_chains_of_the_same_length_are_each_listed_once() -> None:
    """Two ways out of the same body, of which one is known and one not."""
    told = found(
        CLINIC,
        body("a"),
        BORDER,
        passes("1", "clinic", "a"),
        passes("2", "a", "border"),
        passes("3", "a", "border", passes="not-known"),
    )
    assert [[hop.name for hop in chain.hops] for chain in told.chains] == [["1", "2"], ["1", "3"]]
    assert told.listed[0].more == 0
    assert [hop.name for hop in (*told.repair, *told.to_show)] == ["2", "3"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "no"),
        ({"until": "2025"}, "yes"),
        ({"until": "2026"}, "no"),  # a year counts whole
        ({"until": "2026-06-14"}, "yes"),
        ({"until": "2026-06-15"}, "no"),  # and so does the last day
        ({"since": "2026-06-16"}, "yes"),
        ({"since": "2026-06"}, "no"),  # it may have begun with the month
        ({"since": "2027"}, "yes"),
        ({"passes": "no"}, "yes"),
        ({"passes": "not-known"}, "not-known"),
        ({"data": ("released-counts", "existence")}, "no"),
        ({"data": ("existence",)}, "no"),  # that somebody came at all
        ({"purpose": "health-care"}, "no"),  # a good purpose makes no wall
        ({"ground": "practice"}, "no"),
        ({"ground": "funding"}, "no"),
    ],
)
def test_which_arrangements_count(changed: dict[str, Any], expected: str) -> None:
    assert answer(CLINIC, BORDER, passes("memo", "clinic", "border", **changed)) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "yes"),
        ({"evidence": "", "evidence_date": None}, "not-known"),
        ({"evidence": "  ", "evidence_date": None}, "not-known"),
        ({"evidence_date": "2026"}, "not-known"),  # it may be of later this year
        ({"evidence_date": "2026-06-15"}, "yes"),
        ({"evidence_until": "2026-06-14"}, "not-known"),
        ({"evidence_until": "2026-06"}, "yes"),
        ({"controller_since": "2026-01"}, "not-known"),  # another controller than it speaks of
        ({"controller_since": "2024"}, "yes"),
        ({"controller_since": "2025"}, "not-known"),  # before or after the evidence: not known
        ({"controller_since": "2027"}, "yes"),  # not yet
        ({"controller_since": "2026"}, "not-known"),  # perhaps already
        ({"duty_to_report": "yes"}, "no"),
        ({"duty_to_report": "not-known"}, "not-known"),
        ({"duty_to_report": "yes", "evidence": "", "evidence_date": None}, "no"),
    ],
)
def test_what_is_shown_of_a_body_counts_while_it_is_shown(
    changed: dict[str, Any], expected: str
) -> None:
    assert answer(body("clinic", "health", **changed), BORDER) == expected
    passed_on = (CLINIC, body("host", "intermediary", **changed), passes("1", "clinic", "host"))
    assert answer(*passed_on, BORDER) == expected, "and of whoever it passes things on to"


@pytest.mark.parametrize(
    ("reads", "expected"), [("yes", "no"), ("not-known", "not-known"), ("no", "yes")]
)
def test_a_unit_of_enforcement_leads_there_unless_it_is_known_not_to(
    reads: str, expected: str
) -> None:
    """A unit may call itself a clinic, an office or a host; its parent counts."""
    for kind in ("health", "administration", "intermediary"):
        unit = body("unit", kind, parent="border", parent_reads=reads)
        assert answer(CLINIC, unit, BORDER, passes("1", "clinic", "unit")) == expected


def test_a_grandparent_counts_as_well() -> None:
    unit = body("unit", parent="department", parent_reads="not-known")
    department = body("department", parent="border", parent_reads="yes")
    told = found(CLINIC, unit, department, BORDER, passes("1", "clinic", "unit"))
    assert told.answer == "not-known"
    assert ways(told) == [["clinic", "unit", "department", "border"]]


def test_a_claim_without_evidence_in_force_counts_for_nothing() -> None:
    """That no parent reads is said by a body on which nothing is shown any more."""
    unit = body("unit", parent="border", parent_reads="no", evidence_until="2026-01")
    assert answer(CLINIC, unit, BORDER, passes("1", "clinic", "unit")) == "not-known"


def test_processors_hold_what_they_process() -> None:
    host = body("host", "intermediary", duty_to_report="yes")
    told = found(body("clinic", "health", processors=("host",)), host, BORDER)
    assert ways(told) == [["clinic", "host", "border"]]


def test_what_lies_with_a_processor_of_enforcement_may_be_seen_there() -> None:
    """A host that serves the clinic and enforcement, until it is known that they are kept apart."""
    border = sink(processors=("host",))
    parts = (CLINIC, body("host", "intermediary"), border, passes("1", "clinic", "host"))
    assert answer(*parts) == "not-known"
    apart = passes("apart", "host", "border", ground="processing", passes="no")
    assert answer(*parts, apart) == "yes"
    assert answer(*parts, apart.model_copy(update={"until": "2026-01"})) == "not-known"


def test_a_processor_of_a_processor_of_enforcement_counts_as_well() -> None:
    parts = (
        CLINIC,
        body("host", "intermediary", processors=("cellar",)),
        body("cellar", "intermediary"),
        sink(processors=("host",)),
        passes("1", "clinic", "cellar"),
    )
    assert ways(found(*parts)) == [["clinic", "cellar", "host", "border"]]


def test_counts_are_counts_where_they_passed_the_gate() -> None:
    """Counts from a gate may go anywhere; what a service calls counts may be anything."""
    counts = {"data": ("released-counts",)}
    gate = body("gate", "statistics-gate")
    to_gate = passes("records", "clinic", "gate", data=("service-record",))
    assert answer(CLINIC, gate, BORDER, to_gate, passes("out", "gate", "border", **counts)) == "yes"
    told = found(CLINIC, BORDER, passes("out", "clinic", "border", **counts))
    assert told.answer == "not-known"
    assert "nothing shows that these counts passed a statistics gate" in as_text(told, "en")
    back = passes("back", "gate", "clinic", **counts)
    parts = (CLINIC, gate, BORDER, to_gate, back, passes("out", "clinic", "border", **counts))
    assert answer(*parts) == "yes", "counts that came back from the gate"
    records = passes("records-out", "gate", "border", data=("service-record",))
    assert answer(CLINIC, gate, BORDER, to_gate, records) == "no", "a gate that lets records out"


def test_one_hop_stands_for_every_enforcement_body() -> None:
    """With two enforcement bodies, one thing is to be shown of a body, not two."""
    unseen = body("clinic", "health", evidence="", evidence_date=None)
    told = found(unseen, BORDER, sink("coast"))
    assert len(told.chains) == len(told.to_show) == len(told.unknown) == 1
    assert "any of 2 enforcement bodies" in told.chains[0].hops[0].sentence.text()
    assert document(told, "en")["chains"][0]["sink"] == "any of 2 enforcement bodies"


def test_a_duty_to_report_leads_to_enforcement_and_not_to_the_state_of_origin() -> None:
    told = found(
        body("clinic", "health", duty_to_report="yes", duty_basis="An Act."),
        sink("origin", "state-of-origin"),
        BORDER,
    )
    assert ways(told) == [["clinic", "border"]]
    assert told.chains[0].hops[0].sentence.text() == "Clinic → Border, by legal duty: An Act."


def test_a_police_service_is_no_sink_but_may_lead_to_one() -> None:
    given = passes("1", "clinic", "police")
    assert answer(CLINIC, body("police", "police"), BORDER, given) == "yes"
    unseen = body("police", "police", evidence="", evidence_date=None)
    assert answer(CLINIC, unseen, BORDER, given) == "not-known"


def test_arrangements_are_ended_before_laws_are_changed() -> None:
    """Two agreements lead to one duty: the repair is the two agreements."""
    inspectorate = body("inspectorate", "administration", duty_to_report="yes")
    parts = (CLINIC, body("school", "school"), inspectorate, BORDER)
    two = (passes("1", "clinic", "inspectorate"), passes("2", "school", "inspectorate"))
    told = found(*parts, *two)
    assert [hop.name for hop in told.repair] == ["1", "2"]
    by_law = [each.model_copy(update={"changed_by": "law"}) for each in two]
    [repair] = found(*parts, *by_law).repair
    assert repair.by_law


def test_bodies_of_the_same_name_are_told_apart() -> None:
    other = body("clinic-2", "health", name="Clinic")
    told = found(CLINIC, other, BORDER, passes("1", "clinic", "border"))
    assert told.chains[0].service.name == "Clinic (clinic)"
    assert [each.name for each in told.sources] == ["Clinic (clinic)", "Clinic (clinic-2)"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((CLINIC,), "names no enforcement body"),
        ((BORDER, body("office")), "names no service"),
        ((CLINIC, BORDER, passes("1", "clinic", "clinic")), "leads back to its sender"),
        ((body("clinic", "health", service=False), BORDER), "this kind is a service"),
        ((CLINIC, sink(service=True)), "enforcement is no service"),
        ((CLINIC, BORDER, body("a", parent="b"), body("b", parent="a")), "lead back to itself"),
        ((CLINIC, BORDER, body("a", parent="a")), "lead back to itself"),
        ((CLINIC, BORDER, body("a", processors=("a",))), "its own processor"),
        ((CLINIC, BORDER, body("a", processors=("z",))), "'z' is not among the bodies"),
        ((CLINIC, CLINIC, BORDER), "'clinic' is there twice"),
        ((CLINIC, BORDER, passes("1", "clinic", "border", ground="no-evidence")), "has a ground"),
        ((CLINIC, BORDER, body("me", "person")), "the person concerned is no body"),
        (
            (CLINIC, BORDER, passes("1", "clinic", "border", since="2026", until="2025")),
            "it ends before it begins",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(parts: tuple[Any, ...], said: str) -> None:
    with pytest.raises(WaymarkError, match=said):
        found(*parts)


# Certificates


@pytest.mark.parametrize(
    ("parts", "ends"),
    [
        ((CLINIC,), None),
        ((body("clinic", "health", evidence_until="2026-09"),), date(2026, 10, 1)),
        ((body("clinic", "health", controller_since="2027"),), date(2027, 1, 1)),
        ((CLINIC, passes("1", "clinic", "border", since="2026-08-01")), date(2026, 8, 1)),
        ((CLINIC, passes("1", "clinic", "border", until="2025")), None),
        ((CLINIC, body("far", evidence_until="2026-07")), None),  # nothing reaches that one
        (
            (CLINIC, body("a", evidence_until="2026-07"), passes("1", "clinic", "a")),
            date(2026, 8, 1),
        ),
    ],
)
def test_a_certificate_ends_when_something_may_change(
    parts: tuple[Any, ...], ends: date | None
) -> None:
    assert certify(found(*parts, BORDER)).ends == ends


def test_there_is_no_certificate_of_what_is_not_shown() -> None:
    with pytest.raises(FirewallError, match="Only an audit that holds has a certificate"):
        certify(found(body("clinic", "health", duty_to_report="not-known"), BORDER))


def test_a_certificate_speaks_of_what_was_written_down_and_nothing_else() -> None:
    one = certify(found(CLINIC, BORDER))
    assert one == certify(found(CLINIC, BORDER))
    other = certify(found(CLINIC.model_copy(update={"duty_basis": "A law."}), BORDER))
    assert one.network != other.network
    assert one.domain == DOMAIN.digest


# Telling of it

BROKEN = (
    CLINIC,
    body("school", "school", evidence="", evidence_date=None),
    body("host", "intermediary", name="A <host> & more"),
    BORDER,
    passes("1", "clinic", "host", source="A report"),
    passes("2", "host", "border", ground="legal-duty", basis="An Act."),
)


def test_the_document_holds_all_that_is_found() -> None:
    told = document(found(*BROKEN), "en")
    assert told["answer"] == "no"
    assert told["verdict"].startswith("Broken: ")
    assert told["verdict"].endswith(": 1 of 2.")
    first, second = told["chains"]
    assert (first["service"], first["sink"], first["known"]) == ("Clinic", "Border", True)
    assert first["bodies"] == ["clinic", "host", "border"]
    assert first["sources"] == ["A report", ""]
    assert first["hops"][1].endswith("An Act. (only the law can change it)")
    assert (second["service"], second["known"]) == ("School", False)
    assert [(each["part"], each["known"]) for each in told["repair"]] == [
        ("repair", True),
        ("to-show", False),
    ]
    assert told["not_known"] == [
        "School → Border: nothing in force shows that this does not happen."
    ]
    assert json.loads(as_json(found(*BROKEN), "en")) == json.loads(json.dumps(told))


def test_lists_are_bounded_and_say_what_they_leave_out() -> None:
    clinics = [body(f"c{at}", "health", evidence="", evidence_date=None) for at in range(400)]
    told = document(found(*clinics, BORDER), "en")
    assert len(told["chains"]) + told["more_services"] == 400
    assert len(told["repair"]) + told["more_to_show"] == 400
    assert len(told["not_known"]) + told["more_not_known"] == 400
    assert max(len(told[name]) for name in ("chains", "repair", "not_known", "services")) <= 200
    assert told["service_count"] == 400
    text = as_text(found(*clinics, BORDER), "en")
    assert "Chains lead from more services, which are not listed: 350." in text
    assert "And 300 more." in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_picture_shows_the_chains_and_escapes_names(language: str) -> None:
    picture = as_svg(found(*BROKEN), language)
    assert picture.count("<rect") == 4
    assert picture.count("<polyline") == 3
    assert picture.count("stroke-dasharray") == 1, "what is not known is dashed"
    assert picture.count('stroke-width="3"') == 1, "what only the law can change is thick"
    assert "A &lt;host&gt; &amp; more" in picture
    assert as_svg(found(CLINIC, BORDER), language) == ""


def test_a_hop_over_columns_crosses_no_box() -> None:
    """The short way goes round the boxes of the long one."""
    clinic = body("clinic", "health", evidence="", evidence_date=None)
    way = (passes("1", "clinic", "a"), passes("2", "a", "border"))
    told = found(clinic, body("a"), BORDER, *way)
    picture = as_svg(told, "en")
    boxes = [part.split('"') for part in picture.split("<rect ")[1:]]
    tops = {float(part[3]) for part in boxes}
    lines = [part.split('"')[1] for part in picture.split("<polyline ")[1:]]
    round_about = next(line for line in lines if len(line.split()) > 2)
    middle = [float(point.split(",")[1]) for point in round_about.split()[1:-1]]
    assert all(y > max(tops) + 64 or y < min(tops) for y in middle)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_paper_is_a_pdf(language: str) -> None:
    for parts in (BROKEN, (CLINIC, BORDER)):
        assert as_pdf(found(*parts), language).startswith(b"%PDF-")


def test_a_network_kept_as_text_is_the_same_network() -> None:
    """What the site keeps of a network and reads again gives the same audit."""
    given = network(*BROKEN)
    again = Network.model_validate(given.model_dump(mode="json"))
    assert again == given
    assert document(audit(again, DOMAIN, DAY), "en") == document(found(*BROKEN), "en")
