"""A backup of the whole register in one file, and the way back.

The file is a ZIP of one JSON-lines file for each table and a manifest with their hashes. It goes
from SQLite to PostgreSQL and back. It holds people's names, addresses and password hashes: keep it
as you keep the database. Sessions are not in it: everybody signs in again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from waymark.exceptions import WaymarkError
from waymark_web.audit.chain import breaks
from waymark_web.audit.models import Head

FORMAT = 1
MANIFEST = "manifest.json"
OURS = ("accounts", "audit", "plans", "firewall")
APPS = (*OURS, "account", "mfa")  # the last two are of the sign-in library
BATCH = 1000
Progress = Callable[[str, int, int], None]


def backup(path: Path, progress: Progress | None = None) -> int:
    """Write every table as it is at one moment; returns how many rows.

    The file appears whole or not at all, readable by its owner alone.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    rows = 0
    try:
        with (
            open(unfinished, "wb", opener=_for_owner_alone) as file,
            _one_moment(),
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        ):
            tables: dict[str, dict[str, Any]] = {}
            for table in _tables():
                count, sha256 = _write(archive, table, progress)
                tables[_name(table)] = {"rows": count, "sha256": sha256}
                rows += count
            head = Head.objects.filter(pk=1).values_list("hash", flat=True).first()
            manifest = {
                "format": FORMAT,
                "migrations": _migrations(),
                "tables": tables,
                "last_event": head,
            }
            archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
            archive.close()
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise WaymarkError(
            f"{path} cannot be written: {error.strerror}.", "Choose another folder."
        ) from None
    return rows


def restore(path: Path, *, replace: bool = False, progress: Progress | None = None) -> int:
    """Put a backup back: all of it, or nothing where anything is wrong with it.

    A register in which something happened already is only replaced where that is said. Returns
    how many rows were put back.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _checked(path, archive)
            with transaction.atomic():
                if not replace and _is_used():
                    raise WaymarkError(
                        "There is a register here already.",
                        "Restore into an empty one, or say --replace to lose what is here.",
                    )
                rows = _put_back(archive, manifest, progress)
                connection.check_constraints()
                broken = list(breaks())
                if broken:
                    raise _damaged(path, broken[0])
            return rows
    except (zipfile.BadZipFile, OSError, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise _damaged(path, str(error)) from None


def _tables() -> list[type[models.Model]]:
    """The tables, each after those to which it refers."""
    found = [table for app in APPS for table in apps.get_app_config(app).get_models()]
    placed: list[type[models.Model]] = []
    while found:
        for table in found:
            needed = {
                field.related_model
                for field in table._meta.concrete_fields
                if field.related_model is not None and field.related_model is not table
            }
            if not needed & set(found):
                placed.append(table)
                found.remove(table)
                break
        else:
            raise RuntimeError("tables refer to each other in a circle")
    return placed


def _name(table: type[models.Model]) -> str:
    return table._meta.db_table


def _migrations() -> dict[str, list[str]]:
    applied = MigrationRecorder(connection).applied_migrations()
    return {app: sorted(name for of, name in applied if of == app) for app in APPS}


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees the register as it was when it began."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _write(
    archive: zipfile.ZipFile, table: type[models.Model], progress: Progress | None
) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    rows = table._default_manager.order_by("pk")
    total = rows.count()
    with archive.open(f"{_name(table)}.jsonl", "w", force_zip64=True) as member:
        for row in rows.iterator(chunk_size=BATCH):
            line = json.dumps(_as_plain(row), ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            member.write(line)
            count += 1
            if progress is not None and count % BATCH == 0:
                progress(_name(table), count, total)
    return count, digest.hexdigest()


def _as_plain(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: _cell(getattr(row, field.attname)) for field in row._meta.concrete_fields
    }


def _cell(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value


def _checked(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest of a file that is whole and of this version of the program."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError):
        raise _damaged(path, "it has no manifest") from None
    if manifest.get("format") != FORMAT:
        raise WaymarkError(f"{path} has another form.", "Restore it with the Waymark of its time.")
    if manifest.get("migrations") != _migrations():
        raise WaymarkError(
            f"{path} was made by another version of Waymark.",
            "Restore it with that version, and then update.",
        )
    for table in _tables():
        told = manifest["tables"].get(_name(table))
        if told is None or f"{_name(table)}.jsonl" not in archive.namelist():
            raise _damaged(path, f"it does not hold {_name(table)}")
        digest = hashlib.sha256()
        with archive.open(f"{_name(table)}.jsonl") as member:
            while chunk := member.read(1 << 20):
                digest.update(chunk)
        if digest.hexdigest() != told["sha256"]:
            raise _damaged(path, f"{_name(table)} was changed")
    return manifest


def _is_used() -> bool:
    head = Head.objects.filter(pk=1).first()
    from waymark_web.accounts.models import Account

    return (head is not None and head.number > 1) or Account.objects.exists()


def _put_back(archive: zipfile.ZipFile, manifest: dict[str, Any], progress: Progress | None) -> int:
    tables = _tables()
    for table in reversed(tables):
        table._default_manager.all()._raw_delete(connection.alias)
    rows = 0
    for table in tables:
        total = manifest["tables"][_name(table)]["rows"]
        with archive.open(f"{_name(table)}.jsonl") as member:
            for batch in _batches(member):
                table._default_manager.bulk_create([_as_row(table, each) for each in batch])
                rows += len(batch)
                if progress is not None:
                    progress(_name(table), rows, total)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    return rows


def _batches(lines: Iterable[bytes]) -> Iterator[list[dict[str, Any]]]:
    held: list[dict[str, Any]] = []
    for line in lines:
        held.append(json.loads(line))
        if len(held) == BATCH:
            yield held
            held = []
    if held:
        yield held


def _as_row(table: type[models.Model], plain: dict[str, Any]) -> models.Model:
    given = {}
    for field in table._meta.concrete_fields:
        value = plain[field.attname]
        if isinstance(field, models.BinaryField) and isinstance(value, dict):
            value = base64.b64decode(value["base64"])
        elif isinstance(field, models.DateField):  # a day, or a day and its time
            value = field.to_python(value)
        given[field.attname] = value
    return table(**given)


def _damaged(path: Path, why: str) -> WaymarkError:
    return WaymarkError(
        f"{path} is damaged: {why}. Nothing was restored.", "Use another copy of the backup."
    )


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
