"""Money of a provision: the sectors that serve it, across places, and what commitments lack."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from waymark.compact.provisions import Provision
from waymark_web import store
from waymark_web.finance.answers import answer_from_register, answer_of_provision
from waymark_web.finance.asked import Asked, serving
from waymark_web.finance.exports import as_csv
from waymark_web.finance.held import Of, listed
from waymark_web.finance.places import by_place, by_year, releases_of
from waymark_web.finance.tables import Table


@require_safe
def provision_money(request: HttpRequest, provision: str) -> HttpResponseBase:
    """Everything that is known of the money for one provision."""
    framework = store.framework()
    found = framework.provision(provision)
    if found.id != provision:
        return redirect("provision-money", provision=found.id, permanent=True)
    asked, whole = Asked(sectors=serving_of(found)), Asked(sectors=serving(found.instrument))
    table = by_place(asked) if asked.sectors else Table((), ())
    if request.GET.get("format") == "csv":
        return as_csv(table, ("place",), f"money-{found.id.replace(':', '-')}")
    of_all = by_year(whole) if whole.sectors else Table((), ())
    of_register = listed(Of(provision=found.id), store.today().year)
    reports = answer_of_provision(table, of_all)
    sectors = (*(asked.sectors or ()), *(whole.sectors or ()))
    context = {
        **of_register,
        "provision": found,
        "instrument": framework.instruments[found.instrument],
        "asked": asked,
        "whole": whole,
        "answer": answer_from_register(of_register["funding"]) or reports,
        "reports": reports,
        "gaps_query": urlencode({"provision": found.id}),
        "years": by_year(asked) if asked.sectors else table,
        "table": table,
        "of_all": of_all,
        "names": framework.places,
        "releases": releases_of(Asked(sectors=sectors)) if sectors else [],
    }
    return render(request, "finance/provision_money.html", context)


def serving_of(provision: Provision) -> tuple[str, ...]:
    """The sectors that serve a provision or a part of it."""
    return serving(*(part.id for part in provision.walk()))
