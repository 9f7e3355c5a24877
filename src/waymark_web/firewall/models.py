"""Arrangements that two people agree on, and releases of counts that two reviewers decide on.

What the procedure demands the database demands too: it refuses a row that says otherwise, whoever
writes it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from waymark.compact.answers import Answer
from waymark.firewall.procedure import ProposalState, ReleaseState, Verdict
from waymark_web.accounts.models import Account

PROPOSAL_STATES = [(state.value, state.value) for state in ProposalState]
RELEASE_STATES = [(state.value, state.value) for state in ReleaseState]
VERDICTS = [(verdict.value, verdict.value) for verdict in Verdict]
ANSWERS = [(answer.value, answer.value) for answer in Answer]


class Proposal(models.Model):
    """A place's bodies and arrangements as somebody proposes them, and who decided on it.

    ``document`` is the whole network, ``digest`` its hash, ``base`` the hash of the one that it
    replaces; ``answer`` is what the audit said of it on the day on which it was last looked at.
    """

    place = models.CharField(max_length=6)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    base = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=PROPOSAL_STATES, default="proposed")
    answer = models.CharField(max_length=12, choices=ANSWERS)
    reason = models.TextField()
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.TextField(blank=True)

    class Meta:
        """One proposal of a place waits at a time; nobody decides on their own."""

        ordering = ["-pk"]
        indexes = [models.Index(fields=["place", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="two_people",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["proposed", "withdrawn"],
                    decided_by__isnull=True,
                )
                | Q(
                    state__in=["confirmed", "refused"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["place"], condition=Q(state="proposed"), name="one_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.state} {self.digest[:8]}"


class Release(models.Model):
    """Counts that somebody asks to release, whole with their hash, and the verdicts of two others.

    ``first`` and ``second`` are in the order in which the verdicts came. Both stand in one row so
    that the database itself holds the procedure. Pages never take this row: see ``blinding.py``.
    """

    place = models.CharField(max_length=6)
    actor = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=300)
    purpose = models.TextField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=RELEASE_STATES, default="filed")
    filed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    first_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    first_verdict = models.CharField(max_length=12, choices=VERDICTS, blank=True)
    first_because = models.TextField(blank=True)
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    second_verdict = models.CharField(max_length=12, choices=VERDICTS, blank=True)
    second_because = models.TextField(blank=True)
    second_at = models.DateTimeField(null=True)

    class Meta:
        """Two reviewers, neither of them who filed it; released only by two yeses."""

        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "place"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_by__isnull=True) | ~Q(first_by=F("filed_by")),
                name="first_is_another",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True)
                | (~Q(second_by=F("filed_by")) & ~Q(second_by=F("first_by"))),
                name="second_is_another",
            ),
            models.CheckConstraint(
                condition=Q(first_by__isnull=True, first_verdict="", first_at__isnull=True)
                | (Q(first_by__isnull=False, first_at__isnull=False) & ~Q(first_verdict="")),
                name="first_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True, second_verdict="", second_at__isnull=True)
                | (
                    Q(second_by__isnull=False, second_at__isnull=False, first_by__isnull=False)
                    & ~Q(second_verdict="")
                ),
                name="second_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["filed", "withdrawn"], second_by__isnull=True)
                | Q(state="released", first_verdict="release", second_verdict="release")
                | (
                    Q(state="refused", second_by__isnull=False)
                    & (Q(first_verdict="hold") | Q(second_verdict="hold"))
                ),
                name="settled_by_two",
            ),
            models.UniqueConstraint(
                fields=["sha256"], condition=~Q(state="withdrawn"), name="decided_on_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.state} {self.sha256[:8]}"
