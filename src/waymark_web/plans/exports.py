"""A list as it is shown, to take along: CSV, a spreadsheet, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from waymark.exceptions import WaymarkError
from waymark.finance.constant import flow_in_prices_of
from waymark.plans.flows import Flow
from waymark.words import N_, Sentence
from waymark_web import store
from waymark_web.languages import language
from waymark_web.plans import models
from waymark_web.plans.fields import FIELDS
from waymark_web.plans.places import known_localities, name_of
from waymark_web.plans.queries import Commitments, course_of
from waymark_web.plans.rows import LINKS_AND_PARTNERS, value_of

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

Flows = QuerySet[models.Flow]
FORMS = ("csv", "xlsx", "json")
FLOW_LABELS = {field.name: field.label for field in FIELDS["flows"]} | {
    "id": N_("identifier"),
    "commitment": N_("commitment"),
    "by": N_("who reports it"),
    "release": N_("list that it was taken from"),
    "row": N_("row in that list"),
}
CONSTANT_COLUMNS = {
    "prices_of": N_("year of the prices"),
    "constant_amount": N_("amount in the prices of that year"),
    "why_not_known": N_("why it is not known"),
}
FLOW_COLUMNS = {name: FLOW_LABELS[name] for name in Flow.model_fields}


@dataclass(frozen=True)
class Sheet:
    """What is taken along: its name, its columns, the rows, and how a row becomes a record."""

    name: str
    columns: Mapping[str, str]
    rows: QuerySet[Any]
    records: Callable[[Any], Iterator[dict[str, Any]]]


def exported(rows: Commitments, form: str) -> HttpResponseBase:
    """The whole list in one form, in the order in which it is shown."""
    return _made(Sheet("commitments", COLUMNS, rows, records), "commitments", form)


def exported_flows(
    rows: Flows, commitment: str, form: str, base: int | None = None
) -> HttpResponseBase:
    """The flows of a commitment in one form, with the columns of the package.

    For a base year, each also has its amount in the prices of that year, or why it is not known.
    """
    sheet = Sheet("flows", FLOW_COLUMNS, rows, flow_records)
    if base is not None:
        columns = {**FLOW_COLUMNS, **CONSTANT_COLUMNS}
        sheet = Sheet("flows", columns, rows, lambda found: _in_prices_of(base, found))
    return _made(sheet, f"{commitment}-money", form)


def _in_prices_of(base: int, rows: Flows) -> Iterator[dict[str, Any]]:
    prices, said = store.prices(), language()
    for flow in _flows(rows):
        found = flow_in_prices_of(base, flow, prices)
        because = found.because.text(said) if found.because else None
        yield {
            **_flat(flow),
            "prices_of": base,
            "constant_amount": found.rounded,
            "why_not_known": because,
        }


def _made(sheet: Sheet, name: str, form: str) -> HttpResponseBase:
    makers = {"csv": _as_csv, "xlsx": _as_xlsx, "json": _as_json}
    response: HttpResponseBase = makers[form](sheet)
    response["Content-Disposition"] = f'attachment; filename="waymark-{name}.{form}"'
    return response


def flow_records(rows: Flows) -> Iterator[dict[str, Any]]:
    """Each flow as one flat record; amounts stay exact."""
    return map(_flat, _flows(rows))


def _flows(rows: Flows) -> Iterator[Flow]:
    for row in rows.order_by("year", "pk").iterator(chunk_size=CHUNK):
        flow: Flow = value_of("flows", row)
        yield flow


def _flat(flow: Flow) -> dict[str, Any]:
    return {
        name: " ".join(value) if isinstance(value, tuple) else value
        for name, value in flow.model_dump().items()
    }


def records(rows: Commitments) -> Iterator[dict[str, Any]]:
    """Each commitment as one flat record, the columns in their order."""
    said, today, known = language(), store.today(), known_localities()
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
            "place_name": name_of(row.place, known).said(said).text,
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


def _as_csv(sheet: Sheet) -> HttpResponseBase:
    def lines() -> Iterator[str]:
        yield "\ufeff"  # Excel then reads it as UTF-8
        yield _line(sheet.columns)
        for record in sheet.records(sheet.rows):
            yield _line(safe_cell(record[name]) for name in sheet.columns)

    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(["" if cell is None else cell for cell in cells])
    return line.getvalue()


def _as_json(sheet: Sheet) -> HttpResponseBase:
    def parts() -> Iterator[str]:
        yield "["
        for number, record in enumerate(sheet.records(sheet.rows)):
            text = json.dumps(record, ensure_ascii=False, default=str)  # days, exact amounts
            yield (",\n" if number else "\n") + text
        yield "\n]\n"

    return StreamingHttpResponse(parts(), content_type="application/json")


def _as_xlsx(sheet: Sheet) -> HttpResponseBase:
    from openpyxl import Workbook  # needed only here

    if sheet.rows.count() > MOST_IN_A_SPREADSHEET:
        raise WaymarkError(
            f"A spreadsheet holds at most {MOST_IN_A_SPREADSHEET:,} rows.",
            "Narrow the list, or take it as CSV.",
        )
    book = Workbook(write_only=True)
    made = book.create_sheet(sheet.name)
    made.freeze_panes = "A2"
    if language() == "ar":
        made.sheet_view.rightToLeft = True
    made.append([Sentence(label).text(language()) for label in sheet.columns.values()])
    for record in sheet.records(sheet.rows):
        made.append([safe_cell(record[name]) for name in sheet.columns])
    held = io.BytesIO()
    book.save(held)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(held.getvalue(), content_type=kind)
