"""The read API: what its description says is what it answers, to any question whatever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.schemas import APIOperation

from waymark_web.api.api import api
from waymark_web.wsgi import application

described = schemathesis.openapi.from_dict(api.get_openapi_schema())
described.app = application
HEADERS = {"Host": "localhost", "Accept-Encoding": "identity"}
OPERATIONS = [found.ok() for found in described.get_all_operations()]


@pytest.fixture(autouse=True)
def _one_connection(db: None) -> Iterator[None]:
    """The application is asked inside a test's transaction: its connection must stay open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


UNASKED = ("/api/v1/forums", "/api/v1/sectors")
QUESTIONS = [  # right and wrong ones; what takes no parameter cannot be asked wrongly
    pytest.param(operation, mode, id=f"{operation.path} {mode.value}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.path not in UNASKED
]


@pytest.mark.parametrize(("operation", "mode"), QUESTIONS)
def test_it_keeps_to_its_description(operation: APIOperation, mode: GenerationMode) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=HEADERS)

    ask()


def get(path: str) -> object:
    return Client(HTTP_HOST="localhost").get(f"/api/v1/{path}").json()


def test_everything_published_is_there_page_by_page() -> None:
    first = get("commitments?limit=2&sort=place")
    second = get("commitments?limit=2&offset=2&sort=place")
    assert first["count"] == 3  # type: ignore[index]
    found = [each["id"] for each in first["items"] + second["items"]]  # type: ignore[index]
    assert sorted(found) == ["example-clinic", "example-contracts", "example-proposal"]
    for kind in ("actors", "mandates", "plans", "practices", "reports", "assessments", "rounds"):
        assert get(kind)["count"] >= 1  # type: ignore[index]


def test_it_answers_the_questions_of_the_pages() -> None:
    found = get("commitments?place=KEN&without=step")
    assert [each["id"] for each in found["items"]] == ["example-clinic"]  # type: ignore[index]
    one = get("commitments/example-contracts")
    assert one["state"] == "behind"  # type: ignore[index]
    assert [step["id"] for step in one["steps"]] == ["s1", "s2", "s3"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("commitments?without=nothing", 422),
        ("commitments?limit=101", 422),
        ("commitments/none", 404),
        ("commitments?place=ZZZ", 404),
        ("nothing", 404),
    ],
)
def test_a_wrong_question_is_answered_with_a_remedy(path: str, status: int) -> None:
    assert Client(HTTP_HOST="localhost").get(f"/api/v1/{path}").status_code == status


def test_it_only_reads() -> None:
    for method in ("post", "put", "patch", "delete"):
        response = getattr(Client(HTTP_HOST="localhost"), method)("/api/v1/commitments")
        assert response.status_code == 405
