"""The certificate of an audit that holds: what anybody can check without trusting the audit."""

from __future__ import annotations

from datetime import date

import numpy as np

from waymark.compact.answers import Answer
from waymark.firewall.audits.audit import Audit
from waymark.firewall.audits.columns import NEVER, NO
from waymark.firewall.domain import FirewallError
from waymark.reading import Value


class AuditCertificate(Value):
    """That nothing leads from the services of a network to a sink, as of a day.

    ``reached`` are the services and all that they pass on to. The proof is to look that no sink is
    among them and that no arrangement leads out of them. ``ends`` is the first day on which that
    may change by what is written down: evidence that no longer counts, another controller, an
    arrangement that begins, a denial or a delivery of counts that ends. None where nothing does.
    """

    title: str
    place: str
    as_of: date
    ends: date | None
    network: str
    domain: str
    services: int
    bodies: int
    arrangements: int
    reached: tuple[str, ...]


def certify(found: Audit) -> AuditCertificate:
    """The certificate of an audit that holds; a ``FirewallError`` for one that does not."""
    if found.answer is not Answer.YES:
        raise FirewallError(found.verdict.text(), "Only an audit that holds has a certificate.")
    held = found.held
    reached = held.bodies.ids.take(np.flatnonzero(found.graph.reached[:-1]))
    return AuditCertificate.model_construct(
        title=held.about.title,
        place=held.about.place,
        as_of=found.as_of,
        ends=_ends(found),
        network=held.digest,
        domain=held.domain.digest,
        services=len(found.graph.sources),
        bodies=len(held.bodies),
        arrangements=len(held.arrangements),
        reached=tuple(sorted(reached.to_pylist())),
    )


def _ends(found: Audit) -> date | None:
    """The first day on which something may lead out of what is reached."""
    bodies, given = found.held.bodies, found.held.arrangements
    day = found.as_of.toordinal()
    reached = found.graph.reached[:-1]
    leaving = reached[given.sender]
    begins = given.since[leaving & (given.passes != NO)]
    stops = given.until[(leaving & (given.passes == NO)) | given.has_counts]
    changes = (
        begins,
        stops[stops < NEVER] + 1,
        bodies.evidence_until[reached & (bodies.evidence_until < NEVER)] + 1,
        bodies.controller_first[reached & (bodies.controller_first < NEVER)],
    )
    later = [int(each[each > day].min(initial=NEVER)) for each in changes]
    return date.fromordinal(min(later)) if min(later) < NEVER else None
