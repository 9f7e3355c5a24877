"""What somebody has sent and not yet decided about."""

from __future__ import annotations

from django.db import models


class Waiting(models.Model):
    """A file's changes between preview and decision: seen by its sender alone, in no backup.

    The file itself is not kept, only its hash and what was read from it (``content``, a value of
    ``waymark.exchange.incoming.Incoming``). ``token`` stands in the page's address. ``account`` is
    a number and no reference, so that this table is in nobody's way.
    """

    token = models.CharField(max_length=32, unique=True)
    account = models.BigIntegerField(db_index=True)
    source = models.CharField(max_length=20)
    name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    created = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.source} {self.token[:8]}"
