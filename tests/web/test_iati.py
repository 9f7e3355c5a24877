"""The published commitments of a State as a file of activities, on the site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from waymark.exchange.iati.reading import read_activities
from waymark.plans.commitments import Commitment
from waymark_web import store
from waymark_web.plans.published import apply, published_value

PUBLISHER = "org=XM-EXAMPLE-1&type=10&name=Example"


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """What a test publishes is undone with no event: no other test may find it remembered."""
    store._register.cache_clear()
    yield
    store._register.cache_clear()


@pytest.fixture
def real(db: object) -> Commitment:
    """A published commitment of Kenya that says that it is not made up."""
    value = published_value("commitments", "example-contracts")
    assert isinstance(value, Commitment)
    made = value.model_copy(update={"illustrative": False})
    apply("commitments", made)
    return made


def test_the_file_holds_what_the_page_counts(
    client: Client, real: Commitment, tmp_path: Path
) -> None:
    page = client.get(f"/en/iati/?place=KEN&{PUBLISHER}").content.decode()
    assert "1 commitment can be written as an activity." in page
    assert "it is made up, to show how the register works." in page
    response = client.get(f"/en/iati/?place=KEN&{PUBLISHER}&format=xml")
    assert response.headers["Content-Type"] == "application/xml"
    assert response.headers["Content-Disposition"] == 'attachment; filename="activities.xml"'
    path = tmp_path / "a.xml"
    path.write_bytes(response.content)
    (found,) = read_activities(path, date(2026, 11, 27))
    assert found.activity.id == f"XM-EXAMPLE-1-{real.id}"


def test_where_nothing_can_be_written_there_is_no_file(client: Client, db: object) -> None:
    response = client.get(f"/en/iati/?place=FRA&{PUBLISHER}&format=xml")
    assert response.headers["Content-Type"].startswith("text/html")
    assert "0 commitments can be written" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (f"place=XXX&{PUBLISHER}", "Choose a State or area."),
        (f"place=001&{PUBLISHER}", "Choose a State or area."),
        ("place=KEN&org=X&type=10&name=", "Say who publishes"),
        ("place=KEN&org=X&type=10&name=%00", "Say who publishes"),
        (f"place=KEN&org={'x' * 201}&type=10&name=x", "Say who publishes"),
    ],
)
def test_what_is_not_understood_is_said(client: Client, db: object, query: str, says: str) -> None:
    response = client.get(f"/en/iati/?{query}&format=xml")
    assert response.status_code == 200
    assert says in response.content.decode()
