"""Events: what happened, chained so that a row changed, removed or moved is found."""

from __future__ import annotations

from django.db import models


class Head(models.Model):
    """The end of the chain: one row, locked by whoever writes the next event.

    ``published`` is the number of the last event that changed what is published.
    """

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    published = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class Event(models.Model):
    """One thing that somebody did. Never changed, never removed.

    ``account`` is the number of an account (0 for a command), ``actor`` the organisation for which
    it acted; ``document`` is the whole subject after the event, where it is a document.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    account = models.BigIntegerField(default=0)
    actor = models.CharField(max_length=80, blank=True)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    document = models.JSONField(null=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """In the order in which they happened."""

        ordering = ["number"]
        indexes = [models.Index(fields=["kind", "subject"])]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.kind} {self.subject}"
