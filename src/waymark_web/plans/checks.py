"""Whether a document is what the register can hold: its fields, its references, its time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from waymark.plans.assessments import Assessment, Round
from waymark.plans.commitments import Commitment, Report
from waymark.plans.flows import SPENDING, Flow, FlowKind
from waymark.plans.prices import Deflator, ExchangeRate
from waymark.plans.register import KINDS, Fault, Register, faults
from waymark_web import store
from waymark_web.accounts.permissions import around
from waymark_web.plans import models
from waymark_web.plans.capacity_rows import KINDS as OF_CAPACITY
from waymark_web.plans.capacity_rows import joined
from waymark_web.plans.mistakes import Mistake, mistake_of, plain
from waymark_web.plans.published import localities
from waymark_web.plans.rows import TABLES, by_id, value_of, whole

Document = dict[str, Any]
DONE = SPENDING | {FlowKind.INCOMING}
ACTS = ("lead", "actor", "by", "provider", "receiver")  # fields that name an actor
JOINING = ("offer", "times")  # fields in which a need, an offer and a request depend on each other


class InvalidError(Exception):
    """A document that is not yet what the register can hold: problems by field."""

    def __init__(self, problems: Mapping[str, Sequence[Mistake]]) -> None:
        self.problems = {key: list(texts) for key, texts in problems.items()}
        said = (f"{key}: {', '.join(map(plain, texts))}" for key, texts in problems.items())
        super().__init__("; ".join(said))


def checked(kind: str, document: Document) -> Any:
    """A document as a value whose references are all known; ``InvalidError`` otherwise."""
    try:
        value = KINDS[kind].model_validate(document)
    except ValidationError as error:
        problems: dict[str, list[Mistake]] = {}
        for each in error.errors(include_url=False):
            where = ".".join(str(part) for part in each["loc"]) or "__all__"
            problems.setdefault(where, []).append(mistake_of(each))
        raise InvalidError(problems) from None
    broken = list(_faults(kind, value))
    if broken:
        found: dict[str, list[str]] = {}
        for fault in broken:
            field = fault.kind if fault.kind in ("partners", "steps") else fault.field
            found.setdefault(field, []).append(f"{fault.problem}. {fault.remedy}")
        raise InvalidError(found)
    _check_kind(value)
    return value


def _faults(kind: str, value: Any) -> Iterable[Fault]:
    """What a value refers to is read from the tables, and nothing else."""
    wanted = {
        "actors": {
            *(getattr(value, name, None) for name in ACTS),
            *(partner.actor for partner in getattr(value, "partners", ())),
        },
        "plans": {getattr(value, "plan", None)},
        "practices": {getattr(value, "practice", None)},
        "commitments": {getattr(value, "commitment", None)},
        "rounds": {getattr(value, "round", None)},
    }
    if kind in ("actors", "plans"):
        wanted[kind].add(value.parent)
    held: dict[str, Any] = {"localities": localities(), **joined(kind, value)}
    for name, slugs in wanted.items():
        rows = TABLES[name]._default_manager.filter(slug__in=[each for each in slugs if each])
        held[name] = by_id(name, whole(rows) if name == "commitments" else rows)
    if isinstance(value, Flow):
        held["flows"] = _before(value)
    if isinstance(value, ExchangeRate | Deflator):
        rows = TABLES[kind]._default_manager.filter(currency=value.currency, year=value.year)
        held[kind] = by_id(kind, rows)
    alone = Register(**{**held, kind: {**held.get(kind, {}), value.id: value}})
    for fault in faults(alone, store.framework(), store.forums(), store.series()):
        inner = fault.kind in ("partners", "steps") and fault.id.split(" ")[0] == value.id
        shared = kind in OF_CAPACITY and fault.kind in OF_CAPACITY and fault.field in JOINING
        if inner or shared or (fault.kind == kind and fault.id == value.id):
            yield fault


def _before(value: Flow) -> dict[str, Any]:
    """The flows of which a flow passes money on, one before the other; in a circle, each once."""
    found: dict[str, Any] = {}
    at = value.onward_of
    while at is not None and at not in found:
        row = models.Flow.objects.filter(slug=at).first()
        if row is None:
            break
        found[at] = value_of("flows", row)
        at = found[at].onward_of
    return found


def _check_kind(value: Any) -> None:
    if isinstance(value, Commitment):
        _check_steps(value)
    if isinstance(value, Assessment):
        held = value_of("rounds", models.Round.objects.get(slug=value.round))
        commitment = models.Commitment.objects.get(slug=value.commitment)
        _check_round(held, commitment)
    if isinstance(value, Report) and value.reported > store.today():
        raise InvalidError({"reported": ["The day of a report cannot be in the future."]})
    if isinstance(value, Flow) and value.kind in DONE and _begins(value) > store.today():
        said = "What was paid or received cannot lie in the future: enter a planned payment."
        raise InvalidError({"day" if value.day else "year": [said]})


def _begins(value: Flow) -> date:
    return value.day or date(value.year, 1, 1)


def _check_steps(value: Commitment) -> None:
    reported = models.Report.objects.filter(commitment=value.id).exclude(step=None)
    kept = {step.id for step in value.steps}
    gone = sorted(set(reported.values_list("step", flat=True)) - kept)
    if gone:
        said = f"There are reports on {', '.join(gone)}: mark it as dropped, do not remove it."
        raise InvalidError({"steps": [said]})


def _check_round(held: Round, commitment: models.Commitment) -> None:
    if held.place not in around(commitment.place):
        raise InvalidError({"round": ["This round is for another place."]})
    if not held.is_open(store.today()):
        raise InvalidError({"round": [f"This round is open from {held.opens} to {held.closes}."]})
