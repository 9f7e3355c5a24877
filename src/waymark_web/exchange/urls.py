"""Addresses of linked data: they name things, so they stand outside the languages."""

from __future__ import annotations

from django.urls import path

from waymark_web.exchange import views

urlpatterns = [
    path("concepts.<str:ending>", views.whole, {"graph": "concepts"}, name="concepts-file"),
    path("catalogue.<str:ending>", views.whole, {"graph": "catalogue"}, name="catalogue-file"),
    path("concepts", views.thing, {"graph": "concepts"}, name="concepts"),
    path("catalogue", views.thing, {"graph": "catalogue"}, name="catalogue"),
    path("concepts/<path:name>", views.thing, {"graph": "concepts"}, name="concept"),
    path("catalogue/<path:name>", views.thing, {"graph": "catalogue"}, name="dataset"),
    path("figures/<slug:release>.parquet", views.figures, name="figures-file"),
]
