"""What waits at the firewall for somebody who is signed in: proposals and releases to decide on."""

from __future__ import annotations

from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import PERMISSIONS, Action, all_roles, may
from waymark_web.firewall.blinding import waiting_for
from waymark_web.firewall.models import Proposal


def at_the_firewall(account: Account) -> dict[str, object]:
    """How much waits for an account, and which desks of the firewall are open to it."""
    held = all_roles(account)
    proposed = Proposal.objects.filter(state="proposed").exclude(proposed_by=account.pk)
    keeps = bool(PERMISSIONS[Action.CHANGE_BODIES] & held)
    reviews = bool(PERMISSIONS[Action.REVIEW_RELEASE] & held)
    return {
        "keeps_bodies": keeps,
        "sees_releases": reviews or bool(PERMISSIONS[Action.FILE_RELEASE] & held),
        "proposals": sum(
            may(account, Action.CHANGE_BODIES, place=each.place)
            for each in (proposed.only("place") if keeps else ())
        ),
        "releases": waiting_for(account) if reviews else 0,
    }
