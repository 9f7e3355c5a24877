"""Addresses of the ladder, of places, and of groups and needs."""

from __future__ import annotations

from django.urls import path

from waymark_web.coverage import views

urlpatterns = [
    path("", views.home, name="home"),
    path("places/", views.places, name="places"),
    path("place/<str:place>/", views.place_page, name="place"),
    path("place/<str:place>/map.svg", views.place_map, name="place-map"),
    path("groups/", views.groups, name="groups"),
    path("group/<str:group>/", views.group_page, name="group"),
]
