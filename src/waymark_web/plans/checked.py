"""Rows as values without a second check, where thousands are read at once.

A table holds only values that were checked when they were written; to check them again takes
longer than all the rest. What is shown as a whole, or leaves the register, is read by ``rows``.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from waymark.plans.commitments import Commitment as Promise
from waymark.plans.flows import Earmarking, FlowKind
from waymark.plans.flows import Flow as Row
from waymark.plans.vocabulary import Status
from waymark_web.plans.models import Commitment, Flow, Link

CHUNK = 10_000
FLOW = ["slug", *(name for name in Row.model_fields if name != "id")]


def flows(rows: QuerySet[Flow]) -> Iterator[Row]:
    """Each flow, whole, in the order of the rows."""
    for each in rows.values(*FLOW).iterator(chunk_size=CHUNK):
        each["id"] = each.pop("slug")
        each["kind"] = FlowKind(each["kind"])
        each["earmarking"] = Earmarking(each["earmarking"])
        each["provisions"] = tuple(each["provisions"].split())
        each["groups"] = tuple(each["groups"].split())
        yield Row.model_construct(**each)


def lacking(rows: QuerySet[Commitment]) -> Iterator[Promise]:
    """Each commitment with what decides on money for it: place, status, links; nothing else."""
    links = Link.objects.filter(relation__in=("provision", "group"), position__isnull=False)
    links = links.order_by("position")
    asked = rows.prefetch_related(Prefetch("links", links, to_attr="deciding"))
    for row in asked.order_by("pk").iterator(chunk_size=CHUNK // 10):
        named: dict[str, list[str]] = {"provision": [], "group": []}
        for link in row.deciding:
            named[link.relation].append(link.target)
        yield Promise.model_construct(
            id=row.slug,
            place=row.place,
            status=Status(row.status),
            provisions=tuple(named["provision"]),
            groups=tuple(named["group"]),
            proposed=row.proposed,
            illustrative=row.illustrative,
        )
