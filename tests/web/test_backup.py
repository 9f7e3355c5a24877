"""A backup holds everything, comes back whole, and is refused where anything is wrong with it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.clinics import released
from tests.web.arrangements import HOLDS
from tests.web.people import account, begun, client, move, save
from waymark.exceptions import WaymarkError
from waymark_web.accounts.models import Account
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Event
from waymark_web.backup import MANIFEST, _tables, backup, restore
from waymark_web.firewall.models import Proposal, Release
from waymark_web.plans import models
from waymark_web.plans.rows import register_of


@pytest.fixture
def busy() -> None:
    """A register in which people have worked: versions, comments, files, arrangements, counts."""
    contributor, coordinator = client("contributor"), client("coordinator")
    version = begun(contributor, "commitments", actor="example-ministry", place="KEN")
    file = SimpleUploadedFile("note.txt", "Ünïcode".encode())
    contributor.post(f"/en/work/version/{version.pk}/attach/", {"file": file, "public": "on"})
    words = {"what": 'Words with "quotes", العربية\nand lines', "origin": "other"}
    save(contributor, version, "submit", **words)
    coordinator.post(f"/en/work/version/{version.pk}/comment/", {"text": "Well done."})
    move(coordinator, version, "published")
    given = {"place": "KEN", "text": HOLDS, "reason": "Published."}
    coordinator.post("/en/work/bodies/", given)
    counts = SimpleUploadedFile("release.json", released())
    given = {"title": "Counts", "purpose": "A review.", "actor": "example-ministry"}
    contributor.post("/en/work/releases/", {**given, "file": counts})
    verdict = {"verdict": "hold", "because": "One clinic alone."}
    coordinator.post(f"/en/work/releases/{Release.objects.get().pk}/review/", verdict)


def everything() -> dict[str, list[tuple[object, ...]]]:
    return {
        table._meta.db_table: list(table._default_manager.order_by("pk").values_list())
        for table in _tables()
    }


def without_bytes(held: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """PostgreSQL gives memory views, which do not compare."""
    return {
        name: [
            tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
            for row in rows
        ]
        for name, rows in held.items()
    }


def test_everything_comes_back(busy: None, tmp_path: Path) -> None:
    before = without_bytes(everything())
    path = tmp_path / "register.zip"
    assert backup(path) == sum(len(rows) for rows in before.values()) > 50
    assert path.stat().st_mode & 0o077 == 0
    models.Comment.objects.all().delete()
    Proposal.objects.all().delete()
    Release.objects.update(title="Other counts")
    Account.objects.filter(email="contributor@example.org").update(name="Somebody else")
    models.Commitment.objects.filter(slug="example-clinic").update(what="Lost")
    assert restore(path, replace=True) == sum(len(rows) for rows in before.values())
    assert without_bytes(everything()) == before
    assert not list(breaks())
    account("afterwards")  # new rows get numbers of their own
    assert models.Attachment.objects.get().content


def test_a_register_in_use_is_not_replaced_unasked(busy: None, tmp_path: Path) -> None:
    path = tmp_path / "register.zip"
    backup(path)
    with pytest.raises(WaymarkError, match="already"):
        restore(path)


def changed(path: Path, name: str, content: bytes | None) -> Path:
    """A copy of a backup in which one member is another, or missing."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
            elif content is not None:
                new.writestr(member, content)
    return other


@pytest.mark.parametrize(
    ("member", "content"),
    [
        (MANIFEST, None),
        (MANIFEST, b"not json"),
        (MANIFEST, b'{"format": 99}'),
        (MANIFEST, b'{"format": 1, "migrations": {}}'),
        ("plans_commitment.jsonl", None),
        ("plans_commitment.jsonl", b""),
        ("audit_event.jsonl", b'{"number": 1}\n'),
    ],
)
def test_a_changed_backup_changes_nothing(
    busy: None, tmp_path: Path, member: str, content: bytes | None
) -> None:
    path = tmp_path / "register.zip"
    backup(path)
    before = register_of()
    with pytest.raises(WaymarkError):
        restore(changed(path, member, content), replace=True)
    assert register_of() == before
    assert Event.objects.exists()


@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.99])
def test_a_backup_cut_short_changes_nothing(busy: None, tmp_path: Path, kept: float) -> None:
    path = tmp_path / "register.zip"
    backup(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content)) if kept < 1 else int(kept)])
    before = register_of()
    with pytest.raises(WaymarkError, match="damaged"):
        restore(path, replace=True)
    assert register_of() == before


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WaymarkError, match="cannot be written"):
        backup(tmp_path / "nowhere" / "register.zip")
