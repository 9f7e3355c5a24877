"""Rows into the library's values and back: the edge of the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models as db
from django.db.models import Prefetch, Q, QuerySet

from waymark.plans.commitments import Commitment
from waymark.plans.register import KINDS, Register
from waymark.plans.tallies import served
from waymark.plans.timeline import due_on
from waymark.reading import Value
from waymark.words import folded
from waymark_web import store
from waymark_web.plans import models

TABLES: dict[str, type[db.Model]] = {
    "localities": models.Locality,
    "actors": models.Actor,
    "mandates": models.Mandate,
    "plans": models.Plan,
    "practices": models.Practice,
    "capacity_needs": models.CapacityNeed,
    "capacity_offers": models.CapacityOffer,
    "capacity_requests": models.CapacityRequest,
    "commitments": models.Commitment,
    "reports": models.Report,
    "rounds": models.Round,
    "assessments": models.Assessment,
    "protectors": models.Protector,
    "consultations": models.Consultation,
    "flows": models.Flow,
    "rates": models.Rate,
    "deflators": models.Deflator,
}
RELATIONS = {"provisions": "provision", "groups": "group", "needs": "need", "stages": "stage"}
INNER = ("partners", "steps")
LINKS_AND_PARTNERS = (
    Prefetch("links", models.Link.objects.exclude(position=None).order_by("position")),
    "partners",
)
EVERYTHING = (*LINKS_AND_PARTNERS, "steps")


def whole(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Commitments with what belongs to them, in four queries however many they are."""
    return rows.prefetch_related(*EVERYTHING)


def value_of(kind: str, row: Any) -> Any:
    """A row as a value of the library. A commitment must come from ``whole``."""
    model = KINDS[kind]
    given: dict[str, Any] = {}
    for name in model.model_fields:
        if kind == "commitments" and (name in RELATIONS or name in INNER):
            continue
        given[name] = getattr(row, _column(name, type(row)))
    if kind == "commitments":
        given |= _inside(row)
    return model.model_validate(given)


def _inside(row: models.Commitment) -> dict[str, Any]:
    links = list(row.links.all())
    return {
        **{
            name: tuple(link.target for link in links if link.relation == relation)
            for name, relation in RELATIONS.items()
        },
        "partners": [{"actor": each.actor_id, "role": each.role} for each in row.partners.all()],
        "steps": [
            {
                "id": each.slug,
                "what": each.what,
                "due": each.due,
                "forum": each.forum,
                "value": each.value,
                "dropped": each.dropped,
                "dropped_because": each.dropped_because,
            }
            for each in row.steps.all()
        ],
    }


def _column(name: str, table: type[db.Model]) -> str:
    if name == "id":
        return "slug"
    return str(table._meta.get_field(name).attname)  # type: ignore[union-attr]


def row_of(kind: str, value: Value, register: Register) -> Any:
    """A value as a row, not yet saved; a commitment without what belongs to it."""
    table = TABLES[kind]
    given: dict[str, Any] = {}
    for name in KINDS[kind].model_fields:
        if kind == "commitments" and (name in RELATIONS or name in INNER):
            continue
        given[_column(name, table)] = _cell(getattr(value, name))
    fields = {field.name for field in table._meta.get_fields()}
    if "country" in fields:
        given["country"] = register.country_of(given["place"])
    if "words" in fields:
        given["words"] = searchable(value)
    return table(**given)


def rows_inside(row: models.Commitment, value: Commitment) -> list[db.Model]:
    """The links, partners and steps of a commitment, not yet saved."""
    links: dict[tuple[str, str], models.Link] = {}
    for name, relation in RELATIONS.items():
        for position, target in enumerate(getattr(value, name)):
            key = (relation, target)
            links.setdefault(
                key,
                models.Link(commitment=row, relation=relation, target=target, position=position),
            )
    for target in served(value.provisions, store.framework()):
        key = ("provision", target)
        links.setdefault(key, models.Link(commitment=row, relation="provision", target=target))
    partners = [
        models.Partner(commitment=row, actor_id=each.actor, role=each.role, position=position)
        for position, each in enumerate(value.partners)
    ]
    steps = [
        models.Step(
            commitment=row,
            slug=each.id,
            position=position,
            what=each.what,
            due=each.due,
            forum=each.forum,
            due_by=due_on(each, store.forums()),
            value=_cell(each.value),
            dropped=each.dropped,
            dropped_because=each.dropped_because,
        )
        for position, each in enumerate(value.steps)
    ]
    return [*links.values(), *partners, *steps]


def _cell(value: Any) -> Any:
    from decimal import Decimal

    if isinstance(value, tuple):
        return " ".join(str(part) for part in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value


def searchable(value: Value) -> str:
    """What full-text search reads of a value: its words and identifiers, folded."""
    names = ("id", "what", "title", "name", "summary", "result_statement", "origin_source")
    told = [str(getattr(value, name, "")) for name in names]
    told += [step.what for step in getattr(value, "steps", ())]
    return folded(" ".join(told))


def register_of(country: str | None = None) -> Register:
    """The published register: all of it, or with the commitments of one State or area alone."""
    held: dict[str, Mapping[str, Value]] = {}
    for kind, table in TABLES.items():
        rows: QuerySet[Any] = table._default_manager.order_by("pk")
        if country is not None and kind in ("commitments",):
            rows = rows.filter(country=country)
        if country is not None and kind in ("reports", "assessments"):
            rows = rows.filter(commitment__country=country)
        if country is not None and kind == "flows":
            rows = rows.filter(Q(commitment=None) | Q(commitment__country=country))
        if kind == "commitments":
            rows = whole(rows)
        held[kind] = by_id(kind, rows)
    return Register(**held)  # type: ignore[arg-type]


def by_id(kind: str, rows: Iterable[Any]) -> dict[str, Any]:
    """Rows as values by identifier, in their order."""
    values = (value_of(kind, row) for row in rows)
    return {value.id: value for value in values}
