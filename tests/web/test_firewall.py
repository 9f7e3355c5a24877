"""The firewall's public pages: what they answer, and what becomes of whatever is sent to them."""

from __future__ import annotations

import html
import json
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.arrangements import ARRANGEMENTS_CSV, BODIES_CSV, BROKEN, HOLDS, NOT_KNOWN
from waymark.exceptions import WaymarkError
from waymark.firewall.audits.network import Network
from waymark.firewall.domain import Request
from waymark.firewall.sharing.rules import compiled, decide
from waymark.firewall.threats import load_threats
from waymark.reading import read_yaml
from waymark_web.audit.models import Event
from waymark_web.firewall import shipped, uploads
from waymark_web.plans.writes import RefusedError

AUDIT = "/en/firewall/audit/"


def reader() -> Client:
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


def sent(text: str = "", /, *files: tuple[str, bytes], **fields: str) -> Any:
    given: dict[str, Any] = {"text": text, "as_of": "2026-11-23", **fields}
    if files:
        given["file"] = [SimpleUploadedFile(name, content) for name, content in files]
    return reader().post(AUDIT, given)


def shown(response: Any) -> str:
    return str(response.content.decode())


def read(response: Any) -> str:
    """What a reader sees, whatever the page wrote as an entity."""
    return html.unescape(shown(response))


# Cases


def test_the_first_page_counts_the_cases_that_are_broken() -> None:
    page = shown(reader().get("/en/firewall/"))
    assert "in 5 of 6 cases below" in page
    assert page.count("Broken: ") == 5
    assert page.count("Holds: ") == 3


@pytest.mark.parametrize("name", shipped.CASES)
def test_a_case_shows_every_chain_with_the_basis_of_each_hop(name: str) -> None:
    for day in shipped.CASES[name]:
        address = f"/en/firewall/case/{name}/?as_of={day}"
        told = json.loads(reader().get(f"{address}&format=json").content)
        page = read(reader().get(address))
        assert told["as_of"] == day.isoformat()
        for said in (told["verdict"], told["words"]["basis"], *told["not_known"]):
            assert said in page
        for chain in told["chains"]:
            assert all(hop in page for hop in chain["hops"])
        for repair in told["repair"]:
            assert repair["sentence"] in page
        assert ('<img src="data:image/svg+xml,' in page) is bool(told["chains"])
        assert (told["certificate"] is not None) is (told["answer"] == "yes")
        if told["certificate"]:
            assert told["certificate"]["network"] in page


def test_a_hop_that_only_the_law_can_change_is_marked() -> None:
    page = shown(reader().get("/en/firewall/case/labour-inspectorate-with-duty/"))
    assert '<span class="mark">law</span>' in page
    page = shown(reader().get("/en/firewall/case/nhs-home-office/"))
    assert '<span class="mark">law</span>' not in page


def test_a_case_can_be_taken_along() -> None:
    response = reader().get("/ar/firewall/case/nhs-home-office/?format=pdf")
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("case/nobody-knows/", 404),
        ("place/KEN/", 404),
        ("place/<script>/", 404),
        ("case/nhs-home-office/?as_of=soon", 400),
        ("case/nhs-home-office/?as_of=2026-02-30", 400),
        ("rules/?from=nobody&to=health&for=rescue&data=contact", 400),
    ],
)
def test_a_wrong_question_is_answered_in_a_page(address: str, status: int) -> None:
    response = reader().get(f"/en/firewall/{address}")
    assert response.status_code == status
    assert "Traceback" not in shown(response)
    assert "<script>" not in shown(response)


# What somebody sends


@pytest.mark.parametrize(
    ("text", "verdict"),
    [(HOLDS, "Holds"), (BROKEN, "Broken"), (NOT_KNOWN, "Not shown to hold")],
)
def test_text_that_is_sent_comes_back_as_an_audit(text: str, verdict: str) -> None:
    response = sent(text)
    assert response.status_code == 200
    assert f'<p class="answer">{verdict}' in shown(response)
    assert not response.cookies


def test_a_file_goes_before_the_text() -> None:
    response = sent(HOLDS, ("ours.yaml", BROKEN.encode()))
    assert "Broken" in shown(response)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_tables_are_one_file(order: tuple[int, int]) -> None:
    tables = (("people-go.csv", BODIES_CSV.encode()), ("Flows.CSV", ARRANGEMENTS_CSV.encode()))
    response = sent("", *(tables[at] for at in order))
    assert "Example clinic → Example border service, by practice" in shown(response)


