"""Addresses of indicators: the list, a series, a series in a place, its chart and its file."""

from __future__ import annotations

from django.urls import path

from waymark_web.indicators import views

urlpatterns = [
    path("indicators/", views.indicators, name="indicators"),
    path("indicator/<str:code>/", views.indicator, name="indicator"),
    path("indicator/<str:code>/<str:place>/", views.indicator_place, name="indicator-place"),
    path("indicator/<str:code>/<str:place>/chart.svg", views.chart, name="chart"),
    path("indicator/<str:code>/<str:place>/figures.csv", views.figures, name="figures"),
]
