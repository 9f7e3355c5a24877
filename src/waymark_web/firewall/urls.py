"""Addresses of the firewall."""

from __future__ import annotations

from django.urls import path

from waymark_web.firewall import desk, pages, releases, uploaded

urlpatterns = [
    path("firewall/", pages.firewall, name="firewall"),
    path("firewall/case/<slug:name>/", pages.case, name="firewall-case"),
    path("firewall/place/<str:place>/", pages.place, name="firewall-place"),
    path("firewall/audit/", uploaded.audit, name="firewall-audit"),
    path("firewall/rules/", pages.rules, name="firewall-rules"),
    path("firewall/threats/", pages.threats, name="firewall-threats"),
    path("firewall/counts/", pages.counts, name="firewall-counts"),
    path("firewall/counts/<int:pk>/release.json", releases.file, name="release-file"),
    path("work/bodies/", desk.bodies, name="bodies"),
    path("work/bodies/<int:pk>/", desk.proposal, name="proposal"),
    path("work/bodies/<int:pk>/settle/", desk.settle, name="settle-proposal"),
    path("work/bodies/of/<str:place>/", desk.history, name="bodies-history"),
    path("work/bodies/of/<str:place>/arrangements.yaml", desk.current_file, name="bodies-file"),
    path("work/releases/", releases.releases, name="releases"),
    path("work/releases/<int:pk>/", releases.release, name="release"),
    path("work/releases/<int:pk>/review/", releases.review, name="review-release"),
    path("work/releases/<int:pk>/withdraw/", releases.withdraw, name="withdraw-release"),
]
