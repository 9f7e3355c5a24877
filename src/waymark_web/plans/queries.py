"""The questions that a list of commitments can be asked: by attribute, by link, by absence.

A question is a query string, so that every list has an address. What is not understood is an
error with a remedy, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict

from waymark.compact.places import WORLD
from waymark.exceptions import WaymarkError
from waymark.plans.flows import FlowKind
from waymark.plans.procedure import VersionStatus
from waymark.plans.timeline import Course
from waymark.plans.vocabulary import Origin, PartnerRole, ResultKind, Status
from waymark.words import N_, Sentence
from waymark_web import store
from waymark_web.plans import models
from waymark_web.plans.places import in_named, within, words_of

Commitments = QuerySet[models.Commitment]
COST = FlowKind.COST.value
ABSENT: dict[str, tuple[str, Callable[[], Q]]] = {
    "lead": (N_("a lead"), lambda: Q(lead=None)),
    "step": (N_("a step"), lambda: Q(steps_live=0)),
    "date": (N_("a date"), lambda: Q(due=None)),
    "indicator": (N_("an indicator"), lambda: Q(series=None)),
    "group": (N_("a group"), lambda: ~_linked("group")),
    "provision": (N_("a provision"), lambda: ~_linked("provision")),
    "money": (N_("anybody who funds it"), lambda: ~_partner(role=PartnerRole.FUNDS.value)),
    "cost": (
        N_("a cost on record"),
        lambda: ~Exists(models.Flow.objects.filter(commitment=OuterRef("slug"), kind=COST)),
    ),
    "report": (
        N_("a report"),
        lambda: ~Exists(models.Report.objects.filter(commitment=OuterRef("slug"))),
    ),
    "assessment": (
        N_("an assessment"),
        lambda: ~Exists(models.Assessment.objects.filter(commitment=OuterRef("slug"))),
    ),
    "partner": (N_("a partner"), lambda: ~_partner()),
    "plan": (N_("a plan"), lambda: Q(plan=None)),
}
SORTS = {
    "place": (N_("place"), ("country", "slug")),
    "due": (N_("date"), (F("due").asc(nulls_last=True), "slug")),
    "-due": (N_("latest date first"), (F("due").desc(nulls_last=True), "slug")),
    "open": (N_("longest open step first"), (F("open_from").asc(nulls_last=True), "slug")),
    "newest": (N_("newest first"), ("-pk",)),
}
DEFAULT_SORT = "place"


@dataclass(frozen=True)
class Asked:
    """A question: its parts by name, as given; the order; which absences."""

    parts: Mapping[str, str]
    without: tuple[str, ...]
    sort: str

    @property
    def is_narrow(self) -> bool:
        """Whether anything was asked at all."""
        return bool(self.parts or self.without)


def asked(query: QueryDict) -> Asked:
    """Read a question from a query string."""
    parts = {
        name: value.strip()[:200]
        for name in PARTS
        if (value := query.get(name) or "").strip() and "\x00" not in value
    }
    without = tuple(dict.fromkeys(each for each in query.getlist("without") if each))
    for each in without:
        if each not in ABSENT:
            raise _not_one("without", each, ABSENT)
    sort = query.get("sort") or DEFAULT_SORT
    if sort not in SORTS:
        raise _not_one("sort", sort, SORTS)
    return Asked(parts, without, sort)


def answered(question: Asked) -> Commitments:
    """The commitments that a question asks for, in its order."""
    rows = models.Commitment.objects.all()
    for name, value in question.parts.items():
        rows = rows.filter(PARTS[name](value))
    for each in question.without:
        rows = rows.filter(ABSENT[each][1]())
    return rows.order_by(*SORTS[question.sort][1])


def described(question: Asked) -> Iterator[Sentence]:
    """The absences of a question in words."""
    for each in question.without:
        yield Sentence("without {what}", what=Sentence(ABSENT[each][0]))


def course_of(row: models.Commitment, as_of: date) -> Course:
    """The course of a commitment on a day, by its counted steps; the library's rule."""
    if row.status == Status.DROPPED or (row.steps_all and not row.steps_live):
        return Course.DROPPED
    if not row.steps_live:
        return Course.NO_STEPS
    if row.open_from is None:
        return Course.DONE
    return Course.BEHIND if row.open_from < as_of else Course.ON_COURSE


