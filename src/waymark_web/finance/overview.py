"""Money at a glance: what is known, of which places, and the ways into it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.exceptions import WaymarkError
from waymark.finance.sums import Measure
from waymark.words import Sentence, folded
from waymark_web import store
from waymark_web.finance.asked import asked
from waymark_web.finance.exports import as_csv
from waymark_web.finance.places import by_place, releases_of
from waymark_web.finance.prices import priced
from waymark_web.finance.reported import conversion
from waymark_web.finance.tables import ALWAYS, Line, Table
from waymark_web.languages import language

NAME = "name"
SORTS = (NAME, *(measure.value for measure in ALWAYS))


@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """Every place with its money, and where to read on."""
    framework = store.framework()
    wanted = request.GET.get("go", "").strip()
    if wanted:
        return redirect("place-money", place=framework.place(wanted).id)
    question = asked(request.GET)
    sort = request.GET.get("sort") or NAME
    if sort not in SORTS:
        raise WaymarkError(f"'{sort}' is not an order.", f"Use one of {', '.join(SORTS)}.")
    table = _sorted(by_place(question), sort)
    if request.GET.get("format") == "csv":
        return as_csv(table, ("place",), "money", question.base)
    context = {
        **priced(question.base, conversion(question)),
        "asked": question,
        "table": table,
        "sort": sort,
        "heads": [
            (head, measure.value if measure in ALWAYS else "")
            for measure, (head, _) in zip(table.measures, table.heads, strict=True)
        ],
        "answer": _answer(table),
        "names": framework.places,
        "countries": sorted(
            framework.places.values(), key=lambda one: one.name.said(language()).text
        ),
        "objectives": framework.objectives,
        "releases": releases_of(question),
    }
    return render(request, "finance/money.html", context)


def _sorted(table: Table, sort: str) -> Table:
    """By name in the reader's language, or by a measure, the largest first."""
    places = store.framework().places

    def name(line: Line) -> tuple[bool, str]:
        found = places.get(str(line.key[0]))
        return found is None, folded(found.name.said(language()).text) if found else ""

    lines = sorted(table.lines, key=name)
    if sort != NAME:
        measure = Measure(sort)
        lines.sort(key=lambda line: (measure not in line.cells, -line.amount(measure)))
    return Table(tuple(lines), table.totals)


def _answer(table: Table) -> Sentence:
    named = {line.key[0] for line in table.lines if line.key[0]}
    framework = store.framework()
    return Sentence(
        "Money was reported for {count} of {all} places; for the others it is not known.",
        count=len(named),
        all=len(framework.places),
    )
