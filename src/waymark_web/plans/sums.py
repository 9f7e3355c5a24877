"""Counts over the whole register, by one query each; the library counts the same from values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import connection
from django.db.models import Q

from waymark.finance.currencies import Prices, prices_of
from waymark.finance.funding import CommitmentMoney, Funding, Fundings, funding_of, moneys_of
from waymark.plans.register import Register
from waymark.plans.tallies import Tallies, Tally
from waymark.plans.vocabulary import Outcome, Status
from waymark_web.plans import checked
from waymark_web.plans.models import Commitment, Deflator, Flow, Link, Rate
from waymark_web.plans.rows import by_id

# The newest report on a step speaks; of two on one day, the one that was entered later.
NEWEST = """
    SELECT commitment_id, step, outcome, met_on FROM (
        SELECT commitment_id, step, outcome, met_on, ROW_NUMBER() OVER (
            PARTITION BY commitment_id, step ORDER BY reported DESC, id DESC) AS place
        FROM plans_report WHERE reported <= %(as_of)s AND step IS NOT NULL) AS ranked
    WHERE place = 1
"""
BY_PLACE_AND_PROVISION = f"""
WITH newest AS ({NEWEST}),
state AS (
    SELECT s.commitment_id, COUNT(*) AS steps,
        SUM(CASE WHEN n.outcome = %(met)s THEN 1 ELSE 0 END) AS met,
        SUM(CASE WHEN COALESCE(n.outcome, '') <> %(met)s AND s.due_by < %(as_of)s
            THEN 1 ELSE 0 END) AS overdue
    FROM plans_step s JOIN plans_commitment c ON c.id = s.commitment_id
        LEFT JOIN newest n ON n.commitment_id = c.slug AND n.step = s.slug
    WHERE NOT s.dropped GROUP BY s.commitment_id
)
SELECT c.country, l.target, COUNT(*),
    SUM(CASE WHEN c.proposed THEN 1 ELSE 0 END),
    SUM(CASE WHEN NOT c.proposed AND c.lead_id IS NOT NULL AND c.due IS NOT NULL
        THEN 1 ELSE 0 END),
    COALESCE(SUM(state.steps), 0), COALESCE(SUM(state.met), 0), COALESCE(SUM(state.overdue), 0)
FROM plans_commitment c
    JOIN plans_link l ON l.commitment_id = c.id AND l.relation = 'provision'
    LEFT JOIN state ON state.commitment_id = c.id
WHERE c.status <> %(dropped)s
GROUP BY c.country, l.target
"""

CONFIRMED = """
SELECT c.country, l.target, COUNT(*)
FROM plans_commitment c
    JOIN plans_link l ON l.commitment_id = c.id AND l.relation = 'provision'
WHERE c.status <> %(dropped)s AND NOT c.proposed
GROUP BY c.country, l.target
"""


def tallies(as_of: date) -> Tallies:
    """The tally of every place and provision: what ``waymark.plans.tallies`` counts from values."""
    live = Commitment.objects.exclude(status=Status.DROPPED.value)
    found: dict[str, dict[str, Tally]] = {
        country: {} for country in live.values_list("country", flat=True).distinct()
    }
    given = {"as_of": as_of, "met": Outcome.MET.value, "dropped": Status.DROPPED.value}
    with connection.cursor() as cursor:
        cursor.execute(BY_PLACE_AND_PROVISION, given)
        for country, target, commitments, proposed, sound, steps, met, overdue in cursor:
            found[country][target] = Tally(
                commitments=commitments,
                proposed=proposed,
                sound=sound,
                steps=steps,
                due=met + overdue,
                met=met,
                overdue=overdue,
            )
    return found


def fundings(known: Mapping[str, Funding]) -> Fundings:
    """How commitments are paid for: what ``waymark.finance.funding`` finds from values.

    One query counts the commitments; ``known`` says what is on record of those with a flow.
    """
    found: dict[str, dict[str, Funding]] = {}
    with connection.cursor() as cursor:
        cursor.execute(CONFIRMED, {"dropped": Status.DROPPED.value})
        for country, target, commitments in cursor:
            found.setdefault(country, {})[target] = Funding(commitments=commitments)
    links = Link.objects.filter(relation="provision", commitment__flows__isnull=False).distinct()
    for country, target, commitment in (
        links.exclude(commitment__status=Status.DROPPED.value)
        .exclude(commitment__proposed=True)
        .values_list("commitment__country", "target", "commitment__slug")
    ):
        found[country][target] += known.get(commitment, Funding())
    return found


def prices() -> Prices:
    """The rates and price levels of the register."""
    return prices_of(
        Register(
            rates=by_id("rates", Rate.objects.order_by("pk")),
            deflators=by_id("deflators", Deflator.objects.order_by("pk")),
        )
    )


def moneys(by: Prices) -> dict[str, CommitmentMoney]:
    """The money by year of every commitment that a flow names; without the rows behind it."""
    named, above = Q(commitment__isnull=False), Q(onward__isnull=False)
    rows = Flow.objects.filter(named | above).distinct()  # what a pool passes on arrives
    found = moneys_of(checked.flows(rows.order_by("pk")), by)
    return {slug: replace(each, flows=(), parts=()) for slug, each in found.items()}


def known_fundings(moneys: Mapping[str, CommitmentMoney], year: int) -> dict[str, Funding]:
    """What the flows say of each commitment that they name, apart from that it is one."""
    return {
        commitment: funding_of(money, year).model_copy(update={"commitments": 0})
        for commitment, money in moneys.items()
    }
