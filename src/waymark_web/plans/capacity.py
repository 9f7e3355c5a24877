"""The tables of needs for capacity, offers of it, and requests that join the two."""

from __future__ import annotations

from django.db import models


class CapacityNeed(models.Model):
    """What an actor lacks."""

    slug = models.CharField(max_length=80, unique=True)
    actor = models.ForeignKey(
        "Actor", to_field="slug", on_delete=models.PROTECT, related_name="capacity_needs"
    )
    what = models.TextField()
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=20)
    provisions = models.TextField(blank=True)
    groups = models.TextField(blank=True)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3, db_index=True)
    starts = models.CharField(max_length=10, null=True)  # noqa: DJ001 - absent is not empty
    ends = models.CharField(max_length=10, null=True)  # noqa: DJ001
    languages = models.TextField(blank=True)
    presence = models.CharField(max_length=20, null=True)  # noqa: DJ001
    terms = models.CharField(max_length=20, null=True)  # noqa: DJ001
    people = models.IntegerField(null=True)
    days = models.IntegerField(null=True)
    conditions = models.TextField(blank=True)
    closed = models.DateField(null=True)
    closed_because = models.TextField(blank=True)
    source = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug


class CapacityOffer(models.Model):
    """What an actor can give."""

    slug = models.CharField(max_length=80, unique=True)
    actor = models.ForeignKey(
        "Actor", to_field="slug", on_delete=models.PROTECT, related_name="capacity_offers"
    )
    what = models.TextField()
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=20)
    provisions = models.TextField(blank=True)
    groups = models.TextField(blank=True)
    places = models.TextField()
    starts = models.CharField(max_length=10, null=True)  # noqa: DJ001
    ends = models.CharField(max_length=10, null=True)  # noqa: DJ001
    languages = models.TextField(blank=True)
    presence = models.CharField(max_length=20, null=True)  # noqa: DJ001
    terms = models.CharField(max_length=20, null=True)  # noqa: DJ001
    people = models.IntegerField(null=True)
    days = models.IntegerField(null=True)
    times = models.IntegerField(null=True)
    conditions = models.TextField(blank=True)
    source = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug


class CapacityRequest(models.Model):
    """The actor of a need asks the actor of an offer."""

    slug = models.CharField(max_length=80, unique=True)
    need = models.ForeignKey(
        CapacityNeed, to_field="slug", on_delete=models.PROTECT, related_name="requests"
    )
    offer = models.ForeignKey(
        CapacityOffer, to_field="slug", on_delete=models.PROTECT, related_name="requests"
    )
    asked = models.DateField()
    message = models.TextField(blank=True)
    language = models.CharField(max_length=2)
    decision = models.CharField(max_length=12, null=True, db_index=True)  # noqa: DJ001
    decided = models.DateField(null=True)
    decided_because = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug
