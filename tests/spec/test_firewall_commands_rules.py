"""``waymark firewall prove`` and ``check``: what they print, how they end, what they write."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from waymark.cli.main import main, waymark
from waymark.firewall.domain import Request, load_domain
from waymark.firewall.sharing.proof import THEOREMS
from waymark.firewall.sharing.rules import MODEL_RULES, decide, load_rules

TEXT = MODEL_RULES.read_text(encoding="utf-8")
REFERRAL = ["--from", "shelter", "--to", "health", "--for", "health-care", "--data", "need-note"]
PROMISED = ["--yes", "consent", "--yes", "agreement", "--yes", "onward-barred"]
NO_DUTY = ["--no", "duty-to-report"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(waymark, ["firewall", *map(str, arguments)])


class Told(NamedTuple):
    returncode: int
    stderr: str


@pytest.fixture
def real(monkeypatch, capsys) -> Callable[..., Told]:
    """The command as a person runs it, with its last line of defence."""

    def told(*arguments: str | Path) -> Told:
        monkeypatch.setattr("sys.argv", ["waymark", "firewall", *map(str, arguments)])
        try:
            main()
        except SystemExit as end:
            return Told(int(end.code or 0), capsys.readouterr().err)
        return Told(0, capsys.readouterr().err)

    return told


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "our-rules.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_model_rules_are_proved_theorem_by_theorem():
    result = run("prove")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    for theorem, line in zip(THEOREMS, lines, strict=False):
        assert line.split()[:2] == ["holds", theorem.id]
        assert line.endswith(theorem.sentence.text())
    assert lines[-1] == "11 rules; 18,480 of 2,460,640 requests permitted."


def test_a_certificate_is_written_and_answers_from_then_on(rules, tmp_path):
    written = tmp_path / "our-rules.certificate.json"
    result = run("prove", rules, "--certificate", written, "--as-of", "2026-11-25")
    assert result.exit_code == 0
    said = json.loads(written.read_text(encoding="utf-8"))
    assert said["proved"] == "2026-11-25"
    assert said["permitted"] == 18480
    answer = run("check", rules, *REFERRAL, *PROMISED, *NO_DUTY, "--certificate", written)
    assert answer.exit_code == 0
    assert answer.output.startswith("Permitted by M4: ")


def test_changed_rules_are_not_those_of_the_certificate(real, rules, tmp_path):
    written = tmp_path / "our-rules.certificate.json"
    assert run("prove", rules, "--certificate", written).exit_code == 0
    rules.write_text(TEXT.replace("[need-note, contact]", "[need-note]", 1), encoding="utf-8")
    told = real("check", rules, *REFERRAL, "--certificate", written)
    assert told.returncode == 1
    assert "The rules are not those that the certificate speaks of." in told.stderr


@pytest.mark.parametrize("content", ["", "{}", "rules: x", "[" * 100_000, '{"title": '])
def test_what_is_no_certificate_is_an_error_with_a_remedy(real, rules, tmp_path, content):
    written = tmp_path / "certificate.json"
    written.write_text(content, encoding="utf-8")
    told = real("check", rules, *REFERRAL, "--certificate", written)
    assert told.returncode == 1
    assert told.stderr.startswith("waymark: certificate.json")
    assert "Traceback" not in told.stderr


def test_broken_rules_are_told_and_get_no_certificate(rules, tmp_path):
    rules.write_text(TEXT.replace("when: {danger-to-life: yes", "when: {danger-to-life: no"))
    written = tmp_path / "certificate.json"
    result = run("prove", rules, "--certificate", written)
    assert result.exit_code == 3
    assert not written.exists()
    assert "BROKEN  P10" in result.output
    assert "Permitted by M5, one of" in result.output
    assert "The rules do not hold. No certificate is written." in result.output


def test_a_certificate_never_overwrites_the_rules(rules):
    result = run("prove", rules, "--certificate", rules)
    assert result.exit_code == 2
    assert "would overwrite the rules" in result.output
    assert rules.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("facts", "ends", "says"),
    [
        ([*PROMISED, *NO_DUTY], 0, "Permitted by M4: "),
        (PROMISED, 3, "Denied by M11: "),
        (NO_DUTY, 3, "Denied: no rule permits it."),
        ([], 3, "Denied by M11: "),
    ],
)
def test_a_request_is_answered_with_its_reason(facts, ends, says):
    result = run("check", *REFERRAL, *facts)
    assert result.exit_code == ends
    assert result.output.startswith(says)
    assert ("Not known, and taken as the worse answer: " in result.output) == (len(facts) < 10)


def test_each_prohibition_is_named():
    result = run(
        "check", "--from", "health", "--to", "police", "--for", "criminal-investigation",
        "--data", "identity",
    )  # fmt: skip
    assert result.exit_code == 3
    assert result.output.startswith("Denied by M9: Nothing about a person goes to payers")
    assert "And by M10: Nothing moves for immigration control" in result.output
    assert "And by M11: " in result.output


def test_an_answer_in_another_language():
    result = run("check", *REFERRAL, *PROMISED, *NO_DUTY, "--language", "ar")
    request = Request(
        "shelter",
        "health",
        "health-care",
        "not-known",
        "need-note",
        (True, True, True, False, None),
    )
    domain = load_domain()
    found = decide(load_rules(MODEL_RULES, domain), domain, request)
    assert result.output.startswith(found.reason.text("ar"))


def test_model_rules_are_written_to_a_file_that_was_not_there(tmp_path):
    path = tmp_path / "our-rules.yaml"
    assert run("adopt", path).exit_code == 0
    assert path.read_bytes() == MODEL_RULES.read_bytes()


def test_nothing_is_overwritten_by_adopting(real, rules):
    rules.write_text("ours", encoding="utf-8")
    told = real("adopt", rules)
    assert told.returncode == 1
    assert "is there already. Choose another name." in told.stderr
    assert rules.read_text(encoding="utf-8") == "ours"


@pytest.mark.parametrize(
    ("arguments", "ends", "says"),
    [
        (["--from", "ministry"], 1, "'ministry' is no kind of body. Take one of: person, "),
        (["--for", "profit"], 1, "'profit' is no purpose. Take one of: health-care, "),
        (["--yes", "permission"], 2, "'permission' is no fact. Take one of: consent, "),
        (["--yes", "consent", "--no", "consent"], 2, "'consent' cannot be so and not so."),
    ],
)
def test_a_wrong_call_is_told_what_to_take(real, arguments, ends, says):
    told = real("check", *REFERRAL, *arguments)
    assert told.returncode == ends
    assert says in told.stderr
    assert "Traceback" not in told.stderr


def test_a_wrong_file_is_told_with_line_and_remedy(real, rules):
    rules.write_text(TEXT.replace("for: [legal-advice]", "for: [legal-aid]", 1), encoding="utf-8")
    told = real("prove", rules)
    assert told.returncode == 1
    line = TEXT[: TEXT.index("for: [legal-advice]")].count("\n") + 1
    assert told.stderr.startswith(
        f"waymark: our-rules.yaml, line {line}: rule M2: 'legal-aid' is no purpose. "
        "Take one of: health-care,"
    )
