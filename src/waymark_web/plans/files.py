"""Files beside a version: bounded, of known kinds, checked by what they hold."""

from __future__ import annotations

import hashlib
import re
import zipfile
from io import BytesIO

from django.core.files.uploadedfile import UploadedFile

from waymark.words import Sentence
from waymark_web.accounts.models import Account
from waymark_web.audit.chain import record, writing
from waymark_web.plans import models
from waymark_web.plans.writes import RefusedError, locked_draft

LARGEST = 5_000_000  # bytes
MOST_FILES = 10
KINDS = {  # how a file ends, how it begins, what it is
    ".pdf": (b"%PDF-", "application/pdf"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".docx": (
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ".xlsx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".csv": (b"", "text/csv"),
    ".txt": (b"", "text/plain"),
}
OFFICE = {".docx": "word/", ".xlsx": "xl/"}


@writing()
def attach(pk: int, file: UploadedFile, by: Account, *, public: bool) -> models.Attachment:
    """Keep a file with a draft. ``RefusedError`` says why it cannot be kept."""
    version = locked_draft(pk, by)
    if version.attachments.count() >= MOST_FILES:
        raise RefusedError(Sentence("A version has at most {most} files.", most=MOST_FILES))
    if file.size is None or file.size > LARGEST:
        raise RefusedError(
            Sentence("A file has at most {most} megabytes.", most=LARGEST // 1_000_000)
        )
    content = file.read(LARGEST + 1)
    name = safe_name(file.name or "")
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix not in KINDS or not holds_what_it_says(suffix, content):
        raise RefusedError(
            Sentence("Only these kinds of file are kept, unchanged: {kinds}.", kinds=list(KINDS))
        )
    kept = models.Attachment.objects.create(
        version=version,
        name=name,
        media_type=KINDS[suffix][1],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        public=public,
        content=content,
        added_by=by,
    )
    record(
        "attached",
        version.kind,
        version.subject,
        account=by.pk,
        actor=version.actor,
        file=name,
        sha256=kept.sha256,
        public=public,
    )
    return kept


@writing()
def detach(pk: int, file: int, by: Account) -> None:
    """Take a file away from a draft; its hash stays in the record."""
    version = locked_draft(pk, by)
    found = version.attachments.filter(pk=file).first()
    if found is None:
        return
    record(
        "detached",
        version.kind,
        version.subject,
        account=by.pk,
        actor=version.actor,
        file=found.name,
        sha256=found.sha256,
    )
    found.delete()


def safe_name(given: str) -> str:
    """A file's name without folders, control characters or quotes."""
    name = re.sub(r'[\x00-\x1f\x7f"\\/:*?<>|\u202a-\u202e\u2066-\u2069]+', "-", given).strip(" .")
    if len(name) <= 120:
        return name or "file"
    stem, _, suffix = name.rpartition(".")
    return f"{stem[:100]}.{suffix[:10]}"


def holds_what_it_says(suffix: str, content: bytes) -> bool:
    """Whether a file's content is of the kind that its name says."""
    begins, _ = KINDS[suffix]
    if not content or not content.startswith(begins):
        return False
    if suffix in OFFICE:
        try:
            names = zipfile.ZipFile(BytesIO(content)).namelist()
        except zipfile.BadZipFile:
            return False
        return any(each.startswith(OFFICE[suffix]) for each in names) and not any(
            each.endswith("vbaProject.bin") for each in names
        )
    if not begins:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return False
        return "\x00" not in text
    return True
