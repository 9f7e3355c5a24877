"""How often a page asks the database does not grow with what the register holds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.example import example_register
from tests.web.people import client
from waymark.plans.register import Register
from waymark.reading import Value
from waymark_web.plans.published import load

EXAMPLE = example_register()
PAGES = [
    "money/gaps/?sort=-gap",
    "money/facility/",
    "place/KEN/money/",
    "provision/gcm:6/money/",
    "capacity/?kind=law-making",
    "capacity/?format=csv",
    "commitments/?format=csv",
    "commitments/?place=MEX",
    "commitment/example-contracts/money/",
    "work/workbook/",
]
FEW, MANY = 3, 30


def many(kind: str, slug: str, count: int, **said: str) -> dict[str, Value]:
    """As many as are wanted, like one of the example; ``{n}`` in what is said is the number."""
    one = EXAMPLE.of_kind(kind)[slug]
    found = [{"id": f"{slug}-{n}", **{k: v.format(n=n) for k, v in said.items()}}
             for n in range(count)]  # fmt: skip
    return {str(each["id"]): one.model_copy(update=each) for each in found}


def grown(count: int) -> None:
    """A register with that many localities, commitments, costs, needs."""
    district = EXAMPLE.localities["KE-30"]
    places = {
        f"KE-{n}": district.model_copy(update={"id": f"KE-{n}"}) for n in range(40, 40 + count)
    }
    held = {
        "localities": {**EXAMPLE.localities, **places},
        "actors": EXAMPLE.actors,
        "plans": EXAMPLE.plans,
        "practices": EXAMPLE.practices,
        "capacity_needs": many("capacity_needs", "example-need", count),
        "commitments": many("commitments", "example-clinic", count),
        "flows": many("flows", "example-cost", count, commitment="example-clinic-{n}"),
    }
    load(Register(**held))  # type: ignore[arg-type]


def questions_of(path: str) -> int:
    by = client("contributor" if path.startswith("work/") else None)
    with CaptureQueriesContext(connection) as asked:
        response = by.get(f"/en/{path}")
        assert response.status_code == 200
        if response.streaming:
            list(response.streaming_content)
    return len(asked)


@pytest.mark.one_database
def test_a_page_asks_as_often_of_many_as_of_few() -> None:
    grown(FEW)
    few = {path: questions_of(path) for path in PAGES}
    grown(MANY)
    assert {path: questions_of(path) for path in PAGES} == few
