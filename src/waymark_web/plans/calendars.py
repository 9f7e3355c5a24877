"""The steps of a place or of an actor as a calendar to subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from waymark.compact.places import WORLD
from waymark.exceptions import WaymarkError
from waymark.exchange.icalendar import calendar_of
from waymark.plans.commitments import Commitment
from waymark_web import store
from waymark_web.languages import language
from waymark_web.plans import models
from waymark_web.plans.places import name_of, within
from waymark_web.plans.rows import value_of, whole

MOST_IN_A_CALENDAR = 2_000


@require_safe
def place_calendar(request: HttpRequest, place: str) -> HttpResponse:
    """The steps of a place as a calendar."""
    countries, localities = within(place)
    rows = models.Commitment.objects.all()
    if place != WORLD:
        rows = (
            rows.filter(country__in=countries) if countries else rows.filter(place__in=localities)
        )
    return _calendar(request, name_of(place).said(language()).text, rows, place)


@require_safe
def actor_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps of an actor as a calendar."""
    found = get_object_or_404(models.Actor, slug=slug)
    return _calendar(request, found.name, found.leads.all(), slug)


def _calendar(request: HttpRequest, title: str, rows: Any, name: str) -> HttpResponse:
    rows = rows.filter(steps_live__gt=0).order_by("open_from", "pk")
    if rows.count() > MOST_IN_A_CALENDAR:
        raise WaymarkError(
            f"A calendar holds at most {MOST_IN_A_CALENDAR:,} commitments with steps.",
            "Subscribe to the calendar of one State or of one actor.",
        )
    values: Iterable[Commitment] = (value_of("commitments", row) for row in whole(rows))
    made = calendar_of(
        title,
        values,
        store.forums(),
        host=request.get_host().split(":")[0],
        as_of=store.today(),
        language=language(),
    )
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="waymark-{name}.ics"'
    return response