def test_what_was_sent_can_be_had_as_a_pdf_and_as_json_by_sending_it_again() -> None:
    page = shown(sent("", ("ours.yaml", BROKEN.encode())))
    source = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', page, re.S)
    assert source is not None
    text = html.unescape(source[1])
    assert sent(text, format="pdf").content.startswith(b"%PDF-")
    told = json.loads(sent(text, format="json").content)
    assert told == json.loads(sent(BROKEN, format="json").content)
    assert told["answer"] == "no"


def test_the_day_decides_what_counts() -> None:
    assert "Holds" in shown(sent(HOLDS, as_of="2027-06-01"))
    assert "Not shown to hold" in shown(sent(HOLDS, as_of="2028-01-01"))


def test_names_in_a_file_cannot_become_part_of_the_page() -> None:
    evil = HOLDS.replace("Example clinic\n", '"<script>alert(1)</script>"\n')
    evil = evil.replace("title: Example clinics", 'title: "</textarea><script>x</script>"')
    page = shown(sent(evil))
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_nothing_of_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = Event.objects.count()
    for response in (sent("", ("a.yaml", BROKEN.encode())), sent("nonsense: [")):
        assert "no-store" in response.headers["Cache-Control"]
        assert not response.cookies
    assert list(tmp_path.iterdir()) == []
    assert Event.objects.count() == before


FAULTS = {
    "nothing": (b"", "Choose a file"),
    "blanks": (b" \n ", "Choose a file"),
    "no yaml": (b"a: [", "line 2"),
    "a word": (b"hello", "line 1"),
    "utf-16": (HOLDS.encode("utf-16"), "Save the file as UTF-8"),
    "latin": (b"title: caf\xe9", "line 1"),
    "zeros": (b"\x00" * 300, "file.yaml"),
    "a kind that is none": (HOLDS.replace("kind: health", "kind: hospital").encode(), "line 8"),
    "a field that is none": (HOLDS.replace("holds:", "hold:").encode(), "line 9"),
    "no service": (HOLDS.replace("kind: health", "kind: police").encode(), "names no service"),
    "no enforcement": (b"title: x\nbodies: []", "names no service"),
    "deep": (b"[" * 100_000, "too deeply"),
    "references": (b"bodies: &a []\narrangements: *a", "line 2"),
    "a letter that nobody sees": (
        HOLDS.replace("Example clinic\n", '"Cli\\u202Enic"\n').encode(),
        "nobody sees",
    ),
    "a null": (HOLDS.replace("Example clinic\n", '"Cli\\0nic"\n').encode(), "nobody sees"),
    "large": (b"#" * (uploads.LARGEST + 1), "kilobytes"),
    "one table": (b"id,name", "line 1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(fault: str) -> None:
    content, said = FAULTS[fault]
    response = sent("", ("file.yaml", content))
    page = shown(response)
    assert response.status_code == 422
    assert 'href="#file"' in page
    assert 'id="file-error"' in page
    assert said in page
    if fault == "a kind that is none":
        assert "kind: hospital" in page  # to be mended in place
    assert 'value="2026-11-23"' in page


@pytest.mark.parametrize(
    "files",
    [
        [("bodies.csv", b"id,name\n")],
        [("bodies.csv", BODIES_CSV.encode()), ("more.yaml", b"a: b")],
        [("a.yaml", HOLDS.encode()), ("b.yaml", HOLDS.encode())],
        [("a.csv", b"id"), ("b.csv", b"id"), ("c.csv", b"id")],
        [("a.csv", BODIES_CSV.encode()), ("b.csv", BODIES_CSV.encode())],
        [("a.csv", b"\xff\xfe"), ("b.csv", ARRANGEMENTS_CSV.encode())],
        [("../../../etc/passwd.csv", BODIES_CSV.encode()), ("b.csv", b'"')],
        [("\x00/.yaml", b"x"), ("b.csv", b"")],
    ],
)
def test_wrong_files_are_refused_with_a_remedy(files: list[tuple[str, bytes]]) -> None:
    response = sent("", *files)
    assert response.status_code == 422
    assert 'class="error summary"' in shown(response)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=200)), max_size=3), st.text())
def test_any_bytes_are_an_audit_or_a_reason(files: list[tuple[str, bytes]], text: str) -> None:
    held = [SimpleUploadedFile(f"x{name}".replace("/", "-"), content) for name, content in files]
    with suppress(RefusedError, WaymarkError):  # and nothing else
        assert isinstance(uploads.network_in(held, text), Network)


