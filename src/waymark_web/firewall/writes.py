"""The only writer of arrangements and releases: it checks, writes and records, or does nothing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from waymark.firewall.audits.network import Network
from waymark.firewall.procedure import (
    Part,
    ProposalState,
    ReleaseState,
    Verdict,
    outcome,
    why_not,
)
from waymark.words import Sentence
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import Action, around, demand
from waymark_web.audit.chain import record
from waymark_web.firewall.audits import answer_today
from waymark_web.firewall.models import Proposal, Release
from waymark_web.firewall.uploads import check_counts
from waymark_web.plans.models import Actor
from waymark_web.plans.writes import RefusedError

MOST_OF_A_TITLE = 300


def digest_of(document: dict[str, Any]) -> str:
    """The hash of a document, however a database orders its fields."""
    plain = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def current(place: str) -> Proposal | None:
    """What two people last agreed on for a place."""
    held = Proposal.objects.filter(place=place, state=ProposalState.CONFIRMED)
    return held.order_by("-decided_at", "-pk").first()


@transaction.atomic
def propose(network: Network, place: str, reason: str, by: Account) -> Proposal:
    """Propose a place's whole network; it waits for somebody else.

    Raises ``WaymarkError`` where there is nothing to audit in it.
    """
    demand(by, Action.CHANGE_BODIES, place=place)
    if not around(place):
        raise RefusedError(Sentence("Choose a place."))
    if not reason:
        raise RefusedError(Sentence("Say why, for the history."))
    if network.place not in ("", place):
        raise RefusedError(
            Sentence("The file speaks of {there}, not of {here}.", there=network.place, here=place)
        )
    answer = answer_today(network)
    document = network.model_dump(mode="json")
    digest, before = digest_of(document), current(place)
    if before is not None and before.digest == digest:
        raise RefusedError(Sentence("This is what stands already."))
    try:
        with transaction.atomic():
            made = Proposal.objects.create(
                place=place,
                document=document,
                digest=digest,
                base=before.digest if before else "",
                answer=answer,
                reason=reason,
                proposed_by=by,
                proposed_at=timezone.now(),
            )
    except IntegrityError:  # the database holds that one waits at a time
        waits = Sentence("A proposal for this place waits already. Decide on it first.")
        raise RefusedError(waits) from None
    record(
        "proposed",
        "arrangements",
        place,
        account=by.pk,
        digest=digest,
        base=made.base,
        reason=reason,
        answer=answer.value,
    )
    return made


@transaction.atomic
def settle(pk: int, to: ProposalState, *, because: str, by: Account) -> Proposal:
    """Confirm, refuse or withdraw a proposal.

    Nobody decides on their own; nothing is confirmed that rests on what was replaced meanwhile.
    """
    found = Proposal.objects.select_for_update().get(pk=pk)
    demand(by, Action.CHANGE_BODIES, place=found.place)
    part = Part.AUTHOR if found.proposed_by_id == by.pk else Part.OTHER
    refusal = why_not(ProposalState(found.state), to, part)
    if refusal is not None:
        raise RefusedError(refusal)
    if to is ProposalState.REFUSED and not because:
        raise RefusedError(Sentence("Say why you refuse it."))
    if to is ProposalState.CONFIRMED:
        if is_stale(found):
            raise RefusedError(
                Sentence("Something else was confirmed meanwhile. Refuse this; propose it anew.")
            )
        found.answer = answer_today(Network.model_validate(found.document))
    found.state, found.because = to, because
    if part is Part.OTHER:
        found.decided_by, found.decided_at = by, timezone.now()
    found.save()
    record(
        to.value,
        "arrangements",
        found.place,
        account=by.pk,
        document=found.document if to is ProposalState.CONFIRMED else None,
        digest=found.digest,
        because=because,
        answer=found.answer,
    )
    return found


def is_stale(found: Proposal) -> bool:
    """Whether something else was confirmed since a proposal was made."""
    before = current(found.place)
    return found.base != (before.digest if before else "")


@transaction.atomic
def file_release(
    content: bytes, title: str, purpose: str, by: Account, *, actor: str, place: str
) -> Release:
    """File counts for two others to review. The same counts are decided on once."""
    if actor:  # what an organisation files belongs where it is
        place = Actor.objects.filter(slug=actor).values_list("place", flat=True).first() or ""
    demand(by, Action.FILE_RELEASE, actor=actor, place=place)
    if not around(place):
        raise RefusedError(Sentence("Choose a place."))
    if not title or not purpose:
        raise RefusedError(Sentence("Say what these counts are, and what they are for."))
    check_counts(content)
    try:
        with transaction.atomic():
            made = Release.objects.create(
                place=place,
                actor=actor,
                title=title[:MOST_OF_A_TITLE],
                purpose=purpose,
                content=content,
                sha256=hashlib.sha256(content).hexdigest(),
                filed_by=by,
                filed_at=timezone.now(),
            )
    except IntegrityError:
        raise RefusedError(
            Sentence("These counts were filed already. Counts are decided on once.")
        ) from None
    _record("filed", made, by, sha256=made.sha256, title=made.title)
    return made


@transaction.atomic
def review(pk: int, verdict: Verdict, because: str, by: Account) -> Release:
    """Give one's verdict on a release. The second one settles it.

    Nothing that this says, refuses or records before the second verdict tells of the first: the
    record of events gets both when both are in, each with the time at which it was given.
    """
    found = Release.objects.select_for_update().get(pk=pk)
    demand(by, Action.REVIEW_RELEASE, actor=found.actor, place=found.place)
    part = Part.AUTHOR if found.filed_by_id == by.pk else Part.OTHER
    refusal = why_not(ReleaseState(found.state), ReleaseState.RELEASED, part)
    if refusal is not None:
        raise RefusedError(refusal)
    if found.first_by_id == by.pk:
        raise RefusedError(Sentence("You have given your verdict."))
    if not because:
        raise RefusedError(Sentence("Say why, for the history."))
    if found.first_by_id is None:
        found.first_by, found.first_verdict = by, verdict
        found.first_because, found.first_at = because, timezone.now()
        found.save()
        return found
    found.second_by, found.second_verdict = by, verdict
    found.second_because, found.second_at = because, timezone.now()
    found.state = outcome(Verdict(found.first_verdict), verdict)
    found.settled_at = found.second_at
    found.save()
    _record_verdicts(found)
    _record(found.state, found, by, sha256=found.sha256)
    return found


@transaction.atomic
def withdraw_release(pk: int, by: Account) -> Release:
    """Take a release back before it is settled. A verdict given so far stays unseen."""
    found = Release.objects.select_for_update().get(pk=pk)
    part = Part.AUTHOR if found.filed_by_id == by.pk else Part.OTHER
    refusal = why_not(ReleaseState(found.state), ReleaseState.WITHDRAWN, part)
    if refusal is not None:
        raise RefusedError(refusal)
    found.state, found.settled_at = ReleaseState.WITHDRAWN, timezone.now()
    found.save()
    _record("withdrawn", found, by, sha256=found.sha256)
    return found


def _record_verdicts(found: Release) -> None:
    for reviewer, verdict, because, at in (
        (found.first_by, found.first_verdict, found.first_because, found.first_at),
        (found.second_by, found.second_verdict, found.second_because, found.second_at),
    ):
        if reviewer is not None and at is not None:
            given = at.isoformat()
            _record("reviewed", found, reviewer, verdict=verdict, because=because, given=given)


def _record(verb: str, found: Release, by: Account, **details: Any) -> None:
    record(verb, "releases", str(found.pk), account=by.pk, actor=found.actor, **details)
