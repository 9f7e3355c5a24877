"""Money of IATI activities as flows: transactions, budgets and planned disbursements."""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import date
from fractions import Fraction

from waymark.exchange.iati.activities import (
    Activity,
    Budget,
    Code,
    Money,
    Organisation,
    PlannedDisbursement,
    Share,
    Transaction,
)
from waymark.exchange.iati.commitments import WHOLE, Taking, name_of, said
from waymark.exchange.pledges.rows import Part, Pledge
from waymark.finance.currencies import to_cents
from waymark.plans.flows import Earmarking, FlowKind
from waymark.words import N_, folded

KINDS = {  # the code list TransactionType
    "1": FlowKind.INCOMING,
    "2": FlowKind.COMMITMENT,
    "3": FlowKind.DISBURSEMENT,
    "4": FlowKind.EXPENDITURE,
    "11": FlowKind.INCOMING_COMMITMENT,
    "12": FlowKind.PLEDGE,
}
EARMARKING = {  # the code list EarmarkingCategory, vocabulary 2 of aid types
    "1": Earmarking.UNEARMARKED,
    "2": Earmarking.SOFTLY_EARMARKED,
    "3": Earmarking.EARMARKED,
    "4": Earmarking.TIGHTLY_EARMARKED,
}
EARMARKING_LIST, PURPOSES = "2", ("", "1")  # vocabularies
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OTHER_KINDS = N_("transactions of other kinds")
NO_AMOUNT = N_("money without an amount or a currency")
NO_DAY = N_("money without a day")
NOT_CENTS = N_("amounts with more than two decimals: rounded")
ELSEWHERE = N_("transactions for other places")
NOT_SHARED = N_("money that several places share, and percentages do not say how")


def add_money(activity: Activity, pledge: Pledge, taking: Taking, known: Set[str]) -> None:
    """Add the money of an activity to its pledge.

    ``known`` are the folded names of organisations that are actors, or will be.
    """
    share = taking.share_of(activity)
    for each in activity.transactions:
        kind = KINDS.get(each.type)
        if kind is None:
            taking.left[OTHER_KINDS] += 1
            continue
        place = _place(each, taking, str(pledge.commitment.values["place"]))
        if place is None:
            taking.left[ELSEWHERE] += 1
            continue
        own = bool(each.country) or each.region is not None
        part = _flow(kind, each.money, (each.day, None), pledge, taking, WHOLE if own else share)
        if part is not None:
            part.values["place"] = place
            _told(part, each, activity, pledge)
            _between(part, each.provider, each.receiver, activity, known)
            _sector(part, each.sectors or activity.sectors)
            _earmarking(part, each.aid_types or activity.aid_types)
    plans: list[Budget | PlannedDisbursement] = [*activity.budgets, *activity.planned]
    for plan in plans:
        days = plan.starts, plan.ends
        budget = isinstance(plan, Budget)
        kind = FlowKind.BUDGET if budget else FlowKind.PLANNED_DISBURSEMENT
        part = _flow(kind, plan.money, days, pledge, taking, share)
        if part is not None:
            _sector(part, activity.sectors)
            if isinstance(plan, PlannedDisbursement):
                _between(part, plan.provider, plan.receiver, activity, known)


def _told(part: Part, given: Transaction, activity: Activity, pledge: Pledge) -> None:
    """Where a transaction stands, and what is said of it."""
    words, _ = said(given.description, activity.language)
    if pledge.slug and SLUG.fullmatch(given.ref):  # as Waymark itself writes it
        part.values["id"] = given.ref
        part.values["source"] = words
    else:
        held = (str(part.values.get("source", f"IATI, {activity.id}")), given.ref, words)
        part.values["source"] = ", ".join(filter(None, held))


def _flow(
    kind: FlowKind,
    money: Money,
    days: tuple[date | None, date | None],
    pledge: Pledge,
    taking: Taking,
    share: Fraction | None,
) -> Part | None:
    day, ends = days
    if money.amount is None or not money.currency:
        taking.left[NO_AMOUNT] += 1
        return None
    day = day or (money.valued if ends is None else None)
    if day is None:
        taking.left[NO_DAY] += 1
        return None
    if share is None:
        taking.left[NOT_SHARED] += 1
        return None
    taking.left[NOT_CENTS] += to_cents(Fraction(money.amount)) != money.amount
    values: dict[str, object] = {
        "kind": kind,
        "amount": to_cents(Fraction(money.amount) * share),
        "currency": money.currency.upper(),
        "year": day.year,
        "day": day,
    }
    if not pledge.slug:
        part_of = "" if share == WHOLE else f", {to_cents(100 * share):f} % of {money.amount:f}"
        values["source"] = f"IATI, {pledge.reference}{part_of}"
    if ends is not None and ends >= day:
        values["ends"] = ends
    part = Part("flows", pledge.row, values)
    pledge.parts.append(part)
    return part


def _between(
    part: Part,
    provider: Organisation | None,
    receiver: Organisation | None,
    activity: Activity,
    known: Set[str],
) -> None:
    """Who gives and who receives: the actor where there is one of the name, else the name."""
    for field, organisation in (("provider", provider), ("receiver", receiver)):
        name = name_of(organisation, activity) if organisation is not None else ""
        if not name:
            continue
        part.values[field if folded(name) in known else f"{field}_name"] = name


def _sector(part: Part, sectors: tuple[Share, ...]) -> None:
    codes = {each.code for each in sectors if each.vocabulary in PURPOSES and len(each.code) == 5}
    if len(codes) == 1:
        part.values["sector"] = codes.pop()


def _earmarking(part: Part, aid_types: tuple[Code, ...]) -> None:
    found = {
        EARMARKING[each.code]
        for each in aid_types
        if each.vocabulary == EARMARKING_LIST and each.code in EARMARKING
    }
    if len(found) == 1:
        part.values["earmarking"] = found.pop()


def _place(transaction: Transaction, taking: Taking, otherwise: str) -> str | None:
    """The place of a transaction; None where it is none that we take in."""
    if transaction.country:
        place = taking.recipients.get(transaction.country, "")
    elif transaction.region is not None:
        place = taking.place_of(transaction.region)
    else:
        return otherwise
    return place if taking.holds(place) else None