def test_a_form_that_is_too_large_or_broken_is_refused_in_a_page() -> None:
    large = sent("#" * 1_100_000)
    assert large.status_code == 413
    assert "more than can be sent" in shown(large)
    broken = reader().post(AUDIT, b"nonsense", content_type="multipart/form-data; boundary=x")
    assert broken.status_code in (413, 422)
    no_boundary = reader().post(AUDIT, b"nonsense", content_type="multipart/form-data")
    assert no_boundary.status_code in (413, 422)
    huge = reader().post(AUDIT, {"file": SimpleUploadedFile("x.yaml", b"#" * 6_100_000)})
    assert huge.status_code == 413


def test_a_wrong_day_is_said_at_its_field() -> None:
    response = sent(HOLDS, as_of="tomorrow")
    assert response.status_code == 422
    assert 'id="as_of-error"' in shown(response)
    assert "Example clinics" in shown(response)  # nothing is lost


def test_the_example_to_start_from_can_be_audited() -> None:
    page = shown(reader().get(f"{AUDIT}?example"))
    assert "title: Our country" in page
    assert "Broken" in shown(sent(shipped.example()))


@pytest.mark.parametrize("name", shipped.CASES)
def test_arrangements_written_anew_say_the_same(name: str, tmp_path: Path) -> None:
    network = shipped.case(name)
    path = tmp_path / "again.yaml"
    path.write_text(uploads.as_yaml(network), encoding="utf-8")
    assert read_yaml(path, Network) == network
    assert yaml.safe_load(path.read_text(encoding="utf-8"))


# Rules


def test_the_rules_are_shown_in_words_with_what_is_proved_of_them() -> None:
    page = read(reader().get("/en/firewall/rules/"))
    for rule in shipped.rules().rules:
        assert rule.sentence.en in page
    for verdict in shipped.verdicts():
        assert verdict.theorem.sentence.text() in page
    assert page.count('<span class="mark">holds</span>') == len(shipped.verdicts())
    for proved in (shipped.certificate().rules, shipped.certificate().table):
        assert proved in page


QUESTIONS = [
    ("person", "health", "health-care", "need-note", {"consent": "yes", "duty-to-report": "no"}),
    ("person", "health", "health-care", "need-note", {"consent": "yes"}),
    ("health", "immigration-enforcement", "immigration-control", "identity", {"consent": "yes"}),
    ("health", "police", "criminal-investigation", "existence", {"danger-to-life": "yes"}),
    ("shelter", "health", "rescue", "contact", {"danger-to-life": "yes", "duty-to-report": "no"}),
]


@pytest.mark.parametrize(("sender", "to", "why", "data", "facts"), QUESTIONS)
def test_a_request_is_answered_as_the_proved_table_answers(
    sender: str, to: str, why: str, data: str, facts: dict[str, str]
) -> None:
    domain = shipped.domain()
    assert compiled(shipped.rules(), domain).digest == shipped.certificate().table
    given = {"yes": True, "no": False}
    answers = tuple(given.get(facts.get(fact.id, "")) for fact in domain.facts)
    asked = Request(sender, to, why, "not-known", data, answers)
    question = {"from": sender, "to": to, "for": why, "data": data, **facts}
    page = read(reader().get("/en/firewall/rules/", question))
    said = decide(shipped.rules(), domain, asked)
    assert ("<strong>Yes." in page) is (said.answer == "yes")
    assert ("<strong>No." in page) is (said.answer == "no")
    assert said.reason.text() in page


def test_nobodys_status_can_be_asked() -> None:
    page = shown(reader().get("/en/firewall/rules/"))
    assert 'name="status"' not in page
    assert "irregular" not in page.lower()


# Threats


def test_every_threat_is_shown_with_what_remains() -> None:
    page = read(reader().get("/en/firewall/threats/"))
    for threat in load_threats():
        for said in (threat.threat, threat.we_do, threat.remains):
            assert said.en in page
        for test in threat.tested_by:
            assert test in page


def test_a_broken_list_of_threats_is_refused(tmp_path: Path) -> None:
    (tmp_path / "threats.yaml").write_text("threats: []", encoding="utf-8")
    with pytest.raises(WaymarkError, match="from 1 to 26"):
        load_threats(tmp_path)


@pytest.mark.parametrize(
    "page", ["", "audit/", "rules/", "threats/", "counts/", "case/nhs-home-office/"]
)
def test_a_reader_gets_no_cookie_and_no_script(page: str) -> None:
    for language in ("en", "ar"):
        response = reader().get(f"/{language}/firewall/{page}")
        assert response.status_code == 200
        assert not response.cookies
        assert "<script" not in shown(response)
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', shown(response))
