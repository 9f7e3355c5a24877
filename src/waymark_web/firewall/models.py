"""What a place has written down of its bodies and arrangements; two people agree on every change."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from waymark_web.accounts.models import Account


class State(models.TextChoices):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Proposal(models.Model):
    """A place's bodies and arrangements as somebody proposes them, and who decided on it.

    ``document`` is the whole network, ``digest`` its hash, ``base`` the hash of the one that it
    replaces. Whoever proposed it never decides on it: the database holds this, too.
    """

    place = models.CharField(max_length=20)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    base = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.TextField(blank=True)

    class Meta:
        """One proposal of a place waits at a time; nobody decides on their own."""

        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="two_people",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PROPOSED, decided_by__isnull=True)
                | (~Q(state=State.PROPOSED) & Q(decided_by__isnull=False)),
                name="decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["place"], condition=Q(state=State.PROPOSED), name="one_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.state} {self.digest[:8]}"
