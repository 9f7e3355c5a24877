"""What needs more than one person: a change of a place's arrangements, and a release of counts.

One table of moves for each. A change is decided by somebody else than who proposed it. A release is
decided by two others who do not see each other's verdict: only when both are in does it move.
"""

from __future__ import annotations

from enum import StrEnum

from waymark.words import N_, Sentence


class Part(StrEnum):
    """Who somebody is to a proposal or a release."""

    AUTHOR = "author"
    OTHER = "other"

    @property
    def label(self) -> Sentence:
        """The part in words."""
        return Sentence(_PARTS[self])


class ProposalState(StrEnum):
    """Where a proposed change of a place's arrangements stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Sentence:
        """The state in words."""
        return Sentence(_PROPOSALS[self])


class ReleaseState(StrEnum):
    """Where a release of counts stands."""

    FILED = "filed"
    RELEASED = "released"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Sentence:
        """The state in words."""
        return Sentence(_RELEASES[self])


class Verdict(StrEnum):
    """What one reviewer says of a release."""

    RELEASE = "release"
    HOLD = "hold"

    @property
    def label(self) -> Sentence:
        """The verdict in words."""
        return Sentence(_VERDICTS[self])


_PARTS = {
    Part.AUTHOR: N_("who filed it"),
    Part.OTHER: N_("somebody else"),
}
_PROPOSALS = {
    ProposalState.PROPOSED: N_("waits for a second person"),
    ProposalState.CONFIRMED: N_("confirmed"),
    ProposalState.REFUSED: N_("refused"),
    ProposalState.WITHDRAWN: N_("withdrawn"),
}
_RELEASES = {
    ReleaseState.FILED: N_("waits for two reviewers"),
    ReleaseState.RELEASED: N_("released"),
    ReleaseState.REFUSED: N_("refused"),
    ReleaseState.WITHDRAWN: N_("withdrawn"),
}
_VERDICTS = {
    Verdict.RELEASE: N_("release it"),
    Verdict.HOLD: N_("do not release it"),
}
State = ProposalState | ReleaseState
P, R = ProposalState, ReleaseState
MOVES: dict[tuple[State, State], Part] = {
    (P.PROPOSED, P.CONFIRMED): Part.OTHER,
    (P.PROPOSED, P.REFUSED): Part.OTHER,
    (P.PROPOSED, P.WITHDRAWN): Part.AUTHOR,
    (R.FILED, R.RELEASED): Part.OTHER,  # when two verdicts are in, both of them yes
    (R.FILED, R.REFUSED): Part.OTHER,  # when two verdicts are in, one of them no
    (R.FILED, R.WITHDRAWN): Part.AUTHOR,
}


def why_not(old: State, new: State, part: Part) -> Sentence | None:
    """The reason why this move is refused, or None. Pages show it; writes enforce it."""
    owner = MOVES.get((old, new)) if type(old) is type(new) else None
    if owner is None:
        return Sentence("It is settled: {state}.", state=old.label)
    if owner is not part:
        return Sentence("This is for {part}.", part=owner.label)
    return None


def outcome(first: Verdict | None, second: Verdict | None) -> ReleaseState:
    """Where two verdicts leave a release: filed until both are in, released only by two yeses."""
    if first is None or second is None:
        return ReleaseState.FILED
    if first is second is Verdict.RELEASE:
        return ReleaseState.RELEASED
    return ReleaseState.REFUSED
