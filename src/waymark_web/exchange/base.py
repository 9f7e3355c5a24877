"""Under which address this site names things."""

from __future__ import annotations

from django.http import HttpRequest

from waymark.exchange.linked_data import Base


def base_of(request: HttpRequest) -> Base:
    """The address under which the reader reaches this site."""
    return Base(request.build_absolute_uri("/"))
