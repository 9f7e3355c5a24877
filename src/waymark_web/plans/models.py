"""The tables of the register. Rows are turned into the library's values in ``rows.py``.

What refers to something published refers to its slug, so that a row reads like its line in the
package. ``country`` is the State or area that holds a place, kept for lists and sums.
"""

from __future__ import annotations

from django.db import models

from waymark_web.plans.capacity import CapacityNeed, CapacityOffer, CapacityRequest
from waymark_web.plans.drafts import Attachment, Comment, SavedView, Version
from waymark_web.plans.money import Deflator, Flow, Rate

__all__ = [  # tables of other modules, known here
    "Attachment",
    "CapacityNeed",
    "CapacityOffer",
    "CapacityRequest",
    "Comment",
    "Deflator",
    "Flow",
    "Rate",
    "SavedView",
    "Version",
]


def slug() -> models.CharField:
    """An identifier of the register."""
    return models.CharField(max_length=80, unique=True)


def to(model: str, related: str = "+", *, required: bool = False) -> models.ForeignKey:
    """A reference to something by its slug. Nothing that is referred to can be removed."""
    return models.ForeignKey(
        model,
        to_field="slug",
        null=not required,
        on_delete=models.PROTECT,
        related_name=related,
    )


class Locality(models.Model):
    """A place below a State."""

    slug = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=300)
    language = models.CharField(max_length=2)
    parent = models.CharField(max_length=6)

    def __str__(self) -> str:
        return self.slug


class Actor(models.Model):
    """An organisation or authority."""

    slug = slug()
    name = models.CharField(max_length=300)
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=30, db_index=True)
    led_by = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=12)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3, db_index=True)
    parent = to("self")
    source = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.slug


class Mandate(models.Model):
    """What an actor answers for."""

    slug = slug()
    actor = to("Actor", "mandates", required=True)
    provision = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=20)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3, db_index=True)
    basis = models.CharField(max_length=300)
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.slug


class Plan(models.Model):
    """An action plan."""

    slug = slug()
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=2)
    level = models.CharField(max_length=12)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3, db_index=True)
    lead = to("Actor", "plans")
    parent = to("self", "parts")
    starts = models.CharField(max_length=10, null=True)  # noqa: DJ001 - absent is not empty
    ends = models.CharField(max_length=10, null=True)  # noqa: DJ001
    document = models.CharField(max_length=500, blank=True)
    summary = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.slug


class Practice(models.Model):
    """A good practice."""

    slug = slug()
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=2)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3, db_index=True)
    actor = to("Actor", "practices")
    provisions = models.TextField(blank=True)
    since = models.CharField(max_length=10, null=True)  # noqa: DJ001
    summary = models.TextField(blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug


class Commitment(models.Model):
    """What somebody will do; its provisions and tags are ``Link``s.

    ``steps_all``, ``steps_live`` (not dropped) and ``open_from`` (the first day of a live step
    that is not met) are counted whenever the commitment or a report on it changes: by them a list
    tells the course of a commitment on any day without reading its steps.
    """

    slug = slug()
    what = models.TextField()
    language = models.CharField(max_length=2)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3)
    lead = to("Actor", "leads")
    lead_because = models.TextField(blank=True)
    plan = to("Plan", "commitments")
    origin = models.CharField(max_length=30)
    origin_source = models.TextField(blank=True)
    forum = models.CharField(max_length=80, null=True)  # noqa: DJ001
    practice = to("Practice", "commitments")
    proposed = models.BooleanField(default=False)
    due = models.DateField(null=True)
    result = models.CharField(max_length=20, null=True)  # noqa: DJ001
    result_statement = models.TextField(blank=True)
    series = models.CharField(max_length=80, null=True)  # noqa: DJ001
    target = models.CharField(max_length=40, null=True)  # noqa: DJ001 - exact, as written
    baseline = models.CharField(max_length=40, null=True)  # noqa: DJ001
    baseline_year = models.IntegerField(null=True)
    status = models.CharField(max_length=20)
    status_because = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    steps_all = models.IntegerField(default=0)
    steps_live = models.IntegerField(default=0)
    open_from = models.DateField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        """Indexes for the lists: by place, by due day, by origin."""

        indexes = [
            models.Index(fields=["country", "slug"]),
            models.Index(fields=["due", "slug"]),
            models.Index(fields=["origin"]),
            models.Index(fields=["status"]),
            models.Index(fields=["result"]),
            models.Index(fields=["proposed"]),
            models.Index(fields=["open_from"]),
        ]

    def __str__(self) -> str:
        return self.slug