def _on_course(value: str) -> Q:
    today = store.today()
    dropped = Q(status=Status.DROPPED.value) | Q(steps_all__gt=0, steps_live=0)
    live = ~dropped & Q(steps_live__gt=0)
    told = {
        Course.DROPPED: dropped,
        Course.NO_STEPS: ~dropped & Q(steps_live=0),
        Course.DONE: live & Q(open_from=None),
        Course.BEHIND: live & Q(open_from__lt=today),
        Course.ON_COURSE: live & Q(open_from__gte=today),
    }
    return told[Course(_one_of("state", value, list(Course)))]


def _linked(relation: str, target: str | None = None) -> Exists:
    links = models.Link.objects.filter(commitment=OuterRef("pk"), relation=relation)
    return Exists(links if target is None else links.filter(target=target))


def _partner(**wanted: str) -> Exists:
    return Exists(models.Partner.objects.filter(commitment=OuterRef("pk"), **wanted))


def _in_place(value: str) -> Q:
    if value == WORLD:
        return Q()
    countries, localities = within(value.upper())
    return Q(country__in=countries) if countries else Q(place__in=localities)


def _by_link(relation: str) -> Callable[[str], Q]:
    def wanted(value: str) -> Q:
        return Q(
            pk__in=models.Link.objects.filter(relation=relation, target=value).values("commitment")
        )

    return wanted


def by_words(value: str) -> Q:
    """Every word is in what is told of it, or names the place where it is."""
    found = Q()
    for word in words_of(value):
        found &= Q(words__contains=word) | in_named(word)
    return found


def _by_words(value: str) -> Q:
    """The same of commitments, or in what is told of their leads."""
    found = Q()
    for word in words_of(value):
        leading = models.Actor.objects.filter(words__contains=word).values("slug")
        found &= Q(words__contains=word) | in_named(word) | Q(lead__in=leading)
    return found


def _by_forum(value: str) -> Q:
    steps = models.Step.objects.filter(forum=value).values("commitment")
    return Q(forum=value) | Q(pk__in=steps)


def _by_actor(value: str) -> Q:
    return Q(lead=value) | Q(pk__in=models.Partner.objects.filter(actor=value).values("commitment"))


def _yes_or_no(column: str) -> Callable[[str], Q]:
    return lambda value: Q(**{column: _one_of(column, value, ["yes", "no"]) == "yes"})


def _closed(name: str, column: str, values: list[str]) -> Callable[[str], Q]:
    return lambda value: Q(**{column: _one_of(name, value, values)})


def _day(name: str, column: str) -> Callable[[str], Q]:
    def wanted(value: str) -> Q:
        try:
            return Q(**{column: date.fromisoformat(value)})
        except ValueError:
            raise WaymarkError(f"'{value}' is not a date.", "Write it as 2026-11-23.") from None

    return wanted


PARTS: dict[str, Callable[[str], Q]] = {
    "q": _by_words,
    "place": _in_place,
    "lead": lambda value: Q(lead=value),
    "actor": _by_actor,
    "plan": lambda value: Q(plan=value),
    "practice": lambda value: Q(practice=value),
    "provision": _by_link("provision"),
    "group": _by_link("group"),
    "need": _by_link("need"),
    "stage": _by_link("stage"),
    "series": lambda value: Q(series=value),
    "forum": _by_forum,
    "origin": _closed("origin", "origin", list(Origin)),
    "status": _closed("status", "status", list(Status)),
    "result": _closed("result", "result", list(ResultKind)),
    "state": _on_course,
    "proposed": _yes_or_no("proposed"),
    "illustrative": _yes_or_no("illustrative"),
    "due_from": _day("due_from", "due__gte"),
    "due_until": _day("due_until", "due__lte"),
}


def open_versions_of(slugs: list[str]) -> set[str]:
    """The commitments of some that have a submitted version."""
    return set(
        models.Version.objects.filter(
            kind="commitments", subject__in=slugs, status=VersionStatus.SUBMITTED
        ).values_list("subject", flat=True)
    )


def _one_of(name: str, value: str, known: list[str]) -> str:
    if value not in [str(each) for each in known]:
        raise _not_one(name, value, known)
    return value


def _not_one(name: str, value: str, known: object) -> WaymarkError:
    told = ", ".join(str(each) for each in known)  # type: ignore[attr-defined]
    return WaymarkError(f"'{value}' is not a value of '{name}'.", f"Use one of: {told}.")
