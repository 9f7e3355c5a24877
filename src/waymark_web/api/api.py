"""The read API: everything that is published, page by page, described by OpenAPI.

It reads what the pages read and nothing else: drafts, comments and people are not in its tables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, Literal, TypeVar

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import ValidationError
from pydantic import Field, StringConstraints

from waymark.exceptions import NotFoundError, WaymarkError
from waymark.finance.sectors import sector_names
from waymark.plans.commitments import Commitment
from waymark.plans.flows import Flow, FlowKind
from waymark.plans.forums import Forum
from waymark.plans.register import KINDS
from waymark.plans.timeline import Course
from waymark_web import store
from waymark_web.errors import UnkeepableError
from waymark_web.plans.queries import ABSENT, SORTS, answered, asked, course_of
from waymark_web.plans.rows import TABLES, value_of, whole

MOST_ON_A_PAGE = 100
T = TypeVar("T")
Absence = Literal[tuple(ABSENT)]  # type: ignore[valid-type]
Order = Literal[tuple(SORTS)]  # type: ignore[valid-type]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,10}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,80}$")]


class Problem(Schema):
    """What was wrong, and what to do about it."""

    problem: str
    remedy: str


class Paged(Schema, Generic[T]):
    """A page of a list: how many there are in all, and those of this page."""

    count: int
    offset: int
    limit: int
    items: list[T]


class PublishedCommitment(Commitment):
    """A commitment with its state on the day of the answer, computed from its steps."""

    state: Course


class Sector(Schema):
    """A sector: the OECD's code of five digits, its name by language, and the list it is from."""

    code: str
    name: dict[str, str]
    source: str


class Window(Schema):
    """Which part of a list to answer."""

    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(25, ge=1, le=MOST_ON_A_PAGE)


class Question(Window):
    """A question to the list of commitments, with the names that the pages use."""

    q: str | None = Field(
        None, description="words: of it, of its lead, or the name of its place", max_length=200
    )
    place: str | None = Field(None, description="KEN, 002, KE-30", max_length=10)
    lead: str | None = Field(None, max_length=80)
    actor: str | None = Field(None, description="lead or partner", max_length=80)
    plan: str | None = Field(None, max_length=80)
    provision: str | None = Field(None, description="gcm:6", max_length=40)
    group: str | None = Field(None, max_length=40)
    need: str | None = Field(None, max_length=40)
    forum: str | None = Field(None, max_length=80)
    state: Course | None = None
    without: list[Absence] = Field([], description="only those without it")
    sort: Order | None = None


class FlowQuestion(Window):
    """A question to the rows of money; each part narrows it."""

    commitment: Slug | None = None
    kind: FlowKind | None = None
    place: Code | None = Field(None, description="a State or area: KEN")
    year: int | None = Field(None, description="of the sum, or of its first day", ge=1900, le=2100)


api = NinjaAPI(
    title="Waymark",
    version="1",
    description="What is published in this register of commitments to the Global Compact for "
    "Migration. Reading needs no key. Amounts of pages: 'limit' and 'offset'.",
    docs_url=None,
    urls_namespace="api",
)
ERRORS = {400: Problem, 404: Problem, 422: Problem}


@api.exception_handler(WaymarkError)
def _problem(request: HttpRequest, error: WaymarkError) -> HttpResponse:
    status = 404 if isinstance(error, NotFoundError) else 400
    told = {"problem": str(error.problem), "remedy": str(error.remedy)}
    return api.create_response(request, told, status=status)


@api.exception_handler(DataError)
def _unkeepable(request: HttpRequest, error: DataError) -> HttpResponse:
    return _problem(request, UnkeepableError())


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = [
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors
    ]
    remedy = "Mend these parts of the address; openapi.json describes them."
    return api.create_response(request, {"problem": "; ".join(told), "remedy": remedy}, status=422)


@api.get("/commitments", response={200: Paged[PublishedCommitment], **ERRORS}, tags=["register"])
def commitments(request: HttpRequest, question: Query[Question]) -> dict[str, Any]:
    """The commitments that a question asks for, in its order."""
    rows = answered(asked(request.GET))
    part = whole(rows)[question.offset : question.offset + question.limit]
    return {
        "count": rows.count(),
        "offset": question.offset,
        "limit": question.limit,
        "items": [_with_state(row) for row in part],
    }


@api.get("/commitments/{id}", response={200: PublishedCommitment, **ERRORS}, tags=["register"])
def commitment(request: HttpRequest, id: Path[Slug]) -> PublishedCommitment:
    """One commitment."""
    return _with_state(_one("commitments", id))


@api.get("/flows", response={200: Paged[Flow], **ERRORS}, tags=["register"])
def flows(request: HttpRequest, question: Query[FlowQuestion]) -> dict[str, Any]:
    """The rows of money that a question asks for, in the order in which they were entered."""
    asked_of = {
        "commitment": question.commitment,
        "kind": question.kind,
        "country": question.place,
        "year": question.year,
    }
    wanted = {name: value for name, value in asked_of.items() if value is not None}
    return _page_of("flows", TABLES["flows"]._default_manager.filter(**wanted), question)


@api.get("/sectors", response=list[Sector], tags=["register"])
def sectors(request: HttpRequest) -> list[dict[str, Any]]:
    """What the sectors of flows are called, in the languages of the list that names them."""
    names = sector_names()
    return [
        {"code": code, "name": name.root, "source": f"{names.source}; {names.state}"}
        for code, name in sorted(names.names.items())
    ]


@api.get("/forums", response=list[Forum], tags=["forums"])
def forums(request: HttpRequest) -> list[Forum]:
    """The review forums, in order of time."""
    return list(store.forums().values())


def _with_state(row: Any) -> PublishedCommitment:
    value = value_of("commitments", row)
    return PublishedCommitment(**value.model_dump(), state=course_of(row, store.today()))


def _one(kind: str, slug: str) -> Any:
    rows = TABLES[kind]._default_manager.filter(slug=slug)
    row = (whole(rows) if kind == "commitments" else rows).first()
    if row is None:
        raise NotFoundError(f"There is no '{slug}' among the {kind}.", "Check the identifier.")
    return row


def _list_of(kind: str) -> Callable[..., dict[str, Any]]:
    def listed(request: HttpRequest, window: Query[Window]) -> dict[str, Any]:
        return _page_of(kind, TABLES[kind]._default_manager.all(), window)

    return listed


def _page_of(kind: str, rows: Any, window: Window) -> dict[str, Any]:
    part = rows.order_by("pk")[window.offset : window.offset + window.limit]
    return {
        "count": rows.count(),
        "offset": window.offset,
        "limit": window.limit,
        "items": [value_of(kind, row) for row in part],
    }


def _item_of(kind: str) -> Callable[..., Any]:
    def item(request: HttpRequest, id: Path[Slug]) -> Any:
        return value_of(kind, _one(kind, id))

    return item


for _kind in (kind for kind in KINDS if kind != "commitments"):
    _model = KINDS[_kind]
    if _kind != "flows":
        api.get(
            f"/{_kind}",
            response={200: Paged[_model], **ERRORS},  # type: ignore[valid-type]
            tags=["register"],
            operation_id=f"list_{_kind}",
            summary=f"All {_kind}, in the order in which they were entered",
        )(_list_of(_kind))
    api.get(
        f"/{_kind}/{{id}}",
        response={200: _model, **ERRORS},
        tags=["register"],
        operation_id=f"get_{_kind}",
        summary=f"One of the {_kind}",
    )(_item_of(_kind))
