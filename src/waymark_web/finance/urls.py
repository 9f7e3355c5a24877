"""Addresses of money: of a place, of a provision, flows, gaps, the facility, and the rows."""

from __future__ import annotations

from django.urls import path

from waymark_web.finance import (
    facility,
    flows,
    gaps,
    objectives,
    overview,
    places,
    predictability,
    rows,
)

urlpatterns = [
    path("money/", overview.overview, name="money"),
    path("money/rows/", rows.rows, name="money-rows"),
    path("money/flows/", flows.flows, name="money-flows"),
    path("money/flows.svg", flows.picture, name="money-flows-picture"),
    path("money/gaps/", gaps.gaps, name="money-gaps"),
    path("money/facility/", facility.facility, name="money-facility"),
    path("place/<str:place>/money/", places.place_money, name="place-money"),
    path("provision/<str:provision>/money/", objectives.provision_money, name="provision-money"),
    path(
        "place/<str:place>/money/predictability/",
        predictability.place_predictability,
        name="place-predictability",
    ),
    path("place/<str:place>/money/years.svg", places.years, name="place-money-years"),
]
