"""Addresses of the firewall."""

from __future__ import annotations

from django.urls import path

from waymark_web.firewall import desk, pages

urlpatterns = [
    path("firewall/", pages.firewall, name="firewall"),
    path("firewall/case/<slug:name>/", pages.case, name="firewall-case"),
    path("firewall/place/<str:place>/", pages.place, name="firewall-place"),
    path("firewall/audit/", pages.audit_file, name="firewall-audit"),
    path("firewall/rules/", pages.rules, name="firewall-rules"),
    path("firewall/threats/", pages.threats, name="firewall-threats"),
    path("work/bodies/", desk.bodies, name="bodies"),
    path("work/bodies/<int:pk>/", desk.proposal, name="proposal"),
    path("work/bodies/<int:pk>/decide/", desk.decide, name="decide-proposal"),
]
