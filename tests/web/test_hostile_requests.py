"""Letters that are none, numbers that are none, far too much: always an answer, never a fault."""

from __future__ import annotations

import pytest

from tests.web.people import begun, client, move, save
from waymark_web.plans import models

NUL, NO_LETTERS = "\x00", "a\x00b\ufffec\uffffd"
ASKED = {  # every question that no page leads to has an answer below 500, on every database
    "money/facility/?first=²²²²": 400,
    "money/facility/?first=٣٣٣٣": 400,
    f"capacity/?page={'9' * 5000}&offers={'9' * 5000}": 200,
    "actors/?place=%00": 400,
    "actors/?place=%EF%BF%BE": 200,
}
ASKED_OF_THE_API = {
    "flows?commitment=%00": 422,
    "flows?place=%00&year=2026": 422,
    "flows?kind=cost&commitment=%EF%BF%BE": 422,
    "commitments?lead=%00": 200,
}
NEW = {
    "an organization that is too long": {"actor": "x" * 300, "place": "KEN"},
    "no letter in an organization": {"actor": NUL, "place": "KEN"},
    "no letter in a place": {"actor": "example-ministry", "place": NUL},
    "a place that is too long": {"actor": "example-ministry", "place": "KEN" * 9},
    "no letter in a commitment": {"actor": "example-ministry", "commitment": NUL},
}


def one_of(status: int) -> tuple[int, ...]:
    """What a database that keeps such a letter, and one that does not, may answer."""
    return (200, status)


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path[:40])
def test_a_question_that_is_none(path: str) -> None:
    response = client(None).get(f"/en/{path}")
    assert response.status_code in one_of(ASKED[path])
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("path", ASKED_OF_THE_API)
def test_a_question_to_the_api_that_is_none(path: str) -> None:
    response = client(None).get(f"/api/v1/{path}")
    assert response.status_code == ASKED_OF_THE_API[path]
    assert response.status_code == 200 or {"problem", "remedy"} == response.json().keys()


@pytest.mark.parametrize("kind", ["flows", "capacity_offers", "actors"])
@pytest.mark.parametrize("given", NEW.values(), ids=NEW)
def test_nothing_begins_with_what_no_table_can_hold(given: dict[str, str], kind: str) -> None:
    for who in ("contributor", "coordinator", "steward"):
        assert client(who).post(f"/en/work/new/{kind}/", given).status_code in (400, 403, 404)
    assert not models.Version.objects.exists()


def test_what_is_no_letter_is_not_kept() -> None:
    by = client("contributor")
    version = begun(by, "commitments", actor="example-ministry", place="KEN")
    save(
        by,
        version,
        what=NO_LETTERS,
        lead=NO_LETTERS,
        **{"steps-0-what": NO_LETTERS, "steps-0-due": "2028-01-01"},
    )
    by.post(f"/en/work/version/{version.pk}/comment/", {"text": NO_LETTERS})
    version.refresh_from_db()
    assert version.document["what"] == version.document["lead"] == "abcd"
    assert version.document["steps"][0]["what"] == "abcd"
    assert version.comments.get().text == "abcd"
    save(by, version, "submit", what="Words", lead="example-ministry", origin="other",
         provisions=["gcm:6"], status="not-started")  # fmt: skip
    move(client("coordinator"), version, "returned", NO_LETTERS)
    version.refresh_from_db()
    assert (version.status, version.reason) == ("returned", "abcd")


def test_no_cache_on_the_way_keeps_the_cookie_of_a_reader() -> None:
    path = "/en/money/flows.svg?place=TUN"
    signed_in, visitor = client("contributor").get(path), client(None).get(path)
    assert "sessionid" in signed_in.cookies
    assert "private" in signed_in.headers["Cache-Control"]
    assert not visitor.cookies
    assert "public" in visitor.headers["Cache-Control"]
