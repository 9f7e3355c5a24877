"""docs/how-to/seal-a-note.md, followed to the letter at a real terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
from pathlib import Path

import pytest

from tests.repo.tracked import ROOT

PAGE = ROOT / "docs" / "how-to" / "seal-a-note.md"
BLOCKS = re.findall(r"^```(sh|yaml)\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
PASSPHRASE = "lighthouse marmalade tambourine"
RECEIPT = r"(?:-?[0-9A-Z]{4}){7}\b"


def at_a_terminal(commands: str, folder: Path, answers: dict[str, str]) -> tuple[str, int]:
    """Type commands into a shell at a terminal, and answer what it asks."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve("/bin/sh", ["sh", "-ec", commands], {**os.environ, "PATH": path})
    shown, since = "", 0
    while True:
        ready, _, _ = select.select([terminal], [], [], 60)
        try:
            read = os.read(terminal, 4096) if ready else b""
        except OSError:  # how Linux says that the other end is closed
            break
        if not read:
            break
        shown += read.decode()
        for question, answer in answers.items():
            if shown[since:].endswith(question):
                since = len(shown)
                os.write(terminal, answer.encode() + b"\n")
    os.close(terminal)
    return shown.replace("\r", ""), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(sys.platform != "linux", reason="answers at a terminal of Linux")
def test_the_how_to_is_followed_to_the_letter(tmp_path):
    answers = {"Passphrase: ": PASSPHRASE, "Repeat for confirmation: ": PASSPHRASE}
    answers["[y/N]: "] = "y"
    filled: dict[str, str] = {}
    said: list[str] = []
    for kind, text in BLOCKS:
        for word, found in filled.items():
            text = text.replace(word, found)
        if kind == "yaml":
            (tmp_path / text.split()[1]).write_text(text)
            continue
        shown, code = at_a_terminal(text, tmp_path, answers)
        assert code == 0, shown
        said.append(shown)
        for word, pattern in (
            ("FINGERPRINT", r"Fingerprint: (\S+)"),
            ("CONSENT", r"Consent: (\S+)"),
            ("Receipt: ", rf"Receipt: ({RECEIPT})"),
        ):
            if (match := re.search(pattern, shown)) and word not in filled:
                (answers if word == "Receipt: " else filled)[word] = match[1]
    clinic, shelter, shown, given, sealed, opened, person, retired = said
    assert filled["FINGERPRINT"] in clinic
    assert f"fingerprint:    {filled['FINGERPRINT']}" in shown
    assert len(re.findall(RECEIPT, given)) >= 2
    assert "may be opened until" in sealed
    assert "blue room" in opened
    assert "From: Shelter at the gate, shelter" in opened
    assert "not compared" not in opened
    assert "a sealed note went to Clinic of the port, for: Health care." in person
    assert "Whatever was given under this receipt has ended." in person
    assert "Destroyed: the private key" in retired
    assert not (tmp_path / "clinic.private.json").exists()
    assert "blue room" not in sealed + person
    for each in said:
        assert PASSPHRASE not in each, "what is typed is not shown"
    assert shelter.count("Written: ") == 2
