"""The tables of work in progress: versions on their way, words and files beside them, views."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from waymark.plans.procedure import OPEN, VersionStatus

WORDS = ("what", "title", "name", "text", "message")  # the fields that say what something is
SUM = ("amount", "currency", "year")


class Version(models.Model):
    """A version of something in the register on its way to publication.

    ``document`` holds what its author has written so far, complete or not. ``edits`` counts the
    saves: whoever saves names the count that he saw, so that nobody overwrites what he has not
    seen; ``page`` names the open page that saved last, whose own saves follow each other.
    ``base`` is the published version from which this one began (0: there was none).
    """

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=80)
    commitment = models.CharField(max_length=80, blank=True)
    actor = models.CharField(max_length=80)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3)
    document = models.JSONField(default=dict)
    status = models.CharField(
        max_length=12, choices=[(each.value, each.value) for each in VersionStatus]
    )
    base = models.IntegerField(default=0)
    number = models.IntegerField(default=0)
    edits = models.IntegerField(default=0)
    page = models.CharField(max_length=32, blank=True)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="versions"
    )
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        """One open version of a thing at a time: two people work on the same one."""

        constraints = [
            models.UniqueConstraint(
                "kind",
                "subject",
                condition=Q(status__in=[each.value for each in OPEN]),
                name="one_open_version",
            )
        ]
        indexes = [
            models.Index(fields=["status", "country"]),
            models.Index(fields=["actor", "status"]),
            models.Index(fields=["kind", "subject"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.status}"

    @property
    def heading(self) -> str:
        """What a list calls it: its author's first words, a sum of money, or its identifier."""
        words = [str(self.document.get(name) or "") for name in WORDS]
        sums = " ".join(str(self.document.get(name) or "") for name in SUM)
        return next((each for each in [*words, sums.strip()] if each), self.subject)


class Comment(models.Model):
    """A word between coordinator and contributor on a version; never public."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    class Meta:
        """In the order in which they were written."""

        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.at:%Y-%m-%d}"


class Attachment(models.Model):
    """A file kept with a version, by the hash of its content; public only if its author says so."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=60)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    public = models.BooleanField(default=False)
    content = models.BinaryField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    added = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A list with its filters, kept under an address that stays."""

    slug = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    query = models.TextField(blank=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.slug
