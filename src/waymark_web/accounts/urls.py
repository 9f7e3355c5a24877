"""Addresses of the register."""

from __future__ import annotations

urlpatterns: list[object] = []
