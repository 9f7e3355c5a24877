"""Addresses of instruments and provisions."""

from __future__ import annotations

from django.urls import path

from waymark_web.compact import views

urlpatterns = [
    path("promises/", views.instruments, name="instruments"),
    path("instrument/<str:instrument>/", views.instrument_page, name="instrument"),
    path("provision/<str:provision>/", views.provision_page, name="provision"),
    path("sources/", views.sources, name="sources"),
]
