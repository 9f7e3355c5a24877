"""Proposing a place's arrangements and deciding on them: checked, written and recorded together."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from waymark.exceptions import DefinitionError
from waymark.firewall.arrangements import Network, read_network
from waymark.firewall.audit import network_digest
from waymark.words import N_, Sentence
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import Action, demand
from waymark_web.audit.chain import record
from waymark_web.firewall import shipped
from waymark_web.firewall.models import Proposal, State
from waymark_web.plans.writes import RefusedError

LARGEST = 1_000_000  # bytes of a file of arrangements


def network_in(content: bytes, name: str) -> Network:
    """The arrangements in a file that somebody sent; a ``RefusedError`` says what is wrong."""
    if len(content) > LARGEST:
        raise RefusedError(
            Sentence("A file has at most {most} megabytes.", most=LARGEST // 1_000_000)
        )
    safe = re.sub(r"[^\w.-]+", "-", Path(name).name)[-80:] or "arrangements.yaml"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe
        path.write_bytes(content)
        try:
            return read_network(path, shipped.domain())
        except DefinitionError as error:
            raise RefusedError(Sentence("{problem}", problem=str(error))) from None


def current(place: str) -> Proposal | None:
    """What two people last agreed on for a place."""
    return Proposal.objects.filter(place=place, state=State.CONFIRMED).order_by("-decided_at").first()


@transaction.atomic
def propose(network: Network, place: str, reason: str, by: Account) -> Proposal:
    """Propose a place's whole network; it waits for somebody else."""
    demand(by, Action.CHANGE_BODIES, place=place)
    if not reason.strip():
        raise RefusedError(Sentence("Say why, for the history."))
    if Proposal.objects.filter(place=place, state=State.PROPOSED).exists():
        raise RefusedError(Sentence("A proposal for this place waits already. Decide on it first."))
    before, digest = current(place), network_digest(network)
    if before is not None and before.digest == digest:
        raise RefusedError(Sentence("This is what stands already."))
    made = Proposal.objects.create(
        place=place,
        document=network.model_dump(mode="json"),
        digest=digest,
        base=before.digest if before else "",
        reason=reason.strip(),
        proposed_by=by,
    )
    record("proposed", "arrangements", place, account=by.pk, digest=digest, reason=made.reason)
    return made


REFUSALS = {
    "gone": N_("Somebody has decided on this proposal already."),
    "own": N_("Somebody else must decide on what you proposed."),
    "stale": N_("Something else was confirmed meanwhile. Refuse this, and propose it anew."),
    "why": N_("Say why you refuse it."),
}


@transaction.atomic
def decide(pk: int, *, confirm: bool, because: str, by: Account) -> Proposal:
    """Confirm or refuse a proposal; never one's own, never one that rests on what was replaced."""
    found = Proposal.objects.select_for_update().get(pk=pk)
    demand(by, Action.CHANGE_BODIES, place=found.place)
    before = current(found.place)
    problem = None
    if found.state != State.PROPOSED:
        problem = "gone"
    elif found.proposed_by_id == by.pk:
        problem = "own"
    elif confirm and found.base != (before.digest if before else ""):
        problem = "stale"
    elif not confirm and not because.strip():
        problem = "why"
    if problem:
        raise RefusedError(Sentence(REFUSALS[problem]))
    found.state = State.CONFIRMED if confirm else State.REFUSED
    found.because, found.decided_by, found.decided_at = because.strip(), by, timezone.now()
    found.save()
    verb = "confirmed" if confirm else "refused"
    record(
        verb,
        "arrangements",
        found.place,
        account=by.pk,
        document=found.document if confirm else None,
        digest=found.digest,
        because=found.because,
    )
    return found
