"""Rules of sharing: what a file may say, how a request is answered, what a certificate binds."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.sharing import DOMAIN, MODEL, ROUTES, variant, written
from waymark.compact.answers import Answer
from waymark.compact.framework import Framework
from waymark.exceptions import DefinitionError
from waymark.firewall.domain import FOLDER, Domain, FirewallError, Request, load_domain
from waymark.firewall.sharing.proof import Certificate, certify, gatekeeper
from waymark.firewall.sharing.routes import Routes, load_routes
from waymark.firewall.sharing.rules import MODEL_RULES, Gatekeeper, compiled, decide, load_rules

DAY = date(2026, 11, 25)
TEXT = MODEL_RULES.read_text(encoding="utf-8")
REFERRAL = Request(
    "shelter", "health", "health-care", "not-known", "need-note", (True, True, True, False, False)
)


def asked(**changes: object) -> Request:
    """The referral that the model rules permit, with something else in it."""
    facts = dict(zip(DOMAIN.dimensions["when"], REFERRAL.facts, strict=True))
    facts |= {key.replace("_", "-"): changes.pop(key) for key in list(changes) if key in FACTS}
    return REFERRAL._replace(**changes, facts=tuple(facts.values()))


FACTS = {fact.replace("-", "_") for fact in DOMAIN.dimensions["when"]}


# The domain


def test_every_request_there_is():
    """13 senders, 13 recipients, 13 purposes, 5 statuses, 7 kinds of data, 2^5 sets of facts."""
    assert DOMAIN.size == 2_460_640
    assert DOMAIN.shape == (13, 13, 13, 5, 7)


def test_cell_of_a_set_of_facts_is_found_again():
    for bits in range(32):
        assert DOMAIN.bits_of(DOMAIN.facts_of(bits)) == bits


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kinds": lambda it: [*it, it[1]]}, "an identifier stands twice in from"),
        ({"kinds": lambda it: it[1:]}, "the theorems name 'person', and it is not in 'from'"),
        ({"facts": lambda it: it[1:]}, "the theorems name 'consent', and it is not in 'when'"),
        ({"statuses": lambda it: []}, "there are at most 5 facts, and there is a status"),
        ({"kinds": lambda it: it[:-2]}, "without a sink or without a service there is nothing"),
        ({"kinds": lambda it: [{**it[0], "role": "sink"}, *it[1:]]}, "'person' alone has the role"),
        (
            {"facts": lambda it: [*it, {**it[0], "id": "another-fact"}]},
            "there are at most 5 facts, and there is a status",
        ),
    ],
)
def test_lists_over_which_nothing_can_be_proved_are_refused(change, problem):
    said = DOMAIN.model_dump()
    for name, changed in change.items():
        said[name] = changed(list(said[name]))
    with pytest.raises(ValueError, match=problem):
        Domain.model_validate(said)


def test_other_lists_have_another_hash():
    said = DOMAIN.model_dump()
    said["kinds"] = said["kinds"][::-1]
    assert Domain.model_validate(said).digest != DOMAIN.digest


# Answers


def test_a_referral_with_all_that_it_needs_is_permitted_by_its_rule():
    found = decide(MODEL, DOMAIN, REFERRAL)
    assert found.answer is Answer.YES
    assert [rule.id for rule in found.because] == ["M4"]
    assert found.reason.text().startswith("Permitted by M4: A service may refer a person")


@pytest.mark.parametrize("status", DOMAIN.dimensions["status"])
def test_nobodys_status_is_asked(status):
    assert decide(MODEL, DOMAIN, asked(status=status)).answer is Answer.YES


@pytest.mark.parametrize("fact", ["consent", "agreement", "onward_barred"])
@pytest.mark.parametrize("answer", [False, None])
def test_without_consent_or_agreement_or_promise_nothing_moves(fact, answer):
    found = decide(MODEL, DOMAIN, asked(**{fact: answer}))
    assert found.answer is Answer.NO
    assert found.reason.text() == "Denied: no rule permits it."
    assert found.not_known == ((fact.replace("_", "-"),) if answer is None else ())


@pytest.mark.parametrize("answer", [True, None])
def test_a_duty_to_report_closes_the_way_and_so_does_not_knowing_of_one(answer):
    found = decide(MODEL, DOMAIN, asked(duty_to_report=answer))
    assert found.answer is Answer.NO
    assert found.reason.text().startswith("Denied by M11: ")


def test_withdrawn_consent_closes_what_consent_opened():
    keeper = Gatekeeper(compiled(MODEL, DOMAIN))
    assert keeper.permits(REFERRAL)
    assert not keeper.permits(asked(consent=False))


@pytest.mark.parametrize("fact", DOMAIN.facts, ids=lambda fact: fact.id)
def test_what_is_not_known_counts_as_the_worse_answer(fact):
    """Consent, an agreement, a promise, danger: no. A duty to report: yes."""
    assert fact.unknown_is == (fact.id == "duty-to-report")
    keeper = Gatekeeper(compiled(MODEL, DOMAIN))
    name = fact.id.replace("-", "_")
    rescue = {"purpose": "rescue", "danger_to_life": True, "consent": False}
    for base in ({}, rescue):
        not_known, worse = (asked(**{**base, name: it}) for it in (None, fact.unknown_is))
        assert keeper.permits(asked(**base))
        assert keeper.permits(not_known) == keeper.permits(worse)


def test_several_prohibitions_are_all_named():
    found = decide(MODEL, DOMAIN, asked(recipient="police", purpose="criminal-investigation"))
    assert [rule.id for rule in found.because] == ["M9", "M10"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sender": "ministry"}, "'ministry' is no kind of body."),
        ({"recipient": "ministry"}, "'ministry' is no kind of body."),
        ({"purpose": "profit"}, "'profit' is no purpose."),
        ({"status": "deserving"}, "'deserving' is no status."),
        ({"data": "dna"}, "'dna' is no data."),
        ({"facts": (True, True)}, "These are not the answers that a request needs."),
        ({"facts": (True, True, True, False, "yes")}, "These are not the answers"),
        ({"facts": [True, True, True, False]}, "These are not the answers"),
    ],
)
def test_a_request_outside_the_lists_is_an_error_and_never_a_yes(changes, problem):
    request = REFERRAL._replace(**changes)
    with pytest.raises(FirewallError, match=problem.replace(".", r"\.")):
        decide(MODEL, DOMAIN, request)
    with pytest.raises(FirewallError, match=problem.replace(".", r"\.")):
        Gatekeeper(compiled(MODEL, DOMAIN)).permits(request)


# Files


def variant_file(folder: Path, old: str, new: str) -> Path:
    assert old in TEXT, f"the model rules have no {old!r}"
    path = folder / "rules.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(text: str, after: str = "") -> int:
    start = TEXT.index(after)
    return TEXT[: TEXT.index(text, start)].count("\n") + 1


M4_DATA = "    data: [need-note, contact]\n    when: {consent: yes, agreement: yes"


@pytest.mark.parametrize(
    ("old", "new", "problem", "line"),
    [
        # a word that stands elsewhere in the file, rightly: the line is that of the wrong one
        ("for: [legal-advice]", "for: [legal-aid]", "rule M2: 'legal-aid' is no purpose", "M2 for"),
        ("to: [health, shelter]", "to: []", "rule M5: the list of 'to' is empty", "M5 to"),
        ("to: [health, shelter]", "to: health", "valid tuple", "M5 to"),
        ("to: [health, shelter]", "to:", "valid tuple", "M5 to"),
        ("to: [health, shelter]", "to: [health, health]", "'health' is there twice", "M5 to"),
        ("to: [health, shelter]", "to: [[health]]", "valid string", "M5 to"),
        ("id: M5", "id: M4", "the rule M4 is there twice", "M5 id"),
        ("id: M5", "id: ''", "should match pattern", "M5 id"),
        ("id: M5\n    sentence", "id: M5\n    sentense", "'sentense' is not a known field", ""),
        ("danger-to-life: yes", "danger-of-life: yes", "'danger-of-life' is no fact", "M5 when"),
        ("danger-to-life: yes", "danger-to-life: perhaps", "valid boolean", "M5 when"),
        ("permit: yes\n    from: [person]", "permit: no\n    from: [person]", "either permits", ""),
        ("permit: yes\n    from: [person]", "permit: yes\n    forbid: yes", "either permits", ""),
        ("title:\n  en:", "title:\n  xx:", "is not one of", "title"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path, old, new, problem, line):
    with pytest.raises(DefinitionError, match=problem) as told:
        load_rules(variant_file(tmp_path, old, new), DOMAIN)
    assert told.value.remedy
    rule, _, part = line.partition(" ")
    if part == "id":
        assert told.value.line == line_of(f"id: {rule}")
    elif part:
        assert told.value.line == line_of(f"    {part}:", after=f"id: {rule}\n")
    else:
        assert told.value.line


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ("duties: [ministry]", "'ministry' is no kind of body"),
        ("duties: ministry", "valid tuple"),
        ("sinks: [immigration]", "'immigration' is no kind of body"),
        ("outside:\n  - {from: school, to: nobody, because: {en: so}}", "'nobody' is no kind"),
        ("outside:\n  - {from: school, to: police}", "'because' is missing"),
        ("outside:\n  - {from: school, to: police, because: {}}", "no 'en' text"),
        ("defaults: permit", "'defaults' is not a known field"),
        ("title: {en: Twice}", "'title' is there twice"),
        ("rules: []", "'rules' is there twice"),
        ("<<: {title: {en: merged}}", "'<<' is not a known field"),
    ],
)
def test_a_wrong_frame_is_told_with_its_line(tmp_path, part, problem):
    path = tmp_path / "rules.yaml"
    path.write_text(f"{TEXT}{part}\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=problem) as told:
        load_rules(path, DOMAIN)
    assert told.value.line
    assert told.value.line > TEXT.count("\n")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "valid dictionary"),
        (b"\x00\x00\x00", "not allowed"),
        (b"\xff\xfe" + "title: x".encode("utf-16-le"), "not UTF-8"),
        (b"- just\n- a list\n", "valid dictionary"),
        (b"rules: &all [*all]\ntitle: {en: x}\n", "not taken"),
        (b"title: {en: x}\n", "'rules' is missing"),
        (b"[" * 200_000, "nested too deeply"),
        (b"- " * 200_000, "nested too deeply"),
        (b"{a: " * 100_000, "nested too deeply"),
        (b"title: {en: x}\nrules: 12\n", "valid tuple"),
        (b"title: {en: x}\n? [a]\n: b\n", "a key must be plain text"),
    ],
)
def test_whatever_is_in_a_file_is_no_more_than_an_error(tmp_path, content, problem):
    path = tmp_path / "rules.yaml"
    path.write_bytes(content)
    with pytest.raises(DefinitionError, match=problem):
        load_rules(path, DOMAIN)


def test_rules_made_in_code_are_checked_like_those_of_a_file():
    said = written()
    said["rules"] = [*said["rules"], said["rules"][0]]
    with pytest.raises(FirewallError, match="the rule M1 is there twice"):
        compiled(type(MODEL).model_validate(said), DOMAIN)
    with pytest.raises(FirewallError, match="'ministry' is no kind of body"):
        compiled(variant(duties=["ministry"]), DOMAIN)


def test_no_rule_at_all_denies_everything():
    empty = type(MODEL).model_validate({"title": {"en": "Nothing"}, "rules": []})
    assert compiled(empty, DOMAIN).permitted == 0


# Routes


def test_every_need_of_the_closed_list_has_a_route(framework: Framework):
    assert set(ROUTES.needs) == set(framework.needs)
    assert set(ROUTES.groups) <= set(framework.groups)
    assert set(ROUTES.instruments) <= set(framework.instruments)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("need: skills", "need: skill", "'skill' is no need"),
        ("group: children", "group: minors", "'minors' is no group"),
        ("instrument: gcm", "instrument: GCM", "'GCM' is no instrument"),
        ("{service: school", "{service: police", "'police' is no service"),
        ("purpose: education}", "purpose: immigration-control}", "is no purpose"),
        ("  - {need: skills, service: school, purpose: education}\n", "", "no route for: skills"),
    ],
)
def test_wrong_routes_are_refused(tmp_path, old, new, problem):
    """Among them: a need without a route, which would be no need of anybody to the proof."""
    folder = tmp_path / "firewall"
    folder.mkdir()
    shutil.copy(FOLDER / "domain.yaml", folder)
    for name in ("needs.yaml", "groups.yaml"):
        shutil.copy(FOLDER.parent / name, tmp_path)
    (tmp_path / "instruments").symlink_to(FOLDER.parent / "instruments")
    text = (FOLDER / "routes.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "routes.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=problem):
        load_routes(folder)


# Certificates


CERTIFICATE = certify(MODEL, DOMAIN, ROUTES, DAY)


def test_a_certificate_opens_the_gatekeeper_of_what_it_speaks_of():
    keeper = gatekeeper(MODEL, DOMAIN, ROUTES, CERTIFICATE)
    assert keeper.permits(REFERRAL)
    assert CERTIFICATE.requests == 2_460_640
    assert CERTIFICATE.permitted == compiled(MODEL, DOMAIN).permitted
    assert len(CERTIFICATE.theorems) == 15


def test_a_certificate_is_read_back_as_it_was_written():
    assert Certificate.model_validate_json(CERTIFICATE.model_dump_json()) == CERTIFICATE


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("rules", "0" * 64, "rules are not those"),
        ("domain", "0" * 64, "closed lists are not those"),
        ("table", "0" * 64, "table is not the one"),
        ("routes", "0" * 64, "routes are not those"),
        ("theorems", (), "something else than the proof"),
        ("theorems", ("P1 All is well.",) * 15, "something else than the proof"),
        ("permitted", 0, "something else than the proof"),
        ("requests", 1, "something else than the proof"),
    ],
)
def test_a_certificate_that_says_something_else_opens_nothing(field, value, problem):
    changed = CERTIFICATE.model_copy(update={field: value})
    with pytest.raises(FirewallError, match=problem):
        gatekeeper(MODEL, DOMAIN, ROUTES, changed)


def test_broken_rules_get_no_certificate_and_open_nothing_with_one_written_by_hand():
    broken = variant(("M3",))
    with pytest.raises(FirewallError, match=r"P15 does not hold: .* Closed, one of 1,440"):
        certify(broken, DOMAIN, ROUTES, DAY)
    table = compiled(broken, DOMAIN)
    forged = CERTIFICATE.model_copy(
        update={"rules": broken.digest, "table": table.digest, "permitted": table.permitted}
    )
    with pytest.raises(FirewallError, match="P15 does not hold"):
        gatekeeper(broken, DOMAIN, ROUTES, forged)


def test_fewer_routes_make_another_certificate():
    fewer = Routes.model_validate({**ROUTES.model_dump(), "essential": ROUTES.essential[:1]})
    with pytest.raises(FirewallError, match="routes are not those"):
        gatekeeper(MODEL, DOMAIN, fewer, CERTIFICATE)


def test_what_ships_is_loaded_the_same_twice():
    assert load_domain().digest == DOMAIN.digest
    again = compiled(load_rules(MODEL_RULES, DOMAIN), DOMAIN)
    assert again.digest == CERTIFICATE.table
    assert np.array_equal(again.cells, compiled(MODEL, DOMAIN).cells)
