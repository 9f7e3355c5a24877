"""No plain text leaks: nothing of a note, a key or a receipt is left where nobody put it.

The commands run as a person runs them; then every file of the home folder, the folder for
temporary files and the memory-backed file system, and everything that was printed, is searched.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.desks import PASSPHRASE, WRITTEN, desk, first_desk
from tests.sealed import (
    CLINIC,
    LAST,
    MARKER,
    NOTE,
    TODAY,
    model_policy,
)
from waymark.cli.firewall import secrecy as cli_secrecy
from waymark.cli.firewall.open import open_sealed
from waymark.cli.firewall.seal import seal as seal_command
from waymark.cli.main import waymark
from waymark.exceptions import WaymarkError
from waymark.firewall.sealed import keys
from waymark.firewall.sealed.sealing import open_note, seal_own

MEMORY_FOLDERS = [Path("/dev/shm"), Path("/tmp"), Path("/var/tmp"), Path("/run")]


__all__ = ["desk", "first_desk"]  # fixtures


def holders(forms: Iterable[str], *folders: Path, since: float = 0) -> set[tuple[str, Path]]:
    """The files, changed since a time, that hold some words; whoever wrote them."""
    found = set()
    walks = (walk for folder in folders for walk in os.walk(folder))  # what is gone is passed over
    for path in (Path(top, name) for top, _, names in walks for name in names):
        try:
            if path.is_file() and path.stat().st_ctime >= since:
                content = path.read_bytes()
                found |= {(form, path) for form in forms if form.encode() in content}
        except OSError:  # of somebody else, or gone
            continue
    return found


def test_a_note_that_is_sealed_and_opened_is_left_nowhere(desk):
    begun = (desk / "passphrase").stat().st_ctime
    assert desk.seal("again.sealed").exit_code == 0
    assert MARKER not in desk.printed
    opened = desk.open("again.sealed")
    assert opened.exit_code == 0
    assert yaml.safe_load(opened.stdout)["text"] == f"Fever since Monday.\n{MARKER}"
    assert MARKER not in opened.stderr
    receipt = desk.receipts[0]
    forms = (MARKER, PASSPHRASE, *desk.receipts, receipt.replace("-", ""), receipt.lower())
    found = holders(forms, desk.folder, *MEMORY_FOLDERS, since=begun)
    assert found <= {(PASSPHRASE, desk / "passphrase"), (receipt, desk / "receipt")}
    assert found, "the search finds what is there"
    assert not [*desk.home.iterdir(), *desk.temporary.iterdir()]


def test_a_sealed_note_can_go_through_a_pipe(desk):
    content = desk.seal("-").stdout_bytes
    (desk / "piped").write_bytes(content)
    assert MARKER in desk.open("piped").stdout
    assert MARKER.encode() not in content


def turned(content: bytes) -> bytes:
    """Bytes of which the last is another."""
    return content[:-1] + bytes([content[-1] ^ 1])


ERRORS = {
    "not a recipient": lambda desk: desk.open("note.sealed", "stranger"),
    "another sender": lambda desk: desk.open(
        "note.sealed", "clinic", "--sender", f"{desk / 'stranger.public.json'}"
    ),
    "cut": lambda desk: (
        (desk / "note.sealed").write_bytes((desk / "note.sealed").read_bytes()[:-1]),
        desk.open(),
    )[1],
    "changed": lambda desk: (
        (desk / "note.sealed").write_bytes(turned((desk / "note.sealed").read_bytes())),
        desk.open(),
    )[1],
    "withdrawn": lambda desk: (
        desk.run(
            *f"consent withdraw --consents {desk / 'consents.sqlite'}".split(),
            *f"--receipt-file {desk / 'receipt'}".split(),
        ),
        desk.open("note.sealed", "clinic", "--consents", f"{desk / 'consents.sqlite'}"),
    )[1],
    "opened before": lambda desk: (
        desk.run("open", *desk.opening("note.sealed", "clinic", "--once", f"{desk / 'once'}"),
                 "--output", f"{desk.folder / 'read'}"),
        (desk / "read").unlink(),
        desk.open("note.sealed", "clinic", "--once", f"{desk / 'once'}"),
    )[2],
    "wrong passphrase": lambda desk: (
        desk.file("passphrase", PASSPHRASE + "!"),
        desk.open(),
    )[1],
    "output is there": lambda desk: desk.open(
        "note.sealed", "clinic", "--output", f"{desk / 'passphrase'}"
    ),
    "sealing over a file": lambda desk: desk.seal("passphrase"),
    "sealing into nowhere": lambda desk: desk.seal("nowhere/note.sealed"),
    "no agreement": lambda desk: (desk.agree("stranger"), desk.seal("other"))[1],
    "a duty to report": lambda desk: (
        desk.agree("clinic", duty_to_report="yes"),
        desk.seal("other"),
    )[1],
    "another purpose": lambda desk: desk.seal(
        "other", note=WRITTEN.replace("health-care", "support")
    ),
    "a field too much": lambda desk: desk.seal("other", note=WRITTEN + f"name: {MARKER}\n"),
    "a field that is the note": lambda desk: desk.seal("other", note=f"{MARKER}: health\n"),
    "broken YAML": lambda desk: desk.seal("other", note=WRITTEN + f"'{MARKER}"),
    "too long": lambda desk: desk.seal("other", note=WRITTEN + f"  {MARKER} word" * 40),
    "no text": lambda desk: desk.seal("other", note=MARKER.encode() + b"\xff"),
    "a register that is none": lambda desk: (
        desk.file("consents.sqlite", "nothing"),
        desk.seal("other"),
    )[1],
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_no_error_shows_anything(desk, name):
    failed = ERRORS[name](desk)
    assert failed.exit_code == 1
    assert isinstance(failed.exception, WaymarkError), "said in a line, with its remedy"
    assert failed.exception.remedy
    chain: BaseException | None = failed.exception
    while chain is not None:  # what a log of the whole traceback would show
        desk.printed += repr(chain) + repr(chain.args)
        chain = None if chain.__suppress_context__ else chain.__context__
    shown = desk.printed
    assert MARKER not in shown
    assert "Monday" not in shown
    assert PASSPHRASE not in shown
    for secret in desk.receipts:
        assert secret not in shown
    assert holders([MARKER], desk.folder) == set()


def test_an_expired_note_tells_its_day_and_nothing_else(tmp_path):
    content = seal_own(NOTE, [CLINIC.card], policy=model_policy(), on=TODAY, expires=TODAY)
    with pytest.raises(WaymarkError) as refused:
        open_note(content, CLINIC, LAST)
    assert MARKER not in repr(refused.value)


# As a process of its own.

WATCHED = """
import sys
written = []
def watch(event, given):
    if event.startswith("socket.") or event in ("urllib.Request", "ftplib.connect"):
        raise RuntimeError("the network was used: " + event)
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "tempfile.mkstemp"):
        raise RuntimeError(event)
    if event == "open" and isinstance(given[0], str) and given[1] and set(given[1]) & set("wax+"):
        written.append(given[0])
