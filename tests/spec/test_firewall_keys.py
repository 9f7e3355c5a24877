"""Keys of bodies: whose they are, how they are kept, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.sealed import (
    CHEAP,
    CLINIC,
    CREATED,
    EXPIRES,
    LAST,
    LAWYERS,
    NOTE,
    TODAY,
    model_policy,
    sealed,
    text,
)
from waymark.cli.main import waymark
from waymark.exceptions import DefinitionError
from waymark.firewall.audits.network import Known
from waymark.firewall.domain import FirewallError, Role, load_domain
from waymark.firewall.sealed.keys import (
    check_card,
    make_key,
    read_card,
    read_locked,
    unlock,
)
from waymark.firewall.sealed.sealing import open_note, seal_own
from waymark.firewall.sealed.secrecy import Secret

DOMAIN = load_domain()
KINDS = {kind.id: kind.role for kind in DOMAIN.kinds}
PASSPHRASE = b"six words that do not match"


def made_key(**changed: object):
    asked = {
        "name": "Clinic",
        "kind": "health",
        "role": "nurses",
        "place": "Port",
        "duty_to_report": Known.NO,
        "created": CREATED,
        "expires": EXPIRES,
        "domain": DOMAIN,
        "passphrase": bytearray(PASSPHRASE),
        "cost": CHEAP,
    }
    return make_key(**{**asked, **changed})  # type: ignore[arg-type]


def test_a_private_key_opens_with_its_passphrase_alone(tmp_path):
    """With the cost that ships: nothing here is cheaper than in use."""
    given = {"name": "Clinic", "kind": "health", "role": "nurses", "place": "Port"}
    card, locked = make_key(
        **given,
        duty_to_report=Known.NO,
        created=CREATED,
        expires=EXPIRES,
        domain=DOMAIN,
        passphrase=PASSPHRASE,
    )
    assert (locked.passes, locked.memory, locked.lanes) == (3, 65_536, 4)
    pair = unlock(locked, PASSPHRASE)
    assert pair.card == card
    content = seal_own(NOTE, [card], policy=model_policy(), on=TODAY, expires=LAST)
    assert open_note(content, pair, TODAY).note == NOTE
    with pytest.raises(FirewallError, match="passphrase or the file is wrong"):
        unlock(locked, b"six words that do not watch")


def test_a_private_file_that_was_changed_answers_as_a_wrong_passphrase():
    card, locked = made_key()
    with pytest.raises(FirewallError) as wrong:
        unlock(locked, b"another passphrase")
    other, _ = made_key(name="Another")
    for change in (
        {"card": other},
        {"card": card.model_copy(update={"duty_to_report": Known.YES})},
        {"passes": 2},
        {"memory": 16},
        {"lanes": 2},
        {"passes": 10**9},
        {"salt": text(bytes(16))},
        {"nonce": text(bytes(12))},
        {"sealed": text(bytes(144))},
        {"sealed": ""},
        {"salt": "not base64!"},
    ):
        with pytest.raises(FirewallError) as refused:
            unlock(locked.model_copy(update=change), PASSPHRASE)
        assert str(refused.value) == str(wrong.value), change


@pytest.mark.parametrize("kind", [kind for kind, role in KINDS.items() if role is not Role.SERVICE])
def test_no_key_is_made_for_what_is_no_service(kind):
    with pytest.raises(FirewallError, match="Keys are for services"):
        made_key(kind=kind)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"passphrase": b"too short"}, "fewer than 12 characters"),
        ({"passphrase": "أحدعشرحرفاه".encode()}, "fewer than 12 characters"),
        ({"expires": CREATED + timedelta(367)}, "at most 366 days"),
        ({"expires": CREATED - timedelta(1)}, "at most 366 days"),
        ({"name": "Clinic\x1b[2J"}, "key's name"),
        ({"role": "\u202enurses"}, "key's role"),
        ({"place": " "}, "key's place"),
        ({"name": "x" * 81}, "key's name"),
        ({"kind": "nonsense"}, "'nonsense' is no kind of body"),
    ],
)
def test_a_key_is_refused_with_a_remedy(changed, said):
    with pytest.raises(FirewallError, match=said) as refused:
        made_key(**changed)
    assert refused.value.remedy


def test_the_fingerprint_covers_all_of_a_card():
    """A body that changes anything of itself, or its keys, is another recipient."""
    seen = {CLINIC.card.fingerprint}
    other = LAWYERS.card
    for field in type(other).model_fields:
        if field in ("form", "signature"):
            continue
        value = date(2026, 1, 1) if field in ("created", "expires") else getattr(other, field)
        value = Known.YES if field == "duty_to_report" else value
        value = "elsewhere" if field in ("role", "place") else value
        changed = CLINIC.card.model_copy(update={field: value})
        assert changed.fingerprint not in seen, field
        seen.add(changed.fingerprint)
        with pytest.raises(DefinitionError):
            check_card(changed, "card")
        with pytest.raises(DefinitionError, match="damaged or was changed"):
            seal_own(NOTE, [changed], policy=model_policy(), on=TODAY, expires=LAST)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"form": "x"}',
        b"\0" * 70_000,
        b"9" * 9000,
    ],
    ids=range(8),
)
def test_what_is_no_key_is_refused_with_a_remedy(tmp_path, content):
    path = tmp_path / "clinic.json"
    path.write_bytes(content)
    for read in (read_card, read_locked):
        with pytest.raises(DefinitionError, match=r"clinic\.json: this is no (public|private) key"):
            read(path)
        with pytest.raises(DefinitionError, match="cannot be read"):
            read(tmp_path / "nothing.json")
        with pytest.raises(DefinitionError, match="cannot be read"):
            read(tmp_path)


def test_nothing_confidential_shows_by_accident(tmp_path):
    """What a log or a traceback would show of our values."""
    _, locked = made_key()
    pair = unlock(locked, PASSPHRASE)
    found = open_note(sealed(tmp_path, CLINIC), CLINIC, TODAY)
    with Secret(b"secret") as secret:
        shown = f"{secret} {secret!r}"
    shown += f"{pair!r} {pair} {found!r} {found} {found.note!r} {found.note} {found.terms}"
    for hidden in ("secret'", NOTE.reach, "Monday", found.terms.note, "Shelter"):
        assert hidden not in shown


# The commands.


def make(folder: Path) -> Result:
    (folder / "passphrase").write_text("six words that do not match\n")
    arguments = f"firewall keys make {folder / 'clinic'} --name Clinic --kind health".split()
    arguments += ["--role", "nurses", "--place", "Port", "--duty-to-report", "no"]
    return CliRunner().invoke(
        waymark, [*arguments, "--passphrase-file", str(folder / "passphrase")]
    )


def test_keys_are_private_files_and_replace_none(tmp_path):
    assert make(tmp_path).exit_code == 0
    files = [tmp_path / f"clinic.{part}.json" for part in ("public", "private")]
    before = [path.read_bytes() for path in files]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    again = make(tmp_path)
    assert "nothing is overwritten" in str(again.exception)
    assert [path.read_bytes() for path in files] == before
    files[0].unlink()
    assert make(tmp_path).exit_code == 1
    assert not files[0].exists(), "both are written, or neither"
    assert files[1].read_bytes() == before[1]


def test_a_retired_key_is_overwritten_and_not_just_removed(tmp_path):
    """A second name of the same file shows what is left on the disk."""
    make(tmp_path)
    private, other = tmp_path / "clinic.private.json", tmp_path / "same"
    other.hardlink_to(private)
    sealed = read_locked(private).sealed
    retire = ["firewall", "keys", "retire", str(private)]
    kept = CliRunner().invoke(waymark, retire, input="n\n")
    assert kept.exit_code == 1
    assert sealed in other.read_text()
    assert CliRunner().invoke(waymark, [*retire, "--yes"]).exit_code == 0
    assert not private.exists()
    assert sealed.encode() not in other.read_bytes()
    assert b"waymark" not in other.read_bytes()
    again = CliRunner().invoke(waymark, retire)
    assert "cannot be read" in str(again.exception)
