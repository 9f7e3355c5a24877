"""Two bodies at work with the commands, as the tests of sealed notes need them."""

from __future__ import annotations

import re
import secrets
import shutil
from copy import copy
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from tests.sealed import (
    MARKER,
)
from waymark.cli.main import waymark
from waymark.exceptions import WaymarkError
from waymark.firewall.sealed import keys

PASSPHRASE = f"tangerine gramophone {secrets.token_hex(8)}"
WRITTEN = (
    f"need: health\npurpose: health-care\nlanguage: prs\nreach: desk {MARKER}\n"
    f"text: |\n  Fever since Monday.\n  {MARKER}\n"
)


class Desk:
    """Two bodies with keys, an agreement and a consent, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = ""
        self.file("passphrase", PASSPHRASE + "\n")
        for name, kind in (("clinic", "health"), ("shelter", "shelter"), ("stranger", "health")):
            self.run(
                *f"keys make {self / name} --name {name} --kind {kind} --role intake".split(),
                *["--place", "Port", "--duty-to-report", "no"],
                *f"--passphrase-file {self / 'passphrase'}".split(),
            )
        self.agree("clinic")
        given = self.run(
            *f"consent give --to {self / 'clinic.public.json'} --for health-care".split(),
            *["--data", "need-note", "--data", "contact", "--language", "prs"],
            *["--explained", "spoken"],
            *f"--consents {self / 'consents.sqlite'}".split(),
        ).stdout
        self.receipts = re.findall(r"(?:-?[0-9A-Z]{4}){7}", given)
        self.consent = re.search(r"Consent: (\w+)", given)[1]  # type: ignore[index]
        self.file("receipt", self.receipts[0])
        self.seal()
        self.begin(folder)

    def begin(self, folder: Path) -> None:
        """Go on in a folder that holds a copy of all this, with a home where nothing is."""
        self.folder, self.printed = folder, ""
        self.home, self.temporary = folder / "home", folder / "temporary"
        for each in (self.home, self.temporary):
            each.mkdir(exist_ok=True)

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def file(self, name: str, content: str) -> Path:
        (self / name).write_text(content)
        return self / name

    def agree(self, name: str, **changed: str) -> None:
        card = keys.read_card(self / f"{name}.public.json")
        agreed = {
            "key": card.fingerprint,
            "name": card.name,
            "kind": card.kind,
            "duty_to_report": "no",
            "bars_passing_on": "yes",
            "basis": "Protocol",
            "evidence": "Letter",
            "since": "2026-03-03",
        }
        self.file("agreements.yaml", yaml.safe_dump({"agreements": [{**agreed, **changed}]}))

    def run(self, *arguments: str, note: str | bytes | None = None) -> Result:
        found = CliRunner().invoke(waymark, ["firewall", *arguments], input=note)
        self.printed += found.stdout + found.stderr + str(found.exception)
        if isinstance(found.exception, WaymarkError):
            return found
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return found

    def seal(self, output: str = "note.sealed", *more: str, note: str | bytes = WRITTEN) -> Result:
        return self.run("seal", *self.sealing(output), *more, note=note)

    def sealing(self, output: str) -> list[str]:
        return [
            "-", "--sender", f"{self / 'shelter.private.json'}",
            "--to", f"{self / 'clinic.public.json'}",
            "--agreements", f"{self / 'agreements.yaml'}",
            "--consents", f"{self / 'consents.sqlite'}",
            "--consent", self.consent,
            "--passphrase-file", f"{self / 'passphrase'}",
            "--output", f"{self / output}" if output != "-" else "-",
        ]  # fmt: skip

    def opening(self, sealed: str = "note.sealed", key: str = "clinic", *more: str) -> list[str]:
        return [
            f"{self / sealed}", "--key", f"{self / f'{key}.private.json'}",
            "--passphrase-file", f"{self / 'passphrase'}", *more,
        ]  # fmt: skip

    def open(self, *which: str) -> Result:
        return self.run("open", *self.opening(*which))


@pytest.fixture(scope="module")
def first_desk(tmp_path_factory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(first_desk, tmp_path, monkeypatch) -> Desk:
    made = copy(first_desk)
    shutil.copytree(first_desk.folder, tmp_path, dirs_exist_ok=True)
    made.begin(tmp_path)
    monkeypatch.setenv("HOME", str(made.home))
    monkeypatch.setenv("TMPDIR", str(made.temporary))
    monkeypatch.chdir(made.home)
    return made
