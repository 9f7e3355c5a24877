"""Rows of needs, offers and requests that belong together, as a register of the library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from waymark.plans.capacity import CapacityRequest
from waymark.plans.register import Register
from waymark.plans.vocabulary import Decision, Origin
from waymark_web.plans import models
from waymark_web.plans.rows import by_id, whole

KINDS = ("capacity_needs", "capacity_offers", "capacity_requests")


def needs_and_offers() -> Register:
    """All needs, offers and requests, and whose they are."""
    acting = Q(capacity_needs__isnull=False) | Q(capacity_offers__isnull=False)
    return Register(
        localities=by_id("localities", models.Locality.objects.all()),
        actors=by_id("actors", models.Actor.objects.filter(acting).distinct()),
        capacity_needs=by_id("capacity_needs", models.CapacityNeed.objects.order_by("pk")),
        capacity_offers=by_id("capacity_offers", models.CapacityOffer.objects.order_by("pk")),
        capacity_requests=by_id("capacity_requests", models.CapacityRequest.objects.order_by("pk")),
    )


def deliveries() -> dict[str, dict[str, Any]]:
    """The commitments by which accepted requests are delivered, and the reports on them."""
    asked = models.CapacityRequest.objects.values("slug")
    delivered = models.Commitment.objects.filter(
        origin=Origin.CAPACITY_REQUEST.value, origin_source__in=asked
    )
    reports = models.Report.objects.filter(commitment__in=delivered.values("slug"))
    return {
        "commitments": by_id("commitments", whole(delivered.order_by("pk"))),
        "reports": by_id("reports", reports.order_by("pk")),
    }


def joined(kind: str, value: Any) -> dict[str, dict[str, Any]]:
    """The needs, offers and requests by which a value is checked, by kind; itself left out."""
    if kind == "commitments":
        asked = value.origin is Origin.CAPACITY_REQUEST
        wanted = Q(slug=value.origin_source) if asked else Q(pk__in=[])
    elif kind == "capacity_requests":
        wanted = Q(offer=value.offer, decision=Decision.ACCEPTED.value) & ~Q(slug=value.id)
    elif kind in KINDS:
        wanted = Q(need=value.id) | Q(offer=value.id)
    else:
        return {}
    requests = list(models.CapacityRequest.objects.filter(wanted))
    named = {getattr(value, "need", None), *(each.need_id for each in requests)}
    offered = {getattr(value, "offer", None), *(each.offer_id for each in requests)}
    needs = models.CapacityNeed.objects.filter(slug__in=[each for each in named if each])
    offers = models.CapacityOffer.objects.filter(slug__in=[each for each in offered if each])
    return {
        "capacity_needs": by_id("capacity_needs", needs),
        "capacity_offers": by_id("capacity_offers", offers),
        "capacity_requests": by_id("capacity_requests", requests),
    }


def pair_of(document: dict[str, Any]) -> tuple[Any, Any]:
    """The need and the offer that the draft of a request joins, as rows; None where it is none."""
    return (
        models.CapacityNeed.objects.filter(slug=document.get("need")).first(),
        models.CapacityOffer.objects.filter(slug=document.get("offer")).first(),
    )


def to_answer(actors: Iterable[str]) -> QuerySet[models.CapacityRequest]:
    """The published requests that wait for an answer of some actors, the oldest first."""
    waiting = models.CapacityRequest.objects.filter(offer__actor__in=actors, decision=None)
    return waiting.select_related("offer").order_by("asked", "pk")


def sides(request: CapacityRequest) -> dict[str, str]:
    """Who asks and who is asked, in this order: each actor with the place it speaks from."""
    need = models.CapacityNeed.objects.get(slug=request.need)
    offer = models.CapacityOffer.objects.select_related("actor").get(slug=request.offer)
    return {need.actor_id: need.place, offer.actor_id: offer.actor.place}
