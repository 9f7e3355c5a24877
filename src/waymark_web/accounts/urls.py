"""Addresses for people and their roles; signing in has its own, under ``account/``."""

from __future__ import annotations

from django.urls import path

from waymark_web.accounts import views

urlpatterns = [
    path("work/people/", views.people, name="people"),
    path("work/people/<int:pk>/end/", views.end_membership, name="end-membership"),
    path("work/audit/", views.audit, name="audit"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
]
