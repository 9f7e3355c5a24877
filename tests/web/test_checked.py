"""What is read without a second check is what is read with one."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.web.people import client
from waymark.plans.flows import Flow
from waymark_web.finance.facility import MOST_SHOWN
from waymark_web.plans import checked, models
from waymark_web.plans.published import load
from waymark_web.plans.rows import by_id, register_of, whole

DECIDING = ("id", "place", "status", "provisions", "groups", "proposed", "illustrative")


def test_flows_are_the_same_values() -> None:
    rows = models.Flow.objects.order_by("pk")
    found = list(checked.flows(rows))
    assert found
    assert found == list(by_id("flows", rows).values())
    assert [each.by_year() for each in found] == [
        each.by_year() for each in by_id("flows", rows).values()
    ]


def test_commitments_lack_nothing_that_decides_on_money() -> None:
    rows = models.Commitment.objects.order_by("pk")
    found = list(checked.lacking(rows))
    assert found
    for mine, theirs in zip(found, by_id("commitments", whole(rows)).values(), strict=True):
        assert [getattr(mine, each) for each in DECIDING] == [
            getattr(theirs, each) for each in DECIDING
        ]


def test_a_long_list_of_the_facility_shows_its_first_rows_and_says_how_many_there_are() -> None:
    register = register_of()
    given = {"kind": "pledge", "currency": "USD", "year": 2029, "place": "001"}
    pledges = {
        f"many-{number:03}": Flow(
            id=f"many-{number:03}", amount=1 + number, earmarking="earmarked", **given
        )
        for number in range(MOST_SHOWN + 7)
    }
    load(replace(register, flows={**register.flows, **pledges}))
    path = "/en/money/facility/?first=2029&last=2029"
    page = client(None).get(path).content.decode()
    assert len(set(re.findall(r"many-\d{3}", page))) == MOST_SHOWN
    assert f"the first {MOST_SHOWN} of {MOST_SHOWN + 7}" in re.sub(r"<[^>]+>", "", page)
    file = b"".join(client(None).get(f"{path}&format=csv").streaming_content).decode()
    assert len(set(re.findall(r"many-\d{3}", file))) == len(pledges)