sys.addaudithook(watch)
from waymark.cli.main import waymark
import resource
waymark(["firewall", *sys.argv[1:]], standalone_mode=False)
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
import ctypes
assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0, "the process can be dumped"
print("WRITTEN", written, file=sys.stderr)
"""


def without_network() -> list[str]:
    """How to start a process that has no network at all, where the machine lets us."""
    tried = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    return ["unshare", "-rn"] if tried.returncode == 0 else []


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux whether a process can be dumped")
def test_nothing_goes_over_the_network_and_no_other_file_is_written(desk):
    alone = [*without_network(), sys.executable, "-c", WATCHED]
    environment = {**os.environ, "HOME": str(desk.home), "TMPDIR": str(desk.temporary)}
    for arguments, note, output in (
        (["seal", *desk.sealing("other")], WRITTEN, None),
        (["open", *desk.opening()], None, MARKER),
    ):
        found = subprocess.run(
            [*alone, *arguments],
            input=note,
            capture_output=True,
            text=True,
            env=environment,
            cwd=desk.home,
            check=False,
        )
        assert found.returncode == 0, found.stderr
        assert found.stderr.endswith("WRITTEN []\n"), "only by os.open, and only the output"
        assert (MARKER in found.stdout) is bool(output)
        assert MARKER not in found.stderr
    begun = (desk / "passphrase").stat().st_ctime
    assert holders([MARKER, PASSPHRASE], desk.folder, *MEMORY_FOLDERS, since=begun) == {
        (PASSPHRASE, desk / "passphrase")
    }
    assert not [*desk.home.iterdir(), *desk.temporary.iterdir()]


# No way around.


def source_of_the_firewall() -> Iterator[tuple[Path, str]]:
    root = Path(keys.__file__).parents[1]
    for folder in (root, root.parent / "cli" / "firewall"):
        for path in folder.rglob("*.py"):
            yield path, path.read_text()


def test_no_setting_and_no_option_overrides_the_rules(desk):
    """Every option that may be given, given, changes nothing about a refusal."""
    for path, text in source_of_the_firewall():
        for word in ("environ", "getenv", "envvar"):
            assert word not in text, f"{path.name} reads the environment"
    for command in (seal_command, open_sealed):
        names = {option for each in command.params for option in each.opts}
        for word in ("force", "override", "emergency", "yes", "as-of", "insecure", "skip", "allow"):
            assert not [name for name in names if word in name], f"{command.name} has --{word}"
    desk.agree("clinic", duty_to_report="not-known")
    values = {
        "days": ["--days", "1"],
        "rules_file": ["--rules", str(cli_secrecy.MODEL_RULES)],
        "certificate": ["--certificate", f"{desk / 'certificate.json'}"],
        "consents_key": ["--consents-key", f"{desk / 'consents.sqlite.key'}"],
    }
    desk.run("prove", "--certificate", f"{desk / 'certificate.json'}")
    optional = {each.name for each in seal_command.params if not each.required}
    assert optional - {"passphrase_file"} == set(values), "a new option has to be tried here"
    for chosen in (*([value] for value in values.values()), values.values()):
        more = [word for value in chosen for word in value]
        refused = desk.seal("other", *more)
        assert "M11" in str(refused.exception)
    assert not (desk / "other").exists()


def test_rules_that_break_a_theorem_seal_nothing(desk):
    rules = cli_secrecy.MODEL_RULES.read_text().replace(
        "when: {consent: yes, agreement: yes, onward-barred: yes, duty-to-report: no}",
        "when: {consent: yes}",
    )
    refused = desk.seal("other", "--rules", f"{desk.file('rules.yaml', rules)}")
    assert "does not hold" in str(refused.exception)
    assert not (desk / "other").exists()


def test_secrets_cannot_be_given_as_arguments():
    """What stands in an argument, every user of the machine can read."""
    group = waymark.commands["firewall"]
    assert {"keys", "consent", "seal", "open"} <= set(group.commands)  # type: ignore[attr-defined]
    for text in (text for path, text in source_of_the_firewall() if path.parent.name == "firewall"):
        for word in ('"--passphrase"', '"--receipt"', '"--note"', '"--text"'):
            assert word not in text
