"""A list as it is shown, to take along: CSV, a spreadsheet, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from waymark.exceptions import WaymarkError
from waymark.words import N_, Sentence
from waymark_web import store
from waymark_web.languages import language
from waymark_web.plans.places import name_of
from waymark_web.plans.queries import Commitments, course_of
from waymark_web.plans.rows import LINKS_AND_PARTNERS

MOST_IN_A_SPREADSHEET = 100_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run
CHUNK = 500
COLUMNS = {
    "id": N_("identifier"),
    "what": N_("commitment"),
    "place": N_("place"),
    "place_name": N_("name of the place"),
    "lead": N_("lead"),
    "lead_name": N_("name of the lead"),
    "partners": N_("partners"),
    "plan": N_("plan"),
    "origin": N_("origin"),
    "provisions": N_("provisions"),
    "groups": N_("groups"),
    "needs": N_("needs"),
    "stages": N_("stages"),
    "proposed": N_("proposed by a rule"),
    "due": N_("date"),
    "status": N_("status"),
    "state": N_("state"),
    "steps": N_("steps"),
    "open_from": N_("first open step"),
    "illustrative": N_("illustrative"),
}


def exported(rows: Commitments, form: str) -> HttpResponseBase:
    """The whole list in one form, in the order in which it is shown."""
    makers = {"csv": _as_csv, "xlsx": _as_xlsx, "json": _as_json}
    response: HttpResponseBase = makers[form](rows)
    response["Content-Disposition"] = f'attachment; filename="waymark-commitments.{form}"'
    return response


def records(rows: Commitments) -> Iterator[dict[str, Any]]:
    """Each commitment as one flat record, the columns in their order."""
    said, today = language(), store.today()
    for row in (
        rows.select_related("lead").prefetch_related(*LINKS_AND_PARTNERS).iterator(chunk_size=CHUNK)
    ):
        linked: dict[str, list[str]] = {}
        for link in row.links.all():
            linked.setdefault(link.relation, []).append(link.target)
        yield {
            "id": row.slug,
            "what": row.what,
            "place": row.place,
            "place_name": name_of(row.place).said(said).text,
            "lead": row.lead_id,
            "lead_name": row.lead.name if row.lead else None,
            "partners": " ".join(each.actor_id for each in row.partners.all()),
            "plan": row.plan_id,
            "origin": row.origin,
            "provisions": " ".join(linked.get("provision", ())),
            "groups": " ".join(linked.get("group", ())),
            "needs": " ".join(linked.get("need", ())),
            "stages": " ".join(linked.get("stage", ())),
            "proposed": row.proposed,
            "due": row.due.isoformat() if row.due else None,
            "status": row.status,
            "state": course_of(row, today).value,
            "steps": row.steps_all,
            "open_from": row.open_from.isoformat() if row.open_from else None,
            "illustrative": row.illustrative,
        }


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _as_csv(rows: Commitments) -> HttpResponseBase:
    def lines() -> Iterator[str]:
        yield "\ufeff"  # Excel then reads it as UTF-8
        yield _line(COLUMNS)
        for record in records(rows):
            yield _line(safe_cell(record[name]) for name in COLUMNS)

    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(["" if cell is None else cell for cell in cells])
    return line.getvalue()


def _as_json(rows: Commitments) -> HttpResponseBase:
    def parts() -> Iterator[str]:
        yield "["
        for number, record in enumerate(records(rows)):
            yield (",\n" if number else "\n") + json.dumps(record, ensure_ascii=False)
        yield "\n]\n"

    return StreamingHttpResponse(parts(), content_type="application/json")


def _as_xlsx(rows: Commitments) -> HttpResponseBase:
    from openpyxl import Workbook  # needed only here

    if rows.count() > MOST_IN_A_SPREADSHEET:
        raise WaymarkError(
            f"A spreadsheet holds at most {MOST_IN_A_SPREADSHEET:,} commitments.",
            "Narrow the list, or take it as CSV.",
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("commitments")
    sheet.freeze_panes = "A2"
    if language() == "ar":
        sheet.sheet_view.rightToLeft = True
    sheet.append([Sentence(label).text(language()) for label in COLUMNS.values()])
    for record in records(rows):
        sheet.append([safe_cell(record[name]) for name in COLUMNS])
    held = io.BytesIO()
    book.save(held)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(held.getvalue(), content_type=kind)
