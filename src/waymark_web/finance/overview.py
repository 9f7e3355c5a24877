"""Money at a glance: what is known, of which places, and the ways into it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.words import Sentence
from waymark_web import store
from waymark_web.finance.asked import asked
from waymark_web.finance.exports import as_csv
from waymark_web.finance.places import by_place, releases_of
from waymark_web.finance.tables import Table
from waymark_web.languages import language


@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """Every place with its money, and where to read on."""
    framework = store.framework()
    wanted = request.GET.get("go", "").strip()
    if wanted:
        return redirect("place-money", place=framework.place(wanted).id)
    question = asked(request.GET)
    table = by_place(question)
    if request.GET.get("format") == "csv":
        return as_csv(table, ("place",), "money")
    context = {
        "asked": question,
        "table": table,
        "answer": _answer(table),
        "names": framework.places,
        "countries": sorted(
            framework.places.values(), key=lambda one: one.name.said(language()).text
        ),
        "objectives": framework.objectives,
        "releases": releases_of(question),
    }
    return render(request, "finance/money.html", context)


def _answer(table: Table) -> Sentence:
    named = {line.key[0] for line in table.lines if line.key[0]}
    framework = store.framework()
    return Sentence(
        "Money was reported for {count} of {all} places; for the others it is not known.",
        count=len(named),
        all=len(framework.places),
    )