class Link(models.Model):
    """A provision, group, need or stage that a commitment serves.

    ``position`` is its place among those that the commitment names; provisions that hold a named
    one stand here too, without a position, so that lists by objective are one look-up.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="links")
    relation = models.CharField(max_length=12)
    target = models.CharField(max_length=40)
    position = models.IntegerField(null=True)

    class Meta:
        """Once each."""

        constraints = [models.UniqueConstraint("commitment", "relation", "target", name="one_link")]
        indexes = [models.Index(fields=["relation", "target", "commitment"])]

    def __str__(self) -> str:
        return f"{self.relation} {self.target}"


class Partner(models.Model):
    """An actor with a part in a commitment."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="partners")
    actor = to("Actor", "partnerships", required=True)
    role = models.CharField(max_length=20)
    position = models.IntegerField()

    class Meta:
        """In the order in which they were named."""

        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.role}"


class Step(models.Model):
    """An interim step. ``due_by`` is its day, or the last day of its forum."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="steps")
    slug = models.CharField(max_length=80)
    position = models.IntegerField()
    what = models.CharField(max_length=300)
    due = models.DateField(null=True)
    forum = models.CharField(max_length=80, null=True)  # noqa: DJ001
    due_by = models.DateField()
    value = models.CharField(max_length=40, null=True)  # noqa: DJ001
    dropped = models.BooleanField(default=False)
    dropped_because = models.TextField(blank=True)

    class Meta:
        """In the order in which they were named."""

        ordering = ["position"]
        constraints = [models.UniqueConstraint("commitment", "slug", name="one_step")]
        indexes = [models.Index(fields=["due_by"]), models.Index(fields=["forum"])]

    def __str__(self) -> str:
        return self.slug


class Report(models.Model):
    """What an actor says of a step on a day."""

    slug = slug()
    commitment = to("Commitment", "reports", required=True)
    step = models.CharField(max_length=80, null=True)  # noqa: DJ001
    by = to("Actor", "reports", required=True)
    reported = models.DateField()
    outcome = models.CharField(max_length=20)
    met_on = models.DateField(null=True)
    text = models.TextField(blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    illustrative = models.BooleanField(default=False)

    class Meta:
        """The newest report on a step is one look-up."""

        indexes = [models.Index(fields=["commitment", "step", "reported"])]

    def __str__(self) -> str:
        return self.slug


class Round(models.Model):
    """A time of assessment."""

    slug = slug()
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=2)
    forum = models.CharField(max_length=80)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3, db_index=True)
    opens = models.DateField()
    closes = models.DateField()
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug


class Assessment(models.Model):
    """What an actor finds of a commitment in a round."""

    slug = slug()
    commitment = to("Commitment", "assessments", required=True)
    round = to("Round", "assessments", required=True)
    by = to("Actor", "assessments", required=True)
    state = models.CharField(max_length=20)
    assessed = models.DateField()
    text = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    links = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug


class Protector(models.Model):
    """An actor that stands up for a provision."""

    slug = slug()
    actor = to("Actor", "protects", required=True)
    provision = models.CharField(max_length=40, db_index=True)
    since = models.CharField(max_length=10)
    statement = models.TextField(blank=True)
    source = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug


class Consultation(models.Model):
    """A consultation and its reach."""

    slug = slug()
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=2)
    level = models.CharField(max_length=12)
    place = models.CharField(max_length=6)
    country = models.CharField(max_length=3, db_index=True)
    year = models.IntegerField()
    events = models.IntegerField(null=True)
    organisations = models.IntegerField(null=True)
    people = models.IntegerField(null=True)
    countries = models.IntegerField(null=True)
    governments = models.IntegerField(null=True)
    about = models.TextField(blank=True)
    source = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.slug
