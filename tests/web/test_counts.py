"""What the site counts by queries is what the library counts from values."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from benchmarks.synthetic import synthetic

from waymark.plans.register import Register
from waymark.plans.tallies import states_of, tallies
from waymark.plans.timeline import course
from waymark_web import store
from waymark_web.plans import models
from waymark_web.plans.published import apply, load
from waymark_web.plans.queries import course_of
from waymark_web.plans.rows import register_of
from waymark_web.plans.sums import tallies as by_query

TODAY = date.today()
DAYS = [TODAY + timedelta(days=days) for days in (-400, -1, 0, 1, 200, 2000)]


@pytest.fixture(scope="module")
def filled(of_the_module: None) -> Register:
    """The example, 600 synthetic commitments, and some that were changed afterwards."""
    made = synthetic(store.framework(), store.forums(), commitments=600, steps_each=3, as_of=TODAY)
    load(made)
    held = register_of()
    for slug, changes in {
        "syn-000010": {"status": "dropped", "status_because": "No money."},
        "syn-000011": {"provisions": []},
        "syn-000012": {"lead": None, "due": None},
        "syn-000013": {"place": "MEX"},
        "example-contracts": {"proposed": True},
    }.items():
        document = {**held.commitments[slug].model_dump(), **changes}
        apply("commitments", type(held.commitments[slug]).model_validate(document))
    late = held.reports["example-report-1"].model_copy(
        update={"id": "later", "outcome": "not-met", "met_on": None, "reported": TODAY}
    )
    apply("reports", late)
    return register_of()


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_the_tallies_of_a_query_are_the_librarys(filled: Register, as_of: date) -> None:
    counted = tallies(filled, store.framework(), store.forums(), as_of)
    assert len(counted) > 200
    assert by_query(as_of) == counted


@pytest.mark.parametrize("as_of", [day for day in DAYS if day >= TODAY], ids=str)
def test_the_counted_state_is_the_librarys(filled: Register, as_of: date) -> None:
    rows = {row.slug: row for row in models.Commitment.objects.all()}
    for slug, value in filled.commitments.items():
        states = states_of(filled, value, store.forums(), as_of)
        assert course_of(rows[slug], as_of) is course(value.status, states.values()), slug


def test_a_register_comes_out_as_it_went_in() -> None:
    made = synthetic(store.framework(), store.forums(), commitments=50, steps_each=4, as_of=TODAY)
    load(made)
    found = register_of()
    for kind in ("actors", "commitments", "reports", "rounds", "assessments"):
        for slug, value in made.of_kind(kind).items():
            assert found.of_kind(kind)[slug] == value
    assert load(made) == {}
