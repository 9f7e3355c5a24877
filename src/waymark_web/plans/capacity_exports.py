"""The needs and offers of the board, to take along: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse

from waymark.plans.capacity import CapacityNeed, CapacityOffer
from waymark.plans.fulfilment import Capacity, NeedStanding
from waymark.reading import Value
from waymark_web.plans.exports import safe_cell

FORMS = ("csv", "json")
COLUMNS: Mapping[str, list[str]] = {
    "needs": [*CapacityNeed.model_fields, "state", "matches"],
    "offers": [*CapacityOffer.model_fields, "left", "fits"],
}


def needs_as(form: str, found: Iterable[NeedStanding]) -> HttpResponse:
    """Needs with what became of them and the offers that fit, in one form."""
    records = [
        {
            **_cells(each.need),
            "state": each.state.value,
            "matches": " ".join(match.offer for match in each.matches),
        }
        for each in found
    ]
    return _made("needs", form, records)


def offers_as(form: str, found: Iterable[CapacityOffer], capacity: Capacity) -> HttpResponse:
    """Offers with how many more requests they can serve and the needs that they fit."""
    fits: dict[str, list[str]] = {}
    for standing in capacity.standings.values():
        for offer in standing.fitting:
            fits.setdefault(offer.id, []).append(standing.need.id)
    records = [
        {
            **_cells(each),
            "left": capacity.left_of(each),
            "fits": " ".join(sorted(fits.get(each.id, ()))),
        }
        for each in found
    ]
    return _made("offers", form, records)


def _cells(value: Value) -> dict[str, Any]:
    told = value.model_dump(mode="json")
    return {name: " ".join(cell) if isinstance(cell, list) else cell for name, cell in told.items()}


def _made(name: str, form: str, records: list[dict[str, Any]]) -> HttpResponse:
    if form == "json":
        text, kind = json.dumps(records, ensure_ascii=False, indent=1), "application/json"
    else:
        lines = io.StringIO()
        writer = csv.DictWriter(lines, COLUMNS[name])
        writer.writeheader()
        writer.writerows({key: safe_cell(cell) for key, cell in each.items()} for each in records)
        text, kind = f"\ufeff{lines.getvalue()}", "text/csv; charset=utf-8"  # for Excel
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="waymark-capacity-{name}.{form}"'
    return response
